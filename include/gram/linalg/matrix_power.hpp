/// Integer powers of a square matrix.
#pragma once

#include <cstddef>
#include <utility>

#include "gram/linalg/field.hpp"

namespace gram::inline GRAM_ISA {

/// A^p of an n×n matrix for an integer p, by repeated squaring; A^0 = I, and A^p = inv(A)^-p for a negative p.
///
/// Cost: at most 2 log2(|p|) products. Errors: shape_error unless square; non_finite, also when the power overflows;
/// singular_matrix for a negative p. Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 9.2.5.
/// @snippet matrix_functions.cpp matrix_power
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> matrix_power(const E& A, index_t p) {
    using S = value_t<E>;
    const auto base = linalg::detail::load_square(A, "matrix_power");
    const index_t n = A.rows();
    Matrix<S> result(n, n, uninitialized);
    linalg::detail::set_identity(result.ref());
    if (n == 0 || p == 0) return result;
    const linalg::Workspace<S> square(n, n), other(n, n), product(n, n);
    auto B = square.ref(), next = other.ref();
    if (p > 0) {
        kernel::copy(base.ref(), B);
    } else {
        linalg::detail::set_identity(B);
        if (!linalg::detail::solve_in_place(base.ref(), B))
            throw singular_matrix("matrix_power: the matrix is singular and has no negative powers");
    }
    std::size_t left = p > 0 ? static_cast<std::size_t>(p) : std::size_t{0} - static_cast<std::size_t>(p);
    for (bool first = true;; left /= 2) {
        if (left % 2 == 1) {
            if (first) {
                kernel::copy(B, result.ref());
            } else {
                kernel::gemm(S(1), result.ref(), B, S(0), product.ref());
                kernel::copy(product.ref(), result.ref());
            }
            first = false;
        }
        if (left <= 1) break;
        kernel::gemm(S(1), B, B, S(0), next);
        std::swap(B, next);
    }
    if (!kernel::all_finite(result.ref())) throw non_finite("matrix_power: the power overflows");
    return result;
}

}  // namespace gram::inline GRAM_ISA
