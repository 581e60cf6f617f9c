/// Matrix times vector: gemv. Rank-one updates: ger. One read of the matrix, several rows or columns at a time.
#pragma once

#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/complex_gemv.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/strips.hpp"
#include "gram/kernel/vector.hpp"
#include "gram/simd/basic.hpp"

namespace gram::kernel {
namespace detail {

/// Elements of a strided vector that are gathered on the stack at a time.
inline constexpr index_t vector_chunk = 512;

/// Inner products with rows that are gathered before they become elements of y.
inline constexpr index_t row_chunk = 64;

/// Up to this size near_strips rows share a pass, beyond it strips do: that turns between 0.7 and 1.5 MiB where the
/// second cache has 1 MiB. Rows of up to short_row bytes are too short for the prefetcher wherever they come from.
inline constexpr index_t second_cache = 1024 * 1024;
inline constexpr index_t short_row = 2048;

/// Rows of up to this many bytes are taken in packs of half the width: less is left over, and the sums of their lanes
/// cost less. 33 columns of f32 gain a third, 250 nothing.
inline constexpr index_t row_of_halves = 1024;

/// Up to this size columns are read in pieces, while a part of y stays in registers, and up to the third cache if they
/// are few and long: 16 columns of 20000 are read in half the time, but 100 columns, or from memory, in twice the time.
inline constexpr index_t first_caches = 96 * 1024;
inline constexpr index_t third_cache = 8 * 1024 * 1024;
inline constexpr index_t few_columns = 64;

/// Up to this size, with a y that stays in the first cache, rows are updated one by one in packs of half the width: the
/// stores of several rows that are not aligned alike disturb each other. From memory four rows at a time move a third
/// more.
inline constexpr index_t all_caches = 24 * 1024 * 1024;
inline constexpr index_t short_y = 20 * 1024;

/// y = alpha A x + beta y for V packs of rows (the last with `last` rows, w if Full) that stay in registers over all
/// columns; beta = 0 does not read y. Few packs take several columns at a time, each with sums of its own, which hide
/// the latency of the multiply-add.
template <class Arch, int V, bool Full, class T>
void gemv_in_registers(T alpha, const T* a, index_t stride, const VecRef<const T>& x, T beta, T* y, index_t last) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    constexpr int S = V < 4 ? 4 / V : 1;
    P sum[S][V];
#pragma GCC unroll 4
    for (int s = 0; s < S; ++s) {
#pragma GCC unroll 8
        for (int v = 0; v < V; ++v) sum[s][v] = simd::broadcast<T, Arch>(T{});
    }
    const auto load = [last](const T* from, int v) {
        return Full || v + 1 < V ? simd::load<T, Arch>(from + v * w) : simd::load_n<T, Arch>(from + v * w, last);
    };
    const auto add = [&](P(&to)[V], index_t j) {
        const P xj = simd::broadcast<T, Arch>(x[j]);
#pragma GCC unroll 8
        for (int v = 0; v < V; ++v) to[v] = simd::fma(load(a, v), xj, to[v]);
        a += stride;
    };
    index_t j = 0;
    for (; j + S <= x.size; j += S) {
#pragma GCC unroll 4
        for (int s = 0; s < S; ++s) add(sum[s], j + s);
    }
    for (; j < x.size; ++j) add(sum[0], j);
    const P factor = simd::broadcast<T, Arch>(alpha), keep = simd::broadcast<T, Arch>(beta);
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) {
        P total = sum[0][v];
#pragma GCC unroll 4
        for (int s = 1; s < S; ++s) total = total + sum[s][v];
        total = factor * total;
        if (beta != T{}) total = simd::fma(keep, load(y, v), total);
        T* to = y + v * w;
        Full || v + 1 < V ? simd::store(to, total) : simd::store_n(to, total, last);
    }
}

/// Calls work with a contiguous copy (or the memory itself) of pieces of x: work(pointer, first, count).
template <class T, class Work>
void for_contiguous(const VecRef<const T>& x, const Work& work) {
    if (x.stride == 1 || x.size <= 1) {
        if (x.size > 0) work(x.data, index_t{0}, x.size);
        return;
    }
    T chunk[vector_chunk];
    for (index_t first = 0; first < x.size; first += vector_chunk) {
        const index_t count = x.size - first < vector_chunk ? x.size - first : vector_chunk;
        for (index_t i = 0; i < count; ++i) chunk[i] = x[first + i];
        work(static_cast<const T*>(chunk), first, count);
    }
}

