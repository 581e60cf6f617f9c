/// Generalized eigenvalues A v = w B v, and the generalized Schur form.
#pragma once

#include <complex>
#include <limits>

#include "gram/linalg/eig_complex.hpp"
#include "gram/linalg/qz.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// A pencil as complex numbers, each matrix scaled into the safe range.
template <class R>
struct LoadedPencil {
    using C = std::complex<R>;
    Workspace<C> H, T, Q, Z;
    R a_scale = 1, b_scale = 1;

    [[nodiscard]] Pencil<R> ref() const { return {H.ref(), T.ref(), Q.ref(), Z.ref()}; }
};

template <class EA, class EB>
[[nodiscard]] LoadedPencil<real_t<value_t<EA>>> load_pencil(const EA& A, const EB& B, bool left, bool right,
                                                            const char* name) {
    using S = value_t<EA>;
    using C = complex_t<S>;
    const auto a = load_square(A, name), b = load_square(B, name);
    if (A.rows() != B.rows()) throw_shape(name, A.rows(), A.cols(), "and", B.rows(), B.cols());
    const index_t n = A.rows();
    LoadedPencil<real_t<S>> p{Workspace<C>(n, n), Workspace<C>(n, n), Workspace<C>(left ? n : 0, left ? n : 0),
                              Workspace<C>(right ? n : 0, right ? n : 0)};
    p.a_scale = scale_safely(a.ref());
    p.b_scale = scale_safely(b.ref());
    to_complex<S>(a.ref(), p.H.ref());
    to_complex<S>(b.ref(), p.T.ref());
    return p;
}

/// alpha / beta; infinite when beta is 0, NaN when both are.
template <class R>
[[nodiscard]] std::complex<R> quotient(std::complex<R> alpha, R beta) {
    using limits = std::numeric_limits<R>;
    if (beta != R(0)) return {alpha.real() / beta, alpha.imag() / beta};
    return alpha == std::complex<R>(0) ? std::complex<R>(limits::quiet_NaN(), limits::quiet_NaN())
                                       : std::complex<R>(limits::infinity(), R(0));
}

