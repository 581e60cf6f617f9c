/// Exponential functions on packs: exp, expm1, tanh, sigmoid, silu.
///
/// x = n ln 2 + r with |r| <= ln(2) / 2, e^r by its Taylor polynomial, 2^n put together from exponent bits. Cody and
/// Waite's two-part ln 2 keeps r accurate where there is no fused multiply-add. What a rounded product loses is
/// computed exactly (fma_exact), so that the bounds are the same with and without one.
#pragma once

#include "gram/simd/exact.hpp"

namespace gram::simd {
namespace detail {

template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> horner(const xsimd::batch<T, A>&, const xsimd::batch<T, A>& sum) {
    return sum;
}
template <class T, class A, class... Rest>
GRAM_INLINE xsimd::batch<T, A> horner(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& sum, double next,
                                      Rest... rest) {
    return horner(x, simd::fma(sum, x, xsimd::batch<T, A>(static_cast<T>(next))), rest...);
}
/// Two chains in x²: the coefficients of odd distance from the last, and of even.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> horner_by_two(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>&,
                                             const xsimd::batch<T, A>& first, const xsimd::batch<T, A>& second) {
    return simd::fma(first, x, second);
}
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> horner_by_two(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& square,
                                             const xsimd::batch<T, A>& first, const xsimd::batch<T, A>& second,
                                             double last) {
    return simd::fma(second, x, simd::fma(first, square, xsimd::batch<T, A>(static_cast<T>(last))));
}
template <class T, class A, class... Rest>
GRAM_INLINE xsimd::batch<T, A> horner_by_two(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& square,
                                             const xsimd::batch<T, A>& first, const xsimd::batch<T, A>& second,
                                             double a, double b, Rest... rest) {
    using P = xsimd::batch<T, A>;
    return horner_by_two(x, square, simd::fma(first, square, P(static_cast<T>(a))),
                         simd::fma(second, square, P(static_cast<T>(b))), rest...);
}

/// c0 x^n + ... + cn. Long ones as two chains of Horner's rule in x², so that half as many operations wait for each
/// other.
template <class T, class A, class... Rest>
GRAM_INLINE xsimd::batch<T, A> polynomial(const xsimd::batch<T, A>& x, double first, double second, Rest... rest) {
    using P = xsimd::batch<T, A>;
    if constexpr (sizeof...(rest) < 14) {
        return horner(x, P(static_cast<T>(first)), second, rest...);
    } else {
        return horner_by_two(x, x * x, P(static_cast<T>(first)), P(static_cast<T>(second)), rest...);
    }
}

/// 2^n for integral lanes n between the smallest and the largest normal exponent.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> power_of_two(const xsimd::batch<T, A>& n) {
    // 1.5 * 2^mantissa pushes n into the lowest bits.
    constexpr int mantissa = sizeof(T) == 8 ? 52 : 23, bias = sizeof(T) == 8 ? 1023 : 127;
    const xsimd::batch<T, A> shifted =
        n + xsimd::batch<T, A>(sizeof(T) == 8 ? static_cast<T>(0x1.8p52) : static_cast<T>(0x1.8p23));
    return from_bits<T, A>((bits_of(shifted) + bias) << mantissa);
}

/// (e^r - 1 - r) / r² for |r| <= ln(2) / 2.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> exp_series(const xsimd::batch<T, A>& r) {
    if constexpr (sizeof(T) == 8) {
        return polynomial(r, 1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0,
                          1 / 40320.0, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5);
    } else {
        return polynomial(r, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5);
    }
}

/// n and e^r - 1 with x = n ln 2 + r.
template <class T, class A>
struct ExpParts {
    xsimd::batch<T, A> n, reduced_minus_one;

