/// Both products of a matrix with vectors that a reduction to bidiagonal form needs, in one read of the matrix.
#pragma once

#include <cstdint>
#include <type_traits>

#include "gram/kernel/gemv.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/strips.hpp"

namespace gram::kernel {
namespace detail {

/// sums[r] = strip r of `next` · v, and w += sum over R strips of c[r] * strip r of `a`, in one loop: while the first
/// are on their way from far, the others are near. `head` elements come first, so that the packs after them do not
/// cross lines.
template <class Arch, int R, class T>
GRAM_INLINE void dot_and_add_strips(const T* next, const T* a, index_t stride, const T* v, const T* c, T* w, index_t n,
                                    index_t head, T* sums) {
    using P = simd::pack<T, Arch>;
    constexpr index_t width = simd::width<T, Arch>;
    P factor[R], acc[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
        factor[r] = simd::broadcast<T, Arch>(c[r]);
        acc[r] = simd::broadcast<T, Arch>(T{});
    }
    const auto step = [&](index_t i, const auto& load) {
        const P vi = load(v + i);
        P sum = load(w + i);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            acc[r] = simd::fma(load(next + r * stride + i), vi, acc[r]);
            sum = simd::fma(factor[r], load(a + r * stride + i), sum);
        }
        return sum;
    };
    const auto step_part = [&](index_t i, index_t count) {
        simd::store_n(w + i, step(i, [count](const T* p) { return simd::load_n<T, Arch>(p, count); }), count);
    };
    index_t i = head;
    if (head > 0) step_part(0, head);
    for (; i + width <= n; i += width) {
        simd::store(w + i, step(i, [](const T* p) { return simd::load<T, Arch>(p); }));
    }
    if (i < n) step_part(i, n - i);
    simd::reduce_into(acc, sums);
}

/// How many rows stand before the first one at which all columns are aligned to packs; 0 where there is none.
template <class Arch, class T>
index_t rows_before_packs(const MatRef<const T>& A) {
    constexpr index_t width = simd::width<T, Arch>, bytes = width * static_cast<index_t>(sizeof(T));
    if (!simd::masks_are_free<Arch> || A.col_stride % width != 0) return 0;
    const index_t over =
        static_cast<index_t>(reinterpret_cast<std::uintptr_t>(A.data) % static_cast<std::uintptr_t>(bytes));
    const index_t head = over == 0 ? 0 : (bytes - over) / static_cast<index_t>(sizeof(T));
    return head < A.rows ? head : 0;
}

/// gemvt for contiguous columns, x and vectors, R columns at a time.
template <class Arch, int R, class T>
void gemvt_columns(T alpha, const MatRef<const T>& A, const T* v, T* x, T* w) {
    const index_t m = A.rows, stride = A.col_stride, first = A.cols % R, head = rows_before_packs<Arch>(A);
    T sums[R];
    for (index_t i = 0; i < m; ++i) w[i] = T{};
    for (index_t j = 0; j < first; ++j) {
        x[j] += alpha * dot_contiguous<Arch, T>(&A(0, j), v, m);
        add_strips<Arch, 1>(&A(0, j), stride, x + j, w, m);
    }
    if (first == A.cols) return;
    dot_strips<Arch, R>(&A(0, first), stride, v, m, sums);
    for (index_t j = first;; j += R) {
        for (int r = 0; r < R; ++r) x[j + r] += alpha * sums[r];
        if (j + R == A.cols) return add_strips<Arch, R>(&A(0, j), stride, x + j, w, m);
        dot_and_add_strips<Arch, R>(&A(0, j + R), &A(0, j), stride, v, x + j, w, m, head, sums);
    }
}

/// Columns of up to this many bytes are taken by four, and lie in the first cache for their second use; longer ones
/// come from the second cache then, and by eight they save on w.
inline constexpr index_t short_column = 4608;

}  // namespace detail

/// x = x + alpha A^T v, and then w = A x. A is m×n, v and w have m elements, x has n.
///
/// With contiguous columns and vectors A is read from memory once, which takes 0.65 to 0.9 of the time of two calls of
/// gemv. Nothing may overlap. Source: GEMVT of the BLAS Technical Forum (2001); Howell, Demmel, Fulton, Hammarling and
/// Marmol, Cache efficient bidiagonalization using BLAS 2.5 operators, ACM TOMS 34 (2008).
template <class Arch = simd::native_arch, class T>
void gemvt(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
           const std::type_identity_t<VecRef<const T>>& v, const std::type_identity_t<VecRef<T>>& x,
           const VecRef<T>& w) {
    if constexpr (simd::has_pack<T, Arch> && !dispatch::covers<Arch, T>) {
        if (A.row_stride == 1 && A.rows > 1 && v.stride == 1 && x.stride == 1 && w.stride == 1) {
            detail::count_flops(4, A.rows, A.cols);
            constexpr bool many_registers = simd::register_count<Arch> >= 32;
            if (many_registers && A.rows * static_cast<index_t>(sizeof(T)) > detail::short_column) {
                return detail::gemvt_columns < Arch, many_registers ? 8 : 4 > (alpha, A, v.data, x.data, w.data);
            }
            return detail::gemvt_columns<Arch, 4>(alpha, A, v.data, x.data, w.data);
        }
    }
    gemv<Arch>(alpha, A.transposed(), v, T(1), x);
    gemv<Arch>(T(1), A, x, T(0), w);
}

}  // namespace gram::kernel
