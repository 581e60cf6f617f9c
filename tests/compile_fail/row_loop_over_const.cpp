// The rows of a const matrix are read-only.
// expect: is_writable
#include <gram/expr/expr.hpp>

using namespace gram;

void f(const Matrix<double>& A, Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    for (auto r : each_row(A)) r = 0.0;
#else
    for (auto r : each_row(B)) r = 0.0;
#endif
}
