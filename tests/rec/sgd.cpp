#include "gram/rec/sgd.hpp"

#include <cmath>

#include "gram/rec/metrics.hpp"
#include "rec/tables.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;
using rec::Ratings;

TEMPLATE_TEST_CASE("ratings of a planted model are predicted where they were held out", "", float, double) {
    using T = TestType;
    for (const std::uint64_t seed : {1U, 2U}) {
        const support::Planted<T> data(60, 50, 2, 0.6, seed, 0.7);
        Rng rng(seed);
        const auto model = rec::fit_sgd(
            data.train, {.rank = 2, .learning_rate = 0.05, .regularization = 1e-3, .epochs = 150, .decay = 0.98}, rng);
        CHECK(rec::rmse(model, data.train) < 0.05);
        CHECK(rec::rmse(model, data.test) < 0.1);  // the ratings' deviation is 1.7
    }
}

TEST_CASE("one rating takes one step by its formula") {
    const Ratings<double> r(1, 2, {{0, 0, 5}});
    const rec::SgdOptions options{.rank = 2, .learning_rate = 0.1, .regularization = 0.5, .epochs = 0};
    Rng rng(3);
    auto m = rec::fit_sgd(r, options, rng);
    m.mean = 3;  // else the only rating is the mean, and the error small
    const auto before = m;
    const double e = rec::detail::sgd_step(m, r.list()[0], 0.1, 0.5);
    CHECK(std::abs(e - (5 - before.predict(0, 0))) < 1e-15);
    CHECK(std::abs(m.user_bias[0] - 0.1 * e) < 1e-15);
    CHECK(std::abs(m.item_bias[0] - 0.1 * e) < 1e-15);
    CHECK(allclose(m.users, before.users + 0.1 * (e * before.items.row(0) - 0.5 * before.users), 0, 1e-15));
    CHECK(allclose(m.items.row(0), before.items.row(0) + 0.1 * (e * before.users.row(0) - 0.5 * before.items.row(0)), 0,
                   1e-15));
    CHECK(m.items.row(1) == before.items.row(1));
}

TEST_CASE("on the textbook's table the fit is close, from several starts") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        Rng rng(seed);
        const auto model =
            rec::fit_sgd(ratings, {.rank = 2, .learning_rate = 0.02, .regularization = 0.02, .epochs = 800}, rng);
        CHECK(rec::rmse(model, ratings) < 0.25);
        CHECK(model.predict(0, 3) < 2.5);  // an action fan, a romance
    }
}

TEMPLATE_TEST_CASE("SGD: users and items without ratings get the baseline", "", float, double) {
    using T = TestType;
    const Ratings<T> r(4, 4, {{0, 0, 5}, {0, 2, 1}, {2, 0, 3}, {2, 3, 4}});
    Rng rng(1);
    const auto m = rec::fit_sgd(r, {.rank = 3}, rng);
    for (index_t i = 0; i < 4; ++i) CHECK(m.predict(1, i) == m.mean + m.item_bias[i]);
    for (index_t u = 0; u < 4; ++u) CHECK(m.predict(u, 1) == m.mean + m.user_bias[u]);
    CHECK(m.user_bias[1] == 0);
    CHECK(m.item_bias[1] == 0);
}

TEMPLATE_TEST_CASE("constant ratings, one item, one rating: nearly the constant comes back", "", float, double) {
    using T = TestType;
    Rng rng(1);
    const rec::SgdOptions options{.rank = 2, .learning_rate = 0.1, .regularization = 0.01, .epochs = 500};
    const Ratings<T> constant(3, 2, {{0, 0, 4}, {0, 1, 4}, {1, 0, 4}, {2, 1, 4}}),
        one_item(3, 1, {{0, 0, 2}, {2, 0, 2}}), one_rating(1, 1, {{0, 0, -7}});
    CHECK(std::abs(rec::fit_sgd(constant, options, rng).predict(0, 1) - 4) < 0.01);
    CHECK(std::abs(rec::fit_sgd(one_item, options, rng).predict(1, 0) - 2) < 0.01);
    CHECK(std::abs(rec::fit_sgd(one_rating, options, rng).predict(0, 0) + 7) < 0.01);
}

TEST_CASE("folding in a user's ratings comes close to the user of a converged fit") {
    const support::Planted<double> data(40, 30, 2, 0.6, 3, 0.5);
    Rng rng(1);
    const auto model = rec::fit_sgd(
        data.train, {.rank = 2, .learning_rate = 0.05, .regularization = 0.01, .epochs = 400, .decay = 0.99}, rng);
    for (index_t u = 0; u < data.train.users(); ++u) {
        const auto known = data.train.by_user(u);
        const auto folded = model.fold_in({known.begin(), known.end()});
        for (index_t i = 0; i < 30; ++i) CHECK(std::abs(model.predict(folded, i) - model.predict(u, i)) < 0.02);
    }
}

TEMPLATE_TEST_CASE("SGD: the same seed gives the same bits", "", float, double) {
    using T = TestType;
    const auto ratings = support::Planted<T>(30, 20, 2, 0.3, 1).train;
    Rng a(4), b(4), c(5);
    const auto first = rec::fit_sgd(ratings, {.epochs = 5}, a);
    CHECK(first == rec::fit_sgd(ratings, {.epochs = 5}, b));
    CHECK_FALSE(first == rec::fit_sgd(ratings, {.epochs = 5}, c));
}

TEST_CASE("the callback sees the error fall and ends the fit; the rate decays") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    Rng a(4), b(4), c(4), d(4);
    double first = 0, last = 0;
    const auto stopped = rec::fit_sgd(ratings, {.rank = 2, .epochs = 100}, a, [&](const rec::Epoch& e) {
        (e.number == 0 ? first : last) = e.loss;
        return e.number < 49;
    });
    CHECK(last < first);
    CHECK(stopped == rec::fit_sgd(ratings, {.rank = 2, .epochs = 50}, b));
    // Nearly no rate after the first epoch: nearly nothing changes.
    const auto once = rec::fit_sgd(ratings, {.rank = 2, .epochs = 1}, c);
    const auto decayed = rec::fit_sgd(ratings, {.rank = 2, .epochs = 9, .decay = 1e-12}, d);
    CHECK(allclose(decayed.users, once.users, 0, 1e-9));
}

TEST_CASE("SGD refuses options and tables that define no fit, and divergence is an error") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    Rng rng(1);
    const auto fit = [&](const Ratings<double>& r, const rec::SgdOptions& o) { return rec::fit_sgd(r, o, rng); };
    CHECK_THROWS_AS(fit(ratings, {.rank = 0}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.learning_rate = 0}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.regularization = -1}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.epochs = -1}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.decay = 0}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.first_factors = -1}), std::invalid_argument);
    CHECK_THROWS_AS(fit(Ratings<double>(2, 2, {}), {}), std::invalid_argument);
    CHECK_THROWS_AS(fit(ratings, {.learning_rate = 1e3}), non_finite);
}
