// Distributions: goodness of fit, the same bits everywhere, parameters that are refused.
#include "gram/core/distributions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace gram;

namespace {

constexpr int draws = 40000;

// sqrt(n) times the Kolmogorov-Smirnov distance of draws from a distribution function. Above 2.0 by chance once in
// 1500 times; the seeds are fixed.
double kolmogorov(const std::function<double()>& draw, const std::function<double(double)>& cdf) {
    std::vector<double> x(draws);
    for (double& value : x) value = draw();
    std::sort(x.begin(), x.end());
    double distance = 0;
    for (int i = 0; i < draws; ++i) {
        const double p = cdf(x[static_cast<std::size_t>(i)]);
        distance = std::max(
            {distance, std::abs(p - static_cast<double>(i) / draws), std::abs(p - static_cast<double>(i + 1) / draws)});
    }
    return distance * std::sqrt(static_cast<double>(draws));
}

// How many standard deviations chi-square lies above its mean, from counts of whole numbers and their probabilities;
// values expected fewer than 8 times are taken together.
double chi_square_excess(const std::function<index_t()>& draw, const std::function<double(index_t)>& pmf,
                         index_t largest) {
    std::vector<double> counts(static_cast<std::size_t>(largest) + 2);
    for (int i = 0; i < draws; ++i) {
        const index_t k = draw();
        REQUIRE(k >= 0);
        counts[static_cast<std::size_t>(std::min(k, largest + 1))] += 1;
    }
    double sum = 0, rest = draws, rare = counts.back();
    int cells = 0;
    for (index_t k = 0; k <= largest; ++k) {
        const double expected = draws * pmf(k), seen = counts[static_cast<std::size_t>(k)];
        if (expected < 8) {
            rare += seen;
            continue;
        }
        rest -= expected;
        sum += (seen - expected) * (seen - expected) / expected;
        ++cells;
    }
    if (rest > 1) sum += (rare - rest) * (rare - rest) / rest;
    const double freedom = std::max(1, rest > 1 ? cells : cells - 1);
    return (sum - freedom) / std::sqrt(2 * freedom);
}

double binomial_pmf(index_t n, double p, index_t k) {
    const auto a = static_cast<double>(n), b = static_cast<double>(k);
    return std::exp(std::lgamma(a + 1) - std::lgamma(b + 1) - std::lgamma(a - b + 1) + b * std::log(p) +
                    (a - b) * std::log1p(-p));
}
double poisson_pmf(double mean, index_t k) {
    const auto x = static_cast<double>(k);
    return std::exp(x * std::log(mean) - mean - std::lgamma(x + 1));
}
// Gamma of whole shape: 1 - e^-x sum x^i / i!.
double erlang(int shape, double x) {
    double term = 1, sum = 1;
    for (int i = 1; i < shape; ++i) sum += term *= x / i;
    return 1 - std::exp(-x) * sum;
}

}  // namespace

TEST_CASE("portable elementary functions are right to a few ulp") {
    using Isa = simd::native_arch;
    Rng rng(1);
    double log_error = 0, exp_error = 0, factorial_error = 0;
    for (int i = 0; i < 20000; ++i) {
        const double x = std::exp(rng.uniform(-300, 300)), y = rng.uniform(-700, 700), z = rng.uniform(-0.9, 3);
        const auto relative = [](double value, long double exact) {
            return static_cast<double>(std::abs((static_cast<long double>(value) - exact) / exact));
        };
        log_error =
            std::max(log_error, relative(core_detail::portable_log<Isa>(x), std::log(static_cast<long double>(x))));
        log_error =
            std::max(log_error, relative(core_detail::portable_log1p<Isa>(z), std::log1p(static_cast<long double>(z))));
        exp_error =
            std::max(exp_error, relative(core_detail::portable_exp<Isa>(y), std::exp(static_cast<long double>(y))));
    }
    for (double k = 0; k < 1e7; k = std::floor(k * 1.2 + 1)) {
        const long double exact = std::lgamma(static_cast<long double>(k) + 1);
        const auto error = static_cast<double>(std::abs(
            (static_cast<long double>(core_detail::portable_log_factorial<Isa>(k)) - exact) / std::max(1.0L, exact)));
        factorial_error = std::max(factorial_error, error);
    }
    CHECK(log_error < 3 * 0x1p-52);
    CHECK(exp_error < 3 * 0x1p-52);
    CHECK(factorial_error < 1e-12);
    CHECK(core_detail::portable_log<Isa>(1.0) == 0.0);
    CHECK(core_detail::portable_exp<Isa>(0.0) == 1.0);
    CHECK(core_detail::portable_exp<Isa>(-1e9) == 0.0);
}

