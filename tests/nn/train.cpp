#include "gram/nn/train.hpp"

#include <vector>

#include "gram/expr/expr.hpp"
#include "gram/nn/initializers.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

// Points of two classes that no line separates: the sign of x y.
template <class T>
struct Quadrants {
    Matrix<T> X;
    Matrix<T> targets;

    explicit Quadrants(index_t n) : X(support::gaussian<T>(n, 2, 3)), targets(n, 2) {
        for (index_t i = 0; i < n; ++i) targets(i, X(i, 0) * X(i, 1) > 0 ? 1 : 0) = T{1};
    }
};

template <class T>
nn::Sequential<T> small_net(std::uint64_t seed) {
    Rng rng(seed);
    const auto hidden = nn::make_dense<T>(rng, 2, 12, nn::tanh), output = nn::make_dense<T>(rng, 12, 2, nn::identity);
    return {hidden, output};
}

constexpr nn::TrainOptions quick{.epochs = 60, .batch = 16, .learning_rate = 0.2};

}  // namespace

TEMPLATE_TEST_CASE("a small network learns what no line separates", "", float, double) {
    using T = TestType;
    const Quadrants<T> data(300);
    auto net = small_net<T>(1);
    Rng rng(1);
    std::vector<double> losses;
    nn::train(net, data.X, data.targets, nn::softmax_cross_entropy, quick, rng,
              [&](const nn::Epoch& e) { losses.push_back(e.loss); });
    REQUIRE(losses.size() == 60);
    CHECK(losses.back() < losses.front() / 4);
    CHECK(nn::accuracy(net, data.X, data.targets) > 0.95);
}

TEMPLATE_TEST_CASE("the same seed gives the same bits", "", float, double) {
    using T = TestType;
    const Quadrants<T> data(50);
    auto a = small_net<T>(1), b = small_net<T>(1), c = small_net<T>(1);
    Rng first(7), second(7), other(8);
    const nn::TrainOptions options{.epochs = 3, .batch = 8, .weight_decay = 0.01};
    nn::train(a, data.X, data.targets, nn::squared_error, options, first);
    nn::train(b, data.X, data.targets, nn::squared_error, options, second);
    nn::train(c, data.X, data.targets, nn::squared_error, options, other);
    CHECK(a == b);
    CHECK(first == second);
    CHECK(a != c);
}

TEST_CASE("one step without momentum is a step down the mean gradient") {
    const Quadrants<double> data(10);
    auto net = small_net<double>(2);
    const auto g = nn::gradients(net, data.X, data.targets, nn::softmax_cross_entropy);
    const Matrix<double> expected = 0.99 * net.layer(0).weight() - 0.01 * g.layers[0].weight;
    Rng rng(1);
    nn::train(net, data.X, data.targets, nn::softmax_cross_entropy,
              {.epochs = 1, .batch = 100, .learning_rate = 0.1, .momentum = 0, .weight_decay = 0.1}, rng);
    CHECK(allclose(net.layer(0).weight(), expected, 0, 1e-14));
}

TEST_CASE("the loss of a linear model falls in every epoch of full batches") {
    const auto X = support::gaussian<double>(40, 3, 1);
    const Matrix<double> targets = X * support::gaussian<double>(3, 2, 2);
    nn::Sequential<double> net{nn::Dense<double>(Matrix<double>(2, 3), Vector<double>(2))};
    Rng rng(1);
    double before = std::numeric_limits<double>::infinity();
    nn::train(net, X, targets, nn::squared_error, {.epochs = 200, .batch = 40, .learning_rate = 0.05, .momentum = 0},
              rng, [&](const nn::Epoch& e) {
                  CHECK(e.loss <= before * (1 + 1e-12));
                  before = e.loss;
              });
    CHECK(before < 1e-6);
}

TEST_CASE("the callback ends the training") {
    const Quadrants<double> data(20);
    auto net = small_net<double>(1);
    Rng rng(1);
    index_t last = -1;
    nn::train(net, data.X, data.targets, nn::squared_error, quick, rng, [&](const nn::Epoch& e) {
        last = e.number;
        return e.number < 4;
    });
    CHECK(last == 4);
}

TEST_CASE("training refuses what cannot be trained on, and divergence is an error") {
    const Quadrants<double> data(20);
    auto net = small_net<double>(1);
    const auto untouched = net;
    Rng rng(1);
    const auto with = [&](nn::TrainOptions options) {
        nn::train(net, data.X, data.targets, nn::squared_error, options, rng);
    };
    CHECK_THROWS_AS(with({.batch = 0}), std::invalid_argument);
    CHECK_THROWS_AS(with({.epochs = -1}), std::invalid_argument);
    CHECK_THROWS_AS(with({.learning_rate = -1}), std::invalid_argument);
    CHECK_THROWS_AS(with({.learning_rate = std::nan("")}), std::invalid_argument);
    CHECK_THROWS_AS(nn::train(net, data.X, Matrix<double>(19, 2), nn::squared_error, quick, rng), shape_error);
    CHECK_THROWS_AS(nn::train(net, data.X, Matrix<double>(20, 3), nn::squared_error, quick, rng), shape_error);
    CHECK_THROWS_AS(nn::train(net, Matrix<double>(20, 3), data.targets, nn::squared_error, quick, rng), shape_error);
    with({.epochs = 0});
    CHECK(net == untouched);
    CHECK_THROWS_AS(with({.epochs = 500, .learning_rate = 1e6}), non_finite);
}

TEST_CASE("accuracy is the part of samples whose largest output is right") {
    const nn::Sequential<double> same;
    const Matrix<double> scores = {{1, 2}, {3, 0}, {0, 1}, {5, 4}}, targets = {{0, 1}, {0, 1}, {0, 1}, {1, 0}};
    CHECK(nn::accuracy(same, scores, targets) == 0.75);
    CHECK(std::isnan(nn::accuracy(same, Matrix<double>(0, 2), Matrix<double>(0, 2))));
}
