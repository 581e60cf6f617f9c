/// What a matrix expression is, and the tags that containers take.
#pragma once

#include <complex>
#include <concepts>
#include <type_traits>
#include <utility>

#include "gram/config.hpp"

namespace gram {

/// Rows are contiguous (the default, as in NumPy and C).
struct row_major {};
/// Columns are contiguous (as in LAPACK and Fortran).
struct col_major {};

/// `Matrix<T>(m, n, uninitialized)`: memory whose every element the caller is about to write.
struct uninitialized_t {};
inline constexpr uninitialized_t uninitialized{};

/// True for std::complex<R>.
template <class T>
inline constexpr bool is_complex_v = false;
template <class T>
inline constexpr bool is_complex_v<std::complex<T>> = true;

/// True for a number that is stored and converted, but not computed with: bfloat16.
template <class T>
inline constexpr bool is_storage_v = false;

/// What a matrix may hold: an arithmetic type, a complex number, or a storage type.
template <class T>
concept Scalar = std::is_arithmetic_v<T> || is_complex_v<T> || is_storage_v<T>;  // a number: float, double, int

/// The type of |x|: T for a real T, R for std::complex<R>.
template <class T>
struct real_of {
    using type = T;
};
template <class T>
struct real_of<std::complex<T>> {
    using type = T;
};
template <class T>
using real_t = typename real_of<T>::type;

/// The author of a type opts in by specializing this (as std::ranges::enable_view), so that gram's operators never
/// capture a foreign type by accident.
template <class E>
inline constexpr bool enable_matrix_expr = false;
/// Containers own their elements; everything else that is an expression is a cheap value (a view or a node).
template <class E>
inline constexpr bool enable_container = false;

/// The element type of an expression.
template <class E>
using value_t = typename std::remove_cvref_t<E>::value_type;
/// Its extents as far as its type knows them, else `dynamic`.
template <class E>
inline constexpr index_t rows_v = std::remove_cvref_t<E>::static_rows;
template <class E>
inline constexpr index_t cols_v = std::remove_cvref_t<E>::static_cols;

/// Anything with extents and elements: a container, a view, or a node that describes work not yet done.
/// Semantics: `e(i, j)` for 0 <= i < e.rows(), 0 <= j < e.cols() yields a value and changes nothing.
template <class E>
concept MatrixExpr = enable_matrix_expr<std::remove_cvref_t<E>> &&
    requires(const std::remove_cvref_t<E>& e, index_t i) {
    typename value_t<E>;
    { e.rows() } -> std::convertible_to<index_t>;
    { e.cols() } -> std::convertible_to<index_t>;
    e(i, i);
};

/// Owns its elements: Matrix, Vector, RowVector.
template <class E>
concept Container = MatrixExpr<E> && enable_container<std::remove_cvref_t<E>>;

/// One extent is 1 in the type.
template <class E>
concept VectorExpr = MatrixExpr<E> &&(rows_v<E> == 1 || cols_v<E> == 1);

/// Extents that no size known at compile time contradicts.
constexpr bool extents_agree(index_t a, index_t b) { return a == dynamic || b == dynamic || a == b; }
constexpr bool lengths_agree(index_t m, index_t n, index_t p, index_t q) {
    return m == dynamic || n == dynamic || p == dynamic || q == dynamic || m * n == p * q;
}

// Compilers show the line of a condition that does not hold: the comment behind it says what to write instead.

/// Same element type: mixing precisions is written out with `cast<T>(A)`.
template <class A, class B>
concept SameValueType = std::is_same_v<value_t<A>, value_t<B>>;  // convert one of them: cast<T>(A)

/// Shapes that may be equal.
template <class A, class B>
concept SameExtents = extents_agree(rows_v<A>, rows_v<B>) && extents_agree(cols_v<A>, cols_v<B>);

/// Vectors that may be of one length, whichever way they lie.
template <class A, class B>
concept SameLength = lengths_agree(rows_v<A>, cols_v<A>, rows_v<B>, cols_v<B>);

}  // namespace gram
