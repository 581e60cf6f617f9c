/// Orthogonal (unitary) reduction of a matrix with m >= n to real upper bidiagonal form: A = Q B P^T.
///
/// Q = G_0 ... G_(n-1) from the left, P = H_0 ... H_(n-2) from the right; H_j acts on columns j + 1 ... n - 1. P is
/// transposed, not conjugated, also where it is complex: a row is reduced as the column that it is in A^T.
/// Source: Golub & Kahan, Calculating the singular values and pseudo-inverse of a matrix, SINUM 2 (1965); LAPACK
/// dgebd2 and dlabrd for the blocking.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/householder.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// Sizes that decide how a reduction is blocked; tests lower them so that small matrices walk the blocked path.
struct BidiagonalOptions {
    index_t block = 12;      ///< columns and rows reduced before the rest is updated by one product
    index_t unblocked = 64;  ///< number of trailing columns from which on they are reduced one by one
};

/// What a bidiagonalization writes besides the reflectors: diagonal d (n), superdiagonal e (n - 1), factors of the
/// reflectors from the left (n) and from the right (n - 1).
template <class T>
struct BidiagonalOut {
    real_t<T>*d, *e;
    T *tau_left, *tau_right;
    [[nodiscard]] BidiagonalOut from(index_t j) const { return {d + j, e + j, tau_left + j, tau_right + j}; }
};

namespace detail {

template <class T>
void bidiagonalize_unblocked(MatRef<T> A, BidiagonalOut<T> out, VecRef<T> work) {
    const index_t m = A.rows, n = A.cols;
    for (index_t j = 0; j < n; ++j) {
        const VecRef<T> below = A.col(j).segment(j + 1, m - j - 1);
        const Reflector<T> g = make_reflector(A(j, j), below);
        out.d[j] = g.beta;
        out.tau_left[j] = g.tau;
        if (j + 1 == n) break;
        apply_reflector(conjugated(g.tau), below, A.block(j, j + 1, m - j, n - j - 1), work);

        const VecRef<T> right = A.row(j).segment(j + 2, n - j - 2);
        const Reflector<T> h = make_reflector(A(j, j + 1), right);
        out.e[j] = h.beta;
        out.tau_right[j] = h.tau;
        apply_reflector(conjugated(h.tau), right, A.block(j + 1, j + 1, m - j - 1, n - j - 1).transposed(), work);
    }
}

/// The room of a panel of nb columns and rows of an m×n matrix.
template <class T>
struct BidiagonalPanel {
    MatRef<T> P, Q;  ///< m×2nb and n×2nb: what is left of A lacks A -= P Q^T
    VecRef<T> row, image, along, small, copy;

