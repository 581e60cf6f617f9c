/// Products whose three sizes the compiler knows: all of C in registers, no loop that it cannot unroll.
#pragma once

#include "gram/kernel/count.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/narrow.hpp"

namespace gram::kernel {
namespace detail {

/// One row of C in registers: whole packs and the narrowest registers that hold what is left.
template <class Arch, class T, int N>
struct FixedRow {
    static constexpr int w = static_cast<int>(simd::width<T, Arch>), packs = N / w, rest = N % w;
    using RestArch = simd::narrowest_arch<T, rest, Arch>;
    using P = simd::pack<T, Arch>;
    using Rest = simd::pack<T, RestArch>;

    P whole[packs > 0 ? packs : 1];
    Rest last;

    GRAM_INLINE void clear() {
#pragma GCC unroll 16
        for (int v = 0; v < packs; ++v) whole[v] = simd::broadcast<T, Arch>(T{});
        if constexpr (rest > 0) last = simd::broadcast<T, RestArch>(T{});
    }
    GRAM_INLINE void load(const T* from) {
#pragma GCC unroll 16
        for (int v = 0; v < packs; ++v) whole[v] = simd::load<T, Arch>(from + v * w);
        if constexpr (rest > 0) last = simd::load_n<T, RestArch>(from + packs * w, rest);
    }
    GRAM_INLINE void add(T factor, const FixedRow& row) {
#pragma GCC unroll 16
        for (int v = 0; v < packs; ++v) {
            whole[v] = simd::fma(simd::broadcast<T, Arch>(factor), row.whole[v], whole[v]);
        }
        if constexpr (rest > 0) last = simd::fma_as<Arch>(simd::broadcast<T, RestArch>(factor), row.last, last);
    }
    GRAM_INLINE void store(T* to) const {
#pragma GCC unroll 16
        for (int v = 0; v < packs; ++v) simd::store(to + v * w, whole[v]);
        if constexpr (rest > 0) simd::store_n(to + packs * w, last, rest);
    }
};

/// R rows of C.
template <class Arch, class T, int R, int N, int K>
GRAM_INLINE void fixed_rows(const T* a, index_t a_row, index_t a_step, const T* b, index_t b_step, T* c,
                            index_t c_row) {
    FixedRow<Arch, T, N> sums[R], row;
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) sums[i].clear();
#pragma GCC unroll 4
    for (int p = 0; p < K; ++p) {
        row.load(b + p * b_step);
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) sums[i].add(a[i * a_row + p * a_step], row);
    }
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) sums[i].store(c + i * c_row);
}

/// How many groups of rows there are when each takes as many as the registers hold. One group reads all of its operands
/// before it writes.
template <class Arch, class T, int M, int N>
inline constexpr int fixed_groups = [] {
    using Row = FixedRow<Arch, T, N>;
    constexpr int registers = Row::packs + (Row::rest > 0 ? 1 : 0);
    constexpr int budget = simd::register_count<Arch> >= 32 ? 24 : 12, most = budget / registers;
    return most > 0 ? (M + most - 1) / most : M;
}();

/// C = A B where the rows of B and C are contiguous.
template <class Arch, class T, int M, int N, int K>
GRAM_INLINE void fixed_product_inline(const T* a, index_t a_row, index_t a_step, const T* b, index_t b_step, T* c,
                                      index_t c_row) {
    constexpr int groups = fixed_groups<Arch, T, M, N>, R = (M + groups - 1) / groups, whole = (M - 1) / R;
    for (int g = 0; g < whole; ++g, a += R * a_row, c += R * c_row) {
        fixed_rows<Arch, T, R, N, K>(a, a_row, a_step, b, b_step, c, c_row);
    }
    fixed_rows<Arch, T, M - whole * R, N, K>(a, a_row, a_step, b, b_step, c, c_row);
}
template <class Arch, class T, int M, int N, int K>
[[gnu::noinline]] void fixed_product_call(const T* a, index_t a_row, index_t a_step, const T* b, index_t b_step, T* c,
                                          index_t c_row) {
    fixed_product_inline<Arch, T, M, N, K>(a, a_row, a_step, b, b_step, c, c_row);
}
/// In the caller where a call would cost about as much as the work.
template <class Arch, class T, int M, int N, int K>
GRAM_INLINE void fixed_product(const T* a, index_t a_row, index_t a_step, const T* b, index_t b_step, T* c,
                               index_t c_row) {
    if constexpr (M * N * K <= 8 * 8 * 8) {
        fixed_product_inline<Arch, T, M, N, K>(a, a_row, a_step, b, b_step, c, c_row);
    } else {
        fixed_product_call<Arch, T, M, N, K>(a, a_row, a_step, b, b_step, c, c_row);
    }
}

/// As fixed_product for a B of any strides, which is copied first.
template <class Arch, class T, int M, int N, int K>
GRAM_INLINE void fixed_product_of(const MatRef<const T>& A, const MatRef<const T>& B, const MatRef<T>& C) {
    if (B.col_stride == 1) {
        return fixed_product<Arch, T, M, N, K>(A.data, A.row_stride, A.col_stride, B.data, B.row_stride, C.data,
                                               C.row_stride);
    }
    T rows[K * N];
    for (int p = 0; p < K; ++p) {
        for (int j = 0; j < N; ++j) rows[p * N + j] = B(p, j);
    }
    fixed_product<Arch, T, M, N, K>(A.data, A.row_stride, A.col_stride, rows, N, C.data, C.row_stride);
}

}  // namespace detail

/// C = A B for an m×k matrix A and a k×n matrix B of sizes known to the compiler, each with any strides. C must not
/// overlap A or B. Takes no memory; the sums of an element are those of gemm, in the same order.
template <class Arch, int M, int N, int K, class T>
GRAM_INLINE void gemm_fixed(const std::type_identity_t<MatRef<const T>>& A,
                            const std::type_identity_t<MatRef<const T>>& B, const MatRef<T>& C) {
    detail::count_flops(2, M, N, K);
    if (C.col_stride == 1) {
        detail::fixed_product_of<Arch, T, M, N, K>(A, B, C);
    } else if (C.row_stride == 1) {
        detail::fixed_product_of<Arch, T, N, M, K>(B.transposed(), A.transposed(), C.transposed());
    } else {
        T rows[M * N];
        detail::fixed_product_of<Arch, T, M, N, K>(A, B, MatRef<T>{rows, M, N, N, 1});
        for (int i = 0; i < M; ++i) {
            for (int j = 0; j < N; ++j) C(i, j) = rows[i * N + j];
        }
    }
}

}  // namespace gram::kernel
