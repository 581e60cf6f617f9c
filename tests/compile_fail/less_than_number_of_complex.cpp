// Complex numbers have no order.
// expect: // of complex numbers: abs(A), real(A), imag(A)
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<std::complex<double>>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(A < 1);
#else
    return eval(real(A) < 1);
#endif
}
