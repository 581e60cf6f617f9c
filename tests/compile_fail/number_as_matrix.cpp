// A number is no matrix.
// expect: Matrix
#include <gram/expr/expr.hpp>

using namespace gram;

void f() {
#ifdef GRAM_MUST_NOT_COMPILE
    const Matrix<double> A = 3.0;
#else
    const Matrix<double> A = full<double>(1, 1, 3.0);
#endif
}
