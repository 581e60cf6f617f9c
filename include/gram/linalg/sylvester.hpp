/// Sylvester and Lyapunov equations: A X + X B = C, A X + X A^H = Q, A X A^H - X + Q = 0.
#pragma once

#include <algorithm>
#include <limits>
#include <string>

#include "gram/linalg/quasi_triangular.hpp"
#include "gram/linalg/schur_form.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// B = J A^H J, where J reverses the order: the adjoint of an upper triangular matrix is upper triangular again.
template <class S>
void flip_adjoint(MatRef<S> A, MatRef<S> B) {
    const index_t n = A.rows;
    for (index_t j = 0; j < n; ++j)
        for (index_t i = 0; i < n; ++i) B(i, j) = conj_of(A(n - 1 - j, n - 1 - i));
}

template <class S>
void reverse_columns(MatRef<S> X) {
    for (index_t j = 0; j < X.cols / 2; ++j) kernel::swap(X.col(j), X.col(X.cols - 1 - j));
}

/// TA X + X TB = C in place for Schur forms. Errors: singular_matrix.
template <class S>
void solve_schur_sylvester(MatRef<S> TA, MatRef<S> TB, MatRef<S> C, const char* name) {
    using limits = std::numeric_limits<real_t<S>>;
    if (C.rows == 0 || C.cols == 0) return;
    const real_t<S> largest = std::max(kernel::max_abs(TA), kernel::max_abs(TB));
    TriangularSylvester<S> equation{std::max(limits::epsilon() * largest, limits::min()), real_t<S>(-1)};
    equation.solve(TA, TB, C);
    if (equation.singular)
        throw singular_matrix(std::string(name) + ": the equation is singular: two eigenvalues add up to zero");
    if (!kernel::all_finite(C))
        throw singular_matrix(std::string(name) + ": the equation is so close to a singular one that X overflows");
}

template <class S>
void divide(MatRef<S> X, real_t<S> factor) {
    kernel::scale(S(1 / factor), X);
}

/// Errors: non_finite when the solution is outside of the range.
template <class S>
void require_in_range(MatRef<S> X, const char* name) {
    if (!kernel::all_finite(X)) throw non_finite(std::string(name) + ": the solution overflows");
}

