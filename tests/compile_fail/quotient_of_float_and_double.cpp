// Precisions do not mix unless a cast says so.
// expect: cast<T>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(Matrix<double>& A, const Matrix<float>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return A / B;
#else
    return A / cast<double>(B);
#endif
}
