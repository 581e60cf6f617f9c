// Evenly spaced integers would be rounded: the ends are floating-point numbers.
// expect: is_integral_v
#include <gram/expr/expr.hpp>

using namespace gram;

auto f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return linspace(0, 1, 5);
#else
    return linspace(0.0, 1.0, 5);
#endif
}
