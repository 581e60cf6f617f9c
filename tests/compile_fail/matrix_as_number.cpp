// A 1x1 matrix is no number: the inner product of vectors is dot.
// expect: double
#include <gram/expr/expr.hpp>

using namespace gram;

double f(const Vector<double>& x) {
#ifdef GRAM_MUST_NOT_COMPILE
    return x.T() * x;
#else
    return dot(x, x);
#endif
}
