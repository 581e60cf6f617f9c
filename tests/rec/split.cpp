#include "gram/rec/split.hpp"

#include "rec/tables.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

// Whether the two parts, merged by the order of the list, are the whole.
template <class T>
bool is_partition(const rec::Ratings<T>& whole, const rec::Split<T>& parts) {
    std::size_t a = 0, b = 0;
    for (const auto& r : whole) {
        if (a < parts.train.list().size() && parts.train.list()[a] == r) {
            ++a;
        } else if (b < parts.test.list().size() && parts.test.list()[b] == r) {
            ++b;
        } else {
            return false;
        }
    }
    return a == parts.train.list().size() && b == parts.test.list().size();
}

}  // namespace

TEMPLATE_TEST_CASE("every k-th rating is held out, the last of each k", "", float, double) {
    using T = TestType;
    const auto ratings = support::known_ratings(support::textbook<T>());
    const auto split = rec::split_every(ratings, 5);
    REQUIRE(split.test.size() == 3);
    CHECK(is_partition(ratings, split));
    CHECK(split.test.list()[0] == ratings.list()[4]);
    CHECK(split.test.list()[2] == ratings.list()[14]);
    CHECK((split.train.users() == 5 && split.test.items() == 4));
    CHECK(rec::split_every(ratings, 1).train.empty());
    CHECK(rec::split_every(ratings, 100).test.empty());
    CHECK_THROWS_AS(rec::split_every(ratings, 0), std::invalid_argument);
}

TEMPLATE_TEST_CASE("a random part is held out, the same for a seed", "", float, double) {
    using T = TestType;
    const auto ratings = support::known_ratings(support::textbook<T>());
    Rng a(1), b(1), c(2);
    const auto split = rec::split_random(ratings, 0.25, a);
    CHECK(split.test.size() == 5);  // 4.5 rounded
    CHECK(is_partition(ratings, split));
    CHECK(split.test == rec::split_random(ratings, 0.25, b).test);
    CHECK_FALSE(split.test == rec::split_random(ratings, 0.25, c).test);
    CHECK(rec::split_random(ratings, 0, a).test.empty());
    CHECK(rec::split_random(ratings, 1, a).train.empty());
    CHECK_THROWS_AS(rec::split_random(ratings, 1.5, a), std::invalid_argument);
    CHECK_THROWS_AS(rec::split_random(ratings, -0.1, a), std::invalid_argument);
}
