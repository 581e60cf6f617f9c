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

// Packs i and i + Half become one that holds sums of both: those of i in the lanes whose index has the bit clear.
template <int Half, class P, std::size_t W>
GRAM_INLINE void add_halves(P (&packs)[W]) {
    using R = typename P::register_type;
    using Lanes = std::make_integer_sequence<int, static_cast<int>(W)>;
#pragma GCC unroll 16
    for (int i = 0; i < Half; ++i) {
        const R a = packs[i], b = packs[i + Half];
        packs[i] = P(keep_lanes<Half>(a, b, Lanes{})) + P(swap_lanes<Half>(a, b, Lanes{}));
    }
    if constexpr (Half > 1) add_halves<Half / 2>(packs);
}

}  // namespace detail

/// Lane i of the result is the sum of the lanes of packs[i], in the order of reduce_add: a tree of halves. Overwrites
/// the packs.
template <class T, class A, std::size_t W>
GRAM_INLINE xsimd::batch<T, A> reduce_each(xsimd::batch<T, A> (&packs)[W]) {
    static_assert(W == xsimd::batch<T, A>::size);
    detail::add_halves<static_cast<int>(W) / 2>(packs);
    return packs[0];
}

}  // namespace gram::simd
