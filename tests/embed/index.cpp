#include "gram/embed/index.hpp"

#include <cmath>

#include "gram/expr/expr.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;
using namespace gram::embed;

namespace {

// The score of one pair by plain loops in long double, rounded once to T.
template <class T>
T plain_score(Metric metric, const T* x, const T* q, index_t d) {
    long double dot = 0, distance = 0;
    for (index_t j = 0; j < d; ++j) {
        const long double a = x[j], b = q[j];
        dot += a * b;
        distance += (a - b) * (a - b);
    }
    return static_cast<T>(metric == Metric::euclidean ? std::sqrt(distance) : dot);
}

// How many of the k best of each query are not what a full sort of plain scores gives: a score must be right to one
// rounding to T (and the rounding of sums in double), a rank may differ only among scores that close.
template <class T>
int disagreements(const ExactIndex<T>& index, const Matrix<T>& queries, index_t k, const SearchResult<T>& found) {
    const Matrix<T>& items = index.items();
    const index_t n = items.rows(), d = items.cols();
    const T sign = index.metric() == Metric::euclidean ? T{-1} : T{1};
    int wrong = 0;
    for (index_t q = 0; q < queries.rows(); ++q) {
        const T* query = queries.data() + q * d;
        std::vector<T> scores, sorted;  // larger is better
        for (index_t i = 0; i < n; ++i) {
            scores.push_back(sign * plain_score(index.metric(), items.data() + i * d, query, d));
            if (scores.back() == scores.back()) sorted.push_back(scores.back());
        }
        std::sort(sorted.begin(), sorted.end(), std::greater<>());
        for (index_t j = 0; j < k; ++j) {
            const index_t i = found.indices(q, j);
            const double s = static_cast<double>(sign * found.scores(q, j));
            if (j >= static_cast<index_t>(sorted.size())) {
                wrong += i != -1 || !std::isinf(s) || s > 0;
                continue;
            }
            if (i < 0) return 1;
            const auto expected = static_cast<double>(sorted[static_cast<std::size_t>(j)]);
            const auto own = static_cast<double>(scores[static_cast<std::size_t>(i)]);
            const double tolerance = 2 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(expected) +
                                     1e-15 * static_cast<double>(d + 1);
            wrong += !(s == own || std::abs(s - own) <= tolerance) ||
                     !(s == expected || std::abs(s - expected) <= tolerance);
        }
    }
    return wrong;
}

template <class T>
bool same(const SearchResult<T>& a, const SearchResult<T>& b) {
    return a.indices.rows() == b.indices.rows() && a.indices.cols() == b.indices.cols() &&
           std::equal(a.indices.begin(), a.indices.end(), b.indices.begin()) &&
           std::equal(a.scores.begin(), a.scores.end(), b.scores.begin());
}

template <class T>
Matrix<T> unit_rows(Matrix<T> A) {
    for (index_t i = 0; i < A.rows(); ++i) gram::embed::detail::normalize(A.data() + i * A.cols(), A.cols());
    return A;
}
template <class T>
Matrix<T> comparable(Metric metric, const Matrix<T>& queries) {
    return metric == Metric::cosine ? unit_rows(queries) : queries;
}

constexpr Metric metrics[] = {Metric::cosine, Metric::dot, Metric::euclidean};

}  // namespace

TEMPLATE_TEST_CASE("search agrees with brute force for every metric, size and batch", "", float, double) {
    using T = TestType;
    for (const Metric metric : metrics) {
        for (const index_t n : {0, 1, 7, 511, 512, 513, 1300}) {
            for (const index_t d : {1, 3, 17, 64}) {
                const ExactIndex<T> index(support::gaussian<T>(n, d, 1), metric);
                const Matrix<T> queries = support::gaussian<T>(5, d, 2);
                for (const index_t k : {0, 1, 10, 600}) {
                    const auto found = index.search(queries, k);
                    CAPTURE(static_cast<int>(metric), n, d, k);
                    REQUIRE(found.indices.rows() == 5);
                    REQUIRE(found.indices.cols() == std::min(k, n));
                    CHECK(disagreements(index, comparable(metric, queries), std::min(k, n), found) == 0);
                }
            }
        }
    }
}

TEMPLATE_TEST_CASE("the size of a batch changes no bit of the results", "", float, double) {
    using T = TestType;
    const Matrix<T> items = support::gaussian<T>(1500, 50, 3), queries = support::gaussian<T>(300, 50, 4);
    for (const Metric metric : metrics) {
        const ExactIndex<T> index(items, metric);
        const auto all = index.search(queries, 7);
        for (const index_t batch : {1, 2, 17, 128, 129}) {
            bool equal = true;
            for (index_t first = 0; first < 300; first += batch) {
                const index_t count = std::min(batch, 300 - first);
                const auto part = index.search(queries.block(first, 0, count, 50), 7);
                equal = equal && std::equal(part.indices.begin(), part.indices.end(), all.indices.data() + first * 7) &&
                        std::equal(part.scores.begin(), part.scores.end(), all.scores.data() + first * 7);
            }
            CAPTURE(static_cast<int>(metric), batch);
            CHECK(equal);
        }
    }
}

