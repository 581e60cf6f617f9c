/// QR factorization with column pivoting: the order of the columns shows the rank.
#pragma once

#include <utility>

#include "gram/core/matrix.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/householder.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// The state of a pivoted factorization: per column the norm of what is left below the finished rows (`left`) and the
/// norm when it was last computed from scratch (`exact`).
template <class R>
struct PivotNorms {
    R* left;
    R* exact;
};

/// Removes the entry r of a finished row from the norm of column j. False when so much has cancelled that the norm
/// has to be computed afresh.
///
/// Source: Drmac & Bujanovic, On the failure of rank-revealing QR factorization software, LAPACK Working Note 176.
template <class T>
bool downdate_norm(PivotNorms<real_t<T>> norms, index_t j, T r) {
    using R = real_t<T>;
    if (norms.left[j] == R(0)) return true;
    const R limit = std::sqrt(std::numeric_limits<R>::epsilon());
    const R q = std::abs(r) / norms.left[j];
    const R kept = std::max(R(0), (R(1) + q) * (R(1) - q));
    const R ratio = norms.left[j] / norms.exact[j];
    if (kept * ratio * ratio <= limit) return false;
    norms.left[j] *= std::sqrt(kept);
    return true;
}

/// Brings the column of largest remaining norm among [first, n) to `first`. `rows_of_F` moves along, when there is one.
template <class T>
index_t bring_pivot(MatRef<T> A, index_t* p, PivotNorms<real_t<T>> norms, index_t first) {
    index_t best = first;
    for (index_t j = first + 1; j < A.cols; ++j) {
        if (norms.left[j] > norms.left[best]) best = j;
    }
    if (best != first) {
        kernel::swap(A.col(first), A.col(best));
        std::swap(p[first], p[best]);
        norms.left[best] = norms.left[first];
        norms.exact[best] = norms.exact[first];
    }
    return best;
}

/// Reduces up to `width` columns from column `done` on, which need only products with single vectors to choose their
/// pivots, and brings the rest up to date by one product of matrices. Returns how many columns were reduced: it stops
/// early when a norm has to be computed afresh.
///
/// F is n×width: after k steps the columns right of the panel stand for A - V F^T.
/// Source: Quintana-Orti, Sun, Bischof, A BLAS-3 version of the QR factorization with column pivoting, SISSC 19 (1998).
template <class T>
index_t pivoted_panel(MatRef<T> A, index_t done, index_t width, T* tau, index_t* p, PivotNorms<real_t<T>> norms,
                      MatRef<T> F, VecRef<T> aux, VecRef<T> copy, bool* stale) {
    const index_t m = A.rows, n = A.cols;
    bool any_stale = false;
    index_t k = 0;
    for (; k < width && !any_stale; ++k) {
        const index_t c = done + k, below = m - c, right = n - c - 1;
        const index_t best = bring_pivot(A, p, norms, c);
        if (best != c) kernel::swap(F.row(best).segment(0, k), F.row(c).segment(0, k));

        const MatRef<T> V = A.block(c, done, below, k);  // finished reflectors, rows from c on
        if (k > 0) kernel::gemv(T(-1), V, F.row(c).segment(0, k), T(1), A.col(c).segment(c, below));
        const VecRef<T> v = A.col(c).segment(c, below);
        const Reflector<T> h = make_reflector(v[0], v.segment(1, below - 1));
        tau[c] = h.tau;
        v[0] = T(1);  // until the end of this step the whole v stands in its column

        if (right > 0) {
            const VecRef<T> f = F.col(k).segment(c + 1, right);
            const VecRef<T> v_conj = conjugated_vector(v, copy);
            const T tau_conj = conjugated(h.tau);
            const index_t extra = is_complex_v<T> ? 0 : rows_to_line(A, v.data, c, below);
            kernel::gemv(tau_conj, A.block(c - extra, c + 1, below + extra, right).transposed(),
                         behind_zeros(v_conj, extra, copy), T(0), f);
            if (k > 0) {
                const VecRef<T> a = aux.segment(0, k);
                kernel::gemv(-tau_conj, V.transposed(), v_conj, T(0), a);
                kernel::gemv(T(1), F.block(c + 1, 0, right, k), a, T(1), f);
            }
            // Row c of R is final after this.
            kernel::gemv(T(-1), F.block(c + 1, 0, right, k + 1), A.row(c).segment(done, k + 1), T(1),
                         A.row(c).segment(c + 1, right));
            for (index_t j = c + 1; j < n; ++j) {
                stale[j] = !downdate_norm(norms, j, A(c, j));
                any_stale |= stale[j];
            }
        }
        v[0] = h.beta;
    }
    const index_t next = done + k;
    if (next < n && next < m) {
        kernel::gemm(T(-1), A.block(next, done, m - next, k), F.block(next, 0, n - next, k).transposed(), T(1),
                     A.block(next, next, m - next, n - next));
    }
    if (any_stale) {
        for (index_t j = next; j < n; ++j) {
            if (!stale[j]) continue;
            norms.left[j] = norms.exact[j] = next < m ? kernel::nrm2(A.col(j).segment(next, m - next)) : real_t<T>(0);
        }
    }
    return k;
}

