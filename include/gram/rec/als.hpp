/// Alternating least squares: with the items fixed every user is a small regularized least squares problem, with the
/// users fixed every item is. With residuals e(u, i) = r - mean - b_u - b_i it descends
///   sum over known (e(u, i) - p_u . q_i)^2 + lambda (sum w_u |p_u|^2 + sum w_i |q_i|^2),
/// w = 1, or the number of ratings (ALS-WR); each half step is exact, so it never rises.
///
/// Source: Zhou, Wilkinson, Schreiber & Pan, Large-Scale Parallel Collaborative Filtering for the Netflix Prize (2008).
#pragma once

#include <algorithm>

#include "gram/core/random.hpp"
#include "gram/expr/make.hpp"
#include "gram/rec/model.hpp"
#include "gram/rec/progress.hpp"

namespace gram::rec {

/// Options of fit_als.
struct AlsOptions {
    index_t rank = 10;
    double regularization = 0.1;  ///< lambda > 0
    index_t iterations = 15;      ///< a step of items and one of users each
    bool weighted = false;        ///< lambda times the number of ratings of the user or item
    bool biases = false;          ///< b_u and b_i as fit_bias takes them, before the factors; else 0
    BiasOptions bias = {};        ///< of these
};

inline namespace GRAM_ISA {
namespace detail {

inline void check_options(const AlsOptions& o) {
    if (o.rank < 1 || o.iterations < 0 || !(o.regularization > 0)) {
        throw std::invalid_argument("fit_als: expected rank >= 1, iterations >= 0 and regularization > 0");
    }
}

template <class T>
index_t other_side(const ItemRating<T>& r) {
    return r.item;
}
template <class T>
index_t other_side(const UserRating<T>& r) {
    return r.user;
}

/// One half step: every line of `solved` by least squares against the lines of `fixed` it has ratings with.
template <class T, class Lines, class Weight>
void als_half_step(Matrix<T>& solved, const Vector<T>& solved_bias, const Matrix<T>& fixed, const Vector<T>& fixed_bias,
                   T mean, const Lines& lines, Weight lambda, Ridge<T>& ridge) {
    const index_t k = fixed.cols();
    for (index_t l = 0; l < solved.rows(); ++l) {
        ridge.clear();
        for (const auto& r : lines(l)) {
            const index_t o = other_side(r);
            std::copy_n(fixed.data() + o * k, k, ridge.add(r.value - mean - solved_bias[l] - fixed_bias[o]));
        }
        const Vector<T>& p = ridge.solve(lambda(std::ssize(lines(l))));
        std::copy_n(p.data(), k, solved.data() + l * k);
    }
}

/// The quantity that descends.
template <class T, class Weight>
double als_objective(const FactorModel<T>& model, const Ratings<T>& ratings, Weight lambda) {
    double errors = 0, penalty = 0;
    for (const auto& r : ratings) {
        const double e = static_cast<double>(r.value - model.predict(r.user, r.item));
        errors += e * e;
    }
    const auto add = [&](const auto& row, index_t n) { penalty += static_cast<double>(lambda(n) * dot(row, row)); };
    for (index_t u = 0; u < ratings.users(); ++u) add(model.users.row(u), std::ssize(ratings.by_user(u)));
    for (index_t i = 0; i < ratings.items(); ++i) add(model.items.row(i), std::ssize(ratings.by_item(i)));
    return errors + penalty;
}

template <class T>
index_t longest_line(const Ratings<T>& ratings) {
    index_t longest = 0;
    for (index_t u = 0; u < ratings.users(); ++u) longest = std::max(longest, std::ssize(ratings.by_user(u)));
    for (index_t i = 0; i < ratings.items(); ++i) longest = std::max(longest, std::ssize(ratings.by_item(i)));
    return longest;
}

}  // namespace detail

/// Fits mean + b_u + b_i + p_u . q_i. The first user factors are normal numbers of deviation 0.1; the same seed gives
/// the same bits. The users come last, so fold_in of a user's ratings gives that user's factors again. The callback is
/// told an `Epoch` (the loss is the objective above) after every iteration and ends the fit by returning false. Cost:
/// O(size rank^2 + (users + items) rank^3) an iteration; no memory is taken in the loop. Errors: std::invalid_argument
/// for options or without ratings; not_positive_definite when lambda is lost in rounding.
/// @snippet models.cpp als
template <std::floating_point T, class Callback = Silent>
[[nodiscard]] FactorModel<T> fit_als(const Ratings<T>& ratings, const AlsOptions& options, Rng& rng,
                                     Callback callback = {}) {
    detail::check_options(options);
    detail::require_ratings("fit_als", ratings);
    const index_t m = ratings.users(), n = ratings.items(), k = options.rank;
    BiasBaseline<T> base{mean_rating(ratings), Vector<T>(m), Vector<T>(n)};
    if (options.biases) base = fit_bias(ratings, options.bias);
    FactorModel<T> model{base.mean,
                         std::move(base.users),
                         std::move(base.items),
                         randn<T>(rng, m, k) * 0.1,
                         Matrix<T>(n, k),
                         {options.biases && options.bias.sweeps > 0 ? UserBias::damped : UserBias::none,
                          options.bias.damping, options.regularization, options.weighted}};
    for (index_t u = 0; u < m; ++u) {
        if (ratings.by_user(u).empty()) model.users.row(u) = T{0};
    }
    const auto lambda = [&](index_t count) {
        return static_cast<T>(options.regularization * (options.weighted ? static_cast<double>(count) : 1.0));
    };
    const auto of_user = [&](index_t u) { return ratings.by_user(u); };
    const auto of_item = [&](index_t i) { return ratings.by_item(i); };
    detail::Ridge<T> ridge(detail::longest_line(ratings), k);
    for (index_t iteration = 0; iteration < options.iterations; ++iteration) {
        detail::als_half_step(model.items, model.item_bias, model.users, model.user_bias, model.mean, of_item, lambda,
                              ridge);
        detail::als_half_step(model.users, model.user_bias, model.items, model.item_bias, model.mean, of_user, lambda,
                              ridge);
        if constexpr (!std::same_as<Callback, Silent>) {
            if (!detail::goes_on(callback, Epoch{iteration, detail::als_objective(model, ratings, lambda)})) break;
        }
    }
    return model;
}

}  // namespace GRAM_ISA
}  // namespace gram::rec
