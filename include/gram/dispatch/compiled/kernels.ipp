// The table of one instruction set, which the flags of the file that includes this name.
#pragma once

#include "gram/dispatch/table.hpp"
#include "gram/expr/dispatched.hpp"
#include "gram/kernel/kernel.hpp"

namespace gram::dispatch {
namespace {

// Nothing here may have a name in common with the file of another instruction set: lambdas and functions are local to
// the file, kernels have the architecture in their names.
using Arch = simd::native_arch;

/// y[i] = at(i): `at` of an index gives a pack, of an index and n the first n lanes of one.
template <class T, class At>
GRAM_INLINE void for_packs(T* y, index_t n, const At& at) {
    constexpr index_t w = simd::width<T, Arch>;
    const auto whole = [](const T* p) { return simd::load<T, Arch>(p); };
    index_t i = 0;
    for (; i + w <= n; i += w) simd::store(y + i, at(i, whole));
    const auto rest = [left = n - i](const T* p) { return simd::load_n<T, Arch>(p, left); };
    if (i < n) simd::store_n(y + i, at(i, rest), n - i);
}

template <class F, class T>
void unary(const T* x, T* y, index_t n) {
    for_packs(y, n, [x](index_t i, const auto& load) { return F{}.packet(load(x + i)); });
}
template <class F, class T>
void binary(const T* a, const T* b, T* y, index_t n) {
    for_packs(y, n, [a, b](index_t i, const auto& load) { return F{}.packet(load(a + i), load(b + i)); });
}
template <class F, class T>
void with_right(const T* a, T value, T* y, index_t n) {
    const WithRight<F, T> f{{}, value};
    for_packs(y, n, [a, f](index_t i, const auto& load) { return f.packet(load(a + i)); });
}
template <class F, class T>
void with_left(T value, const T* b, T* y, index_t n) {
    const WithLeft<F, T> f{{}, value};
    for_packs(y, n, [b, f](index_t i, const auto& load) { return f.packet(load(b + i)); });
}

template <class T, class... Fs>
constexpr void enter(Kernels<T>& k, gram::detail::Functions<Fs...>) {
    int at = 0;
    if constexpr (sizeof...(Fs) == unary_count) {
        ((k.unary[at++] = unary<Fs, T>), ...);
    } else {
        ((k.binary[at] = binary<Fs, T>, k.with_right[at] = with_right<Fs, T>, k.with_left[at++] = with_left<Fs, T>),
         ...);
    }
}

template <class T>
consteval Kernels<T> all() {
    Kernels<T> k{};
    k.gemm = kernel::gemm<Arch, T>;
    k.gemv = kernel::gemv<Arch, T>;
    k.ger = kernel::ger<Arch, T>;
    k.symv = kernel::symv<Arch, T>;
    k.syr2 = kernel::syr2<Arch, T>;
    k.syrk = kernel::syrk<Arch, T>;
    k.syr2k = kernel::syr2k<Arch, T>;
    k.trsm = kernel::trsm<Arch, T>;
    k.trmm = kernel::trmm<Arch, T>;
    k.trsv = kernel::trsv<Arch, T>;
    k.axpy = kernel::axpy<Arch, T>;
    k.scal = kernel::scal<Arch, T>;
    k.copy = kernel::copy<Arch, T>;
    k.dot = kernel::dot<Arch, const T, const T>;
    k.nrm2 = kernel::nrm2<Arch, const T>;
    enter(k, gram::detail::DispatchedUnary{});
    enter(k, gram::detail::DispatchedBinary{});
    return k;
}

}  // namespace

}  // namespace gram::dispatch
