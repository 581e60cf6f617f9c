/// Named element-wise functions: lazy, fused, vectorized where the function has a pack form.
#pragma once

#include "gram/expr/operators.hpp"
#include "gram/expr/unary.hpp"

namespace gram::inline GRAM_ISA {

/// e^x, within 1.25 ulp, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto exp(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Exp{}, e);
}
template <detail::Passing E>
auto exp(E&& e) {
    return detail::make_map(Exp{}, std::forward<E>(e));
}
/// Natural logarithm, within 1 ulp, element by element; NaN below 0, -inf at 0.
/// @snippet elementwise.cpp functions
template <Container E>
auto log(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Log{}, e);
}
template <detail::Passing E>
auto log(E&& e) {
    return detail::make_map(Log{}, std::forward<E>(e));
}
/// log(1 + x) without cancellation, within 1 ulp, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto log1p(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Log1p{}, e);
}
template <detail::Passing E>
auto log1p(E&& e) {
    return detail::make_map(Log1p{}, std::forward<E>(e));
}
/// e^x - 1 without cancellation, within 2 ulp, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto expm1(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Expm1{}, e);
}
template <detail::Passing E>
auto expm1(E&& e) {
    return detail::make_map(Expm1{}, std::forward<E>(e));
}
/// Hyperbolic tangent, within 2 ulp, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto tanh(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Tanh{}, e);
}
template <detail::Passing E>
auto tanh(E&& e) {
    return detail::make_map(Tanh{}, std::forward<E>(e));
}
/// Sine of x radians, within 1.25 ulp, element by element; slow beyond ±4096.
/// @snippet elementwise.cpp functions
template <Container E>
auto sin(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Sin{}, e);
}
template <detail::Passing E>
auto sin(E&& e) {
    return detail::make_map(Sin{}, std::forward<E>(e));
}
/// Cosine of x radians, within 1.25 ulp, element by element; slow beyond ±4096.
/// @snippet elementwise.cpp functions
template <Container E>
auto cos(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Cos{}, e);
}
template <detail::Passing E>
auto cos(E&& e) {
    return detail::make_map(Cos{}, std::forward<E>(e));
}
/// The error function, within 2 ulp, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto erf(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Erf{}, e);
}
template <detail::Passing E>
auto erf(E&& e) {
    return detail::make_map(Erf{}, std::forward<E>(e));
}
/// Square root, correctly rounded, element by element; NaN below 0.
/// @snippet elementwise.cpp functions
template <Container E>
auto sqrt(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Sqrt{}, e);
}
template <detail::Passing E>
auto sqrt(E&& e) {
    return detail::make_map(Sqrt{}, std::forward<E>(e));
}
/// The largest integer not above x, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto floor(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Floor{}, e);
}
template <detail::Passing E>
auto floor(E&& e) {
    return detail::make_map(Floor{}, std::forward<E>(e));
}
/// The smallest integer not below x, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto ceil(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Ceil{}, e);
}
template <detail::Passing E>
auto ceil(E&& e) {
    return detail::make_map(Ceil{}, std::forward<E>(e));
}
/// The nearest integer, halves away from zero, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto round(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Round{}, e);
}
template <detail::Passing E>
auto round(E&& e) {
    return detail::make_map(Round{}, std::forward<E>(e));
}
/// |x|, element by element (the modulus of a complex number).
/// @snippet elementwise.cpp functions
template <Container E>
auto abs(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Abs{}, e);
}
template <detail::Passing E>
auto abs(E&& e) {
    return detail::make_map(Abs{}, std::forward<E>(e));
}
/// x * x, element by element.
/// @snippet elementwise.cpp functions
template <Container E>
auto square(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Square{}, e);
}
template <detail::Passing E>
auto square(E&& e) {
    return detail::make_map(Square{}, std::forward<E>(e));
}
/// max(x, 0), element by element; NaN stays NaN.
/// @snippet elementwise.cpp activations
template <Container E>
auto relu(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Relu{}, e);
}
template <detail::Passing E>
auto relu(E&& e) {
    return detail::make_map(Relu{}, std::forward<E>(e));
}
/// 1 / (1 + e^-x), within 1.25 ulp, element by element.
/// @snippet elementwise.cpp activations
template <Container E>
auto sigmoid(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Sigmoid{}, e);
}
template <detail::Passing E>
auto sigmoid(E&& e) {
    return detail::make_map(Sigmoid{}, std::forward<E>(e));
}
/// x Phi(x) with the normal distribution function Phi, within 2 ulp, element by element (exact form, by erfc).
/// @snippet elementwise.cpp activations
template <Container E>
auto gelu(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Gelu{}, e);
}
template <detail::Passing E>
auto gelu(E&& e) {
    return detail::make_map(Gelu{}, std::forward<E>(e));
}
/// log(1 + e^x), within 2 ulp, element by element, without overflow.
/// @snippet elementwise.cpp activations
template <Container E>
auto softplus(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Softplus{}, e);
}
template <detail::Passing E>
auto softplus(E&& e) {
    return detail::make_map(Softplus{}, std::forward<E>(e));
}
/// x / (1 + e^-x), within 1.5 ulp, element by element (swish); -0 at -infinity.
/// @snippet elementwise.cpp activations
template <Container E>
auto silu(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Silu{}, e);
}
template <detail::Passing E>
auto silu(E&& e) {
    return detail::make_map(Silu{}, std::forward<E>(e));
}
/// x above 0, slope * x below, element by element.
/// @snippet elementwise.cpp activations
template <Container E>
auto leaky_relu(const E& e GRAM_LIFETIMEBOUND, value_t<E> slope = value_t<E>(0.01)) {
    return detail::make_map(LeakyRelu<value_t<E>>{slope}, e);
}
template <detail::Passing E>
auto leaky_relu(E&& e, value_t<E> slope = value_t<E>(0.01)) {
    return detail::make_map(LeakyRelu<value_t<E>>{slope}, std::forward<E>(e));
}
/// x^p, element by element, by the standard library.
/// @snippet elementwise.cpp functions
template <Container E>
auto pow(const E& e GRAM_LIFETIMEBOUND, value_t<E> p) {
    return detail::make_map(WithRight<Power, value_t<E>>{{}, p}, e);
}
template <detail::Passing E>
auto pow(E&& e, value_t<E> p) {
    return detail::make_map(WithRight<Power, value_t<E>>{{}, p}, std::forward<E>(e));
}
/// f(x) for any callable f, element by element, lazily.
/// @snippet elementwise.cpp map
template <class F, Container E>
auto map(F f, const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Callable<F>{std::move(f)}, e);
}
template <class F, detail::Passing E>
auto map(F f, E&& e) {
    return detail::make_map(Callable<F>{std::move(f)}, std::forward<E>(e));
}
namespace detail {

/// A number that the elements of E convert to.
template <class To, class E>
concept CastTarget = Scalar<To> && std::is_constructible_v<To, value_t<E>>;  // of complex: real(A), imag(A), abs(A)

}  // namespace detail

