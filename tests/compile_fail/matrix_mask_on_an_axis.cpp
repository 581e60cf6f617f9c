// A mask on one axis is a vector.
// expect: // i, every, range(i, k), indices({i, k}), a mask
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(A(A > 0, every));
#else
    return eval(A(any<1>(A > 0), every));
#endif
}
