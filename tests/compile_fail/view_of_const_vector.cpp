// A view of a const std::vector is read-only.
// expect: is_writable
#include <gram/core/convert.hpp>
#include <gram/expr/expr.hpp>

using namespace gram;

void f(const std::vector<double>& v, std::vector<double>& w) {
#ifdef GRAM_MUST_NOT_COMPILE
    view(v) = 0.0;
#else
    view(w) = 0.0;
#endif
}
