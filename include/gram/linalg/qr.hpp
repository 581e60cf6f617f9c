/// QR factorization by Householder reflectors.
#pragma once

#include "gram/core/matrix.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/householder.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// Columns of a panel that are reduced one by one.
inline constexpr index_t qr_leaf = 8;

/// One reflector at a time. A is m×k, m >= k; work has k elements.
template <class T>
void qr_unblocked(MatRef<T> A, T* tau, VecRef<T> work) {
    const index_t m = A.rows, k = A.cols;
    for (index_t j = 0; j < k; ++j) {
        const VecRef<T> tail = A.col(j).segment(j + 1, m - j - 1);
        const Reflector<T> h = make_reflector(A(j, j), tail);
        A(j, j) = h.beta;
        tau[j] = h.tau;
        apply_reflector(conjugated(h.tau), tail, A.block(j, j + 1, m - j, k - j - 1), work);
    }
}

/// Halves the panel until it is narrow, so that most of its work is products too; Tfac receives the k×k factor T.
/// A is m×k, m >= k.
///
/// Source: Elmroth & Gustavson, Applying recursion to serial and parallel QR factorization, IBM J. R&D 44 (2000).
template <class T>
void qr_panel(MatRef<T> A, T* tau, MatRef<T> Tfac) {
    const index_t m = A.rows, k = A.cols;
    if (k <= qr_leaf) {
        T work[qr_leaf];
        qr_unblocked(A, tau, VecRef<T>{work, k, 1});
        form_t(A, tau, Tfac);
        return;
    }
    const index_t k1 = k / 2, k2 = k - k1;
    const MatRef<T> V1 = A.block(0, 0, m, k1), V2 = A.block(k1, k1, m - k1, k2);
    const MatRef<T> T1 = Tfac.block(0, 0, k1, k1), T12 = Tfac.block(0, k1, k1, k2);
    qr_panel(V1, tau, T1);
    apply_block_reflector(true, V1, T1, A.block(0, k1, m, k2), T12);
    qr_panel(V2, tau + k1, Tfac.block(k1, k1, k2, k2));

    join_factors(A, k1, Tfac);
}

}  // namespace detail

/// A = Q R in place: R in the upper triangle, the tails of the reflectors of Q below it, min(m, n) factors in tau.
///
/// Any strides; column-major with a padded_stride is fastest. Cost: 2 n^2 (m - n / 3) flops for m >= n.
/// Q is applied by apply_q and formed by make_q, both on the first min(m, n) columns of A.
template <class T>
void qr_in_place(MatRef<T> A, T* tau, index_t block = 0) {
    const index_t m = A.rows, n = A.cols, k = std::min(m, n);
    if (k == 0) return;
    const index_t width = std::min(block > 0 ? block : reflector_block(k), k);
    const Workspace<T> factor(width, width), work(width, n);
    for (index_t j = 0; j < k; j += width) {
        const index_t kb = std::min(width, k - j);
        const MatRef<T> panel = A.block(j, j, m - j, kb), T_j = factor.ref(kb, kb);
        detail::qr_panel(panel, tau + j, T_j);
        if (j + kb < n) {
            apply_block_reflector(true, panel, T_j, A.block(j, j + kb, m - j, n - j - kb), work.ref(kb, n - j - kb));
        }
    }
}

}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// A = Q R. For A of m×n and k = min(m, n): Q is m×k with orthonormal columns and R is k×n upper trapezoidal; full: Q
/// is m×m orthogonal and R is m×n.
template <class T>
struct Qr {
    Matrix<T> Q;
    Matrix<T> R;
};

/// Options of qr.
struct QrOptions {
    bool full = false;  ///< all m columns of Q
    index_t block = 0;  ///< reflectors that are applied together; 0: by the shape
};

/// QR factorization of an m×n matrix by Householder reflectors; the diagonal of R is real and has any signs.
///
/// Accuracy: ||A - Q R|| <= c max(m, n) eps ||A||, ||Q^T Q - I|| <= c max(m, n) eps. Cost: 4 (m n k - (m + n) k^2 / 2 +
/// k^3 / 3) flops with Q, half of them for R. Errors: non_finite.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 5.2.
/// @snippet factorizations.cpp qr
template <linalg::FieldExpr E>
[[nodiscard]] Qr<value_t<E>> qr(const E& A, QrOptions options = {}) {
    using T = value_t<E>;
    const auto loaded = linalg::detail::load(A, "qr");
    const auto W = loaded.ref();
    const index_t m = W.rows, n = W.cols, k = std::min(m, n), columns = options.full ? m : k;
    const kernel::Buffer<T> tau(k);
    linalg::qr_in_place(W, tau.data(), options.block);

    Qr<T> result{Matrix<T>(m, columns, uninitialized), Matrix<T>(columns, n)};
    linalg::detail::copy_upper(W.block(0, 0, k, n), T(1 / loaded.scale), result.R.ref().block(0, 0, k, n));
    linalg::make_q(W.block(0, 0, m, k), tau.data(), result.Q.ref(), options.block);
    return result;
}

}  // namespace gram::inline GRAM_ISA
