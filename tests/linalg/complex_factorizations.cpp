// LU, Cholesky, QR, eigh, SVD of complex matrices, and what is one call away from them.
#include <complex>
#include <limits>
#include <vector>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;
using support::complex_gaussian;
using support::Worst;

namespace {

template <class C>
Matrix<C> permuted_rows(const Matrix<C>& A, const Vector<index_t>& p) {
    Matrix<C> B(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) B(i, j) = A(p[i], j);
    return B;
}

// s_1 / s_r for the rank r.
template <class C>
double condition(const Matrix<C>& A) {
    const auto s = singular_values(A);
    return static_cast<double>(s[0] / s[matrix_rank(A) - 1]);
}

template <class C>
void check_lu(const Matrix<C>& A, Worst& worst) {
    const auto [L, U, p] = lu(A);
    CHECK(worst(support::factor_ratio(permuted_rows(A, p), L, U)) < 30);
    for (const C& l : L) REQUIRE(std::abs(l) <= 1 + 4 * std::numeric_limits<real_t<C>>::epsilon());
}

template <class C>
void check_qr(const Matrix<C>& A, Worst& worst) {
    const auto [Q, R] = qr(A, {.full = true, .block = 3});
    CHECK(worst(support::factor_ratio(A, Q, R)) < 30);
    CHECK(worst(support::orthogonality_ratio(Q)) < 30);
    const auto pivoted = qr_pivoted(A, {.params = {.block = 4, .unblocked_below = 6}});
    Matrix<C> AP(A.rows(), A.cols());
    for (index_t j = 0; j < A.cols(); ++j) AP.col(j) = A.col(pivoted.p[j]);
    CHECK(worst(support::factor_ratio(AP, pivoted.Q, pivoted.R)) < 30);
    CHECK(worst(support::orthogonality_ratio(pivoted.Q)) < 30);
    for (index_t i = 1; i < std::min(A.rows(), A.cols()); ++i) {
        const auto slack = 1 + 100 * std::numeric_limits<real_t<C>>::epsilon();
        CHECK(std::abs(pivoted.R(i, i)) <= std::abs(pivoted.R(i - 1, i - 1)) * slack);
    }
}

template <class C>
void check_svd(const Matrix<C>& A, Worst& worst) {
    const auto [U, s, Vt] = svd(A);
    CHECK(worst(support::factor_ratio(A, support::times_diagonal(U, s), Vt)) < 30);
    CHECK(worst(support::orthogonality_ratio(U)) < 30);
    CHECK(worst(support::orthogonality_ratio(support::adjoint_of(Vt))) < 30);
    for (index_t i = 0; i < s.size(); ++i) REQUIRE((s[i] >= 0 && (i == 0 || s[i] <= s[i - 1])));
    const double top = s.size() == 0 ? 0 : static_cast<double>(s[0]);
    CHECK(worst(support::values_ratio(singular_values(A), s, top)) < 30);
    const auto full = svd(A, {.vectors = Vectors::full});
    CHECK(worst(support::orthogonality_ratio(full.U)) < 30);
    CHECK(worst(support::orthogonality_ratio(full.Vt)) < 30);
}

template <class C>
void check_eigh(const Matrix<C>& S, Worst& worst) {
    const auto [values, Z] = eigh(S);
    CHECK(worst(support::factor_ratio(S, support::times_diagonal(Z, values), support::adjoint_of(Z))) < 30);
    CHECK(worst(support::orthogonality_ratio(Z)) < 30);
    for (index_t i = 1; i < values.size(); ++i) REQUIRE(values[i] >= values[i - 1]);
    CHECK(worst(support::values_ratio(eigvalsh(S), values, support::frobenius(S))) < 30);
}

}  // namespace

