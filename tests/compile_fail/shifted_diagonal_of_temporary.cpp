// A view of a temporary matrix would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

using namespace gram;

Matrix<double> make();

Matrix<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make().diagonal(1);
#else
    const Matrix<double> named = make();
    return named.diagonal(1);
#endif
}
