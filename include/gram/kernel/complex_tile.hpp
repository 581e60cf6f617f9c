/// The register tile of complex GEMM.
///
/// A complex product is four real multiply-adds ("4M"; Van Zee & Smith, Implementing high-performance complex matrix
/// multiplication via the 3M and 4M methods, ACM TOMS 44, 2017). Three would do (3M), but the imaginary part would then
/// lose accuracy against the real one. Packs of B stay as they lie, parts in alternating lanes: each meets re(a) in one
/// accumulator and im(a) in another, and only the finished sums are exchanged and added. Conjugation is a sign there.
#pragma once

#include <complex>

#include "gram/kernel/count.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/complex.hpp"

namespace gram::kernel::detail {

/// Sizes of the complex tile and of the cache blocks around it: the one table to tune.
///
/// 2 rows × vectors accumulators, `vectors` packs of B and two broadcasts of A must fit the registers. The blocks are
/// those of real GEMM (gemm_tile.hpp) in bytes.
template <class Arch, class R>
struct ComplexShape {
    static constexpr index_t size = static_cast<index_t>(2 * sizeof(R));
    static constexpr index_t width = simd::width<R, Arch> / 2;  // complex numbers in a pack
    static constexpr bool many_registers = simd::register_count<Arch> >= 32;
    static constexpr bool broad = many_registers && width * size == 64;

    static constexpr int rows = broad ? 4 : 2;
    static constexpr int vectors = many_registers || width * size >= 32 ? 3 : 2;
    static constexpr index_t columns = vectors * width;

    static constexpr index_t kc = 4096 / size;
    static constexpr index_t nc = (many_registers ? 120 : 48) / columns * columns;
    static constexpr index_t mc = 1024;
    static constexpr index_t second_cache_part = (broad ? 512 : 96) * 1024;
    static constexpr index_t few_rows = broad ? 32 : 8;
    static_assert(nc > 0 && mc % rows == 0);
};

/// One operand pair as the tile reads it, everything counted in reals: re of A(i, p) at a[i * a_row + p * a_step], row
/// p of B contiguous at b[p * b_step].
template <class R>
struct ComplexPanels {
    const R* a;
    index_t a_row;
    const R* b;
    index_t a_step, b_step, k;  // apart from a_row: compilers would copy both strides of A in one go, and wait for it
};

inline namespace GRAM_ISA {
/// What becomes of a finished sum: C = alpha op(A) op(B) + beta C. A factor of 1 is not multiplied.
template <class R>
struct ComplexEnding {
    std::complex<R> alpha, beta;
    R direct_im, cross_re, cross_im;  // signs of the sums of re(a) b and im(a) b

    ComplexEnding(std::complex<R> a, bool conj_a, bool conj_b, std::complex<R> b)
        : alpha(a),
          beta(b),
          direct_im(conj_b ? R{-1} : R{1}),
          cross_re(conj_a == conj_b ? R{-1} : R{1}),
          cross_im(conj_a ? R{-1} : R{1}) {}
};
}  // namespace GRAM_ISA

/// An ending in registers.
template <class Arch, class R>
struct ComplexFinish {
    using P = simd::pack<R, Arch>;
    P direct, cross, alpha_re, alpha_im, beta_re, beta_im;
    bool scales, reads, keeps;

    explicit ComplexFinish(const ComplexEnding<R>& end)
        : direct(simd::broadcast_parts<R, Arch>(R{1}, end.direct_im)),
          cross(simd::broadcast_parts<R, Arch>(end.cross_re, end.cross_im)),
          alpha_re(simd::broadcast<R, Arch>(end.alpha.real())),
          alpha_im(simd::broadcast_parts<R, Arch>(-end.alpha.imag(), end.alpha.imag())),
          beta_re(simd::broadcast<R, Arch>(end.beta.real())),
          beta_im(simd::broadcast_parts<R, Arch>(-end.beta.imag(), end.beta.imag())),
          scales(end.alpha != std::complex<R>{1}),
          reads(end.beta != std::complex<R>{}),
          keeps(end.beta == std::complex<R>{1}) {}

