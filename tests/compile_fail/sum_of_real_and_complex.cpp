// Nothing becomes complex by itself: cast<T> says where it does.
// expect: SameValueType
#include <complex>

#include <gram/expr/expr.hpp>

using namespace gram;
using C = std::complex<double>;

Matrix<C> f(const Matrix<C>& A, const Matrix<double>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return A + B;
#else
    return A + cast<C>(B);
#endif
}
