/// The textbook's recommender: R ~ mu + U V^T on the known entries alone, by gradient descent on all of them at once.
///   E = mask o (R - mu - U V^T),   U <- U + rate (E V - reg U),   V <- V + rate (E^T U - reg V),
/// both from the same U and V. It descends  1/2 |E|^2 + reg/2 (|U|^2 + |V|^2).
///
/// Source: Koren, Bell & Volinsky, Matrix Factorization Techniques for Recommender Systems, Computer 42 (2009).
#pragma once

#include <cmath>

#include "gram/expr/make.hpp"
#include "gram/expr/reductions.hpp"
#include "gram/expr/updates.hpp"
#include "gram/linalg/check.hpp"
#include "gram/rec/progress.hpp"

namespace gram::rec {

/// Options of matrix_factorize.
struct FactorizeOptions {
    index_t rank = 2;
    double learning_rate = 0.01;
    double regularization = 0.1;
    index_t steps = 6000;
};

inline namespace GRAM_ISA {

/// Factors of a dense table: a rating is mean + users.row(i) . items.row(j).
template <class T>
struct MatrixFactors {
    T mean{};
    Matrix<T> users;  ///< users×rank
    Matrix<T> items;  ///< items×rank

    /// The whole table: users×items.
    [[nodiscard]] Matrix<T> predict() const { return users * items.T() + mean; }
    /// One entry. std::out_of_range.
    [[nodiscard]] T predict(index_t user, index_t item) const {
        T sum = mean;
        for (index_t f = 0; f < users.cols(); ++f) sum += users.at(user, f) * items.at(item, f);
        return sum;
    }
    friend bool operator==(const MatrixFactors&, const MatrixFactors&) = default;
};

/// 1 where a rating is known, 0 where the table holds 0 or NaN.
/// @snippet models.cpp factorize
template <MatrixExpr E>
[[nodiscard]] Matrix<value_t<E>> observed(const E& R) {
    using T = value_t<E>;
    const Matrix<T> table(R);
    return map([](T r) { return r == T{0} || r != r ? T{0} : T{1}; }, table);
}

namespace detail {

/// The table with 0 where it is not known, so that what stands there (a NaN, even) is never touched.
/// Errors: shape_error; std::invalid_argument unless the mask holds 0 and 1 alone, at least one 1; non_finite for a
/// known rating that is not finite.
template <class T>
Matrix<T> known_part(const char* name, const Matrix<T>& R, const Matrix<T>& mask) {
    if (R.rows() != mask.rows() || R.cols() != mask.cols()) {
        throw_shape((std::string(name) + ": ratings and mask").c_str(), R.rows(), R.cols(), "and", mask.rows(),
                    mask.cols());
    }
    Matrix<T> known(R.rows(), R.cols());
    bool any_known = false;
    for (index_t i = 0; i < R.rows(); ++i) {
        for (index_t j = 0; j < R.cols(); ++j) {
            const auto at = [&] { return " at (" + std::to_string(i) + ", " + std::to_string(j) + ")"; };
            if (mask(i, j) != T{0} && mask(i, j) != T{1}) {
                throw std::invalid_argument(std::string(name) + ": the mask is neither 0 nor 1" + at());
            }
            if (mask(i, j) == T{0}) continue;
            if (!linalg::detail::is_finite(R(i, j))) {
                throw non_finite(std::string(name) + ": the known rating is not finite" + at());
            }
            known(i, j) = R(i, j);
            any_known = true;
        }
    }
    if (!any_known) throw std::invalid_argument(std::string(name) + ": no rating is known");
    return known;
}

}  // namespace detail

/// Fits R where mask is 1. The first U and V are normal numbers of deviation 0.1; the same seed gives the same bits.
/// The callback is told an `Epoch` (the loss is |E| / sqrt(known), the root mean squared error before the step) and
/// ends the descent by returning false.
/// Cost: 6 users × items × rank flops a step.
/// Errors: shape_error; std::invalid_argument for options, a mask other than 0 and 1, or nothing known; non_finite for
/// a known rating that is not, and when the descent diverges (the rate is too large).
/// @snippet models.cpp factorize
template <MatrixExpr E, MatrixExpr M, class Callback = Silent>
[[nodiscard]] MatrixFactors<value_t<E>> matrix_factorize(const E& ratings, const M& mask,
                                                         const FactorizeOptions& options, Rng& rng,
                                                         Callback callback = {}) {
    using T = value_t<E>;
    const Matrix<T> known_mask(mask), R = detail::known_part("matrix_factorize", Matrix<T>(ratings), known_mask);
    if (options.rank < 1 || options.steps < 0 || !(options.learning_rate > 0) || !(options.regularization >= 0)) {
        throw std::invalid_argument(
            "matrix_factorize: expected rank >= 1, steps >= 0, a rate > 0, no negative penalty");
    }
    const T known = sum(known_mask), mu = sum(R) / known;
    const T rate = static_cast<T>(options.learning_rate);
    const T keep = T{1} - rate * static_cast<T>(options.regularization);
    Matrix<T> U = randn<T>(rng, R.rows(), options.rank) * 0.1, V = randn<T>(rng, R.cols(), options.rank) * 0.1;
    Matrix<T> error(R.rows(), R.cols()), old_U;
    for (index_t step = 0; step < options.steps; ++step) {
        error = hadamard(known_mask, R - mu - U * V.T());
        const double rmse = std::sqrt(static_cast<double>(sum(square(error)) / known));
        if (!linalg::detail::is_finite(rmse)) {
            throw non_finite("matrix_factorize: the descent diverges at step " + std::to_string(step) +
                             "; a smaller learning rate may help");
        }
        if (!detail::goes_on(callback, Epoch{step, rmse})) break;
        old_U = U;
        U = keep * U + rate * (error * V);
        V = keep * V + rate * (error.T() * old_U);
    }
    return {mu, std::move(U), std::move(V)};
}

}  // namespace GRAM_ISA
}  // namespace gram::rec
