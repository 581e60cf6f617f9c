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
inline constexpr index_t triangle_leaf = 64;

/// One operation on a small triangle: which rows it visits in which order.
struct TriangleOrder {
    Triangle tri;
    Diagonal diag;

    [[nodiscard]] bool lower() const { return tri == Triangle::lower; }
    /// Columns of A beside the diagonal in row i of m: [begin, begin + count).
    [[nodiscard]] index_t begin(index_t i) const { return lower() ? 0 : i + 1; }
    [[nodiscard]] index_t count(index_t i, index_t m) const { return lower() ? i : m - 1 - i; }
};

/// R rows from row i of B = inv(A) B (Solve) or A B for a lower A, on V packs of contiguous columns. They stay in
/// registers while the rows above them pass, which are solved already or not yet multiplied.
template <class Arch, bool Solve, int R, int V, class T>
void triangle_tile(Diagonal diag, const MatRef<const T>& A, T* b, index_t stride, index_t i) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    T* rows = b + i * stride;
    P x[R][V];
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            x[r][v] = Solve ? simd::load<T, Arch>(rows + r * stride + v * w) : simd::broadcast<T, Arch>(T{});
        }
    }
    const auto add = [&](int r, const P& a, const P(&y)[V]) {
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) x[r][v] = Solve ? simd::fnma(a, y[v], x[r][v]) : simd::fma(a, y[v], x[r][v]);
    };
    const T* a = A.data + i * A.row_stride;
    for (index_t p = 0; p < i; ++p, b += stride, a += A.col_stride) {
        P y[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) y[v] = simd::load<T, Arch>(b + v * w);
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) add(r, simd::broadcast<T, Arch>(a[r * A.row_stride]), y);
    }
#pragma GCC unroll 4
    for (int q = 0; q < R; ++q, a += A.col_stride) {
        const P pivot = simd::broadcast<T, Arch>(diag == Diagonal::unit ? T{1} : a[q * A.row_stride]);
        P y[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
            if constexpr (Solve) {
                y[v] = diag == Diagonal::unit ? x[q][v] : x[q][v] / pivot;
                simd::store(rows + q * stride + v * w, y[v]);
            } else {
                y[v] = simd::load<T, Arch>(rows + q * stride + v * w);
            }
        }
        if constexpr (!Solve) add(q, pivot, y);
#pragma GCC unroll 4
        for (int r = q + 1; r < R; ++r) add(r, simd::broadcast<T, Arch>(a[r * A.row_stride]), y);
    }
    if constexpr (!Solve) {
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
            for (int v = 0; v < V; ++v) simd::store(rows + r * stride + v * w, x[r][v]);
        }
    }
}

/// B = inv(A) B or A B for a lower A on V packs of contiguous columns.
template <class Arch, bool Solve, int V, class T>
void triangle_strip(Diagonal diag, const MatRef<const T>& A, T* b, index_t stride) {
    constexpr int R = 4;
    const index_t m = A.rows, whole = m / R * R;
    if constexpr (Solve) {
        for (index_t i = 0; i < whole; i += R) triangle_tile<Arch, Solve, R, V>(diag, A, b, stride, i);
        for (index_t i = whole; i < m; ++i) triangle_tile<Arch, Solve, 1, V>(diag, A, b, stride, i);
    } else {
        for (index_t i = m; i-- > whole;) triangle_tile<Arch, Solve, 1, V>(diag, A, b, stride, i);
        for (index_t i = whole; i > 0; i -= R) triangle_tile<Arch, Solve, R, V>(diag, A, b, stride, i - R);
    }
}

/// Packs of columns that pass through a small triangle together.
template <class Arch>
inline constexpr int triangle_packs = simd::register_count<Arch> >= 32 ? 4 : 2;

/// The small triangle on `packs` packs of contiguous columns. An upper one is a lower one from its last row to its
/// first.
template <class Arch, bool Solve, class T>
void triangle_rows(const TriangleOrder& order, MatRef<const T> A, T* b, index_t stride, index_t packs) {
    constexpr index_t w = simd::width<T, Arch>;
    constexpr int V = triangle_packs<Arch>;
    if (!order.lower()) {
        b += (A.rows - 1) * stride, stride = -stride;
        A = {&A(A.rows - 1, A.rows - 1), A.rows, A.rows, -A.row_stride, -A.col_stride};
    }
    for (; packs >= V; packs -= V, b += V * w) triangle_strip<Arch, Solve, V>(order.diag, A, b, stride);
    for (; packs > 0; --packs, b += w) triangle_strip<Arch, Solve, 1>(order.diag, A, b, stride);
}

