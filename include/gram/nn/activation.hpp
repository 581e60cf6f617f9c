/// Activations: the bend between two linear layers, and its slope.
///
/// relu(x) = max(x, 0); leaky_relu(x) = x above 0, 0.01 x below; gelu(x) = x Phi(x) (Hendrycks & Gimpel 2016, exact by
/// erf); sigmoid(x) = 1 / (1 + e^-x); softplus(x) = log(1 + e^x); silu(x) = x sigmoid(x) (Elfwing et al. 2018).
#pragma once

#include "gram/expr/functions.hpp"

namespace gram::nn {

/// What a layer does to every element of W x + b.
enum class Activation { identity, relu, leaky_relu, gelu, sigmoid, tanh, softplus, silu };

inline constexpr Activation identity = Activation::identity;      ///< x
inline constexpr Activation relu = Activation::relu;              ///< max(x, 0)
inline constexpr Activation leaky_relu = Activation::leaky_relu;  ///< x above 0, 0.01 x below
inline constexpr Activation gelu = Activation::gelu;              ///< x Phi(x)
inline constexpr Activation sigmoid = Activation::sigmoid;        ///< 1 / (1 + e^-x)
inline constexpr Activation tanh = Activation::tanh;              ///< hyperbolic tangent
inline constexpr Activation softplus = Activation::softplus;      ///< log(1 + e^x)
inline constexpr Activation silu = Activation::silu;              ///< x / (1 + e^-x)

/// What leaky_relu multiplies negative numbers by.
/// @snippet models.cpp activation
inline constexpr double leak = 0.01;

/// "relu", for messages and printing.
/// @snippet models.cpp activation
[[nodiscard]] constexpr const char* name(Activation a) {
    constexpr const char* names[] = {"identity", "relu", "leaky_relu", "gelu", "sigmoid", "tanh", "softplus", "silu"};
    return names[static_cast<int>(a)];
}

inline namespace GRAM_ISA {

/// An expression whose elements are T.
template <class E, class T>
concept ExprOf = MatrixExpr<E> && std::same_as<value_t<E>, T>;

namespace detail {

struct Same {
    template <class X>
    GRAM_INLINE constexpr X operator()(const X& x) const {
        return x;
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return x;
    }
};

/// Hands the function object of an activation to f.
template <class T, class F>
GRAM_INLINE auto with_function(Activation a, F f) {
    switch (a) {
        case Activation::relu:
            return f(Relu{});
        case Activation::leaky_relu:
            return f(LeakyRelu<T>{static_cast<T>(leak)});
        case Activation::gelu:
            return f(Gelu{});
        case Activation::sigmoid:
            return f(Sigmoid{});
        case Activation::tanh:
            return f(Tanh{});
        case Activation::softplus:
            return f(Softplus{});
        case Activation::silu:
            return f(Silu{});
        case Activation::identity:
            break;
    }
    return f(Same{});
}

/// An activation that is chosen when the program runs, as one function object: one fused kernel serves them all, and
/// the choice costs a well predicted branch for each register of results.
template <class T>
struct Activate {
    static constexpr bool has_packet = true;
    Activation kind;

    T operator()(const T& x) const { return kind == Activation::identity ? x : bent(x); }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        if (kind == Activation::identity) return x;
        if (kind == Activation::relu) return Relu{}.packet(x);
        return bent_packet(x);
    }

private:
    // Not inlined: otherwise every loop that ends in an activation holds the code of all of them.
    [[gnu::noinline]] T bent(const T& x) const {
        return with_function<T>(kind, [&](auto f) { return f(x); });
    }
    template <class P>
    [[gnu::noinline]] P bent_packet(const P& x) const {
        return with_function<T>(kind, [&](auto f) { return f.packet(x); });
    }
};

/// The expression itself where its elements are in memory, else their values.
template <MatrixExpr E>
decltype(auto) in_memory(const E& e) {
    if constexpr (gram::detail::Leaf<E>) {
        return (e);
    } else {
        return eval(e);
    }
}

}  // namespace detail

/// The activation of every element. The result has the shape of x.
/// @snippet models.cpp activation
template <MatrixExpr E>
[[nodiscard]] auto apply(Activation a, const E& x) {
    using T = value_t<E>;
    decltype(auto) z = detail::in_memory(x);
    return eval(gram::detail::make_map(detail::Activate<T>{a}, z));
}

/// The slope of the activation at every element; 0 for relu at 0, and the left slope for leaky_relu at 0.
///
/// Source: differentiate the formulas above; phi is the normal density, Phi' = phi.
/// @snippet models.cpp activation
template <MatrixExpr E>
[[nodiscard]] auto derivative(Activation a, const E& x) {
    using T = value_t<E>;
    using Result = Matrix<T, rows_v<E>, cols_v<E>>;
    decltype(auto) z = detail::in_memory(x);
    Result s;
    switch (a) {
        case Activation::relu:
            return Result(map([](T v) { return v > 0 ? T{1} : T{0}; }, z));
        case Activation::leaky_relu:
            return Result(map([](T v) { return v > 0 ? T{1} : static_cast<T>(leak); }, z));
        case Activation::gelu: {
            constexpr double root_half = 0.70710678118654752440, density_at_0 = 0.39894228040143267794;
            s = 0.5 * (1 + erf(z * root_half));
            return Result(s + hadamard(z, density_at_0 * exp(-0.5 * square(z))));
        }
        case Activation::sigmoid:
            s = gram::sigmoid(z);
            return Result(hadamard(s, 1 - s));
        case Activation::tanh:
            s = gram::tanh(z);
            return Result(1 - square(s));
        case Activation::softplus:
            return Result(gram::sigmoid(z));
        case Activation::silu:
            s = gram::sigmoid(z);
            return Result(hadamard(s, 1 + hadamard(z, 1 - s)));
        case Activation::identity:
            break;
    }
    return Result(map([](T) { return T{1}; }, z));
}

}  // namespace GRAM_ISA
}  // namespace gram::nn
