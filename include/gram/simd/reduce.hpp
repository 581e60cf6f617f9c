/// One number from the lanes of a pack. The order is a tree of halves, the same for every call.
#pragma once

#include "gram/simd/basic.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 calls the undefined pass-through operands inside its own AVX-512 intrinsics uninitialised (GCC PR 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace gram::simd {
namespace detail {

// Not lambdas, which would be functions of their own, shared by files for different instruction sets.
struct FoldSum {
    template <class T>
    GRAM_INLINE T operator()(T a, T b) const {
        return a + b;
    }
};
struct FoldMin {
    template <class T>
    GRAM_INLINE T operator()(T a, T b) const {
        return a < b ? a : b;
    }
};
struct FoldMax {
    template <class T>
    GRAM_INLINE T operator()(T a, T b) const {
        return a > b ? a : b;
    }
};

// Halves of the lanes against each other until one is left.
template <class T, class A, class Op>
GRAM_INLINE T fold(const xsimd::batch<T, A>& x, Op op) {
    constexpr index_t w = width<T, A>;
    T lanes[w];
    x.store_unaligned(lanes);
    for (index_t half = w / 2; half > 0; half /= 2) {
        for (index_t i = 0; i < half; ++i) lanes[i] = op(lanes[i], lanes[i + half]);
    }
    return lanes[0];
}

}  // namespace detail

/// Sum of the lanes.
template <class T, class A>
GRAM_INLINE T reduce_add(const xsimd::batch<T, A>& x) {
#if defined(__AVX512F__)
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        if constexpr (sizeof(T) == 8) {
            return _mm512_reduce_add_pd(x);
        } else {
            return _mm512_reduce_add_ps(x);
        }
    } else
#endif
        return detail::fold(x, detail::FoldSum{});
}
template <class T>
    requires(!requires(T x) { typename T::arch_type; })
GRAM_INLINE T reduce_add(const T& x) { return x; }

/// Smallest lane; NaN lanes as in min().
template <class T, class A>
GRAM_INLINE T reduce_min(const xsimd::batch<T, A>& x) {
    return detail::fold(x, detail::FoldMin{});
}
template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE T reduce_min(T x) { return x; }

/// Largest lane; NaN lanes as in max().
template <class T, class A>
GRAM_INLINE T reduce_max(const xsimd::batch<T, A>& x) {
    return detail::fold(x, detail::FoldMax{});
}
template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE T reduce_max(T x) { return x; }

}  // namespace gram::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
