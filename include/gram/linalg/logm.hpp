/// The principal logarithm of a square matrix, and its real powers.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "gram/linalg/expm.hpp"
#include "gram/linalg/quasi_triangular.hpp"
#include "gram/linalg/schur_form.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// Norms of X up to which the [m/m] Padé approximation to log(I + X) is good to 2^-53, m = 1, ..., 7.
inline constexpr std::array<double, 7> log_bounds = {1.10e-5, 1.82e-3, 1.62e-2, 5.39e-2, 1.14e-1, 1.87e-1, 2.64e-1};

/// Node k of m of the Gauss-Legendre rule on [0, 1], and its weight.
struct GaussNode {
    double x, weight;
};
inline GaussNode gauss_node(int k, int m) {
    double t = std::cos(std::numbers::pi * (k + 0.75) / (m + 0.5)), slope = 1;
    for (int step = 0; step < 20; ++step) {
        double p = 1, before = 0;
        for (int j = 1; j <= m; ++j) {
            const double next = ((2 * j - 1) * t * p - (j - 1) * before) / j;
            before = p, p = next;
        }
        slope = m * (t * p - before) / (t * t - 1);
        t -= p / slope;
    }
    return {(1 + t) / 2, 1 / ((1 - t * t) * slope * slope)};
}

/// a^(1 / 2^k) - 1 without cancellation.
///
/// Source: Al-Mohy, A more accurate Briggs method for the logarithm, Numer. Algorithms 59 (2012).
template <class R>
[[nodiscard]] std::complex<R> root_minus_one(std::complex<R> a, int k) {
    using C = std::complex<R>;
    if (k == 0) return a - R(1);
    if (a.real() < R(0)) a = std::sqrt(a), --k;
    if (k == 0) return a - R(1);
    const C start = a - R(1);
    C product(1);
    for (int i = 0; i < k; ++i) {
        a = std::sqrt(a);
        product *= R(1) + a;
    }
    return start / product;
}

/// What the two formulas below share: atanh((b - a) / (b + a)), turned onto the branch of log(b) - log(a), times 2.
/// Half of the difference of the logarithms is returned when a and b are far apart.
template <class R>
[[nodiscard]] std::complex<R> half_log_ratio(std::complex<R> a, std::complex<R> b) {
    using C = std::complex<R>;
    const C difference = std::log(b) - std::log(a);
    if (2 * std::abs(b - a) > std::max(std::abs(a), std::abs(b))) return difference / R(2);
    const R pi = std::numbers::pi_v<R>, turns = std::ceil((difference.imag() - pi) / (2 * pi));
    return std::atanh((b - a) / (b + a)) + C(R(0), pi * turns);
}

/// The entry above the diagonal of log([a t; 0 b]).
template <class R>
[[nodiscard]] std::complex<R> log_above(std::complex<R> a, std::complex<R> b, std::complex<R> t) {
    if (a == b) return t / a;
    return t * (R(2) * half_log_ratio(a, b) / (b - a));
}

/// The entry above the diagonal of [a t; 0 b]^p.
///
/// Source: Higham & Lin, A Schur-Padé algorithm for fractional powers of a matrix, SIAM J. Matrix Anal. 32 (2011).
template <class R>
[[nodiscard]] std::complex<R> power_above(std::complex<R> a, std::complex<R> b, std::complex<R> t, R p) {
    if (a == b) return t * (p * std::exp((p - R(1)) * std::log(a)));
    const auto mean = std::exp(p / 2 * (std::log(a) + std::log(b)));
    return t * (mean * (R(2) * std::sinh(p * half_log_ratio(a, b)) / (b - a)));
}

/// How many square roots bring a triangular matrix close to I: T becomes that root. Sets the degree to use.
template <class R>
[[nodiscard]] int take_roots(MatRef<std::complex<R>> T, int& degree) {
    using C = std::complex<R>;
    TriangularSylvester<C> sylvester;
    const auto degree_for = [](double norm) {
        int m = 1;
        while (m <= 7 && norm > log_bounds[static_cast<std::size_t>(m - 1)]) ++m;
        return m;
    };
    bool second = false;
    for (int roots = 0;; ++roots) {
        double norm = 0;  // ||T - I||_1
        for (index_t j = 0; j < T.cols; ++j) {
            const R sum = std::abs(T(j, j) - R(1)) + (j > 0 ? kernel::asum(T.col(j).segment(0, j)) : R(0));
            if (!(static_cast<double>(sum) <= norm)) norm = static_cast<double>(sum);
        }
        const int now = degree_for(norm);
        if (now <= 7) {  // one more root pays when it saves more than one degree
            if (now - degree_for(norm / 2) <= 1 || second) {
                degree = now;
                return roots;
            }
            second = true;
        }
        if (roots >= 2 * std::numeric_limits<R>::max_exponent)
            throw no_convergence("logm: square roots do not approach the identity");
        sqrt_triangular(T, sylvester);
        if (sylvester.singular || !kernel::all_finite(T)) throw singular_matrix("logm: the matrix is singular");
    }
}

