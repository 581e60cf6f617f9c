/// Sums, means, extremes: over all elements, or over the axis that disappears (`sum<0>(X)` is a RowVector).
///
/// Sums of floating-point numbers are accumulated in blocks that are added in pairs, so the error grows with the
/// logarithm of the number of blocks (Higham, Accuracy and Stability of Numerical Algorithms, sec. 4.2).
#pragma once

#include <array>
#include <bit>

#include "gram/expr/functions.hpp"
#include "gram/simd/reduce.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// The type of a sum of T: integers count in 64 bits.
template <class T>
struct SumOf {
    using type = T;
};
template <std::integral T>
struct SumOf<T> {
    using type = std::conditional_t<std::is_signed_v<T> || std::is_same_v<T, bool>, std::int64_t, std::uint64_t>;
};
template <class T>
using sum_t = typename SumOf<T>::type;
template <class T>
using mean_t = std::conditional_t<std::is_integral_v<T>, double, T>;

/// Adds a stream of terms in pairs, pairs of pairs and so on.
template <class S>
class PairwiseSum {
public:
    void add(S term) {
        ++count_;
        int level = 0;
        for (; (count_ >> level & 1) == 0; ++level) term = partial_[static_cast<std::size_t>(level)] + term;
        partial_[static_cast<std::size_t>(level)] = term;
    }
    [[nodiscard]] S total() const {
        S sum{};
        for (std::size_t level = 0; level < partial_.size(); ++level) {
            if (count_ >> level & 1) sum = partial_[level] + sum;
        }
        return sum;
    }

private:
    std::uint64_t count_ = 0;
    std::array<S, 48> partial_{};
};

inline constexpr index_t sum_block = 512;

/// Adds elements (o, first..last) along the row (Axis 1) or (first..last, o) along the column: packets where possible.
template <class Arch, int Axis, bool Packets, class R>
auto sum_segment(const R& reader, index_t o, index_t first, index_t last) {
    using T = typename R::value_type;
    using S = sum_t<T>;
    const auto at = [&](index_t p) { return Axis == 1 ? reader.at(o, p, NoProduct{}) : reader.at(p, o, NoProduct{}); };
    S sum{};
    index_t p = first;
    if constexpr (Packets) {
        constexpr index_t w = simd::width<T, Arch>;
        const auto load = [&](index_t q) {
            return Axis == 1 ? reader.template load<Arch, Axis>(o, q, NoProduct{})
                             : reader.template load<Arch, Axis>(q, o, NoProduct{});
        };
        if (last - p >= w) {
            auto a = simd::broadcast<T, Arch>(T{0}), b = a, c = a, d = a;
            for (; p + 4 * w <= last; p += 4 * w) {
                a = a + load(p), b = b + load(p + w), c = c + load(p + 2 * w), d = d + load(p + 3 * w);
            }
            for (; p + w <= last; p += w) a = a + load(p);
            sum = simd::reduce_add((a + b) + (c + d));
        }
    }
    for (; p < last; ++p) sum = static_cast<S>(sum + static_cast<S>(at(p)));
    return sum;
}

/// Adds every line along Axis into `each(o, sum)`.
template <class Arch, int Axis, class R, class Each>
void sum_lines(const R& reader, index_t lines, index_t length, Each each) {
    const auto line = [&](auto packets, index_t o) {
        if (length <= sum_block) return sum_segment<Arch, Axis, packets()>(reader, o, 0, length);
        PairwiseSum<sum_t<typename R::value_type>> sum;
        for (index_t p = 0; p < length; p += sum_block) {
            const index_t end = length - p < sum_block ? length : p + sum_block;
            sum.add(sum_segment<Arch, Axis, packets()>(reader, o, p, end));
        }
        return sum.total();
    };
    if constexpr (R::has_packets && simd::has_pack<typename R::value_type, Arch>) {
        if (reader.packets(Axis)) {
            for (index_t o = 0; o < lines; ++o) each(o, line(std::true_type{}, o));
            return;
        }
    }
    for (index_t o = 0; o < lines; ++o) each(o, line(std::false_type{}, o));
}

