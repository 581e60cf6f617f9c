/// Polynomials on packs.
#pragma once

#include "gram/simd/basic.hpp"

namespace gram::simd::detail {

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

/// c0 x^n + ... + cn, long ones as two chains of Horner's rule in x², so that half as many operations wait for each
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

template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> horner_of_pairs(const xsimd::batch<T, A>&, const xsimd::batch<T, A>&,
                                               const xsimd::batch<T, A>& sum) {
    return sum;
}
template <class T, class A, class... Rest>
GRAM_INLINE xsimd::batch<T, A> horner_of_pairs(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& square,
                                               const xsimd::batch<T, A>& sum, double a, double b, Rest... rest) {
    using P = xsimd::batch<T, A>;
    const P pair = simd::fma(P(static_cast<T>(a)), x, P(static_cast<T>(b)));
    return horner_of_pairs(x, square, simd::fma(sum, square, pair), rest...);
}
/// c0 x^n + ... + cn as Horner's rule in x² of the pairs a x + b, none of which waits for another: the shortest chain
/// that takes no more operations, for polynomials whose terms fall off.
template <class T, class A, class... Rest>
GRAM_INLINE xsimd::batch<T, A> polynomial_of_pairs(const xsimd::batch<T, A>& x, double first, double second,
                                                   Rest... rest) {
    using P = xsimd::batch<T, A>;
    const P head(static_cast<T>(first));
    if constexpr (sizeof...(rest) % 2 == 0) {
        return horner_of_pairs(x, x * x, simd::fma(head, x, P(static_cast<T>(second))), rest...);
    } else {
        return horner_of_pairs(x, x * x, head, second, rest...);
    }
}

}  // namespace gram::simd::detail
