/// Complex matrix-vector work: packs of A stay as they lie, parts in alternating lanes, and the sums of real products
/// are exchanged at the end (complex_tile.hpp).
#pragma once

#include <type_traits>

#include "gram/kernel/complex_tile.hpp"
#include "gram/kernel/complex_vector.hpp"

namespace gram::kernel::detail {

template <class T, class Work>
void for_contiguous(const VecRef<const T>& x, const Work& work);

/// Elements of a strided destination that are gathered on the stack at a time.
inline constexpr index_t complex_chunk = 256;

/// A matrix of this size may be read in any order of its lines.
inline constexpr index_t complex_first_cache = 32 * 1024;

/// Rows or columns that share one pass over a vector: two registers each.
template <class Arch>
inline constexpr int complex_strips = simd::register_count<Arch> >= 32 ? 8 : 4;

/// y[r] += alpha op(row r) · x for N contiguous rows of n numbers.
template <class Arch, int N, class R>
void complex_dot_strips(const std::complex<R>* rows, index_t stride, const std::complex<R>* x, index_t n,
                        std::complex<R> alpha, bool conjugated, const VecRef<std::complex<R>>& y) {
    constexpr index_t w = simd::width<R, Arch>;
    const R *a = reinterpret_cast<const R*>(rows), *b = reinterpret_cast<const R*>(x);
    using P = simd::pack<R, Arch>;
    P direct[N], crossed[N];
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) direct[r] = crossed[r] = simd::broadcast<R, Arch>(R{});
    index_t j = 0;
    for (; j + w <= 2 * n; j += w) {
        const P bj = simd::load<R, Arch>(b + j), swapped = simd::swap_parts(bj);
#pragma GCC unroll 8
        for (int r = 0; r < N; ++r) {
            const P ar = simd::in_register(simd::load<R, Arch>(a + 2 * r * stride + j));
            direct[r] = simd::fma(ar, bj, direct[r]);
            crossed[r] = simd::fma(ar, swapped, crossed[r]);
        }
    }
    if (const index_t rest = 2 * n - j; rest > 0) {
        const P bj = simd::load_n<R, Arch>(b + j, rest), swapped = simd::swap_parts(bj);
#pragma GCC unroll 8
        for (int r = 0; r < N; ++r) {
            const P ar = simd::load_n<R, Arch>(a + 2 * r * stride + j, rest);
            direct[r] = simd::fma(ar, bj, direct[r]);
            crossed[r] = simd::fma(ar, swapped, crossed[r]);
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) sign_sums<Arch, R>(direct[r], crossed[r], conjugated);
    constexpr int c = static_cast<int>(w) / 2;
    if constexpr (N % c == 0) {
        // Partial sums of as many rows as a pack holds are transposed, and become the sums of these rows side by side.
#pragma GCC unroll 8
        for (int first = 0; first < N; first += c) {
            P sums[c];
#pragma GCC unroll 8
            for (int r = 0; r < c; ++r) sums[r] = simd::add_pairs(direct[first + r], crossed[first + r]);
            simd::transpose_complex(sums);
#pragma GCC unroll 4
            for (int half = c / 2; half > 0; half /= 2) {
#pragma GCC unroll 4
                for (int r = 0; r < half; ++r) sums[r] = sums[r] + sums[r + half];
            }
            std::complex<R> totals[c];
            simd::store(reinterpret_cast<R*>(totals), sums[0]);
            for (int r = 0; r < c; ++r) y[first + r] += scaled(alpha, totals[r]);
        }
    } else {
#pragma GCC unroll 8
        for (int r = 0; r < N; ++r) {
            y[r] += scaled(alpha, std::complex<R>{simd::reduce_add(direct[r]), simd::reduce_add(crossed[r])});
        }
    }
}

/// y += alpha op(A) x for rows contiguous in memory.
template <class Arch, class R>
void complex_gemv_rows(std::complex<R> alpha, const MatRef<const std::complex<R>>& A, bool conjugated,
                       const VecRef<const std::complex<R>>& x, const VecRef<std::complex<R>>& y) {
    constexpr int N = complex_strips<Arch>;
    count_flops(8, A.rows, A.cols);
    for_contiguous<std::complex<R>>(x, [&](const std::complex<R>* xs, index_t first, index_t n) {
        index_t i = 0;
        const auto rows = [&]<int M>(std::integral_constant<int, M>) {
            for (; i + M <= A.rows; i += M) {
                complex_dot_strips<Arch, M>(&A(i, first), A.row_stride, xs, n, alpha, conjugated, y.segment(i, M));
            }
        };
        rows(std::integral_constant<int, N>{});
        rows(std::integral_constant<int, 2>{});
        rows(std::integral_constant<int, 1>{});
    });
}

/// y += sum over N contiguous columns of op(column r) * z[r].
template <class Arch, int N, class R>
void complex_add_strips(const std::complex<R>* columns, index_t stride, const std::complex<R>* z, bool conjugated,
                        std::complex<R>* y, index_t m) {
    using P = simd::pack<R, Arch>;
    constexpr index_t w = simd::width<R, Arch>;
    const R* a = reinterpret_cast<const R*>(columns);
    R* to = reinterpret_cast<R*>(y);
    const ComplexFinish<Arch, R> finish(ComplexEnding<R>({1}, false, conjugated, {1}));
    P re[N], im[N];
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) {
        re[r] = simd::broadcast<R, Arch>(z[r].real());
        im[r] = simd::broadcast<R, Arch>(z[r].imag());
    }
    for (index_t i = 0; i < 2 * m; i += w) {
        const bool full = i + w <= 2 * m;
        const index_t count = full ? w : 2 * m - i;
        P x = simd::broadcast<R, Arch>(R{}), t = x;
#pragma GCC unroll 8
        for (int r = 0; r < N; ++r) {
            const R* from = a + 2 * r * stride + i;
            const P ar = simd::in_register(full ? simd::load<R, Arch>(from) : simd::load_n<R, Arch>(from, count));
            x = simd::fma(ar, re[r], x);
            t = simd::fma(ar, im[r], t);
        }
        const P sum = finish.product(x, t);
        if (full) {
            simd::store(to + i, finish.sum(sum, simd::load<R, Arch>(to + i)));
        } else {
            simd::store_n(to + i, finish.sum(sum, simd::load_n<R, Arch>(to + i, count)), count);
        }
    }
}

