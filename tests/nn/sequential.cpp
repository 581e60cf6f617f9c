#include "gram/nn/sequential.hpp"

#include "nn/layers.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;
using support::random_layer;

TEMPLATE_TEST_CASE("a network is its layers one after the other", "", float, double) {
    using T = TestType;
    const auto a = random_layer<T>(4, 7, nn::tanh, 1), b = random_layer<T>(7, 5, nn::relu, 3),
               c = random_layer<T>(5, 2, nn::identity, 5);
    const nn::Sequential<T> net{a, b, c};
    CHECK((net.size() == 3 && net.inputs() == 4 && net.outputs() == 2));
    CHECK(net.parameter_count() == 4 * 7 + 7 + 7 * 5 + 5 + 5 * 2 + 2);
    const auto X = support::gaussian<T>(6, 4, 7);
    CHECK(net(X) == c(b(a(X))));
    const Vector<T> x = X.row(3).T();
    CHECK(net(x) == c(b(a(x))));
    const Matrix<T> Y = net(X);
    CHECK(allclose(net(x), Y.row(3).T(), 1e-4, 1e-4));
}

TEST_CASE("the textbook's network comes out as by hand") {
    const nn::Sequential<double> net{nn::Dense<double>({{1, -1}, {0, 2}, {1, 1}}, {0, -1, 0.5}, nn::relu),
                                     nn::Dense<double>({{1, 0, -1}, {2, 1, 0}}, {0.5, -0.5}, nn::sigmoid)};
    CHECK(net.parameter_count() == 17);
    CHECK(allclose(net(Vector<double>{2, 1}), Vector<double>{0.1192029220221176, 0.9241418199787566}, 0, 1e-15));
}

TEST_CASE("layers that do not chain are refused by number and extent") {
    const nn::Dense<double> first(Matrix<double>(3, 2), Vector<double>(3)),
        second(Matrix<double>(1, 4), Vector<double>(1));
    CHECK_THROWS_AS((nn::Sequential<double>{first, second}), shape_error);
    CHECK_THROWS_WITH((nn::Sequential<double>{first, second}),
                      support::contains_text("layer 0 has 3 outputs, layer 1 takes 4 inputs"));
    CHECK_THROWS_AS(nn::Sequential<double>{first}(Vector<double>(3)), shape_error);
}

TEMPLATE_TEST_CASE("a network without layers is the identity", "", float, double) {
    using T = TestType;
    const nn::Sequential<T> net;
    const auto X = support::gaussian<T>(2, 3, 1);
    CHECK(net(X) == X);
    CHECK((net.size() == 0 && net.inputs() == 0 && net.outputs() == 0 && net.parameter_count() == 0));
}

TEMPLATE_TEST_CASE("networks are values whose layers can be reached", "", float, double) {
    using T = TestType;
    nn::Sequential<T> net{random_layer<T>(2, 2, nn::relu, 1)};
    const auto copy = net;
    CHECK(copy == net);
    net.layer(0).update(full<T>(2, 2, 1), Vector<T>(2));
    CHECK(copy != net);
    CHECK(copy.layer(0) == copy.layers()[0]);
    CHECK_THROWS_AS(net.layer(1), std::out_of_range);
    CHECK_THROWS_AS(copy.layer(-1), std::out_of_range);
}

TEMPLATE_TEST_CASE("without the bend a stack of layers is one layer", "", float, double) {
    using T = TestType;
    const auto a = random_layer<T>(6, 9, nn::identity, 1), b = random_layer<T>(9, 4, nn::identity, 3),
               c = random_layer<T>(4, 3, nn::tanh, 5);
    const auto X = support::gaussian<T>(5, 6, 7);
    const double tolerance = 1000 * support::eps_of<T>;
    CHECK(allclose(nn::collapse(a, b)(X), b(a(X)), 0, tolerance));
    const auto all = nn::collapse(nn::collapse(a, b), c);
    CHECK(all.activation() == nn::tanh);
    CHECK((all.inputs() == 6 && all.outputs() == 3));
    CHECK(allclose(all(X), c(b(a(X))), 0, tolerance));
}

TEST_CASE("layers collapse only when linear and when they chain") {
    const auto bent = random_layer<double>(2, 3, nn::relu, 1), flat = random_layer<double>(2, 3, nn::identity, 1);
    CHECK_THROWS_WITH(nn::collapse(bent, random_layer<double>(3, 1, nn::identity, 2)), support::contains_text("relu"));
    CHECK_THROWS_AS(nn::collapse(bent, random_layer<double>(3, 1, nn::identity, 2)), std::invalid_argument);
    CHECK_THROWS_AS(nn::collapse(flat, random_layer<double>(2, 1, nn::identity, 2)), shape_error);
}
