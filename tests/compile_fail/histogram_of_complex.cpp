// Complex numbers do not lie in bins.
// expect: is_arithmetic_v
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Vector<std::complex<double>>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return histogram(A, 10);
#else
    return histogram(abs(A), 10);
#endif
}
