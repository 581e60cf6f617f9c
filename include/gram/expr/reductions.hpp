/// Sums, means, extremes: over all elements, or over the axis that disappears (`sum<0>(X)` is a RowVector).
#pragma once

#include "gram/expr/extremes.hpp"
#include "gram/expr/functions.hpp"
#include "gram/expr/sums.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// A result of reducing axis 0 (a row) or axis 1 (a column).
template <int Axis, class T, class E>
using reduced_t = std::conditional_t<Axis == 0, RowVector<T, cols_v<E>>, Vector<T, rows_v<E>>>;
template <int Axis, class T, MatrixExpr E>
reduced_t<Axis, T, E> make_reduced(const E& e) {
    if constexpr (Axis == 0) {
        return reduced_t<Axis, T, E>(1, e.cols());
    } else {
        return reduced_t<Axis, T, E>(e.rows(), 1);
    }
}

template <MatrixExpr E>
void require_elements(const char* name, const E& e) {
    if (e.rows() == 0 || e.cols() == 0) {
        throw std::invalid_argument(std::string(name) + " of an empty matrix (" + shape_text(e.rows(), e.cols()) + ")");
    }
}

/// Folds every element in row order: state = f(state, x, i, j).
template <class State, MatrixExpr E, class F>
State fold(State state, const E& e, F f) {
    const auto reader = reader_of(e);
    for (index_t i = 0; i < e.rows(); ++i) {
        for (index_t j = 0; j < e.cols(); ++j) f(state, reader.at(i, j, NoProduct{}), i, j);
    }
    return state;
}

/// values[o] = the extreme of column (Axis 0) or row o, places[o] its first place in it; either may be null.
template <bool Largest, int Axis, MatrixExpr E>
void extremes(const char* name, const E& e, value_t<E>* values, index_t* places) {
    using Arch = simd::native_arch;
    const index_t lines = Axis == 0 ? e.cols() : e.rows(), length = Axis == 0 ? e.rows() : e.cols();
    if (lines == 0) return;
    require_elements(name, e);
    const auto reader = reader_of(e);
    if (reader.packets(1 - Axis)) {
        Matrix<value_t<E>> own;
        if (values == nullptr) values = (own = Matrix<value_t<E>>(1, lines, uninitialized)).data();
        return extremes_across<Largest, 1 - Axis>(reader, length, lines, values, places);
    }
    for (index_t o = 0; o < lines; ++o) {
        if (places == nullptr) {
            values[o] = line_extreme<Largest, Arch, Axis>(reader, o, 0, length);
        } else {
            places[o] = locate_in_line<Largest, Arch, Axis>(reader, o, length).index;
        }
    }
}

/// The extreme of all elements.
template <bool Largest, MatrixExpr E>
value_t<E> extreme(const char* name, const E& e) {
    using Arch = simd::native_arch;
    require_elements(name, e);
    const auto reader = reader_of(e);
    const index_t rows = e.rows(), cols = e.cols();
    if (reader.linear(1, cols)) return line_extreme<Largest, Arch, 1>(reader, 0, 0, rows * cols);
    const auto over = [&](auto line, index_t lines) {
        auto best = line(index_t{0});
        for (index_t o = 1; o < lines; ++o) best = Extremum<Largest>{}(best, line(o));
        return best;
    };
    if (reader.packets(0) && !reader.packets(1)) {
        return over([&](index_t o) { return line_extreme<Largest, Arch, 0>(reader, o, 0, rows); }, cols);
    }
    return over([&](index_t o) { return line_extreme<Largest, Arch, 1>(reader, o, 0, cols); }, rows);
}
/// The first place of that extreme in row order: i * cols + j.
template <bool Largest, MatrixExpr E>
index_t extreme_place(const char* name, const E& e) {
    using Arch = simd::native_arch;
    require_elements(name, e);
    const auto reader = reader_of(e);
    const index_t rows = e.rows(), cols = e.cols();
    if (reader.linear(1, cols)) return locate_in_line<Largest, Arch, 1>(reader, 0, rows * cols).index;
    auto best = locate_in_line<Largest, Arch, 1>(reader, 0, cols);
    for (index_t i = 1; i < rows; ++i) {
        const auto x = locate_in_line<Largest, Arch, 1>(reader, i, cols);
        if (better<Largest>(x.value, best.value)) best = {x.value, i * cols + x.index};
    }
    return best.index;
}

}  // namespace detail

/// Sum of all elements; 0 of an empty matrix. Integers are added in 64 bits.
/// @snippet reductions.cpp sum
template <MatrixExpr E>
auto sum(const E& e) {
    using T = value_t<E>;
    const auto reader = detail::reader_of(e);
    if (reader.linear(1, e.cols())) {
        detail::sum_t<T> total{};
        detail::sum_lines<simd::native_arch, 1>(reader, 1, e.rows() * e.cols(), [&](index_t, auto s) { total = s; });
        return total;
    }
    detail::PairwiseSum<detail::sum_t<T>> total;
    const auto each = [&](index_t, auto line) { total.add(line); };
    if (reader.packets(0) && !reader.packets(1)) {
        detail::sum_lines<simd::native_arch, 0>(reader, e.cols(), e.rows(), each);
    } else {
        detail::sum_lines<simd::native_arch, 1>(reader, e.rows(), e.cols(), each);
    }
    return total.total();
}
/// Sums over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp sum
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto sum(const E& e) {
    using S = detail::sum_t<value_t<E>>;
    using Arch = simd::native_arch;
    auto result = detail::make_reduced<Axis, S>(e);
    const auto reader = detail::reader_of(e);
    const index_t lines = Axis == 0 ? e.cols() : e.rows(), length = Axis == 0 ? e.rows() : e.cols();
    if (reader.packets(1 - Axis)) {
        detail::sum_across<Arch, 1 - Axis>(reader, length, lines, result.data());
    } else {
        detail::sum_lines<Arch, Axis>(reader, lines, length, [&](index_t o, S s) { result[o] = s; });
    }
    return result;
}

