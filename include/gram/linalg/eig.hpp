/// Eigenvalues and eigenvectors of a general square matrix.
#pragma once

#include <algorithm>
#include <complex>
#include <string>

#include "gram/core/error.hpp"
#include "gram/core/matrix.hpp"
#include "gram/linalg/balance.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/eig_complex.hpp"
#include "gram/linalg/hessenberg.hpp"
#include "gram/linalg/schur.hpp"
#include "gram/linalg/schur_vectors.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// Thresholds of the stages of eig; tests lower them to walk the blocked paths with small matrices.
struct EigParams {
    HessenbergParams hessenberg = {};
    SchurParams schur = {};
    index_t vector_block = 32;
};

namespace detail {

/// Unit 2-norm; a complex vector (columns re, im) is also turned so that its largest entry is real.
template <class T>
void normalize_pair(VecRef<T> re, VecRef<T> im) {
    const T norm = std::hypot(kernel::nrm2(re), kernel::nrm2(im));
    kernel::scal(T(1) / norm, re);
    kernel::scal(T(1) / norm, im);
    index_t best = 0;
    T largest = -1;
    for (index_t i = 0; i < re.size; ++i) {
        const T square = re[i] * re[i] + im[i] * im[i];
        if (square > largest) largest = square, best = i;
    }
    const T r = std::hypot(re[best], im[best]);
    if (im[best] == T(0) || r == T(0)) return;
    rotate(re, im, re[best] / r, im[best] / r);
    im[best] = T(0);
}

/// V = Z X for the upper triangular vectors X of the Schur form.
template <class T>
void back_transform(MatRef<T> Z, MatRef<T> X, MatRef<T> V) {
    constexpr index_t block = 128;
    const index_t n = X.cols;
    for (index_t j = 0; j < n; j += block) {
        const index_t width = std::min(block, n - j), rows = std::min(j + width + 1, n);
        kernel::gemm(T(1), Z.block(0, 0, Z.rows, rows), X.block(0, j, rows, width), T(0), V.block(0, j, V.rows, width));
    }
}

}  // namespace detail

namespace detail {

/// As eig_in_place, with or without scaling by balance. True when the scaling may have done harm: the backward error,
/// small against the balanced matrix, could be large against A once the scaling is undone.
template <class T>
bool eig_once(MatRef<T> A, T* wr, T* wi, MatRef<T> V, const EigParams& params, bool scaling) {
    const index_t n = A.rows;
    const bool vectors = V.rows > 0;
    const T norm = kernel::max_abs(A);
    const Balance<T> balanced = balance(A, scaling);
    const auto [least, most] = std::minmax_element(balanced.scale.data(), balanced.scale.data() + n);
    const bool doubtful = *most / *least > 64 * (norm / kernel::max_abs(A));
    const Workspace<T> Z(vectors ? n : 0, vectors ? n : 0);
    {
        const kernel::Buffer<T> tau(n);
        hessenberg_in_place(A, balanced.lo, balanced.hi, tau.data(), params.hessenberg);
        if (vectors) hessenberg_q(A, balanced.lo, balanced.hi, tau.data(), Z.ref());
    }
    for (index_t j = 0; j + 2 < n; ++j) kernel::scal(T(0), A.col(j).segment(j + 2, n - j - 2));
    for (index_t i = 0; i < n; ++i) wr[i] = A(i, i), wi[i] = T(0);
    const SchurProblem<T> problem{A, Z.ref(), wr, wi, vectors};
    if (const index_t left = schur(problem, balanced.lo, balanced.hi, params.schur); left > 0) {
        throw no_convergence("eig: " + std::to_string(left) + " of " + std::to_string(n) +
                             " eigenvalues did not converge");
    }
    if (!vectors) return false;
    const Workspace<T> X(n, n);
    schur_vectors(A, X.ref(), params.vector_block);
    back_transform(Z.ref(), X.ref(), V);
    undo_balance(balanced, V);
    for (index_t k = 0; k < n; ++k) {
        if (wi[k] == T(0)) {
            kernel::scal(T(1) / kernel::nrm2(V.col(k)), V.col(k));
        } else {
            normalize_pair(V.col(k), V.col(k + 1));
            ++k;
        }
    }
    return doubtful;
}

/// The largest ||A v - w v|| over all eigenpairs.
template <class T>
T largest_residual(MatRef<T> A, const T* wr, const T* wi, MatRef<T> V) {
    const index_t n = A.rows;
    const Workspace<T> work(n, n);
    const MatRef<T> R = work.ref();
    kernel::gemm(T(1), A, V, T(0), R);
    T largest = 0;
    for (index_t k = 0; k < n; ++k) {
        kernel::axpy(-wr[k], V.col(k), R.col(k));
        if (wi[k] == T(0)) {
            largest = std::max(largest, kernel::nrm2(R.col(k)));
            continue;
        }
        kernel::axpy(wi[k], V.col(k + 1), R.col(k));
        kernel::axpy(-wr[k], V.col(k + 1), R.col(k + 1));
        kernel::axpy(-wi[k], V.col(k), R.col(k + 1));
        largest = std::max(largest, std::hypot(kernel::nrm2(R.col(k)), kernel::nrm2(R.col(k + 1))));
        ++k;
    }
    return largest;
}

}  // namespace detail

