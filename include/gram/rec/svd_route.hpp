/// The short way through the singular value decomposition: fill what is not known with the mean of its column (item),
/// then keep the k largest singular values: R ~ U_k diag(s_k) V_k^T, the best approximation of the filled table of rank
/// k (Eckart & Young 1936).
///
/// Source: Sarwar, Karypis, Konstan & Riedl, Application of Dimensionality Reduction in Recommender System (2000).
#pragma once

#include "gram/expr/updates.hpp"
#include "gram/linalg/svd.hpp"
#include "gram/rec/matrix_factorize.hpp"

namespace gram::rec::inline GRAM_ISA {

/// The filled table and its factors: a rating is users.row(i) . items.row(j).
template <class T>
struct SvdFactors {
    Matrix<T> filled;
    Matrix<T> users;  ///< U_k diag(s_k): users×k
    Matrix<T> items;  ///< V_k: items×k

    /// The whole table: users×items.
    [[nodiscard]] Matrix<T> predict() const { return users * items.T(); }
    /// One entry. std::out_of_range.
    [[nodiscard]] T predict(index_t user, index_t item) const {
        T sum{};
        for (index_t f = 0; f < users.cols(); ++f) sum += users.at(user, f) * items.at(item, f);
        return sum;
    }
    friend bool operator==(const SvdFactors&, const SvdFactors&) = default;
};

/// The table with the mean of the known entries of its column where mask is 0; the mean of all where a column has none.
/// Errors: as matrix_factorize.
/// @snippet models.cpp svd_route
template <MatrixExpr E, MatrixExpr M>
[[nodiscard]] Matrix<value_t<E>> fill_with_column_means(const E& ratings, const M& mask) {
    using T = value_t<E>;
    const Matrix<T> known(mask);
    Matrix<T> R = detail::known_part("fill_with_column_means", Matrix<T>(ratings), known);
    const T mean = sum(R) / sum(known);
    const RowVector<T> sums = sum<0>(R), counts = sum<0>(known);
    for (index_t j = 0; j < R.cols(); ++j) {
        const T fill = counts[j] > T{0} ? sums[j] / counts[j] : mean;
        for (index_t i = 0; i < R.rows(); ++i) {
            if (known(i, j) == T{0}) R(i, j) = fill;
        }
    }
    return R;
}

/// Fills with column means and keeps min(rank, rows, columns) singular values. Cost: one thin SVD.
/// Errors: shape_error; std::invalid_argument for rank < 1, a mask other than 0 and 1, or nothing known; non_finite.
/// @snippet models.cpp svd_route
template <MatrixExpr E, MatrixExpr M>
[[nodiscard]] SvdFactors<value_t<E>> svd_route(const E& ratings, const M& mask, index_t rank) {
    using T = value_t<E>;
    if (rank < 1) throw std::invalid_argument("svd_route: rank = " + std::to_string(rank) + ", expected rank >= 1");
    Matrix<T> filled = fill_with_column_means(ratings, mask);
    const Svd<T> d = svd(filled);
    const index_t k = std::min(rank, d.s.size());
    Matrix<T> users = d.U.block(0, 0, d.U.rows(), k), items = d.Vt.block(0, 0, k, d.Vt.cols()).T();
    users = hadamard(users, d.s.segment(0, k).T());
    return {std::move(filled), std::move(users), std::move(items)};
}

}  // namespace gram::rec::inline GRAM_ISA
