/// Dot products of short numbers: bfloat16 in pairs, bytes in fours, sums of 32 bits.
///
/// A word is 32 bits that hold the factors of one lane: `group` numbers that follow each other along the sum.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include "gram/simd/arch.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace gram::simd {

/// Which instructions for short numbers there are beside Arch. They differ between files of one GRAM_ISA, so that
/// kernels for short numbers are templates on this type instead of Arch.
template <class Arch, bool Bf16, bool Vnni>
struct short_arch {
    using base = Arch;
    static constexpr bool has_bf16 = Bf16;  // a float from pairs of bfloat16
    static constexpr bool has_vnni = Vnni;  // an int from fours of unsigned and signed bytes
};

namespace detail {
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#if defined(__AVX512BF16__)
inline constexpr bool native_bf16 = true;
#else
inline constexpr bool native_bf16 = false;
#endif
#if defined(__AVX512VNNI__)
inline constexpr bool native_vnni = true;
#else
inline constexpr bool native_vnni = false;
#endif
#else
inline constexpr bool native_bf16 = false;
#if defined(__AVX2__) && defined(__FMA__) && defined(__AVXVNNI__)
inline constexpr bool native_vnni = true;
#else
inline constexpr bool native_vnni = false;
#endif
#endif
}  // namespace detail

/// What the compiler flags of this translation unit allow.
using native_short_arch = short_arch<native_arch, detail::native_bf16, detail::native_vnni>;

namespace detail {

/// Bytes of the widest integer registers that Arch has multiplications of 16-bit numbers for; 0 for none.
template <class Arch>
consteval int integer_bytes() {
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
    if (std::is_base_of_v<xsimd::avx512dq, Arch>) return 64;
#endif
#if defined(__AVX2__)
    if (std::is_base_of_v<xsimd::avx2, Arch>) return 32;
#endif
#if defined(__SSE2__)
    if (has_pack<float, Arch>) return 16;
#endif
    return 0;
}

/// The register operations of integer dot products.
template <int Bytes>
struct IntegerRegister;

#if defined(__SSE2__)
template <>
struct IntegerRegister<16> {
    using type = __m128i;
    static GRAM_INLINE type load(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
    static GRAM_INLINE void store(void* p, type x) { _mm_storeu_si128(static_cast<__m128i*>(p), x); }
    static GRAM_INLINE type broadcast(std::int32_t x) { return _mm_set1_epi32(x); }
    static GRAM_INLINE type add(type a, type b) { return _mm_add_epi32(a, b); }
    static GRAM_INLINE type dot_pairs(type sum, type a, type b) { return add(sum, _mm_madd_epi16(a, b)); }
};
#endif
#if defined(__AVX2__)
template <>
struct IntegerRegister<32> {
    using type = __m256i;
    static GRAM_INLINE type load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
    static GRAM_INLINE void store(void* p, type x) { _mm256_storeu_si256(static_cast<__m256i*>(p), x); }
    static GRAM_INLINE type broadcast(std::int32_t x) { return _mm256_set1_epi32(x); }
    static GRAM_INLINE type add(type a, type b) { return _mm256_add_epi32(a, b); }
    static GRAM_INLINE type dot_pairs(type sum, type a, type b) { return add(sum, _mm256_madd_epi16(a, b)); }
#if defined(__AVXVNNI__)
    static GRAM_INLINE type dot_fours(type sum, type a, type b) { return _mm256_dpbusd_avx_epi32(sum, a, b); }
#endif
};
#endif
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
template <>
struct IntegerRegister<64> {
    using type = __m512i;
    static GRAM_INLINE type load(const void* p) { return _mm512_loadu_si512(p); }
    static GRAM_INLINE void store(void* p, type x) { _mm512_storeu_si512(p, x); }
    static GRAM_INLINE type broadcast(std::int32_t x) { return _mm512_set1_epi32(x); }
    static GRAM_INLINE type add(type a, type b) { return _mm512_add_epi32(a, b); }
    static GRAM_INLINE type dot_pairs(type sum, type a, type b) { return add(sum, _mm512_madd_epi16(a, b)); }
#if defined(__AVX512VNNI__)
    static GRAM_INLINE type dot_fours(type sum, type a, type b) { return _mm512_dpbusd_epi32(sum, a, b); }
#endif
};
#endif

}  // namespace detail

/// True when there are vectors of ints for short_arch S.
template <class S = native_short_arch>
inline constexpr bool has_byte_dot = detail::integer_bytes<typename S::base>() != 0;

/// Sums of products of bytes, modulo 2^32: with has_vnni of unsigned a and signed b, else of both as 16-bit numbers.
template <class S = native_short_arch>
struct ByteDot {
    using Register = detail::IntegerRegister<detail::integer_bytes<typename S::base>()>;
    using type = typename Register::type;
    using Sum = std::int32_t;
    static constexpr index_t lanes = static_cast<index_t>(sizeof(type) / 4);
    static constexpr index_t group = S::has_vnni ? 4 : 2;