/// Eigenvalues wr + i wi of a square column-major A, which is destroyed, and its eigenvectors in V (as schur_vectors
/// holds them, but of unit 2-norm); V of no rows: none are computed.
///
/// Balancing helps small eigenvalues of badly scaled matrices and, rarely, ruins vectors (Watkins, A case where
/// balancing is harmful, ETNA 23 (2006)): where that is possible the residual is looked at, and should it be large, the
/// better of the results with and without scaling is kept. Errors: no_convergence.
template <class T>
GRAM_ONE_BODY void eig_in_place(MatRef<T> A, T* wr, T* wi, MatRef<T> V, const EigParams& params = {}) {
    const index_t n = A.rows;
    if (n == 0) return;
    const Workspace<T> original(V.rows, V.cols);
    if (V.rows > 0) kernel::copy(A, original.ref());
    if (!detail::eig_once(A, wr, wi, V, params, true)) return;
    const T residual = detail::largest_residual(original.ref(), wr, wi, V);
    const T norm = kernel::max_abs(original.ref());
    if (residual <= 8 * static_cast<T>(n) * std::numeric_limits<T>::epsilon() * norm) return;

    const Workspace<T> other(n, n);
    const kernel::Buffer<T> w(2 * n);
    kernel::copy(original.ref(), A);
    detail::eig_once(A, w.data(), w.data() + n, other.ref(), params, false);
    if (detail::largest_residual(original.ref(), w.data(), w.data() + n, other.ref()) >= residual) return;
    kernel::copy(other.ref(), V);
    std::copy_n(w.data(), n, wr);
    std::copy_n(w.data() + n, n, wi);
}

}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// A vectors = vectors diag(values). Column j of `vectors` (unit 2-norm, largest entry real) belongs to values[j]; of
/// a conjugate pair, values and vectors, the one with positive imaginary part comes first and the other is its exact
/// conjugate. Otherwise in no particular order.
template <class T>
struct Eig {
    Vector<std::complex<T>> values;
    Matrix<std::complex<T>> vectors;
};

