/// The loops behind max, min, argmax and argmin.
///
/// A NaN comes before everything, so that it is never lost; of equal elements the first one counts.
#pragma once

#include "gram/expr/functors.hpp"
#include "gram/expr/reader.hpp"
#include "gram/simd/reduce.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// x comes before best as an extreme.
template <bool Largest, class T>
bool better(const T& x, const T& best) {
    if (best != best) return false;
    return x != x || (Largest ? x > best : x < best);
}
template <bool Largest>
using Extremum = std::conditional_t<Largest, Maximum, Minimum>;

/// The extreme of elements first..last > first of line o, a row (Axis 1) or a column, pack by pack.
template <bool Largest, class Arch, int Axis, class R>
typename R::value_type extreme_of_packs(const R& reader, index_t o, index_t first, index_t last) {
    using T = typename R::value_type;
    constexpr index_t w = simd::width<T, Arch>;
    constexpr Extremum<Largest> f;
    const auto line = reader.template line<Axis>(o);
    const auto load = [&](index_t p) { return line.template load<Arch>(p, NoProduct{}); };
    T lanes[static_cast<std::size_t>(w)];
    index_t count = w;
    if (last - first < w) {
        count = last - first;
        simd::store(lanes, line.template load_n<Arch>(first, count, NoProduct{}));
    } else {
        auto a = load(last - w), b = a, c = a, d = a;  // the last pack may overlap the one before
        index_t p = first;
        for (; p + 4 * w <= last; p += 4 * w) {
            a = f.packet(a, load(p)), b = f.packet(b, load(p + w));
            c = f.packet(c, load(p + 2 * w)), d = f.packet(d, load(p + 3 * w));
        }
        for (; p + w <= last; p += w) a = f.packet(a, load(p));
        a = f.packet(f.packet(a, b), f.packet(c, d));
        if (simd::all(a == a)) return Largest ? simd::reduce_max(a) : simd::reduce_min(a);
        simd::store(lanes, a);
    }
    T best = lanes[0];
    for (index_t l = 1; l < count; ++l) best = f(best, lanes[l]);
    return best;
}
/// The same element by element, for any type and any strides.
template <bool Largest, int Axis, class R>
typename R::value_type extreme_of_elements(const R& reader, index_t o, index_t first, index_t last) {
    const auto at = [&](index_t p) { return Axis == 1 ? reader.at(o, p, NoProduct{}) : reader.at(p, o, NoProduct{}); };
    auto best = at(first);
    for (index_t p = first + 1; p < last; ++p) best = Extremum<Largest>{}(best, at(p));
    return best;
}
template <bool Largest, class Arch, int Axis, class R>
typename R::value_type line_extreme(const R& reader, index_t o, index_t first, index_t last) {
    if constexpr (R::has_packets && simd::has_pack<typename R::value_type, Arch>) {
        if (reader.packets(Axis)) return extreme_of_packs<Largest, Arch, Axis>(reader, o, first, last);
    }
    return extreme_of_elements<Largest, Axis>(reader, o, first, last);
}

template <class T>
struct Extreme {
    T value;
    index_t index;
};
/// The extreme of a line of length > 0 and its first place: the extreme of every block, then the place in the best one.
template <bool Largest, class Arch, int Axis, class R>
Extreme<typename R::value_type> locate_in_line(const R& reader, index_t o, index_t length) {
    constexpr index_t block = 512;
    const auto end = [&](index_t p) { return length - p < block ? length : p + block; };
    index_t place = 0;
    auto best = line_extreme<Largest, Arch, Axis>(reader, o, 0, end(0));
    for (index_t p = block; p < length; p += block) {
        if (const auto x = line_extreme<Largest, Arch, Axis>(reader, o, p, end(p)); better<Largest>(x, best)) {
            best = x;
            place = p;
        }
    }
    // Evaluated once more by the same code: packs and single elements may differ in the last bit.
    for (const index_t last = end(place); place + 1 < last; ++place) {
        const auto x = line_extreme<Largest, Arch, Axis>(reader, o, place, place + 1);
        if (x == best || (x != x && best != best)) break;
    }
    return {best, place};
}

/// values[p] = the extreme over o < lines (lines > 0) of element (o, p) (Axis 1: p runs along rows), and where it is.
template <bool Largest, int Axis, class R, class T>
void extremes_across(const R& reader, index_t lines, index_t length, T* values, index_t* places) {
    for (index_t o = 0; o < lines; ++o) {
        for (index_t p = 0; p < length; ++p) {
            const T x = Axis == 1 ? reader.at(o, p, NoProduct{}) : reader.at(p, o, NoProduct{});
            if (o > 0 && !better<Largest>(x, values[p])) continue;
            values[p] = x;
            if (places != nullptr) places[p] = o;
        }
    }
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
