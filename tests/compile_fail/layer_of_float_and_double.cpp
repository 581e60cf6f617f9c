// A layer and its samples hold one type.
// expect: ExprOf
#include <gram/nn/dense.hpp>

using namespace gram;

auto f(const nn::Dense<double>& layer, const Vector<float>& x) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(layer(x));
#else
    return eval(layer(cast<double>(x)));
#endif
}
