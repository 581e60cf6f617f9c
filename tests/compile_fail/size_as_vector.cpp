// A size does not become a vector of zeros by itself.
// expect: sum_of
#include <gram/expr/expr.hpp>

using namespace gram;

double sum_of(const Vector<double>& x);

double f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return sum_of(3);
#else
    return sum_of(Vector<double>(3));
#endif
}
