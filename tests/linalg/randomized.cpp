#include "gram/linalg/randomized.hpp"

#include <limits>

#include "gram/expr/norms.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("random_orthogonal is orthogonal, of either determinant, and reproducible", "", float, double) {
    Rng rng(1);
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 5, 33, 130}) {
        CAPTURE(n);
        const auto Q = random_orthogonal<TestType>(rng, n);
        REQUIRE((Q.rows() == n && Q.cols() == n));
        CHECK(worst(support::orthogonality_ratio(Q)) < 3);
        CHECK(worst(support::orthogonality_ratio(Q.T())) < 3);
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
    Rng a(7), b(7);
    CHECK(support::identical(random_orthogonal<TestType>(a, 9), random_orthogonal<TestType>(b, 9)));
    CHECK_THROWS_AS(random_orthogonal<TestType>(a, -1), shape_error);
}

TEST_CASE("random_orthogonal prefers no direction: elements have mean 0 and mean square 1 / n") {
    Rng rng(2);
    const index_t n = 3, draws = 4000;
    Matrix<double> mean_(n, n), square(n, n);
    for (index_t d = 0; d < draws; ++d) {
        const auto Q = random_orthogonal<double>(rng, n);
        mean_ += Q / static_cast<double>(draws);
        square += hadamard(Q, Q) / static_cast<double>(draws);
    }
    // Five standard deviations of the means: sqrt(1/3 / draws) and sqrt(4/45 / draws).
    for (const double x : mean_) CHECK(std::abs(x) < 5 * std::sqrt(1.0 / 3 / static_cast<double>(draws)));
    for (const double x : square) CHECK(std::abs(x - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / static_cast<double>(draws)));
}

TEMPLATE_TEST_CASE("randomized_svd is the svd of a matrix whose rank it covers", "", float, double) {
    Rng rng(3);
    for (const auto& [m, n, rank] :
         {std::array<index_t, 3>{60, 40, 5}, {40, 60, 5}, {100, 30, 12}, {20, 15, 15}, {200, 100, 1}}) {
        CAPTURE(m, n, rank);
        const auto A = support::of_rank<TestType>(m, n, rank, 4);
        const auto f = randomized_svd(A, rank, rng);
        REQUIRE(
            (f.U.rows() == m && f.U.cols() == rank && f.s.size() == rank && f.Vt.rows() == rank && f.Vt.cols() == n));
        CHECK(support::factor_ratio(A, support::times_diagonal(f.U, f.s), f.Vt) < 3);
        CHECK(support::orthogonality_ratio(f.U) < 3);
        CHECK(support::orthogonality_ratio(Matrix<TestType>(f.Vt.T())) < 3);
        const auto s = singular_values(A);
        CHECK(support::values_ratio(
                  f.s, s.segment(0, rank),
                  static_cast<double>(s[0]) * static_cast<double>(std::max(m, n)) / static_cast<double>(rank)) < 3);
    }
}

TEST_CASE("randomized_svd comes close to the best approximation when the spectrum decays slowly") {
    Rng rng(5);
    const index_t m = 120, n = 90, k = 10;
    std::vector<double> s;
    for (index_t i = 0; i < n; ++i) s.push_back(1 / (1.0 + static_cast<double>(i)));
    const auto A = support::with_singular_values<double>(m, n, s, 6);
    const auto f = randomized_svd(A, k, rng);
    double best = 0;
    for (index_t i = k; i < n; ++i) best += s[static_cast<std::size_t>(i)] * s[static_cast<std::size_t>(i)];
    const Matrix<double> error = A - f.U * diag(f.s) * f.Vt;
    CHECK(norm(error) < 1.01 * std::sqrt(best));
    for (index_t i = 0; i < k; ++i) CHECK(std::abs(f.s[i] / s[static_cast<std::size_t>(i)] - 1) < 0.01);

    // Fewer steps do less well, and each seed gives its own answer again.
    Rng a(8), b(8);
    const auto rough = randomized_svd(A, k, a, {.oversampling = 2, .power_iterations = 0});
    CHECK(norm(A - rough.U * diag(rough.s) * rough.Vt) > norm(error));
    CHECK(support::identical(rough.U, randomized_svd(A, k, b, {.oversampling = 2, .power_iterations = 0}).U));
}

TEMPLATE_TEST_CASE("randomized_svd works at every scale, on edges, and refuses nonsense", "", float, double) {
    Rng rng(9);
    const auto A = support::of_rank<TestType>(50, 40, 3, 10);
    const TestType big = static_cast<TestType>(support::huge<TestType>);
    for (const TestType s : {big, 1 / big}) {
        const auto f = randomized_svd(A * s, 3, rng);
        CHECK(support::factor_ratio(Matrix<TestType>(A * s), support::times_diagonal(f.U, f.s), f.Vt) < 3);
    }
    const auto none = randomized_svd(A, 0, rng);
    CHECK((none.U.rows() == 50 && none.U.cols() == 0 && none.s.size() == 0 && none.Vt.cols() == 40));
    const auto all = randomized_svd(A, 99, rng);
    CHECK(all.s.size() == 40);
    const auto zero = randomized_svd(Matrix<TestType>(30, 30), 2, rng);
    CHECK((zero.s[0] == 0 && zero.s[1] == 0));
    CHECK(randomized_svd(Matrix<TestType>(0, 5), 2, rng).s.size() == 0);
    CHECK_THROWS_AS(randomized_svd(A, -1, rng), std::invalid_argument);
    CHECK_THROWS_AS(randomized_svd(A, 1, rng, {.oversampling = -1}), std::invalid_argument);
    CHECK_THROWS_AS(randomized_svd(A, 1, rng, {.power_iterations = -1}), std::invalid_argument);
    auto bad = A;
    bad(2, 1) = std::numeric_limits<TestType>::quiet_NaN();
    CHECK_THROWS_AS(randomized_svd(bad, 2, rng), non_finite);
}
