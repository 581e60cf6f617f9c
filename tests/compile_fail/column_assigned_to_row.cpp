// A column does not become a row by itself.
// expect: SameExtents
#include <gram/expr/expr.hpp>

using namespace gram;

void f(RowVector<double, 3>& r, const Vector<double, 3>& x) {
#ifdef GRAM_MUST_NOT_COMPILE
    r = x;
#else
    r = x.T();
#endif
}
