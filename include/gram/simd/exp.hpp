/// Exponential functions on packs: exp, expm1, tanh, sigmoid, silu.
///
/// Where numbers can be looked up, by exp_lookup.hpp. Elsewhere x = n ln 2 + r with |r| <= ln(2) / 2, e^r by its Taylor
/// polynomial, 2^n put together from exponent bits. Cody and Waite's two-part ln 2 keeps r accurate where there is no
/// fused multiply-add. What a rounded product loses is computed exactly (fma_exact), so that the bounds are the same
/// with and without one.
#pragma once

#include "gram/simd/exp_lookup.hpp"
#include "gram/simd/polynomial.hpp"

namespace gram::simd {
namespace detail {

/// 2^n for integral lanes n between the smallest and the largest normal exponent.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> power_of_two(const xsimd::batch<T, A>& n) {
    using P = xsimd::batch<T, A>;
    if constexpr (has_lookup<A>) {
        return scaled(P(T(1)), n);
    } else {
        // 1.5 * 2^mantissa pushes n into the lowest bits.
        constexpr int mantissa = sizeof(T) == 8 ? 52 : 23, bias = sizeof(T) == 8 ? 1023 : 127;
        const P shifted = n + P(sizeof(T) == 8 ? static_cast<T>(0x1.8p52) : static_cast<T>(0x1.8p23));
        return from_bits<T, A>((bits_of(shifted) + bias) << mantissa);
    }
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
    if constexpr (has_lookup<A>) {
        return scaled(y, n);
    } else {
        const xsimd::batch<T, A> half = xsimd::nearbyint(n * xsimd::batch<T, A>(T(0.5)));
        return y * power_of_two(half) * power_of_two(n - half);
    }
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
    const auto y = sizeof(T) == 8 ? detail::clamped(x, -750, 720) : detail::clamped(x, -110, 90);
    if constexpr (has_lookup<A>) {
        return detail::ExpByLookup<T, A>::of(y).value();
    } else {
        return detail::joined(detail::ExpParts<T, A>(y));
    }
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

/// The same where numbers can be looked up: 1 / (1 + e^-x) = 2^floor(n) (numerator + numerator_lost) / (sum +
/// sum_lost), whatever its size.
template <class T, class A>
struct SigmoidByLookup {
    using P = xsimd::batch<T, A>;
    P numerator, numerator_lost, sum, sum_lost, n;

    GRAM_INLINE explicit SigmoidByLookup(const P& x) {
        const P one = P(T(1)), zero = P(T(0));
        const auto parts = ExpByLookup<T, A>::of(simd::max(lowest(), x | P(T(-0.0))));
        const P beyond = parts.beyond(), head = parts.high + beyond, head_lost = (parts.high - head) + beyond;
        const P e = scaled(head, parts.n);
        sum = one + e;
        sum_lost = (e - (sum - one)) + scaled(head_lost, parts.n);
        const auto below = x < zero;
        numerator = simd::select(below, head, one);
        numerator_lost = simd::select(below, head_lost, zero);
        n = simd::select(below, parts.n, zero);
    }
    static GRAM_INLINE P lowest() { return P(sizeof(T) == 8 ? T(-760) : T(-120)); }
    /// What the quotient is beyond q, of which numerator - q sum is left; few digits of it count.
    GRAM_INLINE P beyond(const P& q, const P& left) const {
        return simd::fnma(q, sum_lost, left + numerator_lost) * rough_inverse(sum);
    }
};

/// e^x - 1 = d + d_lost for x from -44 to 0.
template <class T, class A>
struct ExpMinusOne {
    using P = xsimd::batch<T, A>;
    P d, d_lost;

