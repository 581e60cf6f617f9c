/// Reduction of a square matrix to upper Hessenberg form by an orthogonal similarity.
#pragma once

#include "gram/linalg/householder.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// When the reduction gathers reflectors in panels, and how wide these are.
struct HessenbergParams {
    index_t block = 32;
    index_t unblocked_below = 96;
};

namespace detail {

/// One reflector at a time for columns [first, hi - 2). work has A.rows elements.
template <class T>
void hessenberg_unblocked(MatRef<T> A, index_t first, index_t hi, T* tau, VecRef<T> work) {
    const index_t n = A.rows;
    for (index_t k = first; k + 2 < hi; ++k) {
        const VecRef<T> tail = A.col(k).segment(k + 2, hi - k - 2);
        const Reflector<T> h = make_reflector(A(k + 1, k), tail);
        A(k + 1, k) = h.beta;
        tau[k] = h.tau;
        const index_t size = hi - k - 1;
        apply_reflector(h.tau, tail, A.block(0, k + 1, hi, size).transposed(), work);
        apply_reflector(h.tau, tail, A.block(k + 1, k + 1, size, n - k - 1), work);
    }
}

/// b = (I - V T^T V^T) b for a single vector and at most a panel of reflectors; w has V.cols elements.
template <class T>
void reflect_column(MatRef<T> V, MatRef<T> Tfac, VecRef<T> b, VecRef<T> w) {
    const index_t k = V.cols, rest = V.rows - k;
    const MatRef<T> W{w.data, k, 1, w.stride, 1};
    const VecRef<T> b_top = b.segment(0, k), b_rest = b.segment(k, rest);
    const MatRef<T> V_top = V.block(0, 0, k, k), V_rest = V.block(k, 0, rest, k);
    kernel::copy(b_top, w);
    kernel::trmm(Triangle::upper, Diagonal::unit, T(1), V_top.transposed(), W);
    if (rest > 0) kernel::gemv(T(1), V_rest.transposed(), b_rest, T(1), w);
    kernel::trmm(Triangle::lower, Diagonal::general, T(1), Tfac.transposed(), W);
    if (rest > 0) kernel::gemv(T(-1), V_rest, w, T(1), b_rest);
    kernel::trmm(Triangle::lower, Diagonal::unit, T(1), V_top, W);
    kernel::axpy(T(-1), w, b_top);
}

/// Reduces columns [k, k + width) of A and leaves the rest of A as it was, with V below the subdiagonal, the factor T,
/// and Y = A V T (hi×width), so that the rest is brought up to date by products.
///
/// Source: Quintana-Orti & van de Geijn, Improving the performance of reduction to Hessenberg form, ACM TOMS 32 (2006).
template <class T>
void hessenberg_panel(MatRef<T> A, index_t k, index_t width, index_t hi, T* tau, MatRef<T> Tfac, MatRef<T> Y) {
    const index_t first = k + 1, rows = hi - first;
    T below = 0;  // the subdiagonal entry whose place holds the explicit 1 of the newest reflector
    for (index_t i = 0; i < width; ++i) {
        const index_t c = k + i, row = c + 1, size = hi - row;
        const VecRef<T> b = A.col(c).segment(first, rows), t = Tfac.col(i).segment(0, i);
        if (i > 0) {
            kernel::gemv(T(-1), Y.block(first, 0, rows, i), A.row(c).segment(k, i), T(1), b);
            reflect_column(A.block(first, k, rows, i), Tfac.block(0, 0, i, i), b, t);
            A(c, c - 1) = below;
        }
        const Reflector<T> h = make_reflector(A(row, c), A.col(c).segment(row + 1, size - 1));
        tau[c] = h.tau;
        below = h.beta;
        A(row, c) = T(1);

        const VecRef<T> v = A.col(c).segment(row, size), y = Y.col(i).segment(first, rows);
        kernel::gemv(T(1), A.block(first, row, rows, size), v, T(0), y);
        if (i > 0) {
            kernel::gemv(T(1), A.block(row, k, size, i).transposed(), v, T(0), t);
            kernel::gemv(T(-1), Y.block(first, 0, rows, i), t, T(1), y);
            kernel::trmm(Triangle::upper, Diagonal::general, -h.tau, Tfac.block(0, 0, i, i),
                         MatRef<T>{t.data, i, 1, t.stride, 1});
        }
        kernel::scal(h.tau, y);
        Tfac(i, i) = h.tau;
    }
    A(k + width, k + width - 1) = below;

    // The rows above the panel, all at once.
    const MatRef<T> Y_top = Y.block(0, 0, first, width), V_top = A.block(first, k, width, width);
    kernel::copy(A.block(0, first, first, width), Y_top);
    kernel::trmm(Triangle::upper, Diagonal::unit, T(1), V_top.transposed(), Y_top.transposed());
    if (rows > width) {
        kernel::gemm(T(1), A.block(0, first + width, first, rows - width),
                     A.block(first + width, k, rows - width, width), T(1), Y_top);
    }
    kernel::trmm(Triangle::lower, Diagonal::general, T(1), Tfac.block(0, 0, width, width).transposed(),
                 Y_top.transposed());
}

/// Brings everything right of and above a reduced panel up to date. work is at least (width×A.cols).
template <class T>
void hessenberg_update(MatRef<T> A, index_t k, index_t width, index_t hi, MatRef<T> Tfac, MatRef<T> Y, MatRef<T> work) {
    const index_t n = A.rows, next = k + width, first = k + 1;
    // Columns behind the panel, from the right: A -= Y V^T. The first row of this part of V ends with its implicit 1.
    T& corner = A(next, next - 1);
    const T below = corner;
    corner = T(1);
    kernel::gemm(T(-1), Y.block(0, 0, hi, width), A.block(next, k, hi - next, width).transposed(), T(1),
                 A.block(0, next, hi, hi - next));
    corner = below;
    // The panel's own columns above it, from the right.
    if (width > 1) {
        const MatRef<T> Y_part = Y.block(0, 0, first, width - 1);
        kernel::trmm(Triangle::lower, Diagonal::unit, T(1), A.block(first, k, width - 1, width - 1),
                     Y_part.transposed());
        for (index_t j = 0; j + 1 < width; ++j) kernel::axpy(T(-1), Y_part.col(j), A.col(first + j).segment(0, first));
    }
    // Everything to the right, from the left.
    apply_block_reflector(true, A.block(first, k, hi - first, width), Tfac, A.block(first, next, hi - first, n - next),
                          work);
}

}  // namespace detail

