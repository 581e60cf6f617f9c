// A callable that is an operator takes and gives vectors.
// expect: a callable: y = op(x)
#include <gram/linalg/iterative.hpp>

using namespace gram;

Vector<double> f(const Vector<double>& b) {
#ifdef GRAM_MUST_NOT_COMPILE
    return cg([](double) { return 1.0; }, b).x;
#else
    return cg([](const Vector<double>& x) { return Vector<double>(3.0 * x); }, b).x;
#endif
}
