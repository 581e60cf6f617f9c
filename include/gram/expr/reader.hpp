/// Readers: what an expression becomes for the moment of its evaluation.
///
/// A node names containers; its reader holds raw pointers and strides, so that the loops that write a destination have
/// nothing left to look up. A reader answers
///   at(i, j, acc)                     one element
///   line<Axis>(o)                     row o (Axis 1) or column o (Axis 0), to be loaded pack by pack
///   packets(axis)                     whether lines along that axis are of neighbours in memory
///   tile<Arch, Axis>(i, j, m, n, s)   a reader of the m×n block at (i, j) that has packets along Axis: what lies
///   otherwise
///                                     is copied to scratch memory s, for at most tile_size elements of each leaf
///   linear(axis, length)              whether rows (axis 1) of that length follow each other without gaps
/// `acc` is the value of the one product that a fused kernel has just computed; only ProductReader looks at it.
#pragma once

#include "gram/core/matrix.hpp"
#include "gram/expr/lines.hpp"
#include "gram/kernel/copy.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Stands for `acc` where there is no product to fuse.
struct NoProduct {};

inline constexpr index_t tile_size = 512;

/// Elements in memory.
template <class T>
struct LeafReader {
    using value_type = T;
    static constexpr bool has_packets = true;
    static constexpr index_t leaves = 1;

    kernel::MatRef<const T> ref;

    bool packets(int axis) const { return (axis == 1 ? ref.col_stride : ref.row_stride) == 1; }
    bool linear(int axis, index_t length) const {
        return packets(axis) && (axis == 1 ? ref.row_stride : ref.col_stride) == length;
    }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc&) const {
        return ref(i, j);
    }
    template <int Axis>
    GRAM_INLINE LeafLine<T> line(index_t o) const {
        return {ref.data + o * (Axis == 1 ? ref.row_stride : ref.col_stride)};
    }
    template <class Arch, int Axis>
    LeafReader tile(index_t i, index_t j, index_t m, index_t n, T*& scratch) const {
        const auto part = ref.block(i, j, m, n);
        if (packets(Axis)) return LeafReader{part};
        const kernel::MatRef<T> copy{scratch, m, n, Axis == 1 ? n : 1, Axis == 1 ? 1 : m};
        scratch += m * n;
        kernel::copy<Arch>(part, copy);
        return LeafReader{copy};
    }
};

/// Elements that were computed for this evaluation and live as long as it does.
template <class T>
struct OwningReader : LeafReader<T> {
    explicit OwningReader(Matrix<T> elements)
        : LeafReader<T>{std::as_const(elements).ref()}, owned(std::move(elements)) {}
    OwningReader(OwningReader&&) noexcept = default;
    OwningReader(const OwningReader&) = delete;  // a copy would read the elements of the original
    OwningReader& operator=(OwningReader&&) = delete;
    OwningReader& operator=(const OwningReader&) = delete;
    ~OwningReader() = default;
    Matrix<T> owned;  // moving a Matrix keeps its elements where they are
};

/// The place of a product whose kernel runs this reader as its epilogue.
template <class T>
struct ProductReader {
    using value_type = T;
    static constexpr bool has_packets = true;
    static constexpr index_t leaves = 0;

    static bool packets(int) { return true; }
    static bool linear(int, index_t) { return true; }
    static T at(index_t, index_t, const T& acc) { return acc; }
    template <int Axis>
    GRAM_INLINE static ProductLine line(index_t) {
        return {};
    }
    template <class Arch, int Axis>
    static ProductReader tile(index_t, index_t, index_t, index_t, T*&) {
        return {};
    }
};

/// The same with a number that moved out of the product's factors.
template <class T>
struct ScaledProductReader {
    using value_type = T;
    static constexpr bool has_packets = true;
    static constexpr index_t leaves = 0;

    T scale;

    static bool packets(int) { return true; }
    static bool linear(int, index_t) { return true; }
    T at(index_t, index_t, const T& acc) const { return static_cast<T>(scale * acc); }
    template <int Axis>
    GRAM_INLINE ScaledProductLine<T> line(index_t) const {
        return {scale};
    }
    template <class Arch, int Axis>
    ScaledProductReader tile(index_t, index_t, index_t, index_t, T*&) const {
        return *this;
    }
};

/// A row repeated over rows (OverRows) or a column repeated over columns.
template <class R, bool OverRows>
struct StretchedReader {
    using value_type = typename R::value_type;
    static constexpr bool has_packets = R::has_packets;
    static constexpr index_t leaves = R::leaves;
    static constexpr int inner_axis = OverRows ? 1 : 0;

    R inner;

