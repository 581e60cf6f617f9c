/// Scaled dot-product attention: softmax(Q K^T / sqrt(d)) V.
///
/// Source: Vaswani et al., Attention Is All You Need (2017), eq. 1.
#pragma once

#include <cmath>
#include <limits>

#include "gram/expr/softmax.hpp"
#include "gram/expr/updates.hpp"
#include "gram/nn/activation.hpp"

namespace gram::nn::inline GRAM_ISA {

/// Options of attention.
struct AttentionOptions {
    bool causal = false;  ///< a query sees no key that comes after it; the last query stands at the last key
};

/// The weights softmax(Q K^T / sqrt(d)): m×n, rows sum to 1, 0 where a causal query must not look.
/// Q is m×d, K n×d. shape_error, also when a causal m > n. Cost: 2 m n d flops.
/// @snippet models.cpp attention
template <MatrixExpr Queries, ExprOf<value_t<Queries>> Keys>
[[nodiscard]] Matrix<value_t<Queries>> attention_weights(const Queries& Q, const Keys& K,
                                                         AttentionOptions options = {}) {
    using T = value_t<Queries>;
    if (Q.cols() != K.cols()) {
        throw_shape("attention: queries * transposed keys", Q.rows(), Q.cols(), "*", K.cols(), K.rows());
    }
    const index_t m = Q.rows(), n = K.rows();
    if (options.causal && m > n) throw_shape("attention: causal queries and keys", m, Q.cols(), "and", n, K.cols());
    decltype(auto) q = detail::in_memory(Q);
    decltype(auto) k = detail::in_memory(K);
    Matrix<T> scores = q * transposed(k) * (1 / std::sqrt(static_cast<T>(Q.cols())));
    if (options.causal) {
        for (index_t i = 0; i < m; ++i) {
            for (index_t j = i + n - m + 1; j < n; ++j) scores(i, j) = -std::numeric_limits<T>::infinity();
        }
    }
    return softmax(scores);
}

/// For each query the mean of the values, weighted by how well the query meets their keys: m×v.
/// Q is m×d, K n×d, V n×v. shape_error.
/// @snippet models.cpp attention
template <MatrixExpr Queries, ExprOf<value_t<Queries>> Keys, ExprOf<value_t<Queries>> Values>
[[nodiscard]] Matrix<value_t<Queries>> attention(const Queries& Q, const Keys& K, const Values& V,
                                                 AttentionOptions options = {}) {
    if (K.rows() != V.rows()) throw_shape("attention: keys and values", K.rows(), K.cols(), "and", V.rows(), V.cols());
    decltype(auto) values = detail::in_memory(V);
    return attention_weights(Q, K, options) * values;
}

}  // namespace gram::nn::inline GRAM_ISA
