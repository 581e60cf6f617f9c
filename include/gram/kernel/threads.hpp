/// How many threads the kernels may use. One unless the program is compiled with OpenMP.
#pragma once

#include <atomic>

#include "gram/config.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace gram::kernel {
namespace detail {
inline std::atomic<int>& thread_limit() {
    static std::atomic<int> limit{0};
    return limit;
}
}  // namespace detail

/// Threads that a large kernel call will use: what set_num_threads said, else OpenMP's own number; 1 without OpenMP.
template <class Arch = void>
int num_threads() {
#if defined(_OPENMP)
    if (omp_in_parallel()) return 1;
    const int limit = detail::thread_limit().load(std::memory_order_relaxed);
    return limit > 0 ? limit : omp_get_max_threads();
#else
    return 1;
#endif
}

/// At most n threads from now on, in every thread of the program; n <= 0 returns to OpenMP's own number. Results do
/// not depend on it.
inline void set_num_threads(int n) { detail::thread_limit().store(n > 0 ? n : 0, std::memory_order_relaxed); }

}  // namespace gram::kernel
