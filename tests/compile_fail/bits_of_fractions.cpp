// Bits belong to integers.
// expect: fmod(A, b)
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A, const Matrix<int>& B) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(A & A);
#else
    return eval(B & B);
#endif
}
