/// Cholesky factorization: A = L L^H for a symmetric or Hermitian positive definite A.
#pragma once

#include <algorithm>
#include <cmath>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/cholesky_leaf.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// A = L L^H in place: L in the lower triangle; the upper one is neither read nor written. A is n×n in any layout.
///
/// Returns the first j whose leading minor of order j + 1 is not positive, or -1; the columns before j are then those
/// of L. Cost: n^3 / 3 flops, by products of matrices.
template <class T>
index_t cholesky_in_place(MatRef<T> A) {
    const index_t n = A.rows;
    if (n <= detail::cholesky_leaf) return detail::cholesky_small(A);
    const index_t n1 = n / 2, n2 = n - n1;
    const MatRef<T> A11 = A.block(0, 0, n1, n1), A21 = A.block(n1, 0, n2, n1), A22 = A.block(n1, n1, n2, n2);
    if (const index_t failed = cholesky_in_place(A11); failed >= 0) return failed;
    // L21 = A21 inv(L11)^H
    kernel::conjugate(A21);
    kernel::trsm(kernel::Triangle::lower, kernel::Diagonal::general, T(1), A11, A21.transposed());
    kernel::conjugate(A21);
    kernel::herk(-1, A21, 1, A22);
    const index_t failed = cholesky_in_place(A22);
    return failed < 0 ? failed : failed + n1;
}

/// B = inv(A) B from the factor that cholesky_in_place left. Cost: 2 n^2 flops for each column.
template <class T>
void cholesky_solve(std::type_identity_t<MatRef<const T>> L, MatRef<T> B) {
    kernel::trsm(kernel::Triangle::lower, kernel::Diagonal::general, T(1), L, B);
    kernel::conjugate(B);
    kernel::trsm(kernel::Triangle::upper, kernel::Diagonal::general, T(1), L.transposed(), B);
    kernel::conjugate(B);
}

}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The lower triangular L with a positive diagonal and A = L L^H (L L^T of real numbers); its upper part is exactly
/// zero.
///
/// Reads the lower triangle of A only, and the real part of its diagonal: what stands above the diagonal is taken to be
/// its (conjugate) mirror image. Accuracy: ||A - L L^H|| <= c n eps ||A||. Cost: n^3 / 3 flops.
/// Errors: shape_error unless A is square; non_finite; not_positive_definite, which names the leading minor.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 4.2.
/// @snippet factorizations.cpp cholesky
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> cholesky(const E& A) {
    using T = value_t<E>;
    linalg::detail::require_square(A, "cholesky");
    const index_t n = A.rows();
    linalg::Workspace<T> work(n, n);
    Matrix<T> L(n, n, uninitialized);
    if (n == 0) return L;
    const auto W = work.ref();
    MatrixView<T>{W} = A;
    for (index_t j = 1; j < n; ++j) kernel::scal(T(0), W.col(j).segment(0, j));
    linalg::detail::require_finite(W, "cholesky");

    // sqrt(scale) is to be exact too.
    real_t<T> scale = linalg::detail::exact_scale_factor(W), root = std::sqrt(scale);
    if (root * root != scale) scale *= 2, root = std::sqrt(scale);
    kernel::scale(scale, W);
    if (const index_t failed = linalg::cholesky_in_place(W); failed >= 0) {
        throw not_positive_definite("cholesky: the leading minor of order " + std::to_string(failed + 1) +
                                    " is not positive");
    }
    kernel::scale(1 / root, W);
    kernel::copy(W, L.ref());
    return L;
}

}  // namespace gram::inline GRAM_ISA
