/// Layers in a row: net(x) = layer_L(... layer_2(layer_1(x))), and what becomes of them without a bend in between.
#pragma once

#include <initializer_list>
#include <vector>

#include "gram/nn/dense.hpp"

namespace gram::nn::inline GRAM_ISA {

/// Dense layers that chain: the outputs of each are the inputs of the next. Without layers it is the identity.
/// A value: copyable, movable, comparable.
template <std::floating_point T>
class Sequential {
public:
    Sequential() = default;
    /// shape_error, naming the two layers, where outputs and inputs differ.
    Sequential(std::initializer_list<Dense<T>> layers) : Sequential(std::vector<Dense<T>>(layers)) {}
    explicit Sequential(std::vector<Dense<T>> layers) : layers_(std::move(layers)) {
        for (std::size_t l = 1; l < layers_.size(); ++l) {
            if (layers_[l - 1].outputs() == layers_[l].inputs()) continue;
            throw shape_error("Sequential: layer " + std::to_string(l - 1) + " has " +
                              std::to_string(layers_[l - 1].outputs()) + " outputs, layer " + std::to_string(l) +
                              " takes " + std::to_string(layers_[l].inputs()) + " inputs");
        }
    }

    /// The output for a sample (a column) or a batch (a sample in each row), as Dense. shape_error.
    template <ExprOf<T> X>
    [[nodiscard]] detail::output_t<X, T> operator()(const X& x) const {
        if (layers_.empty()) return detail::output_t<X, T>(x);
        detail::output_t<X, T> y = layers_[0](x);
        for (std::size_t l = 1; l < layers_.size(); ++l) y = layers_[l](y);
        return y;
    }

    [[nodiscard]] const std::vector<Dense<T>>& layers() const noexcept { return layers_; }
    /// Layer l, to be changed in place; its shape must stay. std::out_of_range.
    [[nodiscard]] Dense<T>& layer(index_t l) { return layers_.at(static_cast<std::size_t>(l)); }
    [[nodiscard]] const Dense<T>& layer(index_t l) const { return layers_.at(static_cast<std::size_t>(l)); }
    /// Number of layers.
    [[nodiscard]] index_t size() const noexcept { return static_cast<index_t>(layers_.size()); }
    /// Extents of what goes in and comes out; 0 without layers.
    [[nodiscard]] index_t inputs() const noexcept { return layers_.empty() ? 0 : layers_.front().inputs(); }
    [[nodiscard]] index_t outputs() const noexcept { return layers_.empty() ? 0 : layers_.back().outputs(); }
    /// Weights and biases of all layers.
    [[nodiscard]] index_t parameter_count() const noexcept {
        index_t count = 0;
        for (const auto& layer : layers_) count += layer.parameter_count();
        return count;
    }

    friend bool operator==(const Sequential&, const Sequential&) = default;

private:
    std::vector<Dense<T>> layers_;
};

/// The one layer that does what `first` and then `second` do: W = W2 W1, b = W2 b1 + b2, and the activation of the
/// second. std::invalid_argument unless the activation of the first is the identity; shape_error if they do not chain.
/// @snippet models.cpp collapse
template <std::floating_point T>
[[nodiscard]] Dense<T> collapse(const Dense<T>& first, const Dense<T>& second) {
    if (first.activation() != Activation::identity) {
        throw std::invalid_argument(std::string("collapse: the first layer ends in ") + name(first.activation()) +
                                    "; only layers without a bend between them are one layer");
    }
    if (first.outputs() != second.inputs()) {
        throw_shape("collapse: weights", second.outputs(), second.inputs(), "*", first.outputs(), first.inputs());
    }
    return {second.weight() * first.weight(), second.weight() * first.bias() + second.bias(), second.activation()};
}

}  // namespace gram::nn::inline GRAM_ISA
