// Precisions do not mix unless a cast says so.
// expect: cast<T>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(Matrix<double>& A, const Matrix<float>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return dot(A.row(0), B.row(0));
#else
    return dot(A.row(0), eval(cast<double>(B.row(0))));
#endif
}
