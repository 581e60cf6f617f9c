// The pixels of a temporary image would outlive it.
// expect: deleted
#include <gram/nn/conv.hpp>

using namespace gram;

nn::Image<double> make();

Matrix<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make().channel(0);
#else
    const nn::Image<double> named = make();
    return named.channel(0);
#endif
}
