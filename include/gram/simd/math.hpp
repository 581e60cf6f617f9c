/// Elementary functions on packs. Each also takes a scalar, by the standard library.
///
/// docs/design/accuracy.md bounds and measures the error of each; tests/simd/math.cpp holds them to it. NaN,
/// infinities, zeros with their signs and subnormal numbers give what the standard library gives.
#pragma once

#include <cmath>
#include <limits>

#include "gram/simd/basic.hpp"
#include "gram/simd/erf.hpp"
#include "gram/simd/exp.hpp"
#include "gram/simd/log.hpp"
#include "gram/simd/trigonometric.hpp"

namespace gram::simd {

/// log(1 + x), within 1 ulp.
template <class T, class A>
inline xsimd::batch<T, A> log1p(const xsimd::batch<T, A>& x) {
    return simd::select(x == xsimd::batch<T, A>(T(0)), x, xsimd::log1p(x));  // keeps the sign of zero
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
