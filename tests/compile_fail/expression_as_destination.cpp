// A sum is no place to write to.
// expect: Zip
#include <gram/expr/expr.hpp>

using namespace gram;

void f(Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    (A + A) = A;
#else
    A = A + A;
#endif
}