/// y += alpha op(A) x for columns contiguous in memory, as is y.
template <class Arch, class R>
void complex_gemv_columns(std::complex<R> alpha, const MatRef<const std::complex<R>>& A, bool conjugated,
                          const VecRef<const std::complex<R>>& x, std::complex<R>* y) {
    using C = std::complex<R>;
    using Shape = ComplexShape<Arch, R>;
    constexpr int N = complex_strips<Arch>;
    const bool whole_packs = simd::masks_are_free<Arch> || A.rows % Shape::width == 0;
    if (whole_packs && A.rows * A.cols * Shape::size <= complex_first_cache) {
        // Tiles of one row: y^T += x^T A^T, y in registers over all columns.
        const ComplexEnding<R> end(alpha, false, conjugated, C{1});
        ComplexPanels<R> in{reinterpret_cast<const R*>(x.data), 0, nullptr, 2 * x.stride, 2 * A.col_stride, A.cols};
        for (index_t i = 0; i < A.rows; i += Shape::columns) {
            in.b = reinterpret_cast<const R*>(A.data + i);
            const index_t columns = A.rows - i < Shape::columns ? A.rows - i : Shape::columns;
            ComplexTiles<Arch, R>::run(in, 1, columns, end, reinterpret_cast<R*>(y + i), 0);
        }
        return;
    }
    count_flops(8, A.rows, A.cols);
    index_t j = 0;
    const auto columns = [&]<int M>(std::integral_constant<int, M>) {
        for (; j + M <= A.cols; j += M) {
            C z[M];
            for (int r = 0; r < M; ++r) z[r] = scaled<C>(alpha, x[j + r]);
            complex_add_strips<Arch, M>(&A(0, j), A.col_stride, z, conjugated, y, A.rows);
        }
    };
    columns(std::integral_constant<int, N>{});
    columns(std::integral_constant<int, 2>{});
    columns(std::integral_constant<int, 1>{});
}

