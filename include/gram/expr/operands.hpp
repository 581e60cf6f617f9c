/// What may stand on either side of an operator, and the nodes that operators build.
#pragma once

#include "gram/expr/assign.hpp"
#include "gram/expr/functors.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// An operand that is not a named container: a view, a node, or a temporary container.
template <class E>
concept Passing = MatrixExpr<E> && !(Container<E> && std::is_lvalue_reference_v<E>);

template <class F, class E>
auto make_map(F f, E&& e) {
    auto inner = capture(std::forward<E>(e));
    return Map<F, decltype(inner)>(std::move(f), std::move(inner));
}
template <class F, class L, class R>
auto make_zip(F f, L&& l, R&& r) {
    static_assert(NotColumnAndRow<L, R>,
                  "a column and a row do not combine element by element: use outer(), or broadcast(x, m, n)");
    auto left = capture(std::forward<L>(l));
    auto right = capture(std::forward<R>(r));
    return Zip<F, decltype(left), decltype(right)>(std::move(f), std::move(left), std::move(right));
}
/// Diagonal matrices, also scaled ones: their elements as a column or a row.
template <class E>
inline constexpr bool is_diagonal_factor = is_diagonal<E>;
template <class F, class E>
    requires requires(const F& f) { f.scale(); }
inline constexpr bool is_diagonal_factor<Map<F, E>> = is_diagonal<E>;

template <bool Column, class E>
auto diagonal_line(DiagonalOf<E>&& D) {
    return line_of<Column>(std::move(D).elements());
}
template <bool Column, class F, class E>
auto diagonal_line(Map<F, DiagonalOf<E>>&& D) {
    auto line = diagonal_line<Column>(std::move(D).operand());
    return Map<F, decltype(line)>(D.function(), std::move(line));
}

/// The product of captured operands. That with a diagonal matrix is the other operand, its rows or columns scaled.
template <class L, class R>
auto product_of(L l, R r) {
    constexpr index_t inner = stretched(cols_v<L>, rows_v<R>);
    if (l.cols() != r.rows()) throw_shape("matrix product", l.rows(), l.cols(), "*", r.rows(), r.cols());
    if constexpr (is_diagonal_factor<L> && (rows_v<R> != 1 || inner == 1) && !is_diagonal_factor<R>) {
        auto d = diagonal_line<true>(std::move(l));
        return Zip<TimesRows, decltype(d), R>({}, std::move(d), std::move(r));
    } else if constexpr (is_diagonal_factor<R> && (cols_v<L> != 1 || inner == 1)) {
        auto d = diagonal_line<false>(std::move(r));
        return Zip<TimesColumns, L, decltype(d)>({}, std::move(l), std::move(d));
    } else {
        return Product<L, R>(std::move(l), std::move(r));
    }
}
template <class L, class R>
auto make_product(L&& l, R&& r) {
    return product_of(capture(std::forward<L>(l)), capture(std::forward<R>(r)));
}

/// Element types agree (`cast<T>(A)` converts) and so do shapes, an extent of 1 in a type being stretched.
template <class L, class R>
concept Elementwise = MatrixExpr<L> && MatrixExpr<R> && SameValueType<L, R> && compatible(rows_v<L>, rows_v<R>) &&
    compatible(cols_v<L>, cols_v<R>);
/// Element types agree and the inner extents may be equal.
template <class L, class R>
concept Multipliable = MatrixExpr<L> && MatrixExpr<R> && SameValueType<L, R> && extents_agree(cols_v<L>, rows_v<R>);
/// A number that joins a matrix of T: no fraction is dropped silently into an integer.
template <class S, class T>
concept ScalarFor = (std::is_arithmetic_v<S> && (!std::is_integral_v<T> || std::is_integral_v<S>)) ||
                    (is_complex_v<T> && std::is_same_v<S, T>);  // else convert the matrix first: cast<T>(A)

/// Elements that are smaller or larger than others.
template <class E>
concept Ordered = MatrixExpr<E> && std::is_arithmetic_v<value_t<E>>;  // of complex numbers: abs(A), real(A), imag(A)
template <class L, class R>
concept Comparable = Elementwise<L, R> && Ordered<L>;

template <class T, class S>
constexpr T to_scalar(S s) {
    if constexpr (is_complex_v<T> && !is_complex_v<S>) {
        return T(static_cast<real_t<T>>(s));
    } else {
        return static_cast<T>(s);
    }
}

}  // namespace detail

}  // namespace gram::inline GRAM_ISA
