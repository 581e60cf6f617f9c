// A view of a temporary vector would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

gram::Vector<double> make();

gram::Vector<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make().segment(0, 1);
#else
    const gram::Vector<double> named = make();
    return named.segment(0, 1);
#endif
}
