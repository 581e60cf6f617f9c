// Precisions do not mix unless a cast says so.
// expect: cast<T>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(Matrix<double>& A, const Matrix<float>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return where(A > 0, A, B);
#else
    return where(A > 0, A, cast<double>(B));
#endif
}
