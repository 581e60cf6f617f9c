// A range of a const matrix is read-only.
// expect: is_writable
#include <gram/expr/expr.hpp>

using namespace gram;

void f(const Matrix<double>& A, Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    A(range(0, 1), every) = 0.0;
#else
    B(range(0, 1), every) = 0.0;
#endif
}
