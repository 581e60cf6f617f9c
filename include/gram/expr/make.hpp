/// Matrices made from nothing: zeros, ones, full, eye, diag, linspace and its kin, random.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>

#include "gram/core/random.hpp"
#include "gram/expr/functions.hpp"

namespace gram::inline GRAM_ISA {

/// m×n zeros.
/// @snippet basics.cpp make
template <Scalar T>
Matrix<T> zeros(index_t m, index_t n) {
    return Matrix<T>(m, n);
}
/// m×n, every element `value`.
/// @snippet basics.cpp make
template <Scalar T>
Matrix<T> full(index_t m, index_t n, std::type_identity_t<T> value) {
    Matrix<T> A(m, n, uninitialized);
    std::fill(A.begin(), A.end(), value);
    return A;
}
/// m×n ones.
/// @snippet basics.cpp make
template <Scalar T>
Matrix<T> ones(index_t m, index_t n) {
    return full<T>(m, n, T{1});
}
/// m×n with ones on the main diagonal, zeros elsewhere.
/// @snippet basics.cpp make
template <Scalar T>
Matrix<T> eye(index_t m, index_t n) {
    Matrix<T> A(m, n);
    A.diagonal() = T{1};
    return A;
}
template <Scalar T>
Matrix<T> eye(index_t n) {
    return eye<T>(n, n);
}
/// The square matrix with the elements of a vector on its diagonal, zeros elsewhere: lazy, so that `A * diag(d)` and
/// `diag(d) * A` scale columns and rows of A and never form it.
/// @snippet basics.cpp make
template <Container E>
    requires VectorExpr<E>
auto diag(const E& x GRAM_LIFETIMEBOUND) { return detail::make_diagonal(x); }
template <detail::Passing E>
    requires VectorExpr<E>
auto diag(E&& x) { return detail::make_diagonal(std::forward<E>(x)); }
/// n numbers from first to last, both included, evenly spaced; n = 1 gives `first`.
/// @snippet basics.cpp make
template <Scalar T>
    requires(!std::is_integral_v<T>)
Vector<T> linspace(T first, std::type_identity_t<T> last, index_t n) {
    Vector<T> x(n);
    for (index_t i = 0; i < n; ++i) {
        const T t = n > 1 ? static_cast<T>(i) / static_cast<T>(n - 1) : T{0};
        x[i] = (T{1} - t) * first + t * last;
    }
    return x;
}
/// n numbers from first to last, both included exactly, each the same multiple of the one before; n = 1 gives `first`.
/// std::invalid_argument unless both are finite, of one sign and not zero. Error: some hundred ulps, as of powers.
/// @snippet basics.cpp make
template <std::floating_point T>
Vector<T> geomspace(T first, std::type_identity_t<T> last, index_t n) {
    if (!(std::isfinite(first) && std::isfinite(last) && first != 0 && last != 0 && (first < 0) == (last < 0))) {
        throw std::invalid_argument("geomspace: from " + std::to_string(first) + " to " + std::to_string(last) +
                                    "; expected finite numbers of one sign, not zero");
    }
    Vector<T> x = linspace(std::log2(std::abs(first)), std::log2(std::abs(last)), n);
    for (T& value : x) value = std::copysign(std::exp2(value), first);
    if (n > 0) x[n - 1] = last, x[0] = first;
    return x;
}
/// base^first ... base^last for n evenly spaced exponents, both ends included.
/// @snippet basics.cpp make
template <std::floating_point T>
Vector<T> logspace(T first, std::type_identity_t<T> last, index_t n, std::type_identity_t<T> base = T{10}) {
    Vector<T> x = linspace(first, last, n);
    for (T& value : x) value = std::pow(base, value);
    return x;
}
/// first, first + step, ... for n elements.
/// @snippet basics.cpp make
template <Scalar T>
Vector<T> arange(index_t n, std::type_identity_t<T> first = T{0}, std::type_identity_t<T> step = T{1}) {
    Vector<T> x(n);
    for (index_t i = 0; i < n; ++i) x[i] = static_cast<T>(first + static_cast<T>(i) * step);
    return x;
}
/// m×n independent standard normal numbers, drawn row by row: the same on every platform for a seed.
/// @snippet random.cpp generate
template <std::floating_point T>
Matrix<T> randn(Rng& rng, index_t m, index_t n) {
    Matrix<T> A(m, n, uninitialized);
    for (T& x : A) x = static_cast<T>(rng.normal());
    return A;
}
/// m×n independent numbers, uniform in [0, 1), drawn row by row.
/// @snippet random.cpp generate
template <std::floating_point T>
Matrix<T> rand(Rng& rng, index_t m, index_t n) {
    Matrix<T> A(m, n, uninitialized);
    for (T& x : A) x = rng.uniform<T>();
    return A;
}

}  // namespace gram::inline GRAM_ISA
