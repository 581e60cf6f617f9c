/// What products and solves with special forms share: the check of shapes, operands in memory, the type of the result.
#pragma once

#include <type_traits>

#include "gram/expr/rearrange.hpp"
#include "gram/expr/updates.hpp"
#include "gram/linalg/solve.hpp"

namespace gram::inline GRAM_ISA {

namespace detail {

inline void require_product(const char* name, index_t m, index_t n, index_t p, index_t q) {
    if (n != p) throw_shape(name, m, n, "*", p, q);
}
/// What a product or a solve with a right-hand side B returns.
template <class B>
using result_for = std::conditional_t<cols_v<B> == 1, Vector<value_t<B>>, Matrix<value_t<B>>>;
/// An operand that is borrowed for one statement.
template <MatrixExpr B>
[[nodiscard]] auto borrowed(const B& b) {
    if constexpr (Container<B>) {
        return Borrowed<B>(b);
    } else {
        return EvaluatedOnce<B>(b);
    }
}
/// d(0) d(1) ... d(n - 1), without leaving the range on the way.
template <class T, class F>
[[nodiscard]] T product_of(index_t n, const F& d) {
    if constexpr (std::floating_point<real_t<T>>) {
        linalg::detail::WideProduct<T> product;
        for (index_t i = 0; i < n; ++i) product.multiply(d(i));
        return product.value();
    } else {
        T product(1);
        for (index_t i = 0; i < n; ++i) product *= d(i);
        return product;
    }
}

}  // namespace detail

}  // namespace gram::inline GRAM_ISA
