#include "gram/rec/ratings.hpp"

#include <cmath>
#include <limits>

#include "rec/tables.hpp"
#include "support/catch.hpp"

using namespace gram;
using rec::Rating;
using rec::Ratings;

TEMPLATE_TEST_CASE("ratings are held in their order, by user and by item", "", float, double) {
    using T = TestType;
    const Ratings<T> r(3, 4, {{2, 1, 5}, {0, 3, 1}, {2, 0, 4}, {0, 1, 2}});
    CHECK((r.users() == 3 && r.items() == 4 && r.size() == 4 && !r.empty()));
    CHECK(r.list()[2] == Rating<T>{2, 0, 4});
    REQUIRE(r.by_user(2).size() == 2);
    CHECK(r.by_user(2)[0] == rec::ItemRating<T>{1, 5});
    CHECK(r.by_user(2)[1] == rec::ItemRating<T>{0, 4});
    CHECK(r.by_user(1).empty());
    REQUIRE(r.by_item(1).size() == 2);
    CHECK(r.by_item(1)[0] == rec::UserRating<T>{2, 5});
    CHECK(r.by_item(1)[1] == rec::UserRating<T>{0, 2});
    CHECK(r.by_item(2).empty());
    CHECK(std::distance(r.begin(), r.end()) == 4);
    CHECK_THROWS_AS(r.by_user(3), std::out_of_range);
    CHECK_THROWS_AS(r.by_item(-1), std::out_of_range);
}

TEMPLATE_TEST_CASE("every rating is found under its user and under its item", "", float, double) {
    using T = TestType;
    const auto R = support::Planted<T>(20, 30, 2, 0.3, 1).train;
    index_t by_user = 0, by_item = 0;
    for (index_t u = 0; u < R.users(); ++u) by_user += std::ssize(R.by_user(u));
    for (index_t i = 0; i < R.items(); ++i) by_item += std::ssize(R.by_item(i));
    CHECK((by_user == R.size() && by_item == R.size()));
    for (const auto& r : R) {
        const auto u = R.by_user(r.user);
        const auto i = R.by_item(r.item);
        CHECK(std::count(u.begin(), u.end(), rec::ItemRating<T>{r.item, r.value}) == 1);
        CHECK(std::count(i.begin(), i.end(), rec::UserRating<T>{r.user, r.value}) == 1);
    }
}

TEST_CASE("what is not a rating is refused by its position") {
    const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    const auto make = [](index_t users, index_t items, std::vector<Rating<double>> list) {
        return Ratings<double>(users, items, std::move(list));
    };
    CHECK_THROWS_AS(make(2, 2, {{0, 0, 1}, {0, 2, 1}}), std::out_of_range);
    CHECK_THROWS_WITH(make(2, 2, {{0, 0, 1}, {0, 2, 1}}), support::contains_text("rating 1 (user 0, item 2)"));
    CHECK_THROWS_AS(make(2, 2, {{2, 0, 1}}), std::out_of_range);
    CHECK_THROWS_AS(make(2, 2, {{-1, 0, 1}}), std::out_of_range);
    CHECK_THROWS_AS(make(2, 2, {{0, -1, 1}}), std::out_of_range);
    CHECK_THROWS_AS(make(2, 2, {{0, index_t{1} << 31, 1}}), std::out_of_range);
    CHECK_THROWS_AS(make(2, 2, {{0, 0, nan}}), non_finite);
    CHECK_THROWS_WITH(make(2, 2, {{0, 0, 1}, {0, 1, infinity}}), support::contains_text("rating 1"));
    CHECK_THROWS_AS(make(2, 2, {{0, 1, 1}, {1, 1, 1}, {0, 1, 2}}), std::invalid_argument);
    CHECK_THROWS_WITH(make(2, 2, {{0, 1, 1}, {1, 1, 1}, {0, 1, 2}}),
                      support::contains_text("rating 2 (user 0, item 1) was given before, as 0"));
    CHECK_THROWS_AS(make(-1, 2, {}), shape_error);
}

TEMPLATE_TEST_CASE("a table without ratings, users or items is a table", "", float, double) {
    using T = TestType;
    CHECK(Ratings<T>().empty());
    const Ratings<T> none(2, 3, {});
    CHECK((none.users() == 2 && none.by_item(2).empty() && std::isnan(rec::mean_rating(none))));
}

TEMPLATE_TEST_CASE("ratings are values", "", float, double) {
    using T = TestType;
    const Ratings<T> a(2, 2, {{0, 0, 1}, {1, 1, 2}}), other(2, 2, {{1, 1, 2}, {0, 0, 1}});
    Ratings<T> copy = a;
    CHECK(copy == a);
    CHECK_FALSE(a == other);
    copy = std::move(other);
    CHECK(copy.list()[0] == Rating<T>{1, 1, 2});
    CHECK(rec::mean_rating(a) == T(1.5));
}

TEMPLATE_TEST_CASE("the columns of a loaded file become a table", "", float, double) {
    using T = TestType;
    struct File {
        std::vector<std::string> user_ids, item_ids;
        std::vector<index_t> user, item;
        std::vector<double> value;
    };
    const File file{{"ann", "bob"}, {"x", "y", "z"}, {0, 1, 0}, {2, 0, 1}, {5, 4, 0.5}};
    CHECK(rec::ratings_from<T>(file) == Ratings<T>(2, 3, {{0, 2, 5}, {1, 0, 4}, {0, 1, T(0.5)}}));
    CHECK_THROWS_AS(rec::ratings_from<T>(File{{"ann"}, {"x"}, {0, 0}, {0, 0}, {1, 2}}), std::invalid_argument);
}
