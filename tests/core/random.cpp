// Random numbers: pinned streams, distributions, independence.
#include "gram/core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

// Chi-square of counts against equal probabilities.
double chi_square(const std::vector<double>& counts, double expected) {
    double sum = 0;
    for (const double c : counts) sum += (c - expected) * (c - expected) / expected;
    return sum;
}

}  // namespace

// Computed by an independent implementation of splitmix64 and xoshiro256++ in Python.
TEST_CASE("the stream of a seed is that of xoshiro256++ seeded by splitmix64") {
    Rng rng(42);
    const std::array<std::uint64_t, 8> expected = {0xd0764d4f4476689f, 0x519e4174576f3791, 0xfbe07cfb0c24ed8c,
                                                   0xb37d9f600cd835b8, 0xcb231c3874846a73, 0x968d9f004e50de7d,
                                                   0x201718ff221a3556, 0x9ae94e070ed8cb46};
    for (const auto x : expected) CHECK(rng() == x);
    for (int i = 8; i < 999; ++i) rng();
    CHECK(rng() == 0xa3ed059c1cc38790);
    Rng zero;
    CHECK(zero() == 0x53175d61490b23df);
    CHECK(zero() == 0x61da6f3dc380d507);
    Rng uniform(42);
    CHECK(uniform.uniform() == 0.8143051451229099);
    CHECK(uniform.uniform() == 0.3188210400616611);
    CHECK(uniform.uniform() == 0.9838941681774888);
    Rng integers(42);
    for (const index_t x : {8, 3, 9, 7, 7, 5, 1, 6, 2, 9, 5, 8, 6, 0, 4, 5}) CHECK(integers.integer(10) == x);
    CHECK(Rng(42).permutation(10) == std::vector<index_t>{5, 3, 1, 0, 9, 6, 4, 7, 2, 8});
}

// The first eight agree with the polar method in 60-digit arithmetic to 2e-16; the bits are this library's.
TEST_CASE("normal numbers are the same to the last bit everywhere") {
    Rng rng(42);
    const std::array<double, 8> expected = {-0x1.1c1fe0bca66d2p-1, 0x1.e7d0d559aae4cp-1,  -0x1.3bca5dfa6e939p-4,
                                            -0x1.6e3e5fc695c7ep+0, -0x1.0661ab6fc73cap-2, -0x1.05b0792dfcd4ep-1,
                                            0x1.0cb2257694939p-2,  -0x1.a736f178d4dp-1};
    for (const double x : expected) CHECK(rng.normal() == x);
}

TEST_CASE("a generator is a value") {
    Rng a(7), b(7);
    CHECK(a == b);
    a.normal();
    CHECK(!(a == b));
    b.normal();
    CHECK(a == b);
    Rng copy = a;
    CHECK(copy.normal() == a.normal());  // the spare normal is part of the state
    CHECK(copy() == a());
    STATIC_REQUIRE(std::uniform_random_bit_generator<Rng>);
    std::vector<int> v = {1, 2, 3, 4, 5};
    std::shuffle(v.begin(), v.end(), a);
    CHECK(v.size() == 5);
}

TEST_CASE("uniform numbers fill [0, 1) evenly") {
    Rng rng(1);
    const int n = 200000, cells = 100;
    std::vector<double> counts(cells);
    double sum = 0, squares = 0, smallest = 1, largest = 0;
    for (int i = 0; i < n; ++i) {
        const double u = rng.uniform();
        counts[static_cast<std::size_t>(u * cells)] += 1;
        sum += u, squares += u * u;
        smallest = std::min(smallest, u), largest = std::max(largest, u);
    }
    CHECK((smallest >= 0 && largest < 1));
    CHECK(std::abs(sum / n - 0.5) < 4 / std::sqrt(12.0 * n));
    CHECK(std::abs(squares / n - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / n));
    CHECK(chi_square(counts, n / cells) < 99 + 5 * std::sqrt(2 * 99.0));
    for (int i = 0; i < n; ++i) {
        const float u = rng.uniform<float>();
        if (!(u >= 0 && u < 1)) FAIL("a float outside of [0, 1)");
    }
    for (int i = 0; i < 1000; ++i) {
        const double u = rng.uniform(-3, 5);
        CHECK((u >= -3 && u < 5));
    }
}

