/// Instructions that take numbers apart and look them up in tables: what AVX-512 has and the others lack.
///
/// Code that calls them stands behind `if constexpr (has_lookup<A>)`.
#pragma once

#include "gram/simd/exact.hpp"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 calls the undefined pass-through operands inside its own AVX-512 intrinsics uninitialised (GCC PR 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace gram::simd {

/// True where the functions of this file exist.
template <class A>
inline constexpr bool has_lookup =
#if defined(__AVX512F__)
    std::is_base_of_v<xsimd::avx512f, A>;
#else
    false;
#endif

namespace detail {

#if defined(__AVX512F__)
/// table[k] for the four lowest bits k of each lane of `key`; with Entries = 8 for the three lowest bits.
template <int Entries = 16, class A>
GRAM_INLINE xsimd::batch<double, A> lookup(const double (&table)[16], const xsimd::batch<double, A>& key) {
    if constexpr (Entries == 8) return _mm512_permutexvar_pd(_mm512_castpd_si512(key), _mm512_load_pd(table));
    return _mm512_permutex2var_pd(_mm512_load_pd(table), _mm512_castpd_si512(key), _mm512_load_pd(table + 8));
}
template <int Entries = 16, class A>
GRAM_INLINE xsimd::batch<float, A> lookup(const float (&table)[16], const xsimd::batch<float, A>& key) {
    return _mm512_permutexvar_ps(_mm512_castps_si512(key), _mm512_load_ps(table));
}
/// x 2^floor(n), rounded once, from subnormal results to overflow.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> scaled(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& n) {
    if constexpr (sizeof(T) == 8) {
        return _mm512_scalef_pd(x, n);
    } else {
        return _mm512_scalef_ps(x, n);
    }
}
/// floor(log2(|x|)), also of subnormal numbers; -infinity of 0, infinity of infinities.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> exponent(const xsimd::batch<T, A>& x) {
    if constexpr (sizeof(T) == 8) {
        return _mm512_getexp_pd(x);
    } else {
        return _mm512_getexp_ps(x);
    }
}
/// x times the power of two that brings it into [3/4, 3/2); NaN of negative numbers, ±1 of zeros, 1 of infinity.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> mantissa(const xsimd::batch<T, A>& x) {
    if constexpr (sizeof(T) == 8) {
        return _mm512_getmant_pd(x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_nan);
    } else {
        return _mm512_getmant_ps(x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_nan);
    }
}
/// 1 / x with a relative error of 2^-14.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> rough_inverse(const xsimd::batch<T, A>& x) {
    if constexpr (sizeof(T) == 8) {
        return _mm512_rcp14_pd(x);
    } else {
        return _mm512_rcp14_ps(x);
    }
}
#endif

}  // namespace detail
}  // namespace gram::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
