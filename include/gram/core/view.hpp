/// Non-owning windows on elements that live elsewhere.
#pragma once

#include <compare>
#include <iterator>
#include <span>

#include "gram/core/range.hpp"
#include "gram/core/window.hpp"
#include "gram/simd/arch.hpp"

namespace gram {

/// A view that can be written with the elements of E: not read-only, elements of the same type, shapes that may agree.
template <class V, class E>
concept WritableFrom = V::is_writable && SameValueType<V, E> && SameExtents<V, E>;

namespace core_detail {

/// The elements of a view in row order, as a random-access iterator: std::sort and the others take it.
template <class T>
class ElementIterator {
public:
    using value_type = std::remove_const_t<T>;
    using difference_type = index_t;
    using iterator_category = std::random_access_iterator_tag;
    using reference = T&;
    using pointer = T*;

    ElementIterator() = default;
    constexpr ElementIterator(kernel::MatRef<T> a, index_t k) : a_(a), k_(k) {}
    constexpr T& operator*() const { return a_(k_ / a_.cols, k_ % a_.cols); }
    constexpr T* operator->() const { return &**this; }
    constexpr T& operator[](index_t n) const { return *(*this + n); }
    constexpr ElementIterator& operator+=(index_t n) {
        k_ += n;
        return *this;
    }
    constexpr ElementIterator& operator-=(index_t n) { return *this += -n; }
    constexpr ElementIterator& operator++() { return *this += 1; }
    constexpr ElementIterator& operator--() { return *this += -1; }
    constexpr ElementIterator operator++(int) { return {a_, k_++}; }
    constexpr ElementIterator operator--(int) { return {a_, k_--}; }
    friend constexpr ElementIterator operator+(const ElementIterator& i, index_t n) { return {i.a_, i.k_ + n}; }
    friend constexpr ElementIterator operator+(index_t n, const ElementIterator& i) { return i + n; }
    friend constexpr ElementIterator operator-(const ElementIterator& i, index_t n) { return {i.a_, i.k_ - n}; }
    friend constexpr index_t operator-(const ElementIterator& a, const ElementIterator& b) { return a.k_ - b.k_; }
    friend constexpr bool operator==(const ElementIterator& a, const ElementIterator& b) { return a.k_ == b.k_; }
    friend constexpr auto operator<=>(const ElementIterator& a, const ElementIterator& b) { return a.k_ <=> b.k_; }

private:
    kernel::MatRef<T> a_{};
    index_t k_ = 0;
};

}  // namespace core_detail

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
    /// The elements in row order: `for (double& x : A.block(0, 0, 2, 2)) x = 0;`, `std::ranges::sort(A.row(0))`.
    /// @snippet rearrange.cpp elements
    [[nodiscard]] constexpr auto begin() const { return core_detail::ElementIterator<Value>(ref_, 0); }
    [[nodiscard]] constexpr auto end() const { return core_detail::ElementIterator<Value>(ref_, size()); }
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
    /// The rows and columns that two selectors name (ranges, `every`, index lists, masks, single indices): a view where
    /// both are regular, else a list that is read and written element by element. std::out_of_range.
    /// @snippet indexing.cpp ranges
    template <core_detail::Selector I, core_detail::Selector J, class Isa = simd::native_arch>
        requires(!(core_detail::OneIndex<I> && core_detail::OneIndex<J>))
    [[nodiscard]] auto operator()(const I& i, const J& j) const { return core_detail::select<Isa>(ref_, i, j); }
    /// Elements of a vector by a range, a list or a mask.
    template <core_detail::Selector I, class Isa = simd::native_arch>
        requires(is_vector && !core_detail::OneIndex<I>)
    [[nodiscard]] auto operator()(const I& i) const { return core_detail::select_elements<Rows, Isa>(ref_, i); }
    /// The elements where a mask of this shape is true, in row order.
    template <core_detail::Mask M, class Isa = simd::native_arch>
        requires(!is_vector)
    [[nodiscard]] auto operator()(const M& mask) const {
        return make_masked_view(core_detail::Extents<Rows, Cols, Isa>{}, ref_, mask);
    }
    /// As (i, j), always checked: std::out_of_range.
    constexpr Value& at(index_t i, index_t j) const { return (*this).template operator()<true>(i, j); }
    constexpr Value& at(index_t i) const requires is_vector { return (*this).template operator[]<true>(i); }

    [[nodiscard]] constexpr auto T() const { return core_detail::transposed_view<Value, Rows, Cols>(ref_); }
    /// The conjugate transpose: T() of a real view, of a complex one a lazy expression (see adjoint).
    template <class Self = MatrixView, class Isa = simd::native_arch>
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
    [[nodiscard]] constexpr auto diagonal(index_t k) const { return core_detail::shifted_diagonal_view(ref_, k); }

private:
    kernel::MatRef<Value> ref_;
};

template <class T, index_t R, index_t C>
inline constexpr bool enable_matrix_expr<MatrixView<T, R, C>> = true;

}  // namespace gram

/// Iterators of a view outlive it, as those of a span.
template <class T, gram::index_t R, gram::index_t C>
inline constexpr bool std::ranges::enable_borrowed_range<gram::MatrixView<T, R, C>> = true;

namespace gram {

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
