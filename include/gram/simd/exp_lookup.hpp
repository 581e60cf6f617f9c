/// The exponential function where numbers can be looked up: x = n ln 2 + r for a multiple n of 1/16 and |r| <= ln(2) /
/// 32, e^x = 2^floor(n) (2^(k/16) e^r). The coefficients are Chebyshev interpolants computed with 60 digits; their own
/// error is below 1/10 ulp.
#pragma once

#include "gram/simd/lookup.hpp"
#include "gram/simd/polynomial.hpp"

namespace gram::simd::detail {

/// 2^(k/16) in two parts, the second what the first loses in rounding.
template <class T>
struct ExpTable;
template <>
struct ExpTable<double> {
    alignas(64) static constexpr double high[16] = {1.0,
                                                    1.0442737824274138,
                                                    1.0905077326652577,
                                                    1.1387886347566916,
                                                    1.189207115002721,
                                                    1.241857812073484,
                                                    1.2968395546510096,
                                                    1.3542555469368927,
                                                    1.4142135623730951,
                                                    1.4768261459394993,
                                                    1.5422108254079407,
                                                    1.6104903319492543,
                                                    1.681792830507429,
                                                    1.7562521603732995,
                                                    1.8340080864093424,
                                                    1.9152065613971474};
    alignas(64) static constexpr double low[16] = {0.0,
                                                   8.551889705537965e-17,
                                                   -3.046782079812471e-17,
                                                   8.912812676025408e-17,
                                                   3.982015231465646e-17,
                                                   4.658027591836937e-17,
                                                   2.5382502794888315e-17,
                                                   7.70094837980299e-17,
                                                   -9.667293313452913e-17,
                                                   -3.483994556892796e-17,
                                                   7.949834809697621e-17,
                                                   2.4707192569797888e-17,
                                                   8.199010020581497e-17,
                                                   2.960140695448873e-17,
                                                   3.283107224245627e-17,
                                                   -1.0619946056195963e-16};
};
template <>
struct ExpTable<float> {
    alignas(64) static constexpr float high[16] = {
        1.0F,       1.0442737F, 1.0905077F, 1.1387886F, 1.1892071F, 1.2418578F, 1.2968396F, 1.3542556F,
        1.4142135F, 1.4768262F, 1.5422108F, 1.6104903F, 1.6817929F, 1.7562522F, 1.8340081F, 1.9152066F};
    alignas(64) static constexpr float low[16] = {
        0.0F,          4.83347e-08F,    -1.307754e-08F,  5.3862223e-08F, 3.7976353e-08F,
        4.496838e-08F, -4.0189995e-08F, -1.0123349e-08F, 2.4203235e-08F, -4.500899e-08F,
        8.070905e-09F, 9.836217e-09F,   -2.4755327e-08F, -9.23577e-09F,  -1.1239278e-08F,
        9.845328e-09F};
};

/// e^x = 2^floor(n) (high + low) (1 + growth), where high + low = 2^(n - floor(n)) with low the rounding error of high.
template <class T, class A>
struct ExpByLookup {
    using P = xsimd::batch<T, A>;
    P n, high, low, growth;

    /// |x| up to 760 (f32: 120).
    static GRAM_INLINE ExpByLookup of(const P& x) {
        const P key = simd::fma(x, P(static_cast<T>(1.4426950408889634)), magic()), n = key - magic();
        return {n, key, rest(x, n)};
    }
    /// Of x + lost, for a lost part that is small beside 1.
    static GRAM_INLINE ExpByLookup of(const P& x, const P& lost) {
        const P key = simd::fma(x, P(static_cast<T>(1.4426950408889634)), magic()), n = key - magic();
        return {n, key, rest(x, n) + lost};
    }
    /// 2^x; |x| up to 1100 (f32: 160).
    static GRAM_INLINE ExpByLookup base_two(const P& x) {
        const P key = x + magic(), n = key - magic();
        return {n, key, (x - n) * P(static_cast<T>(0.69314718055994530942))};  // x - n is exact
    }

    /// e^x.
    GRAM_INLINE P value() const { return scaled(high + beyond(), n); }
    /// What e^x / 2^floor(n) is beyond `high`.
    GRAM_INLINE P beyond() const { return simd::fma(high, growth, low); }

private:
    GRAM_INLINE ExpByLookup(const P& sixteenths, const P& key, const P& r)
        : n(sixteenths), high(lookup(ExpTable<T>::high, key)), low(lookup(ExpTable<T>::low, key)) {
        P tail;
        if constexpr (sizeof(T) == 8) {
            tail = polynomial_of_pairs(r, 0.0001984146378747018, 0.0013889063440655327, 0.00833333333299209,
                                       0.041666666663595475, 0.16666666666666669, 0.5000000000000001);
        } else {
            tail = polynomial_of_pairs(r, 0.041667156, 0.16666959, 0.5);
        }
        growth = simd::fma(r * r, tail, r);
    }
    /// Pushes sixteenths into the lowest bits.
    static GRAM_INLINE P magic() { return P(sizeof(T) == 8 ? static_cast<T>(0x1.8p48) : static_cast<T>(0x1.8p19)); }
    /// x - n ln 2: the first of the fused operations is exact.
    static GRAM_INLINE P rest(const P& x, const P& n) {
        const P part(sizeof(T) == 8 ? static_cast<T>(2.3190468138462996e-17) : static_cast<T>(-1.9046543e-09));
        return simd::fnma(n, part, simd::fnma(n, P(static_cast<T>(0.69314718055994530942)), x));
    }
};

}  // namespace gram::simd::detail
