/// Packs without transcendental functions: loads, stores, arithmetic, comparisons, reductions.
///
/// Every function also accepts a plain scalar as a pack of one, so kernels are written once. The operators + - * / and
/// comparisons come with the pack type. Loads and stores never require alignment.
#pragma once

#include <cmath>
#include <cstring>

#include "gram/simd/arch.hpp"
#include "gram/simd/masked.hpp"
#include "gram/simd/minmax.hpp"

namespace gram::simd {

/// All lanes equal to x.
template <class T, class Arch = native_arch>
GRAM_INLINE pack<T, Arch> broadcast(T x) {
    return pack<T, Arch>(x);
}

/// width elements from p.
template <class T, class Arch = native_arch>
GRAM_INLINE pack<T, Arch> load(const T* p) {
    if constexpr (has_pack<T, Arch>) {
        return pack<T, Arch>::load_unaligned(p);
    } else {
        return *p;
    }
}

/// The first n elements from p (0 <= n <= width), zero in the other lanes; reads nothing beyond them.
template <class T, class Arch = native_arch>
GRAM_INLINE pack<T, Arch> load_n(const T* p, index_t n) {
    if constexpr (has_pack<T, Arch>) {
        return detail::Masked<T, typename pack<T, Arch>::arch_type>::load(p, n);
    } else {
        return n > 0 ? *p : T{};
    }
}

/// Lanes [first, n) from p + first on, zero in the others; reads nothing else.
template <class T, class Arch = native_arch>
GRAM_INLINE pack<T, Arch> load_lanes(const T* p, index_t first, index_t n) {
#if defined(__AVX512F__)
    if constexpr (masks_are_free<Arch>) {
        const unsigned mask = (1U << n) - (1U << first);
        if constexpr (sizeof(T) == 8) {
            return _mm512_maskz_loadu_pd(static_cast<__mmask8>(mask), p);
        } else {
            return _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), p);
        }
    } else
#endif
    {
        T lanes[width<T, Arch>] = {};
        for (index_t i = first; i < n; ++i) lanes[i] = p[i];
        return load<T, Arch>(lanes);
    }
}

/// Writes width elements to p.
template <class T, class A>
GRAM_INLINE void store(T* p, const xsimd::batch<T, A>& x) {
    x.store_unaligned(p);
}
template <class T>
GRAM_INLINE void store(T* p, const std::type_identity_t<T>& x) {
    *p = x;
}

/// Writes the first n lanes to p (0 <= n <= width) and nothing beyond them.
template <class T, class A>
GRAM_INLINE void store_n(T* p, const xsimd::batch<T, A>& x, index_t n) {
    detail::Masked<T, A>::store(p, x, n);
}
template <class T>
GRAM_INLINE void store_n(T* p, const std::type_identity_t<T>& x, index_t n) {
    if (n > 0) *p = x;
}

/// The pack of p[0], p[stride], ..., p[(width - 1) * stride].
template <class T, class Arch = native_arch>
GRAM_INLINE pack<T, Arch> load_strided(const T* p, index_t stride) {
    if constexpr (has_pack<T, Arch>) {
        constexpr index_t w = width<T, Arch>;
        T lanes[w];
        for (index_t i = 0; i < w; ++i) lanes[i] = p[i * stride];
        return load<T, Arch>(lanes);
    } else {
        return *p;
    }
}

/// a * b + c, rounded once where the architecture can.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> fma(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b,
                                   const xsimd::batch<T, A>& c) {
#if defined(__AVX512F__)
    // xsimd 8.1 has a multiplication and an addition here, which clang does not contract.
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        if constexpr (sizeof(T) == 8) {
            return _mm512_fmadd_pd(a, b, c);
        } else {
            return _mm512_fmadd_ps(a, b, c);
        }
    } else
#endif
        return xsimd::fma(a, b, c);
}
template <class T>
    requires(std::is_arithmetic_v<T> || !requires(T x) { typename T::arch_type; })
