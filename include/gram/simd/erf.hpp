/// The error function on packs.
///
/// Up to 1 by a polynomial in x²; beyond, erf(x) = 1 - e^(-x²) Q(s) with a polynomial in s = (x - c) / (x + c). The
/// coefficients are Chebyshev interpolants computed with 50 digits; their own error is below 1/15 ulp.
#pragma once

#include "gram/simd/basic.hpp"
#include "gram/simd/exp.hpp"

namespace gram::simd {
namespace detail {

/// erf(x) / x - 1 for t = x² in [0, 1].
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> erf_core(const xsimd::batch<T, A>& t) {
    if constexpr (sizeof(T) == 8) {
        return polynomial(t, -7.795898827002142e-10, 1.3720064546777686e-08, -1.6208483801871705e-07,
                          1.6447424703317362e-06, -1.492473690741966e-05, 0.00012055294904839707,
                          -0.0008548325975389692, 0.0052239776071164225, -0.02686617064323777, 0.11283791670945006,
                          -0.37612638903183543, 0.12837916709551256);
    } else {
        return polynomial(t, 7.87587506e-05, -0.000801686429, 0.00518908742, -0.026854212, 0.112835947, -0.376126267,
                          0.128379166);
    }
}

/// e^(x²) (1 - erf(x)) for x from 1 to where erf is 1.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> erf_tail(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P center = sizeof(T) == 8 ? P(T(3)) : P(T(2));
    const P s = (x - center) / (x + center);
    if constexpr (sizeof(T) == 8) {
        return polynomial(s, 1.2801900862962662e-06, 2.023603179641757e-06, -8.008021319412685e-06,
                          -1.284889451252353e-05, 6.406182073530546e-05, 4.525472635483354e-05, -0.0005970623517093284,
                          0.0007077464443901538, 0.004269136347508256, -0.024392499318273194, 0.07166583719774874,
                          -0.15011593650078744, 0.24560380171233195, -0.32623356004303716, 0.17900115118138996);
    } else {
        return polynomial(s, -0.000819692668, 0.00681428716, 0.00372986611, -0.0789686504, 0.241658284, -0.427185983,
                          0.255395676);
    }
}

}  // namespace detail

/// The error function, within 1 ulp.
template <class T, class A>
inline xsimd::batch<T, A> erf(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P magnitude = simd::min(P(sizeof(T) == 8 ? T(6) : T(3.95)), simd::abs(x));
    const P near = simd::fma(x, detail::erf_core(x * x), x);
    const auto small = magnitude <= P(T(1));
    if (simd::all(small)) return near;
    const P one = P(T(1)), square = magnitude * magnitude;
    const P far = simd::fnma(simd::exp(P(T(0)) - square), detail::erf_tail(simd::max(one, magnitude)), one);
    return simd::select(small, near, simd::select(x < P(T(0)), P(T(0)) - far, far));
}

}  // namespace gram::simd
