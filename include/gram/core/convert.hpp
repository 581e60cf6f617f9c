/// To and from std::span, std::vector and, where the standard library has it, std::mdspan.
#pragma once

#include <span>
#include <vector>
#if __has_include(<mdspan>)
#include <array>
#include <mdspan>
#endif

#include "gram/core/matrix.hpp"

namespace gram {

/// The elements of a container in the order of its memory. The container must outlive the span.
/// @snippet rearrange.cpp convert
template <class T, index_t R, index_t C, class L>
[[nodiscard]] constexpr std::span<T> as_span(Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return {A.data(), static_cast<std::size_t>(A.size())};
}
template <class T, index_t R, index_t C, class L>
[[nodiscard]] constexpr std::span<const T> as_span(const Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return {A.data(), static_cast<std::size_t>(A.size())};
}
template <class T, index_t R, index_t C, class L>
void as_span(const Matrix<T, R, C, L>&&) = delete;

/// A column over the elements of a span: no copy.
/// @snippet rearrange.cpp convert
template <class T, std::size_t N>
[[nodiscard]] constexpr auto view(std::span<T, N> elements) {
    return view(elements.data(), static_cast<index_t>(elements.size()));
}
/// A row-major matrix over the elements of a span; shape_error unless it holds rows * cols of them.
template <class T, std::size_t N>
[[nodiscard]] constexpr auto view(std::span<T, N> elements, index_t rows, index_t cols) {
    if (rows < 0 || cols < 0 || rows * cols != static_cast<index_t>(elements.size())) {
        throw_shape("view of a span", static_cast<index_t>(elements.size()), 1, "as", rows, cols);
    }
    return view(elements.data(), rows, cols);
}
/// A column over the elements of a vector: no copy. The vector must outlive the view and keep its size.
/// @snippet rearrange.cpp convert
template <class T>
    requires(!std::same_as<T, bool>)
[[nodiscard]] auto view(std::vector<T>& elements GRAM_LIFETIMEBOUND) { return view(std::span<T>(elements)); }
template <class T>
    requires(!std::same_as<T, bool>)
[[nodiscard]] auto view(const std::vector<T>& elements GRAM_LIFETIMEBOUND) {
    return view(std::span<const T>(elements));
}
template <class T>
void view(const std::vector<T>&&) = delete;

/// The elements of any matrix expression in row order.
/// @snippet rearrange.cpp convert
template <MatrixExpr E>
[[nodiscard]] std::vector<value_t<E>> to_std_vector(const E& e) {
    const Matrix<value_t<E>> A(e);
    std::vector<value_t<E>> elements(static_cast<std::size_t>(A.size()));
    for (index_t k = 0; k < A.size(); ++k) elements[static_cast<std::size_t>(k)] = A.data()[k];
    return elements;
}

#if defined(__cpp_lib_mdspan)
/// A named matrix or a view as a std::mdspan with strides: no copy. The elements must outlive it.
/// @snippet rearrange.cpp mdspan
template <class T, index_t R, index_t C>
[[nodiscard]] auto as_mdspan(const MatrixView<T, R, C>& A) {
    using Extents = std::dextents<index_t, 2>;
    using Mapping = std::layout_stride::mapping<Extents>;
    return std::mdspan<T, Extents, std::layout_stride>(
        A.data(), Mapping(Extents(A.rows(), A.cols()), std::array<index_t, 2>{A.row_stride(), A.col_stride()}));
}
template <class T, index_t R, index_t C, class L>
[[nodiscard]] auto as_mdspan(Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return as_mdspan(MatrixView<T, R, C>(A.ref()));
}
template <class T, index_t R, index_t C, class L>
[[nodiscard]] auto as_mdspan(const Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return as_mdspan(MatrixView<const T, R, C>(A.ref()));
}
template <class T, index_t R, index_t C, class L>
void as_mdspan(const Matrix<T, R, C, L>&&) = delete;

/// The elements of a std::mdspan of rank 2 as a matrix, of rank 1 as a column: no copy.
/// @snippet rearrange.cpp mdspan
template <class T, class Extents, class Layout>
    requires(Extents::rank() == 2)
[[nodiscard]] auto view(const std::mdspan<T, Extents, Layout>& a) {
    return view(a.data_handle(), static_cast<index_t>(a.extent(0)), static_cast<index_t>(a.extent(1)),
                static_cast<index_t>(a.stride(0)), static_cast<index_t>(a.stride(1)));
}
template <class T, class Extents, class Layout>
    requires(Extents::rank() == 1)
[[nodiscard]] auto view(const std::mdspan<T, Extents, Layout>& a) {
    return MatrixView<T, dynamic, 1>(
        kernel::MatRef<T>{a.data_handle(), static_cast<index_t>(a.extent(0)), 1, static_cast<index_t>(a.stride(0)), 1});
}
#endif

}  // namespace gram
