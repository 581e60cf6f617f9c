/// Loads that are done once.
#pragma once

#include "gram/simd/arch.hpp"

namespace gram::simd {

/// Keeps what was loaded in its register. g++ else may read memory again at every use, where loads are the bottleneck.
template <class T, class A>
GRAM_INLINE void hold([[maybe_unused]] xsimd::batch<T, A>& x) {
#if defined(__GNUC__) && !defined(__clang__) && defined(__AVX__)
    typename xsimd::batch<T, A>::register_type r = x;
    asm("" : "+v"(r));
    x = r;
#endif
}

}  // namespace gram::simd
