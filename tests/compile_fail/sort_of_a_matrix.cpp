// Sorting a matrix says along which axis.
// expect: VectorExpr
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return sort(A);
#else
    return sort<0>(A);
#endif
}