GRAM_INLINE T fma(const T& a, const T& b, const T& c) { return static_cast<T>(a * b + c); }

/// a * b + c in lanes [first, n), c in the others, whatever a and b hold there.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> fma_lanes(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b,
                                         const xsimd::batch<T, A>& c, index_t first, index_t n) {
#if defined(__AVX512F__)
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        const unsigned mask = (1U << n) - (1U << first);
        if constexpr (sizeof(T) == 8) {
            return _mm512_mask3_fmadd_pd(a, b, c, static_cast<__mmask8>(mask));
        } else {
            return _mm512_mask3_fmadd_ps(a, b, c, static_cast<__mmask16>(mask));
        }
    } else
#endif
    {
        constexpr index_t w = static_cast<index_t>(xsimd::batch<T, A>::size);
        T sums[w], lanes[w];
        store(sums, fma(a, b, c));
        store(lanes, c);
        for (index_t i = first; i < n; ++i) lanes[i] = sums[i];
        return load<T, A>(lanes);
    }
}

/// c - a * b, rounded once where the architecture can.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> fnma(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b,
                                    const xsimd::batch<T, A>& c) {
#if defined(__AVX512F__)
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        if constexpr (sizeof(T) == 8) {
            return _mm512_fnmadd_pd(a, b, c);
        } else {
            return _mm512_fnmadd_ps(a, b, c);
        }
    } else
#elif defined(__aarch64__)
    // xsimd has a negation, a multiplication and an addition here.
    if constexpr (std::is_same_v<xsimd::neon64, A>) {
        if constexpr (sizeof(T) == 8) {
            return vfmsq_f64(c, a, b);
        } else {
            return vfmsq_f32(c, a, b);
        }
    } else
#endif
        return xsimd::fnma(a, b, c);
}
template <class T>
    requires(std::is_arithmetic_v<T> || !requires(T x) { typename T::arch_type; })
GRAM_INLINE T fnma(const T& a, const T& b, const T& c) { return static_cast<T>(c - a * b); }

/// |x| by clearing the sign: exact, also of NaN, infinity and -0.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> abs(const xsimd::batch<T, A>& x) {
    return xsimd::abs(x);
}
template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE T abs(T x) {
        if constexpr (std::is_unsigned_v<T>) {
            return x;
        } else {
            return static_cast<T>(std::abs(x));
        }
    }

/// -x by turning the sign: exact, also of NaN and zero. (xsimd's may be 0 - x, which is +0 of +0.)
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> negate(const xsimd::batch<T, A>& x) {
    return x ^ xsimd::batch<T, A>(T(-0.0));
}
template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE T negate(T x) { return static_cast<T>(-x); }

/// Square root, correctly rounded.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> sqrt(const xsimd::batch<T, A>& x) {
    return xsimd::sqrt(x);
}
template <class T>
    requires std::is_floating_point_v<T> GRAM_INLINE T sqrt(T x) { return std::sqrt(x); }

/// mask ? a : b, lane by lane.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> select(const xsimd::batch_bool<T, A>& mask,
                                      const std::type_identity_t<xsimd::batch<T, A>>& a,
                                      const std::type_identity_t<xsimd::batch<T, A>>& b) {
    return xsimd::select(mask, a, b);
}
template <class T>
GRAM_INLINE T select(bool mask, const T& a, const std::type_identity_t<T>& b) {
    return mask ? a : b;
}

/// True when any (all) lanes of a comparison hold.
template <class T, class A>
GRAM_INLINE bool any(const xsimd::batch_bool<T, A>& mask) {
    return xsimd::any(mask);
}
GRAM_INLINE bool any(bool mask) { return mask; }
template <class T, class A>
GRAM_INLINE bool all(const xsimd::batch_bool<T, A>& mask) {
    return xsimd::all(mask);
}
GRAM_INLINE bool all(bool mask) { return mask; }

}  // namespace gram::simd
