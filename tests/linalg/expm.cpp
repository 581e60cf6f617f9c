#include "gram/linalg/expm.hpp"

#include <cmath>

#include "gram/linalg/matrix_power.hpp"
#include "support/catch.hpp"
#include "support/square_matrices.hpp"

namespace {

using gram::index_t;
using gram::Matrix;
using support::Wide;
using support::wide;

// ||X - Y|| / (n eps ||Y||)
double distance(const Wide& X, const Wide& Y, double eps) {
    const double error = support::frobenius(X - Y);
    return error == 0 ? 0 : error / (eps * static_cast<double>(Y.rows) * support::frobenius(Y));
}

// ||A|| scaled to 3 at most.
template <class S>
Matrix<S> moderate(Matrix<S> A) {
    const double norm = support::frobenius(A);
    if (norm > 3)
        for (S& x : A) x = S(static_cast<gram::real_t<S>>(3 / norm)) * x;
    return A;
}

// A matrix and its exponential.
struct Known {
    std::vector<std::vector<double>> A, X;
};

template <class S>
Matrix<S> matrix_of(const std::vector<std::vector<double>>& rows) {
    const auto n = static_cast<index_t>(rows.size());
    Matrix<S> A(n, n);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j)
            A(i, j) = S(static_cast<gram::real_t<S>>(rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]));
    return A;
}

}  // namespace

TEMPLATE_TEST_CASE("expm: the inverse is the exponential of the negative, the square that of the double", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    support::Worst inverse, square;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 33}) {
        for (const auto& [name, hostile] : support::hostile_square<S>(n)) {
            CAPTURE(name, n);
            Matrix<S> A = moderate(hostile), minus = A, twice = A;
            for (S& x : minus) x = -x;
            for (S& x : twice) x = x + x;
            const Wide X = wide(gram::expm(A)), Y = wide(gram::expm(minus)), Z = wide(gram::expm(twice));
            const double size = support::frobenius(X) * support::frobenius(Y);
            const double error = support::frobenius(X * Y - support::identity(n));
            CHECK(inverse(error == 0 ? 0 : error / (eps * static_cast<double>(n) * size)) < 10);
            CHECK(square(distance(X * X, Z, eps)) < 30);
        }
    }
    INFO("worst ratios " << inverse.value << ", " << square.value);
    CHECK(inverse.value < 5);
    CHECK(square.value < 15);
}

TEMPLATE_TEST_CASE("expm: closed forms", "[linalg]", float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = gram::real_t<S>;
    constexpr double eps = support::eps_of<S>;
    const double e = std::exp(1.0), c = std::cos(2.0), s = std::sin(2.0), h = (e - 1 / e) / 2;
    const std::vector<Known> list = {
        {{{0, 0}, {0, 0}}, {{1, 0}, {0, 1}}},
        {{{1, 0}, {0, -1}}, {{e, 0}, {0, 1 / e}}},
        {{{0, 2}, {-2, 0}}, {{c, s}, {-s, c}}},
        {{{0, 1, 0}, {0, 0, 1}, {0, 0, 0}}, {{1, 1, 0.5}, {0, 1, 1}, {0, 0, 1}}},
        {{{1, 4096}, {0, -1}}, {{e, 4096 * h}, {0, 1 / e}}},  // no scaling beyond what the powers need
        {{{1, 1}, {0, 1}}, {{e, e}, {0, e}}},
        {{{0, 1e30}, {0, 0}}, {{1, 1e30}, {0, 1}}},
        {{{0, 0}, {1e30, 0}}, {{1, 0}, {1e30, 1}}},
        // Moler & Van Loan, Nineteen dubious ways, SIAM Review 20 (1978), sec. 1: [1 3; 2 4] diag(-1, -17) inverse.
        {{{-49, 24}, {-64, 31}},
         {{-2 / e + 3 * std::exp(-17), 1.5 / e - 1.5 * std::exp(-17)},
          {-4 / e + 4 * std::exp(-17), 3 / e - 2 * std::exp(-17)}}},
    };
    for (std::size_t k = 0; k < list.size(); ++k) {
        CAPTURE(k);
        const auto A = matrix_of<S>(list[k].A);
        // The last one has a condition number of about 1e3.
        CHECK(distance(wide(gram::expm(A)), wide(matrix_of<std::complex<double>>(list[k].X)), eps) <
              (k == 8 ? 500 : 4));
    }
    // Far below zero nothing is left, and nothing goes wrong.
    Matrix<S> cold(3, 3);
    for (index_t i = 0; i < 3; ++i) cold(i, i) = S(R(-1e30)), cold(0, i) -= S(R(1e5));
    CHECK(support::frobenius(gram::expm(cold)) == 0);
}