/// sums[i] = row i · x for contiguous rows of length n, R of them at a time.
template <class Arch, int R, class T>
void dot_rows(const T* a, index_t stride, index_t rows, const T* x, index_t n, T* sums) {
    index_t i = 0;
    for (; i + R <= rows; i += R, a += R * stride) dot_strips<Arch, R>(a, stride, x, n, sums + i);
    for (; i + 2 <= rows; i += 2, a += 2 * stride) dot_strips<Arch, 2>(a, stride, x, n, sums + i);
    if (i < rows) sums[i] = dot_contiguous<Arch, T>(a, x, n);
}

/// y = alpha sums + beta y; beta = 0 does not read y.
template <class Arch, class T>
void put_sums(T alpha, const T* sums, T beta, T* y, index_t stride, index_t n) {
    constexpr index_t w = simd::width<T, Arch>;
    index_t i = 0;
    if (stride == 1) {
        const auto factor = simd::broadcast<T, Arch>(alpha), keep = simd::broadcast<T, Arch>(beta);
        for (; i + w <= n; i += w) {
            const auto product = factor * simd::load<T, Arch>(sums + i);
            simd::store(y + i, beta == T{} ? product : simd::fma(keep, simd::load<T, Arch>(y + i), product));
        }
    }
    for (; i < n; ++i) {
        const T product = alpha * sums[i];
        T& to = y[i * stride];
        to = beta == T{} ? product : simd::fma(beta, to, product);
    }
}

/// y = alpha A x + beta y for rows contiguous in memory.
template <class Arch, class T>
void gemv_rows(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, const VecRef<T>& y) {
    constexpr index_t size = sizeof(T);
    const bool near = A.rows * A.cols * size <= second_cache || A.cols * size <= short_row;
    const bool by_halves = simd::masks_are_free<Arch> && A.cols * size <= row_of_halves;
    for_contiguous<T>(x, [&](const T* xs, index_t first, index_t n) {
        T sums[row_chunk];
        for (index_t i = 0; i < A.rows; i += row_chunk) {
            const index_t m = A.rows - i < row_chunk ? A.rows - i : row_chunk;
            const T* a = &A(i, first);
            if (by_halves) {
                dot_rows<simd::half_packs<Arch>, near_strips>(a, A.row_stride, m, xs, n, sums);
            } else if (near) {
                dot_rows<Arch, near_strips>(a, A.row_stride, m, xs, n, sums);
            } else {
                dot_rows<Arch, strips<Arch>>(a, A.row_stride, m, xs, n, sums);
            }
            put_sums<Arch>(alpha, sums, first == 0 ? beta : T{1}, &y[i], y.stride, m);
        }
    });
}

/// gemv_in_registers for V packs of rows at a time, from row i on while there are as many; answers the first that is
/// left.
template <class Arch, int V, class T>
GRAM_INLINE index_t gemv_packs(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, T* y, index_t i) {
    constexpr index_t w = simd::width<T, Arch>;
    for (; i + V * w <= A.rows; i += V * w) {
        gemv_in_registers<Arch, V, true>(alpha, A.data + i, A.col_stride, x, beta, y + i, w);
    }
    // The last of several packs may be a part where masks cost nothing.
    const index_t last = A.rows - i - (V - 1) * w;
    if (last <= 0 || (V > 1 && !simd::masks_are_free<Arch>)) return i;
    gemv_in_registers<Arch, V, false>(alpha, A.data + i, A.col_stride, x, beta, y + i, last);
    return A.rows;
}

/// y = alpha A x + beta y for columns and y contiguous in memory, in as many packs of rows as registers hold.
template <class Arch, class T>
void gemv_by_packs(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, T* y) {
    index_t i = 0;
    if constexpr (simd::register_count<Arch> >= 32) i = gemv_packs<Arch, 8>(alpha, A, x, beta, y, i);
    i = gemv_packs<Arch, 4>(alpha, A, x, beta, y, i);
    i = gemv_packs<Arch, 2>(alpha, A, x, beta, y, i);
    gemv_packs<Arch, 1>(alpha, A, x, beta, y, i);
}

/// y += alpha A x for columns and y contiguous in memory, R columns at a time.
template <class Arch, int R, class T>
void add_columns(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T* y) {
    T factors[R];
    const auto add = [&]<int Count>(std::integral_constant<int, Count>, index_t j) {
        for (int r = 0; r < Count; ++r) factors[r] = alpha * x[j + r];
        add_strips<Arch, Count>(&A(0, j), A.col_stride, factors, y, A.rows);
    };
    index_t j = 0;
    for (; j + R <= A.cols; j += R) add(std::integral_constant<int, R>{}, j);
    for (; j + 2 <= A.cols; j += 2) add(std::integral_constant<int, 2>{}, j);
    if (j < A.cols) add(std::integral_constant<int, 1>{}, j);
}

