// A complex number does not make a real matrix complex.
// expect: ScalarFor
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;
using C = std::complex<double>;

Matrix<C> f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return C(0, 1) * A;
#else
    return C(0, 1) * cast<C>(A);
#endif
}
