// The right-hand side has as many rows as the matrix.
// expect: System
#include <gram/linalg/lstsq.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Vector<double, 2>;
#else
using Other = Vector<double, 3>;
#endif

Vector<double> f(const Matrix<double, 3, 2>& A, const Other& b) { return lstsq(A, b); }
