// Sorting, searching, quantiles and histograms: against their definitions.
#include "gram/expr/sorting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

// Few distinct values, so that there are many ties; with NaN and infinities where the type has them.
template <class T>
Matrix<T> with_ties(index_t m, index_t n, std::uint64_t seed) {
    Rng rng(seed);
    Matrix<T> A(m, n);
    for (T& x : A) {
        const auto k = rng.integer(9);
        x = static_cast<T>(k - 4);
        if constexpr (std::is_floating_point_v<T>) {
            if (k == 8) x = std::numeric_limits<T>::quiet_NaN();
            if (k == 0) x = -std::numeric_limits<T>::infinity();
        }
    }
    return A;
}
template <class T>
bool nan(T x) {
    return x != x;
}
// Ascending with NaN last, or descending with NaN last.
template <class T>
bool ordered(T a, T b, SortOrder order) {
    if (nan(b)) return true;
    if (nan(a)) return false;
    return order == SortOrder::ascending ? a <= b : a >= b;
}

}  // namespace

TEMPLATE_TEST_CASE("argsort is the stable order, and sort what it says", "", float, double, int, std::uint8_t) {
    using T = TestType;
    for (const SortOrder order : {SortOrder::ascending, SortOrder::descending}) {
        for (const index_t n : {0, 1, 2, 3, 17, 300}) {
            CAPTURE(n);
            const Vector<T> x = with_ties<T>(n, 1, 7);
            const auto p = argsort(x, order);
            const Vector<T> s = sort(x, order);
            REQUIRE((p.size() == n && s.size() == n));
            std::vector<bool> seen(static_cast<std::size_t>(n));
            for (index_t i = 0; i < n; ++i) {
                REQUIRE(!seen[static_cast<std::size_t>(p[i])]);
                seen[static_cast<std::size_t>(p[i])] = true;
                CHECK((s[i] == x[p[i]] || (nan(s[i]) && nan(x[p[i]]))));
                if (i == 0) continue;
                REQUIRE(ordered(x[p[i - 1]], x[p[i]], order));
                if (ordered(x[p[i]], x[p[i - 1]], order)) CHECK(p[i - 1] < p[i]);
            }
        }
    }
}

TEMPLATE_TEST_CASE("lines of a matrix are sorted one by one, on both axes and in both orders of storage", "", float,
                   double) {
    using T = TestType;
    const Matrix<T> A = with_ties<T>(9, 14, 3);
    const Matrix<T> down = sort<0>(A), along = sort<1>(A, SortOrder::descending);
    const Matrix<T> from_columns = sort<0>(Matrix<T, dynamic, dynamic, col_major>(A));
    const auto pd = argsort<0>(A), pa = argsort<1>(A, SortOrder::descending);
    for (index_t i = 0; i < 9; ++i)
        for (index_t j = 0; j < 14; ++j) {
            const T x = down(i, j), y = A(pd(i, j), j), z = from_columns(i, j);
            CHECK(((x == y && x == z) || (nan(x) && nan(y) && nan(z))));
            const T u = along(i, j), v = A(i, pa(i, j));
            CHECK((u == v || (nan(u) && nan(v))));
            if (i > 0) CHECK(ordered(down(i - 1, j), x, SortOrder::ascending));
            if (j > 0) CHECK(ordered(along(i, j - 1), u, SortOrder::descending));
        }
    CHECK(sort<0>(Matrix<T>(0, 3)).cols() == 3);
}

TEMPLATE_TEST_CASE("topk is the beginning of the sorted order", "", float, double, int) {
    using T = TestType;
    const Vector<T> x = with_ties<T>(50, 1, 11);
    for (const SortOrder order : {SortOrder::descending, SortOrder::ascending}) {
        const auto p = argsort(x, order);
        for (const index_t k : {0, 1, 7, 50, 80}) {
            const auto top = topk(x, k, order);
            REQUIRE(top.values.size() == std::min<index_t>(k, 50));
            for (index_t i = 0; i < top.values.size(); ++i) CHECK(top.positions[i] == p[i]);
        }
    }
    CHECK_THROWS_WITH(topk(x, -1), support::contains_text("k = -1"));
}

TEMPLATE_TEST_CASE("unique: distinct values, how often, and the way back", "", float, double, int) {
    using T = TestType;
    const Matrix<T> A = with_ties<T>(12, 9, 5);
    const auto u = unique(A);
    index_t total = 0;
    for (index_t i = 0; i < u.values.size(); ++i) {
        if (i > 0) CHECK((u.values[i - 1] < u.values[i] || nan(u.values[i])));
        index_t count = 0;
        for (const T x : A) count += x == u.values[i] || (nan(x) && nan(u.values[i]));
        CHECK(u.counts[i] == count);
        total += count;
    }
    CHECK(total == A.size());
    for (index_t i = 0; i < A.size(); ++i) {
        const T x = A.data()[i], y = u.values[u.inverse[i]];
        CHECK((x == y || (nan(x) && nan(y))));
    }
    CHECK(unique(Matrix<T>(0, 4)).values.size() == 0);
}

