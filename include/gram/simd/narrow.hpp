/// Narrower registers of the same instruction set, for the few elements that are left.
#pragma once

#include <type_traits>

#include "gram/simd/basic.hpp"

namespace gram::simd {
namespace detail {
// Half as wide.
template <class Arch>
struct HalfOf {
    using type = scalar_arch;
};
#if defined(__FMA__) && defined(__AVX2__)
template <>
struct HalfOf<xsimd::fma3<xsimd::avx2>> {
    using type = xsimd::sse4_2;
};
#endif
#if defined(__AVX512F__)
template <class Arch>
    requires std::is_base_of_v<xsimd::avx512f, Arch>
struct HalfOf<Arch> {
    using type = xsimd::fma3<xsimd::avx2>;
};
#endif

template <class T, class Arch, index_t N>
struct Narrowest {
    using Half = typename HalfOf<Arch>::type;
    static constexpr bool fits() {
        if constexpr (has_pack<T, Half>) {
            return width<T, Half> >= N;
        } else {
            return false;
        }
    }
    static constexpr auto choose() {
        if constexpr (fits()) {
            return typename Narrowest<T, Half, N>::type_tag{};
        } else {
            return std::type_identity<Arch>{};
        }
    }
    using type_tag = decltype(choose());
    using type = typename type_tag::type;
};
}  // namespace detail

/// The architecture with the narrowest packs that hold N elements of T, part of Arch. For code that is a template on
/// Arch.
template <class T, index_t N, class Arch = native_arch>
using narrowest_arch = typename detail::Narrowest<T, Arch, N>::type;

/// a * b + c in a narrower register with the rounding of Arch.
template <class Arch, class T, class A>
GRAM_INLINE xsimd::batch<T, A> fma_as(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b,
                                      const xsimd::batch<T, A>& c) {
#if defined(__FMA__) && defined(__AVX2__)
    // xsimd has no fused form for these registers where wider ones are there.
    if constexpr ((register_count<Arch> == 32 ||
                   std::is_base_of_v<xsimd::fma3<xsimd::avx2>, Arch>)&&sizeof(xsimd::batch<T, A>) == 16) {
        if constexpr (sizeof(T) == 8) {
            return _mm_fmadd_pd(a, b, c);
        } else {
            return _mm_fmadd_ps(a, b, c);
        }
    } else
#endif
        return simd::fma(a, b, c);
}

}  // namespace gram::simd
