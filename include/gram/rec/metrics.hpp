/// How far predictions are from ratings: rmse = sqrt(mean of squared errors), mae = mean of absolute errors.
#pragma once

#include <cmath>
#include <concepts>

#include "gram/expr/reductions.hpp"
#include "gram/rec/ratings.hpp"

namespace gram::rec::inline GRAM_ISA {

/// Anything that predicts the rating of an item by a user.
template <class M>
concept Predictor = requires(const M& model, index_t i) {
    { model.predict(i, i) } -> std::floating_point;
};

/// Root of the mean squared error over the ratings, in units of a rating; NaN without ratings.
/// @snippet models.cpp baselines
template <Predictor M, std::floating_point T>
[[nodiscard]] double rmse(const M& model, const Ratings<T>& ratings) {
    double total = 0;
    for (const auto& r : ratings) {
        const double e = static_cast<double>(r.value) - static_cast<double>(model.predict(r.user, r.item));
        total += e * e;
    }
    return std::sqrt(total / static_cast<double>(ratings.size()));
}
/// Mean of the absolute errors over the ratings; NaN without ratings.
/// @snippet models.cpp baselines
template <Predictor M, std::floating_point T>
[[nodiscard]] double mae(const M& model, const Ratings<T>& ratings) {
    double total = 0;
    for (const auto& r : ratings) {
        total += std::abs(static_cast<double>(r.value) - static_cast<double>(model.predict(r.user, r.item)));
    }
    return total / static_cast<double>(ratings.size());
}
/// Root of the mean squared error of predictions P for a dense table R where mask is not 0; NaN where it is 0
/// everywhere. What R and P hold elsewhere does not matter. shape_error.
/// @snippet models.cpp factorize
template <MatrixExpr Table, MatrixExpr Mask, MatrixExpr Predicted>
[[nodiscard]] double rmse_on_known(const Table& R, const Mask& mask, const Predicted& P) {
    if (R.rows() != mask.rows() || R.cols() != mask.cols()) {
        throw_shape("rmse_on_known: ratings and mask", R.rows(), R.cols(), "and", mask.rows(), mask.cols());
    }
    if (R.rows() != P.rows() || R.cols() != P.cols()) {
        throw_shape("rmse_on_known: ratings and predictions", R.rows(), R.cols(), "and", P.rows(), P.cols());
    }
    const auto r = eval(R), p = eval(P);
    const auto known = eval(mask);
    double total = 0, count = 0;
    for (index_t i = 0; i < r.rows(); ++i) {
        for (index_t j = 0; j < r.cols(); ++j) {
            if (known(i, j) == 0) continue;
            const double e = static_cast<double>(r(i, j)) - static_cast<double>(p(i, j));
            total += e * e;
            ++count;
        }
    }
    return std::sqrt(total / count);
}

}  // namespace gram::rec::inline GRAM_ISA
