// Factorizations divide: integers are cast first.
// expect: cast<double>(A)
#include <gram/expr/expr.hpp>
#include <gram/linalg/eig.hpp>

using namespace gram;

auto f(const Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eig(A);
#else
    return eig(cast<double>(A));
#endif
}
