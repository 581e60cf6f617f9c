// A selection of elements of a temporary vector would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

using namespace gram;

Vector<double> make();

Vector<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make()(range(0, 2));
#else
    const Vector<double> named = make();
    return named(range(0, 2));
#endif
}
