// A seed is an integer.
// expect: Rng
#include <gram/core/random.hpp>

using namespace gram;

void f() {
#ifdef GRAM_MUST_NOT_COMPILE
    const Rng rng("42");
#else
    const Rng rng(42);
#endif
}
