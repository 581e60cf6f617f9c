// Matrices of random numbers: order of the draws, bounds.
#include "gram/expr/random.hpp"

#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

TEST_CASE("a generated matrix is drawn row by row") {
    Rng a(1), b(1);
    const auto A = generate<float>(3, 2, [&] { return a.gamma(2); });
    for (const float x : A) CHECK(x == static_cast<float>(b.gamma(2)));
    CHECK(generate<double>(0, 5, [&] { return a.normal(); }).cols() == 5);
    CHECK(a == b);
}

TEST_CASE("random integers stay in their range and reach its ends") {
    Rng rng(2);
    const auto A = randint<int>(rng, -2, 3, 100, 10);
    bool seen[5] = {};
    for (const int x : A) {
        REQUIRE((x >= -2 && x < 3));
        seen[x + 2] = true;
    }
    for (const bool s : seen) CHECK(s);
    CHECK(randint<std::uint8_t>(rng, 255, 256, 1, 1)(0, 0) == 255);
    CHECK_THROWS_AS(randint<std::uint8_t>(rng, 0, 257, 1, 1), std::invalid_argument);
    CHECK_THROWS_AS(randint<std::uint8_t>(rng, -1, 5, 1, 1), std::invalid_argument);
    CHECK_THROWS_AS(randint<int>(rng, 3, 3, 1, 1), std::invalid_argument);
    constexpr index_t most = std::numeric_limits<index_t>::max();
    CHECK_THROWS_AS(randint<index_t>(rng, -most, most, 1, 1), std::invalid_argument);
}
