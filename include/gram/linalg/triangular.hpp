/// Triangular systems and inverses.
#pragma once

#include <algorithm>
#include <cmath>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/check.hpp"

namespace gram::linalg::inline GRAM_ISA {

using kernel::Diagonal;
using kernel::Triangle;

namespace detail {

/// Orders up to this are inverted column by column.
inline constexpr index_t triangular_leaf = 16;

/// The first zero on the diagonal of A, or -1.
template <class T>
[[nodiscard]] index_t first_zero_pivot(MatRef<T> A) {
    for (index_t i = 0; i < A.rows; ++i)
        if (A(i, i) == std::remove_const_t<T>{}) return i;
    return -1;
}

/// One column at a time: R(0:j, j) = -inv(R)(0:j, 0:j) R(0:j, j) / R(j, j).
template <class T>
void invert_upper_unblocked(MatRef<T> R) {
    for (index_t j = 0; j < R.rows; ++j) {
        R(j, j) = T(1) / R(j, j);
        const MatRef<T> above = R.block(0, j, j, 1);
        if (j > 0) kernel::trmm(Triangle::upper, Diagonal::general, -R(j, j), R.block(0, 0, j, j), above);
    }
}

/// R = inv(R) for an upper triangular R; the lower part is neither read nor written. A zero pivot gives infinities.
/// Cost: n^3 / 3 flops, by products of matrices.
template <class T>
void invert_upper(MatRef<T> R) {
    const index_t n = R.rows;
    if (n <= triangular_leaf) return invert_upper_unblocked(R);
    const index_t n1 = n / 2, n2 = n - n1;
    const MatRef<T> R11 = R.block(0, 0, n1, n1), R12 = R.block(0, n1, n1, n2), R22 = R.block(n1, n1, n2, n2);
    // inv(R)12 = -inv(R11) R12 inv(R22)
    kernel::trsm(Triangle::upper, Diagonal::general, T(-1), R11, R12);
    kernel::trsm(Triangle::lower, Diagonal::general, T(1), R22.transposed(), R12.transposed());
    invert_upper(R11);
    invert_upper(R22);
}

/// The answer to a system in the type of its right-hand side: a Vector for a column, else a Matrix.
template <class B, class T>
[[nodiscard]] auto solution_of(MatRef<T> X) {
    std::conditional_t<cols_v<B> == 1, Vector<T>, Matrix<T>> result(X.rows, X.cols, uninitialized);
    kernel::copy(X, result.ref());
    return result;
}

/// X *= a b for powers of two whose product may be out of range although the results are not.
template <class T>
void scale_twice(real_t<T> a, real_t<T> b, MatRef<T> X) {
    const real_t<T> ab = a * b;
    if (is_finite(ab) && ab >= std::numeric_limits<real_t<T>>::min()) return kernel::scale(ab, X);
    kernel::scale(a, X);
    kernel::scale(b, X);
}

/// shape_error "<name>: 3x3 and a right-hand side 4x1" unless the rows agree.
template <MatrixExpr A, MatrixExpr B>
void require_same_rows(const A& a, const B& b, const char* name) {
    if (a.rows() != b.rows()) throw_shape(name, a.rows(), a.cols(), "and a right-hand side", b.rows(), b.cols());
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

using kernel::Diagonal;
using kernel::Triangle;

/// How solve_triangular reads its matrix.
struct TriangularOptions {
    Triangle triangle = Triangle::lower;
    Diagonal diagonal = Diagonal::general;  ///< unit: the diagonal is taken to be ones and not read
};

/// X with A X = B for a triangular n×n matrix A, of which only the named triangle is used. B is a vector of n or an
/// n×k matrix, and so is the result.
///
/// Accuracy: componentwise backward stable. Cost: n^2 k flops.
/// Errors: shape_error; non_finite; singular_matrix, which names the first zero on the diagonal.
/// Example: `solve_triangular(L, b)`, `solve_triangular(L.T(), y, {.triangle = Triangle::upper})`.
/// @snippet factorizations.cpp triangular
template <linalg::FieldExpr E, linalg::FieldExpr B>
    requires linalg::System<E, B>
[[nodiscard]] auto solve_triangular(const E& A, const B& b, TriangularOptions options = {}) {
    using T = value_t<E>;
    linalg::detail::require_square(A, "solve_triangular");
    linalg::detail::require_same_rows(A, b, "solve_triangular");
    const bool unit = options.diagonal == Diagonal::unit;
    const auto a = linalg::detail::load_triangle(A, "solve_triangular", options.triangle, unit);
    const auto x = linalg::detail::load(b, "solve_triangular, right-hand side", linalg::Order::column_major,
                                        linalg::detail::Scaling::exact);
    if (const index_t zero = unit ? -1 : linalg::detail::first_zero_pivot(a.ref()); zero >= 0) {
        throw singular_matrix("solve_triangular: element " + std::to_string(zero) + " of the diagonal is zero");
    }
    // Ones that are not stored are not scaled either.
    if (unit) kernel::scale(1 / a.scale, a.ref());
    kernel::trsm(options.triangle, options.diagonal, T(1), a.ref(), x.ref());
    linalg::detail::scale_twice(unit ? real_t<T>(1) : a.scale, 1 / x.scale, x.ref());
    return linalg::detail::solution_of<B>(x.ref());
}

}  // namespace gram::inline GRAM_ISA
