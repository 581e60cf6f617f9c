// A matrix has the axes 0 and 1.
// expect: Axis == 1
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return sum<2>(A);
#else
    return sum<1>(A);
#endif
}
