/// Matrix, Vector and RowVector: one class, elements owned, copied deeply, moved cheaply.
#pragma once

#include <concepts>
#include <initializer_list>

#include "gram/core/storage.hpp"
#include "gram/core/view.hpp"

namespace gram {

/// A Rows×Cols matrix that owns its elements; either extent may be `dynamic`.
///
/// A `Vector<T>` is n×1 and a `RowVector<T>` is 1×n: the same class with one extent in its type. New elements are
/// zero unless `uninitialized` is asked for. Assigning an expression of another shape resizes (dynamic extents) and
/// has the strong guarantee; assigning one that reads this matrix gives the mathematical answer.
/// Thread safety: const use is safe, there is no hidden state. A moved-from dynamic matrix is empty.
template <class Value, index_t Rows = dynamic, index_t Cols = dynamic, class Layout = row_major>
class Matrix {
    static_assert(Scalar<Value> && !std::is_const_v<Value>, "gram::Matrix holds arithmetic or complex elements");
    static_assert(std::same_as<Layout, row_major> || std::same_as<Layout, col_major>);
    static_assert(Rows >= dynamic && Cols >= dynamic);

public:
    using value_type = Value;
    using layout_type = Layout;
    static constexpr index_t static_rows = Rows;
    static constexpr index_t static_cols = Cols;
    static constexpr bool is_vector = Rows == 1 || Cols == 1;
    static constexpr bool is_fixed = Rows != dynamic && Cols != dynamic;
    static constexpr bool is_row_major = std::same_as<Layout, row_major>;

    /// Empty, or all zero when both extents are in the type.
    constexpr Matrix() = default;
    /// rows×cols zeros. shape_error when an extent contradicts the type.
    constexpr Matrix(index_t rows, index_t cols) : Matrix(rows, cols, uninitialized) {
        std::fill_n(data(), size(), Value{});
    }
    /// Sizes are integers: a vector of n equal numbers is full<T>(n, 1, value).
    template <std::floating_point F>
    Matrix(index_t rows, F value) = delete;
    constexpr Matrix(index_t rows, index_t cols, uninitialized_t) : storage_(checked(rows, cols), cols) {}
    /// n zeros.
    constexpr explicit Matrix(index_t n) requires is_vector : Matrix(Cols == 1 ? n : 1, Cols == 1 ? 1 : n) {}
    constexpr Matrix(index_t n, uninitialized_t) requires is_vector
        : Matrix(Cols == 1 ? n : 1, Cols == 1 ? 1 : n, uninitialized) {}

    /// `{{1, 2}, {3, 4}}`: a row in each inner list; shape_error when they differ in length.
    constexpr Matrix(std::initializer_list<std::initializer_list<Value>> rows) requires(!is_vector)
        : Matrix(static_cast<index_t>(rows.size()),
                 rows.size() == 0 ? (Cols == dynamic ? 0 : Cols) : static_cast<index_t>(rows.begin()->size()),
                 uninitialized) {
        index_t i = 0;
        for (const auto& row : rows) {
            if (static_cast<index_t>(row.size()) != cols()) {
                throw shape_error("Matrix: row " + std::to_string(i) + " has " + std::to_string(row.size()) +
                                  " elements, row 0 has " + std::to_string(cols()));
            }
            index_t j = 0;
            for (const Value& x : row) ref()(i, j++) = x;
            ++i;
        }
    }
    /// `{1, 2, 3}`.
    constexpr Matrix(std::initializer_list<Value> elements) requires is_vector
        : Matrix(static_cast<index_t>(elements.size()), uninitialized) {
        std::copy(elements.begin(), elements.end(), data());
    }

    constexpr Matrix(const Matrix& other) requires is_fixed = default;
    Matrix(const Matrix& other) : Matrix(other.rows(), other.cols(), uninitialized) {
        std::copy_n(other.data(), other.size(), data());
    }
    Matrix(Matrix&&) noexcept = default;
    /// The elements of an expression; shape_error when its shape contradicts the type.
    template <MatrixExpr E, class Isa = simd::native_arch>
        requires SameValueType<Matrix, E> && SameExtents<Matrix, E> Matrix(const E& e)
            : Matrix(e.rows(), e.cols(), uninitialized) {  // NOLINT: implicit by design
            construct_from<Isa>(*this, e);
        }

