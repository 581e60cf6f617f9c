/// What the singular values tell: rank, condition, pseudo-inverse, null space, best approximation of low rank.
#pragma once

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include "gram/expr/operators.hpp"
#include "gram/linalg/svd.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// How many of the descending s exceed `tolerance`.
template <class T, index_t P>
[[nodiscard]] index_t count_above(const Vector<T, P>& s, T tolerance) {
    index_t r = 0;
    while (r < s.size() && s[r] > tolerance) ++r;
    return r;
}

/// max(m, n) eps s_max: below it, a computed singular value of an m×n matrix may be the rounding error of a zero.
template <class T, index_t P>
[[nodiscard]] T rank_tolerance(const Vector<T, P>& s, index_t m, index_t n) {
    if (s.size() == 0) return T(0);
    return s[0] * (static_cast<T>(std::max(m, n)) * std::numeric_limits<T>::epsilon());
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The number of singular values of an m×n matrix above max(m, n) eps s_max (NumPy's default).
///
/// Cost: singular_values. Errors: non_finite, no_convergence.
/// @snippet subspaces.cpp rank
template <linalg::FieldExpr E>
[[nodiscard]] index_t matrix_rank(const E& A) {
    const auto s = singular_values(A);
    return linalg::detail::count_above(s, linalg::detail::rank_tolerance(s, A.rows(), A.cols()));
}
/// The number of singular values above an absolute tolerance.
/// @snippet subspaces.cpp rank
template <linalg::FieldExpr E>
[[nodiscard]] index_t matrix_rank(const E& A, std::type_identity_t<real_t<value_t<E>>> tolerance) {
    return linalg::detail::count_above(singular_values(A), tolerance);
}

/// The condition number s_max / s_min in the spectral norm, for any shape; infinity when s_min is 0, 0 for an empty
/// matrix. A relative change of eps in A changes the solution of A x = b by up to cond(A) eps.
/// @snippet subspaces.cpp rank
template <linalg::FieldExpr E>
[[nodiscard]] real_t<value_t<E>> cond(const E& A) {
    using T = real_t<value_t<E>>;
    const auto s = singular_values(A);
    if (s.size() == 0) return T(0);
    const T smallest = s[s.size() - 1];
    return smallest == T(0) ? std::numeric_limits<T>::infinity() : s[0] / smallest;
}

/// The Moore-Penrose inverse V diag(1 / s) U^H, n×m for an m×n matrix; singular values up to max(m, n) eps s_max count
/// as zero.
///
/// Cost: svd and a product. Errors: non_finite, no_convergence.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 5.5.2.
/// @snippet subspaces.cpp rank
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> pinv(const E& A) {
    using T = value_t<E>;
    const auto [U, s, Vt] = svd(A);
    const index_t m = A.rows(), n = A.cols();
    const index_t r = linalg::detail::count_above(s, linalg::detail::rank_tolerance(s, m, n));
    // A power of two that gives the singular values reciprocals.
    const real_t<T> up = r == 0 ? real_t<T>(1) : linalg::detail::scale_for(s[0]);
    Matrix<T> scaled(U.block(0, 0, m, r));
    for (index_t j = 0; j < r; ++j) kernel::scal(T(1 / (s[j] * up)), scaled.ref().col(j));
    Matrix<T> X(n, m, uninitialized);
    kernel::gemm_conj(T(1), Vt.ref().block(0, 0, r, n).transposed(), true, scaled.ref().transposed(), true, T(0),
                      X.ref());
    kernel::scale(up, X.ref());
    return X;
}

/// Orthonormal columns that span { x : A x = 0 }, n×(n - rank); singular values up to max(m, n) eps s_max count as
/// zero.
/// @snippet subspaces.cpp four
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> null_space(const E& A) {
    const index_t m = A.rows(), n = A.cols();
    // The thin Vt has every row that is needed unless the matrix is wide.
    const auto decomposition = svd(A, {.vectors = m < n ? Vectors::full : Vectors::thin});
    const auto& s = decomposition.s;
    const index_t r = linalg::detail::count_above(s, linalg::detail::rank_tolerance(s, m, n));
    Matrix<value_t<E>> basis(decomposition.Vt.block(r, 0, n - r, n).T());
    kernel::conjugate(basis.ref());
    return basis;
}

/// The closest m×n matrix of rank at most k, in the spectral and in the Frobenius norm: the first k terms of the
/// singular value decomposition (Eckart and Young, 1936). k > min(m, n) is min(m, n).
///
/// Errors: std::invalid_argument for k < 0; non_finite, no_convergence.
/// @snippet subspaces.cpp rank
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> low_rank(const E& A, index_t k) {
    if (k < 0) throw std::invalid_argument("low_rank: k = " + std::to_string(k) + ", expected k >= 0");
    const auto [U, s, Vt] = svd(A);
    const index_t r = std::min(k, s.size());
    Matrix<value_t<E>> scaled(U.block(0, 0, A.rows(), r));
    for (index_t j = 0; j < r; ++j) kernel::scal(value_t<E>(s[j]), scaled.ref().col(j));
    return Matrix<value_t<E>>(scaled * Vt.block(0, 0, r, A.cols()));
}

}  // namespace gram::inline GRAM_ISA
