/// Matrices of 1×1 to 4×4 whose extents are in their types: what det, inv, solve, eigh and svd share for them.
///
/// They stay on the stack, in loops whose lengths the compiler knows. Everything here can run at compile time.
#pragma once

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "gram/linalg/check.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// The largest order that the special functions of small matrices take.
inline constexpr index_t small_order = 4;

/// A square matrix expression of 1×1 to 4×4, its extents in its type.
template <class E>
concept SmallSquare = FieldExpr<E> && rows_v<E>
== cols_v<E>&& rows_v<E> >= index_t{1} && rows_v<E> <= small_order;

namespace detail {

/// Nothing but the elements: `A[i][j]`.
template <class T, index_t M, index_t N>
struct SmallMatrix {
    T elements[static_cast<std::size_t>(M)][static_cast<std::size_t>(N)];

    constexpr T* operator[](index_t i) { return elements[i]; }
    constexpr const T* operator[](index_t i) const { return elements[i]; }
};

/// The bits of a magnitude: they order finite numbers as the magnitudes do, and infinity and NaN above all.
template <class R>
[[nodiscard]] constexpr bits_of<R> magnitude_bits(R x) {
    constexpr auto sign = bits_of<R>{1} << (8 * sizeof(R) - 1);
    return std::bit_cast<bits_of<R>>(x) & ~sign;
}
/// The larger one of the parts.
template <class R>
[[nodiscard]] constexpr bits_of<R> magnitude_bits(const std::complex<R>& x) {
    return std::max(magnitude_bits(x.real()), magnitude_bits(x.imag()));
}

/// The largest magnitude of the elements, or of their parts, as bits.
template <class T, index_t M, index_t N>
[[nodiscard]] constexpr bits_of<real_t<T>> largest_bits(const SmallMatrix<T, M, N>& A) {
    bits_of<real_t<T>> largest = 0;
    for (index_t i = 0; i < M; ++i)
        for (index_t j = 0; j < N; ++j) largest = std::max(largest, magnitude_bits(A[i][j]));
    return largest;
}

/// |re| + |im|, at compile time too.
template <class T>
[[nodiscard]] constexpr real_t<T> small_abs1(const T& x) {
    if constexpr (is_complex_v<T>) {
        return small_abs1(x.real()) + small_abs1(x.imag());
    } else {
        return x < 0 ? -x : x;
    }
}
/// |x|^2
template <class T>
[[nodiscard]] constexpr real_t<T> small_norm(const T& x) {
    if constexpr (is_complex_v<T>) {
        return x.real() * x.real() + x.imag() * x.imag();
    } else {
        return x * x;
    }
}

/// e with 2^e <= x < 2^(e + 1), for x > 0.
template <class R>
[[nodiscard]] constexpr int exponent_of(R x) {
    using limits = std::numeric_limits<R>;
    constexpr int fraction_bits = limits::digits - 1;
    int below = 0;
    if (x < limits::min()) x *= R(bits_of<R>{1} << fraction_bits), below = fraction_bits;
    return static_cast<int>(magnitude_bits(x) >> fraction_bits) - (limits::max_exponent - 1) - below;
}

/// 2^e in the range of normal numbers.
template <class R>
[[nodiscard]] constexpr R normal_power_of_two(int e) {
    using limits = std::numeric_limits<R>;
    return std::bit_cast<R>(static_cast<bits_of<R>>(e + limits::max_exponent - 1) << (limits::digits - 1));
}

/// x * 2^e for any e.
template <class T>
[[nodiscard]] constexpr T times_power(T x, int e) {
    using R = real_t<T>;
    constexpr int step = std::numeric_limits<R>::max_exponent - 2;
    for (; e > step; e -= step) x *= normal_power_of_two<R>(step);
    for (; e < -step; e += step) x *= normal_power_of_two<R>(-step);
    return x * normal_power_of_two<R>(e);
}

/// 1 / x. Source: Smith, Algorithm 116: complex division, CACM 5 (1962).
template <class T>
[[nodiscard]] constexpr T reciprocal(const T& x) {
    if constexpr (is_complex_v<T>) {
        using R = real_t<T>;
        const R a = x.real(), b = x.imag();
        if (small_abs1(a) >= small_abs1(b)) {
            const R r = b / a, d = R(1) / (a + b * r);
            return {d, -r * d};
        }
        const R r = a / b, d = R(1) / (b + a * r);
        return {r * d, -d};
    } else {
        return T(1) / x;
    }
}

template <class T, index_t M, index_t N>
[[noreturn]] void throw_small_non_finite(const SmallMatrix<T, M, N>& A, const char* name) {
    for (index_t i = 0; i < M; ++i)
        for (index_t j = 0; j < N; ++j)
            if (!is_finite(A[i][j]))
                throw non_finite(std::string(name) + ": the matrix holds NaN or infinity at (" + std::to_string(i) +
                                 ", " + std::to_string(j) + ")");
    throw non_finite(name);
}

/// The values of an expression of known extents, all finite. Errors: non_finite, which begins with `name`.
template <FieldExpr E>
[[nodiscard]] constexpr auto load_small(const E& e, const char* name) {
    constexpr index_t M = rows_v<E>, N = cols_v<E>;
    SmallMatrix<value_t<E>, M, N> A{};
    if constexpr (requires { e.ref(); }) {
        for (index_t i = 0; i < M; ++i)
            for (index_t j = 0; j < N; ++j) A[i][j] = e(i, j);
    } else {
        const Matrix<value_t<E>, M, N> values(e);
        for (index_t i = 0; i < M; ++i)
            for (index_t j = 0; j < N; ++j) A[i][j] = values(i, j);
    }
    if (largest_bits(A) >= exponent_mask<real_t<value_t<E>>>) throw_small_non_finite(A, name);
    return A;
}

/// The container of what `f(i, j)` returns.
template <class T, index_t M, index_t N, class F>
[[nodiscard]] constexpr Matrix<T, M, N> small_matrix_of(const F& f) {
    Matrix<T, M, N> A;
    for (index_t i = 0; i < M; ++i)
        for (index_t j = 0; j < N; ++j) A(i, j) = f(i, j);
    return A;
}

/// Multiplies A by the power of two that brings its largest magnitude to 2^target or close to it; returns its exponent.
/// Small elements may underflow, as in load.
template <class T, index_t M, index_t N>
constexpr int scale_small_to(int target, bits_of<real_t<T>> largest, SmallMatrix<T, M, N>& A) {
    using R = real_t<T>;
    if (largest == 0) return 0;
    constexpr int cap = std::numeric_limits<R>::max_exponent - 4;
    const int shift = target - exponent_of(std::bit_cast<R>(largest));
    // Subnormal numbers are further away than the largest power of two reaches.
    for (int rest = shift; rest != 0;) {
        const int step = std::min(rest, cap);
        const R scale = normal_power_of_two<R>(step);
        for (index_t i = 0; i < M; ++i)
            for (index_t j = 0; j < N; ++j) A[i][j] *= scale;
        rest -= step;
    }
    return shift;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
