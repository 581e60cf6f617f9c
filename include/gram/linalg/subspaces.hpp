/// The four fundamental subspaces of a matrix, projections on them, changes of basis, and softer notions of rank.
#pragma once

#include <cmath>
#include <limits>

#include "gram/expr/complex.hpp"
#include "gram/linalg/rank.hpp"
#include "gram/linalg/solve.hpp"

namespace gram::inline GRAM_ISA {

/// Orthonormal columns that span { A x }, m×rank. Singular values up to max(m, n) eps s_max count as zero, here and
/// below (as in matrix_rank and null_space). Cost: svd. Errors: non_finite, no_convergence.
/// @snippet subspaces.cpp four
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> column_space(const E& A) {
    const auto f = svd(A);
    const index_t r = linalg::detail::count_above(f.s, linalg::detail::rank_tolerance(f.s, A.rows(), A.cols()));
    return Matrix<value_t<E>>(f.U.block(0, 0, A.rows(), r));
}
/// Orthonormal columns that span { A^H y }, n×rank: with null_space they make a basis of the whole space.
/// @snippet subspaces.cpp four
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> row_space(const E& A) {
    const auto f = svd(A);
    const index_t r = linalg::detail::count_above(f.s, linalg::detail::rank_tolerance(f.s, A.rows(), A.cols()));
    return Matrix<value_t<E>>(f.Vt.block(0, 0, r, A.cols()).H());
}
/// Orthonormal columns that span { y : A^H y = 0 }, m×(m - rank).
/// @snippet subspaces.cpp four
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> left_null_space(const E& A) {
    const Matrix<value_t<E>> B(A);
    return null_space(Matrix<value_t<E>>(B.H()));
}
/// An orthonormal basis of the column space (SciPy's orth).
/// @snippet subspaces.cpp four
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> orth(const E& A) {
    return column_space(A);
}

/// The orthogonal projector on the column space of A, m×m: P = P^H = P P.
/// @snippet subspaces.cpp project
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> projector(const E& A) {
    const Matrix<value_t<E>> Q = column_space(A);
    return Matrix<value_t<E>>(Q * Q.H());
}
/// The point of A's column space that is closest to b (or to each column of b), without forming the projector.
/// shape_error unless the rows agree.
/// @snippet subspaces.cpp project
template <linalg::FieldExpr E, linalg::FieldExpr B>
    requires linalg::System<E, B>
[[nodiscard]] auto project_onto(const E& A, const B& b) {
    using T = value_t<E>;
    linalg::detail::require_same_rows(A, b, "project_onto");
    const Matrix<T> Q = column_space(A), rhs(b);
    linalg::detail::require_finite(rhs.ref(), "project_onto");
    std::conditional_t<cols_v<B> == 1, Vector<T>, Matrix<T>> p(b.rows(), b.cols());
    const Matrix<T> c = Q.H() * rhs;
    kernel::gemm(T(1), Q.ref(), c.ref(), T(0), p.ref());
    return p;
}

/// The matrix inv(P) A P of the same map in the basis of P's columns. Errors: shape_error; non_finite; singular_matrix.
/// @snippet subspaces.cpp change_of_basis
template <linalg::FieldExpr E, linalg::FieldExpr F>
    requires SameValueType<E, F>
[[nodiscard]] Matrix<value_t<E>> change_of_basis(const E& A, const F& P) {
    using T = value_t<E>;
    linalg::detail::require_square(A, "change_of_basis");
    const Matrix<T> basis(P);
    if (basis.rows() != A.rows() || basis.cols() != A.rows()) {
        throw_shape("change_of_basis", A.rows(), A.cols(), "in a basis", basis.rows(), basis.cols());
    }
    const Matrix<T> AP = A * basis;
    return solve(basis, AP);
}

/// e^H for the entropy H of the singular values as a distribution p = s / sum(s): between 1 and min(m, n), close to the
/// rank where the values are even; 0 for a zero matrix.
///
/// Source: Roy & Vetterli, The effective rank: a measure of effective dimensionality, EUSIPCO 2007.
/// @snippet subspaces.cpp effective_rank
template <linalg::FieldExpr E>
[[nodiscard]] real_t<value_t<E>> effective_rank(const E& A) {
    using R = real_t<value_t<E>>;
    const Vector<R> s = singular_values(A);
    if (s.size() == 0 || s[0] == 0) return R(0);
    R total = 0, entropy = 0;
    for (const R x : s) total += x / s[0];
    for (const R x : s) {
        const R p = x / s[0] / total;
        if (p > 0) entropy -= p * std::log(p);
    }
    return std::exp(entropy);
}
/// ||A||_F^2 / ||A||_2^2: at most the rank, and insensitive to small singular values; 0 for a zero matrix.
/// @snippet subspaces.cpp effective_rank
template <linalg::FieldExpr E>
[[nodiscard]] real_t<value_t<E>> stable_rank(const E& A) {
    using R = real_t<value_t<E>>;
    const Vector<R> s = singular_values(A);
    if (s.size() == 0 || s[0] == 0) return R(0);
    R sum_of_squares = 0;
    for (const R x : s) sum_of_squares += (x / s[0]) * (x / s[0]);
    return sum_of_squares;
}

}  // namespace gram::inline GRAM_ISA
