// A read-only view does not become writable.
// expect: const double
#include <gram/expr/expr.hpp>

using namespace gram;

void take(MatrixView<double> v);

void f(const Matrix<double>& A, Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    take(A.block(0, 0, 1, 1));
#else
    take(B.block(0, 0, 1, 1));
#endif
}
