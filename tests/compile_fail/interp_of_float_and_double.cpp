// Precisions do not mix unless a cast says so.
// expect: cast<T>(A)
#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Vector<float>& x, const Vector<double>& xs) {
#ifdef GRAM_MUST_NOT_COMPILE
    return interp(x, xs, xs);
#else
    return interp(cast<double>(x), xs, xs);
#endif
}
