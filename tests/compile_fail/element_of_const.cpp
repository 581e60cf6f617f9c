// The elements of a const matrix are read-only.
// expect: assign
#include <gram/expr/expr.hpp>

using namespace gram;

void f(const Matrix<double>& A, Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    A(0, 0) = 1;
#else
    B(0, 0) = 1;
#endif
}
