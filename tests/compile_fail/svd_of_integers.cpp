// Factorizations divide: integers are cast first.
// expect: cast<double>(A)
#include <gram/expr/expr.hpp>
#include <gram/linalg/svd.hpp>

using namespace gram;

auto f(const Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return svd(A);
#else
    return svd(cast<double>(A));
#endif
}
