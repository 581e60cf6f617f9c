/// Test matrices from their formulas, with their known spectra, determinants or inverses.
///
/// Indices in the formulas of this file begin with 0, as in the code. Elements are computed in double precision and
/// rounded once to T, unless T is wider. Cost: one pass over the result. Errors: shape_error for a negative order.
/// Source: N. J. Higham, Algorithm 694: A collection of test matrices in MATLAB, ACM TOMS 17 (1991), and The Test
/// Matrix Toolbox for MATLAB (version 3.0), Manchester report 276 (1995); Golub & Van Loan, Matrix Computations, 4th
/// ed.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numbers>
#include <string>

#include "gram/core/error.hpp"
#include "gram/core/matrix.hpp"

namespace gram::gallery::inline GRAM_ISA {

namespace detail {

/// The m×n matrix of f(i, j); f yields T or double.
template <class T, class F>
[[nodiscard]] Matrix<T> from_formula(index_t m, index_t n, const F& f) {
    if (m < 0 || n < 0) throw shape_error("gallery: " + shape_text(m, n) + " is no shape");
    Matrix<T> A(m, n, uninitialized);
    for (index_t i = 0; i < m; ++i) {
        for (index_t j = 0; j < n; ++j) {
            if constexpr (is_complex_v<T> && std::is_arithmetic_v<decltype(f(i, j))>) {
                A(i, j) = T(static_cast<real_t<T>>(f(i, j)));
            } else {
                A(i, j) = static_cast<T>(f(i, j));
            }
        }
    }
    return A;
}

[[nodiscard]] constexpr double number(index_t i) { return static_cast<double>(i); }

/// i over j, by products that stay whole numbers.
[[nodiscard]] constexpr double binomial(index_t i, index_t j) {
    if (j < 0 || j > i) return 0;
    double value = 1;
    for (index_t k = 1; k <= std::min(j, i - j); ++k) value = value * number(i - k + 1) / number(k);
    return value;
}

}  // namespace detail

/// 1 / (i + j + 1), m×n: symmetric positive definite for m = n, of condition about exp(3.5 n).
/// @snippet matrix_functions.cpp gallery
template <class T = double>
[[nodiscard]] Matrix<T> hilbert(index_t m, index_t n) {
    return detail::from_formula<T>(m, n, [](index_t i, index_t j) { return 1 / detail::number(i + j + 1); });
}
/// The square one.
/// @snippet matrix_functions.cpp gallery
template <class T = double>
[[nodiscard]] Matrix<T> hilbert(index_t n) {
    return hilbert<T>(n, n);
}

/// The inverse of hilbert(n): whole numbers, exact in double while they are below 2^53 (n <= 12).
/// @snippet matrix_functions.cpp gallery
template <class T = double>
[[nodiscard]] Matrix<T> inverse_hilbert(index_t n) {
    using detail::binomial;
    return detail::from_formula<T>(n, n, [n](index_t i, index_t j) {
        const double b = binomial(i + j, i), sign = (i + j) % 2 == 0 ? 1 : -1;
        return sign * detail::number(i + j + 1) * binomial(n + i, n - j - 1) * binomial(n + j, n - i - 1) * b * b;
    });
}

/// hilbert(n) with a first row of ones: not symmetric, ill-conditioned, many small eigenvalues of both signs; its
/// inverse holds whole numbers.
/// @snippet matrix_functions.cpp gallery_ill_conditioned
template <class T = double>
[[nodiscard]] Matrix<T> lotkin(index_t n) {
    return detail::from_formula<T>(n, n,
                                   [](index_t i, index_t j) { return i == 0 ? 1.0 : 1 / detail::number(i + j + 1); });
}

/// i + j over i: symmetric positive definite, determinant 1; its inverse holds whole numbers, its eigenvalues come in
/// pairs w, 1 / w.
/// @snippet matrix_functions.cpp gallery_inverses
template <class T = double>
[[nodiscard]] Matrix<T> pascal(index_t n) {
    return detail::from_formula<T>(n, n, [](index_t i, index_t j) { return detail::binomial(i + j, i); });
}

/// The lower triangular Cholesky factor of pascal(n) with alternating column signs: its own inverse.
/// @snippet matrix_functions.cpp gallery_inverses
template <class T = double>
[[nodiscard]] Matrix<T> pascal_involution(index_t n) {
    return detail::from_formula<T>(n, n,
                                   [](index_t i, index_t j) { return (j % 2 == 0 ? 1 : -1) * detail::binomial(i, j); });
}

/// min(i, j) / max(i, j), both counted from 1: symmetric positive definite, with a tridiagonal inverse.
/// @snippet matrix_functions.cpp gallery_inverses
template <class T = double>
[[nodiscard]] Matrix<T> lehmer(index_t n) {
    return detail::from_formula<T>(n, n, [](index_t i, index_t j) {
        return detail::number(std::min(i, j) + 1) / detail::number(std::max(i, j) + 1);
    });
}

/// min(i, j) counted from 1: determinant 1, inverse tridiagonal with 2 (the last 1) between -1; eigenvalues
/// 1 / (4 sin^2((2 k + 1) pi / (4 n + 2))).
/// @snippet matrix_functions.cpp gallery_symmetric
template <class T = double>
[[nodiscard]] Matrix<T> minij(index_t n) {
    return detail::from_formula<T>(n, n, [](index_t i, index_t j) { return detail::number(std::min(i, j) + 1); });
}

/// U^T U for the unit upper triangular U with alpha above the diagonal (triangle_of_ones): positive definite,
/// determinant 1, with one small eigenvalue for alpha = -1.
/// @snippet matrix_functions.cpp gallery_inverses
template <class T = double>
[[nodiscard]] Matrix<T> moler(index_t n, double alpha = -1) {
    return detail::from_formula<T>(n, n, [alpha](index_t i, index_t j) {
        const double before = detail::number(std::min(i, j)) * alpha * alpha;
        return i == j ? before + 1 : before + alpha;
    });
}

/// 1 on the diagonal and alpha above it (Wilkinson; triw): for alpha = -1 the determinant is 1 and the smallest
/// singular value about 2^(2 - n).
/// @snippet matrix_functions.cpp gallery_ill_conditioned
template <class T = double>
[[nodiscard]] Matrix<T> triangle_of_ones(index_t n, double alpha = -1) {
    return detail::from_formula<T>(n, n,
                                   [alpha](index_t i, index_t j) { return i == j ? 1.0 : (j > i ? alpha : 0.0); });
}

/// Kahan's diag(s^i) (I - c N), N strictly upper triangular of ones, s = sin theta, c = cos theta: nearly singular,
/// which column pivoting does not see.
/// @snippet matrix_functions.cpp gallery_ill_conditioned
template <class T = double>
[[nodiscard]] Matrix<T> kahan(index_t n, double theta = 1.2) {
    const double s = std::sin(theta), c = std::cos(theta);
    return detail::from_formula<T>(
        n, n, [=](index_t i, index_t j) { return i > j ? 0.0 : std::pow(s, detail::number(i)) * (i == j ? 1 : -c); });
}

/// Upper Hessenberg n - max(i, j): determinant 1, positive eigenvalues in pairs w, 1 / w, the small ones
/// ill-conditioned.
/// @snippet matrix_functions.cpp gallery_spectra
template <class T = double>
[[nodiscard]] Matrix<T> frank(index_t n) {
    return detail::from_formula<T>(
        n, n, [n](index_t i, index_t j) { return i > j + 1 ? 0.0 : detail::number(n - std::max(i, j)); });
}

/// Tridiagonal with a zero diagonal, n - 1, ..., 1 below and 1, ..., n - 1 above it: eigenvalues n - 1, n - 3, ...,
/// 1 - n. symmetric: the geometric means on both sides.
/// @snippet matrix_functions.cpp gallery_spectra
template <class T = double>
[[nodiscard]] Matrix<T> clement(index_t n, bool symmetric = false) {
    return detail::from_formula<T>(n, n, [=](index_t i, index_t j) {
        if (i != j + 1 && j != i + 1) return 0.0;
        const index_t k = std::min(i, j) + 1;
        if (symmetric) return std::sqrt(detail::number(k) * detail::number(n - k));
        return detail::number(j > i ? k : n - k);
    });
}

/// -1 below the diagonal, 1 on it and on k diagonals above it: Toeplitz, with very sensitive eigenvalues.
/// @snippet matrix_functions.cpp gallery_spectra
template <class T = double>
[[nodiscard]] Matrix<T> grcar(index_t n, index_t k = 3) {
    return detail::from_formula<T>(
        n, n, [k](index_t i, index_t j) { return i == j + 1 ? -1 : (j >= i && j <= i + k ? 1 : 0); });
}

/// Rosser's symmetric 8×8 matrix: eigenvalues 10 sqrt(10405), 1020, 510 + 100 sqrt(26), 1000, 1000, 510 - 100 sqrt(26),
/// 0, -10 sqrt(10405): a double one, nearly equal ones, opposite ones, and zero.
/// @snippet matrix_functions.cpp gallery
template <class T = double>
[[nodiscard]] Matrix<T> rosser() {
    static constexpr int rows[8][8] = {
        {611, 196, -192, 407, -8, -52, -49, 29}, {196, 899, 113, -192, -71, -43, -8, -44},
        {-192, 113, 899, 196, 61, 49, 8, 52},    {407, -192, 196, 611, 8, 44, 59, -23},
        {-8, -71, 61, 8, 411, -599, 208, 208},   {-52, -43, 49, 44, -599, 411, 208, 208},
        {-49, -8, 8, 59, 208, 208, 99, -911},    {29, -44, 52, -23, 208, 208, -911, 99},
    };
    return detail::from_formula<T>(8, 8, [](index_t i, index_t j) { return rows[i][j]; });
}

/// Wilkinson's symmetric tridiagonal W+: |i - (n - 1) / 2| on the diagonal, 1 beside it; for n = 21 its largest
/// eigenvalues agree in pairs to 15 digits.
/// @snippet matrix_functions.cpp gallery
template <class T = double>
[[nodiscard]] Matrix<T> wilkinson(index_t n) {
    return detail::from_formula<T>(n, n, [n](index_t i, index_t j) {
        return i == j ? std::abs(detail::number(2 * i - n + 1)) / 2 : (i == j + 1 || j == i + 1 ? 1.0 : 0.0);
    });
}

/// below, on, above: three diagonals of one number each. Eigenvalues on + 2 sqrt(below above) cos(k pi / (n + 1)),
/// k = 1, ..., n; the default is the second difference matrix.
/// @snippet matrix_functions.cpp gallery_symmetric
template <class T = double>
[[nodiscard]] Matrix<T> tridiagonal(index_t n, T below = T(-1), T on = T(2), T above = T(-1)) {
    return detail::from_formula<T>(
        n, n, [=](index_t i, index_t j) { return i == j ? on : (i == j + 1 ? below : (j == i + 1 ? above : T(0))); });
}

/// A Jordan block: value on the diagonal, 1 above it. Defective for n > 1.
/// @snippet matrix_functions.cpp gallery_spectra
template <class T = double>
[[nodiscard]] Matrix<T> jordan_block(index_t n, T value = T(0)) {
    return detail::from_formula<T>(n, n,
                                   [=](index_t i, index_t j) { return i == j ? value : (j == i + 1 ? T(1) : T(0)); });
}

/// A Jordan block with alpha in its corner: eigenvalues value + alpha^(1/n) exp(2 pi i k / n).
/// @snippet matrix_functions.cpp gallery_spectra
template <class T = double>
[[nodiscard]] Matrix<T> forsythe(index_t n, T alpha, T value = T(0)) {
    Matrix<T> A = jordan_block<T>(n, value);
    if (n > 0) A(n - 1, 0) += alpha;
    return A;
}

/// rho^|i - j| (Kac, Murdock & Szegö): correlations of an autoregressive process; determinant (1 - rho^2)^(n - 1),
/// inverse tridiagonal.
/// @snippet matrix_functions.cpp gallery_inverses
template <class T = double>
[[nodiscard]] Matrix<T> kms(index_t n, double rho = 0.5) {
    return detail::from_formula<T>(
        n, n, [rho](index_t i, index_t j) { return std::pow(rho, detail::number(i < j ? j - i : i - j)); });
}

/// alpha I plus a matrix of ones: eigenvalues alpha (n - 1 times) and alpha + n.
/// @snippet matrix_functions.cpp gallery_symmetric
template <class T = double>
[[nodiscard]] Matrix<T> pei(index_t n, double alpha = 1) {
    return detail::from_formula<T>(n, n, [alpha](index_t i, index_t j) { return i == j ? alpha + 1 : 1; });
}

/// |i - j| (Fiedler): one positive eigenvalue, the others negative; determinant (-1)^(n - 1) 2^(n - 2) (n - 1).
/// @snippet matrix_functions.cpp gallery_inverses
template <class T = double>
[[nodiscard]] Matrix<T> fiedler(index_t n) {
    return detail::from_formula<T>(n, n, [](index_t i, index_t j) { return detail::number(i < j ? j - i : i - j); });
}

/// 1 / (i - j + 1/2) (Parter): Toeplitz and Cauchy; most singular values are pi to working precision.
/// @snippet matrix_functions.cpp gallery_spectra
template <class T = double>
[[nodiscard]] Matrix<T> parter(index_t n) {
    return detail::from_formula<T>(n, n, [](index_t i, index_t j) { return 1 / (detail::number(i - j) + 0.5); });
}

/// 1 where j = 0 or i + 1 divides j + 1, else 0 (Redheffer): the determinant is the Mertens function of n.
/// @snippet matrix_functions.cpp gallery_inverses
template <class T = double>
[[nodiscard]] Matrix<T> redheffer(index_t n) {
    return detail::from_formula<T>(n, n, [](index_t i, index_t j) { return j == 0 || (j + 1) % (i + 1) == 0 ? 1 : 0; });
}

/// A row of ones above mu I, (n + 1)×n (Läuchli): A^T A loses the rank that A has when mu^2 < eps.
/// @snippet matrix_functions.cpp gallery_ill_conditioned
template <class T = double>
[[nodiscard]] Matrix<T> lauchli(index_t n, double mu = 1e-8) {
    return detail::from_formula<T>(n + 1, n,
                                   [mu](index_t i, index_t j) { return i == 0 ? 1.0 : (i == j + 1 ? mu : 0.0); });
}

/// sqrt(2 / (n + 1)) sin((i + 1)(j + 1) pi / (n + 1)): symmetric and orthogonal, the eigenvectors of tridiagonal(n).
/// @snippet matrix_functions.cpp gallery_symmetric
template <class T = double>
[[nodiscard]] Matrix<T> sines(index_t n) {
    const double unit = std::numbers::pi / detail::number(n + 1), scale = std::sqrt(2 / detail::number(n + 1));
    return detail::from_formula<T>(n, n, [=](index_t i, index_t j) {
        const index_t turn = (i + 1) * (j + 1) % (2 * n + 2);  // the argument within one period
        return scale * std::sin(unit * detail::number(turn));
    });
}

/// Sylvester's Hadamard matrix of order n = 2^k: elements ±1, A A^T = n I. Errors: shape_error for other orders.
/// @snippet matrix_functions.cpp gallery_symmetric
template <class T = double>
[[nodiscard]] Matrix<T> hadamard_matrix(index_t n) {
    if (n < 1 || (n & (n - 1)) != 0)
        throw shape_error("gallery::hadamard_matrix: the order " + std::to_string(n) + " is no power of two");
    return detail::from_formula<T>(n, n, [](index_t i, index_t j) {
        index_t common = i & j, ones = 0;
        for (; common != 0; common &= common - 1) ++ones;
        return ones % 2 == 0 ? 1 : -1;
    });
}

/// The companion matrix of c[0] x^n + c[1] x^(n-1) + ... + c[n], as SciPy's: -c[1:] / c[0] in the first row, ones below
/// the diagonal; its eigenvalues are the roots. Errors: shape_error for an empty c or c[0] = 0.
/// @snippet matrix_functions.cpp gallery_spectra
template <VectorExpr V>
[[nodiscard]] Matrix<value_t<V>> companion(const V& c) {
    using T = value_t<V>;
    const index_t n = c.rows() * c.cols() - 1;
    const auto at = [&](index_t k) { return c.rows() == 1 ? c(0, k) : c(k, 0); };
    if (n < 0 || at(0) == T(0)) throw shape_error("gallery::companion: a leading coefficient that is not 0 is needed");
    return detail::from_formula<T>(
        n, n, [&](index_t i, index_t j) { return i == 0 ? T(-at(j + 1) / at(0)) : T(i == j + 1 ? 1 : 0); });
}

/// x[i]^j, m×n for m numbers x (columns by increasing powers; n < 0: n = m): det = prod over i < j of (x[j] - x[i]).
/// @snippet matrix_functions.cpp toeplitz
template <VectorExpr V>
[[nodiscard]] Matrix<value_t<V>> vandermonde(const V& x, index_t n = -1) {
    using T = value_t<V>;
    const index_t m = x.rows() * x.cols();
    Matrix<T> A(m, n < 0 ? m : n, uninitialized);
    for (index_t i = 0; i < m; ++i) {
        T power(1);
        const T base = x.rows() == 1 ? x(0, i) : x(i, 0);
        for (index_t j = 0; j < A.cols(); ++j, power *= base) A(i, j) = power;
    }
    return A;
}

/// 1 / (x[i] + y[j]). Errors: none; infinite where the sum is zero.
/// @snippet matrix_functions.cpp toeplitz
template <VectorExpr X, VectorExpr Y>
    requires SameValueType<X, Y>
[[nodiscard]] Matrix<value_t<X>> cauchy(const X& x, const Y& y) {
    using T = value_t<X>;
    const auto at = [](const auto& v, index_t k) { return v.rows() == 1 ? v(0, k) : v(k, 0); };
    return detail::from_formula<T>(x.rows() * x.cols(), y.rows() * y.cols(),
                                   [&](index_t i, index_t j) { return T(1) / (at(x, i) + at(y, j)); });
}

/// First column c, first row r, constant along diagonals; r[0] is not read. As SciPy's toeplitz(c, r).
/// @snippet matrix_functions.cpp toeplitz
template <VectorExpr C, VectorExpr R>
    requires SameValueType<C, R>
[[nodiscard]] Matrix<value_t<C>> toeplitz(const C& c, const R& r) {
    const auto at = [](const auto& v, index_t k) { return v.rows() == 1 ? v(0, k) : v(k, 0); };
    return detail::from_formula<value_t<C>>(c.rows() * c.cols(), r.rows() * r.cols(),
                                            [&](index_t i, index_t j) { return i >= j ? at(c, i - j) : at(r, j - i); });
}
/// First column c, first row conj(c): Hermitian when c[0] is real.
/// @snippet matrix_functions.cpp toeplitz
template <VectorExpr C>
[[nodiscard]] Matrix<value_t<C>> toeplitz(const C& c) {
    using T = value_t<C>;
    const auto at = [&](index_t k) { return c.rows() == 1 ? c(0, k) : c(k, 0); };
    const index_t n = c.rows() * c.cols();
    return detail::from_formula<T>(n, n, [&](index_t i, index_t j) -> T {
        if constexpr (is_complex_v<T>) {
            return i >= j ? T(at(i - j)) : std::conj(T(at(j - i)));
        } else {
            return i >= j ? at(i - j) : at(j - i);
        }
    });
}

/// First column c, each further one c shifted down round: eigenvalues are the discrete Fourier transform of c.
/// @snippet matrix_functions.cpp toeplitz
template <VectorExpr C>
[[nodiscard]] Matrix<value_t<C>> circulant(const C& c) {
    const index_t n = c.rows() * c.cols();
    return detail::from_formula<value_t<C>>(n, n, [&](index_t i, index_t j) {
        const index_t k = (i - j + n) % n;
        return c.rows() == 1 ? c(0, k) : c(k, 0);
    });
}

/// First column c, last row r, constant along antidiagonals; r[0] is not read. As SciPy's hankel(c, r).
/// @snippet matrix_functions.cpp toeplitz
template <VectorExpr C, VectorExpr R>
    requires SameValueType<C, R>
[[nodiscard]] Matrix<value_t<C>> hankel(const C& c, const R& r) {
    const auto at = [](const auto& v, index_t k) { return v.rows() == 1 ? v(0, k) : v(k, 0); };
    const index_t m = c.rows() * c.cols();
    return detail::from_formula<value_t<C>>(
        m, r.rows() * r.cols(), [&](index_t i, index_t j) { return i + j < m ? at(c, i + j) : at(r, i + j - m + 1); });
}

}  // namespace gram::gallery::inline GRAM_ISA