TEMPLATE_TEST_CASE("expm: the exponential of a skew-Hermitian matrix is unitary, whatever its norm", "[linalg]", double,
                   std::complex<float>) {
    using S = TestType;
    for (const index_t n : {1, 4, 20, 65}) {
        const auto G = support::gaussian_of<S>(n, n, 7);
        for (const double factor : {0.001, 0.3, 2.0, 20.0}) {
            Matrix<S> K(n, n);
            for (index_t i = 0; i < n; ++i)
                for (index_t j = 0; j < n; ++j) {
                    if constexpr (gram::is_complex_v<S>) {
                        K(i, j) = static_cast<gram::real_t<S>>(factor) * (G(i, j) - std::conj(G(j, i)));
                    } else {
                        K(i, j) = factor * (G(i, j) - G(j, i));
                    }
                }
            CAPTURE(n, factor);
            const double growth = 1 + support::frobenius(K) / std::sqrt(static_cast<double>(n));  // one per doubling
            CHECK(support::unitarity(wide(gram::expm(K)), support::eps_of<S>) < 5 * growth);
        }
    }
}

TEMPLATE_TEST_CASE("cosm and sinm: squares add up to the identity, and to the exponential", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 5, 17}) {
        for (const auto& [name, hostile] : support::hostile_square<S>(n)) {
            CAPTURE(name, n);
            const auto A = moderate(hostile);
            const Wide C = wide(gram::cosm(A)), D = wide(gram::sinm(A));
            const double size =
                support::frobenius(C) * support::frobenius(C) + support::frobenius(D) * support::frobenius(D);
            const double error = support::frobenius(C * C + D * D - support::identity(n));
            CHECK(worst(error == 0 ? 0 : error / (eps * static_cast<double>(n) * size)) < 10);
            // Odd and even.
            Matrix<S> minus = A;
            for (S& x : minus) x = -x;
            CHECK(distance(wide(gram::cosm(minus)), C, eps) < 5);
            CHECK(support::frobenius(wide(gram::sinm(minus)) + D) <=
                  5 * eps * static_cast<double>(n) * std::sqrt(size));
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 4);
    const auto c = gram::cosm(Matrix<S>{{S(1)}}), s = gram::sinm(Matrix<S>{{S(1)}});
    CHECK(std::abs(std::complex<double>(c(0, 0)) - std::cos(1.0)) < 2 * eps);
    CHECK(std::abs(std::complex<double>(s(0, 0)) - std::sin(1.0)) < 2 * eps);
}

TEMPLATE_TEST_CASE("expm: refuses what is not square, not finite, or overflows", "[linalg]", float,
                   std::complex<double>) {
    using S = TestType;
    CHECK_THROWS_AS(gram::expm(Matrix<S>(3, 2)), gram::shape_error);
    CHECK_THROWS_WITH(gram::cosm(Matrix<S>(3, 2)), support::contains_text("3x2"));
    Matrix<S> bad(2, 2);
    bad(1, 0) = std::numeric_limits<gram::real_t<S>>::infinity();
    CHECK_THROWS_WITH(gram::expm(bad), support::contains_text("(1, 0)"));
    CHECK_THROWS_WITH(gram::expm(Matrix<S>{{S(1e5f)}}), support::contains_text("overflows"));
    CHECK_THROWS_AS(gram::sinm(bad), gram::non_finite);
}

TEMPLATE_TEST_CASE("matrix_power: powers are repeated products", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    for (const index_t n : {0, 1, 2, 5, 17}) {
        const auto A = support::gaussian_of<S>(n, n, 3);
        support::Wide expected = support::identity(n);
        double size = 1;
        for (index_t p = 0; p <= 9; ++p) {
            const double error = support::frobenius(wide(gram::matrix_power(A, p)) - expected);
            CAPTURE(n, p);
            CHECK(error <= 3 * eps * static_cast<double>(n * p) * size);
            expected = expected * wide(A);
            size *= support::frobenius(A);
        }
        const auto inverse = wide(gram::matrix_power(A, -1)), third = wide(gram::matrix_power(A, -3));
        const double scale =
            std::pow(support::frobenius(inverse), 3) * (1 + support::frobenius(A) * support::frobenius(inverse));
        CHECK(support::frobenius(third - inverse * inverse * inverse) <= 10 * eps * static_cast<double>(n) * scale);
    }
}

TEST_CASE("matrix_power: exact where whole numbers are, and refuses what has no power", "[linalg]") {
    const Matrix<double> fibonacci = {{1, 1}, {1, 0}};
    CHECK(gram::matrix_power(fibonacci, 70)(0, 1) == 190392490709135.0);
    CHECK(support::identical(gram::matrix_power(fibonacci, -2), Matrix<double>{{1, -1}, {-1, 2}}));
    CHECK(support::identical(gram::matrix_power(Matrix<double>(2, 2), 0), Matrix<double>{{1, 0}, {0, 1}}));
    CHECK_THROWS_AS(gram::matrix_power(Matrix<double>(2, 2), -1), gram::singular_matrix);
    CHECK_THROWS_AS(gram::matrix_power(Matrix<double>(2, 3), 2), gram::shape_error);
    CHECK_THROWS_AS(gram::matrix_power(Matrix<double>{{1e200}}, 2), gram::non_finite);
    const Matrix<double> turn = {{0, -1}, {1, 0}};
    CHECK(support::identical(gram::matrix_power(turn, std::numeric_limits<index_t>::min()),
                             Matrix<double>{{1, 0}, {0, 1}}));
}
