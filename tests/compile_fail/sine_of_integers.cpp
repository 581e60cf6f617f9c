// Elementary functions of integers would be rounded: they are cast first.
// expect: is_integral_v
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(tan(A));
#else
    return eval(tan(cast<double>(A)));
#endif
}
