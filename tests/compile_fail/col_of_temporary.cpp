// A view of a temporary matrix would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

gram::Matrix<double> make();

gram::Matrix<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make().col(0);
#else
    const gram::Matrix<double> named = make();
    return named.col(0);
#endif
}