/// y = alpha A x + beta y for columns and y contiguous in memory.
template <class Arch, class T>
void gemv_columns(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, T* y) {
    constexpr index_t size = sizeof(T);
    const index_t bytes = A.rows * A.cols * size;
    constexpr bool wide = simd::register_count<Arch> >= 32;
    if (bytes <= first_caches || (wide && A.cols <= few_columns && bytes <= third_cache)) {
        return gemv_by_packs<Arch, T>(alpha, A, x, beta, y);
    }
    if (A.rows <= strips<Arch> * simd::width<T, Arch>) {
        // Parts that come from far once and are near for all packs of rows.
        const index_t part = second_cache / 2 / (A.rows * size);
        for (index_t j = 0; j < A.cols; j += part) {
            const index_t n = A.cols - j < part ? A.cols - j : part;
            gemv_by_packs<Arch, T>(alpha, A.block(0, j, A.rows, n), x.segment(j, n), j == 0 ? beta : T{1}, y);
        }
        return;
    }
    if (beta != T{1}) scal<Arch>(beta, VecRef<T>{y, A.rows, 1});
    // Half a pack crosses a line half as often.
    add_columns<simd::half_packs<Arch>, strips<Arch>>(alpha, A, x, y);
}

/// y = alpha A x + beta y for columns contiguous in memory and a y of any stride.
template <class Arch, class T>
void gemv_columns(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, const VecRef<T>& y) {
    if (y.stride == 1) return gemv_columns<Arch, T>(alpha, A, x, beta, y.data);
    T chunk[vector_chunk];
    for (index_t i = 0; i < A.rows; i += vector_chunk) {
        const index_t m = A.rows - i < vector_chunk ? A.rows - i : vector_chunk;
        for (index_t l = 0; l < m; ++l) chunk[l] = y[i + l];
        gemv_columns<Arch, T>(alpha, A.block(i, 0, m, A.cols), x, beta, chunk);
        for (index_t l = 0; l < m; ++l) y[i + l] = chunk[l];
    }
}

/// `rows` rows += alpha x y^T for contiguous rows and y, one row after the other.
template <class Arch, class T>
void ger_by_rows(T alpha, const T* x, index_t x_stride, const T* y, T* a, index_t stride, index_t rows, index_t n) {
    for (; rows > 0; --rows, x += x_stride, a += stride) {
        const T factor[] = {alpha * *x};
        update_strips<Arch, 1>(factor, y, a, 0, n);
    }
}

/// A += alpha x y^T for rows of A contiguous in memory.
template <class Arch, class T>
void ger_rows(T alpha, const VecRef<const T>& x, const VecRef<const T>& y, const MatRef<T>& A) {
    constexpr int R = 4;
    constexpr index_t size = sizeof(T);
    const bool together =
        (A.rows * A.cols * size > all_caches || A.cols * size > short_y) && !same_page_offset<T>(A.row_stride);
    const index_t m = together ? A.rows / R * R : 0;
    if (m == 0 && y.stride == 1) {
        return ger_by_rows<simd::half_packs<Arch>>(alpha, x.data, x.stride, y.data, A.data, A.row_stride, A.rows,
                                                   A.cols);
    }
    for_contiguous<T>(y, [&](const T* ys, index_t first, index_t n) {
        for (index_t i = 0; i < m; i += R) {
            T factors[R];
            for (int r = 0; r < R; ++r) factors[r] = alpha * x[i + r];
            update_strips<Arch, R>(factors, ys, &A(i, first), A.row_stride, n);
        }
        ger_by_rows<simd::half_packs<Arch>>(alpha, &x[m], x.stride, ys, &A(m, first), A.row_stride, A.rows - m, n);
    });
}

}  // namespace detail

