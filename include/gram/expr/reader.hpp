/// Readers: what an expression becomes for the moment of its evaluation.
///
/// A node names containers; its reader holds raw pointers and strides, so that the loops that write a destination have
/// nothing left to look up. A reader answers
///   at(i, j, acc)                     one element
///   load<Arch, Axis>(i, j, acc)       `width` elements that run along the row (Axis 1) or the column (Axis 0)
///   load_n<Arch, Axis>(i, j, n, acc)  the first n of them; never touches memory beyond
///   packets(axis)                     whether loads along that axis are of neighbours in memory
///   linear(axis, length)              whether rows (Axis 1) of that length follow each other without gaps
/// `acc` is the value of the one product that a fused kernel has just computed; only ProductReader looks at it.
#pragma once

#include "gram/core/matrix.hpp"
#include "gram/simd/basic.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Stands for `acc` where there is no product to fuse.
struct NoProduct {};

/// Elements in memory.
template <class T>
struct LeafReader {
    using value_type = T;
    static constexpr bool has_packets = true;

    kernel::MatRef<const T> ref;

    bool packets(int axis) const { return (axis == 1 ? ref.col_stride : ref.row_stride) == 1; }
    bool linear(int axis, index_t length) const {
        return packets(axis) && (axis == 1 ? ref.row_stride : ref.col_stride) == length;
    }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc&) const {
        return ref(i, j);
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load(index_t i, index_t j, const Acc&) const {
        return simd::load<T, Arch>(address<Axis>(i, j));
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load_n(index_t i, index_t j, index_t n, const Acc&) const {
        return simd::load_n<T, Arch>(address<Axis>(i, j), n);
    }

private:
    template <int Axis>
    GRAM_INLINE const T* address(index_t i, index_t j) const {
        return ref.data + (Axis == 1 ? i * ref.row_stride + j : i + j * ref.col_stride);
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

    static bool packets(int) { return true; }
    static bool linear(int, index_t) { return true; }
    static T at(index_t, index_t, const T& acc) { return acc; }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE static Acc load(index_t, index_t, const Acc& acc) {
        return acc;
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE static Acc load_n(index_t, index_t, index_t, const Acc& acc) {
        return acc;
    }
};

/// A row repeated over rows (OverRows) or a column repeated over columns.
template <class R, bool OverRows>
struct StretchedReader {
    using value_type = typename R::value_type;
    static constexpr bool has_packets = R::has_packets;
    static constexpr int inner_axis = OverRows ? 1 : 0;

    R inner;

    bool packets(int axis) const { return axis != inner_axis || inner.packets(axis); }
    static bool linear(int, index_t) { return false; }
    template <class Acc>
    GRAM_INLINE value_type at(index_t i, index_t j, const Acc& acc) const {
        return inner.at(OverRows ? 0 : i, OverRows ? j : 0, acc);
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<value_type, Arch> load(index_t i, index_t j, const Acc& acc) const {
        if constexpr (Axis == inner_axis) {
            return inner.template load<Arch, Axis>(OverRows ? 0 : i, OverRows ? j : 0, acc);
        } else {
            return simd::broadcast<value_type, Arch>(at(i, j, acc));
        }
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<value_type, Arch> load_n(index_t i, index_t j, index_t n, const Acc& acc) const {
        if constexpr (Axis == inner_axis) {
            return inner.template load_n<Arch, Axis>(OverRows ? 0 : i, OverRows ? j : 0, n, acc);
        } else {
            return simd::broadcast<value_type, Arch>(at(i, j, acc));
        }
    }
};

/// Rows and columns exchanged.
template <class R>
struct TransposedReader {
    using value_type = typename R::value_type;
    static constexpr bool has_packets = R::has_packets;

    R inner;

    bool packets(int axis) const { return inner.packets(1 - axis); }
    bool linear(int axis, index_t length) const { return inner.linear(1 - axis, length); }
    template <class Acc>
    GRAM_INLINE value_type at(index_t i, index_t j, const Acc& acc) const {
        return inner.at(j, i, acc);
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE auto load(index_t i, index_t j, const Acc& acc) const {
        return inner.template load<Arch, 1 - Axis>(j, i, acc);
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE auto load_n(index_t i, index_t j, index_t n, const Acc& acc) const {
        return inner.template load_n<Arch, 1 - Axis>(j, i, n, acc);
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

    F f;
    R inner;

    bool packets(int axis) const { return inner.packets(axis); }
    bool linear(int axis, index_t length) const { return inner.linear(axis, length); }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc& acc) const {
        return static_cast<T>(f(inner.at(i, j, acc)));
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load(index_t i, index_t j, const Acc& acc) const {
        return f.packet(inner.template load<Arch, Axis>(i, j, acc));
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load_n(index_t i, index_t j, index_t n, const Acc& acc) const {
        return f.packet(inner.template load_n<Arch, Axis>(i, j, n, acc));
    }
};

template <class F, class T, class R1, class R2>
struct MapReader<F, T, R1, R2> {
    using value_type = T;
    static constexpr bool has_packets = PacketFunction<F> && R1::has_packets && R2::has_packets &&
                                        std::same_as<T, typename R1::value_type> &&
                                        std::same_as<T, typename R2::value_type>;

    F f;
    R1 left;
    R2 right;

    bool packets(int axis) const { return left.packets(axis) && right.packets(axis); }
    bool linear(int axis, index_t length) const { return left.linear(axis, length) && right.linear(axis, length); }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc& acc) const {
        return static_cast<T>(f(left.at(i, j, acc), right.at(i, j, acc)));
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load(index_t i, index_t j, const Acc& acc) const {
        return f.packet(left.template load<Arch, Axis>(i, j, acc), right.template load<Arch, Axis>(i, j, acc));
    }
    template <class Arch, int Axis, class Acc>
    GRAM_INLINE simd::pack<T, Arch> load_n(index_t i, index_t j, index_t n, const Acc& acc) const {
        return f.packet(left.template load_n<Arch, Axis>(i, j, n, acc),
                        right.template load_n<Arch, Axis>(i, j, n, acc));
    }
};

/// where(condition, a, b): scalar only, the condition is bool.
template <class F, class T, class R1, class R2, class R3>
struct MapReader<F, T, R1, R2, R3> {
    using value_type = T;
    static constexpr bool has_packets = false;

    F f;
    R1 first;
    R2 second;
    R3 third;

    static bool packets(int) { return false; }
    static bool linear(int, index_t) { return false; }
    template <class Acc>
    GRAM_INLINE T at(index_t i, index_t j, const Acc& acc) const {
        return static_cast<T>(f(first.at(i, j, acc), second.at(i, j, acc), third.at(i, j, acc)));
    }
};

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
