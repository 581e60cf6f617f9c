// A complex number does not become real by a cast: which part is meant?
// expect: // of complex: real(A), imag(A), abs(A)
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<std::complex<float>>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(cast<double>(A));
#else
    return eval(cast<double>(real(A)));
#endif
}
