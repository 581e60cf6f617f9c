/// Several contiguous rows or columns of a matrix that share one pass over a vector.
#pragma once

#include "gram/config.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/reduce_into.hpp"

namespace gram::kernel::detail {

/// How many rows (or columns) share one pass over a vector: as many as the registers allow.
template <class Arch>
inline constexpr int strips = simd::register_count<Arch> >= 32 ? 8 : 4;

/// The same for what comes from the first two caches: the prefetcher between them loses track of more.
inline constexpr int near_strips = 4;

/// Rows at this distance agree in the address bits by which a processor matches loads with earlier stores: updating
/// several of them in turn makes each wait for the other.
template <class T>
constexpr bool same_page_offset(index_t stride) {
    return stride * static_cast<index_t>(sizeof(T)) % 4096 == 0;
}

/// sums[r] = strip r · x for R contiguous strips of length n.
template <class Arch, int R, class T>
GRAM_INLINE void dot_strips(const T* a, index_t stride, const T* x, index_t n, T* sums) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P acc[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) acc[r] = simd::broadcast<T, Arch>(T{});
    index_t j = 0;
    for (; j + w <= n; j += w) {
        const P xj = simd::load<T, Arch>(x + j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) acc[r] = simd::fma(simd::load<T, Arch>(a + r * stride + j), xj, acc[r]);
    }
    if (j < n) {
        const P xj = simd::load_n<T, Arch>(x + j, n - j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) acc[r] = simd::fma(simd::load_n<T, Arch>(a + r * stride + j, n - j), xj, acc[r]);
    }
    simd::reduce_into(acc, sums);
}

/// y += sum over R contiguous strips of c[r] * strip r.
template <class Arch, int R, class T>
GRAM_INLINE void add_strips(const T* a, index_t stride, const T* c, T* y, index_t n) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P factor[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) factor[r] = simd::broadcast<T, Arch>(c[r]);
    const auto sum_at = [&](index_t i) {
        P sum = simd::load<T, Arch>(y + i);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) sum = simd::fma(factor[r], simd::load<T, Arch>(a + r * stride + i), sum);
        return sum;
    };
    index_t i = 0;
    for (; i + 2 * w <= n; i += 2 * w) {
        const P first = sum_at(i), second = sum_at(i + w);
        simd::store(y + i, first);
        simd::store(y + i + w, second);
    }
    if (i + w <= n) simd::store(y + i, sum_at(i)), i += w;
    if (i < n) {
        P sum = simd::load_n<T, Arch>(y + i, n - i);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) sum = simd::fma(factor[r], simd::load_n<T, Arch>(a + r * stride + i, n - i), sum);
        simd::store_n(y + i, sum, n - i);
    }
}

/// strip r += c[r] * y for R contiguous strips.
template <class Arch, int R, class T>
GRAM_INLINE void update_strips(const T* c, const T* y, T* a, index_t stride, index_t n) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P factor[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) factor[r] = simd::broadcast<T, Arch>(c[r]);
    if (n < w) {
        // One by one: what a mask has written cannot be read back at once, and the next update of a small matrix does.
        for (int r = 0; r < R; ++r) {
            T* to = a + r * stride;
            for (index_t l = 0; l < n; ++l) to[l] = simd::fma(c[r], y[l], to[l]);
        }
        return;
    }
    // The last pack of a strip overlaps the one before it: it is read before anything is written.
    const index_t tail = n - w;
    P old[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) old[r] = simd::load<T, Arch>(a + r * stride + tail);
    const auto update_at = [&](index_t j) {
        const P yj = simd::load<T, Arch>(y + j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            T* to = a + r * stride + j;
            simd::store(to, simd::fma(factor[r], yj, simd::load<T, Arch>(to)));
        }
    };
    index_t j = 0;
    if constexpr (R == 1) {
        // A loop of one pack runs at half the speed where its code crosses a line.
        for (; j + 2 * w <= tail; j += 2 * w) update_at(j), update_at(j + w);
    }
    for (; j < tail; j += w) update_at(j);
    const P yj = simd::load<T, Arch>(y + tail);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) simd::store(a + r * stride + tail, simd::fma(factor[r], yj, old[r]));
}

}  // namespace gram::kernel::detail
