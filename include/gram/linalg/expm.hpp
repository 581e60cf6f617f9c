/// The exponential of a square matrix, and its cosine and sine.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "gram/linalg/field.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// A degree of Padé approximation and the norm up to which its backward error is below the unit roundoff.
struct PadeStage {
    int degree;
    double bound;
};

template <class R>
inline constexpr std::array<PadeStage, 5> exp_stages = {PadeStage{3, 1.495585217958292e-2},
                                                        {5, 2.539398330063230e-1},
                                                        {7, 9.504178996162932e-1},
                                                        {9, 2.097847961257068e0},
                                                        {13, 4.25}};
template <>
inline constexpr std::array<PadeStage, 5> exp_stages<float> = {PadeStage{3, 4.258730016922831e-1},
                                                               {5, 1.880152677804762e0},
                                                               {7, 3.925724783138660e0},
                                                               {7, 3.925724783138660e0},
                                                               {7, 3.925724783138660e0}};

/// Coefficients of the numerator of the [m/m] Padé approximation to exp, from x^0; the last one is 1.
inline std::array<double, 14> exp_coefficients(int m) {
    std::array<double, 14> b{};
    b[static_cast<std::size_t>(m)] = 1;
    for (int j = m; j > 0; --j) {
        b[static_cast<std::size_t>(j - 1)] = b[static_cast<std::size_t>(j)] * j * (2 * m - j + 1) / (m - j + 1);
    }
    return b;
}

/// How many more halvings the [m/m] approximation needs for a matrix far from normal (the function l of the source).
template <class S>
[[nodiscard]] int extra_halvings(MatRef<S> A, real_t<S> scale, int m) {
    using R = real_t<S>;
    const index_t n = A.rows;
    const kernel::Buffer<double> x(n), y(n);
    for (index_t i = 0; i < n; ++i) x.data()[i] = 1;
    double log_growth = 0;
    for (int power = 0; power < 2 * m + 1; ++power) {  // x = |A|^T x, kept near 1
        double largest = 0;
        for (index_t j = 0; j < n; ++j) {
            double sum = 0;
            for (index_t i = 0; i < n; ++i) sum += static_cast<double>(std::abs(A(i, j) * scale)) * x.data()[i];
            y.data()[j] = sum;
            largest = std::max(largest, sum);
        }
        if (largest == 0) return 0;
        for (index_t j = 0; j < n; ++j) x.data()[j] = y.data()[j] / largest;
        log_growth += std::log2(largest);
    }
    // 1 / |c| = binomial(2m, m) (2m + 1)!
    double log_c = 0;
    for (int j = 1; j <= m; ++j) log_c -= std::log2(static_cast<double>(m + j) / j);
    for (int j = 2; j <= 2 * m + 1; ++j) log_c -= std::log2(static_cast<double>(j));
    const double norm = static_cast<double>(one_norm(A) * scale);
    const double alpha = log_c + log_growth - std::log2(norm) + std::numeric_limits<R>::digits;
    return std::max(0, static_cast<int>(std::ceil(alpha / (2 * m))));
}

/// Powers 2, 4, 6 and 8 of a scaled matrix.
template <class S>
struct EvenPowers {
    Workspace<S> at[4];
    real_t<S> norms[4] = {};

    void set(int i, MatRef<S> A, MatRef<S> B) {
        at[i] = Workspace<S>(A.rows, A.rows);
        kernel::gemm(S(1), A, B, S(0), at[i].ref());
        norms[i] = one_norm(at[i].ref());
    }
    [[nodiscard]] MatRef<S> operator[](int i) const { return at[i].ref(); }
};

/// sum of b[first + 2 i] P_i for i < count, with P_0 = I; P_i the even powers.
template <class S>
void even_polynomial(const EvenPowers<S>& P, const std::array<double, 14>& b, int first, int count, MatRef<S> out) {
    using R = real_t<S>;
    kernel::fill(out, S(0));
    for (int i = 1; i < count; ++i) {
        const S factor(static_cast<R>(b[static_cast<std::size_t>(first + 2 * i)]));
        for (index_t j = 0; j < out.cols; ++j) kernel::axpy(factor, P[i - 1].col(j), out.col(j));
    }
    for (index_t i = 0; i < out.rows; ++i) out(i, i) += S(static_cast<R>(b[static_cast<std::size_t>(first)]));
}