    GRAM_INLINE explicit ExpMinusOne(const P& x) {
        P head, tail;
        if constexpr (has_lookup<A>) {
            // So few bits of 2^(k/16) that the difference to 1 is exact.
            const auto parts = ExpByLookup<T, A>::of(x);
            using Word = typename BitsOf<T, A>::Word;
            constexpr Word upper = static_cast<Word>(~Word{0} << (sizeof(T) == 8 ? 40 : 16));
            const P few = from_bits<T, A>(bits_of(parts.high) & upper);
            head = scaled(few, parts.n) - P(T(1));
            tail = scaled(simd::fma(parts.high, parts.growth, (parts.high - few) + parts.low), parts.n);
            d = head + tail;
            d_lost = (head - d) + tail;
        } else {
            const ExpParts<T, A> parts(x);
            tail = power_of_two(parts.n);
            head = tail - P(T(1));  // exact
            d = simd::fma(parts.reduced_minus_one, tail, head);
            d_lost = simd::fma(parts.reduced_minus_one, tail, head - d);
        }
    }
};

}  // namespace detail

/// 1 / (1 + e^-x), within 1.25 ulp, down to subnormal results: e / (1 + e) or 1 / (1 + e) with e = e^-|x|, where what e
/// and the sum lose in rounding is carried along.
template <class T, class A>
inline xsimd::batch<T, A> sigmoid(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    if constexpr (has_lookup<A>) {
        const detail::SigmoidByLookup<T, A> s(x);
        const P q = s.numerator / s.sum;
        return detail::times_power_of_two(q + s.beyond(q, P(T(0))), s.n);
    } else {
        const detail::SigmoidParts<T, A> s(x);
        const P y = s.q + s.q_lost;
        if (!simd::any(s.negligible())) return y;
        return simd::select(s.negligible(), simd::select(x < P(T(0)), detail::joined(s.parts), P(T(1))), y);
    }
}

namespace detail {
/// x q with what it loses and with q_lost.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> times_sigmoid(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& q,
                                             const xsimd::batch<T, A>& q_lost) {
    using P = xsimd::batch<T, A>;
    const P head = x * q, y = head + simd::fma(x, q_lost, simd::fma_exact(x, q, P(T(0)) - head));
    const auto safe = simd::abs(x) > P(T(sizeof(T) == 8 ? 1e-290 : 1e-30));  // what head loses may be subnormal
    return simd::select(safe, y, head);
}
}  // namespace detail

/// x / (1 + e^-x), within 1.5 ulp, down to subnormal results; -0 at -infinity.
template <class T, class A>
inline xsimd::batch<T, A> silu(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    if constexpr (has_lookup<A>) {
        const detail::SigmoidByLookup<T, A> s(x);
        const P q = s.numerator / s.sum, q_lost = s.beyond(q, simd::fnma(q, s.sum, s.numerator));
        const P y = detail::times_sigmoid(simd::max(s.lowest(), x), q, q_lost);
        return simd::select(x > P(T(40)), x, detail::times_power_of_two(y, s.n));
    } else {
        const detail::SigmoidParts<T, A> s(x);
        const P small = detail::times_sigmoid(x, s.q, s.q_lost);
        if (!simd::any(s.negligible())) return small;
        // m e^m for m = -|x|; the product with what e^m is beyond a power of two is rounded once.
        const P& m = s.minus_magnitude;
        const P tail = detail::times_power_of_two(simd::fma(m, s.parts.reduced_minus_one, m), s.parts.n);
        return simd::select(s.negligible(), simd::select(x < P(T(0)), tail, x), small);
    }
}

/// Hyperbolic tangent, within 2 ulp: -d / (2 + d) with d = e^(-2|x|) - 1.
template <class T, class A>
inline xsimd::batch<T, A> tanh(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P magnitude = simd::min(P(sizeof(T) == 8 ? T(22) : T(11)), simd::abs(x)), two = P(T(2));
    const detail::ExpMinusOne<T, A> e(magnitude * P(T(-2)));
    const P sum = two + e.d, sum_lost = (e.d - (sum - two)) + e.d_lost;
    const P inverse = P(T(1)) / sum, q = P(T(0)) - e.d * inverse;
    const P y = simd::fma(simd::fnma_exact(q, sum, P(T(0)) - e.d) - simd::fma(q, sum_lost, e.d_lost), inverse, q);
    return detail::with_sign_of(y, x);
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
