/// The first n lanes of a pack from and to memory, touching nothing beyond them.
#pragma once

#include <cstdint>
#include <cstring>

#include "gram/simd/arch.hpp"

#if defined(__SSE2__)
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

/// True when a number in memory becomes a pack of it by a load alone, or by the operand of a multiplication. SSE has to
/// spread it through a register, in a unit that multiplies as well.
template <class Arch = native_arch>
inline constexpr bool broadcasts_are_free = !std::is_base_of_v<xsimd::sse2, Arch>;

/// Arch with packs of half the width, whose first n lanes cost no more than all of them; scalar_arch where there is no
/// such thing. A processor may run two half packs in the time of one pack.
template <class Arch = native_arch>
using half_arch =
#if defined(__AVX512F__) && defined(__AVX512VL__)
    std::conditional_t<std::is_base_of_v<xsimd::avx512f, Arch>, xsimd::fma3<xsimd::avx2>, scalar_arch>;
#else
    scalar_arch;
#endif

/// The packs of half_arch in code for Arch; those of Arch where there is no such thing.
template <class Arch = native_arch>
using half_packs =
    std::conditional_t<std::is_same_v<half_arch<Arch>, scalar_arch>, Arch, part_of<half_arch<Arch>, Arch>>;

namespace detail {

#if defined(__AVX__) && !defined(__AVX512VL__)
/// The first n of the lanes of 32 bytes as a mask of signs.
template <class T>
GRAM_INLINE __m256i lane_mask(index_t n) {
    using Lane = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
    constexpr std::size_t w = 32 / sizeof(T);
    struct Ramp {
        Lane lanes[2 * w];
        constexpr Ramp() : lanes{} {
            for (std::size_t i = 0; i < w; ++i) lanes[i] = -1;
        }
    };
    static constexpr Ramp ramp;
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ramp.lanes + w - static_cast<std::size_t>(n)));
}
#endif

/// By masks where there are any, else by copies of power-of-two pieces.
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
#if defined(__AVX512VL__)
            if constexpr (std::is_base_of_v<xsimd::avx, Arch>) {
            if constexpr (sizeof(T) == 8) {
                return _mm256_maskz_loadu_pd(static_cast<__mmask8>((1U << n) - 1U), p);
            } else {
                return _mm256_maskz_loadu_ps(static_cast<__mmask8>((1U << n) - 1U), p);
            }
        } else
#elif defined(__AVX__)
        if constexpr (std::is_base_of_v<xsimd::avx, Arch>) {
            if constexpr (sizeof(T) == 8) {
                return _mm256_maskload_pd(p, lane_mask<T>(n));
            } else {
                return _mm256_maskload_ps(p, lane_mask<T>(n));
            }
        } else
#endif
#if defined(__SSE2__)
            if constexpr (sizeof(P) == 16) {
            return load_16(p, n);
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
#if defined(__AVX512VL__)
            if constexpr (std::is_base_of_v<xsimd::avx, Arch>) {
            if constexpr (sizeof(T) == 8) {
                _mm256_mask_storeu_pd(p, static_cast<__mmask8>((1U << n) - 1U), x);
            } else {
                _mm256_mask_storeu_ps(p, static_cast<__mmask8>((1U << n) - 1U), x);
            }
        } else
#elif defined(__AVX__)
        if constexpr (std::is_base_of_v<xsimd::avx, Arch>) {
            store_32(p, x, n);
        } else
#endif
#if defined(__SSE2__)
            if constexpr (sizeof(P) == 16) {
            store_16(p, x, n);
        } else
#endif
        {
            T lanes[w];
            x.store_unaligned(lanes);
            pieces(p, lanes, n);
        }
    }

private:
#if defined(__AVX__) && !defined(__AVX512VL__)
    /// From registers throughout: a copy of the pack in memory would draw code that shares its registers there as well.
    static GRAM_INLINE void store_32(T* p, const P& x, index_t n) {
        using Half = Masked<T, xsimd::sse2>;
        if (n >= w) return x.store_unaligned(p);
        if constexpr (sizeof(T) == 8) {
            const __m128d low = _mm256_castpd256_pd128(x), high = _mm256_extractf128_pd(x, 1);
            if (n >= w / 2) _mm_storeu_pd(p, low), p += w / 2;
            Half::store(p, n >= w / 2 ? high : low, n % (w / 2));
        } else {
            const __m128 low = _mm256_castps256_ps128(x), high = _mm256_extractf128_ps(x, 1);
            if (n >= w / 2) _mm_storeu_ps(p, low), p += w / 2;
            Half::store(p, n >= w / 2 ? high : low, n % (w / 2));
        }
    }
#endif
#if defined(__SSE2__)
    static GRAM_INLINE P load_16(const T* p, index_t n) {
        if constexpr (sizeof(T) == 8) {
            return n >= 2 ? _mm_loadu_pd(p) : (n == 1 ? _mm_load_sd(p) : _mm_setzero_pd());
        } else {
            if (n >= 4) return _mm_loadu_ps(p);
            if (n == 0) return _mm_setzero_ps();
            if (n == 1) return _mm_load_ss(p);
            double pair;
            std::memcpy(&pair, p, sizeof pair);
            const __m128 two = _mm_castpd_ps(_mm_set_sd(pair));
            return n == 2 ? two : _mm_movelh_ps(two, _mm_load_ss(p + 2));
        }
    }
    static GRAM_INLINE void store_16(T* p, const P& x, index_t n) {
        if constexpr (sizeof(T) == 8) {
            if (n >= 2) return _mm_storeu_pd(p, x);
            if (n == 1) _mm_store_sd(p, x);
        } else {
            const __m128 lanes = x;
            if (n >= 4) return _mm_storeu_ps(p, lanes);
            if (n == 1) _mm_store_ss(p, lanes);
            const double pair = _mm_cvtsd_f64(_mm_castps_pd(lanes));
            if (n >= 2) std::memcpy(p, &pair, sizeof pair);
            if (n == 3) _mm_store_ss(p + 2, _mm_movehl_ps(lanes, lanes));
        }
    }
#endif
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
