/// Condition numbers without the cost of an SVD, and solutions refined to working accuracy.
#pragma once

#include <cmath>
#include <limits>
#include <utility>

#include "gram/linalg/norms.hpp"
#include "gram/linalg/solve.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// A lower bound, nearly always within a factor of 3, of ||inv(A)||_1 from A's LU factorization, by the power method on
/// the 1-norm with at most 5 solves with A and as many with A^H.
///
/// Source: Higham, FORTRAN codes for estimating the one-norm of a real or complex matrix, ACM TOMS 14 (1988); LAPACK
/// dlacn2.
template <class T>
real_t<T> inverse_one_norm(const SquareLu<T>& f) {
    using R = real_t<T>;
    const index_t n = f.ref().rows;
    const MatRef<const T> LU = f.ref();
    Vector<T> x(n), y(n);
    const auto column = [n](Vector<T>& v) { return MatRef<T>{v.data(), n, 1, 1, 1}; };
    const auto solve_adjoint = [&](Vector<T>& v) {  // P^T L^-H U^-H v
        kernel::conjugate(v.vec());
        kernel::trsm(Triangle::lower, Diagonal::general, T(1), LU.transposed(), column(v));
        kernel::trsm(Triangle::upper, Diagonal::unit, T(1), LU.transposed(), column(v));
        kernel::conjugate(v.vec());
        for (index_t i = n; i-- > 0;) std::swap(v[i], v[f.pivots.data()[i]]);
    };
    for (index_t i = 0; i < n; ++i) x[i] = R(1) / static_cast<R>(n);
    R estimate = 0;
    index_t last = -1;
    for (int pass = 0; pass < 5; ++pass) {
        y = x;
        lu_solve(LU, f.pivots.data(), column(y));
        const R norm = kernel::asum(y.vec());
        if (pass > 0 && !(norm > estimate)) break;
        estimate = norm;
        for (index_t i = 0; i < n; ++i) {
            const R size = std::abs(y[i]);
            y[i] = size == 0 ? T(1) : y[i] / size;
        }
        solve_adjoint(y);
        const index_t j = kernel::iamax(y.vec());
        if (j == last) break;
        last = j;
        for (index_t i = 0; i < n; ++i) x[i] = T(i == j ? 1 : 0);
    }
    // An alternating vector of growing size catches what cancellation hid.
    for (index_t i = 0; i < n; ++i) {
        const R size = 1 + (n > 1 ? static_cast<R>(i) / static_cast<R>(n - 1) : R(0));
        x[i] = i % 2 == 0 ? size : -size;
    }
    lu_solve(LU, f.pivots.data(), column(x));
    return std::max(estimate, 2 * kernel::asum(x.vec()) / (3 * static_cast<R>(n)));
}

/// sum += a * b in twice the working precision: sum + lost (Ogita, Rump & Oishi, Accurate sum and dot product, SISC 26,
/// 2005).
template <class R>
struct DoubleSum {
    R sum{}, lost{};

    void add_product(R a, R b) {
        const R product = a * b, error = std::fma(a, b, -product);
        const R next = sum + product, part = next - sum;
        lost += (sum - (next - part)) + (product - part) + error;
        sum = next;
    }
    [[nodiscard]] R value() const { return sum + lost; }
};

