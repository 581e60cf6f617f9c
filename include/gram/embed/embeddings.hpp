/// Words as vectors: similarity, nearest words, analogies.
///
/// similarity(a, b) = a.b / (|a| |b|); an analogy a : b = c : ? looks for the word whose direction is b - a + c.
/// Sources: Mikolov, Yih, Zweig, Linguistic Regularities in Continuous Space Word Representations, 2013 (3CosAdd);
/// Levy, Goldberg, Linguistic Regularities in Sparse and Explicit Word Representations, 2014 (3CosMul).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "gram/embed/index.hpp"

namespace gram::embed::inline GRAM_ISA {

/// A word and how near it is: a cosine, or the product that 3CosMul gives.
template <class T>
struct ScoredWord {
    std::string word;
    T score;
};

/// How an analogy a : b = c : x is scored. `cos_add`: cos(x, b - a + c) of unit vectors. `cos_mul`:
/// s(x, b) s(x, c) / (s(x, a) + epsilon) with s = (1 + cos) / 2, which lets no single word dominate.
enum class AnalogyMethod { cos_add, cos_mul };

/// Options of Embeddings::analogy.
struct AnalogyOptions {
    AnalogyMethod method = AnalogyMethod::cos_add;
    double epsilon = 0.001;  ///< keeps cos_mul finite; Levy and Goldberg's value
};

/// Distinct words, each with a vector in its row.
///
/// A word whose vector is zero has similarity 0 with every word; one whose vector holds NaN or infinity has similarity
/// NaN and is never among the nearest. Memory: the vectors twice (as given, and divided by their lengths). A value:
/// copyable, movable; const use is safe from several threads.
template <class T>
class Embeddings {
public:
    Embeddings() = default;
    /// Row i of `vectors` belongs to words[i]. Cost: O(n d).
    /// Errors: shape_error when the numbers differ; std::invalid_argument naming both rows of a word that stands twice.
    Embeddings(std::vector<std::string> words, Matrix<T> vectors)
        : words_(std::move(words)), vectors_(std::move(vectors)), index_(vectors_, Metric::cosine) {
        if (size() != vectors_.rows()) {
            throw shape_error("Embeddings: " + std::to_string(words_.size()) + " words for a " +
                              shape_text(vectors_.rows(), vectors_.cols()) + " matrix of vectors");
        }
        rows_.reserve(words_.size());
        for (index_t i = 0; i < size(); ++i) {
            const auto [first, is_new] = rows_.try_emplace(words_[static_cast<std::size_t>(i)], i);
            if (is_new) continue;
            throw std::invalid_argument("Embeddings: the word '" + first->first + "' stands in rows " +
                                        std::to_string(first->second) + " and " + std::to_string(i));
        }
    }

    [[nodiscard]] index_t size() const noexcept { return static_cast<index_t>(words_.size()); }
    [[nodiscard]] index_t dimension() const noexcept { return vectors_.cols(); }
    [[nodiscard]] const std::vector<std::string>& words() const& noexcept { return words_; }
    [[nodiscard]] std::vector<std::string> words() && { return std::move(words_); }
    /// The vectors as they were given, n×d.
    [[nodiscard]] const Matrix<T>& vectors() const& noexcept { return vectors_; }
    [[nodiscard]] Matrix<T> vectors() && { return std::move(vectors_); }
    /// The vectors divided by their lengths, n×d.
    [[nodiscard]] const Matrix<T>& unit_vectors() const& noexcept { return index_.items(); }
    void unit_vectors() && = delete;

    [[nodiscard]] bool contains(std::string_view word) const { return rows_.find(word) != rows_.end(); }
    /// The row of a word. std::out_of_range names a word that is not there.
    [[nodiscard]] index_t row_of(std::string_view word) const {
        const auto found = rows_.find(word);
        if (found == rows_.end()) throw std::out_of_range("the word '" + std::string(word) + "' has no vector");
        return found->second;
    }
    /// The vector of a word as a 1×d view. std::out_of_range names a word that is not there.
    auto operator[](std::string_view word) const& GRAM_LIFETIMEBOUND { return vectors_.row(row_of(word)); }
    void operator[](std::string_view word) && = delete;

    /// The cosine of two words' vectors. Cost: O(d). std::out_of_range.
    [[nodiscard]] T similarity(std::string_view a, std::string_view b) const {
        return index_.score(row_of(a), row_of(b));
    }

