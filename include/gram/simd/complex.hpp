/// Packs of complex numbers as they lie in memory: real and imaginary parts in alternating lanes.
#pragma once

#include <utility>

#include "gram/simd/access.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/transpose.hpp"

namespace gram::simd {
namespace detail {

template <class R, int... L>
GRAM_INLINE R swapped_lanes(R x, std::integer_sequence<int, L...>) {
    return __builtin_shufflevector(x, x, (L ^ 1)...);
}

// One level of the recursion of exchange_blocks, on blocks of Half × Half pairs of lanes.
template <int Half, int N, class R>
GRAM_INLINE void exchange_pair_blocks(R (&rows)[N]) {
    using Lanes = std::make_integer_sequence<int, 2 * N>;
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i) {
        if ((i & Half) == 0) {
            const R a = rows[i], b = rows[i + Half];
            rows[i] = exchange_low<2 * Half>(a, b, Lanes{});
            rows[i + Half] = exchange_high<2 * Half>(a, b, Lanes{});
        }
    }
    if constexpr (Half > 1) exchange_pair_blocks<Half / 2>(rows);
}

}  // namespace detail

/// Real and imaginary parts exchanged.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> swap_parts(const xsimd::batch<T, A>& x) {
    using R = typename xsimd::batch<T, A>::register_type;
    constexpr int w = static_cast<int>(width<T, A>);
    return detail::swapped_lanes<R>(x, std::make_integer_sequence<int, w>{});
}

/// re in the lanes of real parts, im in those of imaginary parts.
template <class T, class Arch = native_arch>
GRAM_INLINE pack<T, Arch> broadcast_parts(T re, T im) {
    using R = typename pack<T, Arch>::register_type;
    constexpr int w = static_cast<int>(width<T, Arch>);
    return detail::exchange_low<1, R>(broadcast<T, Arch>(re), broadcast<T, Arch>(im),
                                      std::make_integer_sequence<int, w>{});
}

/// x[0] + x[1], y[0] + y[1], x[2] + x[3], y[2] + y[3], ...
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> add_pairs(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& y) {
    using R = typename xsimd::batch<T, A>::register_type;
    const auto lanes = std::make_integer_sequence<int, static_cast<int>(width<T, A>)>{};
    const xsimd::batch<T, A> even = detail::exchange_low<1, R>(x, y, lanes);
    const xsimd::batch<T, A> odd = detail::exchange_high<1, R>(x, y, lanes);
    return even + odd;
}

/// The complex number j of rows[i] becomes the number i of rows[j].
template <class T, class A, std::size_t N>
GRAM_INLINE void transpose_complex(xsimd::batch<T, A> (&rows)[N]) {
    constexpr int n = static_cast<int>(width<T, A>) / 2;
    static_assert(N == n);
    using R = typename xsimd::batch<T, A>::register_type;
    R registers[n];
#pragma GCC unroll 16
    for (int i = 0; i < n; ++i) registers[i] = rows[i];
    if constexpr (n > 1) detail::exchange_pair_blocks<n / 2>(registers);
#pragma GCC unroll 16
    for (int i = 0; i < n; ++i) rows[i] = registers[i];
}

}  // namespace gram::simd