        constexpr Matrix& operator=(const Matrix& other) requires is_fixed = default;
        Matrix& operator=(const Matrix& other) {
            if (this == &other) return *this;
            if (other.rows() != rows() || other.cols() != cols()) storage_ = StorageType(other.rows(), other.cols());
            std::copy_n(other.data(), other.size(), data());
            return *this;
        }
        Matrix& operator=(Matrix&&) noexcept = default;
        template <MatrixExpr E, class Isa = simd::native_arch>
        requires SameValueType<Matrix, E> && SameExtents<Matrix, E> GRAM_INLINE Matrix& operator=(const E& e) {
            assign_container<Isa>(*this, e);
            return *this;
        }
        ~Matrix() = default;

        [[nodiscard]] constexpr index_t rows() const noexcept { return storage_.rows(); }
        [[nodiscard]] constexpr index_t cols() const noexcept { return storage_.cols(); }
        [[nodiscard]] constexpr index_t size() const noexcept { return rows() * cols(); }
        [[nodiscard]] constexpr bool empty() const noexcept { return size() == 0; }
        /// Distance in elements between neighbours in a column, and in a row.
        [[nodiscard]] constexpr index_t row_stride() const noexcept { return is_row_major ? cols() : 1; }
        [[nodiscard]] constexpr index_t col_stride() const noexcept { return is_row_major ? 1 : rows(); }

        [[nodiscard]] constexpr Value* data() noexcept { return storage_.data(); }
        [[nodiscard]] constexpr const Value* data() const noexcept { return storage_.data(); }
        [[nodiscard]] constexpr Value* begin() noexcept { return data(); }
        [[nodiscard]] constexpr Value* end() noexcept { return data() + size(); }
        [[nodiscard]] constexpr const Value* begin() const noexcept { return data(); }
        [[nodiscard]] constexpr const Value* end() const noexcept { return data() + size(); }

        [[nodiscard]] constexpr kernel::MatRef<Value> ref() & {
            return {data(), rows(), cols(), row_stride(), col_stride()};
        }
        [[nodiscard]] constexpr kernel::MatRef<const Value> ref() const& {
            return {data(), rows(), cols(), row_stride(), col_stride()};
        }
        void ref() && = delete;
        [[nodiscard]] constexpr kernel::VecRef<Value> vec() & requires is_vector { return {data(), size(), 1}; }
        [[nodiscard]] constexpr kernel::VecRef<const Value> vec() const& requires is_vector {
            return {data(), size(), 1};
        }
        void vec() && = delete;

