/// The epilogue of a product: what the rest of an element-wise expression does to finished sums.
#pragma once

#include <algorithm>

#include "gram/expr/reader.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// The rest of an element-wise expression as what GEMM does to a register tile before it stores it.
template <class T, class R>
struct Epilogue {
    R reader;

    T scalar(T acc, index_t i, index_t j) const { return reader.at(i, j, acc); }
    /// Rows of D are rows (Axis 1) or columns (Axis 0) of the whole, from number o on; their elements begin with p.
    template <class Arch, int Axis>
    void tile(const T* sums, index_t stride, kernel::MatRef<T> D, index_t o, index_t p) const {
        if constexpr (R::has_packets) {
            if (reader.packets(Axis)) return packets<Arch, Axis>(reader, sums, stride, D, o, p);
            return gathered<Arch, Axis>(sums, stride, D, o, p);
        } else {
            for (index_t r = 0; r < D.rows; ++r) {
                for (index_t s = 0; s < D.cols; ++s) {
                    D(r, s) = reader.at(Axis == 1 ? o + r : p + s, Axis == 1 ? p + s : o + r, sums[r * stride + s]);
                }
            }
        }
    }

private:
    // Not inlined: one copy of a long function in the loop keeps its constants in registers.
    template <class Arch, int Axis, class Part>
    [[gnu::noinline]] static void packets(const Part& part, const T* sums, index_t stride, kernel::MatRef<T> D,
                                          index_t o, index_t p) {
        constexpr index_t w = simd::width<T, Arch>;
        for (index_t r = 0; r < D.rows; ++r) {
            const auto line = part.template line<Axis>(o + r);
            const T* in = sums + r * stride;
            T* out = D.data + r * D.row_stride;
            index_t s = 0;
            for (; s + w <= D.cols; s += w) {
                simd::store(out + s, line.template load<Arch>(p + s, simd::load<T, Arch>(in + s)));
            }
            if (const index_t rest = D.cols - s; rest > 0) {
                // What is not D itself has room for whole packs.
                const auto acc = in == out ? simd::load_n<T, Arch>(in + s, rest) : simd::load<T, Arch>(in + s);
                simd::store_n(out + s, line.template load_n<Arch>(p + s, rest, acc), rest);
            }
        }
    }
    /// Where an operand lies across, it is copied: every element is computed by the same code in every layout.
    template <class Arch, int Axis>
    void gathered(const T* sums, index_t stride, kernel::MatRef<T> D, index_t o, index_t p) const {
        constexpr index_t high = 8, wide = tile_size / high;
        T scratch[static_cast<std::size_t>((R::leaves + 1) * tile_size)];
        for (index_t r = 0; r < D.rows; r += high) {
            for (index_t s = 0; s < D.cols; s += wide) {
                const index_t m = std::min(high, D.rows - r), n = std::min(wide, D.cols - s);
                T* free = scratch;
                const auto part = Axis == 1 ? reader.template tile<Arch, Axis>(o + r, p + s, m, n, free)
                                            : reader.template tile<Arch, Axis>(p + s, o + r, n, m, free);
                packets<Arch, Axis>(part, sums + r * stride + s, stride, D.block(r, s, m, n), 0, 0);
            }
        }
    }
};

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
