/// The kernels of the instruction set that the processor has, behind function pointers: what the compiled target
/// gram::dispatch brings. A program compiled for any x86-64 and linked with it runs the kernels of AVX2 or AVX-512
/// where they are there.
///
/// The target defines GRAM_USE_DISPATCH for what links it. simd::native_arch is then simd::dispatched<...>, for which
/// each public kernel is one call through the table.
#pragma once

#include <atomic>
#include <type_traits>

#include "gram/simd/arch.hpp"

namespace gram::kernel {

template <class T>
struct VecRef;
template <class T>
struct MatRef;
enum class Triangle;
enum class Diagonal;

}  // namespace gram::kernel

namespace gram::dispatch {

/// The instruction sets that the target is compiled for, each containing those before it.
enum class Isa { sse2, avx2_fma, avx512 };

/// Lengths of the lists in expr/dispatched.hpp.
inline constexpr int unary_count = 34, binary_count = 6;

/// The kernels for T on one instruction set, with the rules of those in kernel/.
template <class T>
struct Kernels {
    using In = const kernel::MatRef<const T>&;
    using Out = const kernel::MatRef<T>&;
    using VecIn = const kernel::VecRef<const T>&;
    using VecOut = const kernel::VecRef<T>&;
    using Tri = kernel::Triangle;
    using Diag = kernel::Diagonal;

    void (*gemm)(T alpha, In A, In B, T beta, Out C);
    void (*gemv)(T alpha, In A, VecIn x, T beta, VecOut y);
    void (*ger)(T alpha, VecIn x, VecIn y, Out A);
    void (*symv)(T alpha, In A, VecIn x, T beta, VecOut y);
    void (*syr2)(T alpha, VecIn x, VecIn y, Out A);
    void (*syrk)(T alpha, In A, T beta, Out C);
    void (*syr2k)(T alpha, In A, In B, T beta, Out C);
    void (*trsm)(Tri, Diag, T alpha, In A, Out B);
    void (*trmm)(Tri, Diag, T alpha, In A, Out B);
    void (*trsv)(Tri, Diag, In A, VecOut x);
    T (*dot)(VecIn x, VecIn y);
    void (*axpy)(T alpha, VecIn x, VecOut y);
    void (*scal)(T alpha, VecOut x);
    T (*nrm2)(VecIn x);
    void (*copy)(In A, Out B);

    /// y[i] = f(x[i]) for the functions of expr/dispatched.hpp, in its order; f(a, b), f(a, value), f(value, b). The
    /// result may lie on an operand.
    void (*unary[unary_count])(const T* x, T* y, index_t n);
    void (*binary[binary_count])(const T* a, const T* b, T* y, index_t n);
    void (*with_right[binary_count])(const T* a, T value, T* y, index_t n);
    void (*with_left[binary_count])(T value, const T* b, T* y, index_t n);
};

/// All of one instruction set.
struct Table {
    Isa isa;
    Kernels<float> f32;
    Kernels<double> f64;
};

/// The widest instruction set that this processor and its operating system have.
[[nodiscard]] Isa best();

/// From now on the kernels of `isa`, or those of best() where that is less; returns what was chosen. For tests and
/// comparisons: without a call it is best(). Not while kernels run in other threads, whose work would be done half by
/// one and half by the other.
///
/// @snippet dispatch.cpp choose
Isa choose(Isa isa);

namespace detail {
extern std::atomic<const Table*> current;
const Table& first_choice();
}  // namespace detail

/// The table in use.
inline const Table& table() {
    const Table* const chosen = detail::current.load(std::memory_order_acquire);
    return chosen != nullptr ? *chosen : detail::first_choice();
}
/// The instruction set in use.
[[nodiscard]] inline Isa chosen() { return table().isa; }

/// The kernels for T in use.
template <class T>
const Kernels<T>& kernels() {
    if constexpr (std::is_same_v<T, float>) {
        return table().f32;
    } else {
        return table().f64;
    }
}

/// True where a kernel template on Arch and T has to call the table instead.
template <class Arch, class T>
inline constexpr bool covers = simd::is_dispatched<Arch> && (std::is_same_v<T, float> || std::is_same_v<T, double>);

}  // namespace gram::dispatch
