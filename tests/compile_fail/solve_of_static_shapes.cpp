// The right-hand side has as many rows as the matrix.
// expect: System
#include <gram/linalg/small_lu.hpp>
#include <gram/linalg/solve.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Vector<double, 2>;
#else
using Other = Vector<double, 3>;
#endif

Vector<double> f(const Matrix<double, 3, 3>& A, const Other& b) { return solve(A, b); }
