/// Smaller and larger lanes with one rule for NaN, whatever xsimd's own order of operands is.
#pragma once

#include <type_traits>

#include "gram/simd/arch.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 calls the undefined pass-through operands inside its own AVX-512 intrinsics uninitialised (GCC PR 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace gram::simd {
namespace detail {

// The instructions of x86 give the second operand when either is NaN.
#if defined(__SSE2__)
GRAM_INLINE __m128 min_register(__m128 a, __m128 b) { return _mm_min_ps(a, b); }
GRAM_INLINE __m128 max_register(__m128 a, __m128 b) { return _mm_max_ps(a, b); }
GRAM_INLINE __m128d min_register(__m128d a, __m128d b) { return _mm_min_pd(a, b); }
GRAM_INLINE __m128d max_register(__m128d a, __m128d b) { return _mm_max_pd(a, b); }
#endif
#if defined(__AVX__)
GRAM_INLINE __m256 min_register(__m256 a, __m256 b) { return _mm256_min_ps(a, b); }
GRAM_INLINE __m256 max_register(__m256 a, __m256 b) { return _mm256_max_ps(a, b); }
GRAM_INLINE __m256d min_register(__m256d a, __m256d b) { return _mm256_min_pd(a, b); }
GRAM_INLINE __m256d max_register(__m256d a, __m256d b) { return _mm256_max_pd(a, b); }
#endif
#if defined(__AVX512F__)
GRAM_INLINE __m512 min_register(__m512 a, __m512 b) { return _mm512_min_ps(a, b); }
GRAM_INLINE __m512 max_register(__m512 a, __m512 b) { return _mm512_max_ps(a, b); }
GRAM_INLINE __m512d min_register(__m512d a, __m512d b) { return _mm512_min_pd(a, b); }
GRAM_INLINE __m512d max_register(__m512d a, __m512d b) { return _mm512_max_pd(a, b); }
#endif

}  // namespace detail

/// The smaller lanes. A NaN in b gives NaN; a NaN in a may be lost (it is on x86).
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> min(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b) {
#if defined(__SSE2__)
    using R = typename xsimd::batch<T, A>::register_type;
    return detail::min_register(static_cast<R>(a), static_cast<R>(b));
#else
    return xsimd::min(a, b);
#endif
}
template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE T min(T a, T b) { return a < b ? a : b; }

/// The larger lanes. A NaN in b gives NaN; a NaN in a may be lost (it is on x86).
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> max(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b) {
#if defined(__SSE2__)
    using R = typename xsimd::batch<T, A>::register_type;
    return detail::max_register(static_cast<R>(a), static_cast<R>(b));
#else
    return xsimd::max(a, b);
#endif
}
template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE T max(T a, T b) { return a > b ? a : b; }

}  // namespace gram::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