    GRAM_INLINE explicit ExpParts(const xsimd::batch<T, A>& x) {
        reduce(x);
        const xsimd::batch<T, A> r = simd::fnma(n, xsimd::batch<T, A>(ln2_low), rest);
        reduced_minus_one = simd::fma(r * r, exp_series(r), r);
    }
    /// Of x + low, for a low that is small beside 1: the rounding error of r is carried along.
    GRAM_INLINE ExpParts(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& low) {
        reduce(x);
        const xsimd::batch<T, A> part(ln2_low), first = simd::fnma(n, part, rest), r = first + low;
        const xsimd::batch<T, A> lost = simd::fnma(n, part, rest - first) + ((first - r) + low);
        reduced_minus_one = simd::fma(r * r, exp_series(r), lost) + r;
    }

private:
    // ln 2 in two parts, the first with so few bits that n times it is exact.
    static constexpr T ln2_high = sizeof(T) == 8 ? T(0.693145751953125) : T(0.693359375);
    static constexpr T ln2_low = sizeof(T) == 8 ? T(1.42860682030941723212e-6) : T(-2.12194440e-4);

    xsimd::batch<T, A> rest;

    GRAM_INLINE void reduce(const xsimd::batch<T, A>& x) {
        n = xsimd::nearbyint(x * xsimd::batch<T, A>(static_cast<T>(1.4426950408889634)));
        rest = simd::fnma(n, xsimd::batch<T, A>(ln2_high), x);
    }
};

/// x between two bounds beyond which the result no longer changes; NaN stays NaN.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> clamped(const xsimd::batch<T, A>& x, double low, double high) {
    using P = xsimd::batch<T, A>;
    return simd::max(P(static_cast<T>(low)), simd::min(P(static_cast<T>(high)), x));
}

}  // namespace detail

namespace detail {

/// y 2^n in two steps, because 2^n alone may be out of range; the first is exact.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> times_power_of_two(const xsimd::batch<T, A>& y, const xsimd::batch<T, A>& n) {
    const xsimd::batch<T, A> half = xsimd::nearbyint(n * xsimd::batch<T, A>(T(0.5)));
    return y * power_of_two(half) * power_of_two(n - half);
}
/// 2^n e^r.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> joined(const ExpParts<T, A>& parts) {
    using P = xsimd::batch<T, A>;
    const P half = xsimd::nearbyint(parts.n * P(T(0.5)));
    const P first = power_of_two(half);
    return simd::fma(parts.reduced_minus_one, first, first) * power_of_two(parts.n - half);
}
/// e^-(factor x²) for |x| up to 40 (f32: 15) and a factor of 1 or 1/2: the rounding error of x² is taken into account.
template <class T, class A>
GRAM_INLINE ExpParts<T, A> exp_minus_square(const xsimd::batch<T, A>& x, T factor) {
    using P = xsimd::batch<T, A>;
    const P square = x * x, lost = simd::fnma_exact(x, x, square);
    return ExpParts<T, A>(square * P(-factor), lost * P(factor));
}

}  // namespace detail

/// e^x, within 1.25 ulp, from subnormal results to overflow.
template <class T, class A>
inline xsimd::batch<T, A> exp(const xsimd::batch<T, A>& x) {
    return detail::joined(
        detail::ExpParts<T, A>(sizeof(T) == 8 ? detail::clamped(x, -750, 720) : detail::clamped(x, -110, 90)));
}
namespace detail {

/// e^-|x| = e + e_lost and 1 / (1 + e^-x) = q + q_lost, each rounded less than once in all; `parts` make e where it is
/// negligible beside 1, and perhaps subnormal.
template <class T, class A>
struct SigmoidParts {
    using P = xsimd::batch<T, A>;
    P minus_magnitude;
    ExpParts<T, A> parts;
    P q, q_lost;

    GRAM_INLINE explicit SigmoidParts(const P& x)
        : minus_magnitude(sizeof(T) == 8 ? clamped(P(T(0)) - simd::abs(x), -760, 0)
                                         : clamped(P(T(0)) - simd::abs(x), -120, 0)),
          parts(minus_magnitude) {
        const P one = P(T(1)), zero = P(T(0));
        const P scale = power_of_two(simd::select(negligible(), zero, parts.n));
        const P e = simd::fma(parts.reduced_minus_one, scale, scale);
        const P e_lost = simd::fma(parts.reduced_minus_one, scale, scale - e);
        const P sum = one + e, sum_lost = (e - (sum - one)) + e_lost;
        const auto below = x < zero;
        const P numerator = simd::select(below, e, one), inverse = one / sum;
        q = numerator * inverse;
        q_lost = (simd::fnma_exact(q, sum, numerator) + simd::select(below, e_lost, zero) - q * sum_lost) * inverse;
    }
    GRAM_INLINE auto negligible() const { return minus_magnitude < P(T(-40)); }
};

}  // namespace detail

