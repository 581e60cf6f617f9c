// ! is of masks.
// expect: Matrix<double>
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(!A);
#else
    return eval(!(A > 0));
#endif
}
