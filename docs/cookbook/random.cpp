// Random numbers: seeds, distributions, matrices of them.
#include "cookbook.hpp"

namespace {

void seeds() {
    // [seeds]
    Rng a(42), b(42);
    expect(a.normal() == b.normal());  // the same on every platform
    Rng child = a.split();             // an independent stream, for a thread or a part of a program
    expect(child() != a());
    // [seeds]
}

void distributions() {
    Rng rng(1);
    // [distributions]
    const double u = rng.uniform(), v = rng.uniform(-1, 1);             // [0, 1) and [-1, 1)
    const double waiting = rng.exponential(2), size = rng.gamma(3, 2);  // scale 2; shape 3, scale 2
    const double share = rng.beta(2, 5);                                // within [0, 1]
    const index_t heads = rng.binomial(100, 0.5), calls = rng.poisson(4), die = 1 + rng.integer(6);
    expect(u < 1 && v < 1 && waiting > 0 && size > 0 && share <= 1);
    expect(heads <= 100 && calls >= 0 && die <= 6);
    // [distributions]
}

void choices() {
    Rng rng(2);
    // [choices]
    const std::vector<double> weights = {1, 0, 3};
    const Categorical by_weight{std::span<const double>(weights)};  // constant time for each draw
    expect(by_weight(rng) != 1);
    const auto order = rng.permutation(5);     // 0 ... 4 in random order
    const auto three = rng.choice(10, 3);      // distinct
    const auto pair = rng.choice(weights, 2);  // distinct, by weight
    expect(order.size() == 5 && three.size() == 3 && pair.size() == 2);
    // [choices]
}

void matrices() {
    // [generate]
    Rng rng(3);
    const Matrix<double> N = randn<double>(rng, 2, 3), U = rand<double>(rng, 2, 3);
    const auto G = generate<float>(2, 3, [&] { return rng.gamma(2); });
    expect(N.size() == 6 && U(1, 2) < 1 && G(0, 0) > 0);
    // [generate]
    // [randint]
    const auto dice = randint<int>(rng, 1, 7, 2, 10);
    expect(min(dice) >= 1 && max(dice) <= 6);
    // [randint]
    // [multivariate_normal]
    const Vector<double> mean = {1, 2};
    const Matrix<double> covariance = {{2, 1}, {1, 2}};
    const Matrix<double> X = multivariate_normal(rng, mean, covariance, 1000);  // a sample in each row
    expect(X.rows() == 1000 && X.cols() == 2);
    // [multivariate_normal]
}

}  // namespace

int main() {
    seeds();
    distributions();
    choices();
    matrices();
}
