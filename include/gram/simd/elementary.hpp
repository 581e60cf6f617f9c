/// More elementary functions on packs: exp2, log2, log10, cbrt, sinh, cosh, acosh, atanh, rint,
/// trunc.
///
/// xsimd's own where benchmarks/ulp.cpp finds it within 2 ulp, with its wrong corners (subnormal numbers, arguments
/// outside of the domain) put right; the others are written out here. Each also takes a scalar, by the standard
/// library. The bounds stand in docs/design/accuracy.md.
#pragma once

#include "gram/simd/math.hpp"

namespace gram::simd {
namespace detail {

/// f(x) where x is normal, f(x 2^54) - shift (f32: 2^25) where it is subnormal.
template <class T, class A, class F>
inline xsimd::batch<T, A> lifted_logarithm(const xsimd::batch<T, A>& x, double shift, F f) {
    using P = xsimd::batch<T, A>;
    const auto tiny = (x < P(std::numeric_limits<T>::min())) & (x > P(T(0)));
    if (!simd::any(tiny)) return f(x);
    constexpr T lift = sizeof(T) == 8 ? T(0x1p54) : T(0x1p25);
    const P y = f(simd::select(tiny, x * P(lift), x));
    return simd::select(tiny, y - P(static_cast<T>(shift)), y);
}

/// e^x / 2 for x >= 0, which overflows one power of two later than e^x.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> half_exp(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const ExpParts<T, A> parts(sizeof(T) == 8 ? clamped(x, 0, 720) : clamped(x, 0, 92));
    const P n = parts.n - P(T(1));
    const P half = xsimd::nearbyint(n * P(T(0.5)));
    const P first = power_of_two(half);
    return simd::fma(parts.reduced_minus_one, first, first) * power_of_two(n - half);
}

}  // namespace detail

/// 2^x, within 1.25 ulp: the integer part moves the exponent, e^(r ln 2) of the rest |r| <= 1/2 by its Taylor
/// polynomial.
template <class T, class A>
inline xsimd::batch<T, A> exp2(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P y = sizeof(T) == 8 ? detail::clamped(x, -1100, 1030) : detail::clamped(x, -160, 130);
    if constexpr (has_lookup<A>) {
        return detail::ExpByLookup<T, A>::base_two(y).value();
    } else {
        const P n = xsimd::nearbyint(y);
        const P t = (y - n) * P(static_cast<T>(0.69314718055994530942));  // y - n is exact
        P q;
        if constexpr (sizeof(T) == 8) {
            q = detail::polynomial(t, 1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0,
                                   1 / 40320.0, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5);
        } else {
            q = detail::polynomial(t, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5);
        }
        const P half = xsimd::nearbyint(n * P(T(0.5)));
        const P first = detail::power_of_two(half);
        return simd::fma(simd::fma(t * t, q, t), first, first) * detail::power_of_two(n - half);
    }
}

/// Logarithm to base 2, within 2 ulp.
template <class T, class A>
inline xsimd::batch<T, A> log2(const xsimd::batch<T, A>& x) {
    return detail::lifted_logarithm(x, sizeof(T) == 8 ? 54 : 25, [](const auto& y) { return xsimd::log2(y); });
}
/// Logarithm to base 10, within 1 ulp.
template <class T, class A>
inline xsimd::batch<T, A> log10(const xsimd::batch<T, A>& x) {
    return detail::lifted_logarithm(x, sizeof(T) == 8 ? 16.255619765854984 : 7.5257498915995302,
                                    [](const auto& y) { return xsimd::log10(y); });
}

/// Cube root, within 1 ulp.
template <class T, class A>
inline xsimd::batch<T, A> cbrt(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const auto tiny = simd::abs(x) < P(std::numeric_limits<T>::min());
    const P lift(sizeof(T) == 8 ? T(0x1p54) : T(0x1p24)), drop(sizeof(T) == 8 ? T(0x1p-18) : T(0x1p-8));
    const P y = xsimd::cbrt(simd::select(tiny, x * lift, x));
    return simd::select(x == P(T(0)), x, simd::select(tiny, y * drop, y));
}

