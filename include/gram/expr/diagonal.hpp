/// diag(x): a diagonal matrix that is not formed. Products with it scale rows or columns, in one pass with whatever
/// stands around them.
#pragma once

#include "gram/expr/functors.hpp"
#include "gram/expr/rearranged.hpp"

namespace gram::inline GRAM_ISA {

/// Lazy diagonal matrix with the elements of a row or column E. Its zeros are not numbers: where it is a factor they do
/// not meet a NaN of the other one.
template <class E>
class DiagonalOf {
public:
    using value_type = value_t<E>;
    static constexpr index_t static_rows = cols_v<E> == 1 ? rows_v<E> : cols_v<E>;
    static constexpr index_t static_cols = static_rows;
    static constexpr int products = 2 * detail::products<E>();

    explicit DiagonalOf(E e) : elements_(std::move(e)) {}
    [[nodiscard]] index_t rows() const { return elements_.rows() * elements_.cols(); }
    [[nodiscard]] index_t cols() const { return rows(); }
    [[nodiscard]] index_t size() const { return rows() * cols(); }
    [[nodiscard]] bool empty() const { return rows() == 0; }
    value_type operator()(index_t i, index_t j) const {
        if (i != j) return value_type{};
        return cols_v<E> == 1 ? elements_(i, 0) : elements_(0, i);
    }
    [[nodiscard]] const E& elements() const& { return elements_; }
    [[nodiscard]] E elements() && { return std::move(elements_); }

    template <detail::Products>
    auto reader() const {
        return detail::OwningReader<value_type>(Matrix<value_type>(*this));
    }
    [[nodiscard]] Overlap overlap(const detail::Region& dst) const {
        return detail::overlap(elements_, dst) == Overlap::none ? Overlap::none : Overlap::other;
    }
    [[nodiscard]] Overlap overlap_outside_products(const detail::Region& dst) const { return overlap(dst); }
    void check() const { detail::check(elements_); }

private:
    E elements_;
};

/// diag(d) * A as d(i) a(i, j): what a product with a diagonal matrix on the left is.
struct TimesRows : Times {};
/// A * diag(d) as a(i, j) d(j).
struct TimesColumns : Times {};

namespace detail {

template <class E>
inline constexpr bool is_diagonal = false;
template <class E>
inline constexpr bool is_diagonal<DiagonalOf<E>> = true;
template <class E>
inline constexpr bool is_row_scaling = false;
template <class D, class E>
inline constexpr bool is_row_scaling<Zip<TimesRows, D, E>> = true;
template <class E>
inline constexpr bool is_column_scaling = false;
template <class E, class D>
inline constexpr bool is_column_scaling<Zip<TimesColumns, E, D>> = true;

/// The elements of a diagonal matrix as a column or as a row.
template <bool Column, class E>
auto line_of(E e) {
    if constexpr ((cols_v<E> == 1) == Column) {
        return e;
    } else {
        return Transposed<E>(std::move(e));
    }
}

template <class E>
auto make_diagonal(E&& x) {
    auto elements = capture(std::forward<E>(x));
    return DiagonalOf<decltype(elements)>(std::move(elements));
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA

namespace gram {
template <class E>
inline constexpr bool enable_matrix_expr<DiagonalOf<E>> = true;
}
