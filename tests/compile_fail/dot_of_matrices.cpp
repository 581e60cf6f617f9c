// The inner product is of vectors; of matrices it is a sum of products.
// expect: VectorExpr
#include <gram/expr/expr.hpp>

using namespace gram;

double f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return dot(A, A);
#else
    return sum(hadamard(A, A));
#endif
}
