/// Element-wise functions that gram::dispatch has compiled for every instruction set, and the loop that calls them.
#pragma once

#include <algorithm>
#include <cstring>

#include "gram/dispatch/table.hpp"
#include "gram/expr/elementary_functors.hpp"
#include "gram/expr/lines.hpp"
#include "gram/expr/unary.hpp"
#include "gram/kernel/ref.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

template <class... Fs>
struct Functions {
    static constexpr int count = static_cast<int>(sizeof...(Fs));
    /// The place of F in the list; -1 when it is not there.
    template <class F>
    static constexpr int find = [] {
        int at = 0, found = -1;
        ((std::is_same_v<F, Fs> ? void(found = at++) : void(++at)), ...);
        return found;
    }();
};

using DispatchedUnary = Functions<Exp, Log, Log1p, Expm1, Tanh, Sin, Cos, Erf, Sqrt, Floor, Ceil, Round, Abs, Square,
                                  Relu, Sigmoid, Gelu, Softplus, Silu, Exp2, Log2, Log10, Cbrt, Asin, Acos, Atan, Sinh,
                                  Cosh, Acosh, Atanh, Erfc, Negate, Rsqrt, Reciprocal>;
using DispatchedBinary = Functions<Plus, Minus, Times, Divide, Maximum, Minimum>;
static_assert(DispatchedUnary::count == dispatch::unary_count && DispatchedBinary::count == dispatch::binary_count);

/// Elements that pass from one function to the next: they stay in the first cache.
inline constexpr index_t dispatch_chunk = 512;

/// True where a line's elements lie in memory already.
template <class L>
inline constexpr bool is_memory = std::is_same_v<L, ProductLine>;
template <class T>
inline constexpr bool is_memory<LeafLine<T>> = true;

/// Pieces of dispatch_chunk elements that hold what evaluating a line passes from function to function.
template <class L>
inline constexpr int chunks_of = 0;
template <class L>
inline constexpr int chunks_for_operand = is_memory<L> ? 0 : (chunks_of<L> > 1 ? chunks_of<L> : 1);
template <class F, class L>
inline constexpr int chunks_of<MapLine<F, L>> = chunks_for_operand<L>;
template <class F, class L, class R>
inline constexpr int chunks_of<MapLine<F, L, R>> = chunks_for_operand<L> + chunks_for_operand<R>;

/// y[i] = line[p + i] in packs of this file's own instruction set.
template <class Arch, class T, class L>
void packets_of(const L& line, index_t p, T* y, index_t n) {
    constexpr index_t w = simd::width<T, Arch>;
    index_t i = 0;
    for (; i + w <= n; i += w) simd::store(y + i, line.template load<Arch>(p + i, 0));
    if (i < n) simd::store_n(y + i, line.template load_n<Arch>(p + i, n - i, 0), n - i);
}

/// `n` elements of a line from p on: either where they lie in memory, or in `out`. `product` are the values of the one
/// product that has been computed, and `free` is memory for chunks_of<the line> chunks. `out` may be the memory that a
/// leaf reads: nothing is written there before all leaves have been read.
template <class Arch, class T, class L>
const T* evaluate_chunk(const L& line, index_t p, index_t n, const T*, T* out, T*) {
    packets_of<Arch>(line, p, out, n);
    return out;
}
template <class Arch, class T>
const T* evaluate_chunk(const LeafLine<T>& line, index_t p, index_t, const T*, T*, T*) {
    return line.data + p;
}
template <class Arch, class T>
const T* evaluate_chunk(const ProductLine&, index_t, index_t, const T* product, T*, T*) {
    return product;
}
template <class Arch, class T>
const T* evaluate_chunk(const ScaledProductLine<T>& line, index_t, index_t n, const T* product, T* out, T*) {
    dispatch::kernels<T>().with_right[DispatchedBinary::find<Times>](product, line.scale, out, n);
    return out;
}
template <class Arch, class T>
const T* evaluate_chunk(const RepeatedLine<T>& line, index_t, index_t n, const T*, T* out, T*) {
    for (index_t i = 0; i < n; ++i) out[i] = line.value;
    return out;
}

