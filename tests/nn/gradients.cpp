#include "gram/nn/gradients.hpp"

#include <cmath>
#include <limits>

#include "nn/layers.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;
using support::all_activations;
using support::random_layer;

namespace {

constexpr nn::Loss all_losses[] = {nn::squared_error, nn::softmax_cross_entropy};

// The loss by its formula, sample by sample, in plain loops.
double plain_loss(const Matrix<double>& Y, const Matrix<double>& targets, nn::Loss loss) {
    double total = 0;
    for (index_t s = 0; s < Y.rows(); ++s) {
        double largest = -std::numeric_limits<double>::infinity(), sum = 0;
        for (index_t j = 0; j < Y.cols(); ++j) largest = std::max(largest, Y(s, j));
        for (index_t j = 0; j < Y.cols(); ++j) sum += std::exp(Y(s, j) - largest);
        for (index_t j = 0; j < Y.cols(); ++j) {
            const double d = Y(s, j) - targets(s, j);
            total += loss == nn::squared_error ? d * d : -targets(s, j) * (Y(s, j) - largest - std::log(sum));
        }
    }
    return total;
}

// Largest difference between gradient elements and central differences of f over x, relative to the largest element.
template <class F>
double difference(Matrix<double> x, const Matrix<double>& gradient, F f) {
    const double h = std::cbrt(std::numeric_limits<double>::epsilon());
    double worst = 0, scale = 1;
    for (index_t e = 0; e < x.size(); ++e) {
        const double old = x.data()[e];
        x.data()[e] = old + h;
        const double up = f(x);
        x.data()[e] = old - h;
        const double down = f(x);
        x.data()[e] = old;
        const double error = std::abs((up - down) / (2 * h) - gradient.data()[e]);
        if (!(error <= worst)) worst = error;
        scale = std::max(scale, std::abs(gradient.data()[e]));
    }
    return worst / scale;
}

}  // namespace

TEST_CASE("a layer's gradients are the limits of central differences, for every activation and loss") {
    const index_t in = 4, out = 3;
    for (const index_t m : {0, 1, 5}) {
        const auto X = support::gaussian<double>(m, in, 11), targets = softmax(support::gaussian<double>(m, out, 12));
        for (const auto a : all_activations) {
            const auto layer = random_layer<double>(in, out, a, 3);
            for (const auto loss : all_losses) {
                INFO(nn::name(a) << ", loss " << static_cast<int>(loss) << ", " << m << " samples");
                const auto g = nn::gradients(layer, X, targets, loss);
                CHECK(std::abs(g.loss - plain_loss(layer(X), targets, loss)) <= 1e-13 * (1 + std::abs(g.loss)));
                REQUIRE((g.weight.rows() == out && g.weight.cols() == in && g.bias.rows() == out));
                REQUIRE((g.input.rows() == m && g.input.cols() == in));
                const Matrix<double> bias = layer.bias(), bias_gradient = g.bias;
                CHECK(difference(layer.weight(), g.weight, [&](const Matrix<double>& W) {
                          return plain_loss(nn::Dense<double>(W, layer.bias(), a)(X), targets, loss);
                      }) < 1e-7);
                CHECK(difference(bias, bias_gradient, [&](const Matrix<double>& b) {
                          return plain_loss(nn::Dense<double>(layer.weight(), b.col(0), a)(X), targets, loss);
                      }) < 1e-7);
                CHECK(difference(X, g.input,
                                 [&](const Matrix<double>& x) { return plain_loss(layer(x), targets, loss); }) < 1e-7);
            }
        }
    }
}

TEMPLATE_TEST_CASE("the gradients of a batch are the sums of those of its samples", "", float, double) {
    using T = TestType;
    const index_t m = 7, in = 5, out = 4;
    const auto X = support::gaussian<T>(m, in, 1);
    const Matrix<T> targets = softmax(support::gaussian<T>(m, out, 2));
    const double tolerance = 300 * support::eps_of<T>;
    for (const auto a : {nn::tanh, nn::relu, nn::gelu}) {
        const auto layer = random_layer<T>(in, out, a, 3);
        for (const auto loss : all_losses) {
            const auto batch = nn::gradients(layer, X, targets, loss);
            T total{};
            Matrix<T> weight(out, in);
            Vector<T> bias(out);
            for (index_t s = 0; s < m; ++s) {
                const auto g = nn::gradients(layer, Vector<T>(X.row(s).T()), Vector<T>(targets.row(s).T()), loss);
                total += g.loss, weight += g.weight, bias += g.bias;
                CHECK(allclose(g.input, batch.input.row(s).T(), 0, tolerance));
            }
            CHECK(std::abs(static_cast<double>(total - batch.loss)) < tolerance * (1 + static_cast<double>(total)));
            CHECK(allclose(weight, batch.weight, 0, 10 * tolerance));
            CHECK(allclose(bias, batch.bias, 0, 10 * tolerance));
        }
    }
}