/// Every element converted to To: the only way from one precision to another.
/// @snippet basics.cpp cast
template <class To, Container E>
    requires detail::CastTarget<To, E>
auto cast(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Cast<To>{}, e); }
template <class To, detail::Passing E>
    requires detail::CastTarget<To, E>
auto cast(E&& e) { return detail::make_map(Cast<To>{}, std::forward<E>(e)); }
/// condition ? a : b, element by element; all three of one shape.
/// @snippet elementwise.cpp where
template <MatrixExpr C, MatrixExpr L, MatrixExpr R>
    requires SameValueType<L, R>
auto where(C&& condition, L&& a, R&& b) {
    auto c = detail::capture(std::forward<C>(condition));
    auto l = detail::capture(std::forward<L>(a));
    auto r = detail::capture(std::forward<R>(b));
    return Choose<Select, decltype(c), decltype(l), decltype(r)>(Select{}, std::move(c), std::move(l), std::move(r));
}
/// The same with a number in the place of a, of b, or of both (a matrix of their type).
/// @snippet elementwise.cpp where
template <MatrixExpr C, MatrixExpr L, detail::ScalarFor<value_t<L>> S>
auto where(C&& condition, L&& a, S b) {
    using T = value_t<L>;
    return detail::make_zip(SelectOr<T>{detail::to_scalar<T>(b)}, std::forward<C>(condition), std::forward<L>(a));
}
template <MatrixExpr C, class S, MatrixExpr R>
    requires detail::ScalarFor<S, value_t<R>>
auto where(C&& condition, S a, R&& b) {
    using T = value_t<R>;
    return detail::make_zip(SelectElse<T>{detail::to_scalar<T>(a)}, std::forward<C>(condition), std::forward<R>(b));
}
template <MatrixExpr C, Scalar T>
auto where(C&& condition, T a, T b) {
    return detail::make_map(SelectNumber<T>{a, b}, std::forward<C>(condition));
}
/// A row, a column or a 1×1 matrix repeated over m×n; shape_error when its other extent does not fit.
/// @snippet basics.cpp broadcasting
template <MatrixExpr E>
auto broadcast(E&& e, index_t rows, index_t cols) {
    auto inner = detail::capture(std::forward<E>(e));
    return Broadcast<decltype(inner)>(std::move(inner), rows, cols);
}
/// The transpose of any expression; of a named container or a view it is a view.
/// @snippet basics.cpp lazy
template <MatrixExpr E>
auto transposed(E&& e) {
    if constexpr (requires { std::forward<E>(e).T(); }) {
        return std::forward<E>(e).T();
    } else {
        auto inner = detail::capture(std::forward<E>(e));
        return Transposed<decltype(inner)>(std::move(inner));
    }
}
/// The value of an expression, in a container of its own.
/// @snippet basics.cpp lazy
template <MatrixExpr E>
auto eval(const E& e) {
    return Matrix<value_t<E>, rows_v<E>, cols_v<E>>(e);
}

}  // namespace gram::inline GRAM_ISA
