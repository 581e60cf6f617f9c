// A vector of n equal numbers is not what two arguments make: they are sizes.
// expect: deleted
#include <gram/core/matrix.hpp>
#include <gram/expr/make.hpp>

using namespace gram;

auto f(index_t n) {
#ifdef GRAM_MUST_NOT_COMPILE
    return Vector<double>(n, 2.5);
#else
    return Vector<double>(full<double>(n, 1, 2.5));
#endif
}
