/// Elementary functions on packs. Each also takes a scalar, by the standard library.
///
/// Largest errors measured, in units in the last place (tests/simd/math.cpp checks them; f32 / f64): exp 1.1 / 1.0,
/// expm1 1.6 / 1.6, log 0.9 / 0.7, log1p 0.8 / 0.8, tanh 1.3 / 1.3, sin and cos 1.7 / 1.8, erf 1.1 / 1.3, pow as the
/// standard library. NaN, infinities, zeros with their signs and subnormal numbers give what the standard library
/// gives.
#pragma once

#include <cmath>
#include <limits>

#include "gram/simd/basic.hpp"
#include "gram/simd/erf.hpp"
#include "gram/simd/exp.hpp"

namespace gram::simd {
namespace detail {

/// Lane by lane through the standard library: slow, and as accurate as that library.
template <class T, class A, class F>
inline xsimd::batch<T, A> lanewise(const xsimd::batch<T, A>& x, F f) {
    constexpr index_t w = width<T, A>;
    T lanes[w];
    x.store_unaligned(lanes);
    for (index_t i = 0; i < w; ++i) lanes[i] = f(lanes[i]);
    return xsimd::batch<T, A>::load_unaligned(lanes);
}

/// Beyond this xsimd's reduction to a quadrant loses more than the promised ulps. NaN counts as beyond.
template <class T, class A>
GRAM_INLINE bool exceeds_trigonometric_range(const xsimd::batch<T, A>& x) {
    return !simd::all(simd::abs(x) <= xsimd::batch<T, A>(T(4096)));
}

/// The value of y with the sign of x.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> with_sign_of(const xsimd::batch<T, A>& y, const xsimd::batch<T, A>& x) {
    const xsimd::batch<T, A> sign(T(-0.0));
    return (x & sign) | simd::abs(y);
}

}  // namespace detail

/// Natural logarithm.
template <class T, class A>
inline xsimd::batch<T, A> log(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    constexpr T normal = std::numeric_limits<T>::min();
    const auto tiny = (x < P(normal)) & (x > P(T(0)));
    if (!simd::any(tiny)) return xsimd::log(x);
    // Subnormal numbers are lifted into the normal range first.
    constexpr T lift = sizeof(T) == 8 ? T(0x1p54) : T(0x1p25);
    constexpr T lift_log = sizeof(T) == 8 ? T(37.429947750237048) : T(17.328679513998633);
    const P y = xsimd::log(simd::select(tiny, x * P(lift), x));
    return simd::select(tiny, y - P(lift_log), y);
}

/// log(1 + x)
template <class T, class A>
inline xsimd::batch<T, A> log1p(const xsimd::batch<T, A>& x) {
    return simd::select(x == xsimd::batch<T, A>(T(0)), x, xsimd::log1p(x));  // keeps the sign of zero
}

/// Sine of x radians; packs with a lane beyond ±4096 go lane by lane through the standard library.
template <class T, class A>
inline xsimd::batch<T, A> sin(const xsimd::batch<T, A>& x) {
    if (detail::exceeds_trigonometric_range(x)) return detail::lanewise(x, [](T v) { return std::sin(v); });
    return xsimd::sin(x);
}

/// Cosine of x radians; packs with a lane beyond ±4096 go lane by lane through the standard library.
template <class T, class A>
inline xsimd::batch<T, A> cos(const xsimd::batch<T, A>& x) {
    if (detail::exceeds_trigonometric_range(x)) return detail::lanewise(x, [](T v) { return std::cos(v); });
    return xsimd::cos(x);
}

/// The largest integer not above x.
template <class T, class A>
inline xsimd::batch<T, A> floor(const xsimd::batch<T, A>& x) {
    return detail::with_sign_of(xsimd::floor(x), x);
}

/// The smallest integer not below x.
template <class T, class A>
inline xsimd::batch<T, A> ceil(const xsimd::batch<T, A>& x) {
    return detail::with_sign_of(xsimd::ceil(x), x);
}

/// The nearest integer, halves away from zero.
template <class T, class A>
inline xsimd::batch<T, A> round(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P whole = xsimd::floor(simd::abs(x));
    // The fraction is exact, so a half is seen as a half.
    const P up = simd::select(simd::abs(x) - whole >= P(T(0.5)), whole + P(T(1)), whole);
    return detail::with_sign_of(up, x);
}

/// x^y, lane by lane through the standard library.
template <class T, class A>
inline xsimd::batch<T, A> pow(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& y) {
    constexpr index_t w = width<T, A>;
    T a[w], b[w];
    x.store_unaligned(a);
    y.store_unaligned(b);
    for (index_t i = 0; i < w; ++i) a[i] = std::pow(a[i], b[i]);
    return xsimd::batch<T, A>::load_unaligned(a);
}

/// Scalars that the functions below take.
template <class T>
concept Real = std::is_floating_point_v<T>;

/// By the standard library.
inline auto exp(Real auto x) { return std::exp(x); }
inline auto log(Real auto x) { return std::log(x); }
inline auto log1p(Real auto x) { return std::log1p(x); }
inline auto expm1(Real auto x) { return std::expm1(x); }
inline auto tanh(Real auto x) { return std::tanh(x); }
inline auto sin(Real auto x) { return std::sin(x); }
inline auto cos(Real auto x) { return std::cos(x); }
inline auto erf(Real auto x) { return std::erf(x); }
inline auto erfc(Real auto x) { return std::erfc(x); }
inline auto floor(Real auto x) { return std::floor(x); }
inline auto ceil(Real auto x) { return std::ceil(x); }
inline auto round(Real auto x) { return std::round(x); }
template <Real T>
inline T pow(T x, std::type_identity_t<T> y) {
    return std::pow(x, y);
}

}  // namespace gram::simd
