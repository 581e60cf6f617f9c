/// Exact nearest neighbours: scores of all items by one matrix product, then selection.
///
/// The product ranks only provisionally. Every item whose provisional score could, within the rounding error of the
/// product, belong to the k best is scored again in double in a fixed order, and those scores decide. So results are
/// exact up to one rounding to T, equal items tie exactly, and neither the size of a batch nor the shape of the blocks
/// changes a bit of them.
#pragma once

#include <utility>

#include "gram/embed/metric.hpp"
#include "gram/embed/top_k.hpp"
#include "gram/expr/operators.hpp"
#include "gram/expr/unary.hpp"

namespace gram::embed::inline GRAM_ISA {

/// Row q holds the neighbours of query q, best first. A place for which no item is left (items with NaN are never
/// returned) has index -1 and the worst score: -infinity, or +infinity for a distance.
template <class T>
struct SearchResult {
    Matrix<index_t> indices;
    Matrix<T> scores;
};

/// Searches a fixed set of vectors, one in each row.
///
/// Memory: the vectors once (for cosine, divided by their lengths). Thread safety: const use is safe.
template <class T>
class ExactIndex {
public:
    /// Takes the items, n×d. For cosine a zero row has similarity 0 with everything, and a row with NaN or infinity is
    /// never returned. Cost: O(n d).
    explicit ExactIndex(Matrix<T> items = {}, Metric metric = Metric::cosine)
        : items_(std::move(items)), metric_(metric) {
        if (metric == Metric::euclidean) half_squares_ = Vector<T>(size());
        for (index_t i = 0; i < size(); ++i) {
            T* x = items_.data() + i * dimension();
            if (metric == Metric::cosine) detail::normalize(x, dimension());
            const double length = detail::length_in_double(x, dimension());
            if (length > longest_) longest_ = length;
            if (metric == Metric::euclidean) half_squares_.data()[i] = static_cast<T>(length * length / 2);
        }
    }

    [[nodiscard]] index_t size() const noexcept { return items_.rows(); }
    [[nodiscard]] index_t dimension() const noexcept { return items_.cols(); }
    [[nodiscard]] Metric metric() const noexcept { return metric_; }
    /// The items as they are compared: for cosine, rows of length 1 (or 0).
    [[nodiscard]] const Matrix<T>& items() const& noexcept { return items_; }
    void items() && = delete;

    /// The score of items i and j under the metric, as search would give it.
    [[nodiscard]] T score(index_t i, index_t j) const {
        const auto a = items_.row(i), b = items_.row(j);
        return canonical(a.data(), b.data());
    }

    /// The k nearest items of each query (or all n, when k > n), best first, ties by lower index.
    ///
    /// Queries are the rows of an m×d matrix; a single query may also be a column of d. Scores are cosines, dot
    /// products or distances. A query with NaN finds nothing. Cost: O(m n d) in GEMM (GEMV for one query) and O(m n)
    /// comparisons. Errors: shape_error; std::invalid_argument for k < 0.
    template <MatrixExpr E>
        requires std::same_as<value_t<E>, T>
    [[nodiscard]] SearchResult<T> search(const E& queries, index_t k) const {
        detail::check_k("search", k);
        Matrix<T> rows = queries;
        if (rows.cols() != dimension()) {
            if (cols_v<E> != 1 || rows.rows() != dimension()) {
                throw_shape("search: queries", rows.rows(), rows.cols(), "in", size(), dimension());
            }
            rows = Matrix<T>(rows.T());
        }
        return search_rows(rows, std::min(k, size()));
    }

private:
    using Candidates = detail::Candidates<T>;

    /// The score by which items are ranked and which is returned.
    T canonical(const T* x, const T* q) const {
        return static_cast<T>(metric_ == Metric::euclidean ? detail::distance_in_double(x, q, dimension())
                                                           : detail::dot_in_double(x, q, dimension()));
    }
    /// Twice a bound on the difference between a provisional score and the canonical one for a query of this length:
    /// (d + 8) eps times the largest |x| |q|, or (|x| + |q|)^2 for distances, covers any order of summation in T
    /// (Higham, Accuracy and Stability, sec. 3.1) with the roundings before and after, and d times the smallest normal
    /// number what underflows. Infinite where provisional scores could overflow.
    [[nodiscard]] T slack(double query_length) const {
        using limits = std::numeric_limits<T>;
        const double n = static_cast<double>(dimension()) + 8;
        const double sum = longest_ + query_length;
        const double size = metric_ == Metric::euclidean ? sum * sum : longest_ * query_length;
        const double bound = n * (static_cast<double>(limits::epsilon()) * size + static_cast<double>(limits::min()));
        const bool safe = size < static_cast<double>(limits::max()) / 16;
        return safe ? static_cast<T>(2 * bound) : limits::infinity();
    }