/// y = alpha A x + beta y. beta = 0 overwrites y, whatever it held; alpha = 0 does not read A and x.
///
/// Takes no memory from the heap. y must not overlap A or x.
template <class Arch = simd::native_arch, class T>
void gemv(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
          const std::type_identity_t<VecRef<const T>>& x, std::type_identity_t<T> beta, const VecRef<T>& y) {
    const detail::CountedCall counted(detail::Call::gemv);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().gemv(alpha, A, x, beta, y);
    if constexpr (simd::has_pack<T, Arch>) {
        const bool one_row = A.rows == 1, one_column = A.cols == 1;
        const bool by_rows = A.col_stride == 1 && !(one_column && A.row_stride == 1);
        if (alpha != T{} && A.rows > 0 && A.cols > 0 && (by_rows || (A.row_stride == 1 && !one_row))) {
            detail::count_flops(2, A.rows, A.cols);
            if (by_rows) return detail::gemv_rows<Arch, T>(alpha, A, x, beta, y);
            return detail::gemv_columns<Arch, T>(alpha, A, x, beta, y);
        }
    }
    if (beta != T{1}) scal<Arch>(beta, y);
    if (alpha == T{} || A.rows == 0 || A.cols == 0) return;
    if constexpr (detail::is_complex<T>) {
        return detail::complex_gemv<Arch, detail::real_t<T>>(alpha, A, false, x, y);
    }
    const bool by_columns = A.row_stride * A.row_stride < A.col_stride * A.col_stride;
    if (by_columns) {
        for (index_t j = 0; j < A.cols; ++j) axpy<Arch>(static_cast<T>(alpha * x[j]), A.col(j), y);
    } else {
        for (index_t i = 0; i < A.rows; ++i) y[i] = static_cast<T>(y[i] + alpha * dot<Arch>(A.row(i), x));
    }
}

/// y = alpha op(A) x + beta y, where op conjugates where `conj_a` says so. The rules of gemv.
template <class Arch = simd::native_arch, class T>
void gemv_conj(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
               [[maybe_unused]] bool conj_a, const std::type_identity_t<VecRef<const T>>& x,
               std::type_identity_t<T> beta, const VecRef<T>& y) {
    const detail::CountedCall counted(detail::Call::gemv);
    if constexpr (!detail::is_complex<T>) {
        gemv<Arch>(alpha, A, x, beta, y);
    } else {
        if (beta != T{1}) scal<Arch>(beta, y);
        if (alpha == T{} || A.rows == 0 || A.cols == 0) return;
        detail::complex_gemv<Arch, detail::real_t<T>>(alpha, A, conj_a, x, y);
    }
}

/// A += alpha x y^T
template <class Arch = simd::native_arch, class T>
void ger(std::type_identity_t<T> alpha, const std::type_identity_t<VecRef<const T>>& x,
         const std::type_identity_t<VecRef<const T>>& y, const MatRef<T>& A) {
    const detail::CountedCall counted(detail::Call::ger);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().ger(alpha, x, y, A);
    if (alpha == T{} || A.rows == 0 || A.cols == 0) return;
    if constexpr (detail::is_complex<T>) {
        return detail::complex_ger<Arch, detail::real_t<T>>(alpha, x, y, false, false, A);
    }
    if constexpr (simd::has_pack<T, Arch>) {
        detail::count_flops(A.col_stride == 1 || A.row_stride == 1 ? 2 : 0, A.rows, A.cols);
        if (A.col_stride == 1) return detail::ger_rows<Arch, T>(alpha, x, y, A);
        if (A.row_stride == 1) return detail::ger_rows<Arch, T>(alpha, y, x, A.transposed());
    }
    for (index_t i = 0; i < A.rows; ++i) axpy<Arch>(static_cast<T>(alpha * x[i]), y, A.row(i));
}

}  // namespace gram::kernel

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel {

extern template void gemv<simd::native_arch>(float, const MatRef<const float>&, const VecRef<const float>&, float,
                                             const VecRef<float>&);
extern template void gemv<simd::native_arch>(double, const MatRef<const double>&, const VecRef<const double>&, double,
                                             const VecRef<double>&);
extern template void gemv<simd::native_arch>(std::complex<float>, const MatRef<const std::complex<float>>&,
                                             const VecRef<const std::complex<float>>&, std::complex<float>,
                                             const VecRef<std::complex<float>>&);
extern template void gemv<simd::native_arch>(std::complex<double>, const MatRef<const std::complex<double>>&,
                                             const VecRef<const std::complex<double>>&, std::complex<double>,
                                             const VecRef<std::complex<double>>&);
extern template void ger<simd::native_arch>(float, const VecRef<const float>&, const VecRef<const float>&,
                                            const MatRef<float>&);
extern template void ger<simd::native_arch>(double, const VecRef<const double>&, const VecRef<const double>&,
                                            const MatRef<double>&);
extern template void ger<simd::native_arch>(std::complex<float>, const VecRef<const std::complex<float>>&,
                                            const VecRef<const std::complex<float>>&,
                                            const MatRef<std::complex<float>>&);
extern template void ger<simd::native_arch>(std::complex<double>, const VecRef<const std::complex<double>>&,
                                            const VecRef<const std::complex<double>>&,
                                            const MatRef<std::complex<double>>&);

}  // namespace gram::kernel
#endif
