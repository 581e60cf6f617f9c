/// Elements chosen by index lists and masks: read as an expression, written through.
#pragma once

#include "gram/core/range.hpp"
#include "gram/expr/functions.hpp"
#include "gram/expr/updates.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// What IndexedView and MaskedView share: reading is a copy of the chosen elements, so they overlap with nothing.
/// Derived has rows(), cols(), place(i, j) and the element type.
template <class Derived, class T>
class Chosen {
public:
    using value_type = std::remove_const_t<T>;
    static constexpr int products = 0;

    template <Products>
    auto reader() const {
        Matrix<value_type> copy(self().rows(), self().cols(), uninitialized);
        for (index_t i = 0; i < copy.rows(); ++i)
            for (index_t j = 0; j < copy.cols(); ++j) copy.ref()(i, j) = self().place(i, j);
        return OwningReader<value_type>(std::move(copy));
    }
    [[nodiscard]] static Overlap overlap(const Region&) { return Overlap::none; }
    [[nodiscard]] static Overlap overlap_outside_products(const Region&) { return Overlap::none; }

    /// Writes an expression of the same shape. The right side is evaluated first; of an index that occurs twice the
    /// last one counts, as in NumPy. shape_error.
    template <MatrixExpr E>
        requires(!std::is_const_v<T> && std::same_as<value_t<E>, value_type>)
    const Derived& assign(const E& e) const {
        require_same_shape(self(), e, "<-");
        const Matrix<value_type> values(e);
        for (index_t i = 0; i < values.rows(); ++i)
            for (index_t j = 0; j < values.cols(); ++j) self().place(i, j) = values.ref()(i, j);
        return self();
    }
    template <class S>
        requires(!std::is_const_v<T> && ScalarFor<S, value_type>)
    const Derived& assign(S value) const {
        for (index_t i = 0; i < self().rows(); ++i)
            for (index_t j = 0; j < self().cols(); ++j) self().place(i, j) = to_scalar<value_type>(value);
        return self();
    }
    /// As assign of `*this + e`, ...
    template <class E>
    const Derived& operator+=(const E& e) const {
        return assign(Matrix<value_type>(self()) + e);
    }
    template <class E>
    const Derived& operator-=(const E& e) const {
        return assign(Matrix<value_type>(self()) - e);
    }
    template <class S>
        requires ScalarFor<S, value_type>
    const Derived& operator*=(S s) const { return assign(Matrix<value_type>(self()) * s); }
    template <class S>
        requires ScalarFor<S, value_type>
    const Derived& operator/=(S s) const { return assign(Matrix<value_type>(self()) / s); }

private:
    const Derived& self() const { return static_cast<const Derived&>(*this); }
};

}  // namespace detail

/// The rows and columns named by two lists, of a matrix that must outlive the view. Rows == 1 (Cols == 1) in the type
/// where a vector was indexed.
template <class T, index_t Rows = dynamic, index_t Cols = dynamic>
class IndexedView : public detail::Chosen<IndexedView<T, Rows, Cols>, T> {
public:
    static constexpr index_t static_rows = Rows;
    static constexpr index_t static_cols = Cols;

    IndexedView(kernel::MatRef<T> a, IndexList rows, IndexList cols)
        : a_(a), rows_(std::move(rows)), cols_(std::move(cols)) {}
    [[nodiscard]] index_t rows() const { return rows_.size(); }
    [[nodiscard]] index_t cols() const { return cols_.size(); }
    T& place(index_t i, index_t j) const { return a_(rows_[i], cols_[j]); }
    std::remove_const_t<T> operator()(index_t i, index_t j) const { return place(i, j); }

    template <class E>
        requires(!std::is_const_v<T> && requires(const IndexedView& v, const E& e) { v.assign(e); })
    const IndexedView& operator=(const E& e) const { return this->assign(e); }
    const IndexedView& operator=(const IndexedView& other) const { return this->assign(other); }
    IndexedView(const IndexedView&) = default;
    IndexedView(IndexedView&&) noexcept = default;
    ~IndexedView() = default;

private:
    kernel::MatRef<T> a_;
    IndexList rows_, cols_;
};

/// The elements of a matrix where a mask of its shape is true, in row order: a column. The matrix must outlive it.
template <class T>
class MaskedView : public detail::Chosen<MaskedView<T>, T> {
public:
    static constexpr index_t static_rows = dynamic;
    static constexpr index_t static_cols = 1;

    template <class M>
    MaskedView(kernel::MatRef<T> a, const M& mask) : a_(a) {
        if (mask.rows() != a.rows || mask.cols() != a.cols) {
            throw_shape("mask", mask.rows(), mask.cols(), "on", a.rows, a.cols);
        }
        const auto chosen = detail::reader_of(mask);
        for (index_t i = 0; i < a.rows; ++i)
            for (index_t j = 0; j < a.cols; ++j)
                if (chosen.at(i, j, detail::NoProduct{})) places_.push_back(i * a.row_stride + j * a.col_stride);
    }
    [[nodiscard]] index_t rows() const { return places_.size(); }
    [[nodiscard]] static index_t cols() { return 1; }
    T& place(index_t i, index_t) const { return a_.data[places_[i]]; }
    std::remove_const_t<T> operator()(index_t i, index_t j) const { return place(i, j); }

    template <class E>
        requires(!std::is_const_v<T> && requires(const MaskedView& v, const E& e) { v.assign(e); })
    const MaskedView& operator=(const E& e) const { return this->assign(e); }
    const MaskedView& operator=(const MaskedView& other) const { return this->assign(other); }
    MaskedView(const MaskedView&) = default;
    MaskedView(MaskedView&&) noexcept = default;
    ~MaskedView() = default;

private:
    kernel::MatRef<T> a_;
    IndexList places_;
};

}  // namespace gram::inline GRAM_ISA

namespace gram {

template <class T, index_t R, index_t C>
inline constexpr bool enable_matrix_expr<IndexedView<T, R, C>> = true;
template <class T>
inline constexpr bool enable_matrix_expr<MaskedView<T>> = true;

namespace core_detail {

/// What A(rows, cols) calls when one of them is a list; Rows and Cols are 1 where a single index stood.
template <index_t Rows, index_t Cols, class Isa, class T>
auto make_indexed_view(Extents<Rows, Cols, Isa>, kernel::MatRef<T> a, IndexList rows, IndexList cols) {
    return IndexedView<T, Rows, Cols>(a, std::move(rows), std::move(cols));
}
template <index_t Rows, index_t Cols, class Isa, class T, Mask M>
auto make_masked_view(Extents<Rows, Cols, Isa>, kernel::MatRef<T> a, const M& mask) {
    return MaskedView<T>(a, mask);
}

}  // namespace core_detail

}  // namespace gram
