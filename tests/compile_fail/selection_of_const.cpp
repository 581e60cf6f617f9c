// A selection of a const matrix is read-only.
// expect: is_const_v
#include <gram/expr/expr.hpp>

using namespace gram;

void f(const Matrix<double>& A, Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    A(indices({0}), every) = 0.0;
#else
    B(indices({0}), every) = 0.0;
#endif
}
