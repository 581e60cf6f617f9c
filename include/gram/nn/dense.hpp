/// A dense layer: y = act(W x + b), and for a batch with a sample in each row Y = act(X W^T + b^T).
///
/// Source: Goodfellow, Bengio & Courville, Deep Learning (2016), ch. 6.
#pragma once

#include "gram/expr/comparisons.hpp"
#include "gram/expr/updates.hpp"
#include "gram/nn/activation.hpp"

namespace gram::nn::inline GRAM_ISA {
namespace detail {

/// f(X W^T + b^T) for a batch, f(W x + b) for a column: for a batch of two or more the sums, the bias and f meet in the
/// registers of one product, which writes each output once.
template <class F, MatrixExpr X, class T>
auto affine(F f, const X& x, const Matrix<T>& W, const Vector<T>& b) {
    if constexpr (cols_v<X> == 1) {
        return gram::detail::make_map(std::move(f), W * x + b);
    } else {
        return gram::detail::make_map(std::move(f), x * W.T() + b.T());
    }
}

/// A batch is a matrix, a sample is a column.
template <MatrixExpr X, class T>
using output_t = std::conditional_t<cols_v<X> == 1, Vector<T>, Matrix<T>>;

}  // namespace detail

/// outputs×inputs weights, a bias for each output, and an activation. A value: copyable, movable, comparable.
template <std::floating_point T>
class Dense {
public:
    Dense() = default;
    /// weight is outputs×inputs, bias has an element for each output. shape_error otherwise.
    Dense(Matrix<T> weight, Vector<T> bias, Activation activation = Activation::identity)
        : weight_(std::move(weight)), bias_(std::move(bias)), activation_(activation) {
        if (bias_.rows() != weight_.rows()) {
            throw_shape("Dense: weight and bias", weight_.rows(), weight_.cols(), "and", bias_.rows(), 1);
        }
    }

    /// The output for one sample (a column of `inputs` elements: a Vector comes back) or for a batch (a sample in each
    /// row: m×inputs gives m×outputs). Cost: one product; a batch is written in one pass. shape_error.
    template <ExprOf<T> X>
    [[nodiscard]] detail::output_t<X, T> operator()(const X& x) const {
        return evaluate(x, activation_);
    }
    /// W x + b alone, in the shapes of operator().
    template <ExprOf<T> X>
    [[nodiscard]] detail::output_t<X, T> preactivation(const X& x) const {
        return evaluate(x, Activation::identity);
    }

    [[nodiscard]] const Matrix<T>& weight() const noexcept { return weight_; }
    [[nodiscard]] const Vector<T>& bias() const noexcept { return bias_; }
    [[nodiscard]] Activation activation() const noexcept { return activation_; }
    [[nodiscard]] index_t inputs() const noexcept { return weight_.cols(); }
    [[nodiscard]] index_t outputs() const noexcept { return weight_.rows(); }
    /// Weights and biases: outputs × (inputs + 1).
    [[nodiscard]] index_t parameter_count() const noexcept { return weight_.size() + bias_.size(); }

    /// Parameters += the given changes, of their shapes: what a step of gradient descent does. shape_error.
    template <ExprOf<T> W, ExprOf<T> B>
    void update(const W& weight_change, const B& bias_change) {
        if (weight_change.rows() != outputs() || weight_change.cols() != inputs()) {
            throw_shape("Dense: weight", outputs(), inputs(), "+=", weight_change.rows(), weight_change.cols());
        }
        bias_ += bias_change;
        weight_ += weight_change;
    }

    friend bool operator==(const Dense&, const Dense&) = default;

private:
    template <class X>
    detail::output_t<X, T> evaluate(const X& input, Activation activation) const {
        require_fit(input);
        decltype(auto) x = detail::in_memory(input);
        return detail::affine(detail::Activate<T>{activation}, x, weight_, bias_);
    }
    template <class X>
    void require_fit(const X& x) const {
        if constexpr (cols_v<X> == 1) {
            if (x.rows() != inputs()) throw_shape("Dense: weight * sample", outputs(), inputs(), "*", x.rows(), 1);
        } else {
            if (x.cols() != inputs()) {
                throw_shape("Dense: batch * transposed weight", x.rows(), x.cols(), "*", inputs(), outputs());
            }
        }
    }

    Matrix<T> weight_;
    Vector<T> bias_;
    Activation activation_ = Activation::identity;
};

}  // namespace gram::nn::inline GRAM_ISA
