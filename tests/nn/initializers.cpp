#include "gram/nn/initializers.hpp"

#include <cmath>

#include "gram/expr/expr.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

// (measured variance / expected - 1) in standard deviations of that estimate for n normal numbers (fewer for uniform).
template <class T>
double variance_deviation(const Matrix<T>& W, double expected) {
    double total = 0;
    for (const T& w : W) total += static_cast<double>(w) * static_cast<double>(w);
    const double n = static_cast<double>(W.size());
    return std::abs(total / n / expected - 1) * std::sqrt(n / 2);
}

}  // namespace

TEMPLATE_TEST_CASE("weights have the variance that their name promises", "", float, double) {
    using T = TestType;
    const index_t out = 120, in = 80;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        Rng rng(seed);
        CHECK(variance_deviation(nn::he_normal<T>(rng, out, in), 2.0 / in) < 4);
        CHECK(variance_deviation(nn::he_uniform<T>(rng, out, in), 2.0 / in) < 4);
        CHECK(variance_deviation(nn::glorot_normal<T>(rng, out, in), 2.0 / (in + out)) < 4);
        CHECK(variance_deviation(nn::glorot_uniform<T>(rng, out, in), 2.0 / (in + out)) < 4);
    }
}

TEMPLATE_TEST_CASE("uniform weights stay within their limit", "", float, double) {
    using T = TestType;
    Rng rng(5);
    const double limit = std::sqrt(6.0 / 30) * (1 + support::eps_of<T>);
    CHECK(static_cast<double>(max(abs(nn::he_uniform<T>(rng, 50, 30)))) <= limit);
    CHECK(static_cast<double>(max(abs(nn::glorot_uniform<T>(rng, 20, 10)))) <= limit);
}

TEMPLATE_TEST_CASE("orthogonal weights have orthonormal rows or columns, whichever are fewer", "", float, double) {
    using T = TestType;
    Rng rng(7);
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {5, 5}, {3, 20}, {20, 3}}) {
        const Matrix<T> W = nn::orthogonal<T>(rng, m, n);
        REQUIRE((W.rows() == m && W.cols() == n));
        const Matrix<T> G = m <= n ? Matrix<T>(W * W.T()) : Matrix<T>(W.T() * W);
        CHECK(support::ratio_of<T>(support::frobenius(Matrix<T>(G - eye<T>(G.rows()))), std::max(m, n), 1) < 10);
    }
}

TEMPLATE_TEST_CASE("a new layer has zero bias and the weights its activation wants", "", float, double) {
    using T = TestType;
    Rng a(3), b(3);
    const auto layer = nn::make_dense<T>(a, 40, 30, nn::relu);
    CHECK((layer.inputs() == 40 && layer.outputs() == 30 && layer.activation() == nn::relu));
    CHECK(layer.bias() == Vector<T>(30));
    CHECK(layer.weight() == nn::he_normal<T>(b, 30, 40));
    CHECK(nn::make_dense<T>(a, 40, 30, nn::tanh).weight() == nn::glorot_normal<T>(b, 30, 40));
    CHECK(nn::make_dense<T>(a, 0, 2, nn::identity).weight().empty());
}