/// T = log(T) for a complex triangular T without zeros on its diagonal.
template <class R>
void log_triangular(MatRef<std::complex<R>> T) {
    using C = std::complex<R>;
    const index_t n = T.rows;
    const Workspace<C> root(n, n), denominator(n, n), term(n, n);
    const MatRef<C> X = root.ref(), D = denominator.ref(), W = term.ref();
    kernel::copy(T, X);
    int degree = 0;
    const int roots = take_roots(X, degree);
    const R p = std::ldexp(R(1), -roots);
    for (index_t i = 0; i < n; ++i) {
        X(i, i) = root_minus_one(T(i, i), roots);
        if (i > 0 && roots > 0) X(i - 1, i) = power_above(T(i - 1, i - 1), T(i, i), T(i - 1, i), p);
    }
    const Workspace<C> sum(n, n);
    kernel::fill(sum.ref(), C(0));
    for (int k = 0; k < degree; ++k) {
        const GaussNode node = gauss_node(k, degree);
        kernel::copy(X, D);
        kernel::scale(C(static_cast<R>(node.x)), D);
        for (index_t i = 0; i < n; ++i) D(i, i) += R(1);
        kernel::copy(X, W);
        kernel::trsm(kernel::Triangle::upper, kernel::Diagonal::general, C(static_cast<R>(node.weight) / p), D, W);
        for (index_t j = 0; j < n; ++j) kernel::axpy(C(1), W.col(j), sum.ref().col(j));
    }
    for (index_t i = n - 1; i >= 0; --i) {
        if (i > 0) sum.ref()(i - 1, i) = log_above(T(i - 1, i - 1), T(i, i), T(i - 1, i));
        sum.ref()(i, i) = std::log(T(i, i));
    }
    kernel::copy(sum.ref(), T);
}

/// A = Z T Z^H with the diagonal checked for a logarithm to exist (over S); returns the factor that A was scaled by.
template <class S>
real_t<S> schur_for_log(MatRef<S> A, MatRef<complex_t<S>> T, MatRef<complex_t<S>> Z, const char* name) {
    using R = real_t<S>;
    const R scale = scale_safely(A);
    complex_schur_form(A, T, Z, name);
    if constexpr (is_complex_v<S>) snap_to_upper_side(T);
    for (index_t i = 0; i < T.rows; ++i) {
        const auto w = T(i, i);
        if (w == complex_t<S>(0)) throw singular_matrix(std::string(name) + ": the matrix is singular");
        if (!is_complex_v<S> && w.imag() == R(0) && w.real() < R(0)) {
            throw no_real_result(std::string(name) + ": the matrix has the negative eigenvalue " +
                                 std::to_string(w.real() / scale) + "; that of its complex cast exists");
        }
    }
    return scale;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The principal logarithm of an n×n matrix: expm(logm(A)) = A, eigenvalues with imaginary parts in (-pi, pi]. Of a
/// real matrix it is real, or no_real_result is thrown; `logm(cast<std::complex<T>>(A))` then exists.
///
/// Accuracy: that of the condition of the problem, with the diagonal of the Schur form, and the one above it, to a few
/// ulps. Cost: about 25 n^3 flops for the Schur form, and complex ones: n^3 / 3 for each square root (few) and for each
/// of at most seven terms. Errors: shape_error unless square; non_finite, also on overflow; singular_matrix;
/// no_real_result when a real A has a negative eigenvalue; no_convergence. Source: inverse scaling and squaring,
/// Higham, Functions of Matrices, SIAM 2008, algorithm 11.9; Al-Mohy & Higham, Improved inverse scaling and squaring
/// algorithms for the matrix logarithm, SIAM J. Sci. Comput. 34 (2012).
/// @snippet matrix_functions.cpp logm
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> logm(const E& A) {
    using S = value_t<E>;
    using C = linalg::detail::complex_t<S>;
    const auto work = linalg::detail::load_square(A, "logm");
    const index_t n = A.rows();
    if (n == 0) return Matrix<S>(0, 0);
    const linalg::Workspace<C> t(n, n), Z(n, n);
    const auto T = t.ref();
    const auto scale = linalg::detail::schur_for_log(work.ref(), T, Z.ref(), "logm");
    linalg::detail::log_triangular(T);
    if (scale != real_t<S>(1))
        for (index_t i = 0; i < n; ++i) T(i, i) -= std::log(scale);
    linalg::detail::similar_in_place<C>(false, Z.ref(), T, Z.ref());
    linalg::detail::require_representable(T, "logm");
    return linalg::detail::from_complex<S>(T);
}

/// A^p for a real p, the principal power exp(p log A) of an n×n matrix; `fractional_power(A, 0.5)` is sqrtm(A). For an
/// integer p use matrix_power, which needs no logarithm.
///
/// Cost and errors: as logm and expm; non_finite when p is not finite or the power overflows.
/// Source: Higham, Functions of Matrices, SIAM 2008, sec. 11 and 10.
/// @snippet matrix_functions.cpp fractional_power
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> fractional_power(const E& A, std::type_identity_t<real_t<value_t<E>>> p) {
    using S = value_t<E>;
    using C = linalg::detail::complex_t<S>;
    const auto work = linalg::detail::load_square(A, "fractional_power");
    const index_t n = A.rows();
    if (!linalg::detail::is_finite(p)) throw non_finite("fractional_power: the exponent is not finite");
    if (n == 0) return Matrix<S>(0, 0);
    const linalg::Workspace<C> t(n, n), Z(n, n), X(n, n);
    const auto T = t.ref();
    const auto scale = linalg::detail::schur_for_log(work.ref(), T, Z.ref(), "fractional_power");
    linalg::detail::log_triangular(T);
    kernel::scale(C(p), T);
    linalg::detail::exp_in(T, X.ref());
    if (scale != real_t<S>(1)) kernel::scale(C(std::pow(scale, -p)), X.ref());
    linalg::detail::require_representable(X.ref(), "fractional_power");
    linalg::detail::similar_in_place<C>(false, Z.ref(), X.ref(), Z.ref());
    return linalg::detail::from_complex<S>(X.ref());
}

}  // namespace gram::inline GRAM_ISA