/// The small triangle on the columns of a B that are not contiguous or do not fill a pack: a copy that does.
template <class Arch, bool Solve, class T>
void triangle_copied(const TriangleOrder& order, const MatRef<const T>& A, const MatRef<T>& B) {
    constexpr index_t w = simd::width<T, Arch>, columns = triangle_packs<Arch> * w;
    alignas(64) T piece[triangle_leaf * columns];
    for (index_t j = 0; j < B.cols; j += columns) {
        const index_t n = B.cols - j < columns ? B.cols - j : columns, packs = (n + w - 1) / w;
        const MatRef<T> rows{piece, B.rows, n, columns, 1};
        const auto block = B.block(0, j, B.rows, n);
        if (n < packs * w) {
            for (index_t i = 0; i < B.rows; ++i) {
                simd::store(piece + i * columns + (packs - 1) * w, simd::broadcast<T, Arch>(T{}));
            }
        }
        copy<Arch>(MatRef<const T>(block), rows);
        triangle_rows<Arch, Solve>(order, A, piece, columns, packs);
        copy<Arch>(MatRef<const T>(rows), block);
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
        constexpr index_t w = simd::width<T, Arch>;
        const index_t whole = B.col_stride == 1 ? B.cols / w * w : 0;
        if (whole > 0) triangle_rows<Arch, Solve>(order, A, B.data, B.row_stride, whole / w);
        if (whole < B.cols) triangle_copied<Arch, Solve>(order, A, B.block(0, whole, B.rows, B.cols - whole));
        return;
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
void trsm(Triangle tri, Diagonal diag, std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
          const MatRef<T>& B) {
    const detail::CountedCall counted(detail::Call::trsm);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().trsm(tri, diag, alpha, A, B);
    scale<Arch>(alpha, B);
    if (alpha == T{} || B.rows == 0 || B.cols == 0) return;
    detail::triangle_halves<Arch, true, T>({tri, diag}, A, B);
}

/// B = alpha A B for a triangular A, in place.
template <class Arch = simd::native_arch, class T>
void trmm(Triangle tri, Diagonal diag, std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
          const MatRef<T>& B) {
    const detail::CountedCall counted(detail::Call::trmm);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().trmm(tri, diag, alpha, A, B);
    scale<Arch>(alpha, B);
    if (alpha == T{} || B.rows == 0 || B.cols == 0) return;
    detail::triangle_halves<Arch, false, T>({tri, diag}, A, B);
}

}  // namespace gram::kernel

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel {

extern template void trsm<simd::native_arch>(Triangle, Diagonal, float, const MatRef<const float>&,
                                             const MatRef<float>&);
extern template void trsm<simd::native_arch>(Triangle, Diagonal, double, const MatRef<const double>&,
                                             const MatRef<double>&);
extern template void trsm<simd::native_arch>(Triangle, Diagonal, std::complex<float>,
                                             const MatRef<const std::complex<float>>&,
                                             const MatRef<std::complex<float>>&);
extern template void trsm<simd::native_arch>(Triangle, Diagonal, std::complex<double>,
                                             const MatRef<const std::complex<double>>&,
                                             const MatRef<std::complex<double>>&);
extern template void trmm<simd::native_arch>(Triangle, Diagonal, float, const MatRef<const float>&,
                                             const MatRef<float>&);
extern template void trmm<simd::native_arch>(Triangle, Diagonal, double, const MatRef<const double>&,
                                             const MatRef<double>&);
extern template void trmm<simd::native_arch>(Triangle, Diagonal, std::complex<float>,
                                             const MatRef<const std::complex<float>>&,
                                             const MatRef<std::complex<float>>&);
extern template void trmm<simd::native_arch>(Triangle, Diagonal, std::complex<double>,
                                             const MatRef<const std::complex<double>>&,
                                             const MatRef<std::complex<double>>&);

}  // namespace gram::kernel
#endif
