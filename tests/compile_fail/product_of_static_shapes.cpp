// The inner extents of a product are compared by the compiler where both are in the types.
// expect: Multipliable
#include <gram/expr/expr.hpp>

#ifdef GRAM_MUST_NOT_COMPILE
using Other = gram::Matrix<double, 2, 4>;
#else
using Other = gram::Matrix<double, 3, 4>;
#endif

gram::Matrix<double, 2, 4> f(const gram::Matrix<double, 2, 3>& A, const Other& B) { return A * B; }