/// y += alpha op(A) x, where op conjugates or not.
template <class Arch, class R>
void complex_gemv(std::complex<R> alpha, MatRef<const std::complex<R>> A, bool conjugated,
                  VecRef<const std::complex<R>> x, VecRef<std::complex<R>> y) {
    using C = std::complex<R>;
    if constexpr (simd::has_pack<R, Arch>) {
        if (A.col_stride == 1 && !(A.cols == 1 && A.row_stride == 1)) {
            return complex_gemv_rows<Arch, R>(alpha, A, conjugated, x, y);
        }
        if (A.row_stride == 1 && y.stride == 1) {
            return complex_gemv_columns<Arch, R>(alpha, A, conjugated, x, y.data);
        }
        if (A.row_stride == 1) {
            C chunk[complex_chunk];
            for (index_t i = 0; i < A.rows; i += complex_chunk) {
                const index_t m = A.rows - i < complex_chunk ? A.rows - i : complex_chunk;
                for (index_t l = 0; l < m; ++l) chunk[l] = y[i + l];
                complex_gemv_columns<Arch, R>(alpha, A.block(i, 0, m, A.cols), conjugated, x, chunk);
                for (index_t l = 0; l < m; ++l) y[i + l] = chunk[l];
            }
            return;
        }
    }
    for (index_t j = 0; j < A.cols; ++j) {
        const C z = scaled<C>(alpha, x[j]);
        for (index_t i = 0; i < A.rows; ++i) y[i] += times(conj_if(conjugated, A(i, j)), z);
    }
}

/// column r += x * z[r] for N contiguous columns.
template <class Arch, int N, class R>
void complex_update_strips(const std::complex<R>* z, bool conj_x, const std::complex<R>* x, std::complex<R>* columns,
                           index_t stride, index_t m) {
    using P = simd::pack<R, Arch>;
    constexpr index_t w = simd::width<R, Arch>;
    const R* b = reinterpret_cast<const R*>(x);
    R* a = reinterpret_cast<R*>(columns);
    // op(x) z = x re + swap_parts(x) im, the signs of the conjugation in the factors.
    P re[N], im[N];
#pragma GCC unroll 4
    for (int r = 0; r < N; ++r) {
        const R zr = z[r].real(), zi = z[r].imag();
        re[r] = simd::broadcast_parts<R, Arch>(zr, conj_x ? -zr : zr);
        im[r] = simd::broadcast_parts<R, Arch>(conj_x ? zi : -zi, zi);
    }
    for (index_t i = 0; i < 2 * m; i += w) {
        const bool full = i + w <= 2 * m;
        const index_t count = full ? w : 2 * m - i;
        const P xi = simd::in_register(full ? simd::load<R, Arch>(b + i) : simd::load_n<R, Arch>(b + i, count));
        const P swapped = simd::swap_parts(xi);
#pragma GCC unroll 4
        for (int r = 0; r < N; ++r) {
            R* to = a + 2 * r * stride + i;
            const P old = full ? simd::load<R, Arch>(to) : simd::load_n<R, Arch>(to, count);
            const P sum = simd::fma(swapped, im[r], simd::fma(xi, re[r], old));
            full ? simd::store(to, sum) : simd::store_n(to, sum, count);
        }
    }
}

/// A += alpha op(x) op(y)^T, where each op conjugates or not.
template <class Arch, class R>
void complex_ger(std::complex<R> alpha, VecRef<const std::complex<R>> x, VecRef<const std::complex<R>> y, bool conj_x,
                 bool conj_y, MatRef<std::complex<R>> A) {
    using C = std::complex<R>;
    if (A.row_stride != 1 && A.col_stride == 1)
        return complex_ger<Arch, R>(alpha, y, x, conj_y, conj_x, A.transposed());
    const auto factor = [&](index_t j) { return scaled(alpha, conj_if(conj_y, static_cast<C>(y[j]))); };
    if constexpr (simd::has_pack<R, Arch>) {
        if (A.row_stride == 1) {
            count_flops(8, A.rows, A.cols);
            constexpr int N = 4;
            // Loads of one column wait for stores to another at such a distance.
            const index_t together = A.col_stride * static_cast<index_t>(sizeof(C)) % 4096 == 0 ? 0 : A.cols / N * N;
            return for_contiguous<C>(x, [&](const C* xs, index_t first, index_t m) {
                index_t j = 0;
                for (; j < together; j += N) {
                    const C z[N] = {factor(j), factor(j + 1), factor(j + 2), factor(j + 3)};
                    complex_update_strips<Arch, N>(z, conj_x, xs, &A(first, j), A.col_stride, m);
                }
                for (; j < A.cols; ++j) {
                    complex_axpy_contiguous<Arch, R>(factor(j), conj_x, xs, &A(first, j), m);
                }
            });
        }
    }
    for (index_t j = 0; j < A.cols; ++j) {
        const C z = factor(j);
        for (index_t i = 0; i < A.rows; ++i) A(i, j) += times(conj_if(conj_x, static_cast<C>(x[i])), z);
    }
}

}  // namespace gram::kernel::detail