/// X = r(A), the [m/m] Padé approximation, for a small A whose even powers up to min(m - 1, 6) or 8 are given.
template <class S>
void exp_pade(int m, MatRef<S> A, const EvenPowers<S>& P, MatRef<S> X) {
    using R = real_t<S>;
    const index_t n = A.rows;
    auto b = exp_coefficients(m);
    const double top = b[0];  // so that numbers stay near 1
    for (double& x : b) x /= top;
    const Workspace<S> odd(n, n), even(n, n), work(n, n);
    const MatRef<S> U = odd.ref(), V = even.ref(), W = work.ref();
    if (m < 13) {
        even_polynomial(P, b, 1, (m + 1) / 2, W);
        even_polynomial(P, b, 0, (m + 1) / 2, V);
    } else {
        const auto high = [&](int first, MatRef<S> low) {  // low += A6 (b8 A2 + b10 A4 + b12 A6)
            kernel::fill(X, S(0));
            for (int i = 0; i < 3; ++i)
                for (index_t j = 0; j < n; ++j)
                    kernel::axpy(S(static_cast<R>(b[static_cast<std::size_t>(first + 2 * i)])), P[i].col(j), X.col(j));
            kernel::gemm(S(1), P[2], X, S(1), low);
        };
        even_polynomial(P, b, 1, 4, W);
        high(9, W);
        even_polynomial(P, b, 0, 4, V);
        high(8, V);
    }
    kernel::gemm(S(1), A, W, S(0), U);
    // (V - U) X = V + U
    for (index_t j = 0; j < n; ++j) {
        for (index_t i = 0; i < n; ++i) {
            const S u = U(i, j), v = V(i, j);
            X(i, j) = v + u;
            V(i, j) = v - u;
        }
    }
    if (!solve_in_place(V, X)) throw non_finite("expm: overflow in the denominator of the Pade approximation");
}

/// exp((a + b) / 2) sinh((a - b) / 2) / ((a - b) / 2): the divided difference of exp at a and b.
template <class S>
[[nodiscard]] S exp_difference(S a, S b) {
    using R = real_t<S>;
    const S half = (a - b) / R(2);
    if (std::abs(half) > R(1)) return (std::exp(a) - std::exp(b)) / (a - b);
    S quotient(1);  // sinh(h) / h by its series
    const S square = half * half;
    for (int k = 9; k > 0; --k) quotient = S(1) + square / S(static_cast<R>(2 * k * (2 * k + 1))) * quotient;
    return std::exp((a + b) / R(2)) * quotient;
}

/// The diagonal and the one above it of exp(factor A) for an upper triangular A, without the errors of squaring.
template <class S>
void exact_diagonals(MatRef<S> A, real_t<S> factor, MatRef<S> X) {
    for (index_t i = 0; i < A.rows; ++i) {
        X(i, i) = std::exp(A(i, i) * factor);
        if (i > 0) X(i - 1, i) = factor * A(i - 1, i) * exp_difference(A(i - 1, i - 1) * factor, A(i, i) * factor);
    }
}

template <class S>
[[nodiscard]] bool is_upper_triangular(MatRef<S> A) {
    for (index_t j = 0; j < A.cols; ++j)
        for (index_t i = j + 1; i < A.rows; ++i)
            if (A(i, j) != S(0)) return false;
    return true;
}

/// X = exp(A); A is not changed. May overflow.
template <class S>
void exp_in(MatRef<S> A, MatRef<S> X) {
    using R = real_t<S>;
    const index_t n = A.rows;
    const bool triangular = is_upper_triangular(A);
    if (!triangular && is_upper_triangular(A.transposed())) return exp_in(A.transposed(), X.transposed());
    const Workspace<S> scaled(n, n), next(n, n);
    const MatRef<S> B = scaled.ref();
    kernel::copy(A, B);
    int halvings = 0;
    // The first eight powers of B must not overflow.
    const R largest = kernel::max_abs(A);
    if (largest > R(0)) {
        const int bits = std::ilogb(largest) + std::ilogb(static_cast<double>(n)) + 2;
        halvings = std::max(0, bits - std::numeric_limits<R>::max_exponent / 10);
    }
    if (halvings > 0) kernel::scale(S(std::ldexp(R(1), -halvings)), B);

    EvenPowers<S> P;
    P.set(0, B, B);
    P.set(1, P[0], P[0]);
    P.set(2, P[0], P[1]);
    const double d4 = std::pow(static_cast<double>(P.norms[1]), 0.25);
    const double eta = std::max(d4, std::pow(static_cast<double>(P.norms[2]), 1.0 / 6));
    int degree = 0;
    for (const PadeStage& stage : exp_stages<R>) {
        if (degree == 0 && eta <= stage.bound && stage.degree < 13 && extra_halvings(B, R(1), stage.degree) == 0) {
            degree = stage.degree;
        }
    }
    if (degree == 0) {
        degree = exp_stages<R>.back().degree;
        int more = eta > exp_stages<R>.back().bound
                       ? static_cast<int>(std::ceil(std::log2(eta / exp_stages<R>.back().bound)))
                       : 0;
        more += extra_halvings(B, std::ldexp(R(1), -more), degree);
        const R factor = std::ldexp(R(1), -more);
        kernel::scale(S(factor), B);
        for (int i = 0; i < 3; ++i) kernel::scale(S(std::pow(factor, static_cast<R>(2 * i + 2))), P[i]);
        halvings += more;
    }
    if (degree == 9) P.set(3, P[1], P[1]);
    exp_pade(degree, B, P, X);

    if (triangular) exact_diagonals(A, std::ldexp(R(1), -halvings), X);
    for (int left = halvings; left > 0; --left) {
        kernel::gemm(S(1), X, X, S(0), next.ref());
        kernel::copy(next.ref(), X);
        if (triangular) exact_diagonals(A, std::ldexp(R(1), 1 - left), X);
    }
    if (triangular) clear_below(X, 0);
}

