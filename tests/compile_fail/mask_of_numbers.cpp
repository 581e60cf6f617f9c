// A mask holds bool: numbers are compared first.
// expect: Mask
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(A(A));
#else
    return eval(A(not_equal(A, 0)));
#endif
}
