// An element of a matrix has two indices.
// expect: is_vector
#include <gram/expr/expr.hpp>

using namespace gram;

double f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return A[0];
#else
    return A(0, 0);
#endif
}
