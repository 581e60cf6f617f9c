/// Orthogonal (unitary) reduction of a matrix with m >= n to real upper bidiagonal form: A = Q B P^T.
///
/// Q = G_0 ... G_(n-1) from the left, P = H_0 ... H_(n-2) from the right; H_j acts on columns j + 1 ... n - 1. P is
/// transposed, not conjugated, also where it is complex: a row is reduced as the column that it is in A^T.
/// Source: Golub & Kahan, Calculating the singular values and pseudo-inverse of a matrix, SINUM 2 (1965); LAPACK
/// dgebd2 and dlabrd for the blocking.
#pragma once

#include <algorithm>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/householder.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// Sizes that decide how a reduction is blocked; tests lower them so that small matrices walk the blocked path.
struct BidiagonalOptions {
    index_t block = 16;      ///< columns and rows reduced before the rest is updated by two products
    index_t unblocked = 96;  ///< number of trailing columns from which on they are reduced one by one
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

// Reduces the first X.cols columns and rows of A; the rest of A still lacks  A -= V Y^T + X U^T  with the vectors V of
// the left (columns of A) and U of the right reflectors (rows of A). X is m×nb, Y is n×nb; row, small and copy (of m
// elements where numbers are complex) are scratch.
template <class T>
void bidiagonalize_panel(MatRef<T> A, BidiagonalOut<T> out, MatRef<T> X, MatRef<T> Y, VecRef<T> row, VecRef<T> small,
                         VecRef<T> copy) {
    const index_t m = A.rows, n = A.cols;
    for (index_t j = 0; j < X.cols; ++j) {
        // Column j as the previous reflectors leave it.
        const VecRef<T> v = A.col(j).segment(j, m - j);
        kernel::gemv(T(-1), A.block(j, 0, m - j, j), Y.row(j).segment(0, j), T(1), v);
        kernel::gemv(T(-1), X.block(j, 0, m - j, j), A.col(j).segment(0, j), T(1), v);
        const Reflector<T> g = make_reflector(v[0], v.segment(1, m - j - 1));
        out.d[j] = g.beta;
        out.tau_left[j] = g.tau;
        v[0] = T(1);

        // y = conj(tau) (A - V Y^T - X U^T)^T conj(v)
        const VecRef<T> v_conj = conjugated_vector(v, copy);
        const index_t right = n - j - 1, below = m - j - 1;
        const VecRef<T> y = Y.col(j).segment(j + 1, right), s = small.segment(0, j);
        const MatRef<T> Y_left = Y.block(j + 1, 0, right, j), U = A.block(0, j + 1, j, right);
        kernel::gemv(T(1), A.block(j, j + 1, m - j, right).transposed(), v_conj, T(0), y);
        kernel::gemv(T(1), A.block(j, 0, m - j, j).transposed(), v_conj, T(0), s);
        kernel::gemv(T(-1), Y_left, s, T(1), y);
        kernel::gemv(T(1), X.block(j, 0, m - j, j).transposed(), v_conj, T(0), s);
        kernel::gemv(T(-1), U.transposed(), s, T(1), y);
        kernel::scal(conjugated(g.tau), y);

        // Row j as all reflectors so far leave it, in contiguous memory.
        const VecRef<T> u = row.segment(0, right);
        kernel::copy(A.row(j).segment(j + 1, right), u);
        kernel::gemv(T(-1), Y.block(j + 1, 0, right, j + 1), A.row(j).segment(0, j + 1), T(1), u);
        kernel::gemv(T(-1), U.transposed(), X.row(j).segment(0, j), T(1), u);
        const Reflector<T> h = make_reflector(u[0], u.segment(1, right - 1));
        out.e[j] = h.beta;
        out.tau_right[j] = h.tau;
        u[0] = T(1);
        kernel::copy(u, A.row(j).segment(j + 1, right));

        // x = conj(tau) (A - V Y^T - X U^T) conj(u)
        const VecRef<T> u_conj = conjugated_vector(u, copy);
        const VecRef<T> x = X.col(j).segment(j + 1, below), t = small.segment(0, j + 1);
        kernel::gemv(T(1), A.block(j + 1, j + 1, below, right), u_conj, T(0), x);
        kernel::gemv(T(1), Y.block(j + 1, 0, right, j + 1).transposed(), u_conj, T(0), t);
        kernel::gemv(T(-1), A.block(j + 1, 0, below, j + 1), t, T(1), x);
        kernel::gemv(T(1), U, u_conj, T(0), s);
        kernel::gemv(T(-1), X.block(j + 1, 0, below, j), s, T(1), x);
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
    const index_t m = A.rows, n = A.cols, nb = options.block;
    kernel::Buffer<T> buffer(m + n + nb + (is_complex_v<T> ? m : 0));
    const VecRef<T> work{buffer.data(), m + n, 1}, small{buffer.data() + m + n, nb, 1};
    const VecRef<T> copy{buffer.data() + m + n + nb, is_complex_v<T> ? m : 0, 1};
    index_t j = 0;
    if (n > std::max(options.unblocked, nb)) {
        const Workspace<T> left(m, nb), right(n, nb);
        for (; n - j > std::max(options.unblocked, nb); j += nb) {
            const index_t mj = m - j, nj = n - j;
            const MatRef<T> A_j = A.block(j, j, mj, nj), X = left.ref(mj, nb), Y = right.ref(nj, nb);
            detail::bidiagonalize_panel(A_j, out.from(j), X, Y, work, small, copy);
            const MatRef<T> rest = A_j.block(nb, nb, mj - nb, nj - nb);
            kernel::gemm(T(-1), A_j.block(nb, 0, mj - nb, nb), Y.block(nb, 0, nj - nb, nb).transposed(), T(1), rest);
            kernel::gemm(T(-1), X.block(nb, 0, mj - nb, nb), A_j.block(0, nb, nb, nj - nb), T(1), rest);
        }
    }
    detail::bidiagonalize_unblocked(A.block(j, j, m - j, n - j), out.from(j), work);
}

}  // namespace gram::linalg::inline GRAM_ISA
