// The conjugate transpose of a real matrix is a view: of a temporary it would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

using namespace gram;

Matrix<double> make();

Matrix<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make().H();
#else
    const Matrix<double> named = make();
    return named.H();
#endif
}
