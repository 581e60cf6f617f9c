/// Backpropagation. With Z = X W^T + b^T, Y = act(Z) and G = dL/dY:
///   D = G o act'(Z),   dL/dW = D^T X,   dL/db = column sums of D,   dL/dX = D W.
///
/// Losses are summed over outputs and samples, no mean:
///   squared_error          L = sum (y - t)^2                   dL/dy = 2 (y - t)
///   softmax_cross_entropy  L = -sum t log softmax(y)           dL/dy = softmax(y) sum(t) - t
/// Source: Goodfellow, Bengio & Courville, Deep Learning (2016), sec. 6.5.
#pragma once

#include <vector>

#include "gram/expr/reductions.hpp"
#include "gram/expr/softmax.hpp"
#include "gram/expr/updates.hpp"
#include "gram/nn/sequential.hpp"

namespace gram::nn {

/// What is to be made small.
enum class Loss { squared_error, softmax_cross_entropy };

inline constexpr Loss squared_error = Loss::squared_error;
/// The targets are probabilities (a one-hot row for a class), the outputs are scores.
inline constexpr Loss softmax_cross_entropy = Loss::softmax_cross_entropy;

inline namespace GRAM_ISA {

/// A loss and its gradient with respect to the outputs, of their shape.
template <class T, class Y>
struct LossGradient {
    T loss;
    Y outputs;
};

/// The gradients of a loss with respect to one layer: `input` is a Vector for a sample, a Matrix for a batch.
template <class T, class X>
struct Gradients {
    T loss;
    Matrix<T> weight;
    Vector<T> bias;
    X input;
};

/// The gradients of a loss with respect to all layers, in the order of the layers.
template <class T, class X>
struct NetworkGradients {
    struct Layer {
        Matrix<T> weight;
        Vector<T> bias;
    };
    T loss;
    std::vector<Layer> layers;
    X input;
};

/// Row i is 1 at label i, 0 elsewhere. std::out_of_range for a label outside [0, classes).
/// @snippet models.cpp train
template <std::floating_point T>
[[nodiscard]] Matrix<T> one_hot(const std::vector<index_t>& labels, index_t classes) {
    Matrix<T> targets(static_cast<index_t>(labels.size()), classes);
    for (std::size_t i = 0; i < labels.size(); ++i) targets.at(static_cast<index_t>(i), labels[i]) = T{1};
    return targets;
}

/// The loss of outputs against targets of the same shape (a column, or a sample in each row). shape_error.
/// @snippet models.cpp gradients
template <MatrixExpr Y, ExprOf<value_t<Y>> Targets>
[[nodiscard]] auto loss_gradient(Loss loss, const Y& outputs, const Targets& targets) {
    using T = value_t<Y>;
    using Result = detail::output_t<Y, T>;
    if (outputs.rows() != targets.rows() || outputs.cols() != targets.cols()) {
        throw_shape("loss: outputs and targets", outputs.rows(), outputs.cols(), "and", targets.rows(), targets.cols());
    }
    const Result t(targets);
    Result y(outputs);
    if (loss == Loss::squared_error) {
        y -= t;
        return LossGradient<T, Result>{sum(square(y)), 2 * y};
    }
    y = log_softmax(y);
    const T value = -sum(hadamard(t, y));
    if constexpr (cols_v<Y> == 1) {
        return LossGradient<T, Result>{value, exp(y) * sum(t) - t};
    } else {
        return LossGradient<T, Result>{value, hadamard(exp(y), sum<1>(t)) - t};
    }
}

/// Carries dL/dY of a layer back to its parameters and its input. `z` is what layer.preactivation(x) gave.
/// x and z are columns, or batches with a sample in each row.
/// @snippet models.cpp gradients
template <std::floating_point T, ExprOf<T> X, ExprOf<T> Z, ExprOf<T> G>
[[nodiscard]] Gradients<T, detail::output_t<X, T>> backward(const Dense<T>& layer, const X& x, const Z& z,
                                                            const G& output_gradient) {
    using Result = detail::output_t<X, T>;
    const Result D = hadamard(derivative(layer.activation(), z), gram::detail::EvaluatedOnce<G>(output_gradient));
    decltype(auto) input = detail::in_memory(x);
    if constexpr (cols_v<X> == 1) {
        return {T{}, D * transposed(input), D, layer.weight().T() * D};
    } else {
        return {T{}, D.T() * input, transposed(sum<0>(D)), D * layer.weight()};
    }
}

/// The loss of one layer and its gradients, for a sample (columns) or a batch (a sample in each row). shape_error.
/// @snippet models.cpp gradients
template <std::floating_point T, ExprOf<T> X, ExprOf<T> Targets>
[[nodiscard]] Gradients<T, detail::output_t<X, T>> gradients(const Dense<T>& layer, const X& x, const Targets& targets,
                                                             Loss loss) {
    const auto z = layer.preactivation(x);
    const auto l = loss_gradient(loss, apply(layer.activation(), z), targets);
    auto g = backward(layer, x, z, l.outputs);
    g.loss = l.loss;
    return g;
}

/// The loss of a network and its gradients, layer by layer. shape_error.
/// @snippet models.cpp gradients
template <std::floating_point T, ExprOf<T> X, ExprOf<T> Targets>
[[nodiscard]] NetworkGradients<T, detail::output_t<X, T>> gradients(const Sequential<T>& net, const X& x,
                                                                    const Targets& targets, Loss loss) {
    using Batch = detail::output_t<X, T>;
    const std::size_t depth = net.layers().size();
    std::vector<Batch> inputs{Batch(x)}, z;
    for (const auto& layer : net.layers()) {
        z.push_back(layer.preactivation(inputs.back()));
        inputs.push_back(apply(layer.activation(), z.back()));
    }
    auto l = loss_gradient(loss, inputs.back(), targets);
    NetworkGradients<T, Batch> result{l.loss, {}, std::move(l.outputs)};
    result.layers.resize(depth);
    for (std::size_t i = depth; i-- > 0;) {
        auto g = backward(net.layers()[i], inputs[i], z[i], result.input);
        result.layers[i] = {std::move(g.weight), std::move(g.bias)};
        result.input = std::move(g.input);
    }
    return result;
}

}  // namespace GRAM_ISA
}  // namespace gram::nn
