// A destination of fixed extents takes no expression of other fixed extents.
// expect: SameExtents
#include <gram/expr/expr.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Vector<double, 4>;
#else
using Other = Vector<double, 3>;
#endif

void f(Matrix<double, 3, 3>& A, const Other& x) { A.col(0) = x; }
