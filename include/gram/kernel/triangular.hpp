/// Triangular matrices: solves trsm and products trmm, in place; trsv is in trsv.hpp. (From the right: pass transposed
/// operands and the flipped triangle.)
///
/// The triangle is halved until a small one is left; what lies beside the halves is a GEMM. The small ones run over
/// rows of B in vectors; a B whose columns are contiguous is transposed piece by piece on the way.
#pragma once

#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/gemm.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/trsv.hpp"

namespace gram::kernel {
namespace detail {

/// Triangles of this size are not halved further.
inline constexpr index_t triangle_leaf = 16;
/// Columns of a transposed piece of B.
inline constexpr index_t triangle_columns = 64;

/// One operation on a small triangle: which rows it visits in which order.
struct TriangleOrder {
    Triangle tri;
    Diagonal diag;

    [[nodiscard]] bool lower() const { return tri == Triangle::lower; }
    /// Columns of A beside the diagonal in row i of m: [begin, begin + count).
    [[nodiscard]] index_t begin(index_t i) const { return lower() ? 0 : i + 1; }
    [[nodiscard]] index_t count(index_t i, index_t m) const { return lower() ? i : m - 1 - i; }
};

/// B = inv(A) B on V packs of contiguous columns, the last pack with `last` columns.
template <class Arch, int V, class T>
void solve_strip(const TriangleOrder& order, const MatRef<const T>& A, T* b, index_t stride, index_t last) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    const index_t m = A.rows;
    for (index_t step = 0; step < m; ++step) {
        const index_t i = order.lower() ? step : m - 1 - step;
        T* row = b + i * stride;
        P x[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            x[v] = v + 1 < V || last == w ? simd::load<T, Arch>(row + v * w) : simd::load_n<T, Arch>(row + v * w, last);
        }
        const index_t first = order.begin(i);
        for (index_t p = first; p < first + order.count(i, m); ++p) {
            const P a = simd::broadcast<T, Arch>(A(i, p));
            const T* other = b + p * stride;
#pragma GCC unroll 4
            for (int v = 0; v < V; ++v) {
                const P y = v + 1 < V || last == w ? simd::load<T, Arch>(other + v * w)
                                                   : simd::load_n<T, Arch>(other + v * w, last);
                x[v] = simd::fnma(a, y, x[v]);
            }
        }
        const P pivot = simd::broadcast<T, Arch>(order.diag == Diagonal::unit ? T{1} : A(i, i));
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            if (order.diag == Diagonal::general) x[v] = x[v] / pivot;
            v + 1 < V || last == w ? simd::store(row + v * w, x[v]) : simd::store_n(row + v * w, x[v], last);
        }
    }
}

/// B = A B on V packs of contiguous columns, the last pack with `last` columns.
template <class Arch, int V, class T>
void multiply_strip(const TriangleOrder& order, const MatRef<const T>& A, T* b, index_t stride, index_t last) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    const index_t m = A.rows;
    for (index_t step = 0; step < m; ++step) {
        const index_t i = order.lower() ? m - 1 - step : step;
        T* row = b + i * stride;
        P x[V];
        const P pivot = simd::broadcast<T, Arch>(order.diag == Diagonal::unit ? T{1} : A(i, i));
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            x[v] = v + 1 < V || last == w ? simd::load<T, Arch>(row + v * w) : simd::load_n<T, Arch>(row + v * w, last);
            if (order.diag == Diagonal::general) x[v] = x[v] * pivot;
        }
        const index_t first = order.begin(i);
        for (index_t p = first; p < first + order.count(i, m); ++p) {
            const P a = simd::broadcast<T, Arch>(A(i, p));
            const T* other = b + p * stride;
#pragma GCC unroll 4
            for (int v = 0; v < V; ++v) {
                const P y = v + 1 < V || last == w ? simd::load<T, Arch>(other + v * w)
                                                   : simd::load_n<T, Arch>(other + v * w, last);
                x[v] = simd::fma(a, y, x[v]);
            }
        }
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            v + 1 < V || last == w ? simd::store(row + v * w, x[v]) : simd::store_n(row + v * w, x[v], last);
        }
    }
}

/// The small triangle on a B with contiguous rows.
template <class Arch, bool Solve, class T>
void triangle_rows(const TriangleOrder& order, const MatRef<const T>& A, const MatRef<T>& B) {
    constexpr index_t w = simd::width<T, Arch>;
    constexpr int V = 4;
    index_t j = 0;
    for (; j + V * w <= B.cols; j += V * w) {
        T* b = B.data + j;
        Solve ? solve_strip<Arch, V>(order, A, b, B.row_stride, w)
              : multiply_strip<Arch, V>(order, A, b, B.row_stride, w);
    }
    for (; j < B.cols; j += w) {
        T* b = B.data + j;
        const index_t last = B.cols - j < w ? B.cols - j : w;
        Solve ? solve_strip<Arch, 1>(order, A, b, B.row_stride, last)
              : multiply_strip<Arch, 1>(order, A, b, B.row_stride, last);
    }
}

