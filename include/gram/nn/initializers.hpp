/// First weights. A layer of n inputs and m outputs keeps the scale of its signal when the weights have
///   variance 2 / n            before relu and its kin (He et al., Delving Deep into Rectifiers, 2015),
///   variance 2 / (n + m)      before the others (Glorot & Bengio, AISTATS 2010);
/// orthogonal weights keep lengths exactly (Saxe, McClelland & Ganguli, ICLR 2014).
#pragma once

#include <algorithm>
#include <cmath>

#include "gram/expr/make.hpp"
#include "gram/expr/updates.hpp"
#include "gram/linalg/randomized.hpp"
#include "gram/nn/dense.hpp"

namespace gram::nn::inline GRAM_ISA {
namespace detail {

template <std::floating_point T>
Matrix<T> normal_weights(Rng& rng, index_t outputs, index_t inputs, double variance) {
    return randn<T>(rng, outputs, inputs) * std::sqrt(variance);
}
/// Uniform in [-limit, limit): its variance is limit^2 / 3.
template <std::floating_point T>
Matrix<T> uniform_weights(Rng& rng, index_t outputs, index_t inputs, double variance) {
    const double limit = std::sqrt(3 * variance);
    return rand<T>(rng, outputs, inputs) * (2 * limit) - limit;
}
inline double he_variance(index_t inputs) { return 2.0 / static_cast<double>(std::max<index_t>(inputs, 1)); }
inline double glorot_variance(index_t outputs, index_t inputs) {
    return 2.0 / static_cast<double>(std::max<index_t>(outputs + inputs, 1));
}

}  // namespace detail

/// outputs×inputs normal numbers of variance 2 / inputs.
/// @snippet models.cpp initializers
template <std::floating_point T>
[[nodiscard]] Matrix<T> he_normal(Rng& rng, index_t outputs, index_t inputs) {
    return detail::normal_weights<T>(rng, outputs, inputs, detail::he_variance(inputs));
}
/// outputs×inputs uniform numbers of variance 2 / inputs.
/// @snippet models.cpp initializers
template <std::floating_point T>
[[nodiscard]] Matrix<T> he_uniform(Rng& rng, index_t outputs, index_t inputs) {
    return detail::uniform_weights<T>(rng, outputs, inputs, detail::he_variance(inputs));
}
/// outputs×inputs normal numbers of variance 2 / (inputs + outputs).
/// @snippet models.cpp initializers
template <std::floating_point T>
[[nodiscard]] Matrix<T> glorot_normal(Rng& rng, index_t outputs, index_t inputs) {
    return detail::normal_weights<T>(rng, outputs, inputs, detail::glorot_variance(outputs, inputs));
}
/// outputs×inputs uniform numbers of variance 2 / (inputs + outputs).
/// @snippet models.cpp initializers
template <std::floating_point T>
[[nodiscard]] Matrix<T> glorot_uniform(Rng& rng, index_t outputs, index_t inputs) {
    return detail::uniform_weights<T>(rng, outputs, inputs, detail::glorot_variance(outputs, inputs));
}
/// outputs×inputs with orthonormal rows (outputs <= inputs) or columns, uniformly distributed.
/// Cost: a QR factorization of the larger extent.
/// @snippet models.cpp initializers
template <std::floating_point T>
[[nodiscard]] Matrix<T> orthogonal(Rng& rng, index_t outputs, index_t inputs) {
    const Matrix<T> Q = random_orthogonal<T>(rng, std::max(outputs, inputs));
    return Q.block(0, 0, outputs, inputs);
}

/// A layer to be trained: zero bias, He weights before relu, leaky_relu, gelu, softplus and silu, Glorot weights else.
/// @snippet models.cpp initializers
template <std::floating_point T>
[[nodiscard]] Dense<T> make_dense(Rng& rng, index_t inputs, index_t outputs, Activation activation) {
    const bool saturates =
        activation == Activation::identity || activation == Activation::sigmoid || activation == Activation::tanh;
    return {saturates ? glorot_normal<T>(rng, outputs, inputs) : he_normal<T>(rng, outputs, inputs), Vector<T>(outputs),
            activation};
}

}  // namespace gram::nn::inline GRAM_ISA
