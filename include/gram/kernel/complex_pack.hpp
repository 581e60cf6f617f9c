/// Packing for complex GEMM: a strip of an operand in the order in which the register tile reads it.
#pragma once

#include "gram/kernel/complex_tile.hpp"

namespace gram::kernel::detail {

/// A strip to pack: the complex number (lane, p) starts at src[lane * lane_stride + p * step_stride], strides counted
/// in reals.
template <class R>
struct ComplexStrip {
    const R* src;
    index_t lane_stride, step_stride;
    index_t lanes, steps;
};

/// Lanes contiguous in memory: rows of packs. `width` complex numbers are written for each step.
template <class Arch, class R>
void pack_complex_contiguous(const ComplexStrip<R>& s, R* dst, index_t width) {
    constexpr index_t w = simd::width<R, Arch>;
    const index_t n = 2 * s.lanes;
    const R* src = s.src;
    for (index_t p = 0; p < s.steps; ++p, src += s.step_stride, dst += 2 * width) {
        index_t l = 0;
        for (; l + w <= n; l += w) simd::store(dst + l, simd::load<R, Arch>(src + l));
        for (; l < 2 * width; l += w) simd::store(dst + l, simd::load_n<R, Arch>(src + l, n > l ? n - l : 0));
    }
}

/// Steps contiguous in memory: square blocks transposed in registers.
template <class Arch, class R>
void pack_complex_transposed(const ComplexStrip<R>& s, R* dst, index_t width) {
    constexpr index_t w = simd::width<R, Arch>, c = w / 2;
    for (index_t first = 0; first < width; first += c) {
        const index_t lanes = s.lanes - first < c ? s.lanes - first : c;
        const R* src = s.src + first * s.lane_stride;
        for (index_t p = 0; p < s.steps; p += c) {
            const index_t steps = s.steps - p < c ? s.steps - p : c;
            simd::pack<R, Arch> block[static_cast<std::size_t>(c)];
#pragma GCC unroll 16
            for (index_t l = 0; l < c; ++l) {
                const R* line = src + l * s.lane_stride + 2 * p;
                block[l] = l >= lanes   ? simd::broadcast<R, Arch>(R{})
                           : steps == c ? simd::load<R, Arch>(line)
                                        : simd::load_n<R, Arch>(line, 2 * steps);
            }
            simd::transpose_complex(block);
#pragma GCC unroll 16
            for (index_t i = 0; i < c; ++i) {
                if (i < steps) simd::store(dst + 2 * ((p + i) * width + first), block[i]);
            }
        }
    }
}

/// dst[p * width + lane] = number (lane, p), zero for lanes from s.lanes to width, which is whole packs of Arch.
template <class Arch, class R>
void pack_complex_strip(const ComplexStrip<R>& s, R* dst, index_t width) {
    if constexpr (simd::has_pack<R, Arch>) {
        if (s.lane_stride == 2) return pack_complex_contiguous<Arch>(s, dst, width);
        if (s.step_stride == 2) return pack_complex_transposed<Arch>(s, dst, width);
    }
    for (index_t p = 0; p < s.steps; ++p) {
        for (index_t l = 0; l < width; ++l, dst += 2) {
            const R* from = s.src + l * s.lane_stride + p * s.step_stride;
            dst[0] = l < s.lanes ? from[0] : R{};
            dst[1] = l < s.lanes ? from[1] : R{};
        }
    }
}

/// All of A (m×k) in strips of ComplexShape::rows rows; the last strip is filled up with zeros.
template <class Arch, class R>
void pack_complex_rows(const MatRef<const std::complex<R>>& A, R* dst) {
    constexpr index_t r = ComplexShape<Arch, R>::rows, w = simd::width<R, Arch>;
    using StripArch = simd::arch_of_width<R, (w < 2 * r ? w : 2 * r), Arch>;
    for (index_t i = 0; i < A.rows; i += r, dst += 2 * r * A.cols) {
        const index_t lanes = A.rows - i < r ? A.rows - i : r;
        const R* src = reinterpret_cast<const R*>(&A(i, 0));
        pack_complex_strip<StripArch>(ComplexStrip<R>{src, 2 * A.row_stride, 2 * A.col_stride, lanes, A.cols}, dst, r);
    }
}

/// Complex numbers that a strip of `lanes` columns takes: whole packs.
template <class Arch, class R>
constexpr index_t complex_strip_width(index_t lanes) {
    constexpr index_t w = ComplexShape<Arch, R>::width;
    return (lanes + w - 1) / w * w;
}

/// All of B (k×n) in strips of ComplexShape::columns columns; the last strip is filled up with zeros to whole packs.
template <class Arch, class R>
void pack_complex_columns(const MatRef<const std::complex<R>>& B, R* dst) {
    constexpr index_t c = ComplexShape<Arch, R>::columns;
    for (index_t j = 0; j < B.cols; j += c) {
        const index_t lanes = B.cols - j < c ? B.cols - j : c;
        const index_t width = complex_strip_width<Arch, R>(lanes);
        const R* src = reinterpret_cast<const R*>(&B(0, j));
        pack_complex_strip<Arch>(ComplexStrip<R>{src, 2 * B.col_stride, 2 * B.row_stride, lanes, B.rows}, dst, width);
        dst += 2 * width * B.rows;
    }
}

}  // namespace gram::kernel::detail
