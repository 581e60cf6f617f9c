/// The loops behind sum and mean.
///
/// Sums of floating-point numbers are accumulated in blocks that are added in pairs, so the error grows with the
/// logarithm of the number of blocks (Higham, Accuracy and Stability of Numerical Algorithms, sec. 4.2).
#pragma once

#include <array>
#include <bit>

#include "gram/expr/reader.hpp"
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
        std::size_t level = 0;
        for (; (count_ >> level & 1) == 0; ++level) term = partial_[level] + term;
        partial_[level] = term;
    }
    [[nodiscard]] S total() const {
        S sum{};
        for (std::size_t level = 0; count_ >> level != 0; ++level) {
            if (count_ >> level & 1) sum = partial_[level] + sum;
        }
        return sum;
    }

private:
    std::uint64_t count_ = 0;
    std::array<S, 64> partial_;  // those below a set bit of count_ hold sums
};

inline constexpr index_t sum_block = 512;

/// Adds elements first..last of line o, of a row (Axis 1) or a column, pack by pack.
template <class Arch, int Axis, class R>
typename R::value_type sum_packs(const R& reader, index_t o, index_t first, index_t last) {
    using T = typename R::value_type;
    constexpr index_t w = simd::width<T, Arch>;
    const auto line = reader.template line<Axis>(o);
    const auto load = [&](index_t p) { return line.template load<Arch>(p, NoProduct{}); };
    index_t p = first;
    T sum{};
    if (last - p >= w) {
        auto a = simd::broadcast<T, Arch>(T{0}), b = a, c = a, d = a;
        for (; p + 4 * w <= last; p += 4 * w) {
            a = a + load(p), b = b + load(p + w), c = c + load(p + 2 * w), d = d + load(p + 3 * w);
        }
        for (; p + w <= last; p += w) a = a + load(p);
        sum = simd::reduce_add((a + b) + (c + d));
    }
    if (p < last) {
        T lanes[static_cast<std::size_t>(w)];
        simd::store(lanes, line.template load_n<Arch>(p, last - p, NoProduct{}));
        for (index_t l = 0; l < last - p; ++l) sum += lanes[l];
    }
    return sum;
}
/// The same element by element, for any type and any strides.
template <int Axis, class R>
sum_t<typename R::value_type> sum_elements(const R& reader, index_t o, index_t first, index_t last) {
    using S = sum_t<typename R::value_type>;
    S sum{};
    for (index_t p = first; p < last; ++p) {
        sum = static_cast<S>(sum +
                             static_cast<S>(Axis == 1 ? reader.at(o, p, NoProduct{}) : reader.at(p, o, NoProduct{})));
    }
    return sum;
}

/// Adds every line along Axis into `each(o, sum)`.
template <class Arch, int Axis, class R, class Each>
void sum_lines(const R& reader, index_t lines, index_t length, Each each) {
    const auto for_each = [&](auto segment) {
        for (index_t o = 0; o < lines; ++o) {
            if (length <= sum_block) {
                each(o, segment(o, index_t{0}, length));
                continue;
            }
            PairwiseSum<sum_t<typename R::value_type>> sum;
            for (index_t p = 0; p < length; p += sum_block) {
                sum.add(segment(o, p, length - p < sum_block ? length : p + sum_block));
            }
            each(o, sum.total());
        }
    };
    if constexpr (R::has_packets && simd::has_pack<typename R::value_type, Arch>) {
        if (reader.packets(Axis)) {
            return for_each(
                [&](index_t o, index_t first, index_t last) { return sum_packs<Arch, Axis>(reader, o, first, last); });
        }
    }
    for_each([&](index_t o, index_t first, index_t last) { return sum_elements<Axis>(reader, o, first, last); });
}

/// result[p] += sum over o in [begin, end) of element (o, p) (Axis 1: p runs along rows) for lines that are contiguous
/// in p.
template <class Arch, int Axis, class R, class S>
void sum_lines_across(const R& reader, index_t begin, index_t end, index_t length, S* result) {
    using T = typename R::value_type;
    constexpr index_t chunk = 64;
    for (index_t first = begin; first < end; first += chunk) {
        const index_t last = end - first < chunk ? end : first + chunk;
        if constexpr (R::has_packets && simd::has_pack<T, Arch>) {
            constexpr index_t w = simd::width<T, Arch>;
            index_t p = 0;
            for (; p + 2 * w <= length; p += 2 * w) {
                auto a = simd::broadcast<T, Arch>(T{0}), b = a;
                for (index_t o = first; o < last; ++o) {
                    const auto line = reader.template line<Axis>(o);
                    a = a + line.template load<Arch>(p, NoProduct{});
                    b = b + line.template load<Arch>(p + w, NoProduct{});
                }
                simd::store(result + p, simd::load<T, Arch>(result + p) + a);
                simd::store(result + p + w, simd::load<T, Arch>(result + p + w) + b);
            }
            for (; p < length; p += w) {
                const index_t n = length - p < w ? length - p : w;
                auto a = simd::broadcast<T, Arch>(T{0});
                for (index_t o = first; o < last; ++o) {
                    a = a + reader.template line<Axis>(o).template load_n<Arch>(p, n, NoProduct{});
                }
                simd::store_n(result + p, simd::load_n<T, Arch>(result + p, n) + a, n);
            }
        } else {
            for (index_t o = first; o < last; ++o) {
                for (index_t p = 0; p < length; ++p) {
                    result[p] = static_cast<S>(result[p] + static_cast<S>(Axis == 1 ? reader.at(o, p, NoProduct{})
                                                                                    : reader.at(p, o, NoProduct{})));
                }
            }
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

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
