/// Sine, cosine and the inverse trigonometric functions on packs.
///
/// The coefficients are Chebyshev interpolants computed with 50 digits; their own error is below 1/6 ulp.
#pragma once

#include <cmath>

#include "gram/simd/exact.hpp"
#include "gram/simd/exp.hpp"

namespace gram::simd {
namespace detail {

/// y where |x| is at most 4096, f(x) by the standard library, slowly, in the other lanes (also of NaN): the result of a
/// lane does not depend on its neighbours.
template <class T, class A, class F>
inline xsimd::batch<T, A> with_far_lanes(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& y, F f) {
    constexpr index_t w = width<T, A>;
    T lanes[w], results[w];
    x.store_unaligned(lanes);
    y.store_unaligned(results);
    for (index_t i = 0; i < w; ++i)
        if (!(std::abs(lanes[i]) <= T(4096))) results[i] = f(lanes[i]);
    return xsimd::batch<T, A>::load_unaligned(results);
}

/// Beyond this the reduction to a quadrant is no longer exact. NaN counts as beyond.
template <class T, class A>
GRAM_INLINE bool exceeds_trigonometric_range(const xsimd::batch<T, A>& x) {
    return !simd::all(simd::abs(x) <= xsimd::batch<T, A>(T(4096)));
}

/// x = n pi/2 + r + r_lost with |r| <= pi/4, for x up to 4096. All parts of pi/2 but the last have so few bits that n
/// times them is exact, with or without fused multiply-add.
template <class T, class A>
struct Quadrant {
    xsimd::batch<T, A> r, r_lost;
    typename BitsOf<T, A>::type n;  // its two lowest bits count

    GRAM_INLINE explicit Quadrant(const xsimd::batch<T, A>& x) {
        using P = xsimd::batch<T, A>;
        // 1.5 * 2^mantissa pushes the whole number into the lowest bits.
        const P magic(sizeof(T) == 8 ? static_cast<T>(0x1.8p52) : static_cast<T>(0x1.8p23));
        const P shifted = simd::fma(x, P(static_cast<T>(0.63661977236758134)), magic), count = shifted - magic;
        n = bits_of(shifted);
        P rest, part, last;
        if constexpr (sizeof(T) == 8) {
            rest = simd::fnma(count, P(T(0x1.921fb54442000p0)), x);
            part = count * P(T(0x1.a308d31318000p-41));
            last = count * P(T(0x1.8a2e03707344ap-81));
        } else {
            rest = simd::fnma(count, P(T(-37 * 0x1p-23)), simd::fnma(count, P(T(3217 * 0x1p-11)), x));
            part = count * P(T(-1502 * 0x1p-35));
            last = count * P(T(2.563344151594518788e-12));
        }
        const P sum = rest - part, low = ((rest - sum) - part) - last;
        r = sum + low;
        r_lost = (sum - r) + low;
    }
};

/// sin(r + q pi/2) by the two lowest bits of q, times the sign in the lanes of `sign`.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> sine_of_quadrant(const Quadrant<T, A>& x, const typename BitsOf<T, A>::type& q,
                                                const typename BitsOf<T, A>::type& sign) {
    using P = xsimd::batch<T, A>;
    const P z = x.r * x.r, one = P(T(1)), half_z = z * P(T(0.5));
    P s, c;
    if constexpr (sizeof(T) == 8) {
        s = polynomial(z, 1.591777175934168813e-10, -2.505112687608533364e-8, 2.755731607868067059e-6,
                       -0.0001984126983671249438, 0.008333333333330917988, -0.1666666666666666459);
        c = polynomial(z, -1.138240875415311211e-11, 2.087614315990943625e-9, -2.755731725679604055e-7,
                       0.00002480158729873686147, -0.001388888888888737816, 0.04166666666666666537);
    } else {
        s = polynomial(z, 2.7249146797e-6, -0.0001984008072, 0.0083333318636, -0.16666666664);
        c = polynomial(z, 2.4547299172e-5, -0.0013888300057, 0.041666664644);
    }
    const P head = one - half_z;
    const P sine = x.r + simd::fma(x.r * z, s, x.r_lost);
    const P cosine = head + simd::fma(z * z, c, simd::fnma(x.r, x.r_lost, (one - head) - half_z));
    const auto odd = -(q & 1);
    return from_bits<T, A>(((bits_of(cosine) & odd) | (bits_of(sine) & ~odd)) ^ sign ^
                           ((q & 2) << (8 * sizeof(T) - 2)));
}

/// (asin(s) / s - 1) / s² for z = s² in [0, 1/4].
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> asin_core(const xsimd::batch<T, A>& z) {
    if constexpr (sizeof(T) == 8) {
        return polynomial(z, 0.02877844261277393908, -0.0148814093931000998, 0.01741935796507828527,
                          0.005450878187643824613, 0.01032431828876357777, 0.01147895269025408855,
                          0.01397123530112491746, 0.01735239126590919871, 0.02237217300200559885,
                          0.03038194413708521426, 0.04464285714637338088, 0.0749999999999842426, 0.1666666666666666783);
    } else {
        return polynomial(z, 0.033700726321, 0.017143716819, 0.031101727829, 0.044599319163, 0.075000947612,
                          0.16666666337);
    }
}
/// (atan(t) / t - 1) / t² for z = t² in [0, 1].
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> atan_core(const xsimd::batch<T, A>& z) {
    if constexpr (sizeof(T) == 8) {
        // Two halves, each with signs that alternate: the even and the odd coefficients apart would cancel.
        const xsimd::batch<T, A> z2 = z * z, z4 = z2 * z2, z10 = z4 * z4 * z2;
        const xsimd::batch<T, A> high = polynomial(
            z, 0.00001806194445385872836, -0.0001999617993381016854, 0.001049603104594300492, -0.003495884919650323677,
            0.00836892930096050943, -0.01553515005970408218, 0.02369672926015804185, -0.03127718737310199889,
            0.03749486717620077268, -0.04260356591693631495);
        const xsimd::batch<T, A> low =
            polynomial(z, 0.04737749566017954627, -0.05257973330899020998, 0.05881506877160778887,
                       -0.06666564699203017363, 0.07692298971025006963, -0.0909090859089141461, 0.1111111109349080805,
                       -0.1428571428538413114, 0.199999999999975322, -0.3333333333333333025);
        return simd::fma(high, z10, low);
    } else {
        return polynomial(z, 0.0014886915351, -0.0091446280268, 0.026304998018, -0.04896051106, 0.070319140846,
                          -0.089318267233, 0.11088261619, -0.14284003794, 0.19999949321, -0.33333333081);
    }
}

/// pi/2 = high + low.
template <class T>
inline constexpr T half_pi_high = sizeof(T) == 8 ? T(1.5707963267948966) : T(1.57079637F);
template <class T>
inline constexpr T half_pi_low = sizeof(T) == 8 ? T(6.1232339957367659e-17) : T(-4.37113883e-8F);

}  // namespace detail

