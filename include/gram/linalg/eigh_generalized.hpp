/// Eigenvalues of a symmetric or Hermitian pencil: A x = w B x with a positive definite B.
#pragma once

#include <string>

#include "gram/linalg/cholesky.hpp"
#include "gram/linalg/eigh.hpp"
#include "gram/linalg/triangular.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// Orders up to this are reduced by two triangular solves.
inline constexpr index_t reduction_leaf = 24;

/// The upper triangle becomes the (conjugate) mirror image of the lower one, the diagonal real.
template <class T>
void mirror_lower(MatRef<T> A) {
    for (index_t j = 0; j < A.rows; ++j) {
        A(j, j) = real_of_number(A(j, j));
        for (index_t i = j + 1; i < A.rows; ++i) A(j, i) = conj_of(A(i, j));
    }
}

/// B = B inv(L)^H
template <class T>
void divide_by_adjoint(std::type_identity_t<MatRef<const T>> L, MatRef<T> B) {
    kernel::conjugate(B);
    kernel::trsm(kernel::Triangle::lower, kernel::Diagonal::general, T(1), L, B.transposed());
    kernel::conjugate(B);
}

/// B = inv(L)^H B
template <class T>
void divide_adjoint(std::type_identity_t<MatRef<const T>> L, MatRef<T> B) {
    kernel::conjugate(B);
    kernel::trsm(kernel::Triangle::upper, kernel::Diagonal::general, T(1), L.transposed(), B);
    kernel::conjugate(B);
}

/// A sum that must stay finite did not.
[[noreturn]] inline void throw_nearly_singular(const char* name) {
    throw not_positive_definite(std::string(name) +
                                ": B is so close to a singular matrix that the reduced matrix overflows");
}

}  // namespace detail

/// A = inv(L) A inv(L)^H in place for the symmetric or Hermitian matrix in the lower triangle of A; the upper triangle
/// becomes its mirror image. L is lower triangular, with a diagonal that is not zero.
///
/// Cost: n^3 flops, by products of matrices. Source: LAPACK dsygst, by halves instead of by blocks.
template <class T>
void reduce_pencil(MatRef<T> A, std::type_identity_t<MatRef<const T>> L) {
    const index_t n = A.rows;
    if (n <= detail::reduction_leaf) {
        detail::mirror_lower(A);
        kernel::trsm(kernel::Triangle::lower, kernel::Diagonal::general, T(1), L, A);
        detail::divide_by_adjoint<T>(L, A);
        return detail::mirror_lower(A);
    }
    const index_t n1 = n / 2, n2 = n - n1;
    const MatRef<T> A11 = A.block(0, 0, n1, n1), A21 = A.block(n1, 0, n2, n1), A22 = A.block(n1, n1, n2, n2);
    const MatRef<const T> L11 = L.block(0, 0, n1, n1), L21 = L.block(n1, 0, n2, n1), L22 = L.block(n1, n1, n2, n2);
    reduce_pencil(A11, L11);
    detail::divide_by_adjoint<T>(L11, A21);
    // A22 - L21 C11 L21^H is subtracted in two halves, each of which is a product with C11 that A21 needs anyway.
    kernel::gemm(T(-0.5), L21, A11, T(1), A21);
    kernel::her2k(T(-1), L21, A21, 1, A22);
    kernel::gemm(T(-0.5), L21, A11, T(1), A21);
    kernel::trsm(kernel::Triangle::lower, kernel::Diagonal::general, T(1), L22, A21);
    reduce_pencil(A22, L22);
    for (index_t j = 0; j < n1; ++j)
        for (index_t i = 0; i < n2; ++i) A(j, n1 + i) = detail::conj_of(A21(i, j));
}

