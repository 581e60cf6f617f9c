// A mask on a const matrix is read-only.
// expect: is_const_v
#include <gram/expr/expr.hpp>

using namespace gram;

void f(const Matrix<double>& A, Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    A(A < 0) = 0.0;
#else
    B(A < 0) = 0.0;
#endif
}
