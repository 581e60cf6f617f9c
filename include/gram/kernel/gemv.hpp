/// Matrix times vector: gemv. Rank-one updates: ger. One read of the matrix, several rows or columns at a time.
#pragma once

#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/complex_gemv.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/vector.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/reduce.hpp"

namespace gram::kernel {
namespace detail {

/// Elements of a strided vector that are gathered on the stack at a time.
inline constexpr index_t vector_chunk = 512;

/// A matrix of this size may be read in any order of its lines.
inline constexpr index_t first_cache = 32 * 1024;

/// How many rows (or columns) share one pass over a vector: as many as the registers allow.
template <class Arch>
inline constexpr int strips = simd::register_count<Arch> >= 32 ? 8 : 4;

/// Rows at this distance agree in the address bits by which a processor matches loads with earlier stores: updating
/// several of them in turn makes each wait for the other.
template <class T>
constexpr bool same_page_offset(index_t stride) {
    return stride * static_cast<index_t>(sizeof(T)) % 4096 == 0;
}

/// sums[r] = strip r · x for R contiguous strips of length n.
template <class Arch, int R, class T>
void dot_strips(const T* a, index_t stride, const T* x, index_t n, T* sums) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P acc[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) acc[r] = simd::broadcast<T, Arch>(T{});
    index_t j = 0;
    for (; j + w <= n; j += w) {
        const P xj = simd::load<T, Arch>(x + j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) acc[r] = simd::fma(simd::load<T, Arch>(a + r * stride + j), xj, acc[r]);
    }
    if (j < n) {
        const P xj = simd::load_n<T, Arch>(x + j, n - j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) acc[r] = simd::fma(simd::load_n<T, Arch>(a + r * stride + j, n - j), xj, acc[r]);
    }
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) sums[r] = simd::reduce_add(acc[r]);
}

/// y += sum over R contiguous strips of c[r] * strip r.
template <class Arch, int R, class T>
void add_strips(const T* a, index_t stride, const T* c, T* y, index_t n) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P factor[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) factor[r] = simd::broadcast<T, Arch>(c[r]);
    index_t i = 0;
    for (; i + w <= n; i += w) {
        // Two chains halve the latency of R dependent additions.
        P even = simd::load<T, Arch>(y + i), odd = simd::broadcast<T, Arch>(T{});
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            P& sum = r % 2 == 0 ? even : odd;
            sum = simd::fma(factor[r], simd::load<T, Arch>(a + r * stride + i), sum);
        }
        simd::store(y + i, even + odd);
    }
    if (i < n) {
        P sum = simd::load_n<T, Arch>(y + i, n - i);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) sum = simd::fma(factor[r], simd::load_n<T, Arch>(a + r * stride + i, n - i), sum);
        simd::store_n(y + i, sum, n - i);
    }
}

/// y = alpha A x + beta y for V packs of rows (the last with `last` rows) that stay in registers over all columns;
/// beta = 0 does not read y. Few packs take several columns at a time, each with sums of its own, which hide the
/// latency of the multiply-add.
template <class Arch, int V, class T>
void gemv_in_registers(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, T* y, index_t last) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    constexpr int S = 4 / V;
    P sum[S][V];
#pragma GCC unroll 4
    for (int s = 0; s < S; ++s) {
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) sum[s][v] = simd::broadcast<T, Arch>(T{});
    }
    const bool full = V > 1 || last == w;
    const T* a = A.data;
    const auto add = [&](P(&to)[V], index_t j) {
        const P xj = simd::broadcast<T, Arch>(x[j]);
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            to[v] =
                simd::fma(full ? simd::load<T, Arch>(a + v * w) : simd::load_n<T, Arch>(a + v * w, last), xj, to[v]);
        }
        a += A.col_stride;
    };
    index_t j = 0;
    for (; j + S <= A.cols; j += S) {
#pragma GCC unroll 4
        for (int s = 0; s < S; ++s) add(sum[s], j + s);
    }
    for (; j < A.cols; ++j) add(sum[0], j);
    const P factor = simd::broadcast<T, Arch>(alpha), keep = simd::broadcast<T, Arch>(beta);
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
        P total = sum[0][v];
#pragma GCC unroll 4
        for (int s = 1; s < S; ++s) total = total + sum[s][v];
        total = factor * total;
        T* to = y + v * w;
        if (full) {
            simd::store(to, beta == T{} ? total : simd::fma(keep, simd::load<T, Arch>(to), total));
        } else {
            simd::store_n(to, beta == T{} ? total : simd::fma(keep, simd::load_n<T, Arch>(to, last), total), last);
        }
    }
}

