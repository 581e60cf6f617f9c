/// How many elements are not zero; products, all, any and ranges over one axis; sums and extremes that skip NaN.
#pragma once

#include "gram/expr/line_access.hpp"
#include "gram/expr/updates.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// result[o] = f(line o along Axis), a column (Axis 0) or a row.
template <int Axis, class R, MatrixExpr E, class F>
reduced_t<Axis, R, E> reduce_lines(const E& e, F f) {
    auto result = make_reduced<Axis, R>(e);
    for_each_line<Axis>(e, [&](index_t o, auto line) { result[o] = f(line); });
    return result;
}
/// f over all elements as one line.
template <MatrixExpr E, class F>
auto reduce_all(const E& e, F f) {
    Matrix<value_t<E>> copy(e);
    return f(span_of(copy));
}

/// The sum of what is not NaN, and how many elements that is.
template <class T>
struct Present {
    sum_t<T> sum{};
    index_t count = 0;
};
template <class T>
Present<T> present(std::span<T> line) {
    PairwiseSum<sum_t<T>> sum;
    index_t count = 0;
    for (const T& x : line) {
        if (is_nan(x)) continue;
        sum.add(x);
        ++count;
    }
    return {sum.total(), count};
}
template <class T>
auto present_mean(std::span<T> line) {
    const Present<T> found = present(line);
    return static_cast<mean_t<T>>(found.sum) / static_cast<real_t<mean_t<T>>>(found.count);
}
template <bool Largest, class T>
T present_extreme(std::span<T> line) {
    T best = std::numeric_limits<T>::quiet_NaN();
    for (const T x : line) {
        if (!is_nan(x) && (is_nan(best) || (Largest ? x > best : x < best))) best = x;
    }
    return best;
}

}  // namespace detail

/// How many elements differ from zero (a NaN does).
/// @snippet reductions.cpp count
template <MatrixExpr E>
index_t count_nonzero(const E& e) {
    return detail::fold(index_t{0}, e, [](index_t& n, const auto& x, index_t, index_t) { n += x != value_t<E>{}; });
}
/// Where the elements are that differ from zero (a NaN does): positions i * cols + j in row order (numpy.flatnonzero).
/// Of a vector they are its indices: x(nonzero(x)).
/// @snippet reductions.cpp count
template <MatrixExpr E>
[[nodiscard]] Vector<index_t> nonzero(const E& e) {
    const Matrix<value_t<E>> x(e);
    Vector<index_t> places(count_nonzero(x), uninitialized);
    index_t n = 0;
    for (index_t i = 0; i < x.rows(); ++i)
        for (index_t j = 0; j < x.cols(); ++j)
            if (x(i, j) != value_t<E>{}) places[n++] = i * x.cols() + j;
    return places;
}
/// The same within the columns (Axis 0: a RowVector) or within the rows (Axis 1: a Vector).
/// @snippet reductions.cpp count
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto count_nonzero(const E& e) {
    auto n = detail::make_reduced<Axis, index_t>(e);
    detail::fold(0, e, [&](int, const auto& x, index_t i, index_t j) { n[Axis == 0 ? j : i] += x != value_t<E>{}; });
    return n;
}
/// True where all elements of a column (Axis 0) or of a row (Axis 1) are non-zero.
/// @snippet reductions.cpp count
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto all(const E& e) {
    const index_t length = Axis == 0 ? e.rows() : e.cols();
    auto result = detail::make_reduced<Axis, bool>(e);
    const auto n = count_nonzero<Axis>(e);
    for (index_t o = 0; o < n.size(); ++o) result[o] = n[o] == length;
    return result;
}
/// True where any element of a column (Axis 0) or of a row (Axis 1) is non-zero.
/// @snippet reductions.cpp count
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto any(const E& e) {
    auto result = detail::make_reduced<Axis, bool>(e);
    const auto n = count_nonzero<Axis>(e);
    for (index_t o = 0; o < n.size(); ++o) result[o] = n[o] > 0;
    return result;
}
/// Products of the columns (Axis 0: a RowVector) or of the rows (Axis 1: a Vector).
/// @snippet reductions.cpp sum
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto prod(const E& e) {
    using S = detail::sum_t<value_t<E>>;
    auto result = detail::make_reduced<Axis, S>(e);
    for (S& x : result) x = S{1};
    detail::fold(0, e, [&](int, const auto& x, index_t i, index_t j) {
        S& p = result[Axis == 0 ? j : i];
        p = static_cast<S>(p * static_cast<S>(x));
    });
    return result;
}
/// From the smallest element to the largest: max - min ("peak to peak"). std::invalid_argument when empty.
/// @snippet reductions.cpp extremes
template <MatrixExpr E>
    requires(std::is_arithmetic_v<value_t<E>> && !std::same_as<value_t<E>, bool>)
value_t<E> ptp(const E& e) {
    const detail::EvaluatedOnce<E> x(e);
    return static_cast<value_t<E>>(max(x) - min(x));
}
/// The same of the columns (Axis 0: a RowVector) or of the rows (Axis 1: a Vector).
/// @snippet reductions.cpp extremes
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::is_arithmetic_v<value_t<E>> && !std::same_as<value_t<E>, bool>)
auto ptp(const E& e) {
    const detail::EvaluatedOnce<E> x(e);
    return eval(max<Axis>(x) - min<Axis>(x));
}

/// Sum of the elements that are not NaN; 0 of none.
/// @snippet reductions.cpp nan
template <MatrixExpr E>
    requires std::floating_point<real_t<value_t<E>>>
auto nansum(const E& e) {
    return detail::reduce_all(e, [](auto line) { return detail::present(line).sum; });
}
/// The same over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp nan
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<real_t<value_t<E>>>)
auto nansum(const E& e) {
    return detail::reduce_lines<Axis, value_t<E>>(e, [](auto line) { return detail::present(line).sum; });
}
/// Mean of the elements that are not NaN; NaN of none.
/// @snippet reductions.cpp nan
template <MatrixExpr E>
    requires std::floating_point<real_t<value_t<E>>>
auto nanmean(const E& e) {
    return detail::reduce_all(e, [](auto line) { return detail::present_mean(line); });
}
/// The same over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp nan
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<real_t<value_t<E>>>)
auto nanmean(const E& e) {
    return detail::reduce_lines<Axis, value_t<E>>(e, [](auto line) { return detail::present_mean(line); });
}
/// The largest (smallest) element that is not NaN; NaN of none.
/// @snippet reductions.cpp nan
template <MatrixExpr E>
    requires std::floating_point<value_t<E>> value_t<E> nanmax(const E& e) {
        return detail::reduce_all(e, [](auto line) { return detail::present_extreme<true>(line); });
    }
template <MatrixExpr E>
    requires std::floating_point<value_t<E>> value_t<E> nanmin(const E& e) {
        return detail::reduce_all(e, [](auto line) { return detail::present_extreme<false>(line); });
    }
/// The same of the columns (Axis 0: a RowVector) or of the rows (Axis 1: a Vector).
/// @snippet reductions.cpp nan
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<value_t<E>>)
auto nanmax(const E& e) {
    return detail::reduce_lines<Axis, value_t<E>>(e, [](auto line) { return detail::present_extreme<true>(line); });
}
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<value_t<E>>)
auto nanmin(const E& e) {
    return detail::reduce_lines<Axis, value_t<E>>(e, [](auto line) { return detail::present_extreme<false>(line); });
}

}  // namespace gram::inline GRAM_ISA
