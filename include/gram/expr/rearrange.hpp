/// Matrices put together from others: reshape, stack, repeat, flip, roll, triangles; iteration over rows and columns.
#pragma once

#include <iterator>
#include <vector>

#include "gram/expr/functions.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

[[noreturn]] inline void refuse_count(const char* name, index_t count) {
    throw std::invalid_argument(std::string(name) + ": " + std::to_string(count) + ", expected a count >= 0");
}
/// Whether m×n, of any numbers, has `size` elements.
constexpr bool has_size(index_t m, index_t n, index_t size) {
    if (m <= 0 || n <= 0) return size == 0 && m >= 0 && n >= 0;
    return size % n == 0 && size / n == m;
}
/// i modulo n in [0, n).
constexpr index_t wrapped(index_t i, index_t n) { return (i % n + n) % n; }

/// The m×n matrix with elements f(i, j).
template <class T, class F>
Matrix<T> filled(index_t m, index_t n, const F& f) {
    Matrix<T> A(m, n, uninitialized);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) A.ref()(i, j) = f(i, j);
    return A;
}
/// An expression evaluated once, as memory.
template <MatrixExpr E>
decltype(auto) in_memory(const E& e) {
    if constexpr (Leaf<E>) {
        return (e);
    } else {
        return Matrix<value_t<E>, rows_v<E>, cols_v<E>>(e);
    }
}

}  // namespace detail

namespace detail {

/// A container whose memory is in row order.
template <class E>
concept RowOrder = Container<E> &&(E::is_row_major || rows_v<E> == 1 || cols_v<E> == 1);

}  // namespace detail

/// The same elements in row order as m×n (NumPy's reshape); shape_error unless the sizes agree. Of a named row-major
/// container it is a view, of anything else a copy.
/// @snippet rearrange.cpp reshape
template <MatrixExpr E>
[[nodiscard]] auto reshape(E&& e, index_t m, index_t n) {
    using T = value_t<E>;
    using U = std::remove_cvref_t<E>;
    if (!detail::has_size(m, n, e.rows() * e.cols())) throw_shape("reshape", e.rows(), e.cols(), "to", m, n);
    if constexpr (detail::RowOrder<U> && std::is_lvalue_reference_v<E>) {
        return view(e.data(), m, n);
    } else {
        Matrix<T> A(m, n, uninitialized);
        MatrixView<T>(kernel::MatRef<T>{A.data(), e.rows(), e.cols(), e.cols(), 1}) = e;
        return A;
    }
}

/// The elements in row order as a column of their own.
/// @snippet rearrange.cpp reshape
template <MatrixExpr E>
[[nodiscard]] Vector<value_t<E>> flatten(const E& e) {
    Vector<value_t<E>> x(e.rows() * e.cols(), uninitialized);
    MatrixView<value_t<E>>(kernel::MatRef<value_t<E>>{x.data(), e.rows(), e.cols(), e.cols(), 1}) = e;
    return x;
}

/// Matrices side by side, or above each other: NumPy's hstack and vstack of matrices. shape_error unless the extents
/// that meet agree.
/// @snippet rearrange.cpp stack
template <MatrixExpr First, MatrixExpr... Rest>
    requires((SameValueType<First, Rest> && extents_agree(rows_v<First>, rows_v<Rest>)) && ...)
[[nodiscard]] Matrix<value_t<First>> hstack(const First& first, const Rest&... rest) {
    const auto require = [&](const auto& e) {
        if (e.rows() != first.rows()) throw_shape("hstack", first.rows(), first.cols(), "beside", e.rows(), e.cols());
    };
    (require(rest), ...);
    Matrix<value_t<First>> A(first.rows(), (first.cols() + ... + rest.cols()), uninitialized);
    index_t done = 0;
    const auto put = [&](const auto& e) {
        A.block(0, done, e.rows(), e.cols()) = e;
        done += e.cols();
    };
    put(first);
    (put(rest), ...);
    return A;
}
template <MatrixExpr First, MatrixExpr... Rest>
    requires((SameValueType<First, Rest> && extents_agree(cols_v<First>, cols_v<Rest>)) && ...)
[[nodiscard]] Matrix<value_t<First>> vstack(const First& first, const Rest&... rest) {
    const auto require = [&](const auto& e) {
        if (e.cols() != first.cols()) throw_shape("vstack", first.rows(), first.cols(), "above", e.rows(), e.cols());
    };
    (require(rest), ...);
    Matrix<value_t<First>> A((first.rows() + ... + rest.rows()), first.cols(), uninitialized);
    index_t done = 0;
    const auto put = [&](const auto& e) {
        A.block(done, 0, e.rows(), e.cols()) = e;
        done += e.rows();
    };
    put(first);
    (put(rest), ...);
    return A;
}