/// result[p] += sum over o in [begin, end) of element (o, p) (Axis 1: p runs along rows) for lines that are contiguous
/// in p.
template <class Arch, int Axis, class R, class S>
void sum_lines_across(const R& reader, index_t begin, index_t end, index_t length, S* result) {
    using T = typename R::value_type;
    constexpr index_t chunk = 64;
    for (index_t first = begin; first < end; first += chunk) {
        const index_t last = end - first < chunk ? end : first + chunk;
        index_t p = 0;
        if constexpr (R::has_packets && simd::has_pack<T, Arch>) {
            constexpr index_t w = simd::width<T, Arch>;
            for (; p + w <= length; p += w) {
                auto sum = simd::broadcast<T, Arch>(T{0});
                for (index_t o = first; o < last; ++o) {
                    sum = sum + (Axis == 1 ? reader.template load<Arch, Axis>(o, p, NoProduct{})
                                           : reader.template load<Arch, Axis>(p, o, NoProduct{}));
                }
                simd::store(result + p, simd::load<T, Arch>(result + p) + sum);
            }
        }
        for (; p < length; ++p) {
            S sum{};
            for (index_t o = first; o < last; ++o) {
                sum = static_cast<S>(
                    sum + static_cast<S>(Axis == 1 ? reader.at(o, p, NoProduct{}) : reader.at(p, o, NoProduct{})));
            }
            result[p] = static_cast<S>(result[p] + sum);
        }
    }
}

/// As sum_lines_across for any number of lines: halves are added in pairs. `scratch` holds `length` elements for each
/// time that the lines can be halved.
template <class Arch, int Axis, class R, class S>
void sum_halves_across(const R& reader, index_t begin, index_t end, index_t length, S* result, S* scratch) {
    if (end - begin <= sum_block) return sum_lines_across<Arch, Axis>(reader, begin, end, length, result);
    const index_t middle = begin + (end - begin) / 2;
    sum_halves_across<Arch, Axis>(reader, begin, middle, length, result, scratch);
    std::fill_n(scratch, length, S{});
    sum_halves_across<Arch, Axis>(reader, middle, end, length, scratch, scratch + length);
    for (index_t p = 0; p < length; ++p) result[p] = static_cast<S>(result[p] + scratch[p]);
}
template <class Arch, int Axis, class R, class S>
void sum_across(const R& reader, index_t lines, index_t length, S* result) {
    index_t halvings = 0;
    for (index_t n = lines; n > sum_block; n -= n / 2) ++halvings;
    kernel::Buffer<S> scratch(halvings * length);
    sum_halves_across<Arch, Axis>(reader, 0, lines, length, result, scratch.data());
}

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

/// a comes before b as an extreme: NaN before everything, ties to the one that came first.
template <bool Largest, class T>
bool better(const T& x, const T& best) {
    if (best != best) return false;
    return x != x || (Largest ? x > best : x < best);
}

template <bool Largest, int Axis, MatrixExpr E, class Value, class Index>
void extremes(const char* name, const E& e, Value value, Index index) {
    const index_t lines = Axis == 0 ? e.cols() : e.rows(), length = Axis == 0 ? e.rows() : e.cols();
    if (lines > 0) require_elements(name, e);
    const auto reader = reader_of(e);
    for (index_t o = 0; o < lines; ++o) {
        const auto at = [&](index_t p) {
            return Axis == 0 ? reader.at(p, o, NoProduct{}) : reader.at(o, p, NoProduct{});
        };
        index_t best = 0;
        for (index_t p = 1; p < length; ++p) {
            if (better<Largest>(at(p), at(best))) best = p;
        }
        value(o, at(best));
        index(o, best);
    }
}
inline constexpr auto ignore = [](auto&&...) {};

template <bool Largest, MatrixExpr E>
auto extreme(const char* name, const E& e) {
    require_elements(name, e);
    struct State {
        value_t<E> value;
        index_t index;
    };
    const index_t cols = e.cols();
    const auto reader = reader_of(e);
    State s{reader.at(0, 0, NoProduct{}), 0};
    for (index_t i = 0; i < e.rows(); ++i) {
        for (index_t j = 0; j < cols; ++j) {
            if (const auto x = reader.at(i, j, NoProduct{}); better<Largest>(x, s.value)) s = {x, i * cols + j};
        }
    }
    return s;
}

}  // namespace detail

