// A fraction is not dropped silently: integers are cast first.
// expect: else convert the matrix first: cast<T>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

Matrix<double> f(const Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return 0.5 * A;
#else
    return 0.5 * cast<double>(A);
#endif
}
