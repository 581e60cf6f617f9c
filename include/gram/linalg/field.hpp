/// What the functions of square matrices share for all four scalar types: input, output, and a few operations in which
/// real and complex numbers differ.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <type_traits>

#include "gram/kernel/complex.hpp"
#include "gram/kernel/kernel.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/lu.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// A matrix expression of complex numbers.
template <class E>
concept ComplexExpr = FieldExpr<E> && is_complex_v<value_t<E>>;

/// The complex type over S: S itself when it is complex.
template <class S>
using complex_t = std::complex<real_t<S>>;

/// |re| + |im|: a magnitude without a square root.
template <class S>
[[nodiscard]] real_t<S> abs1(S x) {
    if constexpr (is_complex_v<S>) {
        return std::abs(x.real()) + std::abs(x.imag());
    } else {
        return std::abs(x);
    }
}

/// The largest sum of magnitudes in a column.
template <class S>
[[nodiscard]] real_t<std::remove_const_t<S>> one_norm(MatRef<S> A) {
    real_t<std::remove_const_t<S>> largest = 0;
    for (index_t j = 0; j < A.cols; ++j) {
        const auto sum = kernel::asum(A.col(j));
        if (!(sum <= largest)) largest = sum;
    }
    return largest;
}

/// C = A^H B
template <class S>
void multiply_adjoint(std::type_identity_t<MatRef<const S>> A, std::type_identity_t<MatRef<const S>> B, MatRef<S> C) {
    kernel::gemm_conj(S(1), A.transposed(), true, B, false, S(0), C);
}

/// C = A B^H
template <class S>
void multiply_by_adjoint(std::type_identity_t<MatRef<const S>> A, std::type_identity_t<MatRef<const S>> B,
                         MatRef<S> C) {
    kernel::gemm_conj(S(1), A, false, B.transposed(), true, S(0), C);
}

/// X = U X V^H in place, with U m×m, X m×n, V n×n; `inverse`: X = U^H X V.
template <class S>
void similar_in_place(bool inverse, std::type_identity_t<MatRef<const S>> U, MatRef<S> X,
                      std::type_identity_t<MatRef<const S>> V) {
    const Workspace<S> work(X.rows, X.cols);
    if (inverse) {
        multiply_adjoint<S>(U, X, work.ref());
        kernel::gemm(S(1), work.ref(), V, S(0), X);
    } else {
        kernel::gemm(S(1), U, X, S(0), work.ref());
        multiply_by_adjoint<S>(work.ref(), V, X);
    }
}

/// Zeros below the first subdiagonal, or below the diagonal when keep = 0.
template <class S>
void clear_below(MatRef<S> A, index_t keep) {
    for (index_t j = 0; j < A.cols; ++j)
        for (index_t i = j + keep + 1; i < A.rows; ++i) A(i, j) = S(0);
}

/// B = inv(A) B; A is destroyed. False, with B unchanged, when a pivot is exactly zero.
template <class S>
[[nodiscard]] bool solve_in_place(MatRef<S> A, MatRef<S> B) {
    const kernel::Buffer<index_t> pivots(A.rows);
    if (lu_in_place(A, pivots.data()) >= 0) return false;
    lu_solve(A, pivots.data(), B);
    return true;
}

/// A column-major copy of a matrix expression, refused when it is not finite.
template <FieldExpr E>
[[nodiscard]] Workspace<value_t<E>> load_field(const E& e, const char* name) {
    using S = value_t<E>;
    Workspace<S> work(e.rows(), e.cols());
    const MatRef<S> A = work.ref();
    if (A.rows == 0 || A.cols == 0) return work;
    MatrixView<S>{A} = e;
    require_finite(A, name);
    return work;
}

/// The same, required to be square.
template <FieldExpr E>
[[nodiscard]] Workspace<value_t<E>> load_square(const E& e, const char* name) {
    require_square(e, name);
    return load_field(e, name);
}

/// Multiplies A by the power of two that brings its largest magnitude into the safe range, and returns that power.
template <class S>
[[nodiscard]] real_t<S> scale_safely(MatRef<S> A) {
    if (A.rows == 0 || A.cols == 0) return real_t<S>(1);
    // Components, so that a magnitude cannot overflow.
    real_t<S> largest = 0;
    for (index_t j = 0; j < A.cols; ++j) {
        for (index_t i = 0; i < A.rows; ++i) {
            if constexpr (is_complex_v<S>) {
                largest = std::max({largest, std::abs(A(i, j).real()), std::abs(A(i, j).imag())});
            } else {
                largest = std::max(largest, std::abs(A(i, j)));
            }
        }
    }
    const real_t<S> scale = scale_for(largest);
    if (scale != real_t<S>(1)) kernel::scale(S(scale), A);
    return scale;
}

/// A real or complex matrix as a complex one.
template <class S>
void to_complex(std::type_identity_t<MatRef<const S>> A, MatRef<complex_t<S>> B) {
    for (index_t j = 0; j < A.cols; ++j)
        for (index_t i = 0; i < A.rows; ++i) B(i, j) = complex_t<S>(A(i, j));
}

/// The container of a complex matrix, or of its real part when S is real.
template <class S>
[[nodiscard]] Matrix<S> from_complex(MatRef<complex_t<S>> A) {
    Matrix<S> result(A.rows, A.cols, uninitialized);
    const auto out = result.ref();
    for (index_t i = 0; i < A.rows; ++i)
        for (index_t j = 0; j < A.cols; ++j) {
            if constexpr (is_complex_v<S>) {
                out(i, j) = A(i, j);
            } else {
                out(i, j) = A(i, j).real();
            }
        }
    return result;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