/// Mean of all elements; NaN of an empty matrix. Integers give a double.
/// @snippet reductions.cpp sum
template <MatrixExpr E>
auto mean(const E& e) {
    using M = detail::mean_t<value_t<E>>;
    return static_cast<M>(sum(e)) / static_cast<real_t<M>>(e.rows() * e.cols());
}
/// Means over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp sum
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto mean(const E& e) {
    using M = detail::mean_t<value_t<E>>;
    return eval(cast<M>(sum<Axis>(e)) / static_cast<real_t<M>>(Axis == 0 ? e.rows() : e.cols()));
}

/// Product of all elements; 1 of an empty matrix.
/// @snippet reductions.cpp sum
template <MatrixExpr E>
auto prod(const E& e) {
    using S = detail::sum_t<value_t<E>>;
    return detail::fold(S{1}, e,
                        [](S& s, const auto& x, index_t, index_t) { s = static_cast<S>(s * static_cast<S>(x)); });
}
/// True when all elements are non-zero (true for an empty matrix).
/// @snippet reductions.cpp count
template <MatrixExpr E>
bool all(const E& e) {
    return detail::fold(true, e, [](bool& s, const auto& x, index_t, index_t) { s = s && x != value_t<E>{}; });
}
/// True when any element is non-zero (a NaN is).
/// @snippet reductions.cpp count
template <MatrixExpr E>
bool any(const E& e) {
    return detail::fold(false, e, [](bool& s, const auto& x, index_t, index_t) { s = s || x != value_t<E>{}; });
}

/// The largest element; NaN when there is one. std::invalid_argument when empty.
/// @snippet reductions.cpp extremes
template <detail::Ordered E>
value_t<E> max(const E& e) {
    return detail::extreme<true>("max", e);
}
/// The smallest element; NaN when there is one. std::invalid_argument when empty.
/// @snippet reductions.cpp extremes
template <detail::Ordered E>
value_t<E> min(const E& e) {
    return detail::extreme<false>("min", e);
}
/// Position of the largest element (the first NaN, else the first of equals) in row order: i * cols + j.
/// @snippet reductions.cpp extremes
template <detail::Ordered E>
index_t argmax(const E& e) {
    return detail::extreme_place<true>("argmax", e);
}
/// Position of the smallest element, as argmax.
/// @snippet reductions.cpp extremes
template <detail::Ordered E>
index_t argmin(const E& e) {
    return detail::extreme_place<false>("argmin", e);
}
/// Largest elements of the columns (Axis 0: a RowVector) or of the rows (Axis 1: a Vector).
/// @snippet reductions.cpp extremes
template <int Axis, detail::Ordered E>
    requires(Axis == 0 || Axis == 1)
auto max(const E& e) {
    auto r = detail::make_reduced<Axis, value_t<E>>(e);
    detail::extremes<true, Axis>("max", e, r.data(), nullptr);
    return r;
}
/// Smallest elements of the columns (Axis 0) or of the rows (Axis 1).
/// @snippet reductions.cpp extremes
template <int Axis, detail::Ordered E>
    requires(Axis == 0 || Axis == 1)
auto min(const E& e) {
    auto r = detail::make_reduced<Axis, value_t<E>>(e);
    detail::extremes<false, Axis>("min", e, r.data(), nullptr);
    return r;
}
/// Positions of the largest elements within the columns (Axis 0) or within the rows (Axis 1).
/// @snippet reductions.cpp extremes
template <int Axis, detail::Ordered E>
    requires(Axis == 0 || Axis == 1)
auto argmax(const E& e) {
    auto r = detail::make_reduced<Axis, index_t>(e);
    detail::extremes<true, Axis>("argmax", e, nullptr, r.data());
    return r;
}
/// Positions of the smallest elements within the columns (Axis 0) or within the rows (Axis 1).
/// @snippet reductions.cpp extremes
template <int Axis, detail::Ordered E>
    requires(Axis == 0 || Axis == 1)
auto argmin(const E& e) {
    auto r = detail::make_reduced<Axis, index_t>(e);
    detail::extremes<false, Axis>("argmin", e, nullptr, r.data());
    return r;
}

/// Sum of the main diagonal, of any shape.
/// @snippet reductions.cpp sum
template <MatrixExpr E>
value_t<E> trace(const E& e) {
    const auto reader = detail::reader_of(e);
    value_t<E> s{};
    for (index_t i = 0; i < e.rows() && i < e.cols(); ++i)
        s = static_cast<value_t<E>>(s + reader.at(i, i, detail::NoProduct{}));
    return s;
}

}  // namespace gram::inline GRAM_ISA
