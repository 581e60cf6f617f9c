/// Correlated normal numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "gram/expr/make.hpp"
#include "gram/expr/operators.hpp"
#include "gram/linalg/eigh.hpp"

namespace gram::inline GRAM_ISA {

/// n samples, one in each row, of the d-dimensional normal law N(mean, covariance): the n×d matrix
/// mean + N diag(sqrt(w)) V^T for independent standard normal N and covariance = V diag(w) V^T, which may be singular.
///
/// The same seed gives the same samples on the same instruction set; across machines they agree up to rounding, and up
/// to the sign of eigenvectors. Cost: one eigh of d×d and 2 n d^2 flops.
/// Errors: shape_error unless mean has d elements (a row or a column), covariance is d×d and n >= 0; non_finite;
/// std::invalid_argument if covariance is not symmetric to sqrt(eps) of its largest element; not_positive_definite if
/// an eigenvalue is below -10 d eps times the largest in magnitude.
/// @snippet random.cpp multivariate_normal
template <VectorExpr M, linalg::RealExpr C>
    requires SameValueType<M, C>
[[nodiscard]] Matrix<value_t<C>> multivariate_normal(Rng& rng, const M& mean, const C& covariance, index_t n) {
    using T = value_t<C>;
    const index_t d = mean.rows() * mean.cols();
    if (covariance.rows() != d || covariance.cols() != d || n < 0) {
        throw shape_error("multivariate_normal: " + std::to_string(n) + " samples with a mean of " + std::to_string(d) +
                          " and a covariance of " + shape_text(covariance.rows(), covariance.cols()));
    }
    RowVector<T> center(d);
    for (index_t j = 0; j < d; ++j) center[j] = cols_v<M> == 1 ? mean(j, 0) : mean(0, j);
    linalg::detail::require_finite(kernel::MatRef<const T>(std::as_const(center).ref()), "multivariate_normal (mean)");
    const Matrix<T> S(covariance);
    auto [values, vectors] = eigh(S);  // refuses what is not finite

    T largest{};
    for (const T x : S) largest = std::max(largest, std::abs(x));
    constexpr T eps = std::numeric_limits<T>::epsilon();
    for (index_t i = 0; i < d; ++i) {
        for (index_t j = 0; j < i; ++j) {
            if (std::abs(S(i, j) - S(j, i)) > std::sqrt(eps) * largest) {
                throw std::invalid_argument("multivariate_normal: the covariance is not symmetric at (" +
                                            std::to_string(i) + ", " + std::to_string(j) + ")");
            }
        }
    }
    const T top = d == 0 ? T{} : std::max(std::abs(values[0]), std::abs(values[d - 1]));
    if (d > 0 && values[0] < -static_cast<T>(d) * eps * top * 10) {
        throw not_positive_definite("multivariate_normal: the covariance has a negative eigenvalue");
    }
    for (index_t j = 0; j < d; ++j) vectors.col(j) = vectors.col(j) * std::sqrt(std::max(values[j], T{}));
    const Matrix<T> N = randn<T>(rng, n, d);
    return Matrix<T>(N * vectors.T() + center);
}

}  // namespace gram::inline GRAM_ISA