/// Eigenvalues and right eigenvectors of an n×n real matrix. (Symmetric: eigh is faster and more accurate.)
///
/// Accuracy: ||A V - V diag(w)|| <= c n eps ||A||. Eigenvalues that are defective or nearly so are as sensitive as they
/// are; the vectors of a defective one are parallel to working precision. Cost: about 25 n^3 flops.
/// Errors: shape_error unless square; non_finite; no_convergence (30 n steps).
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., ch. 7; Braman, Byers & Mathias, The multishift QR algorithm,
/// parts I and II, SIAM J. Matrix Anal. 23 (2002).
/// @snippet matrix_functions.cpp eig
template <linalg::RealExpr E>
[[nodiscard]] Eig<value_t<E>> eig(const E& A, const linalg::EigParams& params = {}) {
    using T = value_t<E>;
    linalg::detail::require_square(A, "eig");
    const auto loaded = linalg::detail::load(A, "eig");
    const index_t n = A.rows();
    const kernel::Buffer<T> w(2 * n);
    const linalg::Workspace<T> work(n, n);
    T *const wr = w.data(), *const wi = wr + n;
    const auto V = work.ref();
    linalg::eig_in_place(loaded.ref(), wr, wi, V, params);

    Eig<T> result{Vector<std::complex<T>>(n), Matrix<std::complex<T>>(n, n, uninitialized)};
    const T unscale = T(1) / loaded.scale;
    for (index_t j = 0; j < n; ++j) result.values.data()[j] = {wr[j] * unscale, wi[j] * unscale};
    const auto out = result.vectors.ref();
    for (index_t i = 0; i < n; ++i) {
        for (index_t j = 0; j < n; ++j) {
            if (wi[j] == T(0)) {
                out(i, j) = {V(i, j), T(0)};
            } else {
                out(i, j) = {V(i, j), V(i, j + 1)};
                out(i, j + 1) = {V(i, j), -V(i, j + 1)};
                ++j;
            }
        }
    }
    return result;
}

/// The eigenvalues alone, of an n×n real matrix. Cost: about 10 n^3 flops. Errors: as eig.
/// @snippet matrix_functions.cpp eigvals
template <linalg::RealExpr E>
[[nodiscard]] Vector<std::complex<value_t<E>>> eigvals(const E& A, const linalg::EigParams& params = {}) {
    using T = value_t<E>;
    linalg::detail::require_square(A, "eigvals");
    const auto loaded = linalg::detail::load(A, "eigvals");
    const index_t n = A.rows();
    const kernel::Buffer<T> w(2 * n);
    linalg::eig_in_place(loaded.ref(), w.data(), w.data() + n, kernel::MatRef<T>{}, params);

    Vector<std::complex<T>> values(n);
    const T unscale = T(1) / loaded.scale;
    for (index_t j = 0; j < n; ++j) values.data()[j] = {w.data()[j] * unscale, w.data()[n + j] * unscale};
    return values;
}

/// Eigenvalues and right eigenvectors of an n×n complex matrix; vectors of unit 2-norm whose entry of largest modulus
/// is real and positive. (Hermitian: eigh is faster and more accurate.)
///
/// Accuracy and errors: as for real matrices. Cost: about 25 n^3 flops of complex numbers, in single vectors.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., ch. 7; single-shift QR as LAPACK zlahqr.
/// @snippet matrix_functions.cpp eig_complex
template <linalg::detail::ComplexExpr E>
[[nodiscard]] Eig<real_t<value_t<E>>> eig(const E& A) {
    using C = value_t<E>;
    const auto work = linalg::detail::load_square(A, "eig");
    const index_t n = A.rows();
    const auto scale = linalg::detail::scale_safely(work.ref());
    const linalg::Workspace<C> V(n, n);
    Eig<real_t<C>> result{Vector<C>(n), Matrix<C>(n, n, uninitialized)};
    linalg::eig_in_place_complex(work.ref(), result.values.data(), V.ref());
    for (C& w : result.values) w /= scale;
    kernel::copy(V.ref(), result.vectors.ref());
    return result;
}

/// The eigenvalues alone, of an n×n complex matrix. Cost: about 10 n^3 flops of complex numbers. Errors: as eig.
/// @snippet spectra.cpp eig
template <linalg::detail::ComplexExpr E>
[[nodiscard]] Vector<value_t<E>> eigvals(const E& A) {
    using C = value_t<E>;
    const auto work = linalg::detail::load_square(A, "eigvals");
    const auto scale = linalg::detail::scale_safely(work.ref());
    Vector<C> values(A.rows());
    linalg::eig_in_place_complex(work.ref(), values.data(), kernel::MatRef<C>{});
    for (C& w : values) w /= scale;
    return values;
}

}  // namespace gram::inline GRAM_ISA