/// X with X - T X T^H = C in place, T complex triangular: from the last column to the first. False: singular.
template <class R>
[[nodiscard]] bool solve_schur_stein(MatRef<std::complex<R>> T, MatRef<std::complex<R>> X) {
    using C = std::complex<R>;
    const index_t n = T.rows;
    const Workspace<C> shifted(n, n), vector(n, 1);
    const MatRef<C> M = shifted.ref(), v = vector.ref();
    const R size = n > 0 ? kernel::max_abs(T) : R(0);
    const R smallest = std::numeric_limits<R>::epsilon() * std::max(R(1), size * size);
    for (index_t j = n - 1; j >= 0; --j) {
        const MatRef<C> x = X.block(0, j, n, 1);
        kernel::fill(v, C(0));
        for (index_t k = j + 1; k < n; ++k) kernel::axpy(conj_of(T(j, k)), X.col(k), v.col(0));
        kernel::gemm(C(1), T, v, C(1), x);
        for (index_t c = 0; c < n; ++c) {
            for (index_t i = 0; i < c; ++i) M(i, c) = -conj_of(T(j, j)) * T(i, c);
            M(c, c) = C(1) - conj_of(T(j, j)) * T(c, c);
            if (abs1(M(c, c)) <= smallest) return false;
        }
        kernel::trsm(kernel::Triangle::upper, kernel::Diagonal::general, C(1), M, x);
    }
    return true;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The solution of A X + X B = C, for A of m×m, B of n×n and C of m×n.
///
/// Accuracy: ||A X + X B - C|| <= c (m + n) eps (||A|| + ||B||) ||X||. Cost: 25 (m^3 + n^3) + 2 m n (m + n) flops.
/// Errors: shape_error; non_finite, also when X overflows; singular_matrix when A and -B share an eigenvalue (to
/// working precision, or so nearly that the solution overflows); no_convergence. Source: Bartels & Stewart, Algorithm
/// 432, CACM 15 (1972).
/// @snippet matrix_functions.cpp sylvester
template <linalg::FieldExpr EA, linalg::FieldExpr EB, linalg::FieldExpr EC>
    requires SameValueType<EA, EB> && SameValueType<EA, EC>
[[nodiscard]] Matrix<value_t<EA>> sylvester(const EA& A, const EB& B, const EC& C) {
    using S = value_t<EA>;
    const auto a = linalg::detail::load_square(A, "sylvester"), b = linalg::detail::load_square(B, "sylvester");
    if (C.rows() != A.rows() || C.cols() != B.rows()) {
        throw_shape("sylvester: the right-hand side is", C.rows(), C.cols(), "and must be", A.rows(), B.rows());
    }
    const auto x = linalg::detail::load_field(C, "sylvester");
    const auto X = x.ref();
    // One power of two for both coefficients, another one for the right-hand side.
    const index_t m = A.rows(), n = B.rows();
    if (m == 0 || n == 0) return Matrix<S>(m, n);
    const auto scale = linalg::detail::scale_for(std::max(kernel::max_abs(a.ref()), kernel::max_abs(b.ref())));
    kernel::scale(S(scale), a.ref());
    kernel::scale(S(scale), b.ref());
    const auto right = linalg::detail::scale_safely(X);
    const linalg::Workspace<S> U(m, m), V(n, n);
    linalg::detail::schur_form(a.ref(), U.ref(), "sylvester");
    linalg::detail::schur_form(b.ref(), V.ref(), "sylvester");
    linalg::detail::similar_in_place<S>(true, U.ref(), X, V.ref());
    linalg::detail::solve_schur_sylvester(a.ref(), b.ref(), X, "sylvester");
    linalg::detail::similar_in_place<S>(false, U.ref(), X, V.ref());
    linalg::detail::divide(X, right);
    kernel::scale(S(scale), X);
    linalg::detail::require_in_range(X, "sylvester");
    return linalg::detail::matrix_of(X);
}

/// The solution of the continuous Lyapunov equation A X + X A^H = Q, for A and Q of n×n. Hermitian when Q is, to
/// rounding.
///
/// Accuracy and errors: as sylvester, of which it takes half the cost; singular when two eigenvalues of A have
/// w_i + conj(w_j) = 0.
/// @snippet matrix_functions.cpp lyapunov
template <linalg::FieldExpr EA, linalg::FieldExpr EQ>
    requires SameValueType<EA, EQ>
[[nodiscard]] Matrix<value_t<EA>> lyapunov(const EA& A, const EQ& Q) {
    using S = value_t<EA>;
    const auto a = linalg::detail::load_square(A, "lyapunov"), x = linalg::detail::load_square(Q, "lyapunov");
    if (Q.rows() != A.rows()) throw_shape("lyapunov", A.rows(), A.cols(), "and", Q.rows(), Q.cols());
    const index_t n = A.rows();
    const auto T = a.ref(), X = x.ref();
    const auto scale = linalg::detail::scale_safely(T), right = linalg::detail::scale_safely(X);
    const linalg::Workspace<S> U(n, n), flipped(n, n);
    linalg::detail::schur_form(T, U.ref(), "lyapunov");
    linalg::detail::similar_in_place<S>(true, U.ref(), X, U.ref());
    linalg::detail::flip_adjoint(T, flipped.ref());
    linalg::detail::reverse_columns(X);
    linalg::detail::solve_schur_sylvester(T, flipped.ref(), X, "lyapunov");
    linalg::detail::reverse_columns(X);
    linalg::detail::similar_in_place<S>(false, U.ref(), X, U.ref());
    linalg::detail::divide(X, right);
    kernel::scale(S(scale), X);
    linalg::detail::require_in_range(X, "lyapunov");
    return linalg::detail::matrix_of(X);
}

/// The solution of the discrete Lyapunov (Stein) equation A X A^H - X + Q = 0, for A and Q of n×n.
///
/// By the complex Schur form of A (of a real A, the real part is returned), not by a bilinear transform, so eigenvalues
/// near -1 do no harm. Accuracy: residual <= c n eps (1 + ||A||^2) ||X||. Cost: 25 n^3 flops and 4 n^3 complex ones.
/// Errors: shape_error; non_finite; singular_matrix when two eigenvalues of A have w_i conj(w_j) = 1; no_convergence.
/// Source: Kitagawa, An algorithm for solving the matrix equation X = F X F' + S, Int. J. Control 25 (1977).
/// @snippet matrix_functions.cpp discrete_lyapunov
template <linalg::FieldExpr EA, linalg::FieldExpr EQ>
    requires SameValueType<EA, EQ>
[[nodiscard]] Matrix<value_t<EA>> discrete_lyapunov(const EA& A, const EQ& Q) {
    using S = value_t<EA>;
    using C = linalg::detail::complex_t<S>;
    const auto a = linalg::detail::load_square(A, "discrete_lyapunov");
    const auto q = linalg::detail::load_square(Q, "discrete_lyapunov");
    if (Q.rows() != A.rows()) throw_shape("discrete_lyapunov", A.rows(), A.cols(), "and", Q.rows(), Q.cols());
    const index_t n = A.rows();
    const auto right = linalg::detail::scale_safely(q.ref());
    const auto scale = linalg::detail::scale_safely(a.ref());
    const linalg::Workspace<C> T(n, n), U(n, n), X(n, n);
    linalg::detail::complex_schur_form(a.ref(), T.ref(), U.ref(), "discrete_lyapunov");
    kernel::scale(C(1 / scale), T.ref());
    linalg::detail::to_complex<S>(q.ref(), X.ref());
    linalg::detail::similar_in_place<C>(true, U.ref(), X.ref(), U.ref());
    if (!linalg::detail::solve_schur_stein(T.ref(), X.ref()) || !kernel::all_finite(X.ref())) {
        throw singular_matrix(
            "discrete_lyapunov: the equation is singular: an eigenvalue times the conjugate of another one is 1");
    }
    linalg::detail::similar_in_place<C>(false, U.ref(), X.ref(), U.ref());
    linalg::detail::divide(X.ref(), right);
    linalg::detail::require_in_range(X.ref(), "discrete_lyapunov");
    return linalg::detail::from_complex<S>(X.ref());
}

}  // namespace gram::inline GRAM_ISA
