#include "gram/linalg/norms.hpp"

#include <limits>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("the spectral and nuclear norms are the largest singular value and their sum", "", float, double) {
    const double eps = support::eps_of<TestType>;
    for (const auto& [m, n] : {std::array<index_t, 2>{6, 4}, {4, 6}, {40, 40}, {1, 5}}) {
        CAPTURE(m, n);
        std::vector<double> s;
        double total = 0;
        for (index_t i = 0; i < std::min(m, n); ++i) s.push_back(static_cast<double>(i + 1)), total += s.back();
        const auto A = support::with_singular_values<TestType>(m, n, s, 1);
        const double size = static_cast<double>(std::max(m, n));
        CHECK(std::abs(static_cast<double>(norm(A, spectral)) - s.back()) < 3 * size * eps * s.back());
        CHECK(std::abs(static_cast<double>(norm(A, nuclear)) - total) < 3 * size * eps * total);
        CHECK(std::abs(norm(A, fro) - norm(A)) == 0);
    }
    const Matrix<TestType> B = {{1, 2}, {3, 4}};  // s = sqrt(15 +- sqrt(221))
    CHECK(std::abs(static_cast<double>(norm(B, spectral)) - 5.4649857042190427) < 10 * 6 * eps);
    CHECK(std::abs(static_cast<double>(norm(B, nuclear)) - 5.8309518948453007) < 10 * 6 * eps);
}

TEMPLATE_TEST_CASE("norm one is the largest column sum, norm inf the largest row sum", "", float, double) {
    const Matrix<TestType> A = {{1, -2, 3}, {-4, 5, -6}};
    CHECK(norm(A, one) == 9);
    CHECK(norm(A, inf) == 15);
    support::for_each_layout(A, [&](const char* layout, const auto& B) {
        CAPTURE(layout);
        CHECK(norm(B, one) == 9);
        CHECK(norm(B, inf) == 15);
        CHECK(norm(B, spectral) == norm(A, spectral));
    });
    CHECK(norm(A + A, one) == 18);
    CHECK(norm(A * A.T(), inf) == norm(Matrix<TestType>(A * A.T()), inf));
    // A vector keeps its own norms: the sum and the largest of the magnitudes.
    CHECK(norm(A.row(0), one) == 6);
    CHECK(norm(A.row(0), inf) == 3);
}

TEMPLATE_TEST_CASE("norms of a matrix obey their inequalities", "", float, double) {
    const TestType slack = 1 + 100 * std::numeric_limits<TestType>::epsilon();
    support::for_each_shape({1, 2, 5, 17, 40}, [&](index_t m, index_t n) {
        for (const auto& [name, A] : support::hostile_matrices<TestType>(m, n)) {
            if (name == "huge" || name == "tiny") continue;  // one * inf would leave the range
            CAPTURE(name, m, n);
            const auto s2 = norm(A, spectral), f = norm(A, fro), sum_ = norm(A, nuclear);
            CHECK(s2 <= f * slack);
            CHECK(f <= sum_ * slack);
            CHECK(s2 * s2 <= norm(A, one) * norm(A, inf) * slack);
        }
    });
}

TEMPLATE_TEST_CASE("norms of an empty matrix are zero", "", float, double) {
    for (const auto& [m, n] : {std::array<index_t, 2>{0, 0}, {0, 3}, {3, 0}}) {
        const Matrix<TestType> A(m, n);
        CHECK(norm(A, spectral) == 0);
        CHECK(norm(A, nuclear) == 0);
        CHECK(norm(A, fro) == 0);
        CHECK(norm(A, one) == 0);
        CHECK(norm(A, inf) == 0);
    }
}

TEMPLATE_TEST_CASE("norms do not overflow on the way, and NaN is refused or passed on", "", float, double) {
    const TestType big = static_cast<TestType>(support::huge<TestType>),
                   nan = std::numeric_limits<TestType>::quiet_NaN();
    const Matrix<TestType> A = Matrix<TestType>{{3, 0}, {0, 4}} * big;
    CHECK(std::abs(norm(A, spectral) / big - 4) < 40 * std::numeric_limits<TestType>::epsilon());
    CHECK(std::abs(norm(A, fro) / big - 5) < 40 * std::numeric_limits<TestType>::epsilon());
    const Matrix<TestType> bad = {{1, nan}, {2, 3}};
    CHECK(std::isnan(norm(bad, one)));
    CHECK(std::isnan(norm(bad, inf)));
    CHECK(std::isnan(norm(bad, fro)));
    CHECK_THROWS_AS(norm(bad, spectral), non_finite);
    CHECK_THROWS_AS(norm(bad, nuclear), non_finite);
}