        /// Element (i, j); out of range throws where GRAM_CHECKED (builds without NDEBUG).
        template <bool Checked = GRAM_CHECKED>
        constexpr Value& operator()(index_t i, index_t j) {
            if constexpr (Checked) core_detail::check_index(i, j, rows(), cols());
            return data()[i * row_stride() + j * col_stride()];
        }
        template <bool Checked = GRAM_CHECKED>
        constexpr const Value& operator()(index_t i, index_t j) const {
            if constexpr (Checked) core_detail::check_index(i, j, rows(), cols());
            return data()[i * row_stride() + j * col_stride()];
        }
        template <bool Checked = GRAM_CHECKED>
        constexpr Value& operator[](index_t i) requires is_vector {
            if constexpr (Checked) core_detail::check_range("element", i, 1, size());
            return data()[i];
        }
        template <bool Checked = GRAM_CHECKED>
        constexpr const Value& operator[](index_t i) const requires is_vector {
            if constexpr (Checked) core_detail::check_range("element", i, 1, size());
            return data()[i];
        }
        /// The rows and columns that two selectors name (ranges, `every`, index lists, masks, single indices): a view
        /// where both are regular, else a list that is read and written element by element. std::out_of_range.
        /// @snippet indexing.cpp ranges
        template <core_detail::Selector I, core_detail::Selector J, class Isa = simd::native_arch>
            requires(!(core_detail::OneIndex<I> && core_detail::OneIndex<J>))
        [[nodiscard]] auto operator()(const I& i, const J& j) & GRAM_LIFETIMEBOUND {
            return core_detail::select<Isa>(ref(), i, j);
        }
        template <core_detail::Selector I, core_detail::Selector J, class Isa = simd::native_arch>
            requires(!(core_detail::OneIndex<I> && core_detail::OneIndex<J>))
        [[nodiscard]] auto operator()(const I& i, const J& j) const& GRAM_LIFETIMEBOUND {
            return core_detail::select<Isa>(ref(), i, j);
        }
        template <core_detail::Selector I, core_detail::Selector J>
            requires(!(core_detail::OneIndex<I> && core_detail::OneIndex<J>))
        void operator()(const I&, const J&) && = delete;
        /// Elements of a vector by a range, a list or a mask.
        template <core_detail::Selector I, class Isa = simd::native_arch>
            requires(is_vector && !core_detail::OneIndex<I>)
        [[nodiscard]] auto operator()(const I& i) & GRAM_LIFETIMEBOUND {
            return core_detail::select_elements<Rows, Isa>(ref(), i);
        }
        template <core_detail::Selector I, class Isa = simd::native_arch>
            requires(is_vector && !core_detail::OneIndex<I>)
        [[nodiscard]] auto operator()(const I& i) const& GRAM_LIFETIMEBOUND {
            return core_detail::select_elements<Rows, Isa>(ref(), i);
        }
        template <core_detail::Selector I>
            requires(is_vector && !core_detail::OneIndex<I>)
        void operator()(const I&) && = delete;
        /// The elements where a mask of this shape is true, in row order: `A(A < 0) = 0`.
        /// @snippet indexing.cpp masks
        template <core_detail::Mask M, class Isa = simd::native_arch>
            requires(!is_vector)
        [[nodiscard]] auto operator()(const M& mask) & GRAM_LIFETIMEBOUND {
            return make_masked_view(core_detail::Extents<Rows, Cols, Isa>{}, ref(), mask);
        }
        template <core_detail::Mask M, class Isa = simd::native_arch>
            requires(!is_vector)
        [[nodiscard]] auto operator()(const M& mask) const& GRAM_LIFETIMEBOUND {
            return make_masked_view(core_detail::Extents<Rows, Cols, Isa>{}, ref(), mask);
        }
        template <core_detail::Mask M>
            requires(!is_vector)
        void operator()(const M&) && = delete;
        /// As (i, j), checked in every build: std::out_of_range.
        constexpr Value& at(index_t i, index_t j) { return (*this).template operator()<true>(i, j); }
        constexpr const Value& at(index_t i, index_t j) const { return (*this).template operator()<true>(i, j); }
        constexpr Value& at(index_t i) requires is_vector { return (*this).template operator[]<true>(i); }
        constexpr const Value& at(index_t i) const requires is_vector { return (*this).template operator[]<true>(i); }

        /// The transpose as a view: no element moves. Views of temporaries do not compile: name the matrix first.
        [[nodiscard]] constexpr auto T() & GRAM_LIFETIMEBOUND {
            return core_detail::transposed_view<Value, Rows, Cols>(ref());
        }
        [[nodiscard]] constexpr auto T() const& GRAM_LIFETIMEBOUND {
            return core_detail::transposed_view<const Value, Rows, Cols>(ref());
        }
        void T() && = delete;
        void T() const&& = delete;
        /// The conjugate transpose: T() of a real matrix, of a complex one a lazy expression (see adjoint).
        template <class Self = Matrix, class Isa = simd::native_arch>
        [[nodiscard]] constexpr auto H() const& GRAM_LIFETIMEBOUND {
            return adjoint(static_cast<const Self&>(*this));
        }
        void H() && = delete;
        void H() const&& = delete;

        /// Row i as a 1×n view. std::out_of_range.
        [[nodiscard]] constexpr auto row(index_t i) & GRAM_LIFETIMEBOUND {
            return core_detail::row_view<Value, Cols>(ref(), i);
        }
        [[nodiscard]] constexpr auto row(index_t i) const& GRAM_LIFETIMEBOUND {
            return core_detail::row_view<const Value, Cols>(ref(), i);
        }
        void row(index_t) && = delete;
        void row(index_t) const&& = delete;

        /// Column j as an m×1 view. std::out_of_range.
        [[nodiscard]] constexpr auto col(index_t j) & GRAM_LIFETIMEBOUND {
            return core_detail::col_view<Value, Rows>(ref(), j);
        }
        [[nodiscard]] constexpr auto col(index_t j) const& GRAM_LIFETIMEBOUND {
            return core_detail::col_view<const Value, Rows>(ref(), j);
        }
        void col(index_t) && = delete;
        void col(index_t) const&& = delete;

