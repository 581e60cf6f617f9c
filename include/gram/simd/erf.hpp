/// The error function, its complement and gelu on packs.
///
/// Up to 1 by a polynomial in x²; beyond, erf(x) = 1 - e^(-x²) Q(s) with a polynomial in s = (x - c) / (x + c). The
/// coefficients are Chebyshev interpolants computed with 50 digits; their own error is below 1/15 ulp.
#pragma once

#include "gram/simd/basic.hpp"
#include "gram/simd/exp.hpp"
#include "gram/simd/gelu_lookup.hpp"

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

/// factor erfc(x + x_lost) for x >= 0 from e^-(x²), which the caller has at higher accuracy than x² would give: (1 + 2
/// x) e^(x²) erfc(x) is a polynomial in s = (x - c) / (x + c). What s, the polynomial and the quotient lose in rounding
/// is carried along, so that the result is rounded once. Source: Shepherd & Laframboise, Math. Comp. 36 (1981); the
/// coefficients are Chebyshev interpolants computed with 60 digits.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> erfc_from(const ExpParts<T, A>& e, const xsimd::batch<T, A>& x,
                                         const xsimd::batch<T, A>& x_lost, const xsimd::batch<T, A>& factor) {
    using P = xsimd::batch<T, A>;
    const P c = sizeof(T) == 8 ? P(T(3.75)) : P(T(3)), two = P(T(2)), one = P(T(1));
    const P sum = x + c, divisor = simd::fma(x, two, one);
    const P inverse = one / (sum * divisor), inverse_sum = inverse * divisor, inverse_divisor = inverse * sum;
    const P part = sum - x, sum_lost = (x - (sum - part)) + (c - part);
    const P difference = x - c, taken = x - difference, difference_lost = (x - (difference + taken)) - (c - taken);
    const P s = difference * inverse_sum;
    const P s_lost = (simd::fnma_exact(s, sum, difference) + difference_lost - s * sum_lost) * inverse_sum;
    P q, last, last_lost;
    if constexpr (sizeof(T) == 8) {
        q = polynomial(s, 4.4349590700096282602e-10, 3.1103107198391649931e-10, -5.2842869796314205662e-9,
                       -3.7435680336345832166e-9, 3.8965452548985968109e-8, 2.3261913276696567394e-8,
                       -2.5910696877966578529e-7, -5.721597255990987179e-8, 1.7520579701663181024e-6,
                       -9.735619015182663294e-7, -0.000011444412439171723062, 0.000022384240314224438333,
                       0.000051649211390702851871, -0.0002901540809795271307, 0.00029371363428500812575,
                       0.0017556258530017257945, -0.0097465795525042429682, 0.028362277418940664799,
                       -0.058693398590212367225, 0.092304321160378767141, -0.10880393014171785779,
                       0.082276738490145159123, 0.0035854154854637749642, -0.14024059858554696191);
        last = P(T(1.2375126308378275));
        last_lost = P(T(1.0547341749302578e-16));
    } else {
        q = polynomial(s, 3.8917515572e-6, 7.72041393805e-5, -0.000104221177107, -0.000726160801169, 0.00188821570081,
                       0.00249882261139, -0.0237703887114, 0.0683166972944, -0.119273678432, 0.129644091025,
                       -0.0475622938277, -0.135621068221);
        last = P(T(1.253008008F));
        last_lost = P(T(5.02667651e-8F));
    }
    const P p = simd::fma(s, q, last), t = p * inverse_divisor;
    // The slope of p by x, from the differential equation of erfc.
    const P slope = two * simd::fma(x, p, t) - divisor * P(T(1.1283791670955126));
    const P p_lost =
        simd::fma(s, q, last - p) + last_lost + simd::fma(s_lost * sum * sum, P(T(0.5)) / c, x_lost) * slope;
    const P divisor_lost = simd::fma(x, two, one - divisor) + two * x_lost;
    const P t_lost = (simd::fnma_exact(t, divisor, p) + p_lost - t * divisor_lost) * inverse_divisor;
    const P y = t * factor, y_lost = simd::fma(t_lost, factor, simd::fma_exact(t, factor, P(T(0)) - y));
    return times_power_of_two(y + simd::fma(y, e.reduced_minus_one, simd::fma(y_lost, e.reduced_minus_one, y_lost)),
                              e.n);
}

}  // namespace detail

/// 1 - erf(x), within 1.5 ulp, accurate where it is small.
template <class T, class A>
inline xsimd::batch<T, A> erfc(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P magnitude = simd::min(P(sizeof(T) == 8 ? T(28) : T(11)), simd::abs(x));  // 0 beyond; NaN stays
    const P far = detail::erfc_from(detail::exp_minus_square(magnitude, T(1)), magnitude, P(T(0)), P(T(1)));
    const auto small = magnitude < P(T(0.5));
    const P near = P(T(1)) - simd::fma(x, detail::erf_core(x * x), x);
    return simd::select(small, near, simd::select(x < P(T(0)), P(T(2)) - far, far));
}

namespace detail {
/// x Phi(x) by erfc_from.
template <class T, class A>
inline xsimd::batch<T, A> gelu_by_erfc(const xsimd::batch<T, A>& x) {
    using P = xsimd::batch<T, A>;
    const P limit = sizeof(T) == 8 ? P(T(40)) : P(T(15)), half = P(T(0.5));
    const P bounded = simd::max(P(T(0)) - limit, simd::min(limit, x)), magnitude = simd::abs(bounded);
    const P root(sizeof(T) == 8 ? T(0.70710678118654757) : T(0.70710677F));
    const P root_lost(sizeof(T) == 8 ? T(-4.8336466567264567e-17) : T(1.2101617e-8F));
    const P z = bounded * root,
            z_lost = simd::fma(magnitude, root_lost, simd::fma_exact(magnitude, root, P(T(0)) - simd::abs(z)));
    const P near = half * x * (P(T(1)) + simd::fma(z, erf_core(z * z), z));
    const P tail = erfc_from(exp_minus_square(magnitude, T(0.5)), simd::abs(z), z_lost, half * magnitude);
    const P far = simd::select(x < P(T(0)), with_sign_of(tail, x), x - tail);
    return simd::select(magnitude < P(T(0.4)), near, far);
}
}  // namespace detail

/// x Phi(x) with the normal distribution function Phi, within 2 ulp, also where it is small.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> gelu(const xsimd::batch<T, A>& x) {
    if constexpr (has_lookup<A>) {
        return detail::gelu_by_lookup(x);
    } else {
        return detail::gelu_by_erfc(x);
    }
}

/// The error function, within 2 ulp.
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