    static GRAM_INLINE type load(const void* p) { return Register::load(p); }
    static GRAM_INLINE type load_sums(const Sum* p) { return Register::load(p); }
    static GRAM_INLINE void store(Sum* p, type x) { Register::store(p, x); }
    static GRAM_INLINE type broadcast(std::uint32_t word) { return Register::broadcast(static_cast<Sum>(word)); }
    static GRAM_INLINE type add(type a, type b) { return Register::add(a, b); }
    static GRAM_INLINE type dot(type sum, type a, type b) {
        if constexpr (S::has_vnni) {
            return Register::dot_fours(sum, a, b);
        } else {
            return Register::dot_pairs(sum, a, b);
        }
    }
};

/// Sums of products of pairs of bfloat16, where S::has_bf16. Each sum is rounded to nearest; subnormal factors and sums
/// count as zero.
template <class S = native_short_arch>
struct Bf16Dot;

#if defined(__AVX512BF16__)
template <class S>
    requires(S::has_bf16)
struct Bf16Dot<S> {
    using type = __m512i;
    using SumType = __m512;
    using Sum = float;
    static constexpr index_t lanes = 16;
    static constexpr index_t group = 2;

    static GRAM_INLINE type load(const void* p) { return _mm512_loadu_si512(p); }
    static GRAM_INLINE SumType load_sums(const Sum* p) { return _mm512_loadu_ps(p); }
    static GRAM_INLINE void store(Sum* p, SumType x) { _mm512_storeu_ps(p, x); }
    static GRAM_INLINE type broadcast(std::uint32_t word) {
        type x = _mm512_set1_epi32(static_cast<int>(word));
#if defined(__clang__)
        asm("" : "+v"(x));  // clang 16 crashes when it sees a broadcast of pairs of bfloat16
#endif
        return x;
    }
    static GRAM_INLINE SumType dot(SumType sum, type a, type b) {
        return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
    }
};
#endif

namespace detail {

template <class T, int Bytes>
struct Vector {
    typedef T type __attribute__((vector_size(Bytes)));
};
using Bytes16 = Vector<std::uint8_t, 16>::type;
using Halves8 = Vector<std::uint16_t, 16>::type;

template <class V, int... L>
GRAM_INLINE V interleaved(V a, V b, index_t half, std::integer_sequence<int, L...>) {
    constexpr int n = sizeof...(L);
    return half == 0 ? __builtin_shufflevector(a, b, (L / 2 + L % 2 * n)...)
                     : __builtin_shufflevector(a, b, (n / 2 + L / 2 + L % 2 * n)...);
}
template <class V>
GRAM_INLINE V loaded(const void* p) {
    V v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

}  // namespace detail

/// 16 words of four bytes each, from four lines of bytes.
GRAM_INLINE void interleave_fours(const std::uint8_t* const (&lines)[4], std::uint32_t* words) {
    using detail::Bytes16, detail::Halves8;
    const auto bytes = std::make_integer_sequence<int, 16>{};
    const auto halves = std::make_integer_sequence<int, 8>{};
    const Bytes16 a = detail::loaded<Bytes16>(lines[0]), b = detail::loaded<Bytes16>(lines[1]);
    const Bytes16 c = detail::loaded<Bytes16>(lines[2]), d = detail::loaded<Bytes16>(lines[3]);
#pragma GCC unroll 2
    for (index_t half = 0; half < 2; ++half) {
        const Bytes16 ab = detail::interleaved(a, b, half, bytes), cd = detail::interleaved(c, d, half, bytes);
        const Halves8 x = reinterpret_cast<Halves8>(ab), y = reinterpret_cast<Halves8>(cd);
        const Halves8 low = detail::interleaved(x, y, 0, halves), high = detail::interleaved(x, y, 1, halves);
        std::memcpy(words + 8 * half, &low, sizeof low);
        std::memcpy(words + 8 * half + 4, &high, sizeof high);
    }
}

namespace detail {
GRAM_INLINE void interleave(Halves8 x, Halves8 y, std::uint32_t* words) {
    const auto halves = std::make_integer_sequence<int, 8>{};
    const Halves8 low = interleaved(x, y, 0, halves), high = interleaved(x, y, 1, halves);
    std::memcpy(words, &low, sizeof low);
    std::memcpy(words + 4, &high, sizeof high);
}
}  // namespace detail

/// 8 words of two 16-bit numbers each, from two lines of them.
GRAM_INLINE void interleave_pairs(const std::uint16_t* a, const std::uint16_t* b, std::uint32_t* words) {
    detail::interleave(detail::loaded<detail::Halves8>(a), detail::loaded<detail::Halves8>(b), words);
}

/// 8 words of two 16-bit numbers each, from two lines of bytes of type T.
template <class T>
GRAM_INLINE void interleave_widened(const T* a, const T* b, std::uint32_t* words) {
    using Narrow = typename detail::Vector<T, 8>::type;
    using Wide = typename detail::Vector<std::int16_t, 16>::type;
    const Wide x = __builtin_convertvector(detail::loaded<Narrow>(a), Wide);
    const Wide y = __builtin_convertvector(detail::loaded<Narrow>(b), Wide);
    detail::interleave(reinterpret_cast<detail::Halves8>(x), reinterpret_cast<detail::Halves8>(y), words);
}

}  // namespace gram::simd
