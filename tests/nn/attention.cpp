#include "gram/nn/attention.hpp"

#include <cmath>
#include <vector>

#include "gram/expr/expr.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

// softmax(Q K^T / sqrt(d)) V in plain loops of double; query i sees the first visible(i) keys.
template <class T, class Visible>
Matrix<double> plain_attention(const Matrix<T>& Q, const Matrix<T>& K, const Matrix<T>& V, Visible visible) {
    Matrix<double> result(Q.rows(), V.cols());
    for (index_t i = 0; i < Q.rows(); ++i) {
        std::vector<double> weights;
        double total = 0;
        for (index_t j = 0; j < visible(i); ++j) {
            double score = 0;
            for (index_t p = 0; p < Q.cols(); ++p) score += static_cast<double>(Q(i, p)) * static_cast<double>(K(j, p));
            weights.push_back(std::exp(score / std::sqrt(static_cast<double>(Q.cols()))));
            total += weights.back();
        }
        for (index_t j = 0; j < visible(i); ++j) {
            for (index_t c = 0; c < V.cols(); ++c) {
                result(i, c) += weights[static_cast<std::size_t>(j)] / total * static_cast<double>(V(j, c));
            }
        }
    }
    return result;
}

}  // namespace

TEMPLATE_TEST_CASE("attention agrees with plain loops, causal or not", "", float, double) {
    using T = TestType;
    for (const index_t n : {1, 2, 9, 33}) {
        for (const index_t m : {index_t{1}, (n + 1) / 2, n}) {
            const auto Q = support::gaussian<T>(m, 8, 1), K = support::gaussian<T>(n, 8, 2),
                       V = support::gaussian<T>(n, 5, 3);
            const double tolerance = 100 * support::eps_of<T>;
            CHECK(allclose(cast<double>(nn::attention(Q, K, V)), plain_attention(Q, K, V, [&](index_t) { return n; }),
                           0, tolerance));
            CHECK(allclose(cast<double>(nn::attention(Q, K, V, {.causal = true})),
                           plain_attention(Q, K, V, [&](index_t i) { return i + n - m + 1; }), 0, tolerance));
        }
    }
}

TEMPLATE_TEST_CASE("attention weights are probabilities, and zero where a causal query must not look", "", float,
                   double) {
    using T = TestType;
    const auto Q = support::times(support::gaussian<T>(6, 4, 1), 1000),
               K = support::times(support::gaussian<T>(6, 4, 2), 1000);
    const Matrix<T> open = nn::attention_weights(Q, K), causal = nn::attention_weights(Q, K, {.causal = true});
    for (index_t i = 0; i < 6; ++i) {
        CHECK(std::abs(static_cast<double>(sum(open.row(i))) - 1) < 6 * support::eps_of<T>);
        CHECK(std::abs(static_cast<double>(sum(causal.row(i))) - 1) < 6 * support::eps_of<T>);
        for (index_t j = i + 1; j < 6; ++j) CHECK(causal(i, j) == 0);
    }
    CHECK(causal(0, 0) == 1);
    CHECK(min(open) >= 0);
}

TEMPLATE_TEST_CASE("a future value, even NaN in its key, does not reach a causal query", "", float, double) {
    using T = TestType;
    const auto Q = support::gaussian<T>(4, 3, 1);
    auto K = support::gaussian<T>(4, 3, 2);
    const auto V = support::gaussian<T>(4, 2, 3);
    const Matrix<T> before = nn::attention(Q, K, V, {.causal = true});
    K(3, 0) = std::numeric_limits<T>::quiet_NaN();
    const Matrix<T> after = nn::attention(Q, K, V, {.causal = true});
    CHECK(allclose(after.block(0, 0, 3, 2), before.block(0, 0, 3, 2), 0, 10 * support::eps_of<T>));
    CHECK(std::isnan(after(3, 0)));
}

TEST_CASE("the order of keys and values does not matter") {
    const auto Q = support::gaussian<double>(3, 4, 1), K = support::gaussian<double>(5, 4, 2),
               V = support::gaussian<double>(5, 2, 3);
    Matrix<double> K_turned(5, 4), V_turned(5, 2);
    for (index_t j = 0; j < 5; ++j) K_turned.row(j) = K.row(4 - j), V_turned.row(j) = V.row(4 - j);
    CHECK(allclose(nn::attention(Q, K, V), nn::attention(Q, K_turned, V_turned), 0, 1e-14));
}

TEST_CASE("one query against two keys comes out as by hand, from views too") {
    const Matrix<double> q = {{1.0, 0.5, -0.3, 0.8}};
    const Matrix<double> K = {{0.9, 0.6, -0.2, 0.7}, {-0.5, 0.1, 0.8, -0.3}};
    const Matrix<double> V = {{1, 0}, {0, 1}};
    const double expected = 1 / (1 + std::exp(-(1.82 + 0.93) / 2));
    CHECK(std::abs(nn::attention(q, K, V)(0, 0) - expected) < 1e-15);
    CHECK(std::abs(nn::attention(q.row(0), K.block(0, 0, 2, 4), V.T())(0, 0) - expected) < 1e-15);
    CHECK(std::abs(nn::attention(2 * q, 0.5 * K, 1 * V)(0, 0) - expected) < 1e-15);
}

TEST_CASE("attention refuses shapes that do not fit") {
    const Matrix<double> Q(3, 4), K(5, 4), V(5, 2);
    CHECK_THROWS_WITH(nn::attention(Matrix<double>(3, 2), K, V), support::contains_text("3x2 * 4x5"));
    CHECK_THROWS_WITH(nn::attention(Q, K, Matrix<double>(4, 2)), support::contains_text("5x4 and 4x2"));
    CHECK_THROWS_AS(nn::attention(K, Q, Matrix<double>(3, 2), {.causal = true}), shape_error);
    CHECK(nn::attention(Matrix<double>(0, 4), K, V).rows() == 0);
}