        /// The m×n block whose first element is (i, j), as a view. std::out_of_range.
        [[nodiscard]] constexpr auto block(index_t i, index_t j, index_t m, index_t n) & GRAM_LIFETIMEBOUND {
            return core_detail::block_view<Value>(ref(), i, j, m, n);
        }
        [[nodiscard]] constexpr auto block(index_t i, index_t j, index_t m, index_t n) const& GRAM_LIFETIMEBOUND {
            return core_detail::block_view<const Value>(ref(), i, j, m, n);
        }
        void block(index_t, index_t, index_t, index_t) && = delete;
        void block(index_t, index_t, index_t, index_t) const&& = delete;

        /// Elements [first, first + count) of a vector, as a view. std::out_of_range.
        [[nodiscard]] constexpr auto segment(index_t first, index_t count) & GRAM_LIFETIMEBOUND requires is_vector {
            return core_detail::segment_view<Value, Rows>(ref(), first, count);
        }
        [[nodiscard]] constexpr auto segment(index_t first,
                                             index_t count) const& GRAM_LIFETIMEBOUND requires is_vector {
            return core_detail::segment_view<const Value, Rows>(ref(), first, count);
        }
        void segment(index_t, index_t) && requires is_vector = delete;

        /// The main diagonal as a column view.
        [[nodiscard]] constexpr auto diagonal() & GRAM_LIFETIMEBOUND {
            return core_detail::diagonal_view<Value, core_detail::smaller_static(Rows, Cols)>(ref());
        }
        [[nodiscard]] constexpr auto diagonal() const& GRAM_LIFETIMEBOUND {
            return core_detail::diagonal_view<const Value, core_detail::smaller_static(Rows, Cols)>(ref());
        }
        void diagonal() && = delete;
        void diagonal() const&& = delete;
        /// The elements (i, i + k) as a column view: a diagonal above the main one, or below it for k < 0.
        /// std::out_of_range.
        [[nodiscard]] constexpr auto diagonal(index_t k) & GRAM_LIFETIMEBOUND {
            return core_detail::shifted_diagonal_view(ref(), k);
        }
        [[nodiscard]] constexpr auto diagonal(index_t k) const& GRAM_LIFETIMEBOUND {
            return core_detail::shifted_diagonal_view(ref(), k);
        }
        void diagonal(index_t) && = delete;
        void diagonal(index_t) const&& = delete;

        /// Becomes rows×cols zeros; keeps its elements when that is its shape already.
        void resize(index_t rows, index_t cols) {
            if (rows != this->rows() || cols != this->cols()) *this = Matrix(rows, cols);
        }

        /// Every element becomes `value`.
        template <class Isa = simd::native_arch>
        constexpr void fill(const Value& value) {
            std::fill_n(data(), size(), Value(value));
        }

        constexpr void swap(Matrix& other) noexcept { std::swap(storage_, other.storage_); }
        friend constexpr void swap(Matrix& a, Matrix& b) noexcept { a.swap(b); }

    private:
        using StorageType = Storage<Value, Rows, Cols>;

        static constexpr index_t checked(index_t rows, index_t cols) {
            if (!extents_agree(Rows, rows) || !extents_agree(Cols, cols)) {
                throw_shape("Matrix of fixed extents", Rows == dynamic ? rows : Rows, Cols == dynamic ? cols : Cols,
                            "<-", rows, cols);
            }
            if (rows < 0 || cols < 0) throw shape_error("Matrix: negative extent in " + shape_text(rows, cols));
            return rows;
        }

        StorageType storage_;
};

/// A column: n×1.
template <class T, index_t N = dynamic>
using Vector = Matrix<T, N, 1>;
/// A row: 1×n.
template <class T, index_t N = dynamic>
using RowVector = Matrix<T, 1, N>;

template <class T, index_t R, index_t C, class L>
inline constexpr bool enable_matrix_expr<Matrix<T, R, C, L>> = true;
template <class T, index_t R, index_t C, class L>
inline constexpr bool enable_container<Matrix<T, R, C, L>> = true;

}  // namespace gram
