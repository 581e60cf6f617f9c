/// Norms of matrices by name; those of vectors, and the Frobenius norm, are in expr/norms.hpp.
#pragma once

#include "gram/expr/functions.hpp"
#include "gram/expr/norms.hpp"
#include "gram/linalg/svd.hpp"

namespace gram::inline GRAM_ISA {

/// The spectral norm, max ||A x|| / ||x||: the largest singular value; 0 when empty.
///
/// Errors: non_finite, no_convergence. Cost: singular_values.
/// @snippet basics.cpp norm
template <linalg::FieldExpr E>
[[nodiscard]] real_t<value_t<E>> norm(const E& A, SpectralNorm) {
    const auto s = singular_values(A);
    return s.size() == 0 ? real_t<value_t<E>>{} : s[0];
}

/// The nuclear norm: the sum of the singular values; 0 when empty. Errors and cost as the spectral norm.
/// @snippet basics.cpp norm
template <linalg::FieldExpr E>
[[nodiscard]] real_t<value_t<E>> norm(const E& A, NuclearNorm) {
    return sum(singular_values(A));
}

/// max ||A x||_1 / ||x||_1: the largest column sum of magnitudes; NaN where there is one, 0 when empty.
/// @snippet basics.cpp norm
template <MatrixExpr E>
    requires(!VectorExpr<E>)
[[nodiscard]] real_t<value_t<E>> norm(const E& A, OneNorm) {
    if (A.cols() == 0) return {};
    return max(sum<0>(abs(linalg::detail::materialize(A))));
}

/// max ||A x||_inf / ||x||_inf: the largest row sum of magnitudes; NaN where there is one, 0 when empty.
/// @snippet basics.cpp norm
template <MatrixExpr E>
    requires(!VectorExpr<E>)
[[nodiscard]] real_t<value_t<E>> norm(const E& A, InfNorm) {
    if (A.rows() == 0) return {};
    return max(sum<1>(abs(linalg::detail::materialize(A))));
}

}  // namespace gram::inline GRAM_ISA