/// The same without panels: for small matrices. work has n elements.
template <class T>
void pivoted_unblocked(MatRef<T> A, index_t done, T* tau, index_t* p, PivotNorms<real_t<T>> norms, VecRef<T> work) {
    const index_t m = A.rows, n = A.cols;
    for (index_t c = done; c < std::min(m, n); ++c) {
        bring_pivot(A, p, norms, c);
        const VecRef<T> tail = A.col(c).segment(c + 1, m - c - 1);
        const Reflector<T> h = make_reflector(A(c, c), tail);
        A(c, c) = h.beta;
        tau[c] = h.tau;
        apply_reflector(conjugated(h.tau), tail, A.block(c, c + 1, m - c, n - c - 1), work);
        for (index_t j = c + 1; j < n; ++j) {
            if (downdate_norm(norms, j, A(c, j))) continue;
            norms.left[j] = norms.exact[j] =
                c + 1 < m ? kernel::nrm2(A.col(j).segment(c + 1, m - c - 1)) : real_t<T>(0);
        }
    }
}

}  // namespace detail

/// Where pivoted factorizations change from single columns to panels, and how wide those are.
struct QrPivotedParams {
    index_t block = 32;
    index_t unblocked_below = 64;
};

/// A(:, p) = Q R in place: R in the upper triangle with a diagonal of non-increasing magnitude, the tails of the
/// reflectors of Q below it, min(m, n) factors in tau, n column indices in p.
///
/// Any strides; column-major with a padded_stride is fastest. Cost: 2 n^2 (m - n / 3) flops for m >= n, half of them
/// in products with single vectors.
template <class T>
void qr_pivoted_in_place(MatRef<T> A, T* tau, index_t* p, QrPivotedParams params = {}) {
    const index_t m = A.rows, n = A.cols, k = std::min(m, n);
    for (index_t j = 0; j < n; ++j) p[j] = j;
    if (k == 0) return;
    const kernel::Buffer<real_t<T>> lengths(2 * n);
    const kernel::Buffer<T> vectors(2 * n + m);
    const detail::PivotNorms<real_t<T>> norms{lengths.data(), lengths.data() + n};
    const VecRef<T> work{vectors.data(), 2 * n, 1}, copy{vectors.data() + 2 * n, m, 1};
    for (index_t j = 0; j < n; ++j) norms.left[j] = norms.exact[j] = kernel::nrm2(A.col(j));

    index_t done = 0;
    if (k > params.unblocked_below) {
        const Workspace<T> F(n, params.block);
        const kernel::Buffer<bool> stale(n);
        while (k - done > params.unblocked_below) {
            const index_t width = std::min(params.block, k - done);
            done += detail::pivoted_panel(A, done, width, tau, p, norms, F.ref(), work, copy, stale.data());
        }
    }
    detail::pivoted_unblocked(A, done, tau, p, norms, work);
}

/// How many leading diagonal entries of the n×n factor R of a pivoted factorization exceed tolerance * |R(0, 0)|.
template <class T>
index_t pivoted_rank(MatRef<T> R, real_t<std::remove_const_t<T>> tolerance) {
    const index_t k = std::min(R.rows, R.cols);
    if (k == 0) return 0;
    const auto limit = tolerance * std::abs(R(0, 0));
    index_t rank = 0;
    while (rank < k && std::abs(R(rank, rank)) > limit) ++rank;
    return rank;
}

}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// A(:, p) = Q R: column j of Q R is column p[j] of A. For A of m×n and k = min(m, n): Q is m×k with orthonormal
/// columns, R is k×n upper trapezoidal with |R(0, 0)| >= |R(1, 1)| >= ...; full: Q is m×m and R is m×n. `rank` counts
/// the diagonal entries of R above the tolerance: usually the rank of A, but not always (Kahan's matrix; use
/// matrix_rank).
template <class T>
struct QrPivoted {
    Matrix<T> Q;
    Matrix<T> R;
    Vector<index_t> p;
    index_t rank = 0;
};

/// Options of qr_pivoted.
struct QrPivotedOptions {
    bool full = false;      ///< all m columns of Q
    double tolerance = -1;  ///< relative to |R(0, 0)|; below 0: max(m, n) eps
    linalg::QrPivotedParams params = {};
};

/// QR factorization of an m×n matrix with column pivoting: each step takes the column with the largest part outside
/// the space of those taken before.
///
/// Accuracy: as qr. Cost: as qr, half of it in products with single vectors. Errors: non_finite.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 5.4.2.
/// @snippet factorizations.cpp qr
template <linalg::FieldExpr E>
[[nodiscard]] QrPivoted<value_t<E>> qr_pivoted(const E& A, QrPivotedOptions options = {}) {
    using T = value_t<E>;
    const auto loaded = linalg::detail::load(A, "qr_pivoted");
    const auto W = loaded.ref();
    const index_t m = W.rows, n = W.cols, k = std::min(m, n), columns = options.full ? m : k;
    const kernel::Buffer<T> tau(k);
    QrPivoted<T> result{Matrix<T>(m, columns, uninitialized), Matrix<T>(columns, n), Vector<index_t>(n)};
    linalg::qr_pivoted_in_place(W, tau.data(), result.p.data(), options.params);

    using R = real_t<T>;
    const R relative = options.tolerance < 0 ? static_cast<R>(std::max(m, n)) * std::numeric_limits<R>::epsilon()
                                             : static_cast<R>(options.tolerance);
    result.rank = linalg::pivoted_rank(W, relative);
    linalg::detail::copy_upper(W.block(0, 0, k, n), T(1 / loaded.scale), result.R.ref().block(0, 0, k, n));
    linalg::make_q(W.block(0, 0, m, k), tau.data(), result.Q.ref());
    return result;
}

}  // namespace gram::inline GRAM_ISA