    bool packets(int axis) const { return axis != inner_axis || inner.packets(axis); }
    static bool linear(int, index_t) { return false; }
    template <class Acc>
    GRAM_INLINE value_type at(index_t i, index_t j, const Acc& acc) const {
        return inner.at(OverRows ? 0 : i, OverRows ? j : 0, acc);
    }
    template <int Axis>
    GRAM_INLINE auto line(index_t o) const {
        if constexpr (Axis == inner_axis) {
            return inner.template line<Axis>(0);
        } else {
            return RepeatedLine<value_type>{at(o, o, NoProduct{})};
        }
    }
    template <class Arch, int Axis>
    auto tile(index_t i, index_t j, index_t m, index_t n, value_type*& scratch) const {
        auto part = OverRows ? inner.template tile<Arch, Axis>(0, j, 1, n, scratch)
                             : inner.template tile<Arch, Axis>(i, 0, m, 1, scratch);
        return StretchedReader<decltype(part), OverRows>{part};
    }
};

/// Rows and columns exchanged.
template <class R>
struct TransposedReader {
    using value_type = typename R::value_type;
    static constexpr bool has_packets = R::has_packets;
    static constexpr index_t leaves = R::leaves;

    R inner;

    bool packets(int axis) const { return inner.packets(1 - axis); }
    bool linear(int axis, index_t length) const { return inner.linear(1 - axis, length); }
    template <class Acc>
    GRAM_INLINE value_type at(index_t i, index_t j, const Acc& acc) const {
        return inner.at(j, i, acc);
    }
    template <int Axis>
    GRAM_INLINE auto line(index_t o) const {
        return inner.template line<1 - Axis>(o);
    }
    template <class Arch, int Axis>
    auto tile(index_t i, index_t j, index_t m, index_t n, value_type*& scratch) const {
        auto part = inner.template tile<Arch, 1 - Axis>(j, i, n, m, scratch);
        return TransposedReader<decltype(part)>{part};
    }
};

/// A function object that also maps packs says so with `static constexpr bool has_packet = true`.
template <class F>
concept PacketFunction = F::has_packet;

/// An element-wise function of one or more readers.
template <class F, class T, class... Rs>
struct MapReader;

template <class F, class T, class R>
struct MapReader<F, T, R> {
    using value_type = T;
    static constexpr bool has_packets = PacketFunction<F> && R::has_packets && std::same_as<T, typename R::value_type>;
    static constexpr index_t leaves = R::leaves;

    F f;
    R inner;

    bool packets(int axis) const { return inner.packets(axis); }
    bool linear(int axis, index_t length) const { return inner.linear(axis, length); }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc& acc) const {
        return static_cast<T>(f(inner.at(i, j, acc)));
    }
    template <int Axis>
    GRAM_INLINE auto line(index_t o) const {
        return MapLine<F, decltype(inner.template line<Axis>(o))>{f, inner.template line<Axis>(o)};
    }
    template <class Arch, int Axis>
    auto tile(index_t i, index_t j, index_t m, index_t n, T*& scratch) const {
        auto part = inner.template tile<Arch, Axis>(i, j, m, n, scratch);
        return MapReader<F, T, decltype(part)>{f, part};
    }
};

template <class F, class T, class R1, class R2>
struct MapReader<F, T, R1, R2> {
    using value_type = T;
    static constexpr bool has_packets = PacketFunction<F> && R1::has_packets && R2::has_packets &&
                                        std::same_as<T, typename R1::value_type> &&
                                        std::same_as<T, typename R2::value_type>;
    static constexpr index_t leaves = R1::leaves + R2::leaves;

    F f;
    R1 left;
    R2 right;

    bool packets(int axis) const { return left.packets(axis) && right.packets(axis); }
    bool linear(int axis, index_t length) const { return left.linear(axis, length) && right.linear(axis, length); }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc& acc) const {
        return static_cast<T>(f(left.at(i, j, acc), right.at(i, j, acc)));
    }
    template <int Axis>
    GRAM_INLINE auto line(index_t o) const {
        auto l = left.template line<Axis>(o);
        auto r = right.template line<Axis>(o);
        return MapLine<F, decltype(l), decltype(r)>{f, l, r};
    }
    template <class Arch, int Axis>
    auto tile(index_t i, index_t j, index_t m, index_t n, T*& scratch) const {
        auto l = left.template tile<Arch, Axis>(i, j, m, n, scratch);
        auto r = right.template tile<Arch, Axis>(i, j, m, n, scratch);
        return MapReader<F, T, decltype(l), decltype(r)>{f, l, r};
    }
};

/// where(condition, a, b): scalar only, the condition is bool.
template <class F, class T, class R1, class R2, class R3>
struct MapReader<F, T, R1, R2, R3> {
    using value_type = T;
    static constexpr bool has_packets = false;
    static constexpr index_t leaves = R1::leaves + R2::leaves + R3::leaves;

    F f;
    R1 first;
    R2 second;
    R3 third;

    bool packets(int axis) const { return first.packets(axis) && second.packets(axis) && third.packets(axis); }
    static bool linear(int, index_t) { return false; }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc& acc) const {
        return static_cast<T>(f(first.at(i, j, acc), second.at(i, j, acc), third.at(i, j, acc)));
    }
};

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
