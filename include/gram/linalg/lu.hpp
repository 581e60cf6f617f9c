/// LU factorization with partial pivoting: P A = L U.
///
/// Source: Toledo, Locality of reference in LU decomposition with partial pivoting, SIAM J. Matrix Anal. 18 (1997):
/// halving the columns turns almost all of the work into products of matrices.
#pragma once

#include <algorithm>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/lu_leaf.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// Exchanges row i with row pivots[i] for i = first, ..., last - 1, in this order.
template <class T>
void swap_rows(MatRef<T> A, const index_t* pivots, index_t first, index_t last) {
    if (A.row_stride == 1) {  // a column at a time, while it is in the cache
        for (index_t j = 0; j < A.cols; ++j) {
            T* a = A.col(j).data;
            for (index_t i = first; i < last; ++i) std::swap(a[i], a[pivots[i]]);
        }
        return;
    }
    for (index_t i = first; i < last; ++i)
        if (pivots[i] != i) kernel::swap(A.row(i), A.row(pivots[i]));
}

/// The unit lower trapezoidal L and the upper trapezoidal U of what lu_in_place left in W.
template <class T>
void split_lu(MatRef<T> W, MatRef<T> L, MatRef<T> U) {
    constexpr index_t width = 64;
    for (index_t j = 0; j < W.cols; j += width) {
        const index_t n = std::min(width, W.cols - j), above = std::min(j + n, U.rows);
        kernel::copy(W.block(0, j, above, n), U.block(0, j, above, n));
        kernel::fill(U.block(above, j, U.rows - above, n), T(0));
        if (j >= L.cols) continue;
        const index_t columns = std::min(n, L.cols - j);
        kernel::fill(L.block(0, j, j, columns), T(0));
        kernel::copy(W.block(j, j, L.rows - j, columns), L.block(j, j, L.rows - j, columns));
        for (index_t i = j; i < j + columns; ++i) {  // the square on the diagonal was copied to both
            L(i, i) = T(1);
            kernel::scal(T(0), L.row(i).segment(i + 1, j + columns - i - 1));
            kernel::scal(T(0), U.row(i).segment(j, i - j));
        }
    }
}

/// About half of n columns, in whole leaves.
constexpr index_t first_half(index_t n) { return (n / 2 + lu_leaf - 1) / lu_leaf * lu_leaf; }

}  // namespace detail

/// P A = L U in place: U in the upper triangle, L below it (its diagonal is ones). A is m×n in any layout;
/// column-major with a padded_stride is fastest. pivots has min(m, n) elements: row i was exchanged with row pivots[i],
/// in order.
///
/// Returns the first i with U(i, i) exactly zero, or -1. The factorization is complete in either case.
/// Cost: n^2 (m - n / 3) flops for m >= n, by products of matrices. |L| <= 1.
template <class T>
index_t lu_in_place(MatRef<T> A, index_t* pivots) {
    const index_t m = A.rows, n = A.cols;
    if (m == 0 || n == 0) return -1;
    if (n <= detail::lu_leaf) return detail::lu_unblocked(A, pivots);

    const index_t k = std::min(m, n), n1 = m < n ? m : detail::first_half(n), n2 = n - n1;
    const MatRef<T> left = A.block(0, 0, m, n1), right = A.block(0, n1, m, n2);
    const MatRef<T> L11 = A.block(0, 0, n1, n1), A12 = A.block(0, n1, n1, n2);
    const MatRef<T> L21 = A.block(n1, 0, m - n1, n1), A22 = A.block(n1, n1, m - n1, n2);

    index_t singular = lu_in_place(left, pivots);
    detail::swap_rows(right, pivots, 0, n1);
    kernel::trsm(kernel::Triangle::lower, kernel::Diagonal::unit, T(1), L11, A12);
    if (m == n1) return singular;
    kernel::gemm(T(-1), L21, A12, T(1), A22);
    const index_t lower = lu_in_place(A22, pivots + n1);
    detail::swap_rows(L21, pivots + n1, 0, k - n1);
    for (index_t i = n1; i < k; ++i) pivots[i] += n1;
    return singular >= 0 || lower < 0 ? singular : lower + n1;
}

/// B = inv(A) B from what lu_in_place left of a square A without zero pivots. Cost: 2 n^2 flops for each column.
template <class T>
void lu_solve(std::type_identity_t<MatRef<const T>> LU, const index_t* pivots, MatRef<T> B) {
    detail::swap_rows(B, pivots, 0, LU.rows);
    kernel::trsm(kernel::Triangle::lower, kernel::Diagonal::unit, T(1), LU, B);
    kernel::trsm(kernel::Triangle::upper, kernel::Diagonal::general, T(1), LU, B);
}

}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// A(p, :) = L U with |L| <= 1. For A of m×n and k = min(m, n): L is m×k unit lower trapezoidal, U is k×n upper
/// trapezoidal, row i of L U is row p[i] of A.
template <class T>
struct Lu {
    Matrix<T> L;
    Matrix<T> U;
    Vector<index_t> p;
};

/// LU factorization with partial pivoting of an m×n matrix; a singular matrix has one too (with zeros in U's diagonal).
///
/// Accuracy: ||A(p, :) - L U|| <= c max(m, n) eps ||A|| times the growth of elements, which is small but for matrices
/// made to show it. Cost: n^2 (m - n / 3) flops for m >= n. Errors: non_finite.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 3.4.
/// @snippet factorizations.cpp lu
template <linalg::FieldExpr E>
[[nodiscard]] Lu<value_t<E>> lu(const E& A) {
    using T = value_t<E>;
    const auto loaded = linalg::detail::load(A, "lu", linalg::Order::column_major, linalg::detail::Scaling::exact);
    const auto W = loaded.ref();
    const index_t m = W.rows, n = W.cols, k = std::min(m, n);
    kernel::Buffer<index_t> pivots(k);
    linalg::lu_in_place(W, pivots.data());

    Lu<T> result{Matrix<T>(m, k, uninitialized), Matrix<T>(k, n, uninitialized), Vector<index_t>(m)};
    const auto L = result.L.ref(), U = result.U.ref();
    linalg::detail::split_lu(W, L, U);
    kernel::scale(T(1 / loaded.scale), U);
    for (index_t i = 0; i < m; ++i) result.p[i] = i;
    for (index_t i = 0; i < k; ++i) std::swap(result.p[i], result.p[pivots.data()[i]]);
    return result;
}

}  // namespace gram::inline GRAM_ISA
