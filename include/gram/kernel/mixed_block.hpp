/// Products of short numbers: packing, the register tile and the loops around it, for any kind of dot product that
/// simd/mixed.hpp offers.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "gram/kernel/ref.hpp"
#include "gram/kernel/scratch.hpp"
#include "gram/simd/mixed.hpp"
#include "gram/simd/transpose.hpp"

namespace gram::kernel::detail {

/// Sizes of the tile and of the cache blocks around it, the depth counted in words: the one table to tune. They are
/// those of GEMM in bytes (gemm_tile.hpp).
template <class Dot>
struct ShortShape {
    static constexpr bool broad = Dot::lanes == 16;
    static constexpr int rows = broad ? 8 : 4;
    static constexpr int vectors = broad ? 3 : 2;
    static constexpr index_t columns = vectors * Dot::lanes;

    static constexpr index_t depth = 512;
    static constexpr index_t nc = (broad ? 240 : 96) / columns * columns;
    static constexpr index_t mc = 1024;
};

/// How the elements of an operand become words: E as it lies in memory, P as the instruction reads it, every bit of
/// `flips` turned.
template <class E, class P, int Group>
struct ShortFormat {
    static_assert(sizeof(P) * Group == 4);
    std::uint32_t flips = 0;

    /// The word of the first `count` elements from p, zero for those that are missing.
    GRAM_INLINE std::uint32_t word(const E* p, index_t stride, index_t count) const {
        if (sizeof(E) == sizeof(P) && stride == 1 && count >= Group) {
            std::uint32_t w = 0;
            std::memcpy(&w, p, sizeof w);
            return w ^ flips;
        }
        P parts[Group] = {};
        for (index_t g = 0; g < (count < Group ? count : Group); ++g) parts[g] = static_cast<P>(p[g * stride]);
        std::uint32_t w = 0;
        std::memcpy(&w, parts, sizeof w);
        return w ^ flips;
    }
    /// Words of lanes that are contiguous, where the Group elements of each lie `stride` apart.
    GRAM_INLINE void lines(const E* p, index_t stride, std::uint32_t* words) const {
        if constexpr (sizeof(P) == 1) {
            const auto* q = reinterpret_cast<const std::uint8_t*>(p);
            simd::interleave_fours({q, q + stride, q + 2 * stride, q + 3 * stride}, words);
        } else if constexpr (sizeof(E) == 1) {
            simd::interleave_widened(p, p + stride, words);
        } else {
            simd::interleave_pairs(p, p + stride, words);
        }
        for (index_t l = 0; flips != 0 && l < lanes; ++l) words[l] ^= flips;
    }
    static constexpr index_t lanes = sizeof(P) == 1 ? 16 : 8;
};

/// A strip to pack: element (lane, p) is src[lane * lane_stride + p * step_stride] for lane < lanes, p < steps.
template <class E>
struct ShortStrip {
    const E* src;
    index_t lane_stride, step_stride;
    index_t lanes, steps;
};

/// Words that lie in memory as they are wanted, of lines whose steps are contiguous: squares of them are transposed in
/// registers. Takes whole squares only, and returns how many steps of each line it has taken.
template <class WordArch, class E, class P, int Group>
index_t pack_squares(const ShortStrip<E>& s, const ShortFormat<E, P, Group>& format, std::uint32_t* words,
                     index_t width) {
    constexpr index_t w = simd::width<float, WordArch>;
    using Pack = simd::pack<float, WordArch>;
    const Pack flips = simd::broadcast<float, WordArch>(std::bit_cast<float>(format.flips));
    index_t p = 0;
    for (; p + w * Group <= s.steps; p += w * Group, words += w * width) {
        for (index_t first = 0; first < s.lanes; first += w) {
            Pack square[w];
#pragma GCC unroll 8
            for (index_t l = 0; l < w; ++l) {
                const index_t lane = first + l;
                square[l] = lane >= s.lanes ? simd::broadcast<float, WordArch>(0.0F)
                                            : simd::load<float, WordArch>(
                                                  reinterpret_cast<const float*>(s.src + lane * s.lane_stride + p)) ^
                                                  flips;
            }
            simd::transpose(square);
#pragma GCC unroll 8
            for (index_t i = 0; i < w; ++i) {
                simd::store(reinterpret_cast<float*>(words + i * width + first), square[i]);
            }
        }
    }
    return p;
}

/// words[g * width + lane]: the elements (lane, Group g ...), zero for lanes from s.lanes to width.
template <class S, class E, class P, int Group>
void pack_words(ShortStrip<E> s, const ShortFormat<E, P, Group>& format, std::uint32_t* words, index_t width) {
    if (s.lanes < width) {
        const index_t depth = (s.steps + Group - 1) / Group;
        for (index_t g = 0; g < depth; ++g)
            for (index_t l = s.lanes; l < width; ++l) words[g * width + l] = 0;
    }
    if (s.step_stride == 1) {
        using Base = typename S::base;
        using WordArch = simd::arch_of_width<float, (simd::width<float, Base> >= 8 ? 8 : 4), Base>;
        if constexpr (sizeof(E) == sizeof(P) && simd::has_pack<float, WordArch>) {
            const index_t done = pack_squares<WordArch>(s, format, words, width);
            s.src += done, s.steps -= done, words += done / Group * width;
        }
        for (index_t l = 0; l < s.lanes; ++l) {
            const E* line = s.src + l * s.lane_stride;
            std::uint32_t* to = words + l;
            for (index_t p = 0; p < s.steps; p += Group, to += width) *to = format.word(line + p, 1, s.steps - p);
        }
        return;
    }
    for (index_t p = 0; p < s.steps; p += Group, words += width) {
        const E* line = s.src + p * s.step_stride;
        index_t l = 0;
        if (s.lane_stride == 1 && p + Group <= s.steps) {
            for (; l + format.lanes <= s.lanes; l += format.lanes) format.lines(line + l, s.step_stride, words + l);
        }
        for (; l < s.lanes; ++l) words[l] = format.word(line + l * s.lane_stride, s.step_stride, s.steps - p);
    }
}

/// sums = start + A B for R rows and V vectors of columns, `depth` words deep: a[g * rows + i], b[g * b_step + j].
template <class Dot, int R, int V>
void short_tile(const std::uint32_t* a, const std::uint32_t* b, index_t b_step, index_t depth,
                const typename Dot::Sum* start, typename Dot::Sum* sums, index_t step) {
    using Shape = ShortShape<Dot>;
    decltype(Dot::load_sums(start)) acc[R][V];
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) acc[i][v] = Dot::load_sums(start + v * Dot::lanes);
    }
    for (index_t g = depth; g > 0; --g, a += Shape::rows, b += b_step) {
        typename Dot::type bv[V];
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) bv[v] = Dot::load(b + v * Dot::lanes);
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
            const auto ai = Dot::broadcast(a[i]);
