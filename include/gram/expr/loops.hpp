/// Loops that write what a reader reads.
#pragma once

#include <algorithm>

#include "gram/expr/dispatched.hpp"
#include "gram/expr/reader.hpp"
#include "gram/kernel/copy.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Writes dst(i, j) = reader.at(i, j) with packets along Axis. `Accumulating` hands the old dst(i, j) to the reader as
/// the value of its product.
template <class Arch, int Axis, bool Accumulating, class T, class R>
void packet_loop(const kernel::MatRef<T>& dst, const R& reader) {
    constexpr index_t w = simd::width<T, Arch>;
    const bool one_line = reader.linear(Axis, Axis == 1 ? dst.cols : dst.rows) &&
                          (Axis == 1 ? dst.row_stride == dst.cols : dst.col_stride == dst.rows);
    const index_t outer = one_line ? 1 : (Axis == 1 ? dst.rows : dst.cols);
    const index_t inner = one_line ? dst.rows * dst.cols : (Axis == 1 ? dst.cols : dst.rows);
    for (index_t o = 0; o < outer; ++o) {
        T* out = dst.data + o * (Axis == 1 ? dst.row_stride : dst.col_stride);
        const auto in = reader.template line<Axis>(o);
        if constexpr (dispatch::covers<Arch, T>) {
            evaluate_line<Arch>(in, inner, out);
            continue;
        }
        index_t p = 0;
        for (; p + w <= inner; p += w) {
            if constexpr (Accumulating) {
                simd::store(out + p, in.template load<Arch>(p, simd::load<T, Arch>(out + p)));
            } else {
                simd::store(out + p, in.template load<Arch>(p, NoProduct{}));
            }
        }
        if (const index_t rest = inner - p; rest > 0) {
            if constexpr (Accumulating) {
                const auto old = simd::load_n<T, Arch>(out + p, rest);
                simd::store_n(out + p, in.template load_n<Arch>(p, rest, old), rest);
            } else {
                simd::store_n(out + p, in.template load_n<Arch>(p, rest, NoProduct{}), rest);
            }
        }
    }
}

/// As packet_loop where dst or an operand lies across or has gaps: such matrices pass through scratch memory, block by
/// block, so that every element is computed by the same code in every layout.
template <class Arch, int Axis, bool Accumulating, class T, class R>
void tile_loop(const kernel::MatRef<T>& dst, const R& reader) {
    const bool direct = (Axis == 1 ? dst.col_stride : dst.row_stride) == 1;
    const index_t outer = Axis == 1 ? dst.rows : dst.cols;
    const index_t length = tile_size / std::min<index_t>(outer, 16), lines = tile_size / length;
    const index_t high = Axis == 1 ? lines : length, wide = Axis == 1 ? length : lines;
    T scratch[static_cast<std::size_t>((R::leaves + 1) * tile_size)];
    for (index_t i = 0; i < dst.rows; i += high) {
        for (index_t j = 0; j < dst.cols; j += wide) {
            const index_t m = std::min(high, dst.rows - i), n = std::min(wide, dst.cols - j);
            T* free = scratch;
            const auto part = reader.template tile<Arch, Axis>(i, j, m, n, free);
            const auto block = dst.block(i, j, m, n);
            if (direct) {
                packet_loop<Arch, Axis, Accumulating>(block, part);
                continue;
            }
            const kernel::MatRef<T> out{free, m, n, Axis == 1 ? n : 1, Axis == 1 ? 1 : m};
            if constexpr (Accumulating) kernel::copy<Arch>(block, out);
            packet_loop<Arch, Axis, Accumulating>(out, part);
            kernel::copy<Arch>(out, block);
        }
    }
}

/// As packet_loop, element by element along Axis.
template <class Arch, int Axis, bool Accumulating, class T, class R>
void scalar_loop(const kernel::MatRef<T>& dst, const R& reader) {
    const index_t outer = Axis == 1 ? dst.rows : dst.cols, inner = Axis == 1 ? dst.cols : dst.rows;
    for (index_t o = 0; o < outer; ++o) {
        for (index_t p = 0; p < inner; ++p) {
            const index_t i = Axis == 1 ? o : p, j = Axis == 1 ? p : o;
            if constexpr (Accumulating) {
                dst(i, j) = reader.at(i, j, dst(i, j));
            } else {
                dst(i, j) = reader.at(i, j, NoProduct{});
            }
        }
    }
}

/// dst = the expression that reader reads. StaticAxis: the direction in which dst is contiguous if its type says so.
template <class Arch, bool Accumulating, int StaticAxis, class T, class R>
void run(const kernel::MatRef<T>& dst, const R& reader) {
    if (dst.rows == 0 || dst.cols == 0) return;
    const bool by_columns = StaticAxis >= 0
                                ? StaticAxis == 0
                                : (dst.cols == 1 ? dst.rows > 1 : (dst.row_stride == 1 && dst.col_stride != 1));
    const auto along = [&]<int Axis>(std::integral_constant<int, Axis>) {
        if constexpr (R::has_packets && simd::has_pack<T, Arch>) {
            if ((Axis == 1 ? dst.col_stride : dst.row_stride) == 1 && reader.packets(Axis)) {
                packet_loop<Arch, Axis, Accumulating>(dst, reader);
            } else {
                tile_loop<Arch, Axis, Accumulating>(dst, reader);
            }
        } else {
            scalar_loop<Arch, Axis, Accumulating>(dst, reader);
        }
    };
    if constexpr (StaticAxis != 1) {
        if (by_columns) return along(std::integral_constant<int, 0>{});
    }
    if constexpr (StaticAxis != 0) along(std::integral_constant<int, 1>{});
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