    SearchResult<T> search_rows(Matrix<T>& queries, index_t k) const {
        constexpr index_t most_queries = 128, most_items = 512;
        const index_t m = queries.rows();
        SearchResult<T> found{Matrix<index_t>(m, k, uninitialized), Matrix<T>(m, k, uninitialized)};
        if (k == 0) return found;
        std::vector<Candidates> candidates;
        Matrix<T> scores;
        for (index_t first = 0; first < m; first += most_queries) {
            const index_t count = std::min(most_queries, m - first);
            candidates.clear();
            for (index_t q = first; q < first + count; ++q) {
                T* query = queries.data() + q * dimension();
                if (metric_ == Metric::cosine) detail::normalize(query, dimension());
                candidates.emplace_back(k, slack(detail::length_in_double(query, dimension())));
            }
            if (m == 1) {
                offer_all(queries, candidates[0]);
            } else {
                for (index_t i = 0; i < size(); i += most_items) {
                    offer_block(queries.block(first, 0, count, dimension()), i, std::min(most_items, size() - i),
                                scores, candidates);
                }
            }
            for (index_t q = 0; q < count; ++q) {
                finish(queries.data() + (first + q) * dimension(), candidates[static_cast<std::size_t>(q)], first + q,
                       found);
            }
        }
        return found;
    }

    /// Provisional scores of all items for one query. For distances: x.q - |x|^2 / 2 = (|q|^2 - |x - q|^2) / 2.
    void offer_all(const Matrix<T>& query, Candidates& candidates) const {
        Vector<T> scores;
        if (metric_ == Metric::euclidean) {
            scores = items_ * query.row(0).T() - half_squares_;
        } else {
            scores = items_ * query.row(0).T();
        }
        candidates.offer(scores.data(), size(), 0);
    }
    /// The same for a block of queries and items [first, first + count).
    template <class Q>
    void offer_block(const Q& queries, index_t first, index_t count, Matrix<T>& scores,
                     std::vector<Candidates>& candidates) const {
        const auto items = items_.block(first, 0, count, dimension());
        if (metric_ == Metric::euclidean) {
            scores = queries * items.T() - half_squares_.segment(first, count).T();
        } else {
            scores = queries * items.T();
        }
        for (index_t q = 0; q < scores.rows(); ++q) {
            candidates[static_cast<std::size_t>(q)].offer(scores.data() + q * count, count, first);
        }
    }

    /// Scores the candidates of one query again and writes the best into row q of the result.
    void finish(const T* query, Candidates& candidates, index_t q, SearchResult<T>& found) const {
        auto& kept = candidates.finish();
        if (candidates.keeps_all()) {  // provisional scores are not to be trusted, not even to be numbers
            kept.clear();
            for (index_t i = 0; i < size(); ++i) kept.push_back({T{0}, i});
        }
        const T sign = metric_ == Metric::euclidean ? T{-1} : T{1};
        for (auto& c : kept) c.score = sign * canonical(items_.data() + c.index * dimension(), query);
        std::erase_if(kept, [](const auto& c) { return detail::is_nan(c.score); });
        const index_t k = found.indices.cols();
        const index_t count = std::min(k, static_cast<index_t>(kept.size()));
        std::partial_sort(kept.begin(), kept.begin() + count, kept.end(), detail::better<T>);
        for (index_t j = 0; j < k; ++j) {
            const bool any = j < count;
            const T score = any ? kept[static_cast<std::size_t>(j)].score : -std::numeric_limits<T>::infinity();
            found.indices.data()[q * k + j] = any ? kept[static_cast<std::size_t>(j)].index : -1;
            found.scores.data()[q * k + j] = sign * score;
        }
    }

    Matrix<T> items_;
    Metric metric_;
    double longest_ = 0;      // the largest length of a row that has one
    Vector<T> half_squares_;  // |x|^2 / 2 for distances
};

}  // namespace gram::embed::inline GRAM_ISA