TEST_CASE("a network's gradients are the limits of central differences") {
    const auto X = support::gaussian<double>(6, 3, 1);
    const nn::Sequential<double> net{random_layer<double>(3, 5, nn::tanh, 2), random_layer<double>(5, 4, nn::gelu, 4),
                                     random_layer<double>(4, 2, nn::identity, 6)};
    const auto targets = nn::one_hot<double>({0, 1, 1, 0, 1, 0}, 2);
    for (const auto loss : all_losses) {
        const auto g = nn::gradients(net, X, targets, loss);
        REQUIRE(g.layers.size() == 3);
        for (index_t l = 0; l < 3; ++l) {
            const auto with = [&](const Matrix<double>& W, const Vector<double>& b) {
                auto layers = net.layers();
                layers[static_cast<std::size_t>(l)] = nn::Dense<double>(W, b, net.layer(l).activation());
                return plain_loss(nn::Sequential<double>(layers)(X), targets, loss);
            };
            const Matrix<double> bias = net.layer(l).bias(), bias_gradient = g.layers[static_cast<std::size_t>(l)].bias;
            CHECK(difference(net.layer(l).weight(), g.layers[static_cast<std::size_t>(l)].weight,
                             [&](const Matrix<double>& W) { return with(W, net.layer(l).bias()); }) < 1e-7);
            CHECK(difference(bias, bias_gradient,
                             [&](const Matrix<double>& b) { return with(net.layer(l).weight(), b.col(0)); }) < 1e-7);
        }
        CHECK(difference(X, g.input, [&](const Matrix<double>& x) { return plain_loss(net(x), targets, loss); }) <
              1e-7);
    }
}

TEST_CASE("backpropagation by hand") {
    const nn::Dense<double> layer({{.5, -.3}, {.1, .7}, {-.4, .2}}, {.1, 0, -.1}, nn::relu);
    const auto g = nn::gradients(layer, Vector<double>{2, 1}, Vector<double>{1, 0, 0}, nn::squared_error);
    CHECK(std::abs(g.loss - 0.85) < 1e-15);
    CHECK(allclose(g.weight, Matrix<double>{{-.8, -.4}, {3.6, 1.8}, {0, 0}}, 0, 1e-15));
    CHECK(allclose(g.bias, Vector<double>{-.4, 1.8, 0}, 0, 1e-15));
    CHECK(allclose(g.input, Vector<double>{-.4 * .5 + 1.8 * .1, .4 * .3 + 1.8 * .7}, 0, 1e-15));
}

TEMPLATE_TEST_CASE("cross entropy is finite and right where the softmax saturates", "", float, double) {
    using T = TestType;
    const Matrix<T> scores = {{10000, -10000, 0}, {-10000, 10000, 0}, {3, 3, 3}};
    const Matrix<T> targets = {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}};
    const auto l = nn::loss_gradient(nn::softmax_cross_entropy, scores, targets);
    CHECK(std::abs(static_cast<double>(l.loss) - (20000 + std::log(3.0))) < 20000 * 4 * support::eps_of<T>);
    const T third = T(1) / T(3);
    CHECK(allclose(l.outputs, Matrix<T>{{0, 0, 0}, {-1, 1, 0}, {third, third - 1, third}}, 0, 4 * support::eps_of<T>));
}

TEST_CASE("labels become one-hot rows, and strays are refused") {
    CHECK(nn::one_hot<double>({2, 0}, 3) == Matrix<double>{{0, 0, 1}, {1, 0, 0}});
    CHECK(nn::one_hot<float>({}, 3).rows() == 0);
    CHECK_THROWS_AS(nn::one_hot<double>({3}, 3), std::out_of_range);
    CHECK_THROWS_AS(nn::one_hot<double>({-1}, 3), std::out_of_range);
}

TEST_CASE("targets of another shape are refused") {
    const auto layer = random_layer<double>(2, 3, nn::relu, 1);
    CHECK_THROWS_WITH(nn::gradients(layer, Matrix<double>(4, 2), Matrix<double>(4, 2), nn::squared_error),
                      support::contains_text("4x3 and 4x2"));
    CHECK_THROWS_AS(nn::gradients(layer, Vector<double>(2), Vector<double>(2), nn::squared_error), shape_error);
    CHECK_THROWS_AS(nn::gradients(layer, Matrix<double>(4, 3), Matrix<double>(4, 3), nn::squared_error), shape_error);
}
