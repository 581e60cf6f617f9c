#include "gram/linalg/qr_pivoted.hpp"

#include <limits>
#include <vector>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

namespace {

using gram::index_t;
using gram::Matrix;

template <class T>
Matrix<T> columns_in_order(const Matrix<T>& A, const gram::Vector<index_t>& p) {
    return support::generate<T>(A.rows(), A.cols(), [&](index_t i, index_t j) { return A(i, p[j]); });
}

// Every property of A(:, p) = Q R; the worst ratio so far. Panels, when asked for, are as narrow as they can be.
template <class T>
gram::QrPivoted<T> check_qr_pivoted(const Matrix<T>& A, gram::QrPivotedOptions options, support::Worst& worst) {
    auto result = gram::qr_pivoted(A, options);
    const auto& [Q, R, p, rank] = result;
    const index_t m = A.rows(), n = A.cols(), k = std::min(m, n), columns = options.full ? m : k;
    REQUIRE((Q.rows() == m && Q.cols() == columns && R.rows() == columns && R.cols() == n && p.size() == n));
    std::vector<int> seen(static_cast<std::size_t>(n));
    for (index_t j = 0; j < n; ++j) REQUIRE(++seen.at(static_cast<std::size_t>(p[j])) == 1);
    CHECK(worst(support::factor_ratio(columns_in_order(A, p), Q, R)) < 30);
    CHECK(worst(support::orthogonality_ratio(Q)) < 30);
    // |R(j, j)| bounds what is left of every column behind it.
    const double eps = support::eps_of<T>;
    for (index_t i = 0; i < k; ++i) {
        for (index_t j = 0; j < std::min(i, n); ++j) REQUIRE(R(i, j) == T(0));
        const double pivot = std::abs(static_cast<double>(R(i, i))), scale = std::abs(static_cast<double>(R(0, 0)));
        for (index_t j = i + 1; j < n; ++j) {
            double left = 0;
            for (index_t r = i; r < std::min(j + 1, k); ++r) {
                left = std::hypot(left, static_cast<double>(R(r, j)));
            }
            REQUIRE(left <= pivot * (1 + 30 * std::sqrt(eps)) + 30 * static_cast<double>(std::max(m, n)) * eps * scale);
        }
    }
    return result;
}

const gram::QrPivotedOptions panels{.params = {.block = 3, .unblocked_below = 2}};

}  // namespace

TEMPLATE_TEST_CASE("qr_pivoted: Q R is A(:, p), pivots dominate what they leave, for all hostile matrices", "[linalg]",
                   float, double) {
    using T = TestType;
    support::Worst worst;
    for (const index_t m : {0, 1, 2, 3, 5, 8, 33}) {
        for (const index_t n : {0, 1, 2, 3, 5, 8, 33}) {
            for (const auto& [name, A] : support::hostile_matrices<T>(m, n)) {
                CAPTURE(name, m, n);
                check_qr_pivoted<T>(A, {.full = true}, worst);
                check_qr_pivoted<T>(A, panels, worst);
            }
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("qr_pivoted: tall, wide and square matrices around the block sizes", "[linalg]", float, double) {
    using T = TestType;
    support::Worst worst;
    for (const auto& [m, n] :
         {std::pair<index_t, index_t>{63, 65}, {64, 64}, {65, 63}, {97, 97}, {129, 129}, {257, 90}, {90, 257}}) {
        CAPTURE(m, n);
        CHECK(check_qr_pivoted(support::gaussian<T>(m, n, 11), {}, worst).rank == std::min(m, n));
        CHECK(check_qr_pivoted(support::of_rank<T>(m, n, 7, 12), {}, worst).rank == 7);
        check_qr_pivoted(support::graded<T>(m, n, 13), {}, worst);
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("qr_pivoted: the rank of matrices whose rank is known", "[linalg]", float, double) {
    using T = TestType;
    CHECK(gram::qr_pivoted(Matrix<T>(4, 3)).rank == 0);
    CHECK(gram::qr_pivoted(Matrix<T>(0, 3)).rank == 0);
    CHECK(gram::qr_pivoted(support::generate<T>(6, 5, [](index_t, index_t) { return 1; })).rank == 1);
    CHECK(gram::qr_pivoted(Matrix<T>{{1, 2, 3}, {2, 4, 6}, {0, 1, 1}}).rank == 2);
    for (const index_t rank : {1, 2, 5, 20}) {
        const auto A = support::of_rank<T>(40, 30, rank, 21);
        CHECK(gram::qr_pivoted(A).rank == rank);
        CHECK(gram::qr_pivoted(A, panels).rank == rank);
        CHECK(gram::qr_pivoted(support::times(A, support::huge<T>)).rank == rank);
        CHECK(gram::qr_pivoted(support::times(A, 1 / support::huge<T>)).rank == rank);
    }
    const Matrix<T> D = {{1, 0}, {0, T(1e-3)}};
    CHECK(gram::qr_pivoted(D).rank == 2);
    CHECK(gram::qr_pivoted(D, {.tolerance = 1e-2}).rank == 1);
}

TEMPLATE_TEST_CASE("qr_pivoted: equal columns are taken in the order of their indices", "[linalg]", float, double) {
    using T = TestType;
    const auto p = gram::qr_pivoted(support::generate<T>(7, 7, [](index_t i, index_t j) { return i == j; })).p;
    for (index_t j = 0; j < 7; ++j) CHECK(p[j] == j);
    const auto q = gram::qr_pivoted(Matrix<T>{{1, 3, 2}, {0, 0, 0}}).p;
    CHECK(q[0] == 1);
}

TEMPLATE_TEST_CASE("qr_pivoted: NaN and infinity are refused by position", "[linalg]", float, double) {
    using T = TestType;
    for (const T bad : {std::numeric_limits<T>::quiet_NaN(), -std::numeric_limits<T>::infinity()}) {
        auto A = support::gaussian<T>(9, 5, 41);
        A(8, 0) = bad;
        CHECK_THROWS_AS(gram::qr_pivoted(A), gram::non_finite);
        CHECK_THROWS_WITH(gram::qr_pivoted(A), support::contains_text("(8, 0)"));
    }
}
