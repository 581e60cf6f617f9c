/// Order: sort, argsort, topk, unique, searchsorted, median, quantile, histogram.
///
/// NaN counts as larger than every number; equal elements keep their order.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "gram/expr/binary.hpp"
#include "gram/expr/line_access.hpp"
#include "gram/expr/reductions.hpp"

namespace gram::inline GRAM_ISA {

/// Smallest first, or largest first (NaN last in both).
enum class SortOrder { ascending, descending };

namespace detail {

/// A total order: numbers, then NaN.
template <class T>
bool comes_before(const T& a, const T& b, SortOrder order) {
    if (is_nan(a) || is_nan(b)) return !is_nan(a);
    return order == SortOrder::ascending ? a < b : b < a;
}
template <class T>
struct Before {
    SortOrder order;
    bool operator()(const T& a, const T& b) const {
        if (is_nan(a) && is_nan(b)) return false;
        return comes_before(a, b, order);
    }
};

/// A row-major copy whose lines along Axis are contiguous after `lines_of`: columns of the transpose for Axis 0.
template <int Axis, MatrixExpr E>
Matrix<value_t<E>> lines_of(const E& e) {
    if constexpr (Axis == 1) {
        return Matrix<value_t<E>>(e);
    } else {
        return Matrix<value_t<E>>(transposed(e));
    }
}
/// The result of work on lines, turned back.
template <int Axis, class T>
Matrix<T> from_lines(Matrix<T> lines) {
    if constexpr (Axis == 1) {
        return lines;
    } else {
        return Matrix<T>(lines.T());
    }
}
/// The first count positions of the sorted order.
template <class T>
void sorted_positions(const T* x, index_t n, index_t count, SortOrder order, index_t* positions) {
    std::iota(positions, positions + n, index_t{0});
    const Before<T> before{order};
    const auto by_value = [&](index_t a, index_t b) { return before(x[a], x[b]) || (!before(x[b], x[a]) && a < b); };
    if (count < n) {
        std::partial_sort(positions, positions + count, positions + n, by_value);
    } else {
        std::sort(positions, positions + n, by_value);
    }
}

}  // namespace detail

/// The elements of a vector in order; every column (Axis 0) or row (Axis 1) of a matrix by itself. O(n log n) each.
/// @snippet reductions.cpp sort
template <detail::Ordered E>
    requires VectorExpr<E>
[[nodiscard]] auto sort(const E& e, SortOrder order = SortOrder::ascending) {
    Matrix<value_t<E>, rows_v<E>, cols_v<E>> x(e);
    std::stable_sort(x.begin(), x.end(), detail::Before<value_t<E>>{order});
    return x;
}
template <int Axis, detail::Ordered E>
    requires(Axis == 0 || Axis == 1)
[[nodiscard]] Matrix<value_t<E>> sort(const E& e, SortOrder order = SortOrder::ascending) {
    auto lines = detail::lines_of<Axis>(e);
    for (index_t i = 0; i < lines.rows(); ++i) {
        value_t<E>* x = lines.data() + i * lines.cols();
        std::stable_sort(x, x + lines.cols(), detail::Before<value_t<E>>{order});
    }
    return detail::from_lines<Axis>(std::move(lines));
}

/// The positions of the elements of a vector in order; of a matrix within every column (Axis 0) or row (Axis 1).
/// @snippet reductions.cpp sort
template <detail::Ordered E>
    requires VectorExpr<E>
[[nodiscard]] Vector<index_t> argsort(const E& e, SortOrder order = SortOrder::ascending) {
    const Matrix<value_t<E>, rows_v<E>, cols_v<E>> x(e);
    Vector<index_t> positions(x.size());
    detail::sorted_positions(x.data(), x.size(), x.size(), order, positions.data());
    return positions;
}
template <int Axis, detail::Ordered E>
    requires(Axis == 0 || Axis == 1)
[[nodiscard]] Matrix<index_t> argsort(const E& e, SortOrder order = SortOrder::ascending) {
    const auto lines = detail::lines_of<Axis>(e);
    Matrix<index_t> positions(lines.rows(), lines.cols());
    for (index_t i = 0; i < lines.rows(); ++i) {
        const index_t n = lines.cols();
        detail::sorted_positions(lines.data() + i * n, n, n, order, positions.data() + i * n);
    }
    return detail::from_lines<Axis>(std::move(positions));
}

/// What topk returns: the k largest (or smallest) elements in order and where they stand.
template <class T>
struct TopElements {
    Vector<T> values;
    Vector<index_t> positions;
};
/// The k largest elements of a vector, largest first; ties by lower position, NaN never before a number. k beyond the
/// size is the size. SortOrder::ascending gives the smallest. O(n log k). std::invalid_argument for k < 0.
/// @snippet reductions.cpp topk
template <detail::Ordered E>
    requires VectorExpr<E>
[[nodiscard]] TopElements<value_t<E>> topk(const E& e, index_t k, SortOrder order = SortOrder::descending) {
    if (k < 0) throw std::invalid_argument("topk: k = " + std::to_string(k) + ", expected k >= 0");
    const Matrix<value_t<E>, rows_v<E>, cols_v<E>> x(e);
    k = std::min(k, x.size());
    std::vector<index_t> positions(static_cast<std::size_t>(x.size()));
    detail::sorted_positions(x.data(), x.size(), k, order, positions.data());
    TopElements<value_t<E>> top{Vector<value_t<E>>(k), Vector<index_t>(k)};
    for (index_t i = 0; i < k; ++i) {
        top.positions[i] = positions[static_cast<std::size_t>(i)];
        top.values[i] = x.data()[top.positions[i]];
    }
    return top;
}

/// What unique returns: the distinct elements in ascending order, how often each occurs, and for every element of the
/// input (in row order) which of them it is: values[inverse] is the input. All NaN count as one.
template <class T>
struct Unique {
    Vector<T> values;
    Vector<index_t> counts;
    Vector<index_t> inverse;
};
/// The distinct elements of a matrix. O(n log n).
/// @snippet reductions.cpp unique
template <detail::Ordered E>
[[nodiscard]] Unique<value_t<E>> unique(const E& e) {
    using T = value_t<E>;
    const Matrix<T> x(e);
    std::vector<index_t> order(static_cast<std::size_t>(x.size()));
    detail::sorted_positions(x.data(), x.size(), x.size(), SortOrder::ascending, order.data());
    std::vector<T> values;
    std::vector<index_t> counts;
    Unique<T> result;
    result.inverse = Vector<index_t>(x.size());
    const detail::Before<T> before{SortOrder::ascending};
    for (const index_t k : order) {
        const T value = x.data()[k];
        if (values.empty() || before(values.back(), value)) {
            values.push_back(value);
            counts.push_back(0);
        }
        ++counts.back();
        result.inverse[k] = static_cast<index_t>(values.size()) - 1;
    }
    const auto distinct = static_cast<index_t>(values.size());
    result.values = Vector<T>(distinct);
    result.counts = Vector<index_t>(distinct);
    std::copy(values.begin(), values.end(), result.values.begin());
    std::copy(counts.begin(), counts.end(), result.counts.begin());
    return result;
}

/// Where an element belongs in a sorted vector: before its equals, or behind them.
enum class Side { left, right };
/// For each of the queries the position at which it would keep the ascending vector x sorted. O(m log n). x is not
/// checked to be sorted.
/// @snippet reductions.cpp searchsorted
template <detail::Ordered X, detail::Ordered Q>
    requires VectorExpr<X> && VectorExpr<Q> && SameValueType<X, Q>
[[nodiscard]] Vector<index_t> searchsorted(const X& x, const Q& queries, Side side = Side::left) {
    const Matrix<value_t<X>, rows_v<X>, cols_v<X>> sorted(x);
    const Matrix<value_t<Q>, rows_v<Q>, cols_v<Q>> q(queries);
    const detail::Before<value_t<X>> before{SortOrder::ascending};
    Vector<index_t> positions(q.size());
    for (index_t i = 0; i < q.size(); ++i) {
        const auto* place = side == Side::left ? std::lower_bound(sorted.begin(), sorted.end(), q.data()[i], before)
                                               : std::upper_bound(sorted.begin(), sorted.end(), q.data()[i], before);
        positions[i] = place - sorted.begin();
    }
    return positions;
}

namespace detail {

[[noreturn]] inline void refuse_quantile(double q) {
    throw std::invalid_argument("quantile: " + std::to_string(q) + ", expected a number in [0, 1]");
}
/// The q-quantile of n > 0 elements, which are reordered: NumPy's default, linear between the two neighbours of (n - 1)
/// q. NaN when there is one.
template <class T>
mean_t<T> quantile_of(T* x, index_t n, double q) {
    using M = mean_t<T>;
    if (std::any_of(x, x + n, [](const T& v) { return is_nan(v); })) return std::numeric_limits<M>::quiet_NaN();
    const double place = static_cast<double>(n - 1) * q, below = std::floor(place);
    const auto k = static_cast<index_t>(below);
    std::nth_element(x, x + k, x + n);
    const M low = static_cast<M>(x[k]);
    const M fraction = static_cast<M>(place - below);
    if (fraction == M{} || k + 1 >= n) return low;
    const M high = static_cast<M>(*std::min_element(x + k + 1, x + n));
    if (low == high) return low;  // infinities too
    const M step = high - low;
    if (!IsFinite{}(step)) return (M{1} - fraction) * low + fraction * high;
    return fraction < M(0.5) ? low + fraction * step : high - (M{1} - fraction) * step;
}

}  // namespace detail

/// The q-quantile of all elements, 0 <= q <= 1, linear between neighbours (NumPy's default method). NaN when there is
/// one. O(n). std::invalid_argument when empty or for q outside of [0, 1].
/// @snippet reductions.cpp quantile
template <detail::Ordered E>
[[nodiscard]] auto quantile(const E& e, double q) {
    if (!(q >= 0 && q <= 1)) detail::refuse_quantile(q);
    detail::require_elements("quantile", e);
    Matrix<value_t<E>> x(e);
    return detail::quantile_of(x.data(), x.size(), q);
}
/// Several quantiles of all elements, in the order of q.
/// @snippet reductions.cpp quantile
template <detail::Ordered E, VectorExpr Q>
    requires std::same_as < value_t<Q>,
double > [[nodiscard]] auto quantile(const E& e, const Q& q) {
    const Matrix<double> wanted(q);
    Vector<detail::mean_t<value_t<E>>> result(wanted.size());
    for (const double one_of_them : wanted)
        if (!(one_of_them >= 0 && one_of_them <= 1)) detail::refuse_quantile(one_of_them);
    if (wanted.size() == 0) return result;
    detail::require_elements("quantile", e);
    Matrix<value_t<E>> x(e);
    for (index_t k = 0; k < wanted.size(); ++k) result[k] = detail::quantile_of(x.data(), x.size(), wanted.data()[k]);
    return result;
}
/// The same of every column (Axis 0: a RowVector) or row (Axis 1: a Vector).
/// @snippet reductions.cpp quantile
template <int Axis, detail::Ordered E>
    requires(Axis == 0 || Axis == 1)
[[nodiscard]] auto quantile(const E& e, double q) {
    if (!(q >= 0 && q <= 1)) detail::refuse_quantile(q);
    auto result = detail::make_reduced<Axis, detail::mean_t<value_t<E>>>(e);
    if (result.size() == 0) return result;
    detail::require_elements("quantile", e);
    auto lines = detail::lines_of<Axis>(e);
    for (index_t i = 0; i < lines.rows(); ++i) {
        result[i] = detail::quantile_of(lines.data() + i * lines.cols(), lines.cols(), q);
    }
    return result;
}
/// The middle element, or the mean of the two middle ones: quantile(e, 0.5).
/// @snippet reductions.cpp quantile
template <detail::Ordered E>
[[nodiscard]] auto median(const E& e) {
    return quantile(e, 0.5);
}
template <int Axis, detail::Ordered E>
[[nodiscard]] auto median(const E& e) {
    return quantile<Axis>(e, 0.5);
}

/// Counts of elements in equal bins: bin b holds [edges[b], edges[b + 1]), the last one its right edge too.
template <class T>
struct Histogram {
    Vector<index_t> counts;
    Vector<T> edges;
};
/// The histogram of all elements over `bins` equal bins from low to high; elements outside, and NaN, are not counted.
/// std::invalid_argument unless bins > 0 and low < high are finite.
/// @snippet reductions.cpp histogram
template <MatrixExpr E>
    requires std::is_arithmetic_v<value_t<E>>
[[nodiscard]] auto histogram(const E& e, index_t bins, detail::mean_t<value_t<E>> low,
                             detail::mean_t<value_t<E>> high) {
    using M = detail::mean_t<value_t<E>>;
    if (bins <= 0 || !(low < high) || !detail::IsFinite{}(low) || !detail::IsFinite{}(high)) {
        throw std::invalid_argument("histogram: " + std::to_string(bins) + " bins over [" + std::to_string(low) + ", " +
                                    std::to_string(high) + "]");
    }
    Histogram<M> result{Vector<index_t>(bins), Vector<M>(bins + 1)};
    for (index_t b = 0; b <= bins; ++b) {
        const M t = static_cast<M>(b) / static_cast<M>(bins);
        result.edges[b] = b == bins ? high : (M{1} - t) * low + t * high;
    }
    const Matrix<value_t<E>> x(e);
    for (const auto& value : x) {
        const M v = static_cast<M>(value);
        if (!(v >= low && v <= high)) continue;
        auto b =
            std::min(static_cast<index_t>((v / 2 - low / 2) / (high / 2 - low / 2) * static_cast<M>(bins)), bins - 1);
        // Rounding may have chosen a neighbour: the edges decide.
        while (b > 0 && v < result.edges[b]) --b;
        while (b + 1 < bins && v >= result.edges[b + 1]) ++b;
        ++result.counts[b];
    }
    return result;
}
/// The same over [min, max] of the finite elements (NumPy's default; [min - 1/2, max + 1/2] when they agree).
/// std::invalid_argument when there is none.
/// @snippet reductions.cpp histogram
template <MatrixExpr E>
    requires std::is_arithmetic_v<value_t<E>>
[[nodiscard]] auto histogram(const E& e, index_t bins = 10) {
    using M = detail::mean_t<value_t<E>>;
    const Matrix<value_t<E>> x(e);
    M low = std::numeric_limits<M>::max(), high = std::numeric_limits<M>::lowest();
    for (const auto& v : x) {
        if (!detail::IsFinite{}(v)) continue;
        low = std::min(low, static_cast<M>(v)), high = std::max(high, static_cast<M>(v));
    }
    if (low > high) throw std::invalid_argument("histogram: no finite element");
    return low == high ? histogram(x, bins, low - M(0.5), high + M(0.5)) : histogram(x, bins, low, high);
}

/// How often 0, 1, 2, ... occur among non-negative integers; at least `minimum` counts. std::invalid_argument for a
/// negative element.
/// @snippet reductions.cpp histogram
template <MatrixExpr E>
    requires std::integral<value_t<E>>
[[nodiscard]] Vector<index_t> bincount(const E& e, index_t minimum = 0) {
    const Matrix<value_t<E>> x(e);
    index_t largest = minimum - 1;
    for (const auto v : x) {
        if (std::cmp_less(v, 0)) throw std::invalid_argument("bincount: element " + std::to_string(v) + " is negative");
        largest = std::max(largest, static_cast<index_t>(v));
    }
    Vector<index_t> counts(std::max<index_t>(largest + 1, 0));
    for (const auto v : x) ++counts[static_cast<index_t>(v)];
    return counts;
}

}  // namespace gram::inline GRAM_ISA
