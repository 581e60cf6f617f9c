/// Sums of the lanes of many packs at once.
#pragma once

#include <utility>

#include "gram/simd/basic.hpp"

namespace gram::simd {
namespace detail {

// Lanes whose index has the bit `Half` clear come from a, the others from b: a blend, which any port does.
template <int Half, class R, int... L>
GRAM_INLINE R keep_lanes(R a, R b, std::integer_sequence<int, L...>) {
    constexpr int w = sizeof...(L);
    return __builtin_shufflevector(a, b, ((L & Half) == 0 ? L : w + L)...);
}
// The lanes that keep_lanes left out, each in the place of its partner.
template <int Half, class R, int... L>
GRAM_INLINE R swap_lanes(R a, R b, std::integer_sequence<int, L...>) {
    constexpr int w = sizeof...(L);
    return __builtin_shufflevector(a, b, ((L & Half) == 0 ? L + Half : w + L - Half)...);
}

// The first Count packs become one: packs i and i + Count / 2 are added, those of i in the lanes whose index has the
// bit `Half` clear, and one that has no partner is added to itself. The sum of pack i ends in lane i * (width / count).
template <int Half, int Count, class P, std::size_t N>
GRAM_INLINE void add_groups(P (&packs)[N]) {
    using R = typename P::register_type;
    using Lanes = std::make_integer_sequence<int, static_cast<int>(P::size)>;
    constexpr int left = Count > 1 ? Count / 2 : 1;
#pragma GCC unroll 16
    for (int i = 0; i < left; ++i) {
        const R a = packs[i], b = packs[Count > 1 ? i + left : i];
        packs[i] = P(keep_lanes<Half>(a, b, Lanes{})) + P(swap_lanes<Half>(a, b, Lanes{}));
    }
    if constexpr (Half > 1) add_groups<Half / 2, left>(packs);
}

}  // namespace detail

/// sums[i] = the sum of the lanes of packs[i], in the order of reduce_add, a tree of halves, for a power of
/// two of packs. Overwrites them.
template <class T, class A, std::size_t N>
GRAM_INLINE void reduce_into(xsimd::batch<T, A> (&packs)[N], T* sums) {
    using P = xsimd::batch<T, A>;
    constexpr std::size_t w = P::size, together = N < w ? N : w;
    static_assert((N & (N - 1)) == 0);
#pragma GCC unroll 16
    for (std::size_t first = 0; first < N; first += together) {
        P group[together];
#pragma GCC unroll 16
        for (std::size_t i = 0; i < together; ++i) group[i] = packs[first + i];
        detail::add_groups<static_cast<int>(w) / 2, static_cast<int>(together)>(group);
        if constexpr (together == w) {
            simd::store(sums + first, group[0]);
        } else {
            T lanes[w];
            simd::store(lanes, group[0]);
#pragma GCC unroll 16
            for (std::size_t i = 0; i < together; ++i) sums[first + i] = lanes[i * (w / together)];
        }
    }
}

}  // namespace gram::simd
