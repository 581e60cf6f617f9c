// A view of a temporary matrix would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

gram::Matrix<double> make();

gram::Matrix<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make().row(0);
#else
    const gram::Matrix<double> named = make();
    return named.row(0);
#endif
}
