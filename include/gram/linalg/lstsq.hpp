/// Least squares: the x of smallest norm among those that minimize ||A x - b||.
#pragma once

#include <cmath>
#include <limits>

#include "gram/linalg/qr.hpp"
#include "gram/linalg/svd.hpp"
#include "gram/linalg/triangular.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

template <class T>
[[nodiscard]] real_t<T> upper_norm(MatRef<const T> R) {
    real_t<T> norm = 0;
    for (index_t j = 0; j < R.cols; ++j) norm = std::hypot(norm, kernel::nrm2(R.col(j).segment(0, j + 1)));
    return norm;
}

/// True only if s_min > tolerance * s_max for the singular values of an upper triangular R: proved by its inverse, as
/// s_min >= 1 / ||inv(R)||_F and s_max <= ||R||_F.
template <class T>
[[nodiscard]] bool surely_full_rank(MatRef<const T> R, real_t<T> tolerance) {
    if (first_zero_pivot(R) >= 0) return false;
    const Workspace<T> inverse(R.rows, R.rows);
    copy_upper(R, T(1), inverse.ref());
    invert_upper(inverse.ref());
    return 1 / upper_norm<T>(inverse.ref()) > tolerance * upper_norm(R);  // false for NaN
}

/// B = R^+ B, or (R^T)^+ B when `transpose`, for an upper triangular R; singular values <= tolerance * s_max count as
/// 0.
template <class T>
void solve_upper_minimum_norm(bool transpose, std::type_identity_t<MatRef<const T>> R, real_t<T> tolerance,
                              MatRef<T> B) {
    if (surely_full_rank<T>(R, tolerance)) {
        const auto A = transpose ? R.transposed() : R;
        return kernel::trsm(transpose ? Triangle::lower : Triangle::upper, Diagonal::general, T(1), A, B);
    }
    const Workspace<T> upper(R.rows, R.cols);
    kernel::fill(upper.ref(), T(0));
    copy_upper(R, T(1), upper.ref());
    const auto [U, s, Vt] = svd(MatrixView<const T>{MatRef<const T>(upper.ref())});
    // R = U diag(s) Vt, R^T = Vt^T diag(s) U^T; the inverse of an orthonormal factor is its conjugate transpose.
    const MatRef<const T> left = transpose ? Vt.ref().transposed() : U.ref();
    const MatRef<const T> right = transpose ? U.ref().transposed() : Vt.ref();
    const Workspace<T> coordinates(R.rows, B.cols);
    const MatRef<T> C = coordinates.ref();
    kernel::gemm_conj(T(1), left.transposed(), true, MatRef<const T>(B), false, T(0), C);
    for (index_t i = 0; i < R.rows; ++i) kernel::scal(s[i] > tolerance * s[0] ? T(1 / s[i]) : T(0), C.row(i));
    kernel::gemm_conj(T(1), right.transposed(), true, C, false, T(0), B);
}

}  // namespace detail

/// Minimum-norm least squares in place, by QR of A (m >= n) or of A^T (m < n), whose triangle goes through the SVD
/// when its rank is in doubt. A is m×n and destroyed; B has max(m, n) rows: its first m hold the right-hand sides, its
/// first n receive the solutions. tau has min(m, n) elements.
template <class T>
void lstsq_in_place(MatRef<T> A, T* tau, MatRef<T> B) {
    const index_t m = A.rows, n = A.cols;
    const auto tolerance = static_cast<real_t<T>>(std::max(m, n)) * std::numeric_limits<real_t<T>>::epsilon();
    if (m >= n) {
        qr_in_place(A, tau);
        apply_q(true, A, tau, B.block(0, 0, m, B.cols));
        detail::solve_upper_minimum_norm(false, A.block(0, 0, n, n), tolerance, B.block(0, 0, n, B.cols));
        return;
    }
    // A = R^T Q^T, x = conj(Q) inv(R^T) b
    const MatRef<T> At = A.transposed();
    qr_in_place(At, tau);
    detail::solve_upper_minimum_norm(true, At.block(0, 0, m, m), tolerance, B.block(0, 0, m, B.cols));
    kernel::fill(B.block(m, 0, n - m, B.cols), T(0));
    kernel::conjugate(B);
    apply_q(false, At, tau, B);
    kernel::conjugate(B);
}

}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The X of smallest norm that minimizes ||A X - B||. A is m×n of any shape and rank; B is a vector of m or an m×k
/// matrix; X is a vector of n or n×k.
///
/// A singular value up to max(m, n) eps s_max counts as zero (as in matrix_rank).
/// Accuracy: backward stable. Cost: 2 m n^2 flops and O(n^3) for m >= n. Errors: shape_error; non_finite.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 5.3, 5.5.
/// @snippet factorizations.cpp lstsq
template <linalg::FieldExpr E, linalg::FieldExpr B>
    requires linalg::System<E, B>
[[nodiscard]] auto lstsq(const E& A, const B& b) {
    using T = value_t<E>;
    linalg::detail::require_same_rows(A, b, "lstsq");
    const index_t m = A.rows(), n = A.cols();
    const auto order = m >= n ? linalg::Order::column_major : linalg::Order::row_major;
    const auto a = linalg::detail::load(A, "lstsq", order);
    const auto rhs = linalg::detail::load(b, "lstsq, right-hand side");
    const linalg::Workspace<T> work(std::max(m, n), b.cols());
    const auto X = work.ref(n, b.cols());
    if (m == 0 || n == 0) {
        kernel::fill(X, T(0));
        return linalg::detail::solution_of<B>(X);
    }
    kernel::copy(rhs.ref(), work.ref(m, b.cols()));
    kernel::Buffer<T> tau(std::min(m, n));
    linalg::lstsq_in_place(a.ref(), tau.data(), work.ref());
    linalg::detail::scale_twice(a.scale, 1 / rhs.scale, X);
    return linalg::detail::solution_of<B>(X);
}

}  // namespace gram::inline GRAM_ISA
