/// Packing for GEMM: a strip of an operand in the order in which the register tile reads it.
#pragma once

#include "gram/kernel/gemm_tile.hpp"
#include "gram/simd/transpose.hpp"

namespace gram::kernel::detail {

/// A strip to pack: element (lane, p) is src[lane * lane_stride + p * step_stride] for lane < lanes, p < steps.
template <class T>
struct Strip {
    const T* src;
    index_t lane_stride, step_stride;
    index_t lanes, steps;
};

/// Lanes contiguous in memory: rows of packs.
template <class Arch, class T>
void pack_contiguous(const Strip<T>& s, T* dst, index_t width) {
    constexpr index_t w = simd::width<T, Arch>;
    const T* src = s.src;
    for (index_t p = 0; p < s.steps; ++p, src += s.step_stride, dst += width) {
        index_t l = 0;
        for (; l + w <= s.lanes; l += w) simd::store(dst + l, simd::load<T, Arch>(src + l));
        if (l < width) simd::store(dst + l, simd::load_n<T, Arch>(src + l, s.lanes > l ? s.lanes - l : 0));
    }
}

/// Steps contiguous in memory: square blocks transposed in registers. Lanes beyond the last one repeat it.
template <class Arch, class T>
void pack_transposed(const Strip<T>& s, T* dst, index_t width) {
    constexpr index_t w = simd::width<T, Arch>;
    for (index_t first = 0; first < width; first += w) {
        const index_t last_lane = s.lanes - first - 1;
        const T *src = s.src + first * s.lane_stride, *lanes[w];
        for (index_t l = 0; l < w; ++l) lanes[l] = src + (l < last_lane ? l : last_lane) * s.lane_stride;
        T* to = dst + first;
        index_t p = 0;
        for (; p + w <= s.steps; p += w, to += w * width) {
            simd::pack<T, Arch> block[w];
#pragma GCC unroll 16
            for (index_t l = 0; l < w; ++l) block[l] = simd::load<T, Arch>(lanes[l] + p);
            simd::transpose(block);
#pragma GCC unroll 16
            for (index_t i = 0; i < w; ++i) simd::store(to + i * width, block[i]);
        }
        if (const index_t rest = s.steps - p; rest > 0) {
            simd::pack<T, Arch> block[w];
#pragma GCC unroll 16
            for (index_t l = 0; l < w; ++l) block[l] = simd::load_n<T, Arch>(lanes[l] + p, rest);
            simd::transpose(block);
#pragma GCC unroll 16
            for (index_t i = 0; i < w; ++i) {
                if (i < rest) simd::store(to + i * width, block[i]);
            }
        }
    }
}

/// dst[p * width + lane] = element (lane, p), anything for lanes from s.lanes to width. `width` is a multiple of the
/// packs of Arch.
template <class Arch, class T>
void pack_strip(const Strip<T>& s, T* dst, index_t width) {
    if constexpr (simd::has_pack<T, Arch>) {
        if (s.lane_stride == 1) return pack_contiguous<Arch>(s, dst, width);
        if (s.step_stride == 1) return pack_transposed<Arch>(s, dst, width);
    }
    for (index_t p = 0; p < s.steps; ++p) {
        for (index_t l = 0; l < width; ++l) {
            dst[p * width + l] = l < s.lanes ? s.src[l * s.lane_stride + p * s.step_stride] : T{};
        }
    }
}

/// dst[p * TileShape::strip + lane * w ...] = w times element (lane, p), for packs of w elements.
template <class Arch, class T>
void pack_repeated(const Strip<T>& s, T* dst) {
    using Shape = TileShape<Arch, T>;
    const T* lanes[Shape::rows];
    for (index_t l = 0; l < Shape::rows; ++l) lanes[l] = s.src + (l < s.lanes ? l : 0) * s.lane_stride;
    const index_t steps = s.steps, step = s.step_stride;
    for (index_t p = 0, at = 0; p < steps; ++p, at += step, dst += Shape::strip) {
#pragma GCC unroll 16
        for (index_t l = 0; l < Shape::rows; ++l) {
            simd::store(dst + l * Shape::width, simd::broadcast<T, Arch>(lanes[l][at]));
        }
    }
}

/// All of A (m×k) in strips of TileShape::rows rows; the last strip is filled up.
template <class Arch, class T>
void pack_rows(const MatRef<const T>& A, T* dst) {
    using Shape = TileShape<Arch, T>;
    constexpr index_t r = Shape::rows, w = simd::width<T, Arch>;
    using StripArch = simd::arch_of_width<T, (w < Shape::strip ? w : Shape::strip), Arch>;
    for (index_t i = 0; i < A.rows; i += r, dst += Shape::strip * A.cols) {
        const index_t lanes = A.rows - i < r ? A.rows - i : r;
        pack_strip<StripArch>(Strip<T>{&A(i, 0), A.row_stride, A.col_stride, lanes, A.cols}, dst, Shape::strip);
    }
}

/// All of B (k×n) in strips of TileShape::columns columns; the last strip is filled up to whole packs.
template <class Arch, class T>
void pack_columns(const MatRef<const T>& B, T* dst) {
    constexpr index_t w = simd::width<T, Arch>, c = TileShape<Arch, T>::columns;
    for (index_t j = 0; j < B.cols; j += c) {
        const index_t lanes = B.cols - j < c ? B.cols - j : c;
        const index_t width = (lanes + w - 1) / w * w;
        pack_strip<Arch>(Strip<T>{&B(0, j), B.col_stride, B.row_stride, lanes, B.rows}, dst, width);
        dst += width * B.rows;
    }
}

}  // namespace gram::kernel::detail
