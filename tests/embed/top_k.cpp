#include "gram/embed/top_k.hpp"

#include <numeric>

#include "gram/expr/expr.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;
using namespace gram::embed;

TEMPLATE_TEST_CASE("top_k is the head of a full sort by score, then index, without NaN", "", float, double) {
    using T = TestType;
    constexpr T nan = std::numeric_limits<T>::quiet_NaN(), infinite = std::numeric_limits<T>::infinity();
    support::Random random(3);
    for (const index_t n : {0, 1, 2, 63, 64, 65, 128, 1000, 5000}) {
        for (const index_t levels : {1, 3, 1000000}) {
            Vector<T> x(n);
            for (T& v : x) v = static_cast<T>(random.below(levels)) - T(levels / 2);
            for (index_t i = 0; i < n / 50; ++i)
                x[random.below(n)] = i % 3 == 0 ? nan : i % 3 == 1 ? infinite : -infinite;
            std::vector<index_t> order;
            for (index_t i = 0; i < n; ++i) {
                if (x[i] == x[i]) order.push_back(i);
            }
            std::stable_sort(order.begin(), order.end(), [&](index_t a, index_t b) { return x[a] > x[b]; });
            for (const index_t k : {index_t{0}, index_t{1}, index_t{2}, index_t{10}, index_t{100}, n, n + 5}) {
                const TopK<T> best = top_k(x, k);
                const auto expected = std::min(static_cast<std::size_t>(k), order.size());
                REQUIRE(best.indices.size() == static_cast<index_t>(expected));
                bool right = true;
                for (std::size_t j = 0; j < expected; ++j) {
                    const auto at = static_cast<index_t>(j);
                    right = right && best.indices[at] == order[j] && best.scores[at] == x[order[j]];
                }
                CAPTURE(n, levels, k);
                CHECK(right);
            }
        }
    }
}

TEST_CASE("top_k takes rows, views and expressions, and refuses a negative k") {
    const Matrix<double> A{{1, 5, 3}, {2, 2, 9}};
    CHECK(top_k(A.row(0), 1).indices[0] == 1);
    CHECK(top_k(A.col(2), 1).indices[0] == 1);
    CHECK(top_k(-A.row(0), 1).scores[0] == -1);
    CHECK_THROWS_AS(top_k(A.row(0), -1), std::invalid_argument);
}