/// The parts of A between the given row (column) indices, each a matrix of its own: NumPy's vsplit and hsplit with
/// indices. std::out_of_range unless 0 <= first <= second ... <= the extent.
/// @snippet rearrange.cpp split
template <MatrixExpr E>
[[nodiscard]] std::vector<Matrix<value_t<E>>> vsplit(const E& e, std::initializer_list<index_t> at) {
    const auto& A = detail::in_memory(e);
    std::vector<Matrix<value_t<E>>> parts;
    index_t done = 0;
    const auto cut = [&](index_t end) {
        core_detail::check_range("vsplit", done, end - done, e.rows());
        parts.emplace_back(A.block(done, 0, end - done, e.cols()));
        done = end;
    };
    for (const index_t end : at) cut(end);
    cut(e.rows());
    return parts;
}
template <MatrixExpr E>
[[nodiscard]] std::vector<Matrix<value_t<E>>> hsplit(const E& e, std::initializer_list<index_t> at) {
    const auto& A = detail::in_memory(e);
    std::vector<Matrix<value_t<E>>> parts;
    index_t done = 0;
    const auto cut = [&](index_t end) {
        core_detail::check_range("hsplit", done, end - done, e.cols());
        parts.emplace_back(A.block(0, done, e.rows(), end - done));
        done = end;
    };
    for (const index_t end : at) cut(end);
    cut(e.cols());
    return parts;
}

/// The matrix repeated m times downwards and n times to the right. std::invalid_argument for negative counts.
/// @snippet rearrange.cpp repeat
template <MatrixExpr E>
[[nodiscard]] Matrix<value_t<E>> tile(const E& e, index_t m, index_t n) {
    if (m < 0 || n < 0) detail::refuse_count("tile", m < 0 ? m : n);
    const auto& A = detail::in_memory(e);
    Matrix<value_t<E>> B(m * e.rows(), n * e.cols(), uninitialized);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) B.block(i * e.rows(), j * e.cols(), e.rows(), e.cols()) = A;
    return B;
}
/// Every row (Axis 0) or column (Axis 1) `count` times in a row. std::invalid_argument for a negative count.
/// @snippet rearrange.cpp repeat
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
[[nodiscard]] Matrix<value_t<E>> repeat(const E& e, index_t count) {
    if (count < 0) detail::refuse_count("repeat", count);
    const auto& A = detail::in_memory(e);
    return detail::filled<value_t<E>>(
        e.rows() * (Axis == 0 ? count : 1), e.cols() * (Axis == 1 ? count : 1),
        [&](index_t i, index_t j) { return Axis == 0 ? A.ref()(i / count, j) : A.ref()(i, j / count); });
}

/// Every element of a vector `count` times in a row.
/// @snippet rearrange.cpp repeat
template <VectorExpr E>
[[nodiscard]] auto repeat(const E& x, index_t count) {
    return std::conditional_t<rows_v<E> == 1, RowVector<value_t<E>>, Vector<value_t<E>>>(
        repeat<rows_v<E> == 1>(x, count));
}

/// Rows (Axis 0) or columns (Axis 1) in opposite order. Of a named container or a view it is a view.
/// @snippet rearrange.cpp flip
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
[[nodiscard]] auto flip(E&& e) {
    using U = std::remove_cvref_t<E>;
    if constexpr (detail::Leaf<U> && (!Container<U> || std::is_lvalue_reference_v<E>)) {
        auto a = e.ref();
        if (a.rows > 0 && a.cols > 0) {
            if (Axis == 0) a.data += (a.rows - 1) * a.row_stride, a.row_stride = -a.row_stride;
            if (Axis == 1) a.data += (a.cols - 1) * a.col_stride, a.col_stride = -a.col_stride;
        }
        return MatrixView<std::remove_reference_t<decltype(*a.data)>, rows_v<E>, cols_v<E>>(a);
    } else {
        const Matrix<value_t<E>, rows_v<E>, cols_v<E>> A(e);
        return Matrix<value_t<E>, rows_v<E>, cols_v<E>>(flip<Axis>(A));
    }
}
/// The elements of a vector in opposite order.
/// @snippet rearrange.cpp flip
template <VectorExpr E>
[[nodiscard]] auto flip(E&& x) {
    return flip<rows_v<E> == 1>(std::forward<E>(x));
}
/// Rows in opposite order, and columns: flip<0> and flip<1>.
/// @snippet rearrange.cpp flip
template <MatrixExpr E>
[[nodiscard]] auto flipud(E&& e) {
    return flip<0>(std::forward<E>(e));
}
template <MatrixExpr E>
[[nodiscard]] auto fliplr(E&& e) {
    return flip<1>(std::forward<E>(e));
}

