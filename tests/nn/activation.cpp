#include "gram/nn/activation.hpp"

#include <cmath>
#include <limits>

#include "nn/layers.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;
using nn::Activation;
using support::all_activations;

namespace {

// The formulas, in double by the standard library.
double reference(Activation a, double x) {
    switch (a) {
        case Activation::identity:
            return x;
        case Activation::relu:
            return x > 0 ? x : 0;
        case Activation::leaky_relu:
            return x > 0 ? x : 0.01 * x;
        case Activation::gelu:
            return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
        case Activation::sigmoid:
            return 1 / (1 + std::exp(-x));
        case Activation::tanh:
            return std::tanh(x);
        case Activation::softplus:
            return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
        case Activation::silu:
            return x / (1 + std::exp(-x));
    }
    return 0;
}

}  // namespace

TEMPLATE_TEST_CASE("every activation agrees with its formula in every lane and in the tail", "", float, double) {
    using T = TestType;
    for (const index_t n : {0, 1, 7, 8, 9, 16, 17, 33}) {
        Matrix<T> X = support::times(support::gaussian<T>(3, n, 5), 3);
        for (const Activation a : all_activations) {
            INFO(nn::name(a) << " of 3x" << n);
            const Matrix<T> Y = nn::apply(a, X);
            REQUIRE((Y.rows() == 3 && Y.cols() == n));
            double worst = 0;
            for (index_t i = 0; i < X.size(); ++i) {
                const double x = static_cast<double>(X.data()[i]), y = static_cast<double>(Y.data()[i]);
                // gelu and silu are a small part of x where x is negative: their error is one of x.
                const double scale = std::max(std::abs(reference(a, x)), std::abs(x));
                worst = std::max(worst, std::abs(y - reference(a, x)) / (support::eps_of<T> * scale));
            }
            CHECK(worst < 4);
        }
    }
}

TEMPLATE_TEST_CASE("a vector stays a vector and an expression is evaluated once", "", float, double) {
    using T = TestType;
    const Vector<T> x = {-1, 0, 2};
    const Vector<T> y = nn::apply(nn::relu, x), z = nn::apply(nn::relu, 2 * x);
    CHECK(y == Vector<T>{0, 0, 2});
    CHECK(z == Vector<T>{0, 0, 4});
    STATIC_REQUIRE(std::is_same_v<decltype(nn::apply(nn::gelu, x)), Vector<T>>);
}

TEMPLATE_TEST_CASE("activations are defined where the exponential is not", "", float, double) {
    using T = TestType;
    const T nan = std::numeric_limits<T>::quiet_NaN();
    Vector<T> x(20);
    for (index_t i = 0; i < 20; ++i) x[i] = i % 2 == 0 ? T(1e4) : T(-1e4);
    for (const Activation a : all_activations) {
        INFO(nn::name(a));
        const Vector<T> y = nn::apply(a, x), slope = nn::derivative(a, x);
        for (index_t i = 0; i < 20; ++i) {
            CHECK(std::abs(static_cast<double>(y[i]) - reference(a, static_cast<double>(x[i]))) < 1e-2);
            CHECK(std::abs(static_cast<double>(slope[i])) < 1.2);
        }
        CHECK(std::isnan(nn::apply(a, Vector<T>{nan})[0]));
    }
}

TEST_CASE("derivatives are the limits of central differences") {
    const double h = std::cbrt(std::numeric_limits<double>::epsilon());
    const Matrix<double> X = support::times(support::gaussian<double>(4, 11, 8), 2);
    for (const Activation a : all_activations) {
        INFO(nn::name(a));
        const Matrix<double> up = nn::apply(a, X + h), down = nn::apply(a, X - h), slope = nn::derivative(a, X);
        double worst = 0;
        for (index_t i = 0; i < X.size(); ++i) {
            if (std::abs(X.data()[i]) < 2 * h) continue;  // the kink of relu
            const double difference = (up.data()[i] - down.data()[i]) / (2 * h);
            worst = std::max(worst, std::abs(difference - slope.data()[i]));
        }
        CHECK(worst < 1e-9);
    }
}

TEST_CASE("at a kink the slope is that of the left side") {
    const Vector<double> zero = {0};
    CHECK(nn::derivative(nn::relu, zero)[0] == 0);
    CHECK(nn::derivative(nn::leaky_relu, zero)[0] == 0.01);
    CHECK(nn::derivative(nn::identity, zero)[0] == 1);
    CHECK(nn::derivative(nn::sigmoid, zero)[0] == 0.25);
}

TEST_CASE("activations have names") {
    CHECK(std::string(nn::name(nn::identity)) == "identity");
    CHECK(std::string(nn::name(nn::softplus)) == "softplus");
    CHECK(std::string(nn::name(nn::silu)) == "silu");
}