/// strip r += c[r] * y for R contiguous strips.
template <class Arch, int R, class T>
void update_strips(const T* c, const T* y, T* a, index_t stride, index_t n) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P factor[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) factor[r] = simd::broadcast<T, Arch>(c[r]);
    if (n < w) {
        // One by one: what a mask has written cannot be read back at once, and the next update of a small matrix does.
        for (int r = 0; r < R; ++r) {
            T* to = a + r * stride;
            for (index_t l = 0; l < n; ++l) to[l] = simd::fma(c[r], y[l], to[l]);
        }
        return;
    }
    // The last pack of a strip overlaps the one before it: it is read before anything is written.
    const index_t tail = n - w;
    P old[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) old[r] = simd::load<T, Arch>(a + r * stride + tail);
    for (index_t j = 0; j < tail; j += w) {
        const P yj = simd::load<T, Arch>(y + j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            T* to = a + r * stride + j;
            simd::store(to, simd::fma(factor[r], yj, simd::load<T, Arch>(to)));
        }
    }
    const P yj = simd::load<T, Arch>(y + tail);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) simd::store(a + r * stride + tail, simd::fma(factor[r], yj, old[r]));
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

/// y = alpha A x + beta y for rows contiguous in memory.
template <class Arch, class T>
void gemv_rows(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, const VecRef<T>& y) {
    constexpr int R = strips<Arch>;
    for_contiguous<T>(x, [&](const T* xs, index_t first, index_t n) {
        const T keep = first == 0 ? beta : T{1};
        const auto put = [&](index_t i, T sum) {
            T& to = y[i];
            to = keep == T{} ? alpha * sum : alpha * sum + (keep == T{1} ? to : keep * to);
        };
        T sums[R];
        index_t i = 0;
        for (; i + R <= A.rows; i += R) {
            dot_strips<Arch, R>(&A(i, first), A.row_stride, xs, n, sums);
#pragma GCC unroll 8
            for (int r = 0; r < R; ++r) put(i + r, sums[r]);
        }
        for (; i + 2 <= A.rows; i += 2) {
            dot_strips<Arch, 2>(&A(i, first), A.row_stride, xs, n, sums);
            for (int r = 0; r < 2; ++r) put(i + r, sums[r]);
        }
        if (i < A.rows) put(i, dot_contiguous<Arch, T>(&A(i, first), xs, n));
    });
}

/// y = alpha A x + beta y for columns and y contiguous in memory.
template <class Arch, class T>
void gemv_columns(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, T* y) {
    constexpr int R = strips<Arch>;
    if (A.rows * A.cols * static_cast<index_t>(sizeof(T)) <= first_cache) {
        constexpr index_t w = simd::width<T, Arch>;
        index_t i = 0;
        for (; i + 4 * w <= A.rows; i += 4 * w) {
            gemv_in_registers<Arch, 4>(alpha, A.block(i, 0, 4 * w, A.cols), x, beta, y + i, w);
        }
        for (; i + 2 * w <= A.rows; i += 2 * w) {
            gemv_in_registers<Arch, 2>(alpha, A.block(i, 0, 2 * w, A.cols), x, beta, y + i, w);
        }
        for (; i < A.rows; i += w) {
            const index_t m = A.rows - i < w ? A.rows - i : w;
            gemv_in_registers<Arch, 1>(alpha, A.block(i, 0, m, A.cols), x, beta, y + i, m);
        }
        return;
    }
    if (beta != T{1}) scal<Arch>(beta, VecRef<T>{y, A.rows, 1});
    T factors[R];
    const auto gather = [&](index_t j, int count) {
        for (int r = 0; r < count; ++r) factors[r] = alpha * x[j + r];
    };
    index_t j = 0;
    for (; j + R <= A.cols; j += R) {
        gather(j, R);
        add_strips<Arch, R>(&A(0, j), A.col_stride, factors, y, A.rows);
    }
    for (; j + 2 <= A.cols; j += 2) {
        gather(j, 2);
        add_strips<Arch, 2>(&A(0, j), A.col_stride, factors, y, A.rows);
    }
    if (j < A.cols) axpy_contiguous<Arch, T>(alpha * x[j], &A(0, j), y, A.rows);
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

/// A += alpha x y^T for rows of A contiguous in memory.
template <class Arch, class T>
void ger_rows(T alpha, const VecRef<const T>& x, const VecRef<const T>& y, const MatRef<T>& A) {
    constexpr int R = 4;
    const index_t together = same_page_offset<T>(A.row_stride) ? 0 : A.rows / R * R;
    for_contiguous<T>(y, [&](const T* ys, index_t first, index_t n) {
        index_t i = 0;
        for (; i < together; i += R) {
            T factors[R];
            for (int r = 0; r < R; ++r) factors[r] = alpha * x[i + r];
            update_strips<Arch, R>(factors, ys, &A(i, first), A.row_stride, n);
        }
        for (; i < A.rows; ++i) {
            const T factor = alpha * x[i];
            update_strips<Arch, 1>(&factor, ys, &A(i, first), A.row_stride, n);
        }
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
