// Factorizations divide: integers are cast first.
// expect: FieldExpr
#include <gram/expr/expr.hpp>
#include <gram/linalg/lu.hpp>

using namespace gram;

auto f(const Matrix<int>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return lu(A);
#else
    return lu(cast<double>(A));
#endif
}
