/// The principal square root of a square matrix.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "gram/linalg/quasi_triangular.hpp"
#include "gram/linalg/schur_form.hpp"

namespace gram::inline GRAM_ISA {

/// The principal square root of an n×n matrix: X X = A, eigenvalues in the right half plane. Of a real matrix it is
/// real, or no_real_result is thrown; `sqrtm(cast<std::complex<T>>(A))` then exists (negative eigenvalues have roots on
/// the positive imaginary axis).
///
/// Accuracy: ||X X - A|| <= c n eps ||X||^2. Eigenvalues within n eps ||A|| of zero count as zero; a singular matrix
/// has a root when its zero eigenvalues are not defective. Cost: about 28 n^3 flops. Errors: shape_error unless square;
/// non_finite, also when the root overflows; no_real_result when a real A has a negative eigenvalue; singular_matrix
/// when there is no root; no_convergence. Source: Higham, Functions of Matrices, SIAM 2008, ch. 6: the Schur method,
/// blocked.
/// @snippet matrix_functions.cpp sqrtm
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> sqrtm(const E& A) {
    using S = value_t<E>;
    using R = real_t<S>;
    const auto work = linalg::detail::load_square(A, "sqrtm");
    const auto T = work.ref();
    const index_t n = T.rows;
    if (n == 0) return Matrix<S>(0, 0);
    const R scale = linalg::detail::scale_safely(T);
    const linalg::Workspace<S> Q(n, n);
    linalg::detail::schur_form(T, Q.ref(), "sqrtm");

    const R rounding = static_cast<R>(n) * std::numeric_limits<R>::epsilon() * kernel::max_abs(T);
    if constexpr (is_complex_v<S>) {
        linalg::detail::snap_to_upper_side(T);
    } else {
        for (index_t k = 0; k < n; k += linalg::detail::diagonal_block(T, k)) {
            if (linalg::detail::diagonal_block(T, k) == 2 || !(T(k, k) < R(0))) continue;
            if (T(k, k) < -rounding)
                throw no_real_result("sqrtm: the matrix has the negative eigenvalue " +
                                     std::to_string(T(k, k) / scale) + "; the square root of its complex cast exists");
            T(k, k) = R(0);
        }
    }
    linalg::detail::TriangularSylvester<S> sylvester{R(0), rounding};
    linalg::detail::sqrt_triangular(T, sylvester);
    if (sylvester.singular || !kernel::all_finite(T))
        throw singular_matrix("sqrtm: the matrix is singular and has no square root");
    linalg::detail::similar_in_place<S>(false, Q.ref(), T, Q.ref());
    kernel::scale(S(1 / std::sqrt(scale)), T);
    if (!kernel::all_finite(T)) throw non_finite("sqrtm: the square root overflows");
    return linalg::detail::matrix_of(T);
}

}  // namespace gram::inline GRAM_ISA
