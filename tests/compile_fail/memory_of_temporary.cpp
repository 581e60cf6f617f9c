// Pointer and strides of a temporary matrix would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

using namespace gram;

Matrix<double> make();

kernel::MatRef<const double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make().ref();
#else
    static const Matrix<double> named = make();
    return named.ref();
#endif
}