TEST_CASE("continuous distributions fit their laws") {
    Rng rng(2);
    CHECK(kolmogorov([&] { return rng.exponential(2); }, [](double x) { return -std::expm1(-x / 2); }) < 2);
    CHECK(kolmogorov([&] { return rng.normal(3, 2); },
                     [](double x) { return std::erfc((3 - x) / std::sqrt(8.0)) / 2; }) < 2);
    CHECK(kolmogorov([&] { return rng.gamma(0.5, 2); }, [](double x) { return std::erf(std::sqrt(x / 2)); }) < 2);
    CHECK(kolmogorov([&] { return rng.gamma(1, 3); }, [](double x) { return -std::expm1(-x / 3); }) < 2);
    CHECK(kolmogorov([&] { return rng.gamma(5); }, [](double x) { return erlang(5, x); }) < 2);
    CHECK(kolmogorov([&] { return rng.chi_squared(6); }, [](double x) { return erlang(3, x / 2); }) < 2);
    CHECK(kolmogorov([&] { return rng.beta(0.5, 0.5); },
                     [](double x) { return 2 / 3.14159265358979323846 * std::asin(std::sqrt(x)); }) < 2);
    CHECK(kolmogorov([&] { return rng.beta(2, 3); }, [](double x) { return x * x * (6 - x * (8 - 3 * x)); }) < 2);
    CHECK(kolmogorov([&] { return rng.beta(0.01, 1); }, [](double x) { return std::pow(x, 0.01); }) < 2);
    CHECK(kolmogorov([&] { return rng.student_t(1); },
                     [](double x) { return 0.5 + std::atan(x) / 3.14159265358979323846; }) < 2);
}

TEST_CASE("a test of fit refuses a law that is nearly right") {
    Rng rng(3);
    CHECK(kolmogorov([&] { return rng.gamma(5.1); }, [](double x) { return erlang(5, x); }) > 2);
    CHECK(chi_square_excess([&] { return rng.poisson(10.2); }, [](index_t k) { return poisson_pmf(10, k); }, 40) > 5);
}

TEST_CASE("discrete distributions fit their laws") {
    Rng rng(4);
    for (const auto& [n, p] : {std::pair<index_t, double>{1, 0.3},
                               {20, 0.1},
                               {30, 0.5},
                               {40, 0.3},
                               {1000, 0.02},
                               {1000, 0.97},
                               {5000, 0.4}}) {
        CAPTURE(n, p);
        CHECK(chi_square_excess([&, n = n, p = p] { return rng.binomial(n, p); },
                                [n = n, p = p](index_t k) { return binomial_pmf(n, p, k); }, n) < 5);
    }
    for (const double mean : {0.01, 3.0, 9.99, 10.0, 45.0, 700.0}) {
        CAPTURE(mean);
        CHECK(chi_square_excess([&] { return rng.poisson(mean); }, [&](index_t k) { return poisson_pmf(mean, k); },
                                static_cast<index_t>(3 * mean) + 10) < 5);
    }
    CHECK(chi_square_excess([&] { return rng.geometric(0.2); },
                            [](index_t k) { return k == 0 ? 0.0 : 0.2 * std::pow(0.8, static_cast<double>(k - 1)); },
                            80) < 5);
    CHECK(chi_square_excess([&] { return index_t{rng.bernoulli(0.3)}; },
                            [](index_t k) { return k == 0   ? 0.7
                                                   : k == 1 ? 0.3
                                                            : 0.0; }, 1) < 5);
}

TEST_CASE("an index is drawn by its weight and never where the weight is zero") {
    Rng rng(5);
    const std::vector<double> weights = {0, 1, 0, 3, 1e-30, 6, 0};
    const Categorical alias{std::span<const double>(weights)};
    const auto pmf = [&](index_t i) { return weights[static_cast<std::size_t>(i)] / 10; };
    CHECK(alias.size() == 7);
    CHECK(chi_square_excess([&] { return rng.categorical(weights); }, pmf, 6) < 5);
    CHECK(chi_square_excess([&] { return alias(rng); }, pmf, 6) < 5);
    for (int i = 0; i < 20000; ++i) {
        const index_t k = alias(rng), l = rng.categorical(weights);
        if (weights[static_cast<std::size_t>(k)] == 0 || weights[static_cast<std::size_t>(l)] == 0) FAIL("weight zero");
    }
    const std::vector<double> one = {2};
    CHECK(Categorical{std::span<const double>(one)}(rng) == 0);
}

