// Matrices side by side have as many rows.
// expect: extents_agree
#include <gram/expr/expr.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Matrix<double, 3, 3>;
#else
using Other = Matrix<double, 2, 3>;
#endif

Matrix<double> f(const Matrix<double, 2, 2>& A, const Other& B) { return hstack(A, B); }
