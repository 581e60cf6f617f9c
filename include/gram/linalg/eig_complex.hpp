/// Eigenvalues and eigenvectors of a general square complex matrix; included by eig.hpp.
#pragma once

#include <algorithm>

#include "gram/linalg/balance.hpp"
#include "gram/linalg/schur_form.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// Unit 2-norm, and turned so that the entry of largest modulus is real and positive.
template <class R>
void normalize_complex(VecRef<std::complex<R>> v) {
    using C = std::complex<R>;
    kernel::scal(C(R(1) / kernel::nrm2(v)), v);
    index_t best = 0;
    R largest = -1;
    for (index_t i = 0; i < v.size; ++i) {
        const R square = v[i].real() * v[i].real() + v[i].imag() * v[i].imag();
        if (square > largest) largest = square, best = i;
    }
    const R r = std::hypot(v[best].real(), v[best].imag());
    if (v[best].imag() == R(0) || r == R(0)) return;
    kernel::scal(C(v[best].real() / r, -v[best].imag() / r), v);
    v[best] = C(v[best].real());
}

/// As eig_in_place_complex, with or without scaling by balance; true when the scaling may have done harm.
template <class R>
bool eig_complex_once(MatRef<std::complex<R>> A, std::complex<R>* w, MatRef<std::complex<R>> V, bool scaling) {
    using C = std::complex<R>;
    const index_t n = A.rows;
    const bool vectors = V.rows > 0;
    const R norm = kernel::max_abs(A);
    const auto balanced = balance(A, scaling);
    const auto [least, most] = std::minmax_element(balanced.scale.data(), balanced.scale.data() + n);
    const bool doubtful = *most / *least > 64 * (norm / kernel::max_abs(A));
    const Workspace<C> Z(vectors ? n : 0, vectors ? n : 0);
    complex_hessenberg_in_place(A, Z.ref(), balanced.lo, balanced.hi);
    clear_below(A, 1);
    require_reached(complex_schur(A, Z.ref(), balanced.lo, balanced.hi, vectors), n, "eig");
    for (index_t i = 0; i < n; ++i) w[i] = A(i, i);
    if (!vectors) return false;
    const Workspace<C> X(n, n);
    complex_triangular_vectors(A, X.ref());
    kernel::gemm(C(1), Z.ref(), X.ref(), C(0), V);
    undo_balance(balanced, V);
    for (index_t k = 0; k < n; ++k) normalize_complex(V.col(k));
    return doubtful;
}

/// The largest ||A v - w v|| over all eigenpairs.
template <class R>
R largest_residual_complex(MatRef<std::complex<R>> A, const std::complex<R>* w, MatRef<std::complex<R>> V) {
    using C = std::complex<R>;
    const Workspace<C> work(A.rows, A.rows);
    kernel::gemm(C(1), A, V, C(0), work.ref());
    R largest = 0;
    for (index_t k = 0; k < A.rows; ++k) {
        kernel::axpy(-w[k], V.col(k), work.ref().col(k));
        largest = std::max(largest, kernel::nrm2(work.ref().col(k)));
    }
    return largest;
}

}  // namespace detail

/// Eigenvalues w of a square complex column-major A of safe scale, which is destroyed, and unit eigenvectors in V; V of
/// no rows: none are computed. Balancing is taken back where it did harm, as in eig_in_place. Errors: no_convergence.
template <class R>
void eig_in_place_complex(MatRef<std::complex<R>> A, std::complex<R>* w, MatRef<std::complex<R>> V) {
    using C = std::complex<R>;
    const index_t n = A.rows;
    if (n == 0) return;
    const Workspace<C> original(V.rows, V.cols);
    if (V.rows > 0) kernel::copy(A, original.ref());
    if (!detail::eig_complex_once(A, w, V, true)) return;
    const R residual = detail::largest_residual_complex(original.ref(), w, V);
    const R norm = kernel::max_abs(original.ref());
    if (residual <= 8 * static_cast<R>(n) * std::numeric_limits<R>::epsilon() * norm) return;

    const Workspace<C> other(n, n);
    const kernel::Buffer<C> values(n);
    kernel::copy(original.ref(), A);
    detail::eig_complex_once(A, values.data(), other.ref(), false);
    if (detail::largest_residual_complex(original.ref(), values.data(), other.ref()) >= residual) return;
    kernel::copy(other.ref(), V);
    std::copy_n(values.data(), n, w);
}

}  // namespace gram::linalg::inline GRAM_ISA
