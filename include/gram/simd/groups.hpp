/// Short rows side by side in one register: groups of two or four lanes.
#pragma once

#include <cstring>

#include "gram/simd/access.hpp"
#include "gram/simd/basic.hpp"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#endif

namespace gram::simd {

/// True where packs of T on Arch may be taken as groups of N lanes by the functions of this file. Code that calls them
/// stands behind `if constexpr`.
template <class T, int N, class Arch>
inline constexpr bool has_groups =
#if defined(__AVX2__) && defined(__FMA__)
    has_pack<T, Arch> && (sizeof(pack<T, Arch>) == 16 || sizeof(pack<T, Arch>) == 32) &&
    (N == 2 || N == 4) && N * sizeof(T) <= 16;
#else
    false;
#endif

/// The N elements from p in every group of N lanes.
template <class T, int N, class Arch>
GRAM_INLINE pack<T, Arch> load_groups([[maybe_unused]] const T* p) {
    static_assert(has_groups<T, N, Arch>);
#if defined(__AVX2__) && defined(__FMA__)
    using P = pack<T, Arch>;
    if constexpr (N * sizeof(T) == 8) {
        double two;
        std::memcpy(&two, p, sizeof two);
        if constexpr (sizeof(P) == 16) {
            return _mm_castpd_ps(_mm_set1_pd(two));
        } else {
            return _mm256_castpd_ps(_mm256_set1_pd(two));
        }
    } else if constexpr (sizeof(P) == 16) {
        return P::load_unaligned(p);
    } else if constexpr (sizeof(T) == 8) {
        return _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(p));
    } else {
        return _mm256_broadcast_ps(reinterpret_cast<const __m128*>(p));
    }
#endif
}

/// Lane I of every group of N lanes, in all lanes of its group.
template <int N, int I, class T, class A>
GRAM_INLINE xsimd::batch<T, A> spread([[maybe_unused]] const xsimd::batch<T, A>& x) {
    static_assert(has_groups<T, N, A> && I < N);
#if defined(__AVX2__) && defined(__FMA__)
    constexpr bool wide = sizeof(x) == 32;
    if constexpr (sizeof(T) == 8) {
        if constexpr (wide) {
            return _mm256_permute_pd(x, I * 15);
        } else {
            return _mm_permute_pd(x, I * 3);
        }
    } else if constexpr (N == 4) {
        if constexpr (wide) {
            return _mm256_permute_ps(x, I * 0x55);
        } else {
            return _mm_permute_ps(x, I * 0x55);
        }
    } else if constexpr (wide) {
        return I == 0 ? _mm256_moveldup_ps(x) : _mm256_movehdup_ps(x);
    } else {
        return I == 0 ? _mm_moveldup_ps(x) : _mm_movehdup_ps(x);
    }
#endif
}

/// The first N elements from p, in a register from here on. Unlike masks, the loads find what store_parts has just
/// written before it is in the cache.
template <class T, int N, class Arch>
GRAM_INLINE pack<T, Arch> load_parts(const T* p) {
    using P = pack<T, Arch>;
    if constexpr (N == width<T, Arch>) {
        return in_register(P::load_unaligned(p));
#if defined(__AVX__)
    } else if constexpr (N == 3 && sizeof(P) == 32) {
        return in_register(P(_mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(p)), _mm_load_sd(p + 2), 1)));
#endif
    } else {
        return in_register(load_n<T, Arch>(p, N));
    }
}
template <int N, class T, class A>
GRAM_INLINE void store_parts(T* p, const xsimd::batch<T, A>& x) {
    if constexpr (N == width<T, A>) {
        x.store_unaligned(p);
#if defined(__AVX__)
    } else if constexpr (N == 3 && sizeof(x) == 32) {
        _mm_storeu_pd(p, _mm256_castpd256_pd128(x));
        _mm_store_sd(p + 2, _mm256_extractf128_pd(x, 1));
#endif
    } else {
        store_n(p, x, N);
    }
}

}  // namespace gram::simd