/// The diagonals of S and T, not scaled any more.
template <class R>
void store_values(const LoadedPencil<R>& p, Vector<std::complex<R>>& alpha, Vector<R>& beta,
                  Vector<std::complex<R>>& values) {
    for (index_t i = 0; i < alpha.size(); ++i) {
        alpha[i] = p.H.ref()(i, i) / p.a_scale;
        beta[i] = p.T.ref()(i, i).real() / p.b_scale;
        values[i] = quotient(p.H.ref()(i, i), p.T.ref()(i, i).real()) * (p.b_scale / p.a_scale);
        if (beta[i] == R(0)) values[i] = quotient(p.H.ref()(i, i), R(0));
    }
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// beta[j] A v_j = alpha[j] B v_j for the columns v_j of `vectors` (unit 2-norm, entry of largest modulus real and
/// positive); beta >= 0. values[j] = alpha[j] / beta[j], infinite when beta[j] is 0, NaN when both are (then A - w B is
/// singular for every w). In no particular order.
template <class R>
struct GeneralizedEig {
    Vector<std::complex<R>> values;
    Matrix<std::complex<R>> vectors;
    Vector<std::complex<R>> alpha;
    Vector<R> beta;
};

/// A = Q S Z^H and B = Q T Z^H with unitary Q and Z, S and T upper triangular, the diagonal of T real and >= 0.
template <class C>
struct Qz {
    Matrix<C> Q;
    Matrix<C> Z;
    Matrix<C> S;
    Matrix<C> T;
};

/// Generalized eigenvalues and right eigenvectors of the n×n pencil A - w B, real or complex; B may be singular.
/// (Symmetric A and positive definite B: eigh(A, B).)
///
/// Accuracy: ||beta A v - alpha B v|| <= c n eps (|beta| ||A|| + |alpha| ||B||). Real pencils are treated as complex
/// ones, so conjugate pairs are conjugate to rounding only. Cost: about 70 n^3 flops of complex numbers.
/// Errors: shape_error unless both are square and alike; non_finite; no_convergence (30 steps for each eigenvalue).
/// Source: Moler & Stewart, SIAM J. Numer. Anal. 10 (1973); Golub & Van Loan, Matrix Computations, 4th ed., sec. 7.7.
/// @snippet matrix_functions.cpp eig_generalized
template <linalg::FieldExpr EA, linalg::FieldExpr EB>
    requires SameValueType<EA, EB>
[[nodiscard]] GeneralizedEig<real_t<value_t<EA>>> eig(const EA& A, const EB& B) {
    using R = real_t<value_t<EA>>;
    using C = std::complex<R>;
    const auto p = linalg::detail::load_pencil(A, B, false, true, "eig");
    const index_t n = A.rows();
    GeneralizedEig<R> result{Vector<C>(n), Matrix<C>(n, n, uninitialized), Vector<C>(n), Vector<R>(n)};
    linalg::detail::require_reached(linalg::qz_in_place(p.ref()), n, "eig");
    if (n == 0) return result;
    linalg::detail::store_values(p, result.alpha, result.beta, result.values);
    const linalg::Workspace<C> X(n, n), V(n, n);
    linalg::pencil_vectors(p.H.ref(), p.T.ref(), X.ref());
    kernel::gemm(C(1), p.Z.ref(), X.ref(), C(0), V.ref());
    for (index_t k = 0; k < n; ++k) linalg::detail::normalize_complex(V.ref().col(k));
    kernel::copy(V.ref(), result.vectors.ref());
    return result;
}

/// The generalized eigenvalues alone: alpha / beta, infinite where B is singular. Cost: about 30 n^3 flops of complex
/// numbers. Errors: as eig(A, B).
/// @snippet matrix_functions.cpp eigvals_generalized
template <linalg::FieldExpr EA, linalg::FieldExpr EB>
    requires SameValueType<EA, EB>
[[nodiscard]] Vector<linalg::detail::complex_t<value_t<EA>>> eigvals(const EA& A, const EB& B) {
    using R = real_t<value_t<EA>>;
    const auto p = linalg::detail::load_pencil(A, B, false, false, "eigvals");
    const index_t n = A.rows();
    Vector<std::complex<R>> alpha(n), values(n);
    Vector<R> beta(n);
    linalg::detail::require_reached(linalg::qz_in_place(p.ref(), false), n, "eigvals");
    linalg::detail::store_values(p, alpha, beta, values);
    return values;
}

/// Generalized (complex) Schur form of an n×n pencil, real or complex: A = Q S Z^H, B = Q T Z^H.
///
/// Accuracy: ||A - Q S Z^H|| <= c n eps ||A||, so for B; Q and Z unitary to c n eps. Cost: about 66 n^3 flops of
/// complex numbers. Errors and source: as eig(A, B).
/// @snippet matrix_functions.cpp qz
template <linalg::FieldExpr EA, linalg::FieldExpr EB>
    requires SameValueType<EA, EB>
[[nodiscard]] Qz<linalg::detail::complex_t<value_t<EA>>> qz(const EA& A, const EB& B) {
    using C = linalg::detail::complex_t<value_t<EA>>;
    const auto p = linalg::detail::load_pencil(A, B, true, true, "qz");
    linalg::detail::require_reached(linalg::qz_in_place(p.ref()), A.rows(), "qz");
    linalg::detail::clear_below(p.H.ref(), 0);
    kernel::scale(C(1 / p.a_scale), p.H.ref());
    kernel::scale(C(1 / p.b_scale), p.T.ref());
    return {linalg::detail::matrix_of(p.Q.ref()), linalg::detail::matrix_of(p.Z.ref()),
            linalg::detail::matrix_of(p.H.ref()), linalg::detail::matrix_of(p.T.ref())};
}

}  // namespace gram::inline GRAM_ISA
