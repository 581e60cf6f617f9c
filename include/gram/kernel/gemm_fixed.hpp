/// Products whose three sizes the compiler knows: all of C in registers, no loop that it cannot unroll.
#pragma once

#include "gram/kernel/count.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/groups.hpp"
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

// In place, products usually follow each other, and what has just been written in one piece is there a little sooner as
// rows and elements. Both of the following leave C = C B and C = A C to fixed_rows where that is faster.

/// C = A B for a square B of so few columns that several rows of A and C lie side by side in a register of up to 32
/// bytes: no element of A is read on its own.
template <class Arch, class T, int M, int N, int K>
struct SideBySide {
    static constexpr int most = static_cast<int>(32 / sizeof(T)), w = M * N < most ? M * N : most, count = M * N / w;
    using RowsArch = simd::narrowest_arch<T, w, Arch>;
    using P = simd::pack<T, RowsArch>;
    static constexpr bool fits = K == N && w % N == 0 && M * N % w == 0 && count <= 2 &&
                                 simd::width<T, RowsArch> == w && simd::has_groups<T, N, RowsArch>;

    static constexpr bool in_place = sizeof(P) == 16;

    static GRAM_INLINE void multiply(const T* a, const T* b, index_t b_step, T* c) {
        P rows[count], sums[count];
#pragma GCC unroll 4
        for (int v = 0; v < count; ++v) {
            rows[v] = simd::in_register(simd::load<T, RowsArch>(a + v * w));
            sums[v] = simd::broadcast<T, RowsArch>(T{});
        }
        add<0>(rows, b, sums);
        add<1>(rows, b + b_step, sums);
        if constexpr (N == 4) {
            add<2>(rows, b + 2 * b_step, sums);
            add<3>(rows, b + 3 * b_step, sums);
        }
#pragma GCC unroll 4
        for (int v = 0; v < count; ++v) simd::store(c + v * w, sums[v]);
    }

private:
    template <int Step>
    static GRAM_INLINE void add(const P* rows, const T* b, P* sums) {
        const P row = simd::in_register(simd::load_groups<T, N, RowsArch>(b));
#pragma GCC unroll 4
        for (int v = 0; v < count; ++v) sums[v] = simd::fma_as<Arch>(simd::spread<N, Step>(rows[v]), row, sums[v]);
    }
};

/// C = A B for rows of C that take a register each: some rows of A are read by pairs of elements, as loads hold up the
/// multiplications.
template <class Arch, class T, int M, int N, int K>
struct ByPairs {
    using RowArch = simd::narrowest_arch<T, N, Arch>;
    using P = simd::pack<T, RowArch>;
    static constexpr bool fits = K >= 2 && K <= 4 && M <= 4 && N > 2 && N <= 4 && simd::has_groups<T, 2, RowArch>;
    static constexpr bool in_place = N == 3 && sizeof(P) == 32;  // fixed_rows has masks here
    static constexpr int by_pairs = sizeof(P) == 16 ? M : (M + 1) / 2;

    static GRAM_INLINE void multiply(const T* a, index_t a_row, const T* b, index_t b_step, T* c, index_t c_row) {
        P sums[M];
#pragma GCC unroll 4
        for (int i = 0; i < M; ++i) sums[i] = simd::broadcast<T, RowArch>(T{});
#pragma GCC unroll 4
        for (int p = 0; p + 1 < K; p += 2) {
            const P row = simd::load_parts<T, N, RowArch>(b + p * b_step),
                    next = simd::load_parts<T, N, RowArch>(b + (p + 1) * b_step);
#pragma GCC unroll 4
            for (int i = 0; i < M; ++i) {
                const T* factors = a + i * a_row + p;
                if (i < by_pairs) {
                    const P pair = simd::in_register(simd::load_groups<T, 2, RowArch>(factors));
                    sums[i] = simd::fma_as<Arch>(simd::spread<2, 0>(pair), row, sums[i]);
                    sums[i] = simd::fma_as<Arch>(simd::spread<2, 1>(pair), next, sums[i]);
                } else {
                    sums[i] = simd::fma_as<Arch>(simd::broadcast<T, RowArch>(factors[0]), row, sums[i]);
                    sums[i] = simd::fma_as<Arch>(simd::broadcast<T, RowArch>(factors[1]), next, sums[i]);
                }
            }
        }
        if constexpr (K % 2 == 1) {
            const P row = simd::load_parts<T, N, RowArch>(b + (K - 1) * b_step);
#pragma GCC unroll 4
            for (int i = 0; i < M; ++i) {
                const P factor = simd::broadcast<T, RowArch>(a[i * a_row + K - 1]);
                sums[i] = simd::fma_as<Arch>(factor, row, sums[i]);
            }
        }
#pragma GCC unroll 4
        for (int i = 0; i < M; ++i) simd::store_parts<N>(c + i * c_row, sums[i]);
    }
};

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
    using Wide = SideBySide<Arch, T, M, N, K>;
    using Pairs = ByPairs<Arch, T, M, N, K>;
    [[maybe_unused]] const bool apart = c != a && c != b;
    if constexpr (Wide::fits) {
        if (a_step == 1 && a_row == K && c_row == N && (Wide::in_place || apart)) {
            return Wide::multiply(a, b, b_step, c);
        }
    } else if constexpr (Pairs::fits) {
        if (a_step == 1 && (Pairs::in_place || apart)) return Pairs::multiply(a, a_row, b, b_step, c, c_row);
    }
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