#pragma GCC unroll 16
            for (int v = 0; v < V; ++v) acc[i][v] = Dot::dot(acc[i][v], ai, bv[v]);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) Dot::store(sums + i * step + v * Dot::lanes, acc[i][v]);
    }
}

/// The tile for `rows` and `columns` of it that are wanted: few rows are done two at a time.
template <class Dot>
void run_short_tile(const std::uint32_t* a, const std::uint32_t* b, index_t b_step, index_t depth, index_t rows,
                    const typename Dot::Sum* start, typename Dot::Sum* sums, index_t step) {
    using Shape = ShortShape<Dot>;
    constexpr int r = Shape::rows;
    const index_t vectors = b_step / Dot::lanes;
    if (2 * rows <= r) {
        for (index_t i = 0; i < rows; i += 2, a += 2, sums += 2 * step) {
            if (vectors == 1) {
                short_tile<Dot, 2, 1>(a, b, b_step, depth, start, sums, step);
            } else if (vectors == 2) {
                short_tile<Dot, 2, 2>(a, b, b_step, depth, start, sums, step);
            } else {
                short_tile<Dot, 2, Shape::vectors>(a, b, b_step, depth, start, sums, step);
            }
        }
    } else if (vectors == 1) {
        short_tile<Dot, r, 1>(a, b, b_step, depth, start, sums, step);
    } else if (vectors == 2) {
        short_tile<Dot, r, 2>(a, b, b_step, depth, start, sums, step);
    } else {
        short_tile<Dot, r, Shape::vectors>(a, b, b_step, depth, start, sums, step);
    }
}

