// Extents in the types that contradict each other are refused by the compiler.
// expect: Elementwise
#include <gram/expr/expr.hpp>

#ifdef GRAM_MUST_NOT_COMPILE
using Other = gram::Matrix<double, 3, 2>;
#else
using Other = gram::Matrix<double, 2, 3>;
#endif

gram::Matrix<double, 2, 3> f(const gram::Matrix<double, 2, 3>& A, const Other& B) { return A + B; }
