// What the tests of nn/ share: layers of random numbers.
#pragma once

#include "gram/expr/expr.hpp"
#include "gram/nn/dense.hpp"
#include "support/matrices.hpp"

namespace support {

constexpr gram::nn::Activation all_activations[] = {gram::nn::identity, gram::nn::relu,    gram::nn::leaky_relu,
                                                    gram::nn::gelu,     gram::nn::sigmoid, gram::nn::tanh,
                                                    gram::nn::softplus, gram::nn::silu};

template <class T>
gram::Vector<T> gaussian_vector(index_t n, std::uint64_t seed) {
    const auto A = gaussian<T>(n, 1, seed);
    return A.col(0);
}

template <class T>
gram::nn::Dense<T> random_layer(index_t inputs, index_t outputs, gram::nn::Activation a, std::uint64_t seed = 1) {
    return {gaussian<T>(outputs, inputs, seed), gaussian_vector<T>(outputs, seed + 1), a};
}

}  // namespace support
