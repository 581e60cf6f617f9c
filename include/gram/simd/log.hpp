/// The natural logarithm on packs.
///
/// x = 2^n m with m around 1. Where numbers can be looked up: log x = n ln 2 - log c + log(c m) with one of 16
/// constants c close to 1 / m, which is 1 around m = 1, and a polynomial in r = c m - 1. Elsewhere with f = m - 1 and
/// s = f / (2 + f): log(1 + f) = f - f²/2 + s (f²/2 + R(s²)). The coefficients are Chebyshev interpolants computed with
/// 60 digits; their own error is below 1/20 ulp.
#pragma once

#include <limits>

#include "gram/simd/exp.hpp"
#include "gram/simd/lookup.hpp"

namespace gram::simd {
namespace detail {

/// c, and -log c in two parts, the first a multiple of
/// 2^-42 (f32: 2^-16) as is that of ln 2: n of them sum exactly.
template <class T>
struct LogTable;
template <>
struct LogTable<double> {
    alignas(64) static constexpr double c[16] = {1.0,        0.9140625, 0.86328125, 0.8203125,  0.78125,    0.74609375,
                                                 0.7109375,  0.6796875, 1.3046875,  1.25390625, 1.20703125, 1.1640625,
                                                 1.12109375, 1.0859375, 1.05078125, 1.0};
    alignas(64) static constexpr double high[16] = {0.0,
                                                    0.08985632912185793,
                                                    0.14701474296180095,
                                                    0.19806991376208316,
                                                    0.2468600779316148,
                                                    0.29290401643288533,
                                                    0.3411707574027787,
                                                    0.3861221452650625,
                                                    -0.2659635484972114,
                                                    -0.22626367865041175,
                                                    -0.18816383241824042,
                                                    -0.15191604202573217,
                                                    -0.11430477128010352,
                                                    -0.08244366921098845,
                                                    -0.04953393512232651,
                                                    0.0};
    alignas(64) static constexpr double low[16] = {0.0,
                                                   3.1218748807418837e-15,
                                                   8.710783796122478e-15,
                                                   1.0634128304268335e-14,
                                                   -8.899851356560444e-14,
                                                   4.727452940514406e-14,
                                                   -1.156568624616423e-14,
                                                   -2.9052332860840534e-14,
                                                   7.343591369867797e-14,
                                                   -4.1641267302872263e-14,
                                                   5.743078393200756e-14,
                                                   -1.0980754099855238e-13,
                                                   4.488953352238699e-14,
                                                   -8.614512936087814e-14,
                                                   4.9880309107981426e-14,
                                                   0.0};
    static constexpr double ln2_high = 0.6931471805598903, ln2_low = 5.497923018708371e-14;
};
template <>
struct LogTable<float> {
    alignas(64) static constexpr float c[16] = {
        1.0F,       0.9140625F,  0.86328125F, 0.8203125F, 0.78125F,    0.74609375F, 0.7109375F,  0.6796875F,
        1.3046875F, 1.25390625F, 1.20703125F, 1.1640625F, 1.12109375F, 1.0859375F,  1.05078125F, 1.0F};
    alignas(64) static constexpr float high[16] = {
        0.0F,        0.08985901F,  0.14701843F,  0.19807434F, 0.24685669F,  0.2929077F,   0.34117126F,  0.38612366F,
        -0.2659607F, -0.22625732F, -0.18817139F, -0.1519165F, -0.11430359F, -0.08244324F, -0.04953003F, 0.0F};
    alignas(64) static constexpr float low[16] = {0.0F,
                                                  -2.6796672e-06F,
                                                  -3.6896554e-06F,
                                                  -4.4270582e-06F,
                                                  3.3884785e-06F,
                                                  -3.6984109e-06F,
                                                  -5.0724566e-07F,
                                                  -1.5119615e-06F,
                                                  -2.8551378e-06F,
                                                  -6.3544317e-06F,
                                                  7.5543007e-06F,
                                                  4.618804e-07F,
                                                  -1.1824129e-06F,
                                                  -4.319064e-07F,
                                                  -3.9058255e-06F,
                                                  0.0F};
    static constexpr float ln2_high = 0.69314575F, ln2_low = 1.4286068e-06F;
};

/// Zero gives -infinity, infinity itself and negative numbers NaN, by the instructions and what follows from them.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> log_by_lookup(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    using Table = LogTable<T>;
    const P m = mantissa(x), n = exponent(x) - exponent(m);
    const P key = from_bits<T, A>(bits_of(m) >> (sizeof(T) == 8 ? 48 : 19));
    const P r = simd::fma(m, lookup(Table::c, key), P(T(-1)));
    const P head = simd::fma(n, P(Table::ln2_high), lookup(Table::high, key));
    const P low = simd::fma(n, P(Table::ln2_low), lookup(Table::low, key));
    P q;
    if constexpr (sizeof(T) == 8) {
        q = polynomial_of_pairs(r, 0.080317871749449, -0.09973268871285426, 0.11112796808946702, -0.12500070605404237,
                                0.14285713556435542, -0.16666666623882906, 0.20000000000085377, -0.25000000000006367,
                                0.3333333333333333, -0.5);
    } else {
        q = polynomial_of_pairs(r, -0.15828823, 0.20010558, -0.2500072, 0.3333333, -0.5);
    }
    // |head| is 0 or larger than |r|, so that what their sum loses is exact; beside infinity it is a NaN, which min
    // drops.
    const P sum = head + r, lost = simd::min(r - (sum - head), P(T(1)));
    return sum + simd::fma(r * r, q, low + lost);
}

/// Of positive normal numbers.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> log_of_normal(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    using Word = typename BitsOf<T, A>::Word;
    constexpr int mantissa_bits = sizeof(T) == 8 ? 52 : 23;
    constexpr Word fraction = (Word{1} << mantissa_bits) - 1;
    // The bits of sqrt(1/2) fall on those of a power of two, so that m is from there to sqrt(2).
    constexpr Word root = sizeof(T) == 8 ? static_cast<Word>(0x3fe6a09e667f3bcdU) : static_cast<Word>(0x3f3504f3U);
    const auto shifted = bits_of(x) - root;
    const P m = from_bits<T, A>((shifted & fraction) + root);
    // The exponent, which may be negative, is added to the lowest bits of 2^mantissa_bits and a bias.
    constexpr Word bias = Word{1} << (8 * sizeof(T) - 1 - mantissa_bits);
    const P magic(sizeof(T) == 8 ? static_cast<T>(0x1p52) : static_cast<T>(0x1p23));
    const auto count = ((shifted + (bias << mantissa_bits)) >> mantissa_bits) & (2 * bias - 1);
    const P n = from_bits<T, A>(count | bits_of(magic)) - (magic + P(static_cast<T>(bias)));
    const P f = m - P(T(1)), s = f / (m + P(T(1))), z = s * s, half = f * f * P(T(0.5));
    P q;
    if constexpr (sizeof(T) == 8) {
        q = polynomial(z, 0.14616449685043406, 0.15331721600556042, 0.18182889125261723, 0.2222221113479508,
                       0.28571428625975487, 0.39999999999899505, 0.666666666666667);
    } else {
        q = polynomial(z, 0.2957995, 0.3998878, 0.66666687);
    }
    const P low = simd::fma(n, P(LogTable<T>::ln2_low), s * simd::fma(z, q, half));
    return simd::fma(n, P(LogTable<T>::ln2_high), f - (half - low));
}

}  // namespace detail

/// Natural logarithm, within 1 ulp.
template <class T, class A>
inline xsimd::batch<T, A> log(const xsimd::batch<T, A>& x) {
    if constexpr (has_lookup<A>) {
        return detail::log_by_lookup(x);
    } else {
        using P = xsimd::batch<T, A>;
        const P lowest(std::numeric_limits<T>::min()), infinite(std::numeric_limits<T>::infinity()), zero(T(0));
        if (simd::all((x >= lowest) & (x < infinite))) return detail::log_of_normal(x);
        // Subnormal numbers are lifted into the normal range first.
        const auto tiny = x < lowest;
        const P lift(sizeof(T) == 8 ? T(0x1p54) : T(0x1p25));
        const P lift_log(sizeof(T) == 8 ? T(37.429947750237048) : T(17.328679513998633));
        const P y = detail::log_of_normal(simd::select(tiny, x * lift, x));
        const P finite = simd::select(tiny, y - lift_log, y);
        const P far = simd::select(x < zero, P(std::numeric_limits<T>::quiet_NaN()), x);  // infinity and NaN stay
        const P edge = simd::select(x == zero, zero - infinite, far);
        return simd::select((x > zero) & (x < infinite), finite, edge);
    }
}

}  // namespace gram::simd
