// A product has one element type.
// expect: SameValueType
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;
using C = std::complex<double>;

Matrix<C> f(const Matrix<double>& A, const Matrix<C>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return A * B;
#else
    return cast<C>(A) * B;
#endif
}