/// The small triangle by its definition.
template <class Arch, bool Solve, class T>
void triangle_plain(const TriangleOrder& order, const MatRef<const T>& A, const MatRef<T>& B) {
    const index_t m = A.rows;
    const bool upwards = order.lower() == Solve;
    for (index_t step = 0; step < m; ++step) {
        const index_t i = upwards ? step : m - 1 - step, first = order.begin(i);
        for (index_t j = 0; j < B.cols; ++j) {
            T x = B(i, j);
            if (!Solve && order.diag == Diagonal::general) x = static_cast<T>(A(i, i) * x);
            for (index_t p = first; p < first + order.count(i, m); ++p) {
                const T y = static_cast<T>(A(i, p) * B(p, j));
                x = static_cast<T>(Solve ? x - y : x + y);
            }
            if (Solve && order.diag == Diagonal::general) x = static_cast<T>(x / A(i, i));
            B(i, j) = x;
        }
    }
}

template <class Arch, bool Solve, class T>
void triangle_small(const TriangleOrder& order, const MatRef<const T>& A, const MatRef<T>& B) {
    count_flops(1, A.rows, A.rows, B.cols);
    if constexpr (simd::has_pack<T, Arch>) {
        if (B.cols >= 4) {
            if (B.col_stride == 1) return triangle_rows<Arch, Solve>(order, A, B);
            alignas(64) T piece[triangle_leaf * triangle_columns];
            for (index_t j = 0; j < B.cols; j += triangle_columns) {
                const index_t n = B.cols - j < triangle_columns ? B.cols - j : triangle_columns;
                const MatRef<T> rows{piece, B.rows, n, triangle_columns, 1};
                const auto block = B.block(0, j, B.rows, n);
                copy<Arch>(MatRef<const T>(block), rows);
                triangle_rows<Arch, Solve>(order, A, rows);
                copy<Arch>(MatRef<const T>(rows), block);
            }
            return;
        }
    }
    triangle_plain<Arch, Solve>(order, A, B);
}

/// B = inv(A) B or A B by halves.
template <class Arch, bool Solve, class T>
void triangle_halves(const TriangleOrder& order, const MatRef<const T>& A, const MatRef<T>& B) {
    const index_t m = B.rows, n = B.cols;
    if constexpr (Solve) {
        if (n == 1) return trsv<Arch>(order.tri, order.diag, A, B.col(0));
    }
    if (m <= triangle_leaf) return triangle_small<Arch, Solve>(order, A, B);
    const index_t h = (m / 2 + triangle_leaf - 1) / triangle_leaf * triangle_leaf;
    const auto A1 = A.block(0, 0, h, h), A2 = A.block(h, h, m - h, m - h);
    const auto B1 = B.block(0, 0, h, n), B2 = B.block(h, 0, m - h, n);
    // The half that the other one needs unchanged (product) or solved (solve) decides the order.
    const bool first_half_first = order.lower() == Solve;
    const auto beside = order.lower() ? A.block(h, 0, m - h, h) : A.block(0, h, h, m - h);
    const auto update = [&] {
        gemm<Arch>(Solve ? static_cast<T>(T{} - T{1}) : T{1}, beside, order.lower() ? B1 : B2, T{1},
                   order.lower() ? B2 : B1);
    };
    triangle_halves<Arch, Solve>(order, first_half_first ? A1 : A2, first_half_first ? B1 : B2);
    update();
    triangle_halves<Arch, Solve>(order, first_half_first ? A2 : A1, first_half_first ? B2 : B1);
}

}  // namespace detail

/// B = alpha inv(A) B for a triangular A; no check for a zero diagonal (division gives infinity or NaN).
///
/// alpha = 0 sets B to zero without reading A. The other triangle of A is not read, nor a unit diagonal.
template <class Arch = simd::native_arch, class T>
void trsm(Triangle tri, Diagonal diag, std::type_identity_t<T> alpha, std::type_identity_t<MatRef<const T>> A,
          MatRef<T> B) {
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().trsm(tri, diag, alpha, A, B);
    scale<Arch>(alpha, B);
    if (alpha == T{} || B.rows == 0 || B.cols == 0) return;
    detail::triangle_halves<Arch, true, T>({tri, diag}, A, B);
}

/// B = alpha A B for a triangular A, in place.
template <class Arch = simd::native_arch, class T>
void trmm(Triangle tri, Diagonal diag, std::type_identity_t<T> alpha, std::type_identity_t<MatRef<const T>> A,
          MatRef<T> B) {
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().trmm(tri, diag, alpha, A, B);
    scale<Arch>(alpha, B);
    if (alpha == T{} || B.rows == 0 || B.cols == 0) return;
    detail::triangle_halves<Arch, false, T>({tri, diag}, A, B);
}

}  // namespace gram::kernel