template <class S>
void require_representable(MatRef<S> X, const char* name) {
    if (!kernel::all_finite(X)) throw non_finite(std::string(name) + ": the result overflows");
}

/// X = exp(i A) and, unless A is real, Y = exp(-i A).
template <class S>
void exp_of_imaginary(MatRef<S> A, MatRef<complex_t<S>> X, MatRef<complex_t<S>> Y, const char* name) {
    using C = complex_t<S>;
    const index_t n = A.rows;
    const Workspace<C> turned(n, n);
    for (index_t j = 0; j < n; ++j) {
        for (index_t i = 0; i < n; ++i) {
            const C a(A(i, j));
            turned.ref()(i, j) = C(-a.imag(), a.real());
        }
    }
    exp_in(turned.ref(), X);
    require_representable(X, name);
    if constexpr (is_complex_v<S>) {
        kernel::scale(C(-1), turned.ref());
        exp_in(turned.ref(), Y);
        require_representable(Y, name);
    }
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The exponential of an n×n real or complex matrix.
///
/// Accuracy: exp(A + E) with ||E|| below the unit roundoff times ||A||, but for the rounding errors of the squarings,
/// which matter for matrices far from normal. Of triangular matrices, the diagonal and the one beside it are exact
/// to a few ulps. Cost: at most 20 n^3 / 3 flops and 2 n^3 for each doubling of a norm above 5.
/// Errors: shape_error unless square; non_finite, also when the exponential overflows.
/// Source: Al-Mohy & Higham, A new scaling and squaring algorithm for the matrix exponential, SIAM J. Matrix Anal. 31
/// (2009), with bounds instead of estimates of norms; in single precision the bounds of Higham, The scaling and
/// squaring method revisited, SIAM J. Matrix Anal. 26 (2005).
/// @snippet matrix_functions.cpp expm
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> expm(const E& A) {
    using S = value_t<E>;
    const auto work = linalg::detail::load_square(A, "expm");
    const index_t n = A.rows();
    Matrix<S> result(n, n, uninitialized);
    if (n == 0) return result;
    const linalg::Workspace<S> X(n, n);
    linalg::detail::exp_in(work.ref(), X.ref());
    linalg::detail::require_representable(X.ref(), "expm");
    kernel::copy(X.ref(), result.ref());
    return result;
}

/// The cosine of an n×n matrix, (exp(i A) + exp(-i A)) / 2; of a real matrix the real part of exp(i A).
/// Cost and errors: as expm of a complex matrix.
/// @snippet matrix_functions.cpp cosm
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> cosm(const E& A) {
    using S = value_t<E>;
    using C = linalg::detail::complex_t<S>;
    const auto work = linalg::detail::load_square(A, "cosm");
    const index_t n = A.rows();
    if (n == 0) return Matrix<S>(0, 0);
    const linalg::Workspace<C> x(n, n), y(n, n);
    const auto X = x.ref(), Y = y.ref();
    linalg::detail::exp_of_imaginary(work.ref(), X, Y, "cosm");
    if constexpr (is_complex_v<S>) {
        for (index_t j = 0; j < n; ++j)
            for (index_t i = 0; i < n; ++i) X(i, j) = (X(i, j) + Y(i, j)) / real_t<S>(2);
    }
    return linalg::detail::from_complex<S>(X);
}

/// The sine of an n×n matrix, (exp(i A) - exp(-i A)) / 2i; of a real matrix the imaginary part of exp(i A).
/// Cost and errors: as expm of a complex matrix.
/// @snippet matrix_functions.cpp sinm
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> sinm(const E& A) {
    using S = value_t<E>;
    using C = linalg::detail::complex_t<S>;
    const auto work = linalg::detail::load_square(A, "sinm");
    const index_t n = A.rows();
    if (n == 0) return Matrix<S>(0, 0);
    const linalg::Workspace<C> x(n, n), y(n, n);
    const auto X = x.ref(), Y = y.ref();
    linalg::detail::exp_of_imaginary(work.ref(), X, Y, "sinm");
    for (index_t j = 0; j < n; ++j) {
        for (index_t i = 0; i < n; ++i) {
            const C d = is_complex_v<S> ? (X(i, j) - Y(i, j)) / real_t<S>(2) : X(i, j);
            X(i, j) = C(d.imag(), -d.real());
        }
    }
    return linalg::detail::from_complex<S>(X);
}

}  // namespace gram::inline GRAM_ISA
