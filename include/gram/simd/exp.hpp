/// Exponential functions on packs: exp, expm1.
///
/// x = n ln 2 + r with |r| <= ln(2) / 2, e^r by its Taylor polynomial, 2^n put together from exponent bits. Cody and
/// Waite's two-part ln 2 keeps r accurate where there is no fused multiply-add.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "gram/simd/basic.hpp"

namespace gram::simd {
namespace detail {

/// c0 x^n + ... + cn by Horner's rule.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> horner(const xsimd::batch<T, A>&, const xsimd::batch<T, A>& sum) {
    return sum;
}
template <class T, class A, class... Rest>
GRAM_INLINE xsimd::batch<T, A> horner(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& sum, double next,
                                      Rest... rest) {
    return horner(x, simd::fma(sum, x, xsimd::batch<T, A>(static_cast<T>(next))), rest...);
}
template <class T, class A, class... Rest>
GRAM_INLINE xsimd::batch<T, A> polynomial(const xsimd::batch<T, A>& x, double first, Rest... rest) {
    return horner(x, xsimd::batch<T, A>(static_cast<T>(first)), rest...);
}

/// 2^n for integral lanes n between the smallest and the largest normal exponent.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> power_of_two(const xsimd::batch<T, A>& n) {
    using Register = typename xsimd::batch<T, A>::register_type;
    using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    typedef Bits Lanes __attribute__((vector_size(sizeof(Register))));
    // 1.5 * 2^mantissa pushes n into the lowest bits.
    constexpr int mantissa = sizeof(T) == 8 ? 52 : 23;
    constexpr Bits bias = sizeof(T) == 8 ? 1023 : 127;
    const Register shifted =
        n + xsimd::batch<T, A>(sizeof(T) == 8 ? static_cast<T>(0x1.8p52) : static_cast<T>(0x1.8p23));
    const Lanes bits = (std::bit_cast<Lanes>(shifted) + bias) << mantissa;
    return std::bit_cast<Register>(bits);
}

/// n and e^r - 1 with x + low = n ln 2 + r, for a low that is small beside ln 2.
template <class T, class A>
struct ExpParts {
    xsimd::batch<T, A> n, reduced_minus_one;

    GRAM_INLINE explicit ExpParts(const xsimd::batch<T, A>& x,
                                  const xsimd::batch<T, A>& low = xsimd::batch<T, A>(T(0))) {
        using P = xsimd::batch<T, A>;
        n = xsimd::nearbyint(x * P(static_cast<T>(1.4426950408889634)));
        if constexpr (sizeof(T) == 8) {
            const P r = simd::fnma(n, P(1.42860682030941723212e-6), simd::fnma(n, P(0.693145751953125), x)) + low;
            const P q = polynomial(r, 1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0,
                                   1 / 40320.0, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5);
            reduced_minus_one = simd::fma(r * r, q, r);
        } else {
            const P r = simd::fnma(n, P(-2.12194440e-4F), simd::fnma(n, P(0.693359375F), x)) + low;
            const P q = polynomial(r, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5);
            reduced_minus_one = simd::fma(r * r, q, r);
        }
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

/// 2^n e^r.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> joined(const ExpParts<T, A>& parts) {
    using P = xsimd::batch<T, A>;
    // In two steps, because 2^n alone may be out of range; the first is exact.
    const P half = xsimd::nearbyint(parts.n * P(T(0.5)));
    const P first = power_of_two(half);
    return simd::fma(parts.reduced_minus_one, first, first) * power_of_two(parts.n - half);
}
/// e^-(factor x²) for |x| up to 40 (f32: 15) and a factor of 1 or 1/2: the rounding error of x² is taken into account.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> exp_minus_square(const xsimd::batch<T, A>& x, T factor) {
    using P = xsimd::batch<T, A>;
    const P square = x * x, lost = simd::fnma(x, x, square);
    return joined(ExpParts<T, A>(square * P(-factor), lost * P(factor)));
}

}  // namespace detail

/// e^x, within 1 ulp, from subnormal results to overflow.
template <class T, class A>
inline xsimd::batch<T, A> exp(const xsimd::batch<T, A>& x) {
    return detail::joined(
        detail::ExpParts<T, A>(sizeof(T) == 8 ? detail::clamped(x, -750, 720) : detail::clamped(x, -110, 90)));
}
/// 1 / (1 + e^-x), within 2 ulp, down to subnormal results.
template <class T, class A>
inline xsimd::batch<T, A> sigmoid(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P one = P(T(1)), e = simd::exp(P(T(0)) - simd::abs(x));
    return simd::select(x < P(T(0)), e, one) / (one + e);
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