TEMPLATE_TEST_CASE("searchsorted finds where a value belongs, before or behind its equals", "", float, double, int) {
    using T = TestType;
    const Vector<T> x = sort(Vector<T>(with_ties<T>(40, 1, 2)));
    const Vector<T> q = {T(-9), T(-3), T(0), T(3), T(4), T(9)};
    const auto left = searchsorted(x, q), right = searchsorted(x, q, Side::right);
    for (index_t k = 0; k < q.size(); ++k) {
        index_t less = 0, no_more = 0;
        for (const T v : x) less += v < q[k], no_more += v <= q[k];
        CHECK(left[k] == less);
        CHECK(right[k] == no_more);
    }
    CHECK(searchsorted(Vector<T>(0), q)[0] == 0);
}

TEMPLATE_TEST_CASE("quantiles lie linearly between neighbours, as NumPy's default", "", float, double, int) {
    using T = TestType;
    using M = std::conditional_t<std::is_integral_v<T>, double, T>;
    Rng rng(4);
    Matrix<T> A(7, 11);
    for (T& x : A) x = static_cast<T>(rng.integer(101) - 50);
    std::vector<T> s(A.begin(), A.end());
    std::sort(s.begin(), s.end());
    for (const double q : {0.0, 0.1, 0.25, 0.5, 0.77, 0.999, 1.0}) {
        const double place = q * static_cast<double>(s.size() - 1);
        const auto k = static_cast<std::size_t>(place);
        const double low = static_cast<double>(s[k]), high = static_cast<double>(s[std::min(k + 1, s.size() - 1)]);
        const double expected = low + (place - static_cast<double>(k)) * (high - low);
        CHECK(std::abs(static_cast<double>(quantile(A, q)) - expected) <=
              100 * static_cast<double>(std::numeric_limits<M>::epsilon()));
    }
    for (index_t j = 0; j < 11; ++j) CHECK(median<0>(A)[j] == median(A.col(j)));
    for (index_t i = 0; i < 7; ++i) CHECK(quantile<1>(A, 0.3)[i] == quantile(A.row(i), 0.3));
    CHECK(quantile(Matrix<T>{{3}}, 0.9) == M(3));
    CHECK_THROWS_AS(quantile(A, 1.5), std::invalid_argument);
    CHECK_THROWS_AS(quantile(A, std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
    CHECK_THROWS_AS(median(Matrix<T>(0, 2)), std::invalid_argument);
}

TEST_CASE("several quantiles at once are those one by one") {
    Rng rng(8);
    const Matrix<double> A = randn<double>(rng, 7, 5);
    const Vector<double> wanted = {0.9, 0, 0.25, 1, 0.25};
    const auto found = quantile(A, wanted);
    for (index_t k = 0; k < wanted.size(); ++k) CHECK(found[k] == quantile(A, wanted[k]));
    CHECK(quantile(Vector<int>{1, 2}, RowVector<double>{0.5})[0] == 1.5);
    CHECK(quantile(A, Vector<double>()).empty());
    CHECK_THROWS_AS(quantile(A, Vector<double>{0.5, 1.5}), std::invalid_argument);
    CHECK_THROWS_AS(quantile(Vector<double>(), wanted), std::invalid_argument);
}

TEST_CASE("quantiles of NaN and of infinities") {
    const double infinite = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(median(Vector<double>{1, none, 2})));
    CHECK(median(Vector<double>{infinite, infinite, 1}) == infinite);
    CHECK(median(Vector<double>{infinite, infinite, 1, 2, infinite, -infinite}) == infinite);  // between 2 and infinity
    CHECK(quantile(Vector<double>{1e308, -1e308}, 0.75) == Approx(0.5e308));
}

TEMPLATE_TEST_CASE("histogram: every element inside is counted once, in the bin whose edges hold it", "", float,
                   double) {
    using T = TestType;
    Rng rng(8);
    Matrix<T> A = randn<T>(rng, 40, 25);
    A(3, 3) = std::numeric_limits<T>::quiet_NaN();
    A(4, 4) = std::numeric_limits<T>::infinity();
    for (const auto& h : {histogram(A, 13), histogram(A, 7, T(-1), T(0.7))}) {
        const index_t bins = h.counts.size();
        for (index_t b = 0; b < bins; ++b) {
            index_t count = 0;
            for (const T x : A) {
                count += x >= h.edges[b] && (x < h.edges[b + 1] || (b + 1 == bins && x == h.edges[b + 1]));
            }
            CHECK(h.counts[b] == count);
        }
    }
    CHECK(sum(histogram(A, 13).counts) == A.size() - 2);
    const T most = std::numeric_limits<T>::max();
    const auto wide = histogram(Vector<T>{-most, 0, most}, 4);  // whose width overflows
    CHECK((wide.counts[0] == 1 && wide.counts[2] == 1 && wide.counts[3] == 1));
    CHECK(histogram(Vector<T>{2, 2}, 2).edges[0] == T(1.5));
    CHECK_THROWS_AS(histogram(A, 0), std::invalid_argument);
    CHECK_THROWS_AS(histogram(A, 3, T(1), T(1)), std::invalid_argument);
    CHECK_THROWS_AS(histogram(Vector<T>(0), 3), std::invalid_argument);
}

TEST_CASE("bincount counts integers") {
    const auto n = bincount(Vector<int>{3, 0, 3, 1}, 6);
    REQUIRE(n.size() == 6);
    CHECK((n[0] == 1 && n[1] == 1 && n[2] == 0 && n[3] == 2 && n[5] == 0));
    CHECK(bincount(Vector<int>(0)).size() == 0);
    CHECK_THROWS_WITH(bincount(Vector<int>{1, -2}), support::contains_text("-2"));
}
