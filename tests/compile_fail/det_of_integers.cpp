// Factorizations divide: integers are cast first.
// expect: cast<double>(A)
#include <gram/expr/expr.hpp>
#include <gram/linalg/solve.hpp>

using namespace gram;

auto f(const Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return det(A);
#else
    return det(cast<double>(A));
#endif
}
