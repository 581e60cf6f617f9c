/// Counts the floating-point operations that kernels do, for tests of what a routine costs.
#pragma once

#include "gram/config.hpp"

namespace gram::kernel::detail {

#if defined(GRAM_COUNT_FLOPS)
/// Operations since the last reset, in this thread. Only in programs all of whose files define GRAM_COUNT_FLOPS.
inline thread_local double flops = 0;
GRAM_INLINE void count_flops(double n) { flops += n; }
#else
GRAM_INLINE void count_flops(double) {}
#endif

/// factor m n k operations.
GRAM_INLINE void count_flops(double factor, index_t m, index_t n, index_t k = 1) {
    count_flops(factor * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k));
}

}  // namespace gram::kernel::detail