TEMPLATE_TEST_CASE("equal items tie exactly and come in the order of their index", "", float, double) {
    using T = TestType;
    const Matrix<T> few = support::gaussian<T>(13, 37, 5);
    Matrix<T> items(13 * 90, 37);
    for (index_t i = 0; i < items.rows(); ++i) items.row(i) = few.row(i % 13);
    for (const Metric metric : metrics) {
        const ExactIndex<T> index(items, metric);
        for (const index_t batch : {1, 3}) {
            const auto found = index.search(few.block(0, 0, batch, 37), 100);
            bool ordered = true;
            for (index_t j = 1; j < 100; ++j) {
                const bool tie = found.scores(0, j) == found.scores(0, j - 1);
                ordered = ordered && (!tie || found.indices(0, j) == found.indices(0, j - 1) + 13);
            }
            CHECK(ordered);
            if (metric != Metric::dot) CHECK(found.indices(0, 89) == 13 * 89);
        }
    }
}

TEMPLATE_TEST_CASE("items with NaN are never returned; the places left over say -1", "", float, double) {
    using T = TestType;
    Matrix<T> items = support::gaussian<T>(100, 8, 6);
    for (index_t i = 0; i < 100; i += 2) items(i, i % 8) = std::numeric_limits<T>::quiet_NaN();
    for (const Metric metric : metrics) {
        const ExactIndex<T> index(items, metric);
        const Matrix<T> queries = support::gaussian<T>(3, 8, 7);
        CHECK(disagreements(index, comparable(metric, queries), 80, index.search(queries, 80)) == 0);
        CHECK(disagreements(index, comparable(metric, queries), 10, index.search(queries, 10)) == 0);
        const auto single = index.search(RowVector<T>(queries.row(0)), 80);
        CHECK(single.indices(0, 49) % 2 == 1);
        CHECK(single.indices(0, 50) == -1);
        Matrix<T> nan(2, 8);
        nan(1, 3) = std::numeric_limits<T>::quiet_NaN();
        const auto found = index.search(nan, 5);
        CHECK(found.indices(0, 0) >= 0);
        CHECK(found.indices(1, 0) == -1);
        CHECK(std::isinf(found.scores(1, 4)));
    }
}

TEMPLATE_TEST_CASE("zero vectors have cosine 0 with everything", "", float, double) {
    using T = TestType;
    Matrix<T> items(4, 3);
    items(1, 0) = 1;
    items(2, 0) = -1;
    const ExactIndex<T> index(items, Metric::cosine);
    const auto found = index.search(Matrix<T>{{2, 0, 0}, {0, 0, 0}}, 4);
    CHECK(std::equal(found.indices.begin(), found.indices.end(), std::vector<index_t>{1, 0, 3, 2, 0, 1, 2, 3}.begin()));
    CHECK(std::equal(found.scores.begin(), found.scores.end(), std::vector<T>{1, 0, 0, -1, 0, 0, 0, 0}.begin()));
}

TEMPLATE_TEST_CASE("huge, tiny, infinite and far-off items are ranked by their true scores", "", float, double) {
    using T = TestType;
    const double huge = support::huge<T>;
    for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
        for (const double scale : {huge, 1 / huge}) {
            const ExactIndex<T> index(support::times(support::gaussian<T>(200, 9, 8), scale), metric);
            const ExactIndex<T> plain(support::gaussian<T>(200, 9, 8), metric);
            const Matrix<T> queries = support::gaussian<T>(4, 9, 9);
            const auto scaled = index.search(support::times(queries, scale), 20), expected = plain.search(queries, 20);
            int differ = 0;
            for (index_t j = 0; j < 80; ++j) differ += scaled.indices.data()[j] != expected.indices.data()[j];
            CAPTURE(static_cast<int>(metric), scale);
            CHECK(differ == 0);
        }
    }
    // All items lie within a millionth of their distance from the origin.
    Matrix<T> far = support::times(support::gaussian<T>(300, 16, 10), 0.01);
    for (T& x : far) x += T{10000};
    const ExactIndex<T> index(far, Metric::euclidean);
    const Matrix<T> queries = Matrix<T>(far.block(0, 0, 4, 16));
    CHECK(disagreements(index, queries, 10, index.search(queries, 10)) == 0);
    Matrix<T> infinite{{1, 0}, {std::numeric_limits<T>::infinity(), 0}, {2, 0}};
    const auto found = ExactIndex<T>(infinite, Metric::euclidean).search(Matrix<T>{{1, 0}}, 3);
    CHECK(std::equal(found.indices.begin(), found.indices.end(), std::vector<index_t>{0, 2, 1}.begin()));
    CHECK(std::isinf(found.scores(0, 2)));
}

TEST_CASE("one query may be a row, a column or an expression; other shapes are refused") {
    const Matrix<float> items = support::gaussian<float>(50, 6, 11);
    const ExactIndex<float> index(items, Metric::dot);
    const auto found = index.search(items.row(4), 3);
    CHECK(same(index.search(Vector<float>(items.row(4).T()), 3), found));
    CHECK(same(index.search(items.row(4).T(), 3), found));
    CHECK(same(index.search(items.row(4) * 1.0F, 3), found));
    CHECK(same(index.search(Matrix<float, dynamic, dynamic, col_major>(items), 3), index.search(items, 3)));
    CHECK_THROWS_AS(index.search(items.T(), 3), shape_error);
    CHECK_THROWS_AS(index.search(Vector<float>(5), 3), shape_error);
    CHECK_THROWS_AS(index.search(items, -1), std::invalid_argument);
    CHECK(index.search(Matrix<float>(0, 6), 3).indices.rows() == 0);
    CHECK(index.score(4, found.indices(0, 1)) == found.scores(0, 1));
    CHECK(ExactIndex<float>().search(Matrix<float>(2, 0), 3).indices.cols() == 0);
    CHECK(ExactIndex<float>(Matrix<float>(3, 0), Metric::euclidean).search(Matrix<float>(2, 0), 3).indices(1, 2) == 2);
}
