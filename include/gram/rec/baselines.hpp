/// What a recommender must beat: the mean of all ratings, and the mean corrected by how users and items deviate,
///   r ~ mu + b_u + b_i,   b_i = sum over u (r - mu - b_u) / (n_i + damping),   b_u likewise,
/// in turns: the least squares fit with the penalty damping (|b_u|^2 + |b_i|^2). Damping pulls who rated little to 0.
///
/// Source: Koren, Bell & Volinsky, Matrix Factorization Techniques for Recommender Systems, Computer 42 (2009).
#pragma once

#include "gram/rec/ratings.hpp"

namespace gram::rec {

/// Options of fit_bias.
struct BiasOptions {
    double damping = 5;   ///< as many ratings at the mean as every user and item is thought to have
    index_t sweeps = 10;  ///< turns of items and users
};

inline namespace GRAM_ISA {

/// The same answer to every question.
template <class T>
struct MeanBaseline {
    T mean{};
    [[nodiscard]] T predict(index_t, index_t) const { return mean; }
    friend bool operator==(const MeanBaseline&, const MeanBaseline&) = default;
};

/// mean + users[u] + items[i]. Users and items without ratings deviate by 0.
template <class T>
struct BiasBaseline {
    T mean{};
    Vector<T> users;
    Vector<T> items;

    /// std::out_of_range.
    [[nodiscard]] T predict(index_t user, index_t item) const { return mean + users.at(user) + items.at(item); }
    friend bool operator==(const BiasBaseline&, const BiasBaseline&) = default;
};

namespace detail {

template <class T>
void require_ratings(const char* name, const Ratings<T>& ratings) {
    if (ratings.empty()) throw std::invalid_argument(std::string(name) + ": there are no ratings to fit");
}

/// Sum of terms / (n + damping); 0 for nobody's sum without damping.
template <class T>
T damped_mean(T sum, index_t n, double damping) {
    const double weight = static_cast<double>(n) + damping;
    return weight > 0 ? sum / static_cast<T>(weight) : T{0};
}

}  // namespace detail

/// The mean of all ratings. std::invalid_argument without any.
/// @snippet models.cpp baselines
template <std::floating_point T>
[[nodiscard]] MeanBaseline<T> fit_mean(const Ratings<T>& ratings) {
    detail::require_ratings("fit_mean", ratings);
    return {mean_rating(ratings)};
}

/// Mean and damped deviations. Cost: O(size) a sweep. std::invalid_argument without ratings or for options below 0.
/// @snippet models.cpp baselines
template <std::floating_point T>
[[nodiscard]] BiasBaseline<T> fit_bias(const Ratings<T>& ratings, const BiasOptions& options = {}) {
    detail::require_ratings("fit_bias", ratings);
    if (!(options.damping >= 0) || options.sweeps < 0) {
        throw std::invalid_argument("fit_bias: expected damping >= 0 and sweeps >= 0");
    }
    BiasBaseline<T> b{mean_rating(ratings), Vector<T>(ratings.users()), Vector<T>(ratings.items())};
    for (index_t sweep = 0; sweep < options.sweeps; ++sweep) {
        for (index_t i = 0; i < ratings.items(); ++i) {
            T sum{};
            for (const auto& r : ratings.by_item(i)) sum += r.value - b.mean - b.users[r.user];
            b.items[i] = detail::damped_mean(sum, std::ssize(ratings.by_item(i)), options.damping);
        }
        for (index_t u = 0; u < ratings.users(); ++u) {
            T sum{};
            for (const auto& r : ratings.by_user(u)) sum += r.value - b.mean - b.items[r.item];
            b.users[u] = detail::damped_mean(sum, std::ssize(ratings.by_user(u)), options.damping);
        }
    }
    return b;
}

}  // namespace GRAM_ISA
}  // namespace gram::rec
