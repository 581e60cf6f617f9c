/// The bits of a pack, and what a product loses when it is rounded, with and without a fused multiply-add.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "gram/simd/basic.hpp"

namespace gram::simd {

/// Unsigned integers in the lanes of a pack of T: for arithmetic on exponents and signs.
template <class T, class A>
struct BitsOf {
    using Word = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    using Register = typename xsimd::batch<T, A>::register_type;
    typedef Word type __attribute__((vector_size(sizeof(Register))));
};
template <class T, class A>
GRAM_INLINE typename BitsOf<T, A>::type bits_of(const xsimd::batch<T, A>& x) {
    const typename BitsOf<T, A>::Register plain = x;
    return std::bit_cast<typename BitsOf<T, A>::type>(plain);
}
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> from_bits(const typename BitsOf<T, A>::type& bits) {
    return std::bit_cast<typename BitsOf<T, A>::Register>(bits);
}

namespace detail {
/// The value of y with the sign of x.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> with_sign_of(const xsimd::batch<T, A>& y, const xsimd::batch<T, A>& x) {
    const xsimd::batch<T, A> sign(T(-0.0));
    return (x & sign) | simd::abs(y);
}
}  // namespace detail

/// True where simd::fma rounds once.
template <class A>
inline constexpr bool has_fused = [] {
#if defined(__AVX512F__)
    if (std::is_base_of_v<xsimd::avx512f, A>) return true;
#endif
#if defined(__AVX2__) && defined(__FMA__)
    if (std::is_base_of_v<xsimd::fma3<xsimd::avx2>, A>) return true;
#endif
#if defined(__aarch64__)
    if (std::is_same_v<xsimd::neon64, A>) return true;
#endif
    return false;
}();

/// a b + c for a c close to -a b: what such a sum leaves is exact, or nearly, on every architecture. Where there is no
/// fused multiply-add, a and b are halved into parts whose products are exact. Source: Dekker, Numer. Math. 18 (1971).
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> fma_exact(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b,
                                         const xsimd::batch<T, A>& c) {
    if constexpr (has_fused<A>) {
        return simd::fma(a, b, c);
    } else {
        using P = xsimd::batch<T, A>;
        using Word = typename BitsOf<T, A>::Word;
        constexpr Word upper = static_cast<Word>(~Word{0} << (sizeof(T) == 8 ? 27 : 12));
        const P a_high = from_bits<T, A>(bits_of(a) & upper), a_low = a - a_high;
        const P b_high = from_bits<T, A>(bits_of(b) & upper), b_low = b - b_high;
        const P product = a * b;
        const P lost = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
        return (product + c) + lost;
    }
}
/// c - a b for a c close to a b.
template <class T, class A>
GRAM_INLINE xsimd::batch<T, A> fnma_exact(const xsimd::batch<T, A>& a, const xsimd::batch<T, A>& b,
                                          const xsimd::batch<T, A>& c) {
    if constexpr (has_fused<A>) {
        return simd::fnma(a, b, c);
    } else {
        return xsimd::batch<T, A>(T(0)) - fma_exact(a, b, xsimd::batch<T, A>(T(0)) - c);
    }
}

}  // namespace gram::simd
