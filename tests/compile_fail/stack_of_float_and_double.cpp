// Precisions do not mix unless a cast says so.
// expect: SameValueType
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(Matrix<double>& A, const Matrix<float>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return hstack(A, B);
#else
    return hstack(A, cast<double>(B));
#endif
}
