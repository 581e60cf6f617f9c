// Indices are integers.
// expect: // i, every, range(i, k), indices({i, k}), a mask
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A, const Vector<double>& x) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(A(x, every));
#else
    return eval(A(cast<index_t>(x), every));
#endif
}
