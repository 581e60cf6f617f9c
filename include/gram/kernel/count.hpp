/// Counts what kernels do, for tests of what a routine costs: floating-point operations, calls, and blocks of memory.
///
/// Only in programs all of whose files define GRAM_COUNT_FLOPS; elsewhere nothing of this is left.
#pragma once

#include "gram/config.hpp"

namespace gram::kernel::detail {

/// The kernels whose calls are counted.
enum class Call { gemm, gemm_fused, gemv, ger, syrk, syr2k, herk, symv, trsm, trmm, trsv, count };

#if defined(GRAM_COUNT_FLOPS)
/// Operations since the last reset, in this thread.
inline thread_local double flops = 0;
GRAM_INLINE void count_flops(double n) { flops += n; }

/// Blocks that buffers took from the heap, and their bytes, since the last reset, in this thread; and how many bytes
/// more than then are, and at most were, in its hands.
inline thread_local long allocations = 0;
inline thread_local index_t allocated_bytes = 0, held_bytes = 0, peak_bytes = 0;
inline void count_allocation(index_t bytes) {
    ++allocations;
    allocated_bytes += bytes;
    held_bytes += bytes;
    if (held_bytes > peak_bytes) peak_bytes = held_bytes;
}
inline void count_release(index_t bytes) { held_bytes -= bytes; }

/// Calls of each kernel since the last reset, in this thread: those from outside, not those from one kernel to another.
inline thread_local long calls[static_cast<int>(Call::count)] = {};
inline thread_local int call_depth = 0;
/// Stands at the top of a kernel for as long as it runs.
class CountedCall {
public:
    explicit CountedCall(Call kernel) {
        if (call_depth++ == 0) ++calls[static_cast<int>(kernel)];
    }
    CountedCall(const CountedCall&) = delete;
    CountedCall& operator=(const CountedCall&) = delete;
    ~CountedCall() { --call_depth; }
};
#else
GRAM_INLINE void count_flops(double) {}
inline void count_allocation(index_t) {}
inline void count_release(index_t) {}
struct [[maybe_unused]] CountedCall {
    GRAM_INLINE constexpr explicit CountedCall(Call) {}
};
#endif

/// factor m n k operations.
GRAM_INLINE void count_flops(double factor, index_t m, index_t n, index_t k = 1) {
    count_flops(factor * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k));
}

}  // namespace gram::kernel::detail