    /// The k words nearest to the sum of the unit vectors of `positive` less those of `negative`, best first, ties by
    /// row; the words asked about are left out. Fewer than k when the vocabulary ends.
    /// Cost: O(n d). Errors: std::out_of_range; std::invalid_argument for k < 0 or when no word is given.
    [[nodiscard]] std::vector<ScoredWord<T>> most_similar(const std::vector<std::string>& positive,
                                                          const std::vector<std::string>& negative,
                                                          index_t k = 10) const {
        if (positive.empty() && negative.empty()) throw std::invalid_argument("most_similar: no words given");
        RowVector<T> direction(dimension());
        std::vector<index_t> asked;
        for (const std::string& word : positive) add(direction, T{1}, word, asked);
        for (const std::string& word : negative) add(direction, T{-1}, word, asked);
        return nearest(direction, k, asked);
    }
    /// The k words nearest to a word, which is left out.
    template <class S>
        requires std::convertible_to<const S&, std::string_view>
    [[nodiscard]] std::vector<ScoredWord<T>> most_similar(const S& word, index_t k = 10) const {
        const index_t row = row_of(word);
        return nearest(unit_vectors().row(row), k, {row});
    }
    /// The k words nearest to a vector of d elements, a row or a column; no word is left out. shape_error.
    template <VectorExpr E>
    [[nodiscard]] std::vector<ScoredWord<T>> most_similar(const E& vector, index_t k = 10) const {
        return nearest(vector, k, {});
    }

    /// The k best x in a : b = c : x ("man" : "king" = "woman" : x), best first; a, b and c are left out.
    /// Errors as most_similar.
    [[nodiscard]] std::vector<ScoredWord<T>> analogy(std::string_view a, std::string_view b, std::string_view c,
                                                     index_t k = 10, const AnalogyOptions& options = {}) const {
        if (options.method == AnalogyMethod::cos_add)
            return most_similar({std::string(b), std::string(c)}, {std::string(a)}, k);
        detail::check_k("analogy", k);
        const std::vector<index_t> asked{row_of(a), row_of(b), row_of(c)};
        const Vector<T> to_a = shifted_cosines(asked[0]), to_b = shifted_cosines(asked[1]),
                        to_c = shifted_cosines(asked[2]);
        const Vector<T> scores = hadamard(to_b, to_c) / (to_a + static_cast<T>(options.epsilon));
        const TopK<T> best = top_k(scores, std::min(k, size()) + 3);
        return named(best.indices.data(), best.scores.data(), best.indices.size(), k, asked);
    }

private:
    /// Lets std::string keys be looked up by std::string_view.
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    void add(RowVector<T>& direction, T sign, std::string_view word, std::vector<index_t>& asked) const {
        asked.push_back(row_of(word));
        const T* x = unit_vectors().data() + asked.back() * dimension();
        for (index_t j = 0; j < dimension(); ++j) direction.data()[j] += sign * x[j];
    }
    template <class E>
    std::vector<ScoredWord<T>> nearest(const E& direction, index_t k, const std::vector<index_t>& left_out) const {
        detail::check_k("most_similar", k);
        const index_t wanted = std::min(k, size()) + static_cast<index_t>(left_out.size());
        const SearchResult<T> found = index_.search(direction, wanted);
        return named(found.indices.data(), found.scores.data(), found.indices.cols(), k, left_out);
    }
    /// (1 + cos(x, word)) / 2 for all words x.
    Vector<T> shifted_cosines(index_t row) const {
        return (unit_vectors() * unit_vectors().row(row).T() + T{1}) / T{2};
    }

    std::vector<ScoredWord<T>> named(const index_t* rows, const T* scores, index_t count, index_t k,
                                     const std::vector<index_t>& left_out) const {
        std::vector<ScoredWord<T>> best;
        for (index_t j = 0; j < count && static_cast<index_t>(best.size()) < k; ++j) {
            if (rows[j] < 0 || std::find(left_out.begin(), left_out.end(), rows[j]) != left_out.end()) continue;
            best.push_back({words_[static_cast<std::size_t>(rows[j])], scores[j]});
        }
        return best;
    }

    std::vector<std::string> words_;
    Matrix<T> vectors_;
    ExactIndex<T> index_;
    std::unordered_map<std::string, index_t, Hash, std::equal_to<>> rows_;
};

}  // namespace gram::embed::inline GRAM_ISA