/// A = Q^T A Q upper Hessenberg in place: row and column indices outside [lo, hi) are upper triangular already and stay
/// so. The tails of the reflectors of Q stand below the subdiagonal; tau has A.rows elements.
///
/// Any strides; column-major with a padded_stride is fastest. Cost: 10/3 n^3 flops, a fifth of them in products with
/// single vectors.
template <class T>
void hessenberg_in_place(MatRef<T> A, index_t lo, index_t hi, T* tau, HessenbergParams params = {}) {
    const index_t n = A.rows, cross = std::max(params.unblocked_below, params.block + 2);
    const kernel::Buffer<T> vector(n);
    for (index_t i = 0; i < n; ++i) tau[i] = T(0);
    index_t k = lo;
    if (hi - lo > cross) {
        const index_t width = params.block;
        const Workspace<T> factor(width, width), Y(hi, width), work(width, n);
        for (; hi - k > cross; k += width) {
            detail::hessenberg_panel(A, k, width, hi, tau, factor.ref(), Y.ref());
            detail::hessenberg_update(A, k, width, hi, factor.ref(), Y.ref(), work.ref());
        }
    }
    detail::hessenberg_unblocked(A, k, hi, tau, VecRef<T>{vector.data(), n, 1});
}

/// The n×n orthogonal Q of hessenberg_in_place.
template <class T>
void hessenberg_q(std::type_identity_t<MatRef<const T>> A, index_t lo, index_t hi, const T* tau, MatRef<T> Q) {
    kernel::fill(Q, T(0));
    for (index_t i = 0; i < Q.rows; ++i) Q(i, i) = T(1);
    const index_t size = hi - lo - 1;
    if (size > 1) make_q(A.block(lo + 1, lo, size, size - 1), tau + lo, Q.block(lo + 1, lo + 1, size, size));
}

}  // namespace gram::linalg::inline GRAM_ISA
