/// The complete orthogonal decomposition, and least squares that say what they found.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "gram/linalg/qr.hpp"
#include "gram/linalg/qr_pivoted.hpp"
#include "gram/linalg/rank.hpp"
#include "gram/linalg/triangular.hpp"

namespace gram::inline GRAM_ISA {

/// A(:, p) = Q T Z^H for a matrix of rank r: Q is m×r and Z is n×r with orthonormal columns, T is r×r lower triangular
/// and regular.
template <class T>
struct Cod {
    Matrix<T> Q;
    Matrix<T> T_;
    Matrix<T> Z;
    Vector<index_t> p;
    index_t rank = 0;
};

/// Complete orthogonal decomposition: column pivoting finds the rank, a second QR removes what is beside the triangle.
///
/// tolerance: relative to the largest pivot; below 0: max(m, n) eps. Cost: two QR factorizations. Errors: non_finite.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 5.4.7.
/// @snippet factorizations.cpp cod
template <linalg::FieldExpr E>
[[nodiscard]] Cod<value_t<E>> cod(const E& A, double tolerance = -1) {
    using T = value_t<E>;
    auto f = qr_pivoted(A, {.tolerance = tolerance});
    const index_t m = A.rows(), n = A.cols(), r = f.rank;
    // R = [R11 R12] = T Z^H from the QR factorization R^H = Z T^H.
    Matrix<T> RH(f.R.block(0, 0, r, n).T());
    kernel::conjugate(RH.ref());
    auto [Z, TH] = qr(RH);
    Matrix<T> lower(TH.T());
    kernel::conjugate(lower.ref());
    return {Matrix<T>(f.Q.block(0, 0, m, r)), std::move(lower), std::move(Z), std::move(f.p), r};
}

/// What lstsq_report found besides the solution.
template <class T>
struct LstsqReport {
    Matrix<T> x;                       ///< n×k, of smallest norm
    index_t rank = 0;                  ///< singular values above the tolerance
    Vector<real_t<T>> residual_norms;  ///< ||A x - b|| for each of the k right-hand sides
    Vector<real_t<T>> singular_values;
};

/// Least squares by the SVD, with the rank that was used, the residuals and the singular values (NumPy's lstsq).
///
/// Singular values up to rcond * s_max count as zero; rcond < 0: max(m, n) eps. Errors and shapes as lstsq.
/// @snippet factorizations.cpp lstsq_report
template <linalg::FieldExpr E, linalg::FieldExpr B>
    requires linalg::System<E, B>
[[nodiscard]] LstsqReport<value_t<E>> lstsq_report(const E& A, const B& b, double rcond = -1) {
    using T = value_t<E>;
    using R = real_t<T>;
    linalg::detail::require_same_rows(A, b, "lstsq_report");
    const index_t m = A.rows(), n = A.cols(), k = b.cols();
    const Matrix<T> matrix(A), rhs(b);
    linalg::detail::require_finite(kernel::MatRef<const T>(rhs.ref()), "lstsq_report, right-hand side");
    auto [U, s, Vt] = svd(matrix);
    const R relative =
        rcond < 0 ? static_cast<R>(std::max(m, n)) * std::numeric_limits<R>::epsilon() : static_cast<R>(rcond);
    LstsqReport<T> report;
    report.rank = linalg::detail::count_above(s, s.size() == 0 ? R(0) : relative * s[0]);
    const index_t r = report.rank;
    // Powers of two that give the singular values reciprocals, and keep the coordinates of b in range.
    const R up = s.size() == 0 ? R(1) : linalg::detail::scale_for(s[0]);
    const R down = linalg::detail::scale_factor(rhs.ref());
    Matrix<T> c(r, k), scaled = rhs;
    kernel::scale(down, scaled.ref());
    kernel::gemm_conj(T(1), U.ref().block(0, 0, m, r).transposed(), true, scaled.ref(), false, T(0), c.ref());
    for (index_t i = 0; i < r; ++i) kernel::scal(T(1 / (s[i] * up)), c.ref().row(i));
    report.x = Matrix<T>(n, k);
    if (r > 0) {
        kernel::gemm_conj(T(1), Vt.ref().block(0, 0, r, n).transposed(), true, c.ref(), false, T(0), report.x.ref());
        linalg::detail::scale_twice(up, 1 / down, report.x.ref());
    }
    Matrix<T> residual = rhs;
    kernel::gemm(T(-1), matrix.ref(), report.x.ref(), T(1), residual.ref());
    report.residual_norms = Vector<R>(k);
    for (index_t j = 0; j < k; ++j) report.residual_norms[j] = kernel::nrm2(residual.ref().col(j));
    report.singular_values = std::move(s);
    return report;
}

}  // namespace gram::inline GRAM_ISA
