/// The k best of many scores under a total order: larger first, then lower index; NaN never.
#pragma once

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "gram/core/matrix.hpp"
#include "gram/expr/assign.hpp"

namespace gram::embed::inline GRAM_ISA {

/// The best scores, best first, and where they stand.
template <class T>
struct TopK {
    Vector<index_t> indices;
    Vector<T> scores;
};

namespace detail {

/// A score and the item it belongs to.
template <class T>
struct Candidate {
    T score;
    index_t index;
};

/// The order of results: larger score first, lower index first among equals. No score is NaN.
template <class T>
bool better(const Candidate<T>& a, const Candidate<T>& b) {
    return a.score != b.score ? a.score > b.score : a.index < b.index;
}

/// Keeps, out of a stream of scores, all within `slack` of the k-th best (slack 0: the k best and their ties).
/// NaN is never kept. Memory: O(k + number within the slack).
template <class T>
class Candidates {
public:
    explicit Candidates(index_t k = 0, T slack = T{0})
        : k_(static_cast<std::size_t>(k)), slack_(slack), capacity_(2 * static_cast<std::size_t>(k) + 64) {}

    /// Offers the scores of items first, first + 1, ...
    void offer(const T* scores, index_t count, index_t first) {
        // Nearly all scores fall below the threshold: a block is first asked as a whole, by a loop of fixed length
        // that the compiler turns into packed comparisons.
        constexpr index_t block = 64;
        index_t i = 0;
        for (; i + block <= count; i += block) {
            const T threshold = threshold_;
            int any = 0;
            for (index_t l = 0; l < block; ++l) any |= static_cast<int>(scores[i + l] >= threshold);
            if (any != 0) keep(scores + i, block, first + i);
        }
        keep(scores + i, count - i, first + i);
    }
    /// Whether the slack is infinite: then the scores say nothing, and every item is a candidate.
    [[nodiscard]] bool keeps_all() const { return !(slack_ <= std::numeric_limits<T>::max()); }
    /// What was kept, in no order.
    std::vector<Candidate<T>>& finish() {
        prune();
        return kept_;
    }

private:
    void keep(const T* scores, index_t count, index_t first) {
        for (index_t i = 0; i < count; ++i) {
            if (!(scores[i] >= threshold_)) continue;
            kept_.push_back({scores[i], first + i});
            if (kept_.size() >= capacity_) prune();
        }
    }
    void prune() {
        if (kept_.size() <= k_ || k_ == 0) return;
        const auto kth = kept_.begin() + static_cast<index_t>(k_) - 1;
        std::nth_element(kept_.begin(), kth, kept_.end(), better<T>);
        threshold_ = std::max(threshold_, kth->score - slack_);
        std::erase_if(kept_, [&](const Candidate<T>& c) { return c.score < threshold_; });
        capacity_ = std::max(capacity_, 2 * kept_.size());
    }

    std::size_t k_;
    T slack_;
    std::size_t capacity_;
    T threshold_ = -std::numeric_limits<T>::infinity();
    std::vector<Candidate<T>> kept_;
};

inline void check_k(const char* what, index_t k) {
    if (k < 0) throw std::invalid_argument(std::string(what) + ": k is " + std::to_string(k));
}

}  // namespace detail

/// The k best elements of a row or column, best first; ties by lower index; NaN never, so there may be fewer than k.
/// Cost: O(n + k log k) typically. Errors: std::invalid_argument for k < 0.
/// @snippet models.cpp search
template <VectorExpr E>
TopK<value_t<E>> top_k(const E& scores, index_t k) {
    using T = value_t<E>;
    detail::check_k("top_k", k);
    const Matrix<T, rows_v<E>, cols_v<E>> values = scores;
    detail::Candidates<T> candidates(std::min(k, values.size()));
    if (k > 0) candidates.offer(values.data(), values.size(), 0);
    auto& kept = candidates.finish();
    const auto count = std::min(kept.size(), static_cast<std::size_t>(k));
    std::partial_sort(kept.begin(), kept.begin() + static_cast<index_t>(count), kept.end(), detail::better<T>);
    TopK<T> best{Vector<index_t>(static_cast<index_t>(count)), Vector<T>(static_cast<index_t>(count))};
    for (std::size_t j = 0; j < count; ++j) {
        best.indices.data()[j] = kept[j].index;
        best.scores.data()[j] = kept[j].score;
    }
    return best;
}

}  // namespace gram::embed::inline GRAM_ISA