/// Sine of x radians, within 1.25 ulp; lanes beyond ±4096 go one by one through the standard library.
template <class T, class A>
inline xsimd::batch<T, A> sin(const xsimd::batch<T, A>& x) {
    const detail::Quadrant<T, A> quadrant(simd::abs(x));
    const auto y = detail::sine_of_quadrant(quadrant, quadrant.n, bits_of(x & xsimd::batch<T, A>(T(-0.0))));
    if (!detail::exceeds_trigonometric_range(x)) return y;
    return detail::with_far_lanes(x, y, [](T v) { return std::sin(v); });
}

/// Cosine of x radians, within 1.25 ulp; lanes beyond ±4096 go one by one through the standard library.
template <class T, class A>
inline xsimd::batch<T, A> cos(const xsimd::batch<T, A>& x) {
    const detail::Quadrant<T, A> quadrant(simd::abs(x));
    const auto y = detail::sine_of_quadrant(quadrant, quadrant.n + 1, typename BitsOf<T, A>::type{});
    if (!detail::exceeds_trigonometric_range(x)) return y;
    return detail::with_far_lanes(x, y, [](T v) { return std::cos(v); });
}

/// Arc sine, within 1.5 ulp; NaN outside of [-1, 1]. Beyond 1/2 it is pi/2 - 2 asin(sqrt((1 - x) / 2)), where 1 - x is
/// exact.
template <class T, class A>
inline xsimd::batch<T, A> asin(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P a = simd::abs(x), half(T(0.5));
    const auto large = a > half;
    const P z = simd::select(large, (P(T(1)) - a) * half, a * a);
    const P s = simd::select(large, simd::sqrt(z), a), rest = s * z * detail::asin_core(z);
    // A quarter of pi at a time, so that the first difference is exact.
    const P quarter(detail::half_pi_high<T> / 2);
    const P turned = ((quarter - (s + s)) - (rest + rest - P(detail::half_pi_low<T>))) + quarter;
    return detail::with_sign_of(simd::select(large, turned, s + rest), x);
}

/// Arc cosine, within 1.5 ulp; NaN outside of [-1, 1]. Up to 1/2 it is pi/2 - asin(x), beyond 2 asin(sqrt((1 - |x|) /
/// 2)) or pi less that.
template <class T, class A>
inline xsimd::batch<T, A> acos(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P a = simd::abs(x), half(T(0.5)), high(detail::half_pi_high<T>), low(detail::half_pi_low<T>);
    const auto large = a > half, below = x < P(T(0));
    const P z = simd::select(large, (P(T(1)) - a) * half, a * a);
    const P s = simd::select(large, simd::sqrt(z), x), rest = s * z * detail::asin_core(z);
    const P twice = s + s, twice_rest = rest + rest;
    const P far = simd::select(below, (high + high - twice) - (twice_rest - (low + low)), twice + twice_rest);
    return simd::select(large, far, (high - s) - (rest - low));
}

/// Arc tangent, within 2 ulp. Beyond 1 it is pi/2 - atan(1 / x).
template <class T, class A>
inline xsimd::batch<T, A> atan(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P a = simd::abs(x), one(T(1));
    const auto large = a > one;
    const P t = simd::select(large, one / a, a), z = t * t, rest = t * z * detail::atan_core(z);
    const P turned = (P(detail::half_pi_high<T>) - t) - (rest - P(detail::half_pi_low<T>));
    return detail::with_sign_of(simd::select(large, turned, t + rest), x);
}

}  // namespace gram::simd