namespace detail {

/// The Cholesky factor of the lower triangle of B, times a power of two whose square is `scale`.
template <class T>
struct PencilFactor {
    Workspace<T> L;
    real_t<T> scale = 1, root = 1;
};

/// Errors: shape_error, non_finite, not_positive_definite.
template <FieldExpr E>
[[nodiscard]] PencilFactor<value_t<E>> factor_pencil(const E& B, const char* name) {
    using T = value_t<E>;
    const index_t n = B.rows();
    PencilFactor<T> f{Workspace<T>(n, n)};
    const MatRef<T> L = f.L.ref();
    MatrixView<T>{L} = B;
    require_finite(L, name);
    for (index_t j = 1; j < n; ++j)
        for (index_t i = 0; i < j; ++i) L(i, j) = T(0);
    f.scale = exact_scale_factor(L);
    f.root = std::sqrt(f.scale);
    if (f.root * f.root != f.scale) f.scale *= 2, f.root = std::sqrt(f.scale);
    kernel::scale(f.scale, L);
    if (const index_t failed = cholesky_in_place(L); failed >= 0) {
        throw not_positive_definite(std::string(name) + ": the leading minor of order " + std::to_string(failed + 1) +
                                    " of B is not positive");
    }
    return f;
}

/// The whole of it for one scalar type. A is n×n column-major, finite, and destroyed; Z is n×n, or has no rows: values
/// only.
template <class T>
GRAM_ONE_BODY void eigh_pencil(MatRef<T> A, const PencilFactor<T>& B, VecRef<real_t<T>> values, MatRef<T> Z,
                               const char* name) {
    const real_t<T> scale = scale_lower_triangle(A);
    const MatRef<const T> L = B.L.ref();
    reduce_pencil<T>(A, L);
    if (!kernel::all_finite(A)) throw_nearly_singular(name);
    eigh_scaled(A, values.data, Z);
    if (Z.rows > 0) {
        divide_adjoint<T>(L, Z);
        if (B.root != 1) kernel::scale(B.root, Z);
    }
    scale_twice<real_t<T>>(B.scale, 1 / scale, MatRef<real_t<T>>{values.data, values.size, 1, 1, 1});
}

template <FieldExpr EA, FieldExpr EB>
void require_pencil(const EA& A, const EB& B, const char* name) {
    require_square(A, name);
    require_square(B, name);
    if (A.rows() != B.rows()) throw_shape(name, A.rows(), A.cols(), "and", B.rows(), B.cols());
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// Eigenvalues and vectors of the pencil A - w B: A X = B X diag(values), for a symmetric (real) or Hermitian
/// (complex) A and a positive definite B. Only the lower triangles, and the real part of the diagonals, are used.
///
/// Shapes: A and B are n×n. Result: ascending values; the vectors are orthonormal in the inner product of B:
/// X^H B X = I. For B A x = w x or A B x = w x, solve a pencil with the inverse of B, or reduce by hand.
/// Accuracy: ||A X - B X diag(w)|| <= c n eps (||A|| + max |w| ||B||) ||X||, which is c n eps cond(B) ||A|| ||X|| at
/// most, and X^H B X = I up to c n eps cond(B): small eigenvalues are found poorly where B is close to singular.
/// Cost: eigh and 7/3 n^3 flops. Three workspaces of n^2.
/// Errors: shape_error unless A and B are square and alike; non_finite; not_positive_definite, which names the leading
/// minor of B; no_convergence.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 8.7.2; LAPACK dsygv, zhegv.
/// @snippet spectra.cpp eigh_generalized
template <linalg::FieldExpr EA, linalg::FieldExpr EB>
    requires SameValueType<EA, EB>
[[nodiscard]] auto eigh(const EA& A, const EB& B) -> Eigh<value_t<EA>> {
    using T = value_t<EA>;
    linalg::detail::require_pencil(A, B, "eigh");
    const index_t n = A.rows();
    Eigh<T> result{Vector<real_t<T>>(n), Matrix<T>(n, n, uninitialized)};
    if (n == 0) return result;
    const linalg::Workspace<T> work(n, n), vectors(n, n);
    MatrixView<T>{work.ref()} = A;
    linalg::detail::require_finite(work.ref(), "eigh");
    const auto factor = linalg::detail::factor_pencil(B, "eigh");
    linalg::detail::eigh_pencil(work.ref(), factor, result.values.vec(), vectors.ref(), "eigh");
    kernel::copy(vectors.ref(), result.vectors.ref());
    return result;
}

/// The eigenvalues of the pencil A - w B alone, ascending. Cost: eigvalsh and 4/3 n^3 flops. Accuracy and errors as
/// eigh(A, B).
/// @snippet spectra.cpp eigvalsh_generalized
template <linalg::FieldExpr EA, linalg::FieldExpr EB>
    requires SameValueType<EA, EB>
[[nodiscard]] auto eigvalsh(const EA& A, const EB& B) -> Vector<real_t<value_t<EA>>> {
    using T = value_t<EA>;
    linalg::detail::require_pencil(A, B, "eigvalsh");
    const index_t n = A.rows();
    Vector<real_t<T>> values(n);
    if (n == 0) return values;
    const linalg::Workspace<T> work(n, n);
    MatrixView<T>{work.ref()} = A;
    linalg::detail::require_finite(work.ref(), "eigvalsh");
    const auto factor = linalg::detail::factor_pencil(B, "eigvalsh");
    linalg::detail::eigh_pencil(work.ref(), factor, values.vec(), kernel::MatRef<T>{}, "eigvalsh");
    return values;
}

}  // namespace gram::inline GRAM_ISA
