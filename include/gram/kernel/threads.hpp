/// How many threads the kernels may use. One unless the program is compiled with OpenMP.
#pragma once

#include <atomic>
#include <exception>

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

namespace detail {

/// Runs work(first, count) on the parts of [0, n), one a thread and as equal as can be. An exception of any part
/// reaches the caller after all have ended.
template <class Work>
void split_range(index_t n, index_t threads, const Work& work) {
    if (threads > n) threads = n;
    if (threads <= 1) return work(index_t{0}, n);
    std::exception_ptr failure;  // an exception must not leave a parallel loop
#if defined(_OPENMP)
    const int team = static_cast<int>(threads);
#pragma omp parallel for num_threads(team) schedule(static)
#endif
    for (index_t t = 0; t < threads; ++t) {
        const index_t first = n * t / threads, last = n * (t + 1) / threads;
        try {
            work(first, last - first);
        } catch (...) {
#if defined(_OPENMP)
#pragma omp critical(gram_kernel_failure)
#endif
            failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace detail
}  // namespace gram::kernel
