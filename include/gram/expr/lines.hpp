/// Lines: what a reader becomes for one row or column. Pointers and numbers only, so that a loop along the line keeps
/// all of it in registers.
///
/// A line answers load<Arch>(p, acc), `width` elements from position p on, and load_n<Arch>(p, n, acc), the first n of
/// them, which never touches memory beyond.
#pragma once

#include "gram/core/types.hpp"
#include "gram/simd/basic.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Neighbours in memory.
template <class T>
struct LeafLine {
    const T* data;

    template <class Arch, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load(index_t p, const Acc&) const {
        return simd::load<T, Arch>(data + p);
    }
    template <class Arch, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load_n(index_t p, index_t n, const Acc&) const {
        return simd::load_n<T, Arch>(data + p, n);
    }
};

/// The product that a fused kernel has just computed.
struct ProductLine {
    template <class Arch, class Acc>
    GRAM_INLINE static Acc load(index_t, const Acc& acc) {
        return acc;
    }
    template <class Arch, class Acc>
    GRAM_INLINE static Acc load_n(index_t, index_t, const Acc& acc) {
        return acc;
    }
};

/// The same, scaled.
template <class T>
struct ScaledProductLine {
    T scale;

    template <class Arch, class Acc>
    GRAM_INLINE Acc load(index_t, const Acc& acc) const {
        return Acc(scale) * acc;
    }
    template <class Arch, class Acc>
    GRAM_INLINE Acc load_n(index_t, index_t, const Acc& acc) const {
        return Acc(scale) * acc;
    }
};

/// One element, again and again.
template <class T>
struct RepeatedLine {
    T value;

    template <class Arch, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load(index_t, const Acc&) const {
        return simd::broadcast<T, Arch>(value);
    }
    template <class Arch, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load_n(index_t, index_t, const Acc&) const {
        return simd::broadcast<T, Arch>(value);
    }
};

/// An element-wise function of one or two lines.
template <class F, class... Lines>
struct MapLine;

template <class F, class L>
struct MapLine<F, L> {
    F f;
    L inner;

    template <class Arch, class Acc>
    GRAM_INLINE auto load(index_t p, const Acc& acc) const {
        return f.packet(inner.template load<Arch>(p, acc));
    }
    template <class Arch, class Acc>
    GRAM_INLINE auto load_n(index_t p, index_t n, const Acc& acc) const {
        return f.packet(inner.template load_n<Arch>(p, n, acc));
    }
};

template <class F, class L1, class L2>
struct MapLine<F, L1, L2> {
    F f;
    L1 left;
    L2 right;

    template <class Arch, class Acc>
    GRAM_INLINE auto load(index_t p, const Acc& acc) const {
        return f.packet(left.template load<Arch>(p, acc), right.template load<Arch>(p, acc));
    }
    template <class Arch, class Acc>
    GRAM_INLINE auto load_n(index_t p, index_t n, const Acc& acc) const {
        return f.packet(left.template load_n<Arch>(p, n, acc), right.template load_n<Arch>(p, n, acc));
    }
};

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