constexpr index_t short_round_up(index_t n, index_t unit) { return (n + unit - 1) / unit * unit; }

/// All of A (m×k) B (k×n) in one thread. `starts(words, width, depth, sums)` sets what the sums of a packed strip of B
/// begin with; `finish(i, j, rows, columns, sums, first)` takes a tile of sums, whose rows are ShortShape::columns
/// apart, told whether it is the first part of the sum; where `in_place` says so, the first part of a whole tile goes
/// straight to C. The cut of k depends on k alone.
template <class S, class Dot, class FormatA, class FormatB, class EA, class EB, class Starts, class Finish>
void short_product(const MatRef<const EA>& A, const FormatA& format_a, const MatRef<const EB>& B,
                   const FormatB& format_b, const MatRef<typename Dot::Sum>& C, bool in_place, const Starts& starts,
                   const Finish& finish) {
    using Shape = ShortShape<Dot>;
    using Sum = typename Dot::Sum;
    constexpr index_t kc = Shape::depth * Dot::group;
    const index_t m = A.rows, n = B.cols, k = A.cols, deepest = k < kc ? k : kc;
    const index_t depth_limit = (deepest + Dot::group - 1) / Dot::group;
    const index_t mc = m < Shape::mc ? short_round_up(m, Shape::rows) : Shape::mc;
    const index_t nc = n < Shape::nc ? short_round_up(n, Dot::lanes) : Shape::nc;
    const index_t a_bytes = scratch_bytes<std::uint32_t>(mc * depth_limit);
    const index_t b_bytes = scratch_bytes<std::uint32_t>(nc * depth_limit);
    const Scratch scratch(a_bytes + b_bytes + scratch_bytes<Sum>(nc));
    std::uint32_t *const a_words = scratch.at<std::uint32_t>(0), *const b_words = scratch.at<std::uint32_t>(a_bytes);
    Sum* const start = scratch.at<Sum>(a_bytes + b_bytes);
    alignas(64) Sum sums[Shape::rows * Shape::columns];
    for (index_t i0 = 0; i0 < m; i0 += mc) {
        const index_t mb = m - i0 < mc ? m - i0 : mc;
        for (index_t p = 0; p < k; p += kc) {
            const index_t kb = k - p < kc ? k - p : kc, depth = (kb + Dot::group - 1) / Dot::group;
            for (index_t i = 0; i < mb; i += Shape::rows) {
                const index_t rows = mb - i < Shape::rows ? mb - i : Shape::rows;
                pack_words<S>(ShortStrip<EA>{&A(i0 + i, p), A.row_stride, A.col_stride, rows, kb}, format_a,
                              a_words + i * depth, Shape::rows);
            }
            for (index_t j0 = 0; j0 < n; j0 += nc) {
                const index_t nb = n - j0 < nc ? n - j0 : nc;
                for (index_t j = 0; j < nb; j += Shape::columns) {
                    const index_t columns = nb - j < Shape::columns ? nb - j : Shape::columns;
                    const index_t width = short_round_up(columns, Dot::lanes);
                    pack_words<S>(ShortStrip<EB>{&B(p, j0 + j), B.col_stride, B.row_stride, columns, kb}, format_b,
                                  b_words + j * depth, width);
                    starts(b_words + j * depth, width, depth, start + j);
                }
                for (index_t i = 0; i < mb; i += Shape::rows) {
                    const index_t rows = mb - i < Shape::rows ? mb - i : Shape::rows;
                    for (index_t j = 0; j < nb; j += Shape::columns) {
                        const index_t columns = nb - j < Shape::columns ? nb - j : Shape::columns;
                        const index_t width = short_round_up(columns, Dot::lanes);
                        const bool whole = rows == Shape::rows && columns == width;
                        const auto run = [&](Sum* to, index_t step) {
                            run_short_tile<Dot>(a_words + i * depth, b_words + j * depth, width, depth, rows, start + j,
                                                to, step);
                        };
                        if (in_place && whole && p == 0) {
                            run(&C(i0 + i, j0 + j), C.row_stride);
                            continue;
                        }
                        run(sums, Shape::columns);
                        finish(i0 + i, j0 + j, rows, columns, static_cast<const Sum*>(sums), p == 0);
                    }
                }
            }
        }
    }
}

}  // namespace gram::kernel::detail