    /// The product from the sums of re(a) b and im(a) b, times alpha.
    GRAM_INLINE P product(const P& re_b, const P& im_b) const {
        const P x = simd::fma(simd::swap_parts(im_b), cross, re_b * direct);
        return scales ? simd::fma(simd::swap_parts(x), alpha_im, x * alpha_re) : x;
    }
    /// x + beta c.
    GRAM_INLINE P sum(const P& x, const P& c) const {
        return keeps ? x + c : x + simd::fma(simd::swap_parts(c), beta_im, c * beta_re);
    }
};

/// Finishes M rows and V packs of columns, `last` reals in the last pack. The sums over p run in order, in one
/// accumulator each, so an element's bits do not depend on which tile it falls into.
template <class Arch, class R, int M, int V>
void complex_tile(const ComplexPanels<R>& in, const R* a, const ComplexEnding<R>& end, R* c, index_t c_row,
                  index_t last) {
    using P = simd::pack<R, Arch>;
    constexpr index_t w = simd::width<R, Arch>;
    P re[M][V], im[M][V];
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) re[i][v] = im[i][v] = simd::broadcast<R, Arch>(R{});
    }
    const R* b = in.b;
    const index_t a_row = in.a_row;
    for (index_t p = in.k; p > 0; --p) {
        P bv[V];
#pragma GCC unroll 16
        for (int v = 0; v + 1 < V; ++v) bv[v] = simd::load<R, Arch>(b + v * w);
        if constexpr (simd::masks_are_free<Arch>) {
            bv[V - 1] = simd::load_n<R, Arch>(b + (V - 1) * w, last);
        } else {
            bv[V - 1] = simd::load<R, Arch>(b + (V - 1) * w);
        }
#pragma GCC unroll 16
        for (int i = 0; i < M; ++i) {
            const P x = simd::broadcast<R, Arch>(a[i * a_row]), y = simd::broadcast<R, Arch>(a[i * a_row + 1]);
#pragma GCC unroll 16
            for (int v = 0; v < V; ++v) {
                re[i][v] = simd::fma(x, bv[v], re[i][v]);
                im[i][v] = simd::fma(y, bv[v], im[i][v]);
            }
        }
        a += in.a_step;
        b += in.b_step;
    }
    const ComplexFinish<Arch, R> finish(end);
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) {
            R* to = c + i * c_row + v * w;
            const P x = finish.product(re[i][v], im[i][v]);
            if (v + 1 < V || (!simd::masks_are_free<Arch> && last == w)) {
                simd::store(to, finish.reads ? finish.sum(x, simd::load<R, Arch>(to)) : x);
            } else {
                simd::store_n(to, finish.reads ? finish.sum(x, simd::load_n<R, Arch>(to, last)) : x, last);
            }
        }
    }
}

/// Runs the tiles that cover `rows` <= ComplexShape::rows rows and `columns` <= ComplexShape::columns columns. c and
/// c_row count in reals.
template <class Arch, class R>
struct ComplexTiles {
    using Shape = ComplexShape<Arch, R>;
    using Function = void (*)(const ComplexPanels<R>&, const R*, const ComplexEnding<R>&, R*, index_t, index_t);

    static void run(const ComplexPanels<R>& in, index_t rows, index_t columns, const ComplexEnding<R>& end, R* c,
                    index_t c_row) {
        count_flops(8, rows, columns, in.k);
        const index_t before = (columns - 1) / Shape::width, last = 2 * (columns - before * Shape::width);
        const R* a = in.a;
        index_t piece = Shape::rows;
        for (int level = 0; piece > 0; ++level, piece /= 2) {
            if (rows < piece) continue;
            table[level][before](in, a, end, c, c_row, last);
            rows -= piece;
            a += piece * in.a_row;
            c += piece * c_row;
        }
    }

private:
    template <int M>
    static constexpr Function entry(int vectors) {
        if (vectors == 1) return complex_tile<Arch, R, M, 1>;
        if (vectors == 2) return complex_tile<Arch, R, M, 2>;
        return complex_tile<Arch, R, M, Shape::vectors>;
    }
    static constexpr int r = Shape::rows;
    static constexpr Function table[3][3] = {
        {entry<r>(1), entry<r>(2), entry<r>(3)},
        {entry<r / 2>(1), entry<r / 2>(2), entry<r / 2>(3)},
        {entry<1>(1), entry<1>(2), entry<1>(3)},
    };
};

}  // namespace gram::kernel::detail