TEMPLATE_TEST_CASE("complex: every factorization of every hostile matrix", "[linalg]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    Worst worst;
    for (const index_t m : {0, 1, 2, 5, 17}) {
        for (const index_t n : {0, 1, 3, 5, 18}) {
            for (const auto& [name, A] : support::hostile_complex<C>(m, n)) {
                CAPTURE(name, m, n);
                check_lu(A, worst);
                check_qr(A, worst);
                check_svd(A, worst);
                if (m == n || n == 18)
                    check_eigh(support::hermitian(Matrix<C>(A.block(0, 0, std::min(m, n), std::min(m, n)))), worst);
            }
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 6);
}

TEMPLATE_TEST_CASE("complex: sizes around the blocks", "[linalg]", std::complex<float>, std::complex<double>) {
    using C = TestType;
    Worst worst;
    for (const auto& [m, n] :
         {std::pair<index_t, index_t>{33, 33}, {65, 64}, {63, 130}, {130, 65}, {97, 97}, {200, 30}}) {
        CAPTURE(m, n);
        const auto A = complex_gaussian<C>(m, n, 5);
        check_lu(A, worst);
        check_qr(A, worst);
        check_svd(A, worst);
    }
    check_eigh(support::hermitian(complex_gaussian<C>(65, 65, 6)), worst);
    check_eigh(support::hermitian(complex_gaussian<C>(220, 220, 6)), worst);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("complex: Cholesky of positive definite matrices, and what it refuses", "[linalg]",
                   std::complex<float>, std::complex<double>) {
    using C = TestType;
    Worst worst;
    for (const index_t n : {0, 1, 2, 5, 16, 17, 33, 65}) {
        const auto B = complex_gaussian<C>(n, n + 2, 7);
        for (const double factor : {1.0, 1e-30, 1e15}) {
            Matrix<C> A = B * support::adjoint_of(B);
            for (C& a : A) a *= static_cast<real_t<C>>(factor);
            const auto L = cholesky(A);
            CHECK(worst(support::factor_ratio(A, L, support::adjoint_of(L))) < 30);
            for (index_t i = 0; i < n; ++i) REQUIRE((L(i, i).real() > 0 && L(i, i).imag() == 0));
        }
    }
    CHECK(worst.value < 3);
    CHECK_THROWS_AS(cholesky(Matrix<C>{{C(1), C(0)}, {C(0, 2), C(3)}}), not_positive_definite);
    CHECK_THROWS_AS(cholesky(Matrix<C>{{C(-1)}}), not_positive_definite);
}

TEMPLATE_TEST_CASE("complex: solve, inv, solve_triangular, lstsq", "[linalg]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    Worst worst;
    for (const index_t n : {1, 2, 5, 33, 70}) {
        const auto A = complex_gaussian<C>(n, n, 8), B = complex_gaussian<C>(n, 3, 9);
        CHECK(worst(support::solve_ratio(A, solve(A, B), B)) < 30);
        const auto X = inv(A);
        Matrix<C> I = eye<C>(n);
        CHECK(worst(support::solve_ratio(A, X, I)) < 30);
        const auto L = cholesky(A * support::adjoint_of(A));
        CHECK(worst(support::solve_ratio(L, solve_triangular(L, B), B)) < 30);
    }
    for (const auto& [m, n] : {std::pair<index_t, index_t>{9, 4}, {40, 33}, {4, 9}, {33, 70}}) {
        for (const index_t rank : {index_t{3}, std::min(m, n)}) {
            CAPTURE(m, n, rank);
            Matrix<C> A = complex_gaussian<C>(m, rank, 10) * complex_gaussian<C>(rank, n, 11);
            const auto B = complex_gaussian<C>(m, 2, 12);
            const Matrix<C> x = lstsq(A, B), residual = B - A * x;
            const auto AH = support::adjoint_of(A);
            // The residual is orthogonal to the range, and x to the null space.
            const double scale =
                support::frobenius(A) * (support::frobenius(A) * support::frobenius(x) + support::frobenius(B));
            CHECK(worst(support::ratio_of<C>(support::frobenius(Matrix<C>(AH * residual)), std::max(m, n), scale)) <
                  30);
            const Matrix<C> N = null_space(A);
            REQUIRE(N.cols() == n - rank);
            CHECK(worst(support::ratio_of<C>(support::frobenius(Matrix<C>(A * N)), std::max(m, n),
                                             support::frobenius(A))) < 30);
            const double outside = support::frobenius(Matrix<C>(support::adjoint_of(N) * x));
            CHECK(outside < 100 * static_cast<double>(n) * support::eps_of<C> * support::frobenius(x) * condition(A));
            CHECK(matrix_rank(A) == rank);
            const Matrix<C> y = pinv(A) * B;
            CHECK(support::distance_ratio(x, y) < 1e4);
        }
    }
    CHECK(worst.value < 6);
}

TEMPLATE_TEST_CASE("complex: determinants", "[linalg]", std::complex<float>, std::complex<double>) {
    using C = TestType;
    using R = real_t<C>;
    const Matrix<C> A = {{C(1, 1), C(2)}, {C(0, 1), C(3, -1)}};
    const C exact = C(1, 1) * C(3, -1) - C(2) * C(0, 1);
    CHECK(std::abs(det(A) - exact) < 10 * support::eps_of<C>);
    const auto [sign, log] = slogdet(A);
    CHECK(std::abs(std::abs(sign) - 1) < 4 * support::eps_of<C>);
    CHECK(std::abs(sign * std::exp(log) - exact) < 20 * support::eps_of<C>);
    CHECK(det(Matrix<C>(0, 0)) == C(1));
    CHECK(det(Matrix<C>{{C(1), C(0, 1)}, {C(0, 1), C(-1)}}) == C(0));
    const auto large = slogdet(Matrix<C>(A * R(1e30)));
    CHECK(std::abs(static_cast<double>(large.logabsdet - log) - 2 * std::log(1e30)) < 1e-3);
}

TEMPLATE_TEST_CASE("complex: a NaN or an infinity in either part is refused", "[linalg]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    using R = real_t<C>;
    for (const R bad : {std::numeric_limits<R>::quiet_NaN(), std::numeric_limits<R>::infinity()}) {
        for (const C entry : {C(bad, 0), C(0, bad)}) {
            auto A = complex_gaussian<C>(5, 5, 13);
            A(3, 1) = entry;
            CHECK_THROWS_AS(lu(A), non_finite);
            CHECK_THROWS_AS(cholesky(A), non_finite);
            CHECK_THROWS_AS(qr(A), non_finite);
            CHECK_THROWS_AS(qr_pivoted(A), non_finite);
            CHECK_THROWS_AS(svd(A), non_finite);
            CHECK_THROWS_AS(eigh(A), non_finite);
            CHECK_THROWS_AS(solve(A, A), non_finite);
            CHECK_THROWS_AS(lstsq(A, A), non_finite);
        }
    }
}
