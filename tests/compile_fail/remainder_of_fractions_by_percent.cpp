// The remainder of floating-point numbers is fmod or remainder, as in C++ and NumPy.
// expect: fmod(A, b), remainder(A, b)
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(A % 2);
#else
    return eval(remainder(A, 2));
#endif
}