/// y[i] = f(x[i]).
template <class Arch, class T, class F>
void apply(const F& f, const T* x, T* y, index_t n) {
    if constexpr (constexpr int at = DispatchedUnary::find<F>; at >= 0) {
        dispatch::kernels<T>().unary[at](x, y, n);
    } else {
        packets_of<Arch>(MapLine<F, LeafLine<T>>{f, {x}}, 0, y, n);
    }
}
template <class Arch, class T>
void apply(const ScaleBy<T>& f, const T* x, T* y, index_t n) {
    dispatch::kernels<T>().with_right[DispatchedBinary::find<Times>](x, f.value, y, n);
}
template <class Arch, class T, class F>
    requires(DispatchedBinary::find<F> >= 0)
void apply(const WithRight<F, T>& f, const T* x, T* y, index_t n) {
    dispatch::kernels<T>().with_right[DispatchedBinary::find<F>](x, f.value, y, n);
}
template <class Arch, class T, class F>
    requires(DispatchedBinary::find<F> >= 0)
void apply(const WithLeft<F, T>& f, const T* x, T* y, index_t n) {
    dispatch::kernels<T>().with_left[DispatchedBinary::find<F>](f.value, x, y, n);
}

template <class Arch, class T, class F, class L>
const T* evaluate_chunk(const MapLine<F, L>& line, index_t p, index_t n, const T* product, T* out, T* free) {
    apply<Arch, T>(line.f, evaluate_chunk<Arch, T>(line.inner, p, n, product, free, free), out, n);
    return out;
}
template <class Arch, class T, class F, class L, class R>
const T* evaluate_chunk(const MapLine<F, L, R>& line, index_t p, index_t n, const T* product, T* out, T* free) {
    T* const second = free + chunks_for_operand<L> * dispatch_chunk;
    const T* const a = evaluate_chunk<Arch, T>(line.left, p, n, product, free, free);
    const T* const b = evaluate_chunk<Arch, T>(line.right, p, n, product, second, second);
    if constexpr (constexpr int at = DispatchedBinary::find<F>; at >= 0) {
        dispatch::kernels<T>().binary[at](a, b, out, n);
    } else {
        packets_of<Arch>(MapLine<F, LeafLine<T>, LeafLine<T>>{line.f, {a}, {b}}, 0, out, n);
    }
    return out;
}

/// out[i] = line[i] for n elements; what was in out is the product that the line ends.
template <class Arch, class T, class L>
void evaluate_line(const L& line, index_t n, T* out) {
    constexpr int chunks = chunks_of<L>;
    T memory[static_cast<std::size_t>(chunks > 0 ? chunks * dispatch_chunk : 1)];
    const index_t most = chunks > 0 ? dispatch_chunk : n;
    for (index_t i = 0; i < n; i += most) {
        const index_t count = n - i < most ? n - i : most;
        const T* const values = evaluate_chunk<Arch, T>(line, i, count, out + i, out + i, memory);
        if (values != out + i) std::memmove(out + i, values, static_cast<std::size_t>(count) * sizeof(T));
    }
}

/// dst = the expression that `reader` reads around the product A B, block by block while a block of the product is in
/// cache. False, and nothing done, when dst or an operand of the rest has gaps along the lines of dst.
template <class Arch, class T, class R>
bool multiply_then_finish(const kernel::MatRef<const T>& A, const kernel::MatRef<const T>& B,
                          const kernel::MatRef<T>& dst, const R& reader) {
    constexpr index_t cache = 512 * 1024 / static_cast<index_t>(sizeof(T)), least = 128;
    const bool down = dst.row_stride == 1 && dst.col_stride != 1;
    if ((down ? dst.row_stride : dst.col_stride) != 1 || !reader.packets(down ? 0 : 1)) return false;
    const index_t lines = down ? dst.cols : dst.rows, length = down ? dst.rows : dst.cols;
    if (lines == 0 || length == 0) return true;
    const index_t high = std::max(least, cache / length);
    for (index_t o = 0; o < lines; o += high) {
        const index_t count = std::min(high, lines - o);
        if (down) {
            dispatch::kernels<T>().gemm(T{1}, A, B.block(0, o, B.rows, count), T{}, dst.block(0, o, dst.rows, count));
        } else {
            dispatch::kernels<T>().gemm(T{1}, A.block(o, 0, count, A.cols), B, T{}, dst.block(o, 0, count, dst.cols));
        }
        for (index_t l = o; l < o + count; ++l) {
            if (down) {
                evaluate_line<Arch>(reader.template line<0>(l), length, &dst(0, l));
            } else {
                evaluate_line<Arch>(reader.template line<1>(l), length, &dst(l, 0));
            }
        }
    }
    return true;
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
