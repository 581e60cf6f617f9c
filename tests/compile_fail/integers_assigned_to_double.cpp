// Assignment does not convert.
// expect: cast<T>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

void f(Matrix<double>& A, const Matrix<int>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    A = B;
#else
    A = cast<double>(B);
#endif
}
