#include "gram/rec/model.hpp"

#include <cmath>

#include "gram/rec/als.hpp"
#include "rec/tables.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;
using rec::FactorModel;
using rec::Ratings;

namespace {

// Three users, four items, rank 2; item 3 is item 0 turned around, item 2 has no factors.
template <class T>
FactorModel<T> by_hand() {
    return {T(3), {1, 0, -1}, {0, T(0.5), 0, T(0.5)}, {{1, 0}, {0, 1}, {1, 1}}, {{1, 2}, {2, 1}, {0, 0}, {-1, -2}}, {}};
}

}  // namespace

TEMPLATE_TEST_CASE("a prediction is mean + b_u + b_i + p_u . q_i", "", float, double) {
    using T = TestType;
    const auto m = by_hand<T>();
    CHECK(m.predict(0, 0) == 5);
    CHECK(m.predict(2, 1) == 3 - 1 + T(0.5) + 3);
    CHECK(m.scores(0) == Vector<T>{5, T(6.5), 4, T(3.5)});
    CHECK_THROWS_WITH(m.predict(3, 0), support::contains_text("user 3 of 3"));
    CHECK_THROWS_AS(m.predict(0, 4), std::out_of_range);
    CHECK_THROWS_AS(m.predict(-1, 0), std::out_of_range);
    CHECK_THROWS_AS(m.scores(3), std::out_of_range);
}

TEMPLATE_TEST_CASE("recommendations descend, leave out what was rated, and break ties by index", "", float, double) {
    using T = TestType;
    auto m = by_hand<T>();
    const Ratings<T> rated(3, 4, {{0, 1, 5}, {1, 0, 2}});
    using List = std::vector<rec::ScoredItem<T>>;
    CHECK(m.recommend(0, 2) == List{{1, T(6.5)}, {0, 5}});
    CHECK(m.recommend(0, 2, rated) == List{{0, 5}, {2, 4}});
    CHECK(m.recommend(0, 9, rated).size() == 3);
    CHECK(m.recommend(0, 0, rated).empty());
    m.items = Matrix<T>(4, 2);
    m.item_bias = Vector<T>(4);
    CHECK(m.recommend(0, 3, rated) == List{{0, 4}, {2, 4}, {3, 4}});
    CHECK_THROWS_AS(m.recommend(0, -1), std::invalid_argument);
    CHECK_THROWS_AS(m.recommend(3, 1, rated), std::out_of_range);
    CHECK_THROWS_AS(m.recommend(0, 1, Ratings<T>(3, 5, {})), shape_error);
}

TEMPLATE_TEST_CASE("similar items point the same way; an item is not its own neighbour", "", float, double) {
    using T = TestType;
    const auto similar = by_hand<T>().similar_items(0, 9);
    REQUIRE(similar.size() == 3);
    CHECK(similar[0].item == 1);
    CHECK(std::abs(static_cast<double>(similar[0].score) - 0.8) < 4 * support::eps_of<T>);
    CHECK(similar[1] == rec::ScoredItem<T>{2, 0});  // a zero vector is like nothing, and never NaN
    CHECK(similar[2].item == 3);
    CHECK(std::abs(static_cast<double>(similar[2].score) + 1) < 4 * support::eps_of<T>);
    CHECK(by_hand<T>().similar_items(0, 1).size() == 1);
    CHECK_THROWS_AS(by_hand<T>().similar_items(4, 1), std::out_of_range);
    CHECK_THROWS_AS(by_hand<T>().similar_items(0, -1), std::invalid_argument);
}

TEMPLATE_TEST_CASE("a newcomer without ratings gets the baseline", "", float, double) {
    using T = TestType;
    for (const auto bias : {rec::UserBias::none, rec::UserBias::damped, rec::UserBias::fitted}) {
        auto m = by_hand<T>();
        m.fold_in_rule.bias = bias;
        const auto nobody = m.fold_in({});
        for (index_t i = 0; i < 4; ++i) CHECK(m.predict(nobody, i) == m.mean + m.item_bias[i]);
        CHECK(m.scores(nobody) == Vector<T>{3, T(3.5), 3, T(3.5)});
        CHECK(m.recommend(nobody, 1)[0].item == 1);
    }
}

TEST_CASE("a newcomer is the regularized least squares fit of the ratings") {
    const std::vector<rec::ItemRating<double>> given = {{0, 5.0}, {1, 2.0}, {3, 4.0}};
    for (const auto bias : {rec::UserBias::none, rec::UserBias::damped, rec::UserBias::fitted}) {
        for (const bool weighted : {false, true}) {
            auto m = by_hand<double>();
            m.fold_in_rule = {bias, 2, 0.3, weighted};
            const auto user = m.fold_in(given);
            const double lambda = 0.3 * (weighted ? 3 : 1);
            Vector<double> slope = lambda * user.factors;
            double bias_slope = lambda * user.bias, residuals = 0;
            for (const auto& r : given) {
                const double e = r.value - m.predict(user, r.item);
                slope -= e * m.items.row(r.item).T();
                bias_slope -= e;
                residuals += r.value - m.mean - m.item_bias[r.item];
            }
            CHECK(norm(slope) < 1e-13);
            if (bias == rec::UserBias::none) CHECK(user.bias == 0);
            if (bias == rec::UserBias::damped) CHECK(std::abs(user.bias - residuals / 5) < 1e-15);
            if (bias == rec::UserBias::fitted) CHECK(std::abs(bias_slope) < 1e-13);
        }
    }
}

TEST_CASE("an action fan is placed among action fans, and what was seen is left out") {
    const auto ratings = support::known_ratings(support::textbook<double>());
    Rng rng(1);
    const auto model = rec::fit_als(ratings, {.rank = 2, .iterations = 50}, rng);
    const auto fan = model.fold_in({{0, 5.0}});
    CHECK(model.predict(fan, 1) > model.predict(fan, 2));
    CHECK(model.predict(fan, 1) > model.predict(fan, 3));
    const auto picks = model.recommend(fan, 9, {{0, 5.0}});
    REQUIRE(picks.size() == 3);
    CHECK(picks[0].item == 1);
}

TEST_CASE("ratings of a newcomer are checked by position") {
    const auto m = by_hand<double>();
    CHECK_THROWS_WITH(m.fold_in({{0, 1.0}, {4, 1.0}}), support::contains_text("rating 1 (item 4) of 4 items"));
    CHECK_THROWS_AS(m.fold_in({{-1, 1.0}}), std::out_of_range);
    CHECK_THROWS_AS(m.fold_in({{0, std::nan("")}}), non_finite);
    CHECK_THROWS_AS(m.fold_in({{0, 1.0}, {0, 2.0}}), std::invalid_argument);
    CHECK_THROWS_AS(m.predict(m.fold_in({}), 4), std::out_of_range);
    CHECK_THROWS_AS(m.recommend(m.fold_in({}), 1, {{7, 1.0}}), std::out_of_range);
}

TEMPLATE_TEST_CASE("models are values", "", float, double) {
    using T = TestType;
    const auto m = by_hand<T>();
    auto copy = m;
    CHECK(copy == m);
    copy.users(0, 0) += 1;
    CHECK_FALSE(copy == m);
    CHECK(FactorModel<T>().users.empty());
}
