#include "gram/rec/als.hpp"

#include <cmath>
#include <limits>

#include "gram/rec/metrics.hpp"
#include "rec/tables.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;
using rec::Ratings;

TEMPLATE_TEST_CASE("the objective never rises, weighted or not, with deviations or without", "", float, double) {
    using T = TestType;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const auto ratings = support::Planted<T>(25, 18, 3, 0.4, seed, 0.5).train;
        for (const bool weighted : {false, true}) {
            for (const bool biases : {false, true}) {
                Rng rng(seed);
                double before = std::numeric_limits<double>::infinity();
                const rec::AlsOptions options{
                    .rank = 4, .regularization = 0.05, .iterations = 40, .weighted = weighted, .biases = biases};
                (void)rec::fit_als(ratings, options, rng, [&](const rec::Epoch& e) {
                    CHECK(e.loss <= before * (1 + 100 * support::eps_of<T>));
                    before = e.loss;
                });
            }
        }
    }
}

TEMPLATE_TEST_CASE("ratings of a planted low rank are predicted where they were held out", "", float, double) {
    using T = TestType;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const support::Planted<T> data(60, 50, 2, 0.5, seed);
        Rng rng(seed);
        const auto model = rec::fit_als(data.train, {.rank = 3, .regularization = 1e-3, .iterations = 60}, rng);
        CHECK(rec::rmse(model, data.train) < 0.01);
        CHECK(rec::rmse(model, data.test) < 0.05);  // the ratings' deviation is 1.4
    }
}

TEST_CASE("on the textbook's table ALS reaches the fit of gradient descent") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        Rng rng(seed);
        const auto model = rec::fit_als(ratings, {.rank = 2, .regularization = 0.1, .iterations = 500}, rng);
        CHECK(std::abs(rec::rmse(model, ratings) - 0.2104) < 5e-4);
        CHECK(std::abs(model.predict(0, 3) - 1.496) < 5e-3);
        CHECK(std::abs(model.predict(3, 1) - 2.977) < 5e-3);
    }
}

TEST_CASE("after a fit the users solve their normal equations, weighted or not") {
    const auto ratings = support::Planted<double>(20, 15, 2, 0.4, 9, 0.5).train;
    for (const bool weighted : {false, true}) {
        Rng rng(1);
        const auto m = rec::fit_als(
            ratings, {.rank = 3, .regularization = 0.2, .iterations = 2, .weighted = weighted, .biases = true}, rng);
        for (index_t u = 0; u < ratings.users(); ++u) {
            const double lambda = 0.2 * (weighted ? static_cast<double>(ratings.by_user(u).size()) : 1);
            Vector<double> slope = lambda * m.users.row(u).T();
            for (const auto& r : ratings.by_user(u))
                slope -= (r.value - m.predict(u, r.item)) * m.items.row(r.item).T();
            CHECK(norm(slope) < 1e-11);
        }
    }
}

TEMPLATE_TEST_CASE("folding in a user's ratings gives that user again, bit for bit", "", float, double) {
    using T = TestType;
    const auto ratings = support::Planted<T>(20, 15, 2, 0.4, 5, 0.5).train;
    for (const bool biases : {false, true}) {
        Rng rng(1);
        const auto model = rec::fit_als(
            ratings, {.rank = 3, .regularization = 0.1, .iterations = 5, .weighted = true, .biases = biases}, rng);
        for (index_t u = 0; u < ratings.users(); ++u) {
            const auto known = ratings.by_user(u);
            const auto folded = model.fold_in({known.begin(), known.end()});
            CHECK(folded.bias == model.user_bias[u]);
            CHECK(folded.factors == Vector<T>(model.users.row(u).T()));
        }
    }
}

TEMPLATE_TEST_CASE("ALS: users and items without ratings get the baseline", "", float, double) {
    using T = TestType;
    const Ratings<T> r(4, 4, {{0, 0, 5}, {0, 2, 1}, {2, 0, 3}, {2, 3, 4}});  // user 1, 3 and item 1 are cold
    for (const bool biases : {false, true}) {
        Rng rng(1);
        const auto m = rec::fit_als(r, {.rank = 2, .biases = biases}, rng);
        for (index_t i = 0; i < 4; ++i) CHECK(m.predict(1, i) == m.mean + m.item_bias[i]);
        for (index_t u = 0; u < 4; ++u) CHECK(m.predict(u, 1) == m.mean + m.user_bias[u]);
        CHECK(m.predict(3, 1) == m.mean);
        for (const auto& s : m.similar_items(1, 3)) CHECK(s.score == 0);
    }
}

TEMPLATE_TEST_CASE("constant ratings, one item, one rating: the constant comes back", "", float, double) {
    using T = TestType;
    Rng rng(1);
    const Ratings<T> constant(3, 2, {{0, 0, 4}, {0, 1, 4}, {1, 0, 4}, {2, 1, 4}}),
        one_item(3, 1, {{0, 0, 2}, {2, 0, 2}}), one_rating(1, 1, {{0, 0, -7}});
    for (const bool biases : {false, true}) {
        const rec::AlsOptions options{.rank = 2, .biases = biases};
        CHECK(rec::fit_als(constant, options, rng).predict(1, 1) == 4);
        CHECK(rec::fit_als(one_item, options, rng).predict(1, 0) == 2);
        CHECK(rec::fit_als(one_item, options, rng).similar_items(0, 5).empty());
        CHECK(rec::fit_als(one_rating, options, rng).predict(0, 0) == -7);
    }
}

TEMPLATE_TEST_CASE("ALS: the same seed gives the same bits", "", float, double) {
    using T = TestType;
    const auto ratings = support::Planted<T>(30, 20, 2, 0.3, 1).train;
    Rng a(4), b(4), c(5);
    const auto first = rec::fit_als(ratings, {.rank = 20, .iterations = 3}, a);
    CHECK(first == rec::fit_als(ratings, {.rank = 20, .iterations = 3}, b));
    CHECK_FALSE(first == rec::fit_als(ratings, {.rank = 20, .iterations = 3}, c));
}

TEST_CASE("the callback ends the fit") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    Rng a(4), b(4);
    const auto stopped =
        rec::fit_als(ratings, {.rank = 2, .iterations = 50}, a, [](const rec::Epoch& e) { return e.number < 2; });
    CHECK(stopped == rec::fit_als(ratings, {.rank = 2, .iterations = 3}, b));
}

TEST_CASE("ALS refuses options and tables that define no fit") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    Rng rng(1);
    const auto fit = [&](const Ratings<double>& r, const rec::AlsOptions& o) { return rec::fit_als(r, o, rng); };
    CHECK_THROWS_AS(fit(ratings, {.rank = 0}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.regularization = 0}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.regularization = std::nan("")}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.iterations = -1}), std::invalid_argument);
    CHECK_THROWS_AS(fit(Ratings<double>(2, 2, {}), {}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.biases = true, .bias = {.damping = -1}}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.rank = 9, .regularization = 1e-40}), not_positive_definite);
}
