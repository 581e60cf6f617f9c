// fmod is of floating-point numbers; integers have %.
// expect: cast<double>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(fmod(A, 2));
#else
    return eval(A % 2);
#endif
}
