/// Transposition of a square block of lanes in registers.
#pragma once

#include <utility>

#include "gram/simd/basic.hpp"

namespace gram::simd {
namespace detail {

// Lanes whose index has the bit `Half` clear come from a, the others from b shifted up by Half.
template <int Half, class R, int... L>
GRAM_INLINE R exchange_low(R a, R b, std::integer_sequence<int, L...>) {
    constexpr int w = sizeof...(L);
    return __builtin_shufflevector(a, b, ((L & Half) == 0 ? L : w + L - Half)...);
}
// Lanes with the bit clear come from a shifted down by Half, the others from b.
template <int Half, class R, int... L>
GRAM_INLINE R exchange_high(R a, R b, std::integer_sequence<int, L...>) {
    constexpr int w = sizeof...(L);
    return __builtin_shufflevector(a, b, ((L & Half) == 0 ? L + Half : w + L)...);
}

// One level of the recursion [A B; C D] -> [A C; B D] on blocks of Half × Half.
template <int Half, int W, class R>
GRAM_INLINE void exchange_blocks(R (&rows)[W]) {
    using Lanes = std::make_integer_sequence<int, W>;
#pragma GCC unroll 16
    for (int i = 0; i < W; ++i) {
        if ((i & Half) == 0) {
            const R a = rows[i], b = rows[i + Half];
            rows[i] = exchange_low<Half>(a, b, Lanes{});
            rows[i + Half] = exchange_high<Half>(a, b, Lanes{});
        }
    }
    if constexpr (Half > 1) exchange_blocks<Half / 2>(rows);
}

}  // namespace detail

/// rows[i][j] becomes rows[j][i] for the width × width block held in `rows`.
template <class T, class A, std::size_t N>
GRAM_INLINE void transpose(xsimd::batch<T, A> (&rows)[N]) {
    constexpr int w = static_cast<int>(width<T, A>);
    static_assert(N == w);
    using R = typename xsimd::batch<T, A>::register_type;
    R registers[w];
#pragma GCC unroll 16
    for (int i = 0; i < w; ++i) registers[i] = rows[i];
    detail::exchange_blocks<w / 2>(registers);
#pragma GCC unroll 16
    for (int i = 0; i < w; ++i) rows[i] = registers[i];
}

}  // namespace gram::simd
