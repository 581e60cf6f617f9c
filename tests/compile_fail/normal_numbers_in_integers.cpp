// Normal numbers are no integers.
// expect: floating_point
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(Rng& rng) {
#ifdef GRAM_MUST_NOT_COMPILE
    return randn<int>(rng, 2, 2);
#else
    return randint<int>(rng, 0, 10, 2, 2);
#endif
}
