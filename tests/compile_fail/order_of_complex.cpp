// Complex numbers have no order, so there is no largest one.
// expect: Ordered
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Vector<std::complex<double>>& x) {
#ifdef GRAM_MUST_NOT_COMPILE
    return sort(x);
#else
    return sort(Vector<double>(abs(x)));
#endif
}
