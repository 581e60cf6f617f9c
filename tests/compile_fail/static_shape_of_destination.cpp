// A destination of fixed extents takes no expression of other fixed extents.
// expect: SameExtents
#include <gram/expr/expr.hpp>

#ifdef GRAM_MUST_NOT_COMPILE
using Destination = gram::Matrix<double, 3, 3>;
#else
using Destination = gram::Matrix<double, 2, 2>;
#endif

void f(Destination& C, const gram::Matrix<double, 2, 2>& A) { C = A + A; }