    BidiagonalPanel(MatRef<T> left, MatRef<T> right, VecRef<T> memory)
        : P(left),
          Q(right),
          row(memory.segment(0, Q.rows)),
          image(memory.segment(Q.rows, P.rows)),
          along(memory.segment(Q.rows + P.rows, Q.rows)),
          small(memory.segment(2 * Q.rows + P.rows, P.cols)),
          copy(memory.segment(2 * Q.rows + P.rows + P.cols, is_complex_v<T> ? P.rows : 0)) {}
    /// Elements of `memory`.
    static index_t size(index_t m, index_t n, index_t nb) { return 2 * n + m + 2 * nb + (is_complex_v<T> ? m : 0); }
};

/// row -= tau A^T v, then image = A row, of complex numbers with v and, in the second product, row conjugated.
template <class T>
void reduce_row(T tau, MatRef<T> A, VecRef<T> v_conj, VecRef<T> row, VecRef<T> image, [[maybe_unused]] VecRef<T> copy) {
    if constexpr (is_complex_v<T>) {
        kernel::gemv(-tau, A.transposed(), v_conj, T(1), row);
        kernel::gemv(T(1), A, conjugated_vector(row, copy), T(0), image);
    } else {
        kernel::gemvt(-tau, A, v_conj, row, image);
    }
}

/// x = A conj(u) for the reflector of a row whose first element was `first`, when image = A conj(row) is known.
template <class T>
void image_of_reflector(T first, const Reflector<T>& h, MatRef<T> A, VecRef<T> u_conj, VecRef<T> image, VecRef<T> x) {
    const T pivot = conjugated(first - h.beta);
    if (std::abs(pivot) < std::sqrt(std::numeric_limits<real_t<T>>::min())) {  // the quotient might overflow
        kernel::gemv(T(1), A, u_conj, T(0), x);
        return;
    }
    kernel::copy(image, x);
    kernel::axpy(T(-h.beta), A.col(0), x);
    kernel::scal(T(1) / pivot, x);
}

/// Reduces the first nb columns and rows of A.
///
/// With the left reflectors v and the right ones u, the rest of A lacks  A -= sum v y^T + x u^T; columns 2 j and 2 j +
/// 1 of P are v and x of step j, those of Q are y and u. Before it is scaled to u a row of what is left is z -
/// conj(tau) A^T conj(v) with a z that is known, so the product of A with it can be taken in the same pass over A; that
/// with u follows from it, since u = (row - beta e_1) / (row_1 - beta).
template <class T>
void bidiagonalize_panel(MatRef<T> A, BidiagonalOut<T> out, index_t nb, BidiagonalPanel<T> panel) {
    const index_t m = A.rows, n = A.cols;
    const MatRef<T> P = panel.P, Q = panel.Q;
    for (index_t j = 0; j < nb; ++j) {
        const index_t k = 2 * j, right = n - j - 1, below = m - j - 1;
        const MatRef<T> P_j = P.block(j, 0, m - j, k), Q_j = Q.block(j + 1, 0, right, k);
        // Column j as the previous reflectors leave it.
        const VecRef<T> v = A.col(j).segment(j, m - j);
        kernel::gemv(T(-1), P_j, Q.row(j).segment(0, k), T(1), v);
        const Reflector<T> g = make_reflector(v[0], v.segment(1, below));
        out.d[j] = g.beta;
        out.tau_left[j] = g.tau;
        v[0] = T(1);
        kernel::copy(v, P.col(k).segment(j, m - j));

        // y = conj(tau) B^T conj(v) and the row z - y of B = A - P Q^T, both lacking their parts in A^T conj(v).
        const T tau = conjugated(g.tau);
        const VecRef<T> v_conj = conjugated_vector(v, panel.copy), s = panel.small.segment(0, k);
        const VecRef<T> y = Q.col(k).segment(j + 1, right), row = panel.row.segment(0, right);
        const VecRef<T> z = panel.along.segment(0, right);
        kernel::gemv(T(1), P_j.transposed(), v_conj, T(0), s);
        kernel::gemv(-tau, Q_j, s, T(0), y);
        kernel::copy(A.row(j).segment(j + 1, right), z);
        kernel::gemv(T(-1), Q_j, P.row(j).segment(0, k), T(1), z);
        kernel::copy(z, row);
        kernel::axpy(T(-1), y, row);
        const VecRef<T> image = panel.image.segment(0, m - j);
        reduce_row(tau, A.block(j, j + 1, m - j, right), v_conj, row, image, panel.copy);
        kernel::copy(z, y);
        kernel::axpy(T(-1), row, y);

        const T first = row[0];
        const Reflector<T> h = make_reflector(first, row.segment(1, right - 1));
        out.e[j] = h.beta;
        out.tau_right[j] = h.tau;
        row[0] = T(1);
        const VecRef<T> u = Q.col(k + 1).segment(j + 1, right), x = P.col(k + 1).segment(j + 1, below);
        kernel::copy(row, u);
        kernel::copy(row, A.row(j).segment(j + 1, right));

        // x = conj(tau) (A - P Q^T) conj(u) with the v and y of this step in P and Q.
        const MatRef<T> rest = A.block(j + 1, j + 1, below, right);
        const VecRef<T> u_conj = conjugated_vector(u, panel.copy), t = panel.small.segment(0, k + 1);
        image_of_reflector(first, h, rest, u_conj, image.segment(1, below), x);
        kernel::gemv(T(1), Q.block(j + 1, 0, right, k + 1).transposed(), u_conj, T(0), t);
        kernel::gemv(T(-1), P.block(j + 1, 0, below, k + 1), t, T(1), x);
        kernel::scal(conjugated(h.tau), x);
    }
}

}  // namespace detail

/// Reduces the m×n matrix A, m >= n, to upper bidiagonal form.
///
/// Result: `out`, and the tails of the reflectors in A: the left ones below the diagonal, so that A (m×n) is the V of
/// apply_q; the right ones in the rows, so that A.block(0, 1, n - 1, n - 1).transposed() is.
/// Cost: 4 n^2 (m - n / 3) flops, half of them by gemv and half by gemm. Column-major is fastest.
template <class T>
void bidiagonalize(MatRef<T> A, BidiagonalOut<T> out, BidiagonalOptions options = {}) {
    const index_t m = A.rows, n = A.cols, nb = options.block, last = std::max(options.unblocked, nb);
    const kernel::Buffer<T> buffer(detail::BidiagonalPanel<T>::size(m, n, nb));
    const VecRef<T> memory{buffer.data(), buffer.size(), 1}, work = memory.segment(0, m + n);
    index_t j = 0;
    if (n > last) {
        const Workspace<T> left(m, 2 * nb), right(n, 2 * nb);
        for (; n - j > last; j += nb) {
            const index_t mj = m - j, nj = n - j;
            const MatRef<T> A_j = A.block(j, j, mj, nj), P = left.ref(mj, 2 * nb), Q = right.ref(nj, 2 * nb);
            detail::bidiagonalize_panel(A_j, out.from(j), nb, detail::BidiagonalPanel<T>(P, Q, memory));
            kernel::gemm(T(-1), P.block(nb, 0, mj - nb, 2 * nb), Q.block(nb, 0, nj - nb, 2 * nb).transposed(), T(1),
                         A_j.block(nb, nb, mj - nb, nj - nb));
        }
    }
    detail::bidiagonalize_unblocked(A.block(j, j, m - j, n - j), out.from(j), work);
}

}  // namespace gram::linalg::inline GRAM_ISA
