/// Symmetric products, the lower triangle only: syrk, syr2k. (Upper: pass C.transposed().)
#pragma once

#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/gemm.hpp"
#include "gram/kernel/ref.hpp"

namespace gram::kernel {
namespace detail {

/// C = alpha A B + beta C on one triangle of a square C: tiles beyond the diagonal are skipped, tiles on it go through
/// a buffer. Rows and columns of the sink's block start at i0 and j0 of the whole matrix.
template <class Arch, class T>
struct TriangleSink {
    MatRef<T> C;
    T alpha, beta;
    index_t i0, j0;
    Triangle tri;

    void operator()(const Panels<T>& in, const TilePlace& at) const {
        const index_t i = i0 + at.i, j = j0 + at.j;
        const index_t last_row = i + at.rows - 1, last_col = j + at.columns - 1;
        const bool outside = tri == Triangle::lower ? j > last_row : last_col < i;
        if (outside) return;
        const bool inside = tri == Triangle::lower ? last_col <= i : j >= last_row;
        if (inside) {
            if (C.col_stride == 1) return DirectSink<Arch, T>{C, alpha, beta}(in, at);
            return StridedSink<Arch, T>{C, alpha, beta}(in, at);
        }
        on_diagonal(in, at, i - j);
    }

private:
    /// A tile whose row r meets the diagonal in its column below + r: only the packs inside the triangle are computed.
    void on_diagonal(Panels<T> in, const TilePlace& at, index_t below) const {
        using Shape = TileShape<Arch, T>;
        alignas(64) T tile[Shape::rows * Shape::columns];
        index_t first = 0, columns = at.columns;
        if (tri == Triangle::lower) {
            columns = below + at.rows < columns ? below + at.rows : columns;
        } else if (below > 0) {
            first = below / Shape::width * Shape::width;
            in.b += first;
            columns -= first;
        }
        Tiles<Arch, T>::run(in, at.rows, columns, alpha, T{}, tile, Shape::columns);
        for (index_t r = 0; r < at.rows; ++r) {
            const index_t diagonal = below + r - first;
            index_t begin = 0, end = columns;
            if (tri == Triangle::lower) {
                end = diagonal + 1 < end ? diagonal + 1 : end;
            } else {
                begin = diagonal > 0 ? diagonal : 0;
            }
            if (begin >= end) continue;
            add_row(tile + r * Shape::columns + begin, &C(at.i + r, at.j + first + begin), end - begin);
        }
    }
    /// c = x + beta c for n elements of a row of C.
    void add_row(const T* x, T* c, index_t n) const {
        constexpr index_t w = simd::width<T, Arch>;
        if (C.col_stride != 1) {
            for (index_t s = 0; s < n; ++s, c += C.col_stride) *c = beta == T{} ? x[s] : simd::fma(beta, *c, x[s]);
            return;
        }
        const auto keep = simd::broadcast<T, Arch>(beta);
        for (index_t s = 0; s < n; s += w) {
            const index_t m = n - s < w ? n - s : w;
            auto sum = simd::load_n<T, Arch>(x + s, m);
            if (beta != T{}) sum = simd::fma(keep, simd::load_n<T, Arch>(c + s, m), sum);
            simd::store_n(c + s, sum, m);
        }
    }
};

/// C = alpha A B + beta C on the lower triangle, A n×k, B k×n.
template <class Arch, class T>
void gemm_lower(T alpha, MatRef<const T> A, MatRef<const T> B, T beta, MatRef<T> C) {
    Triangle tri = Triangle::lower;
    if (packs_run_down(C)) {
        const auto t = A.transposed();
        A = B.transposed(), B = t, C = C.transposed(), tri = Triangle::upper;
    }
    split_result<Arch, T>(C.rows, C.cols, A.cols / 2, [&](index_t i, index_t j, index_t m, index_t n) {
        const auto rows = A.block(i, 0, m, A.cols), columns = B.block(0, j, B.rows, n);
        gemm_serial<Arch, T>(rows, columns, [&](const ProductBlock<T>& in) {
            const index_t i0 = i + in.at.i, j0 = j + in.at.j;
            const auto block = C.block(i0, j0, in.at.rows, in.at.columns);
            gemm_macro<Arch>(in, TriangleSink<Arch, T>{block, alpha, in.first ? beta : T{1}, i0, j0, tri});
        });
    });
}

/// C = alpha (A B^T + B A^T) + beta C on the lower triangle as one product [A B] [B A]^T, for which C is read and
/// written once. The copies lie as the product reads them.
template <class Arch, class T>
void syr2k_joined(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta, const MatRef<T>& C) {
    const index_t n = C.rows, k = A.cols, bytes = scratch_bytes<T>(2 * n * k);
    const bool down = packs_run_down(C);
    const Scratch scratch(2 * bytes);
    const MatRef<T> left{scratch.at<T>(0), n, 2 * k, down ? 1 : 2 * k, down ? n : 1};
    const MatRef<T> right{scratch.at<T>(bytes), 2 * k, n, down ? 1 : n, down ? 2 * k : 1};
    copy<Arch>(A, left.block(0, 0, n, k));
    copy<Arch>(B, left.block(0, k, n, k));
    copy<Arch>(B.transposed(), right.block(0, 0, k, n));
    copy<Arch>(A.transposed(), right.block(k, 0, k, n));
    gemm_lower<Arch, T>(alpha, left, right, beta, C);
}

/// The lower triangle times beta.
template <class Arch, class T>
void scale_lower(T beta, const MatRef<T>& C) {
    if (beta == T{1}) return;
    for (index_t i = 0; i < C.rows; ++i) scal<Arch>(beta, C.row(i).segment(0, i + 1));
}

template <class T>
void add_lower_plain(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, const MatRef<T>& C) {
    for (index_t i = 0; i < C.rows; ++i) {
        for (index_t j = 0; j <= i; ++j) {
            T sum{};
            for (index_t p = 0; p < A.cols; ++p) sum = static_cast<T>(sum + A(i, p) * B(j, p));
            C(i, j) = static_cast<T>(C(i, j) + alpha * sum);
        }
    }
}

}  // namespace detail

/// C = alpha A A^T + beta C, the lower triangle only; A is n×k. (A^T A: pass A.transposed().)
///
/// beta = 0 overwrites; alpha = 0 does not read A.
template <class Arch = simd::native_arch, class T>
void syrk(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A, std::type_identity_t<T> beta,
          const MatRef<T>& C) {
    const detail::CountedCall counted(detail::Call::syrk);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().syrk(alpha, A, beta, C);
    if (C.rows == 0) return;
    if (alpha == T{} || A.cols == 0) return detail::scale_lower<Arch>(beta, C);
    if constexpr (simd::has_pack<T, Arch>) {
        detail::gemm_lower<Arch, T>(alpha, A, A.transposed(), beta, C);
    } else {
        detail::scale_lower<Arch>(beta, C);
        detail::add_lower_plain<T>(alpha, A, A, C);
    }
}

/// C = alpha (A B^T + B A^T) + beta C, the lower triangle only; A and B are n×k.
template <class Arch = simd::native_arch, class T>
void syr2k(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
           const std::type_identity_t<MatRef<const T>>& B, std::type_identity_t<T> beta, const MatRef<T>& C) {
    const detail::CountedCall counted(detail::Call::syr2k);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().syr2k(alpha, A, B, beta, C);
    if (C.rows == 0) return;
    if (alpha == T{} || A.cols == 0) return detail::scale_lower<Arch>(beta, C);
    if constexpr (simd::has_pack<T, Arch>) {
        // Few columns make C the most of the work, many the copies.
        if (4 * A.cols <= C.rows) return detail::syr2k_joined<Arch, T>(alpha, A, B, beta, C);
        detail::gemm_lower<Arch, T>(alpha, A, B.transposed(), beta, C);
        detail::gemm_lower<Arch, T>(alpha, B, A.transposed(), T{1}, C);
    } else {
        detail::scale_lower<Arch>(beta, C);
        detail::add_lower_plain<T>(alpha, A, B, C);
        detail::add_lower_plain<T>(alpha, B, A, C);
    }
}

}  // namespace gram::kernel

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel {

extern template void syrk<simd::native_arch>(float, const MatRef<const float>&, float, const MatRef<float>&);
extern template void syrk<simd::native_arch>(double, const MatRef<const double>&, double, const MatRef<double>&);

}  // namespace gram::kernel
#endif
