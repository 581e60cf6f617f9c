#include "gram/linalg/cholesky.hpp"

#include <limits>

#include "gram/expr/operators.hpp"
#include "gram/expr/reductions.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

template <class T>
bool is_cholesky_factor(const Matrix<T>& L) {
    for (index_t i = 0; i < L.rows(); ++i) {
        if (!(L(i, i) > 0)) return false;
        for (index_t j = i + 1; j < L.cols(); ++j)
            if (L(i, j) != 0 || std::signbit(L(i, j))) return false;
    }
    return true;
}

// Positive definite in exact arithmetic and by a margin, each hard in its way.
template <class T>
std::vector<support::Named<T>> definite_matrices(index_t n) {
    const auto spread = [&](double low) {  // eigenvalues 1 ... low
        std::vector<double> values;
        for (index_t i = 0; i < n; ++i)
            values.push_back(std::pow(low, static_cast<double>(i) / static_cast<double>(std::max<index_t>(n - 1, 1))));
        return values;
    };
    const double floor = 1e4 * static_cast<double>(n + 1) * support::eps_of<T>;
    const auto P = support::positive_definite<T>(n, 3);
    return {
        {"gaussian", P},
        {"identity", support::generate<T>(n, n, [](index_t i, index_t j) { return i == j; })},
        {"huge", support::times(P, support::huge<T> / 1e4)},
        {"tiny", support::times(P, 1 / support::huge<T>)},
        {"ill-conditioned", support::with_eigenvalues<T>(spread(floor), 4)},
        {"repeated", support::with_eigenvalues<T>(support::repeated_spectrum(n), 5)},
        {"decreasing diagonal", support::generate<T>(n, n, [&](index_t i, index_t j) { return i == j ? n - i : 0; })},
        {"second difference",
         support::generate<T>(n, n,
                              [](index_t i, index_t j) { return i == j ? 2 : (i - j == 1 || j - i == 1 ? -1 : 0); })},
    };
}

}  // namespace

TEMPLATE_TEST_CASE("cholesky makes A from a lower triangular factor with a positive diagonal", "", float, double) {
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 15, 16, 17, 31, 32, 33, 64, 65, 129, 257}) {
        for (const auto& [name, A] : definite_matrices<TestType>(n)) {
            CAPTURE(name, n);
            const auto L = cholesky(A);
            REQUIRE((L.rows() == n && L.cols() == n));
            CHECK(is_cholesky_factor(L));
            CHECK(worst(support::factor_ratio(A, L, L.T())) < 3);
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("cholesky reads the lower triangle only", "", float, double) {
    for (const index_t n : {2, 16, 40}) {
        const auto A = support::positive_definite<TestType>(n, 6);
        auto lower = A;
        for (index_t i = 0; i < n; ++i)
            for (index_t j = i + 1; j < n; ++j) lower(i, j) = std::numeric_limits<TestType>::quiet_NaN();
        CHECK(support::identical(cholesky(lower), cholesky(A)));
    }
}

TEMPLATE_TEST_CASE("cholesky does not depend on the layout of its input", "", float, double) {
    const auto A = support::positive_definite<TestType>(37, 7);
    const auto L = cholesky(A);
    support::for_each_layout(A, [&](const char* layout, const auto& B) {
        CAPTURE(layout);
        CHECK(support::identical(cholesky(B), L));
    });
    CHECK(support::identical(cholesky(A + A * TestType(3)), L * TestType(2)));
}

TEMPLATE_TEST_CASE("cholesky_in_place and cholesky_solve work in memory of any strides", "", float, double) {
    for (const index_t n : {1, 2, 17, 50}) {
        const auto A = support::positive_definite<TestType>(n, 8);
        support::for_each_layout(A, [&](const char* layout, const auto& B) {
            CAPTURE(layout, n);
            auto copy = B;
            const auto W = copy.ref();
            CHECK(linalg::cholesky_in_place(W) == -1);
            auto x = support::gaussian<TestType>(n, 3, 9);
            const auto b = x;
            linalg::cholesky_solve(W, x.ref());
            CHECK(support::solve_ratio(A, x, b) < 3);
        });
    }
}

TEMPLATE_TEST_CASE("cholesky keeps every element of a matrix that spans the whole range", "", float, double) {
    const TestType big = std::is_same_v<TestType, float> ? TestType(0x1p100) : TestType(0x1p900);
    const auto L = cholesky(Matrix<TestType>{{big, 0, 0}, {0, 1, 0}, {0, 0, 1 / big}});
    CHECK((L(0, 0) == std::sqrt(big) && L(1, 1) == 1 && L(2, 2) == 1 / std::sqrt(big)));
}

TEMPLATE_TEST_CASE("cholesky names the leading minor that is not positive", "", float, double) {
    for (const index_t n : {1, 2, 16, 17, 33, 70})
        for (index_t bad = 0; bad < n; bad += n / 4 + 1) {
            auto A = support::positive_definite<TestType>(n, 10);
            A(bad, bad) = -1;
            CAPTURE(n, bad);
            CHECK_THROWS_AS(cholesky(A), not_positive_definite);
            CHECK_THROWS_WITH(cholesky(A),
                              "cholesky: the leading minor of order " + std::to_string(bad + 1) + " is not positive");
        }
    CHECK_THROWS_AS(cholesky(Matrix<TestType>(3, 3)), not_positive_definite);
    CHECK_THROWS_AS(cholesky(Matrix<TestType>{{1, 1}, {1, 1}}), not_positive_definite);
    CHECK_THROWS_AS(cholesky(Matrix<TestType>{{1, 2}, {2, 1}}), not_positive_definite);
}

TEMPLATE_TEST_CASE("cholesky refuses NaN, infinity and what is not square", "", float, double) {
    auto A = support::positive_definite<TestType>(40, 11);
    A(31, 17) = std::numeric_limits<TestType>::quiet_NaN();
    CHECK_THROWS_WITH(cholesky(A), "cholesky: the matrix holds NaN or infinity at (31, 17)");
    A(31, 17) = std::numeric_limits<TestType>::infinity();
    CHECK_THROWS_AS(cholesky(A), non_finite);
    CHECK_THROWS_AS(cholesky(Matrix<TestType>(3, 4)), shape_error);
    CHECK_THROWS_WITH(cholesky(Matrix<TestType>(3, 4)), support::contains_text("3x4"));
}
