/// Which vectors there are: the architecture tag of this translation unit, the pack type and its width.
#pragma once

#include <type_traits>

#include "gram/config.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 calls the undefined pass-through operands inside its own AVX-512 intrinsics uninitialised (GCC PR 105593),
// wherever a function that uses them is instantiated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#include "gram/simd/neon.hpp"

namespace gram::simd {

/// No vectors at all: every pack is one element. Kernels instantiated with it are plain loops.
struct scalar_arch {};

/// The packs of Base; kernels for it are those that gram::dispatch has for the processor (dispatch/table.hpp).
template <class Base>
struct dispatched : Base {};

/// The packs of Base in code for Outer, which contains it: code for Base itself has other names, and runs where Outer's
/// instructions may be missing.
template <class Base, class Outer>
struct part_of : Base {};

template <class Arch>
inline constexpr bool is_dispatched = false;
template <class Base>
inline constexpr bool is_dispatched<dispatched<Base>> = true;

namespace detail {
// Named by the same macros as GRAM_ISA, not by xsimd's default, so that a symbol that mentions the architecture
// differs exactly when the instruction set does.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__) && \
    defined(__AVX512CD__)
using native = xsimd::avx512dq;  // avx512bw adds nothing for float and double, and xsimd 8.1's fails at -O0
#elif defined(__AVX512F__)
using native = xsimd::avx512f;
#elif defined(__AVX2__) && defined(__FMA__)
using native = xsimd::fma3<xsimd::avx2>;
#elif defined(__AVX2__)
using native = xsimd::avx2;
#elif defined(__AVX__)
using native = xsimd::avx;
#elif defined(__SSE4_2__)
using native = xsimd::sse4_2;
#elif defined(__SSE2__)
using native = xsimd::sse2;
#elif defined(__aarch64__)
using native = xsimd::neon64;
#else
using native = scalar_arch;
#endif

template <class Arch>
struct PacksLike {
    using type = Arch;
};
template <class Base>
struct PacksLike<dispatched<Base>> {
    using type = Base;
};
template <class Base, class Outer>
struct PacksLike<part_of<Base, Outer>> {
    using type = Base;
};

template <class T, class Arch>
consteval bool packs() {
    if constexpr (std::is_base_of_v<scalar_arch, Arch> || !(std::is_same_v<T, float> || std::is_same_v<T, double>)) {
        return false;
    } else {
        return xsimd::types::has_simd_register<T, typename PacksLike<Arch>::type>::value;
    }
}

template <class T, class Arch, bool = packs<T, Arch>()>
struct PackOf {
    using type = T;
    static constexpr index_t width = 1;
};
template <class T, class Arch>
struct PackOf<T, Arch, true> {
    using type = xsimd::batch<T, typename PacksLike<Arch>::type>;
    static constexpr index_t width = static_cast<index_t>(type::size);
};
}  // namespace detail

/// The widest architecture that the compiler flags of this translation unit allow.
#if defined(GRAM_USE_DISPATCH)
using native_arch = dispatched<detail::native>;
#else
using native_arch = detail::native;
#endif

/// True when Arch has vectors of T (float and double only).
template <class T, class Arch = native_arch>
inline constexpr bool has_pack = detail::packs<T, Arch>();

/// The vector of T on Arch; T itself when there is none, so that code written for packs also compiles for scalars.
template <class T, class Arch = native_arch>
using pack = typename detail::PackOf<T, Arch>::type;

/// Elements in pack<T, Arch>; 1 when there are no vectors.
template <class T, class Arch = native_arch>
inline constexpr index_t width = detail::PackOf<T, Arch>::width;

/// Number of vector registers that a kernel may plan with.
template <class Arch = native_arch>
inline constexpr int register_count = [] {
#if defined(__AVX512F__)
    if (std::is_base_of_v<xsimd::avx512f, Arch>) return 32;
#endif
#if defined(__aarch64__)
    if (std::is_same_v<Arch, xsimd::neon64>) return 32;
#endif
    return 16;
}();

namespace detail {
template <class T, class Arch, index_t Lanes>
struct Narrower {
    using type = scalar_arch;
};
#if defined(__SSE2__)
template <class T, class Arch, index_t Lanes>
    requires(width<T, Arch> != Lanes && has_pack<T, Arch> && Lanes * sizeof(T) == 16)
struct Narrower<T, Arch, Lanes> {
    using type = part_of<xsimd::sse2, Arch>;
};
#endif
#if defined(__AVX__)
template <class T, class Arch, index_t Lanes>
    requires(width<T, Arch> != Lanes && has_pack<T, Arch> && Lanes * sizeof(T) == 32)
struct Narrower<T, Arch, Lanes> {
    using type = part_of<xsimd::avx, Arch>;
};
#endif
template <class T, class Arch, index_t Lanes>
    requires(width<T, Arch> == Lanes && has_pack<T, Arch>)
struct Narrower<T, Arch, Lanes> {
    using type = Arch;
};
}  // namespace detail

/// An architecture contained in Arch whose packs of T have exactly `Lanes` lanes; scalar_arch when there is none.
template <class T, index_t Lanes, class Arch = native_arch>
using arch_of_width = typename detail::Narrower<T, Arch, Lanes>::type;

}  // namespace gram::simd