/// Sum of all elements; 0 of an empty matrix. Integers are added in 64 bits.
template <MatrixExpr E>
auto sum(const E& e) {
    using T = value_t<E>;
    const auto reader = detail::reader_of(e);
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
template <MatrixExpr E>
auto mean(const E& e) {
    using M = detail::mean_t<value_t<E>>;
    return static_cast<M>(sum(e)) / static_cast<real_t<M>>(e.rows() * e.cols());
}
/// Means over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto mean(const E& e) {
    using M = detail::mean_t<value_t<E>>;
    return eval(cast<M>(sum<Axis>(e)) / static_cast<real_t<M>>(Axis == 0 ? e.rows() : e.cols()));
}

/// Product of all elements; 1 of an empty matrix.
template <MatrixExpr E>
auto prod(const E& e) {
    using S = detail::sum_t<value_t<E>>;
    return detail::fold(S{1}, e,
                        [](S& s, const auto& x, index_t, index_t) { s = static_cast<S>(s * static_cast<S>(x)); });
}
/// True when all elements are non-zero (true for an empty matrix).
template <MatrixExpr E>
bool all(const E& e) {
    return detail::fold(true, e, [](bool& s, const auto& x, index_t, index_t) { s = s && x != value_t<E>{}; });
}
/// True when any element is non-zero (a NaN is).
template <MatrixExpr E>
bool any(const E& e) {
    return detail::fold(false, e, [](bool& s, const auto& x, index_t, index_t) { s = s || x != value_t<E>{}; });
}

/// The largest element; NaN when there is one. std::invalid_argument when empty.
template <MatrixExpr E>
value_t<E> max(const E& e) {
    return detail::extreme<true>("max", e).value;
}
/// The smallest element; NaN when there is one. std::invalid_argument when empty.
template <MatrixExpr E>
value_t<E> min(const E& e) {
    return detail::extreme<false>("min", e).value;
}
/// Position of the largest element (the first NaN, else the first of equals) in row order: i * cols + j.
template <MatrixExpr E>
index_t argmax(const E& e) {
    return detail::extreme<true>("argmax", e).index;
}
/// Position of the smallest element, as argmax.
template <MatrixExpr E>
index_t argmin(const E& e) {
    return detail::extreme<false>("argmin", e).index;
}
/// Largest elements of the columns (Axis 0: a RowVector) or of the rows (Axis 1: a Vector).
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto max(const E& e) {
    auto r = detail::make_reduced<Axis, value_t<E>>(e);
    detail::extremes<true, Axis>(
        "max", e, [&](index_t o, auto x) { r[o] = x; }, detail::ignore);
    return r;
}
/// Smallest elements of the columns (Axis 0) or of the rows (Axis 1).
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto min(const E& e) {
    auto r = detail::make_reduced<Axis, value_t<E>>(e);
    detail::extremes<false, Axis>(
        "min", e, [&](index_t o, auto x) { r[o] = x; }, detail::ignore);
    return r;
}
/// Positions of the largest elements within the columns (Axis 0) or within the rows (Axis 1).
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto argmax(const E& e) {
    auto r = detail::make_reduced<Axis, index_t>(e);
    detail::extremes<true, Axis>("argmax", e, detail::ignore, [&](index_t o, index_t p) { r[o] = p; });
    return r;
}
/// Positions of the smallest elements within the columns (Axis 0) or within the rows (Axis 1).
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto argmin(const E& e) {
    auto r = detail::make_reduced<Axis, index_t>(e);
    detail::extremes<false, Axis>("argmin", e, detail::ignore, [&](index_t o, index_t p) { r[o] = p; });
    return r;
}

/// Sum of the main diagonal, of any shape.
template <MatrixExpr E>
value_t<E> trace(const E& e) {
    const auto reader = detail::reader_of(e);
    value_t<E> s{};
    for (index_t i = 0; i < e.rows() && i < e.cols(); ++i)
        s = static_cast<value_t<E>>(s + reader.at(i, i, detail::NoProduct{}));
    return s;
}

}  // namespace gram::inline GRAM_ISA
