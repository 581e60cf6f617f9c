#include "gram/rec/baselines.hpp"

#include <cmath>

#include "gram/rec/metrics.hpp"
#include "rec/tables.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;
using rec::Ratings;

TEMPLATE_TEST_CASE("the mean baseline answers with the mean", "", float, double) {
    using T = TestType;
    const auto model = rec::fit_mean(support::known_ratings(support::textbook<T>()));
    CHECK(std::abs(static_cast<double>(model.predict(0, 3)) - 56.0 / 18) < 2 * support::eps_of<T> * 4);
    CHECK_THROWS_AS(rec::fit_mean(Ratings<T>(2, 2, {})), std::invalid_argument);
}

TEST_CASE("damped deviations are a least squares fit: its gradient vanishes") {
    const auto ratings = support::Planted<double>(12, 9, 1, 0.6, 4, 1).train;
    const double damping = 3;
    const auto b = rec::fit_bias(ratings, {.damping = damping, .sweeps = 400});
    for (index_t u = 0; u < ratings.users(); ++u) {
        double slope = damping * b.users[u];
        for (const auto& r : ratings.by_user(u)) slope -= r.value - b.predict(u, r.item);
        CHECK(std::abs(slope) < 1e-12);
    }
    for (index_t i = 0; i < ratings.items(); ++i) {
        double slope = damping * b.items[i];
        for (const auto& r : ratings.by_item(i)) slope -= r.value - b.predict(r.user, i);
        CHECK(std::abs(slope) < 1e-12);
    }
}

TEST_CASE("without damping pure deviations are recovered exactly") {
    const support::Planted<double> data(15, 11, 0, 0.5, 2, 1);
    CHECK(rec::rmse(rec::fit_bias(data.train, {.damping = 0, .sweeps = 500}), data.test) < 1e-9);
}

TEST_CASE("one sweep by hand") {
    // mean 3; items: (2 - 3 + 4 - 3) / (2 + 1) = 0, (3 - 3) / (1 + 1) = 0; users then: -1/2 + 0 over 2 + 1, 1/2.
    const Ratings<double> r(2, 2, {{0, 0, 2}, {1, 0, 4}, {0, 1, 3}});
    const auto b = rec::fit_bias(r, {.damping = 1, .sweeps = 1});
    CHECK(b.mean == 3);
    CHECK(b.items == Vector<double>{0, 0});
    CHECK(allclose(b.users, Vector<double>{-1.0 / 3, 0.5}, 0, 1e-15));
}

TEMPLATE_TEST_CASE("users and items without ratings deviate by nothing, damped or not", "", float, double) {
    using T = TestType;
    const Ratings<T> r(3, 3, {{0, 0, 5}, {0, 2, 1}, {2, 0, 3}});
    for (const double damping : {0.0, 5.0}) {
        const auto b = rec::fit_bias(r, {.damping = damping});
        CHECK((b.users[1] == 0 && b.items[1] == 0 && b.predict(1, 1) == b.mean));
        CHECK(b.predict(1, 2) == b.mean + b.items[2]);
    }
    CHECK_THROWS_AS(rec::fit_bias(r).predict(3, 0), std::out_of_range);
}

TEST_CASE("bias options and empty tables are refused") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    CHECK_THROWS_AS(rec::fit_bias(ratings, {.damping = -1}), std::invalid_argument);
    CHECK_THROWS_AS(rec::fit_bias(ratings, {.sweeps = -1}), std::invalid_argument);
    CHECK_THROWS_AS(rec::fit_bias(Ratings<double>(2, 2, {})), std::invalid_argument);
    CHECK(rec::fit_bias(ratings) == rec::fit_bias(ratings));
}
