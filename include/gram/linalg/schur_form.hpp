/// Hessenberg and Schur forms of a square matrix, real or complex.
#pragma once

#include <cmath>
#include <complex>
#include <concepts>
#include <string>

#include "gram/linalg/complex_schur.hpp"
#include "gram/linalg/hessenberg.hpp"
#include "gram/linalg/schur.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

inline void require_reached(index_t left, index_t n, const char* name) {
    if (left > 0) {
        throw no_convergence(std::string(name) + ": " + std::to_string(left) + " of " + std::to_string(n) +
                             " eigenvalues did not converge");
    }
}

/// A = Q H Q^H: H overwrites A, with zeros stored below the subdiagonal; Q of no rows: only H.
template <class S>
void hessenberg_form(MatRef<S> A, MatRef<S> Q) {
    const index_t n = A.rows;
    if (n == 0) return;
    if constexpr (is_complex_v<S>) {
        complex_hessenberg_in_place(A, Q, 0, n);
    } else {
        const kernel::Buffer<S> tau(n);
        hessenberg_in_place(A, 0, n, tau.data());
        if (Q.rows > 0) hessenberg_q(A, 0, n, tau.data(), Q);
        clear_below(A, 1);
    }
}

/// A = Q T Q^H: the Schur form T over the field of S overwrites the column-major A. Its scale must be safe.
template <class S>
void schur_form(MatRef<S> A, MatRef<S> Q, const char* name) {
    const index_t n = A.rows;
    if (n == 0) return;
    hessenberg_form(A, Q);
    if constexpr (is_complex_v<S>) {
        require_reached(complex_schur(A, Q, 0, n), n, name);
        clear_below(A, 0);
    } else {
        const kernel::Buffer<S> w(2 * n);
        const SchurProblem<S> problem{A, Q, w.data(), w.data() + n, true};
        require_reached(linalg::schur(problem, 0, n, SchurParams{}), n, name);
        for (index_t j = 0; j < n; ++j)
            for (index_t i = j + 2; i < n; ++i) A(i, j) = S(0);
    }
}

/// Splits the 2×2 blocks of a real Schur form that is held as complex numbers: T becomes triangular, Z is updated.
template <class R>
void split_blocks(MatRef<std::complex<R>> T, MatRef<std::complex<R>> Z) {
    using C = std::complex<R>;
    for (index_t k = 0; k + 1 < T.rows; ++k) {
        const R b = T(k, k + 1).real(), c = T(k + 1, k).real();
        if (c == R(0)) continue;
        const C a = T(k, k), i_mu(R(0), geometric_mean(b, c));
        const auto g = make_complex_rotation(i_mu, C(c));
        rotate_rows_unitary(T, k, k, T.cols, g);
        rotate_columns_unitary(T, k, 0, k + 2, g);
        rotate_columns_unitary(Z, k, 0, Z.rows, g);
        T(k + 1, k) = C(0);
        T(k, k) = a + i_mu, T(k + 1, k + 1) = a - i_mu;
    }
}

/// The complex Schur form of A (real or complex, destroyed): A = Z T Z^H with a triangular T.
template <class S>
void complex_schur_form(MatRef<S> A, MatRef<complex_t<S>> T, MatRef<complex_t<S>> Z, const char* name) {
    if constexpr (is_complex_v<S>) {
        schur_form(A, Z, name);
        kernel::copy(A, T);
    } else {
        const Workspace<S> Q(A.rows, A.rows);
        schur_form(A, Q.ref(), name);
        to_complex<S>(A, T);
        to_complex<S>(Q.ref(), Z);
        split_blocks(T, Z);
    }
}

/// Exchanges the neighbours T(k, k) and T(k + 1, k + 1) of a complex triangular T by a rotation; Z follows.
template <class R>
void swap_complex(MatRef<std::complex<R>> T, MatRef<std::complex<R>> Z, index_t k) {
    const auto first = T(k, k), second = T(k + 1, k + 1);
    const auto g = make_complex_rotation(T(k, k + 1), second - first);
    rotate_rows_unitary(T, k, k + 2, T.cols, g);
    rotate_columns_unitary(T, k, 0, k, g);
    rotate_columns_unitary(Z, k, 0, Z.rows, g);
    // The entry above the diagonal keeps its magnitude; by the rotation it is computed from the 2×2 block itself.
    std::complex<R> block[4] = {first, T(k, k + 1), std::complex<R>(0), second};
    const MatRef<std::complex<R>> B{block, 2, 2, 2, 1};
    rotate_rows_unitary(B, 0, 0, 2, g);
    rotate_columns_unitary(B, 0, 0, 2, g);
    T(k, k) = second, T(k + 1, k + 1) = first, T(k, k + 1) = block[1];
}

