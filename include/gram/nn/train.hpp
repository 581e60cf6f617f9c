/// Minibatch gradient descent with momentum: for each batch B of samples
///   v <- momentum v - rate (dL/dw / |B| + decay w),   w <- w + v.
///
/// Source: Goodfellow, Bengio & Courville, Deep Learning (2016), algorithm 8.2; weight decay: sec. 7.1.1.
#pragma once

#include <algorithm>
#include <type_traits>

#include "gram/core/random.hpp"
#include "gram/nn/gradients.hpp"

namespace gram::nn::inline GRAM_ISA {

/// Options of train.
struct TrainOptions {
    index_t epochs = 20;
    index_t batch = 32;           ///< samples in a step
    double learning_rate = 0.01;  ///< applied to the mean gradient of a batch
    double momentum = 0.9;
    double weight_decay = 0;  ///< applied to weights, not to biases
};

/// What the callback of train is told after every epoch, numbered from 0. The loss is the mean over the samples, each
/// taken just before the step that used it.
struct Epoch {
    index_t number;
    double loss;
};

namespace detail {

template <class T>
Matrix<T> gather_rows(const Matrix<T>& X, const index_t* rows, index_t count) {
    Matrix<T> batch(count, X.cols(), uninitialized);
    for (index_t i = 0; i < count; ++i)
        std::copy_n(X.data() + rows[i] * X.cols(), X.cols(), batch.data() + i * X.cols());
    return batch;
}

/// One step on one batch; returns the loss summed over its samples.
template <class T, class Velocities>
T train_step(Sequential<T>& net, Velocities& velocities, const Matrix<T>& X, const Matrix<T>& targets, Loss loss,
             const TrainOptions& o) {
    const auto g = gradients(net, X, targets, loss);
    const T momentum = static_cast<T>(o.momentum), rate = static_cast<T>(o.learning_rate);
    const T step = rate / static_cast<T>(X.rows()), shrink = rate * static_cast<T>(o.weight_decay);
    for (index_t l = 0; l < net.size(); ++l) {
        auto& v = velocities[static_cast<std::size_t>(l)];
        const auto& d = g.layers[static_cast<std::size_t>(l)];
        v.weight = momentum * v.weight - step * d.weight - shrink * net.layer(l).weight();
        v.bias = momentum * v.bias - step * d.bias;
        net.layer(l).update(v.weight, v.bias);
    }
    return g.loss;
}

inline void check_options(const TrainOptions& o) {
    if (o.epochs < 0 || o.batch < 1 || !(o.learning_rate >= 0) || !(o.momentum >= 0) || !(o.weight_decay >= 0)) {
        throw std::invalid_argument("train: expected epochs >= 0, batch >= 1 and no negative rate");
    }
}

/// Callbacks return whether to go on, or nothing.
template <class Callback>
bool goes_on(Callback& callback, const Epoch& epoch) {
    if constexpr (std::is_void_v<decltype(callback(epoch))>) {
        callback(epoch);
        return true;
    } else {
        return static_cast<bool>(callback(epoch));
    }
}

}  // namespace detail

/// Fits a network to targets (a sample in each row of X and of targets) in place. The callback is told an `Epoch` after
/// each, and ends the training by returning false. The same seed gives the same bits.
/// Errors: shape_error and std::invalid_argument before anything is changed; non_finite when the loss is no longer
/// finite (the rate is too large), with the network as the last step left it.
/// @snippet models.cpp train
template <std::floating_point T, class Callback = void (*)(const Epoch&)>
void train(
    Sequential<T>& net, const Matrix<T>& X, const Matrix<T>& targets, Loss loss, const TrainOptions& options, Rng& rng,
    Callback callback = [](const Epoch&) {}) {
    detail::check_options(options);
    if (X.rows() != targets.rows()) {
        throw_shape("train: samples and targets", X.rows(), X.cols(), "and", targets.rows(), targets.cols());
    }
    std::vector<typename NetworkGradients<T, Matrix<T>>::Layer> velocities;
    for (const auto& l : net.layers())
        velocities.push_back({Matrix<T>(l.outputs(), l.inputs()), Vector<T>(l.outputs())});
    for (index_t epoch = 0; epoch < options.epochs; ++epoch) {
        const auto order = rng.permutation(X.rows());
        double total = 0;
        for (index_t first = 0; first < X.rows(); first += options.batch) {
            const index_t count = std::min(options.batch, X.rows() - first);
            const auto batch = detail::gather_rows(X, order.data() + first, count);
            const auto wanted = detail::gather_rows(targets, order.data() + first, count);
            total += static_cast<double>(detail::train_step(net, velocities, batch, wanted, loss, options));
        }
        if (!std::isfinite(total)) {
            throw non_finite("train: the loss is not finite after epoch " + std::to_string(epoch) +
                             "; a smaller learning rate may help");
        }
        if (!detail::goes_on(callback, Epoch{epoch, total / static_cast<double>(std::max<index_t>(X.rows(), 1))}))
            return;
    }
}

/// The part of the samples whose largest output stands where their largest target stands, in [0, 1]; NaN without
/// samples.
/// @snippet models.cpp train
template <std::floating_point T>
[[nodiscard]] double accuracy(const Sequential<T>& net, const Matrix<T>& X, const Matrix<T>& targets) {
    if (X.rows() == 0) return std::numeric_limits<double>::quiet_NaN();
    return mean(equal(argmax<1>(net(X)), argmax<1>(targets)));
}

}  // namespace gram::nn::inline GRAM_ISA
