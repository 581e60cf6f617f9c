/// Non-owning windows on elements that live elsewhere.
#pragma once

#include <stdexcept>
#include <string>

#include "gram/core/error.hpp"
#include "gram/core/types.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/arch.hpp"

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

/// A view that can be written with the elements of E: not read-only, elements of the same type, shapes that may agree.
template <class V, class E>
concept WritableFrom = V::is_writable && SameValueType<V, E> && SameExtents<V, E>;

/// A window on memory with any strides; trivially cheap to copy; assigning to it writes through.
///
/// `MatrixView<const Value>` is read-only. Constness is that of the elements, not of the view. The memory must outlive
/// the view: views of temporaries do not compile.
template <class Value, index_t Rows, index_t Cols>
class MatrixView {
public:
    using value_type = std::remove_const_t<Value>;
    static constexpr index_t static_rows = Rows;
    static constexpr index_t static_cols = Cols;
    static constexpr bool is_vector = Rows == 1 || Cols == 1;
    static constexpr bool is_writable = !std::is_const_v<Value>;

    constexpr explicit MatrixView(kernel::MatRef<Value> ref) : ref_(ref) {
        if (!extents_agree(Rows, ref.rows) || !extents_agree(Cols, ref.cols)) {
            throw_shape("view", Rows == dynamic ? ref.rows : Rows, Cols == dynamic ? ref.cols : Cols, "of", ref.rows,
                        ref.cols);
        }
    }
    constexpr MatrixView(const MatrixView&) = default;
    constexpr operator MatrixView<const Value, Rows, Cols>() const requires(!std::is_const_v<Value>) {
        return MatrixView<const Value, Rows, Cols>(ref_);
    }

    /// Writes the elements of an expression of the same shape through the view; overlap is handled.
    template <MatrixExpr E, class Isa = simd::native_arch>
        requires WritableFrom<MatrixView, E>
    const MatrixView& operator=(const E& e) const {
        assign_view<Isa>(*this, e);
        return *this;
    }
    // Inlined everywhere: its symbol could not tell one instruction set from another.
    GRAM_INLINE const MatrixView& operator=(const MatrixView& other) const requires is_writable {
        assign_view<simd::native_arch>(*this, other);
        return *this;
    }
    /// Every element becomes `value`.
    template <class Isa = simd::native_arch>
        requires(is_writable)
    const MatrixView& operator=(value_type value) const {
        for (index_t i = 0; i < rows(); ++i)
            for (index_t j = 0; j < cols(); ++j) ref_(i, j) = value;
        return *this;
    }

    [[nodiscard]] constexpr index_t rows() const { return Rows == dynamic ? ref_.rows : Rows; }
    [[nodiscard]] constexpr index_t cols() const { return Cols == dynamic ? ref_.cols : Cols; }
    [[nodiscard]] constexpr index_t size() const { return rows() * cols(); }
    [[nodiscard]] constexpr bool empty() const { return size() == 0; }
    [[nodiscard]] constexpr index_t row_stride() const { return ref_.row_stride; }
    [[nodiscard]] constexpr index_t col_stride() const { return ref_.col_stride; }
    [[nodiscard]] constexpr Value* data() const { return ref_.data; }
    [[nodiscard]] constexpr kernel::MatRef<Value> ref() const { return ref_; }
    [[nodiscard]] constexpr kernel::VecRef<Value> vec() const requires is_vector {
        return core_detail::vec_of<Rows>(ref_);
    }

    template <bool Checked = GRAM_CHECKED>
    constexpr Value& operator()(index_t i, index_t j) const {
        if constexpr (Checked) core_detail::check_index(i, j, rows(), cols());
        return ref_(i, j);
    }
    template <bool Checked = GRAM_CHECKED>
    constexpr Value& operator[](index_t i) const requires is_vector {
        if constexpr (Checked) core_detail::check_range("element", i, 1, size());
        return vec()[i];
    }
    /// As (i, j), always checked: std::out_of_range.
    constexpr Value& at(index_t i, index_t j) const { return (*this).template operator()<true>(i, j); }
    constexpr Value& at(index_t i) const requires is_vector { return (*this).template operator[]<true>(i); }

    [[nodiscard]] constexpr auto T() const { return core_detail::transposed_view<Value, Rows, Cols>(ref_); }
    /// The conjugate transpose: T() of a real view, of a complex one a lazy expression (see adjoint).
    template <class Self = MatrixView>
    [[nodiscard]] constexpr auto H() const {
        return adjoint(static_cast<const Self&>(*this));
    }
    [[nodiscard]] constexpr auto row(index_t i) const { return core_detail::row_view<Value, Cols>(ref_, i); }
    [[nodiscard]] constexpr auto col(index_t j) const { return core_detail::col_view<Value, Rows>(ref_, j); }
    [[nodiscard]] constexpr auto block(index_t i, index_t j, index_t m, index_t n) const {
        return core_detail::block_view<Value>(ref_, i, j, m, n);
    }
    [[nodiscard]] constexpr auto segment(index_t first, index_t count) const requires is_vector {
        return core_detail::segment_view<Value, Rows>(ref_, first, count);
    }
    [[nodiscard]] constexpr auto diagonal() const {
        return core_detail::diagonal_view<Value, core_detail::smaller_static(Rows, Cols)>(ref_);
    }

private:
    kernel::MatRef<Value> ref_;
};

template <class T, index_t R, index_t C>
inline constexpr bool enable_matrix_expr<MatrixView<T, R, C>> = true;

/// A matrix over foreign memory: element (i, j) is `data[i * row_stride + j * col_stride]`. `view(data, m, n)` is
/// row-major without gaps. The memory must outlive the view.
template <class T>
constexpr MatrixView<T> view(T* data, index_t rows, index_t cols, index_t row_stride, index_t col_stride) {
    if (rows < 0 || cols < 0) throw_shape("view", rows, cols, "of", 0, 0);
    return MatrixView<T>(kernel::MatRef<T>{data, rows, cols, row_stride, col_stride});
}
template <class T>
constexpr MatrixView<T> view(T* data, index_t rows, index_t cols) {
    return view(data, rows, cols, cols, 1);
}
/// A column over foreign memory.
template <class T>
constexpr MatrixView<T, dynamic, 1> view(T* data, index_t size) {
    return MatrixView<T, dynamic, 1>(kernel::MatRef<T>{data, size, 1, 1, 1});
}

}  // namespace gram
