/// Names and switches that every layer shares; the only file that defines GRAM_* macros.
///
/// GRAM_ISA        an identifier for the instruction set of this translation unit. Everything whose machine
///                 code depends on the instruction set lives in `inline namespace GRAM_ISA` or is a template
///                 on the architecture, so two files compiled with different -m flags never share a symbol.
/// GRAM_USE_DISPATCH  defined by the CMake target gram::dispatch: kernels are called through a table that is filled for
///                 the processor at run time. Code that calls them so has names of its own.
/// GRAM_CHECKED    1: element access and kernel preconditions are checked (default: unless NDEBUG).
#pragma once

#include <cstddef>
#include <cstdint>

#define GRAM_VERSION_MAJOR 0
#define GRAM_VERSION_MINOR 1
#define GRAM_VERSION_PATCH 0

#if defined(GRAM_USE_DISPATCH)
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define GRAM_ISA isa_avx512_dispatch
#elif defined(__AVX512F__)
#define GRAM_ISA isa_avx512f_dispatch
#elif defined(__AVX2__) && defined(__FMA__)
#define GRAM_ISA isa_avx2_fma_dispatch
#elif defined(__AVX2__)
#define GRAM_ISA isa_avx2_dispatch
#elif defined(__AVX__)
#define GRAM_ISA isa_avx_dispatch
#elif defined(__SSE4_2__)
#define GRAM_ISA isa_sse42_dispatch
#elif defined(__SSE2__)
#define GRAM_ISA isa_sse2_dispatch
#else
#define GRAM_ISA isa_generic_dispatch
#endif
#elif defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define GRAM_ISA isa_avx512
#elif defined(__AVX512F__)
#define GRAM_ISA isa_avx512f
#elif defined(__AVX2__) && defined(__FMA__)
#define GRAM_ISA isa_avx2_fma
#elif defined(__AVX2__)
#define GRAM_ISA isa_avx2
#elif defined(__AVX__)
#define GRAM_ISA isa_avx
#elif defined(__SSE4_2__)
#define GRAM_ISA isa_sse42
#elif defined(__SSE2__)
#define GRAM_ISA isa_sse2
#elif defined(__aarch64__)
#define GRAM_ISA isa_neon64
#else
#define GRAM_ISA isa_generic
#endif

#ifndef GRAM_CHECKED
#ifdef NDEBUG
#define GRAM_CHECKED 0
#else
#define GRAM_CHECKED 1
#endif
#endif

/// Defined where the address sanitizer watches: memory that is kept for later use says so to it.
#if defined(__SANITIZE_ADDRESS__)
#define GRAM_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GRAM_ADDRESS_SANITIZER 1
#endif
#endif

/// A returned object borrows from this parameter: clang warns where the borrower outlives it.
#if defined(__clang__)
#define GRAM_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define GRAM_LIFETIMEBOUND
#endif

/// One body in the whole program: else callers in different files get copies of their own, whose roundings differ with
/// what the compiler contracts, and the layout of an operand could change bits of the result.
#if defined(__clang__)
#define GRAM_ONE_BODY [[gnu::noinline]]
#elif defined(__GNUC__)
#define GRAM_ONE_BODY [[gnu::noinline, gnu::noclone]]
#else
#define GRAM_ONE_BODY
#endif

/// For a function that every instruction set shares: it uses no register that one of them lacks.
#if defined(__x86_64__) && defined(__GNUC__)
#define GRAM_GENERAL_REGISTERS [[gnu::noinline, gnu::target("general-regs-only")]]
#else
#define GRAM_GENERAL_REGISTERS
#endif

/// Keeps small packet code inside the loops that call it.
#if defined(__GNUC__) || defined(__clang__)
#define GRAM_INLINE inline __attribute__((always_inline))
#else
#define GRAM_INLINE inline
#endif

namespace gram {

/// Sizes, indices and strides: signed, so that `i - 1` and reverse loops are honest.
using index_t = std::ptrdiff_t;

/// An extent that is known at run time only.
inline constexpr index_t dynamic = -1;

}  // namespace gram