/// R = B - A X, every element as if computed in twice the precision.
template <class T>
void accurate_residual(MatRef<const T> A, MatRef<const T> X, MatRef<const T> B, MatRef<T> residual) {
    using R = real_t<T>;
    for (index_t i = 0; i < B.rows; ++i) {
        for (index_t j = 0; j < B.cols; ++j) {
            DoubleSum<R> re{real_of_number(B(i, j)), 0}, im{};
            if constexpr (is_complex_v<T>) im.sum = B(i, j).imag();
            for (index_t p = 0; p < A.cols; ++p) {
                const T a = A(i, p), x = X(p, j);
                re.add_product(-real_of_number(a), real_of_number(x));
                if constexpr (is_complex_v<T>) {
                    re.add_product(a.imag(), x.imag());
                    im.add_product(-a.real(), x.imag());
                    im.add_product(-a.imag(), x.real());
                }
            }
            if constexpr (is_complex_v<T>) {
                residual(i, j) = T(re.value(), im.value());
            } else {
                residual(i, j) = re.value();
            }
        }
    }
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// An estimate of the condition number ||A||_1 ||inv(A)||_1, never above it and nearly always within a factor of 3;
/// infinity for a singular matrix, 0 for an empty one.
///
/// Cost: an LU factorization and some solves: 2/3 n^3 flops, against 4/3 n^3 and more for cond(A). Errors: shape_error;
/// non_finite. Deterministic.
/// @snippet factorizations.cpp condition
template <linalg::FieldExpr E>
[[nodiscard]] real_t<value_t<E>> cond_estimate(const E& A) {
    using R = real_t<value_t<E>>;
    const auto f = linalg::detail::square_lu(A, "cond_estimate");
    if (A.rows() == 0) return R(0);
    if (f.zero_pivot >= 0) return std::numeric_limits<R>::infinity();
    // The norm of B times what keeps it in range.
    Matrix<value_t<E>> B(A);
    const R safe = linalg::detail::scale_factor(B.ref());
    kernel::scale(safe, B.ref());
    return norm(B, one) * (f.loaded.scale / safe) * linalg::detail::inverse_one_norm(f);
}
/// 1 / cond_estimate(A) as LAPACK's rcond: 0 for a singular matrix; infinity for an empty one.
/// @snippet factorizations.cpp condition
template <linalg::FieldExpr E>
[[nodiscard]] real_t<value_t<E>> rcond(const E& A) {
    return 1 / cond_estimate(A);
}

/// What solve_refined found.
template <class X, class R>
struct Refined {
    X x;
    index_t iterations = 0;  ///< corrections that were applied
    R correction{};          ///< the last one, relative to x: about the forward error that is left
};

/// solve(A, b) followed by iterative refinement with residuals in twice the precision: the solution is accurate to
/// nearly all digits as long as cond(A) eps is well below 1.
///
/// Cost: that of solve and 2 n^2 k accurate (about ten times dearer) multiply-adds for each step, of which there are at
/// most 10. Errors: as solve. Not meaningful under -ffast-math.
/// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., ch. 12.
/// @snippet factorizations.cpp refined
template <linalg::FieldExpr E, linalg::FieldExpr B>
    requires linalg::System<E, B>
[[nodiscard]] auto solve_refined(const E& A, const B& b) {
    using T = value_t<E>;
    using R = real_t<T>;
    const Matrix<T> matrix(A), rhs(b);
    linalg::detail::require_same_rows(matrix, rhs, "solve_refined");
    const auto f = linalg::detail::square_lu(matrix, "solve_refined");
    linalg::detail::require_regular(f, "solve_refined");
    linalg::detail::require_finite(kernel::MatRef<const T>(rhs.ref()), "solve_refined, right-hand side");
    Matrix<T> X = rhs, correction(rhs.rows(), rhs.cols());
    const auto apply = [&](Matrix<T>& Y) {
        linalg::lu_solve(f.ref(), f.pivots.data(), Y.ref());
        kernel::scale(f.loaded.scale, Y.ref());
    };
    apply(X);
    using Solution = std::conditional_t<cols_v<B> == 1, Vector<T>, Matrix<T>>;
    Refined<Solution, R> result;
    R before = std::numeric_limits<R>::infinity();
    for (int step = 0; step < 10 && !X.empty(); ++step) {
        linalg::detail::accurate_residual<T>(matrix.ref(), X.ref(), rhs.ref(), correction.ref());
        apply(correction);
        const R size = kernel::max_abs(X.ref()), change = kernel::max_abs(correction.ref());
        if (!(change < before / 2)) break;  // no more progress, or it does not converge
        for (index_t i = 0; i < X.size(); ++i) X.data()[i] += correction.data()[i];
        ++result.iterations;
        result.correction = size > 0 ? change / size : R(0);
        before = change;
        if (change <= std::numeric_limits<R>::epsilon() / 2 * size) break;
    }
    result.x = Solution(X.rows(), X.cols());
    kernel::copy(X.ref(), result.x.ref());
    return result;
}

}  // namespace gram::inline GRAM_ISA
