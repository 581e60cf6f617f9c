/// What stands between the parentheses of `A(rows, cols)`: ranges, index lists, masks, `every`.
#pragma once

#include <concepts>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gram/core/window.hpp"

namespace gram {

/// Every index of an axis: `A(every, 2)`, NumPy's `:`.
struct Every {};
inline constexpr Every every{};

/// first, first + step, ... up to but without `last`, as Python's range. Negative indices do not count from the end.
/// @snippet indexing.cpp ranges
struct Range {
    index_t first = 0;
    index_t count = 0;
    index_t step = 1;
};
/// first, first + step, ..., all before `last` (after it for a negative step; -1 then stands before 0). Errors:
/// std::invalid_argument for a step of 0.
/// @snippet indexing.cpp ranges
constexpr Range range(index_t first, index_t last, index_t step = 1) {
    if (step == 0) throw std::invalid_argument("range: the step is 0");
    const index_t distance = step > 0 ? last - first : first - last, size = step > 0 ? step : -step;
    return {first, distance > 0 ? (distance - 1) / size + 1 : 0, step};
}

/// Indices in any order, with repetition: `indices({3, 1, 1})`. std::vector<index_t>, std::span and vectors of integers
/// convert to it.
class IndexList {
public:
    IndexList() = default;
    explicit IndexList(std::vector<index_t> list) : list_(std::move(list)) {}
    [[nodiscard]] index_t size() const { return static_cast<index_t>(list_.size()); }
    index_t operator[](index_t k) const { return list_[static_cast<std::size_t>(k)]; }
    void push_back(index_t i) { list_.push_back(i); }

private:
    std::vector<index_t> list_;
};
/// The indices in braces.
/// @snippet indexing.cpp lists
inline IndexList indices(std::initializer_list<index_t> list) { return IndexList(std::vector<index_t>(list)); }

namespace core_detail {

template <class S>
concept OneIndex = std::integral<std::remove_cvref_t<S>> && !std::same_as<std::remove_cvref_t<S>, bool>;
template <class S>
concept Interval = std::same_as<std::remove_cvref_t<S>, Range> || std::same_as<std::remove_cvref_t<S>, Every>;
/// A vector of bool expressions: the places where it is true.
template <class S>
concept Mask = MatrixExpr<S> && std::same_as < value_t<S>,
bool > ;
template <class S>
concept IntegerVector = VectorExpr<S> && std::integral<value_t<S>> && !std::same_as<value_t<S>, bool>;
template <class S>
concept IntegerRange = !MatrixExpr<S> && requires(const std::remove_cvref_t<S>& s) {
    { *std::begin(s) } -> std::convertible_to<index_t>;
    std::end(s);
    requires std::integral<std::remove_cvref_t<decltype(*std::begin(s))>>;
    requires !std::same_as<std::remove_cvref_t<decltype(*std::begin(s))>, bool>;
};
/// An unordered choice of indices, which needs a list.
template <class S>
concept Listed = std::same_as<std::remove_cvref_t<S>, IndexList> || IntegerRange<S> || IntegerVector<S> ||
    (Mask<S>&& VectorExpr<S>);
template <class S>
concept Selector = OneIndex<S> || Interval<S> || Listed<S>;  // i, every, range(i, k), indices({i, k}), a mask

/// What a selector says about an axis, for a strided view.
inline Range interval_of(Every, index_t extent, const char*) { return {0, extent, 1}; }
inline Range interval_of(const Range& r, index_t extent, const char* axis) {
    if (r.count > 0) {
        const index_t last = r.first + (r.count - 1) * r.step, low = r.step > 0 ? r.first : last;
        const index_t high = r.step > 0 ? last : r.first;
        if (low < 0 || high >= extent) {
            throw std::out_of_range(std::string(axis) + ": range [" + std::to_string(low) + ", " +
                                    std::to_string(high) + "] of " + std::to_string(extent));
        }
    }
    return r;
}
template <OneIndex S>
Range interval_of(S i, index_t extent, const char* axis) {
    if (std::cmp_less(i, 0) || std::cmp_greater_equal(i, extent)) {
        throw std::out_of_range(std::string(axis) + ": index " + std::to_string(i) + " of " + std::to_string(extent));
    }
    return {static_cast<index_t>(i), 1, 1};
}

/// The same for any selector, as a list.
template <class S>
IndexList list_of(const S& selector, index_t extent, const char* axis) {
    std::vector<index_t> list;
    const auto add = [&](auto i) {
        if (std::cmp_less(i, 0) || std::cmp_greater_equal(i, extent)) {
            throw std::out_of_range(std::string(axis) + ": index " + std::to_string(i) + " of " +
                                    std::to_string(extent));
        }
        list.push_back(static_cast<index_t>(i));
    };
    if constexpr (Mask<S>) {
        const index_t n = selector.rows() * selector.cols();
        if (n != extent) {
            throw shape_error(std::string(axis) + ": a mask of " + std::to_string(n) + " for " +
                              std::to_string(extent));
        }
        for (index_t k = 0; k < n; ++k)
            if (rows_v<S> == 1 ? selector(0, k) : selector(k, 0)) list.push_back(k);
    } else if constexpr (IntegerVector<S>) {
        const index_t n = selector.rows() * selector.cols();
        for (index_t k = 0; k < n; ++k) add(rows_v<S> == 1 ? selector(0, k) : selector(k, 0));
    } else if constexpr (IntegerRange<S>) {
        for (const auto& i : selector) add(i);
    } else if constexpr (std::same_as<S, IndexList>) {
        for (index_t k = 0; k < selector.size(); ++k) add(selector[k]);
    } else {
        const Range r = interval_of(selector, extent, axis);
        for (index_t k = 0; k < r.count; ++k) list.push_back(r.first + k * r.step);
    }
    return IndexList(std::move(list));
}

/// Extents that a type carries, and the architecture, which is a part of the name of everything that returns lists.
template <index_t Rows, index_t Cols, class Isa>
struct Extents {};

template <class S>
inline constexpr index_t static_count = OneIndex<S> ? 1 : dynamic;

/// The strided window that two intervals cut out.
template <class T, class I, class J>
auto strided_view(kernel::MatRef<T> a, const I& i, const J& j) {
    const Range r = interval_of(i, a.rows, "rows"), c = interval_of(j, a.cols, "columns");
    const kernel::MatRef<T> start = window(a, r.first, c.first, r.count, c.count);
    return MatrixView<T, static_count<I>, static_count<J>>(
        kernel::MatRef<T>{start.data, r.count, c.count, r.step * a.row_stride, c.step * a.col_stride});
}

/// A(i, j) for two selectors that are not both single indices.
template <class Isa, class T, class I, class J>
auto select(kernel::MatRef<T> a, const I& i, const J& j) {
    if constexpr (Listed<I> || Listed<J>) {
        // Found by argument-dependent lookup: it is defined with the expressions.
        return make_indexed_view(Extents<static_count<I>, static_count<J>, Isa>{}, a, list_of(i, a.rows, "rows"),
                                 list_of(j, a.cols, "columns"));
    } else {
        return strided_view(a, i, j);
    }
}
/// x(i) for a vector with R rows or C columns in its type.
template <index_t R, class Isa, class T, class I>
auto select_elements(kernel::MatRef<T> a, const I& i) {
    if constexpr (R == 1) {
        return select<Isa>(a, index_t{0}, i);
    } else {
        return select<Isa>(a, i, index_t{0});
    }
}

}  // namespace core_detail

}  // namespace gram
