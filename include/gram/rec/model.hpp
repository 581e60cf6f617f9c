/// What every fitted recommender is: r(u, i) ~ mean + b_u + b_i + p_u . q_i, and the questions one asks of it.
///
/// Source: Koren, Bell & Volinsky, Matrix Factorization Techniques for Recommender Systems, Computer 42 (2009).
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "gram/expr/norms.hpp"
#include "gram/expr/updates.hpp"
#include "gram/rec/baselines.hpp"
#include "gram/rec/ridge.hpp"

namespace gram::rec {

/// Where the deviation b_u of a user comes from.
enum class UserBias {
    none,    ///< there is none
    damped,  ///< the damped mean of the user's residuals, as fit_bias takes it
    fitted   ///< it is fitted together with the factors
};

/// How a newcomer is placed: as the fit placed its users, the items being what they are.
struct FoldInRule {
    UserBias bias = UserBias::none;
    double damping = 0;           ///< of a damped bias
    double regularization = 0.1;  ///< lambda
    bool weighted = false;        ///< lambda times the number of ratings
    friend bool operator==(const FoldInRule&, const FoldInRule&) = default;
};

/// An item and what it is predicted to get, or how similar it is.
template <class T>
struct ScoredItem {
    index_t item;
    T score;
    friend bool operator==(const ScoredItem&, const ScoredItem&) = default;
};

inline namespace GRAM_ISA {

/// A user who was not there when the model was fitted.
template <class T>
struct FoldedUser {
    T bias{};
    Vector<T> factors;
    friend bool operator==(const FoldedUser&, const FoldedUser&) = default;
};

namespace detail {

/// The k largest scores of the items that are not left out: descending, ties by lower item.
template <class T>
std::vector<ScoredItem<T>> best_items(const Vector<T>& scores, const std::vector<bool>& left_out, index_t k) {
    if (k < 0) throw std::invalid_argument("expected k >= 0, not " + std::to_string(k));
    std::vector<ScoredItem<T>> found;
    for (index_t i = 0; i < scores.size(); ++i) {
        if (!left_out[static_cast<std::size_t>(i)]) found.push_back({i, scores[i]});
    }
    const auto end = found.begin() + std::min(k, std::ssize(found));
    std::partial_sort(found.begin(), end, found.end(), [](const ScoredItem<T>& a, const ScoredItem<T>& b) {
        return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
    found.erase(end, found.end());
    return found;
}

}  // namespace detail

/// Factors and deviations of users and items. A value: copyable, movable, comparable.
///
/// A user or an item that had no ratings has factors and deviation 0, so what is predicted is the baseline
/// mean + b_u + b_i of what is known.
template <class T>
struct FactorModel {
    T mean{};
    Vector<T> user_bias;
    Vector<T> item_bias;
    Matrix<T> users;  ///< users×rank
    Matrix<T> items;  ///< items×rank
    FoldInRule fold_in_rule;

    /// The rating that the user would give. Cost: O(rank). std::out_of_range.
    [[nodiscard]] T predict(index_t user, index_t item) const {
        require_user(user);
        require_item(item);
        return predict_from(user_bias[user], users.row(user), item);
    }
    [[nodiscard]] T predict(const FoldedUser<T>& user, index_t item) const {
        require_item(item);
        return predict_from(user.bias, user.factors.T(), item);
    }
    /// The predictions for all items. Cost: O(items rank). std::out_of_range.
    [[nodiscard]] Vector<T> scores(index_t user) const {
        require_user(user);
        return items * users.row(user).T() + item_bias + (mean + user_bias[user]);
    }
    [[nodiscard]] Vector<T> scores(const FoldedUser<T>& user) const {
        return items * user.factors + item_bias + (mean + user.bias);
    }

    /// The k items with the highest predictions among those that the user has no rating for in `leave_out`, best first,
    /// ties by lower index; fewer where there are fewer. Errors: std::out_of_range; shape_error when `leave_out` is of
    /// another table; std::invalid_argument for k < 0.
    [[nodiscard]] std::vector<ScoredItem<T>> recommend(index_t user, index_t k, const Ratings<T>& leave_out) const {
        if (leave_out.users() != users.rows() || leave_out.items() != items.rows()) {
            throw_shape("recommend: model and ratings", users.rows(), items.rows(), "and", leave_out.users(),
                        leave_out.items());
        }
        require_user(user);
        return best(scores(user), k, leave_out.by_user(user));
    }
    /// As above, nothing left out.
    [[nodiscard]] std::vector<ScoredItem<T>> recommend(index_t user, index_t k) const {
        return best(scores(user), k, {});
    }
    /// As above for a newcomer, without the items of `leave_out`.
    [[nodiscard]] std::vector<ScoredItem<T>> recommend(const FoldedUser<T>& user, index_t k,
                                                       const std::vector<ItemRating<T>>& leave_out = {}) const {
        for (const auto& r : leave_out) require_item(r.item);
        return best(scores(user), k, leave_out);
    }

    /// The k other items whose factors point most nearly the same way: cosines in [-1, 1], descending, ties by lower
    /// index; 0 for an item without ratings. Cost: O(items rank). Errors: std::out_of_range, std::invalid_argument.
    [[nodiscard]] std::vector<ScoredItem<T>> similar_items(index_t item, index_t k) const {
        require_item(item);
        Vector<T> cosines(items.rows());
        for (index_t i = 0; i < items.rows(); ++i) cosines[i] = cosine_similarity(items.row(item), items.row(i));
        std::vector<bool> left_out(static_cast<std::size_t>(items.rows()), false);
        left_out[static_cast<std::size_t>(item)] = true;
        return detail::best_items(cosines, left_out, k);
    }

    /// Places a newcomer by a few ratings without refitting: the user's half of the fit for these alone. None gives the
    /// baseline. Cost: O(n rank^2 + rank^3) for n ratings. Errors, each naming the position: std::out_of_range;
    /// non_finite; std::invalid_argument for an item that was there before.
    [[nodiscard]] FoldedUser<T> fold_in(const std::vector<ItemRating<T>>& ratings) const {
        check_fold_in(ratings);
        const FoldInRule& rule = fold_in_rule;
        const index_t k = items.cols(), n = std::ssize(ratings), shift = rule.bias == UserBias::fitted ? 1 : 0;
        FoldedUser<T> user{T{0}, Vector<T>(k)};
        if (rule.bias == UserBias::damped) {
            T sum{};
            for (const auto& r : ratings) sum += r.value - mean - item_bias[r.item];
            user.bias = detail::damped_mean(sum, n, rule.damping);
        }
        detail::Ridge<T> ridge(n, k + shift);  // with a fitted bias the rows are (1, q_i)
        for (const auto& r : ratings) {
            T* row = ridge.add(r.value - mean - user.bias - item_bias[r.item]);
            if (shift == 1) row[0] = T{1};
            std::copy_n(items.data() + r.item * k, k, row + shift);
        }
        const double lambda = rule.regularization * (rule.weighted ? static_cast<double>(n) : 1.0);
        const Vector<T>& p = ridge.solve(static_cast<T>(lambda));
        if (shift == 1) user.bias = p[0];
        user.factors = p.segment(shift, k);
        return user;
    }

    friend bool operator==(const FactorModel&, const FactorModel&) = default;

private:
    void require_user(index_t user) const { detail::require_index("model", "user", user, users.rows()); }
    void require_item(index_t item) const { detail::require_index("model", "item", item, items.rows()); }

    template <class P>
    T predict_from(T bias, const P& factors, index_t item) const {
        return mean + bias + item_bias[item] + dot(factors, items.row(item));
    }
    std::vector<ScoredItem<T>> best(const Vector<T>& all, index_t k, std::span<const ItemRating<T>> leave_out) const {
        std::vector<bool> left_out(static_cast<std::size_t>(items.rows()), false);
        for (const auto& r : leave_out) left_out[static_cast<std::size_t>(r.item)] = true;
        return detail::best_items(all, left_out, k);
    }
    void check_fold_in(const std::vector<ItemRating<T>>& ratings) const {
        std::vector<bool> seen(static_cast<std::size_t>(items.rows()), false);
        for (std::size_t p = 0; p < ratings.size(); ++p) {
            const auto place = [&] {
                return "fold_in: rating " + std::to_string(p) + " (item " + std::to_string(ratings[p].item) + ")";
            };
            if (ratings[p].item < 0 || ratings[p].item >= items.rows()) {
                throw std::out_of_range(place() + " of " + std::to_string(items.rows()) + " items");
            }
            if (!linalg::detail::is_finite(ratings[p].value)) throw non_finite(place() + " is not finite");
            auto mark = seen[static_cast<std::size_t>(ratings[p].item)];
            if (mark) throw std::invalid_argument(place() + " was given before");
            mark = true;
        }
    }
};

}  // namespace GRAM_ISA
}  // namespace gram::rec
