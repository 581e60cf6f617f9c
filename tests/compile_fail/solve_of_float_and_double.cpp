// Precisions do not mix unless a cast says so.
// expect: cast<T>(A)
#include <gram/expr/expr.hpp>
#include <gram/linalg/solve.hpp>

using namespace gram;

auto f(const Matrix<double>& A, const Vector<float>& b) {
#ifdef GRAM_MUST_NOT_COMPILE
    return solve(A, b);
#else
    return solve(A, cast<double>(b));
#endif
}
