/// Stochastic gradient descent on r ~ mu + b_u + b_i + p_u . q_i, one rating at a time in random order: with
/// e = r - prediction,
///   b_u += rate (e - reg b_u),   b_i += rate (e - reg b_i),
///   p_u += rate (e q_i - reg p_u),   q_i += rate (e p_u - reg q_i).
///
/// Source: Koren, Bell & Volinsky, Matrix Factorization Techniques for Recommender Systems, Computer 42 (2009).
#pragma once

#include <cmath>

#include "gram/core/random.hpp"
#include "gram/expr/make.hpp"
#include "gram/rec/model.hpp"
#include "gram/rec/progress.hpp"

namespace gram::rec {

/// Options of fit_sgd.
struct SgdOptions {
    index_t rank = 10;
    double learning_rate = 0.01;
    double regularization = 0.02;
    index_t epochs = 20;
    double decay = 1;            ///< the learning rate is multiplied by this after every epoch
    double first_factors = 0.1;  ///< standard deviation of the factors before the first epoch
};

inline namespace GRAM_ISA {
namespace detail {

inline void check_options(const SgdOptions& o) {
    if (o.rank < 1 || o.epochs < 0 || !(o.learning_rate > 0) || !(o.regularization >= 0) || !(o.decay > 0) ||
        !(o.first_factors >= 0)) {
        throw std::invalid_argument(
            "fit_sgd: expected rank >= 1, epochs >= 0, learning_rate > 0, decay > 0 and no negative penalty");
    }
}

/// One step on one rating; returns its error before the step.
template <class T>
T sgd_step(FactorModel<T>& model, const Rating<T>& r, T rate, T reg) {
    const index_t k = model.users.cols();
    T* p = model.users.data() + r.user * k;
    T* q = model.items.data() + r.item * k;
    T& user = model.user_bias.data()[r.user];
    T& item = model.item_bias.data()[r.item];
    T predicted = model.mean + user + item;
    for (index_t f = 0; f < k; ++f) predicted += p[f] * q[f];
    const T e = r.value - predicted;
    user += rate * (e - reg * user);
    item += rate * (e - reg * item);
    for (index_t f = 0; f < k; ++f) {
        const T old = p[f];
        p[f] += rate * (e * q[f] - reg * old);
        q[f] += rate * (e * old - reg * q[f]);
    }
    return e;
}

}  // namespace detail

/// Fits mean, deviations and factors. The same seed gives the same bits. The callback is told an `Epoch` (the loss is
/// the root mean squared error, each rating taken just before its step) and ends the fit by returning false.
/// Cost: O(size rank) an epoch. Errors: std::invalid_argument for options or without ratings; non_finite when the
/// descent diverges (the rate is too large).
/// @snippet models.cpp als
template <std::floating_point T, class Callback = Silent>
[[nodiscard]] FactorModel<T> fit_sgd(const Ratings<T>& ratings, const SgdOptions& options, Rng& rng,
                                     Callback callback = {}) {
    detail::check_options(options);
    detail::require_ratings("fit_sgd", ratings);
    const index_t m = ratings.users(), n = ratings.items(), k = options.rank;
    FactorModel<T> model{mean_rating(ratings),
                         Vector<T>(m),
                         Vector<T>(n),
                         randn<T>(rng, m, k) * options.first_factors,
                         randn<T>(rng, n, k) * options.first_factors,
                         // A penalty at every rating is one that grows with their number.
                         {UserBias::fitted, 0, options.regularization, true}};
    for (index_t u = 0; u < m; ++u) {
        if (ratings.by_user(u).empty()) model.users.row(u) = T{0};
    }
    for (index_t i = 0; i < n; ++i) {
        if (ratings.by_item(i).empty()) model.items.row(i) = T{0};
    }
    double rate = options.learning_rate;
    for (index_t epoch = 0; epoch < options.epochs; ++epoch, rate *= options.decay) {
        double errors = 0;
        for (const index_t r : rng.permutation(ratings.size())) {
            const T e = detail::sgd_step(model, ratings.list()[static_cast<std::size_t>(r)], static_cast<T>(rate),
                                         static_cast<T>(options.regularization));
            errors += static_cast<double>(e) * static_cast<double>(e);
        }
        if (!linalg::detail::is_finite(errors)) {
            throw non_finite("fit_sgd: the descent diverges in epoch " + std::to_string(epoch) +
                             "; a smaller learning rate may help");
        }
        const double rmse = std::sqrt(errors / static_cast<double>(ratings.size()));
        if (!detail::goes_on(callback, Epoch{epoch, rmse})) break;
    }
    return model;
}

}  // namespace GRAM_ISA
}  // namespace gram::rec