/// Hyperbolic sine, within 2 ulp: its Taylor polynomial up to 1, beyond e^x / 2 - e^-x / 2.
template <class T, class A>
inline xsimd::batch<T, A> sinh(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P a = simd::abs(x), t = a * a;
    P q;
    if constexpr (sizeof(T) == 8) {
        q = detail::polynomial(t, 1 / 121645100408832000.0, 1 / 355687428096000.0, 1 / 1307674368000.0,
                               1 / 6227020800.0, 1 / 39916800.0, 1 / 362880.0, 1 / 5040.0, 1 / 120.0, 1 / 6.0);
    } else {
        q = detail::polynomial(t, 1 / 39916800.0, 1 / 362880.0, 1 / 5040.0, 1 / 120.0, 1 / 6.0);
    }
    const P near = simd::fma(a * t, q, a), h = detail::half_exp(a);
    return detail::with_sign_of(simd::select(a <= P(T(1)), near, h - P(T(0.25)) / h), x);
}
/// Hyperbolic cosine, within 2 ulp: e^x / 2 + e^-x / 2.
template <class T, class A>
inline xsimd::batch<T, A> cosh(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P h = detail::half_exp(simd::abs(x));
    return h + P(T(0.25)) / h;
}
/// Inverse hyperbolic cosine, within 2 ulp, log(x + sqrt(x² - 1)); NaN below 1. With t = x - 1, which is exact near 1,
/// it is log1p(t
/// + sqrt(2 t + t²)).
template <class T, class A>
inline xsimd::batch<T, A> acosh(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const auto large = x > P(sizeof(T) == 8 ? T(0x1p30) : T(0x1p14));
    const P t = x - P(T(1)), root = simd::sqrt(simd::fma(t, t, t + t)), sum = t + root, lost = (root - sum) + t;
    const P y = simd::log1p(simd::select(large, t, sum));
    const P near = simd::select(x < P(T(1)), P(std::numeric_limits<T>::quiet_NaN()), y + lost / (sum + P(T(1))));
    return simd::select(large, y + P(static_cast<T>(0.69314718055994530942)), near);
}
/// Inverse hyperbolic tangent, within 2 ulp; infinite at -1 and 1, NaN beyond.
template <class T, class A>
inline xsimd::batch<T, A> atanh(const xsimd::batch<T, A>& x) {
    return xsimd::atanh(x);
}

/// The nearest integer, halves to the even one.
template <class T, class A>
inline xsimd::batch<T, A> rint(const xsimd::batch<T, A>& x) {
    return detail::with_sign_of(xsimd::nearbyint(x), x);
}
/// The integer part.
template <class T, class A>
inline xsimd::batch<T, A> trunc(const xsimd::batch<T, A>& x) {
    return detail::with_sign_of(xsimd::trunc(x), x);
}

/// By the standard library.
inline auto exp2(Real auto x) { return std::exp2(x); }
inline auto log2(Real auto x) { return std::log2(x); }
inline auto log10(Real auto x) { return std::log10(x); }
inline auto cbrt(Real auto x) { return std::cbrt(x); }
inline auto asin(Real auto x) { return std::asin(x); }
inline auto acos(Real auto x) { return std::acos(x); }
inline auto atan(Real auto x) { return std::atan(x); }
inline auto sinh(Real auto x) { return std::sinh(x); }
inline auto cosh(Real auto x) { return std::cosh(x); }
inline auto acosh(Real auto x) { return std::acosh(x); }
inline auto atanh(Real auto x) { return std::atanh(x); }
inline auto rint(Real auto x) { return std::nearbyint(x); }
inline auto trunc(Real auto x) { return std::trunc(x); }

}  // namespace gram::simd