TEST_CASE("choices are distinct unless asked otherwise, and by weight") {
    Rng rng(6);
    auto some = rng.choice(10, 4);
    CHECK(some.size() == 4);
    std::sort(some.begin(), some.end());
    CHECK(std::adjacent_find(some.begin(), some.end()) == some.end());
    CHECK(rng.choice(3, 50, true).size() == 50);
    CHECK(rng.choice(0, 0).empty());
    CHECK_THROWS_AS(rng.choice(3, 4), std::invalid_argument);
    CHECK_THROWS_AS(rng.choice(0, 1, true), std::invalid_argument);
    // The first of two draws follows the weights; the second those that remain.
    const std::vector<double> weights = {1, 2, 3};
    std::array<double, 9> counts{};
    const int rounds = 60000;
    for (int i = 0; i < rounds; ++i) {
        const auto pair = rng.choice(weights, 2);
        counts[static_cast<std::size_t>(3 * pair[0] + pair[1])] += 1;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(counts[3 * i + i] == 0);
        for (std::size_t j = 0; j < 3; ++j) {
            if (i == j) continue;
            const double p = weights[i] / 6 * weights[j] / (6 - weights[i]);
            CHECK(std::abs(counts[3 * i + j] / rounds - p) < 5 * std::sqrt(p * (1 - p) / rounds));
        }
    }
}

TEST_CASE("degenerate parameters give degenerate draws") {
    Rng rng(7);
    CHECK(rng.normal(3, 0) == 3);
    CHECK(rng.exponential(0) == 0);
    CHECK(rng.gamma(2, 0) == 0);
    CHECK((rng.binomial(0, 0.5) == 0 && rng.binomial(9, 0) == 0 && rng.binomial(9, 1) == 9));
    CHECK((rng.poisson(0) == 0 && rng.geometric(1) == 1));
    CHECK((!rng.bernoulli(0) && rng.bernoulli(1)));
    for (int i = 0; i < 1000; ++i) {
        const double tiny = rng.gamma(1e-3), b = rng.beta(1e-3, 1e-3);
        CHECK((tiny >= 0 && b >= 0 && b <= 1));
    }
    CHECK(rng.binomial(index_t{1} << 52, 0.5) > 0);
    CHECK(rng.poisson(1e15) > 0);
}

TEST_CASE("parameters outside of the law are refused before a number is drawn") {
    Rng rng(8);
    const Rng before = rng;
    const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    for (const double bad : {nan, inf, -1.0}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(rng.normal(0, bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.exponential(bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.gamma(bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.gamma(1, bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.beta(bad, 1), std::invalid_argument);
        CHECK_THROWS_AS(rng.beta(1, bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.student_t(bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.chi_squared(bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.bernoulli(bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.binomial(5, bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.geometric(bad), std::invalid_argument);
        CHECK_THROWS_AS(rng.poisson(bad), std::invalid_argument);
        const std::vector<double> weights = {1, bad};
        CHECK_THROWS_AS(rng.categorical(weights), std::invalid_argument);
        CHECK_THROWS_AS(rng.choice(weights, 1), std::invalid_argument);
        CHECK_THROWS_AS(Categorical{std::span<const double>(weights)}, std::invalid_argument);
    }
    CHECK_THROWS_AS(rng.binomial(-1, 0.5), std::invalid_argument);
    CHECK_THROWS_AS(rng.gamma(0), std::invalid_argument);
    CHECK_THROWS_AS(rng.geometric(0), std::invalid_argument);
    CHECK_THROWS_AS(rng.permutation(-1), std::invalid_argument);
    CHECK_THROWS_AS(rng.categorical({}), std::invalid_argument);
    const std::vector<double> zeros = {0, 0};
    CHECK_THROWS_AS(rng.categorical(zeros), std::invalid_argument);
    CHECK_THROWS_WITH(rng.bernoulli(2), "Rng::bernoulli: 2.000000, expected a probability in [0, 1]");
    CHECK(rng == before);
}

// Pinned by this library: compilers, flags (contraction, instruction set) and libm must not change a bit.
TEST_CASE("draws are the same to the last bit everywhere") {
    Rng rng(42);
    const auto pin = [](double x, double expected) { CHECK(x == expected); };
    pin(rng.exponential(), 0x1.a4b34cba2d5cfp-3);
    pin(rng.gamma(2.5), 0x1.32c34f671f2a7p+2);
    pin(rng.gamma(0.3), 0x1.ab1b94e669027p-2);
    pin(rng.beta(2, 3), 0x1.23bd5b0959f2ep-1);
    pin(rng.student_t(4), -0x1.3103699f46376p-1);
    pin(static_cast<double>(rng.binomial(1000, 0.3)), 0x1.11p+8);
    pin(static_cast<double>(rng.binomial(10, 0.3)), 0x1p+1);
    pin(static_cast<double>(rng.poisson(4)), 0x1.4p+2);
    pin(static_cast<double>(rng.poisson(400)), 0x1.a4p+8);
    pin(static_cast<double>(rng.geometric(0.01)), 0x1.54p+6);
}