TEST_CASE("normal numbers have the moments and the distribution of the normal law") {
    Rng rng(2);
    const int n = 200000, cells = 64;
    std::vector<double> counts(cells);
    double m1 = 0, m2 = 0, m3 = 0, m4 = 0, lag = 0, before = 0;
    for (int i = 0; i < n; ++i) {
        const double x = rng.normal();
        m1 += x, m2 += x * x, m3 += x * x * x, m4 += x * x * x * x, lag += x * before;
        before = x;
        const double u = 0.5 * std::erfc(-x / std::sqrt(2.0));
        counts[std::min<std::size_t>(static_cast<std::size_t>(u * cells), cells - 1)] += 1;
    }
    const double root = std::sqrt(static_cast<double>(n));
    CHECK(std::abs(m1 / n) < 4 / root);
    CHECK(std::abs(m2 / n - 1) < 4 * std::sqrt(2.0) / root);
    CHECK(std::abs(m3 / n) < 4 * std::sqrt(15.0) / root);
    CHECK(std::abs(m4 / n - 3) < 4 * std::sqrt(96.0) / root);
    CHECK(std::abs(lag / n) < 4 / root);
    CHECK(chi_square(counts, static_cast<double>(n) / cells) < 63 + 5 * std::sqrt(2 * 63.0));
}

TEST_CASE("integers are unbiased, also where the range does not divide 2^64") {
    Rng rng(3);
    for (const index_t n : {1, 2, 3, 10, 97}) {
        const int draws = 50000;
        std::vector<double> counts(static_cast<std::size_t>(n));
        for (int i = 0; i < draws; ++i) counts.at(static_cast<std::size_t>(rng.integer(n))) += 1;
        const double freedom = static_cast<double>(n - 1);
        CHECK(chi_square(counts, static_cast<double>(draws) / static_cast<double>(n)) <=
              freedom + 5 * std::sqrt(2 * freedom));
    }
    // Without rejection the lower third would be drawn twice as often as the rest.
    const index_t huge = index_t{3} << 61;
    int low = 0;
    for (int i = 0; i < 30000; ++i) {
        const index_t x = rng.integer(huge);
        CHECK((x >= 0 && x < huge));
        low += x < huge / 3;
    }
    CHECK(std::abs(low - 10000) < 5 * std::sqrt(30000.0 * 2 / 9));
    CHECK_THROWS_AS(rng.integer(0), std::invalid_argument);
    CHECK_THROWS_AS(rng.integer(-5), std::invalid_argument);
}

TEST_CASE("a permutation holds every index once, every index at every place equally often") {
    Rng rng(4);
    for (const index_t n : {0, 1, 2, 17}) {
        auto p = rng.permutation(n);
        std::sort(p.begin(), p.end());
        for (index_t i = 0; i < n; ++i) CHECK(p[static_cast<std::size_t>(i)] == i);
        CHECK(static_cast<index_t>(p.size()) == n);
    }
    std::vector<double> counts(25);
    const int draws = 20000;
    for (int i = 0; i < draws; ++i) {
        const auto p = rng.permutation(5);
        for (std::size_t place = 0; place < 5; ++place) counts[place * 5 + static_cast<std::size_t>(p[place])] += 1;
    }
    CHECK(chi_square(counts, draws / 5.0) < 16 + 5 * std::sqrt(32.0));
    std::array<int, 3> fixed = {1, 2, 3};
    rng.shuffle(fixed);
    CHECK(fixed[0] + fixed[1] + fixed[2] == 6);
}

TEST_CASE("split streams are reproducible, distinct and uncorrelated") {
    Rng parent(5), twin(5);
    Rng child = parent.split(), second = parent.split();
    CHECK(child == twin.split());
    CHECK(!(child == second));
    CHECK(!(child == parent));
    const int n = 100000;
    double correlation = 0, siblings = 0;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < n; ++i) {
        const double p = parent.uniform() - 0.5, c = child.uniform() - 0.5, s = second.uniform() - 0.5;
        correlation += 12 * p * c;
        siblings += 12 * c * s;
        if (i < 1000) seen.insert(child()), seen.insert(parent()), seen.insert(second());
    }
    CHECK(std::abs(correlation) < 5 * std::sqrt(static_cast<double>(n)));
    CHECK(std::abs(siblings) < 5 * std::sqrt(static_cast<double>(n)));
    CHECK(seen.size() == 3000);
    // Generations of splits do not repeat.
    std::set<std::uint64_t> firsts;
    Rng root(6);
    for (int i = 0; i < 1000; ++i) {
        Rng a = root.split();
        Rng b = a.split();
        firsts.insert(a());
        firsts.insert(b());
    }
    CHECK(firsts.size() == 2000);
}

TEMPLATE_TEST_CASE("random matrices are drawn row by row from the stream", "", float, double) {
    Rng a(8), b(8);
    const Matrix<TestType> N = randn<TestType>(a, 3, 4);
    for (const TestType x : N) CHECK(x == static_cast<TestType>(b.normal()));
    const Matrix<TestType> U = rand<TestType>(a, 3, 4);
    for (const TestType x : U) CHECK(x == b.uniform<TestType>());
    CHECK(randn<TestType>(a, 0, 4).rows() == 0);
    CHECK(a == b);
}
