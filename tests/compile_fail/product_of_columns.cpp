// Two columns have no product: dot, outer and hadamard say which one is meant.
// expect: Multipliable
#include <gram/expr/expr.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Vector<double, 3>;
#else
using Other = RowVector<double, 3>;
#endif

Matrix<double, 3, 3> f(const Vector<double, 3>& x, const Other& y) { return x * y; }