/// Rows moved down (Axis 0) or columns moved right (Axis 1) by `by`, those that leave entering at the other end.
/// @snippet rearrange.cpp roll
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
[[nodiscard]] Matrix<value_t<E>> roll(const E& e, index_t by) {
    const auto& A = detail::in_memory(e);
    const index_t extent = Axis == 0 ? e.rows() : e.cols();
    const index_t shift = extent == 0 ? 0 : detail::wrapped(-by, extent);
    return detail::filled<value_t<E>>(e.rows(), e.cols(), [&](index_t i, index_t j) {
        return Axis == 0 ? A.ref()((i + shift) % extent, j) : A.ref()(i, (j + shift) % extent);
    });
}

/// The elements of a vector, moved likewise.
/// @snippet rearrange.cpp roll
template <VectorExpr E>
[[nodiscard]] auto roll(const E& x, index_t by) {
    return Matrix<value_t<E>, rows_v<E>, cols_v<E>>(roll<rows_v<E> == 1>(x, by));
}

/// Turned counterclockwise by `quarters` right angles (clockwise where negative), as NumPy's rot90.
/// @snippet rearrange.cpp roll
template <MatrixExpr E>
[[nodiscard]] Matrix<value_t<E>> rot90(const E& e, index_t quarters = 1) {
    const auto& A = detail::in_memory(e);
    const auto a = A.ref();
    switch (detail::wrapped(quarters, 4)) {
        case 0:
            return Matrix<value_t<E>>(A);
        case 1:
            return detail::filled<value_t<E>>(a.cols, a.rows,
                                              [&](index_t i, index_t j) { return a(j, a.cols - 1 - i); });
        case 2:
            return detail::filled<value_t<E>>(a.rows, a.cols,
                                              [&](index_t i, index_t j) { return a(a.rows - 1 - i, a.cols - 1 - j); });
        default:
            return detail::filled<value_t<E>>(a.cols, a.rows,
                                              [&](index_t i, index_t j) { return a(a.rows - 1 - j, i); });
    }
}

/// A with zeros below its k-th diagonal (above it for tril); k > 0 lies above the main diagonal, k < 0 below.
/// @snippet rearrange.cpp triangles
template <MatrixExpr E>
[[nodiscard]] Matrix<value_t<E>> triu(const E& e, index_t k = 0) {
    const auto& A = detail::in_memory(e);
    return detail::filled<value_t<E>>(e.rows(), e.cols(),
                                      [&](index_t i, index_t j) { return j - i >= k ? A.ref()(i, j) : value_t<E>{}; });
}
template <MatrixExpr E>
[[nodiscard]] Matrix<value_t<E>> tril(const E& e, index_t k = 0) {
    const auto& A = detail::in_memory(e);
    return detail::filled<value_t<E>>(e.rows(), e.cols(),
                                      [&](index_t i, index_t j) { return j - i <= k ? A.ref()(i, j) : value_t<E>{}; });
}

namespace detail {

/// Rows (Axis 0) or columns (Axis 1) of a matrix as a range of views.
template <int Axis, class V>
class Lines {
public:
    class iterator {
    public:
        using value_type = decltype(Axis == 0 ? std::declval<const V&>().row(0) : std::declval<const V&>().row(0));
        using difference_type = index_t;
        using iterator_category = std::input_iterator_tag;

        iterator(const V* v, index_t k) : v_(v), k_(k) {}
        auto operator*() const {
            if constexpr (Axis == 0) {
                return v_->row(k_);
            } else {
                return v_->col(k_);
            }
        }
        iterator& operator++() {
            ++k_;
            return *this;
        }
        friend bool operator==(const iterator& a, const iterator& b) { return a.k_ == b.k_; }

    private:
        const V* v_;
        index_t k_;
    };

    explicit Lines(V v) : view_(v) {}
    [[nodiscard]] iterator begin() const { return {&view_, 0}; }
    [[nodiscard]] iterator end() const { return {&view_, Axis == 0 ? view_.rows() : view_.cols()}; }

private:
    V view_;
};

template <class E>
auto view_of(E& e) {
    auto a = e.ref();
    return MatrixView<std::remove_reference_t<decltype(*a.data)>, rows_v<E>, cols_v<E>>(a);
}

}  // namespace detail

/// The rows of a named container or a view, one view after another: `for (auto row : each_row(A)) row = row /
/// sum(row);`.
/// @snippet rearrange.cpp lines
template <MatrixExpr E>
    requires detail::Leaf<E> &&(!Container<E> || std::is_lvalue_reference_v<E>) [[nodiscard]] auto each_row(E&& e) {
        const auto v = detail::view_of(e);
        return detail::Lines<0, std::remove_const_t<decltype(v)>>(v);
    }
    /// The columns, likewise.
    /// @snippet rearrange.cpp lines
    template <MatrixExpr E>
        requires detail::Leaf<E> &&(!Container<E> || std::is_lvalue_reference_v<E>) [[nodiscard]] auto each_col(E&& e) {
            const auto v = detail::view_of(e);
            return detail::Lines<1, std::remove_const_t<decltype(v)>>(v);
        }

}  // namespace gram::inline GRAM_ISA
