/// How views are cut out of a matrix in memory: bounds first, then pointer, extents and strides.
#pragma once

#include <stdexcept>
#include <string>

#include "gram/core/error.hpp"
#include "gram/core/types.hpp"
#include "gram/kernel/ref.hpp"

namespace gram {

template <class T, index_t Rows = dynamic, index_t Cols = dynamic>
class MatrixView;

namespace core_detail {

[[noreturn]] inline void throw_index(index_t i, index_t j, index_t rows, index_t cols) {
    throw std::out_of_range("element (" + std::to_string(i) + ", " + std::to_string(j) + ") of a " +
                            shape_text(rows, cols) + " matrix");
}
constexpr void check_index(index_t i, index_t j, index_t rows, index_t cols) {
    if (i < 0 || i >= rows || j < 0 || j >= cols) throw_index(i, j, rows, cols);
}
[[noreturn]] inline void throw_range(const char* what, index_t first, index_t count, index_t size) {
    // In unsigned arithmetic: whoever asks for too much may ask for more than an index can say.
    const auto end = static_cast<index_t>(static_cast<std::size_t>(first) + static_cast<std::size_t>(count));
    throw std::out_of_range(std::string(what) + ": [" + std::to_string(first) + ", " + std::to_string(end) + ") of " +
                            std::to_string(size));
}
/// Throws std::out_of_range unless [first, first + count) lies in [0, size).
constexpr void check_range(const char* what, index_t first, index_t count, index_t size) {
    if (first < 0 || count < 0 || first > size - count) throw_range(what, first, count, size);
}
constexpr index_t smaller_static(index_t a, index_t b) {
    return a == dynamic || b == dynamic ? dynamic : (a < b ? a : b);
}

/// The views that containers and views offer; `a` has data, extents and strides.
///
/// An empty window starts where its matrix does: there may be no memory to step over.
template <class T>
constexpr kernel::MatRef<T> window(kernel::MatRef<T> a, index_t i, index_t j, index_t m, index_t n) {
    return m == 0 || n == 0 ? kernel::MatRef<T>{a.data, m, n, a.row_stride, a.col_stride} : a.block(i, j, m, n);
}
template <class T, index_t R, index_t C>
constexpr MatrixView<T, C, R> transposed_view(kernel::MatRef<T> a) {
    return MatrixView<T, C, R>(a.transposed());
}
template <class T, index_t C>
constexpr MatrixView<T, 1, C> row_view(kernel::MatRef<T> a, index_t i) {
    check_range("row", i, 1, a.rows);
    return MatrixView<T, 1, C>(window(a, i, 0, 1, a.cols));
}
template <class T, index_t R>
constexpr MatrixView<T, R, 1> col_view(kernel::MatRef<T> a, index_t j) {
    check_range("col", j, 1, a.cols);
    return MatrixView<T, R, 1>(window(a, 0, j, a.rows, 1));
}
template <class T>
constexpr MatrixView<T> block_view(kernel::MatRef<T> a, index_t i, index_t j, index_t m, index_t n) {
    check_range("block rows", i, m, a.rows);
    check_range("block cols", j, n, a.cols);
    return MatrixView<T>(window(a, i, j, m, n));
}
template <class T, index_t N>
constexpr MatrixView<T, N, 1> diagonal_view(kernel::MatRef<T> a) {
    const auto d = a.diagonal();
    return MatrixView<T, N, 1>(kernel::MatRef<T>{d.data, d.size, 1, d.stride, 1});
}
/// The elements (i, i + k): the k-th diagonal above the main one, or below it for k < 0.
template <class T>
constexpr MatrixView<T, dynamic, 1> shifted_diagonal_view(kernel::MatRef<T> a, index_t k) {
    if (k < -a.rows || k > a.cols) {
        throw std::out_of_range("diagonal " + std::to_string(k) + " of a " + shape_text(a.rows, a.cols) + " matrix");
    }
    const index_t i = k < 0 ? -k : 0, j = k < 0 ? 0 : k;
    return diagonal_view<T, dynamic>(window(a, i, j, a.rows - i, a.cols - j));
}
/// Elements [first, first + count) of a row (R == 1) or a column.
template <class T, index_t R>
constexpr auto segment_view(kernel::MatRef<T> a, index_t first, index_t count) {
    check_range("segment", first, count, a.rows * a.cols);
    if constexpr (R == 1) {
        return MatrixView<T, 1, dynamic>(window(a, 0, first, 1, count));
    } else {
        return MatrixView<T, dynamic, 1>(window(a, first, 0, count, 1));
    }
}
/// A row or a column as pointer, size and stride.
template <index_t R, class T>
constexpr kernel::VecRef<T> vec_of(kernel::MatRef<T> a) {
    if constexpr (R == 1) {
        return {a.data, a.cols, a.col_stride};
    } else {
        return {a.data, a.rows, a.row_stride};
    }
}

}  // namespace core_detail

}  // namespace gram
