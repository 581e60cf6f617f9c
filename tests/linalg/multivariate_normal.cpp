// Correlated normal numbers: moments, singular laws, inputs that are refused.
#include "gram/linalg/multivariate_normal.hpp"

#include <cmath>
#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("samples have the mean and the covariance that were asked for", "", float, double) {
    using T = TestType;
    Rng rng(1);
    const Vector<T> mean = {1, -2, 3};
    const Matrix<T> C = {{T(4), T(1), T(-1)}, {T(1), T(2), T(0.5)}, {T(-1), T(0.5), T(1)}};
    const index_t n = 40000;
    const Matrix<T> X = multivariate_normal(rng, mean, C, n);
    REQUIRE((X.rows() == n && X.cols() == 3));
    for (index_t a = 0; a < 3; ++a) {
        double sum = 0;
        for (index_t i = 0; i < n; ++i) sum += static_cast<double>(X(i, a) - mean[a]);
        CHECK(std::abs(sum / n) < 5 * std::sqrt(static_cast<double>(C(a, a)) / n));
        for (index_t b = 0; b < 3; ++b) {
            double product = 0;
            for (index_t i = 0; i < n; ++i) product += static_cast<double>((X(i, a) - mean[a]) * (X(i, b) - mean[b]));
            // Isserlis: the variance of the product is C_aa C_bb + C_ab^2.
            const double deviation = std::sqrt(static_cast<double>(C(a, a) * C(b, b) + C(a, b) * C(a, b)) / n);
            CHECK(std::abs(product / n - static_cast<double>(C(a, b))) < 5 * deviation);
        }
    }
}

TEST_CASE("a singular covariance gives samples on its range") {
    Rng rng(2);
    const Vector<double> u = {1, 2, -2};
    const Matrix<double> X = multivariate_normal(rng, Vector<double>(3), outer(u, u), 200);
    for (index_t i = 0; i < 200; ++i) {
        CHECK(std::abs(X(i, 1) - 2 * X(i, 0)) < 1e-6 * (1 + std::abs(X(i, 0))));
        CHECK(std::abs(X(i, 2) + 2 * X(i, 0)) < 1e-6 * (1 + std::abs(X(i, 0))));
    }
    const Matrix<double> still = multivariate_normal(rng, u.T(), zeros<double>(3, 3), 4);
    for (index_t i = 0; i < 4; ++i) CHECK((still(i, 0) == 1 && still(i, 1) == 2 && still(i, 2) == -2));
}

TEST_CASE("what is no law is refused, and no dimension is none") {
    Rng rng(3);
    const Vector<double> mean(2);
    CHECK_THROWS_AS(multivariate_normal(rng, Vector<double>(3), eye<double>(2), 5), shape_error);
    CHECK_THROWS_AS(multivariate_normal(rng, mean, Matrix<double>(2, 3), 5), shape_error);
    CHECK_THROWS_AS(multivariate_normal(rng, mean, eye<double>(2), -1), shape_error);
    CHECK_THROWS_AS(multivariate_normal(rng, mean, Matrix<double>{{1, 2}, {2, 1}}, 5), not_positive_definite);
    CHECK_THROWS_AS(multivariate_normal(rng, mean, Matrix<double>{{1, 0.5}, {0.4, 1}}, 5), std::invalid_argument);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(multivariate_normal(rng, mean, Matrix<double>{{1, 0}, {0, nan}}, 5), non_finite);
    CHECK_THROWS_AS(multivariate_normal(rng, Vector<double>{nan, 0}, eye<double>(2), 5), non_finite);
    CHECK(multivariate_normal(rng, Vector<double>(0), Matrix<double>(0, 0), 5).rows() == 5);
    CHECK(multivariate_normal(rng, mean, eye<double>(2), 0).rows() == 0);
}
