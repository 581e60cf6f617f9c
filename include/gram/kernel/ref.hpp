/// Pointers with sizes and strides: the only operands that kernels know.
#pragma once

#include <type_traits>

#include "gram/config.hpp"

namespace gram::kernel {

/// Which triangle of a square matrix is meant; the other is neither read nor written.
enum class Triangle { lower, upper };
/// Whether a triangular matrix has ones on its diagonal that are not stored.
enum class Diagonal { general, unit };

/// The triangle that holds the same elements once the matrix is transposed.
constexpr Triangle flipped(Triangle t) { return t == Triangle::lower ? Triangle::upper : Triangle::lower; }

namespace detail {
/// p + n, and null if p is: parts of what is empty begin nowhere.
template <class T>
constexpr T* moved(T* p, index_t n) {
    return p == nullptr ? p : p + n;
}
}  // namespace detail

/// A vector in memory: element i is `data[i * stride]`.
template <class T>
struct VecRef {
    T* data = nullptr;
    index_t size = 0;
    index_t stride = 1;

    constexpr T& operator[](index_t i) const { return data[i * stride]; }
    /// Elements [first, first + count).
    [[nodiscard]] constexpr VecRef segment(index_t first, index_t count) const {
        return {detail::moved(data, first * stride), count, stride};
    }
    constexpr operator VecRef<const T>() const requires(!std::is_const_v<T>) { return {data, size, stride}; }
};

/// A matrix in memory: element (i, j) is `data[i * row_stride + j * col_stride]`. Strides may be any integers. A
/// transposed matrix is the same memory with extents and strides exchanged.
template <class T>
struct MatRef {
    T* data = nullptr;
    index_t rows = 0;
    index_t cols = 0;
    index_t row_stride = 0;
    index_t col_stride = 1;

    constexpr T& operator()(index_t i, index_t j) const { return data[i * row_stride + j * col_stride]; }
    [[nodiscard]] constexpr MatRef transposed() const { return {data, cols, rows, col_stride, row_stride}; }
    /// The m×n block whose first element is (i, j).
    [[nodiscard]] constexpr MatRef block(index_t i, index_t j, index_t m, index_t n) const {
        return {detail::moved(data, i * row_stride + j * col_stride), m, n, row_stride, col_stride};
    }
    [[nodiscard]] constexpr VecRef<T> row(index_t i) const {
        return {detail::moved(data, i * row_stride), cols, col_stride};
    }
    [[nodiscard]] constexpr VecRef<T> col(index_t j) const {
        return {detail::moved(data, j * col_stride), rows, row_stride};
    }
    [[nodiscard]] constexpr VecRef<T> diagonal() const {
        return {data, rows < cols ? rows : cols, row_stride + col_stride};
    }
    constexpr operator MatRef<const T>() const requires(!std::is_const_v<T>) {
        return {data, rows, cols, row_stride, col_stride};
    }
};

}  // namespace gram::kernel
