/// How a product is shared among threads.
#pragma once

#include "gram/kernel/gemm_tile.hpp"
#include "gram/kernel/threads.hpp"

namespace gram::kernel::detail {

/// Multiply-adds a thread must have to be worth waking.
inline constexpr double worth_a_thread = 2e6;

GRAM_INLINE constexpr double multiply_adds(index_t m, index_t n, index_t k) {
    return static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

/// How many threads that many multiply-adds are worth.
GRAM_INLINE index_t worthwhile_threads(double work) {
    if (work < 2 * worth_a_thread) return 1;
    const index_t threads = num_threads();
    return work < worth_a_thread * static_cast<double>(threads) ? static_cast<index_t>(work / worth_a_thread) : threads;
}

/// Runs work(i, j, rows, columns) on parts of an m×n result, in threads when there is enough to do. No part is cut
/// along k, so the result does not depend on the number of threads.
template <class Arch, class T, class Work>
void split_result(index_t m, index_t n, index_t k, const Work& work) {
    using Shape = TileShape<Arch, T>;
    const index_t threads = worthwhile_threads(multiply_adds(m, n, k));
    if (threads <= 1) return work(index_t{0}, index_t{0}, m, n);
    const bool by_rows = m >= n;
    const index_t unit = by_rows ? Shape::rows : Shape::columns, extent = by_rows ? m : n;
    split_range(ceil_div(extent, unit), threads, [&](index_t first, index_t part) {
        const index_t begin = first * unit, count = part * unit < extent - begin ? part * unit : extent - begin;
        by_rows ? work(begin, index_t{0}, count, n) : work(index_t{0}, begin, m, count);
    });
}

}  // namespace gram::kernel::detail