/// 1 / (1 + e^-x), within 1.25 ulp, down to subnormal results: e / (1 + e) or 1 / (1 + e) with e = e^-|x|, where what e
/// and the sum lose in rounding is carried along.
template <class T, class A>
inline xsimd::batch<T, A> sigmoid(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const detail::SigmoidParts<T, A> s(x);
    const P y = s.q + s.q_lost;
    if (!simd::any(s.negligible())) return y;
    return simd::select(s.negligible(), simd::select(x < P(T(0)), detail::joined(s.parts), P(T(1))), y);
}
/// x / (1 + e^-x), within 1.5 ulp, down to subnormal results; -0 at -infinity.
template <class T, class A>
inline xsimd::batch<T, A> silu(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const detail::SigmoidParts<T, A> s(x);
    const P head = x * s.q, y = head + simd::fma(x, s.q_lost, simd::fma_exact(x, s.q, P(T(0)) - head));
    const auto safe = simd::abs(x) > P(T(sizeof(T) == 8 ? 1e-290 : 1e-30));  // what head loses may be subnormal
    const P small = simd::select(safe, y, head);
    if (!simd::any(s.negligible())) return small;
    // m e^m for m = -|x|; the product with what e^m is beyond a power of two is rounded once.
    const P& m = s.minus_magnitude;
    const P tail = detail::times_power_of_two(simd::fma(m, s.parts.reduced_minus_one, m), s.parts.n);
    return simd::select(s.negligible(), simd::select(x < P(T(0)), tail, x), small);
}

/// Hyperbolic tangent, within 2 ulp: -d / (2 + d) with d = e^(-2|x|) - 1.
template <class T, class A>
inline xsimd::batch<T, A> tanh(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P magnitude = simd::min(P(sizeof(T) == 8 ? T(22) : T(11)), simd::abs(x)), two = P(T(2)), one = P(T(1));
    const detail::ExpParts<T, A> parts(magnitude * P(T(-2)));
    const P scale = detail::power_of_two(parts.n), head = scale - one;  // exact
    const P d = simd::fma(parts.reduced_minus_one, scale, head);
    const P d_lost = simd::fma(parts.reduced_minus_one, scale, head - d);
    const P sum = two + d, sum_lost = (d - (sum - two)) + d_lost;
    const P inverse = one / sum, q = P(T(0)) - d * inverse;
    const P y = simd::fma(simd::fnma_exact(q, sum, P(T(0)) - d) - (d_lost + q * sum_lost), inverse, q);
    return simd::select(x < P(T(0)), P(T(0)) - y, simd::select(x == P(T(0)), x, y));
}

/// e^x - 1, within 2 ulp, also for the smallest x.
template <class T, class A>
inline xsimd::batch<T, A> expm1(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const detail::ExpParts<T, A> parts(sizeof(T) == 8 ? detail::clamped(x, -60, 720) : detail::clamped(x, -40, 90));
    // 2^n (e^r - 1) + (2^n - 1); the last few powers are held back, because 2^n itself overflows before the result.
    const P high = sizeof(T) == 8 ? P(T(1000)) : P(T(100));
    const P first = simd::min(parts.n, high);
    const P scale = detail::power_of_two(first), rest = detail::power_of_two(parts.n - first);
    const P one = P(T(1)) / rest;
    const P result = simd::fma(parts.reduced_minus_one, scale, scale - one) * rest;
    return simd::select(x == P(T(0)), x, result);  // keeps the sign of zero
}

}  // namespace gram::simd