/// Moves the eigenvalues that `first` accepts to the top of a Schur form; returns how many of them got there. A pair
/// of conjugate eigenvalues moves as one, asked by the one of positive imaginary part.
template <class S, class Select>
index_t select_first(MatRef<S> T, MatRef<S> Z, const Select& first) {
    using C = complex_t<S>;
    index_t done = 0;
    for (index_t k = 0; k < T.rows;) {
        if constexpr (is_complex_v<S>) {
            if (first(C(T(k, k)))) {
                for (index_t i = k; i > done; --i) swap_complex(T, Z, i - 1);
                ++done;
            }
            ++k;
        } else {
            const index_t size = block_size(T, k);
            const S im = size == 1 ? S(0) : geometric_mean(T(k, k + 1), T(k + 1, k));
            if (first(C(T(k, k), im))) {
                if (move_block_up(T, Z, k, done) != done) return done;
                done += size;
            }
            k += size;
        }
    }
    return done;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// A = Q H Q^H: Q orthogonal (unitary), H upper Hessenberg, with exact zeros below its subdiagonal.
template <class S>
struct Hessenberg {
    Matrix<S> Q;
    Matrix<S> H;
};

/// A = Q T Q^H with orthogonal (unitary) Q. T is upper triangular, or for a real A quasi-triangular: a conjugate pair
/// of eigenvalues a ± i sqrt(-b c) stands as a block [a b; c a], b c < 0. `selected`: the order of the leading block
/// whose eigenvalues were asked for.
template <class S>
struct Schur {
    Matrix<S> Q;
    Matrix<S> T;
    index_t selected = 0;
};

/// Hessenberg form of an n×n real or complex matrix: A = Q H Q^H.
///
/// Accuracy: ||A - Q H Q^H|| and ||Q^H Q - I|| within c n eps (times ||A||). Cost: about 14/3 n^3 flops (complex: of
/// four). Errors: shape_error unless square; non_finite. Source: Golub & Van Loan, Matrix Computations, 4th ed., 7.4.3.
/// @snippet matrix_functions.cpp hessenberg
template <linalg::FieldExpr E>
[[nodiscard]] Hessenberg<value_t<E>> hessenberg(const E& A) {
    using S = value_t<E>;
    const auto work = linalg::detail::load_square(A, "hessenberg");
    const auto H = work.ref();
    const index_t n = H.rows;
    const auto scale = linalg::detail::scale_safely(H);
    const linalg::Workspace<S> Q(n, n);
    linalg::detail::hessenberg_form(H, Q.ref());
    kernel::scale(S(1 / scale), H);
    return {linalg::detail::matrix_of(Q.ref()), linalg::detail::matrix_of(H)};
}

/// Schur form of an n×n matrix over its own field: A = Q T Q^H, T upper triangular (complex A) or quasi-triangular
/// (real A), the eigenvalues of A on its diagonal (blocks).
///
/// Accuracy: ||A - Q T Q^H|| and ||Q^H Q - I|| within c n eps (times ||A||). Cost: about 25 n^3 flops (complex: of
/// four). Errors: shape_error unless square; non_finite; no_convergence (30 steps for each eigenvalue).
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., ch. 7.
/// @snippet matrix_functions.cpp schur
template <linalg::FieldExpr E>
[[nodiscard]] Schur<value_t<E>> schur(const E& A) {
    return schur(A, [](const linalg::detail::complex_t<value_t<E>>&) { return false; });
}

/// The same with the eigenvalues for which select(std::complex) is true at the top of T: the first `selected` columns
/// of Q span their invariant subspace. Of a conjugate pair, the one of positive imaginary part is asked. Eigenvalues
/// too close to be told apart may stay where they are; `selected` counts those that moved.
///
/// Source: Bai & Demmel, On swapping diagonal blocks in real Schur form, LAA 186 (1993).
/// @snippet matrix_functions.cpp schur_select
template <linalg::FieldExpr E, class Select>
    requires std::predicate<const Select&, linalg::detail::complex_t<value_t<E>>>
[[nodiscard]] Schur<value_t<E>> schur(const E& A, const Select& select) {
    using S = value_t<E>;
    const auto work = linalg::detail::load_square(A, "schur");
    const auto T = work.ref();
    const index_t n = T.rows;
    const auto scale = linalg::detail::scale_safely(T);
    const linalg::Workspace<S> Q(n, n);
    linalg::detail::schur_form(T, Q.ref(), "schur");
    const auto unscaled = [&](const linalg::detail::complex_t<S>& w) { return select(w / scale); };
    const index_t selected = linalg::detail::select_first(T, Q.ref(), unscaled);
    kernel::scale(S(1 / scale), T);
    return {linalg::detail::matrix_of(Q.ref()), linalg::detail::matrix_of(T), selected};
}

/// Complex Schur form of an n×n real or complex matrix: A = Q T Q^H with unitary Q and triangular T.
///
/// Of a real matrix, the real form first (half the work), whose 2×2 blocks are then split. Accuracy and errors: as
/// schur.
/// @snippet matrix_functions.cpp schur_complex
template <linalg::FieldExpr E>
[[nodiscard]] Schur<linalg::detail::complex_t<value_t<E>>> schur_complex(const E& A) {
    using C = linalg::detail::complex_t<value_t<E>>;
    const auto work = linalg::detail::load_square(A, "schur_complex");
    const index_t n = A.rows();
    const auto scale = linalg::detail::scale_safely(work.ref());
    const linalg::Workspace<C> T(n, n), Q(n, n);
    linalg::detail::complex_schur_form(work.ref(), T.ref(), Q.ref(), "schur_complex");
    kernel::scale(C(1 / scale), T.ref());
    return {linalg::detail::matrix_of(Q.ref()), linalg::detail::matrix_of(T.ref()), 0};
}

}  // namespace gram::inline GRAM_ISA
