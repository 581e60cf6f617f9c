// Lengths in the types that contradict each other are refused by the compiler.
// expect: SameLength
#include <gram/expr/expr.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Vector<double, 2>;
#else
using Other = RowVector<double, 3>;
#endif

double f(const Vector<double, 3>& x, const Other& y) { return dot(x, y); }
