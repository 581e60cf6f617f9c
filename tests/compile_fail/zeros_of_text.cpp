// A matrix holds numbers.
// expect: // a number
#include <string>

#include <gram/expr/expr.hpp>

using namespace gram;

auto f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return zeros<std::string>(2, 2);
#else
    return zeros<double>(2, 2);
#endif
}
