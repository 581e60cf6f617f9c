// Assignment does not round unless a cast says so.
// expect: SameValueType
#include <gram/expr/expr.hpp>

void f(gram::Matrix<float>& A, const gram::Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    A = 2.0 * B;
#else
    A = gram::cast<float>(2.0 * B);
#endif
}
