// A x = w B x for symmetric and Hermitian pencils, the polar decomposition, and what the complex versions of the
// randomized methods promise.
#include "gram/linalg/eigh_generalized.hpp"

#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> random_matrix(index_t m, index_t n, std::uint64_t seed) {
    if constexpr (is_complex_v<T>) {
        return support::complex_gaussian<T>(m, n, seed);
    } else {
        return support::gaussian<T>(m, n, seed);
    }
}
template <class T>
Matrix<T> symmetric(index_t n, std::uint64_t seed) {
    const Matrix<T> A = random_matrix<T>(n, n, seed);
    return A + adjoint(A);
}
// Positive definite with a condition number of about 100.
template <class T>
Matrix<T> definite(index_t n, std::uint64_t seed) {
    const Matrix<T> A = random_matrix<T>(n, n + 5, seed);
    Matrix<T> B = A * A.H();
    for (index_t i = 0; i < n; ++i) B(i, i) = T(std::abs(B(i, i)) + real_t<T>(n) / 10);
    return B;
}

}  // namespace

TEMPLATE_TEST_CASE("a pencil's vectors are orthonormal in the inner product of B", "", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    using R = real_t<T>;
    for (const index_t n : {0, 1, 2, 3, 10, 33, 100}) {
        CAPTURE(n);
        const Matrix<T> A = symmetric<T>(n, 1), B = definite<T>(n, 2);
        const auto [w, X] = eigh(A, B);
        REQUIRE((w.size() == n && X.rows() == n && X.cols() == n));
        for (index_t i = 1; i < n; ++i) CHECK(w[i - 1] <= w[i]);
        const double cond_B = n == 0 ? 1 : static_cast<double>(cond(B));
        // Backward error of the pencil and B-orthogonality, with the factors the documentation names.
        const Matrix<T> AX = A * X, BXw = B * X * diag(cast<T>(w));
        const double residual = support::frobenius(Matrix<T>(AX - BXw));
        CHECK(support::ratio_of<T>(residual, n, support::frobenius(A) * support::frobenius(X) * std::sqrt(cond_B)) < 3);
        const Matrix<T> G = X.H() * B * X;
        CHECK(support::ratio_of<T>(support::frobenius(Matrix<T>(G - eye<T>(n))), n, cond_B) < 3);
        CHECK(support::values_ratio(eigvalsh(A, B), w, n == 0 ? 1 : static_cast<double>(max(abs(w))) * cond_B) < 3);
        // Against B = I: the plain problem.
        if (n > 0) {
            CHECK(support::values_ratio(eigvalsh(A, Matrix<T>(eye<T>(n))), eigvalsh(A),
                                        static_cast<double>(max(abs(eigvalsh(A))))) < 3);
        }
        (void)R();
    }
}

TEMPLATE_TEST_CASE("pencils of extreme scale", "", float, double) {
    using T = TestType;
    const Matrix<T> A = symmetric<T>(12, 3), B = definite<T>(12, 4);
    const auto w = eigvalsh(A, B);
    const T big = std::sqrt(std::numeric_limits<T>::max()) / 100;
    CHECK(support::values_ratio(Vector<T>(eigvalsh(Matrix<T>(A * big), B) / big), w, 1000) < 3);
    CHECK(support::values_ratio(Vector<T>(eigvalsh(A, Matrix<T>(B * big)) * big), w, 1000) < 3);
    CHECK(support::values_ratio(Vector<T>(eigvalsh(A, Matrix<T>(B / big)) / big), w, 1000) < 3);
}

TEST_CASE("pencils that are none") {
    const Matrix<double> A = {{1, 2}, {2, 1}}, I = eye<double>(2);
    CHECK_THROWS_AS(eigh(A, Matrix<double>{{1, 2}, {2, 1}}), not_positive_definite);
    CHECK_THROWS_WITH(eigh(A, Matrix<double>(eye<double>(3))), support::contains_text("2x2 and 3x3"));
    CHECK_THROWS_AS(eigh(Matrix<double>(2, 3), I), shape_error);
    const double none = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(eigh(Matrix<double>{{none, 0}, {0, 1}}, I), non_finite);
    CHECK_THROWS_AS(eigh(I, Matrix<double>{{none, 0}, {0, 1}}), non_finite);
}

TEMPLATE_TEST_CASE("polar: the nearest orthonormal columns, and a stretch that is exactly Hermitian", "", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {5, 5}, {40, 40}, {30, 8}, {8, 30}, {1, 6}, {0, 0}}) {
        CAPTURE(m, n);
        const Matrix<T> A = random_matrix<T>(m, n, 5);
        for (const bool left : {false, true}) {
            const auto [U, P] = polar(A, {.left = left});
            REQUIRE((U.rows() == m && U.cols() == n && P.rows() == (left ? m : n)));
            CHECK((left ? support::factor_ratio(A, P, U) : support::factor_ratio(A, U, P)) < 8);
            CHECK(support::orthogonality_ratio(m >= n ? U : Matrix<T>(U.H())) < 8);
            CHECK(support::identical(P, Matrix<T>(P.H())));
            if (P.rows() > 0) {
                const auto w = eigvalsh(P);
                CHECK(w[0] >= -8 * real_t<T>(P.rows()) * std::numeric_limits<real_t<T>>::epsilon() * max(abs(w)));
            }
        }
    }
}

TEST_CASE("polar of rank-deficient matrices still has orthonormal columns; of a rotation it is the rotation") {
    const Matrix<double> A = support::of_rank<double>(20, 12, 4, 6);
    const auto [U, P] = polar(A);
    CHECK(support::orthogonality_ratio(U) < 8);
    CHECK(support::factor_ratio(A, U, P) < 8);
    const Matrix<double> turn = {{0, -1}, {1, 0}};
    CHECK(allclose(polar(turn).U, turn));
    CHECK_THROWS_AS(polar(Matrix<double>{{std::numeric_limits<double>::infinity()}}), non_finite);
}

TEMPLATE_TEST_CASE("unitary matrices, randomized triples and power iteration of complex matrices", "",
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    Rng rng(7);
    const auto Q = random_orthogonal<T>(rng, 30);
    CHECK(support::orthogonality_ratio(Q) < 3);
    const Matrix<T> A = random_matrix<T>(60, 4, 8) * random_matrix<T>(4, 45, 9);
    const auto few = randomized_svd(A, 4, rng);
    CHECK(support::factor_ratio(A, support::times_diagonal(few.U, few.s), few.Vt) < 8);
    CHECK(support::orthogonality_ratio(few.U) < 8);
    const Matrix<T> spread = Q * diag(cast<T>(linspace<real_t<T>>(1, 30, 30))) * Q.H();
    const auto top = power_iteration(spread, rng);
    CHECK(std::abs(top.value - T(30)) < 3000 * std::numeric_limits<real_t<T>>::epsilon());
}
