// A fraction is not dropped silently: integers are cast first.
// expect: else convert the matrix first: cast<T>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

void f(Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    A += 0.5;
#else
    A += 1;
#endif
}
