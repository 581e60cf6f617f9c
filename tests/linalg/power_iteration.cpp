#include "gram/linalg/power_iteration.hpp"

#include <limits>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("power_iteration finds the eigenvalue of largest magnitude and its vector", "", float, double) {
    Rng rng(1);
    for (const index_t n : {1, 2, 5, 40}) {
        for (const double top : {4.0, -4.0}) {
            CAPTURE(n, top);
            std::vector<double> values(static_cast<std::size_t>(n), 1.0);
            values[0] = top;
            const auto A = support::with_eigenvalues<TestType>(values, 2);
            const auto [value, vector] = power_iteration(A, rng);
            CHECK(std::abs(static_cast<double>(value) - top) <
                  10 * static_cast<double>(n) * support::eps_of<TestType> * 4);
            CHECK(std::abs(support::frobenius(vector) - 1) < 10 * support::eps_of<TestType>);
            const Matrix<TestType> residual = A * vector - vector * value;
            CHECK(support::frobenius(residual) < 8 * std::pow(support::eps_of<TestType>, 0.75));
        }
    }
}

TEMPLATE_TEST_CASE("power_iteration works at every scale and on the zero matrix", "", float, double) {
    Rng rng(3);
    const Matrix<TestType> A = {{2, 1}, {1, 2}};
    const TestType big = static_cast<TestType>(support::huge<TestType>), eps = std::numeric_limits<TestType>::epsilon();
    CHECK(std::abs(power_iteration(A, rng).value - 3) < 30 * eps);
    CHECK(std::abs(power_iteration(A * big, rng).value / big - 3) < 30 * eps);
    CHECK(std::abs(power_iteration(A / big, rng).value * big - 3) < 30 * eps);
    CHECK(power_iteration(Matrix<TestType>(3, 3), rng).value == 0);
    CHECK(power_iteration(Matrix<TestType>{{0, 1}, {0, 0}}, rng).value == 0);
    support::for_each_layout(Matrix<TestType>{{3, 1}, {0, 1}}, [&](const char* layout, const auto& B) {
        CAPTURE(layout);
        CHECK(std::abs(power_iteration(B, rng).value - 3) < TestType(10) * std::pow(eps, TestType(0.75)));
    });
}

TEMPLATE_TEST_CASE("power_iteration says when there is no dominant eigenvalue", "", float, double) {
    Rng rng(4);
    const Matrix<TestType> turn = {{0, -1}, {1, 0}}, mirror = {{1, 0}, {0, -1}};
    CHECK_THROWS_AS(power_iteration(turn, rng), no_convergence);
    CHECK_THROWS_AS(power_iteration(mirror, rng, {.max_iterations = 50}), no_convergence);
    CHECK_NOTHROW(power_iteration(mirror, rng, {.max_iterations = 50, .tolerance = 10}));
    CHECK_THROWS_AS(power_iteration(Matrix<TestType>(2, 3), rng), shape_error);
    CHECK_THROWS_AS(power_iteration(Matrix<TestType>(0, 0), rng), shape_error);
    CHECK_THROWS_AS(power_iteration(Matrix<TestType>{{std::numeric_limits<TestType>::infinity()}}, rng), non_finite);
}
