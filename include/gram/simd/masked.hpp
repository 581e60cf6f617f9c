/// The first n lanes of a pack from and to memory, touching nothing beyond them.
#pragma once

#include <cstring>

#include "gram/simd/arch.hpp"

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace gram::simd {

/// True when load_n and store_n cost no more than load and store, so that loops may use them throughout.
template <class Arch = native_arch>
inline constexpr bool masks_are_free =
#if defined(__AVX512F__)
    std::is_base_of_v<xsimd::avx512f, Arch>;
#else
    false;
#endif

namespace detail {

/// By copies of power-of-two pieces: right everywhere, and fast where masks are slow or missing.
template <class T, class Arch>
struct Masked {
    using P = xsimd::batch<T, Arch>;
    static constexpr index_t w = static_cast<index_t>(P::size);

    static GRAM_INLINE P load(const T* p, index_t n) {
#if defined(__AVX512F__)
        if constexpr (std::is_base_of_v<xsimd::avx512f, Arch>) {
            if constexpr (sizeof(T) == 8) {
                return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1U << n) - 1U), p);
            } else {
                return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << n) - 1U), p);
            }
        } else
#endif
        {
            T lanes[w] = {};
            pieces(lanes, p, n);
            return P::load_unaligned(lanes);
        }
    }

    static GRAM_INLINE void store(T* p, const P& x, index_t n) {
#if defined(__AVX512F__)
        if constexpr (std::is_base_of_v<xsimd::avx512f, Arch>) {
            if constexpr (sizeof(T) == 8) {
                _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1U << n) - 1U), x);
            } else {
                _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1U << n) - 1U), x);
            }
        } else
#endif
        {
            T lanes[w];
            x.store_unaligned(lanes);
            pieces(p, lanes, n);
        }
    }

private:
    static GRAM_INLINE void pieces(T* to, const T* from, index_t n) {
        if (n >= w) {
            std::memcpy(to, from, sizeof(T) * w);
            return;
        }
        index_t i = 0;
        if constexpr (w > 8) {
            if (n & 8) std::memcpy(to, from, sizeof(T) * 8), i += 8;
        }
        if constexpr (w > 4) {
            if (n & 4) std::memcpy(to + i, from + i, sizeof(T) * 4), i += 4;
        }
        if constexpr (w > 2) {
            if (n & 2) std::memcpy(to + i, from + i, sizeof(T) * 2), i += 2;
        }
        if (n & 1) to[i] = from[i];
    }
};

}  // namespace detail
}  // namespace gram::simd
