/// Loads that are done once, and early enough.
#pragma once

#include "gram/simd/arch.hpp"

namespace gram::simd {

/// x, which the compiler may not read from memory again: g++ makes a memory operand of each use of a load.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> in_register(const xsimd::batch<T, A>& x) {
#if defined(__x86_64__) && defined(__GNUC__)
    typename xsimd::batch<T, A>::register_type r = x;
    asm("" : "+v"(r));
    return r;
#else
    return x;
#endif
}

/// sum += x in the register of the sum: g++ adds to whichever of the two it likes and then copies sums back to where a
/// loop has them.
template <class T, class A>
GRAM_INLINE void accumulate(xsimd::batch<T, A>& sum, const xsimd::batch<T, A>& x) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__AVX__)
    if constexpr (std::is_base_of_v<xsimd::sse2, A>) {
        typename xsimd::batch<T, A>::register_type r = sum;
        const typename xsimd::batch<T, A>::register_type added = x;
        if constexpr (sizeof(T) == 8) {
            asm("addpd %1, %0" : "+x"(r) : "x"(added));
        } else {
            asm("addps %1, %0" : "+x"(r) : "x"(added));
        }
        sum = r;
        return;
    }
#endif
    sum = sum + x;
}

/// Asks for the cache line at p, which will be read and written. p may lie outside of any object.
GRAM_INLINE void prefetch([[maybe_unused]] const void* p) {
#if defined(__GNUC__) || defined(__clang__)
    __builtin_prefetch(p, 1);
#endif
}

}  // namespace gram::simd
