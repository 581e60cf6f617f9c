/// Orthogonal (unitary) reduction of a symmetric (Hermitian) matrix to real tridiagonal form: A = Q T Q^H.
///
/// Q = H_0 H_1 ... H_(n-2), and the reflector H_j acts on rows j + 1 ... n - 1.
/// Source: LAPACK dsytd2, dlatrd and their complex forms; Dongarra, Hammarling, Sorensen, Block reduction of matrices
/// to condensed forms for eigenvalue computations, J. Comput. Appl. Math. 27 (1989).
#pragma once

#include <algorithm>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/householder.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// Sizes that decide how a reduction is blocked; tests lower them so that small matrices walk the blocked path.
struct TridiagonalOptions {
    index_t block = 24;       ///< columns reduced before the rest of the matrix is updated by one syr2k
    index_t unblocked = 192;  ///< order of the trailing matrix from which on columns are reduced one by one
};

namespace detail {

// w = tau (A v) made orthogonal enough that A - v w^H - w v^H = H^H A H: w -= (tau / 2) (w^H v) v.
template <class T>
void finish_update_vector(T tau, VecRef<const T> v, VecRef<T> w) {
    kernel::scal(tau, w);
    kernel::axpy(T(-0.5) * tau * kernel::dotc(w, v), v, w);
}

/// How many rows and columns before the trailing block of A that v belongs to begin a cache line. The block with them
/// is multiplied and updated a fifth faster than without; zeros of the vectors meet them, so that nothing in them
/// changes.
template <class T>
index_t rows_before_trailing(MatRef<T> A, VecRef<T> v) {
    return is_complex_v<T> ? 0 : rows_to_line(A, v.data, A.rows - v.size, v.size);
}

template <class T>
void tridiagonalize_unblocked(MatRef<T> A, real_t<T>* d, real_t<T>* e, T* tau, VecRef<T> work) {
    const index_t n = A.rows;
    for (index_t j = 0; j + 1 < n; ++j) {
        const index_t rest = n - j - 1;
        const VecRef<T> v = A.col(j).segment(j + 1, rest);
        const Reflector<T> h = make_reflector(v[0], v.segment(1, rest - 1));
        e[j] = h.beta;
        tau[j] = h.tau;
        d[j] = real_part(A(j, j));
        if (h.tau == T(0)) continue;
        v[0] = T(1);
        const index_t extra = rows_before_trailing(A, v), first = j + 1 - extra, size = rest + extra;
        const MatRef<T> trailing = A.block(first, first, size, size);
        const VecRef<T> x = behind_zeros(v, extra, work.segment(n, n));
        const VecRef<T> image = work.segment(0, size), w = image.segment(extra, rest);
        kernel::hemv(T(1), trailing, x, T(0), image);
        finish_update_vector<T>(h.tau, v, w);
        kernel::scal(T(0), image.segment(0, extra));
        kernel::her2(T(-1), x, image, trailing);
    }
    if (n > 0) d[n - 1] = real_part(A(n - 1, n - 1));
}

// Reduces the first W.cols columns of A and leaves in W what the trailing matrix lacks: A -= V W^H + W V^H.
template <class T>
void tridiagonalize_panel(MatRef<T> A, real_t<T>* d, real_t<T>* e, T* tau, MatRef<T> W, VecRef<T> work) {
    const index_t n = A.rows;
    for (index_t j = 0; j < W.cols; ++j) {
        const index_t rest = n - j - 1;
        // Column j as the previous reflectors of this panel leave it.
        const VecRef<T> column = A.col(j).segment(j, n - j);
        const MatRef<T> V_rows = A.block(j, 0, n - j, j), W_rows = W.block(j, 0, n - j, j);
        kernel::gemv(T(-1), V_rows, conjugated_vector(W.row(j).segment(0, j), work), T(1), column);
        kernel::gemv(T(-1), W_rows, conjugated_vector(A.row(j).segment(0, j), work), T(1), column);
        d[j] = real_part(column[0]);

        const VecRef<T> v = column.segment(1, rest);
        const Reflector<T> h = make_reflector(v[0], v.segment(1, rest - 1));
        e[j] = h.beta;
        tau[j] = h.tau;
        v[0] = T(1);

        // w = tau (A - V W^H - W V^H) v, with A not yet updated.
        const VecRef<T> w = W.col(j).segment(j + 1, rest), coefficients = work.segment(0, j);
        const MatRef<T> V = A.block(j + 1, 0, rest, j), Wj = W.block(j + 1, 0, rest, j);
        const index_t extra = rows_before_trailing(A, v), first = j + 1 - extra, size = rest + extra;
        kernel::hemv(T(1), A.block(first, first, size, size), behind_zeros(v, extra, work), T(0),
                     W.col(j).segment(first, size));
        kernel::gemv_conj(T(1), Wj.transposed(), true, v, T(0), coefficients);
        kernel::gemv(T(-1), V, coefficients, T(1), w);
        kernel::gemv_conj(T(1), V.transposed(), true, v, T(0), coefficients);
        kernel::gemv(T(-1), Wj, coefficients, T(1), w);
        finish_update_vector<T>(h.tau, v, w);
    }
}

}  // namespace detail

/// Reduces the symmetric or Hermitian n×n matrix held in the lower triangle of A to real tridiagonal form.
///
/// Result: diagonal d (n), off-diagonal e (n - 1), factors tau (n - 1); the tail of reflector j stands in
/// A(j + 2 ... n - 1, j), so that A.block(1, 0, n - 1, n - 1) is the V of apply_q. The upper triangle is not touched.
/// Cost: 4/3 n^3 flops, half of them by symv and half by syr2k (hemv and her2k, four times as many).
template <class T>
void tridiagonalize(MatRef<T> A, real_t<T>* d, real_t<T>* e, T* tau, TridiagonalOptions options = {}) {
    const index_t n = A.rows, nb = options.block;
    const kernel::Buffer<T> buffer(2 * n);
    const VecRef<T> work{buffer.data(), 2 * n, 1};
    index_t j = 0;
    if (n > std::max(options.unblocked, nb)) {
        const Workspace<T> panel(n, nb);
        for (; n - j > std::max(options.unblocked, nb); j += nb) {
            const index_t rest = n - j - nb;
            const MatRef<T> A_j = A.block(j, j, n - j, n - j), W = panel.ref(n - j, nb);
            detail::tridiagonalize_panel(A_j, d + j, e + j, tau + j, W, work);
            kernel::her2k(T(-1), A_j.block(nb, 0, rest, nb), W.block(nb, 0, rest, nb), 1,
                          A_j.block(nb, nb, rest, rest));
        }
    }
    detail::tridiagonalize_unblocked(A.block(j, j, n - j, n - j), d + j, e + j, tau + j, work);
}

}  // namespace gram::linalg::inline GRAM_ISA
