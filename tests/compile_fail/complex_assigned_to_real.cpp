// Assignment does not drop the imaginary part.
// expect: cast<T>(A)
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;

void f(Matrix<double>& A, const Matrix<std::complex<double>>& Z) {
#ifdef GRAM_MUST_NOT_COMPILE
    A = Z;
#else
    A = real(Z);
#endif
}
