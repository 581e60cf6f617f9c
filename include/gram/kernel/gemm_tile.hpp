/// The register tile of GEMM: a small block of C held in vector registers while k runs.
#pragma once

#include <array>
#include <limits>
#include <type_traits>
#include <utility>

#include "gram/kernel/count.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/access.hpp"
#include "gram/simd/basic.hpp"

namespace gram::kernel::detail {

GRAM_INLINE constexpr index_t ceil_div(index_t a, index_t b) { return (a + b - 1) / b; }
/// The size of equal blocks, multiples of `unit`, none larger than `limit` (a multiple of unit), that cover n.
GRAM_INLINE constexpr index_t balanced_block(index_t n, index_t limit, index_t unit) {
    if (n <= limit) return ceil_div(n, unit) * unit;
    if (n <= 2 * limit) return ceil_div(ceil_div(n, 2), unit) * unit;
    return ceil_div(ceil_div(n, ceil_div(n, limit)), unit) * unit;
}

/// Sizes of the tile and of the cache blocks around it: the one table to tune.
///
/// rows × vectors accumulators, `vectors` packs of B and one broadcast of A must fit the registers, and the
/// accumulators must cover latency × throughput of the multiply-add. kc elements of `rows` rows of A fill half of the
/// first cache, or leave room there for as many of `vectors` packs of B; a kc × nc block of B fills half of the second,
/// an mc × kc block of A a part of the third.
template <class Arch, class T>
struct TileShape {
    static constexpr index_t size = static_cast<index_t>(sizeof(T));
    static constexpr index_t width = simd::width<T, Arch>;
    static constexpr bool many_registers = simd::register_count<Arch> >= 32;
    /// Without broadcasts from memory a strip of A is copied as whole packs of each element. A multiply-add of SSE is
    /// three instructions then, which a processor can just start in time, and almost four where it spreads elements.
    static constexpr bool repeats = !simd::broadcasts_are_free<Arch>;

    static constexpr int rows = !many_registers ? 6 : (width * size == 64 ? 8 : 4);
    static constexpr int vectors = many_registers ? 3 : 2;
    static constexpr index_t columns = vectors * width;
    static constexpr bool halves = !std::is_same_v<simd::half_arch<Arch>, simd::scalar_arch>;
    /// Elements of a step of a packed strip of A: `rows`, filled up to whole packs, or packs.
    static constexpr index_t strip = repeats ? rows * width : (rows > 4 ? 8 : 4);

    static constexpr index_t kc = many_registers ? 2048 / size : 192;
    static constexpr index_t nc = (many_registers ? 256 : 1024 / size) / columns * columns;
    static constexpr index_t mc = rows == 6 ? 768 : 1024;
    static_assert(nc > 0 && mc % rows == 0 && vectors <= 3);

    /// Whether there is a tile of r rows and h half packs.
    static constexpr bool has(int r, int h) { return r <= rows && h <= 2 * vectors && (halves || h % 2 == 0); }

    /// Elements of a packed block of A (m×k, whole strips): all of it, or the strip in use where they are repeated.
    static constexpr index_t packed_rows(index_t m, index_t k) { return repeats ? strip * k : m * strip / rows * k; }
    /// Whether an m×n block of C is so large that its tiles are better asked for early.
    static constexpr bool is_far(index_t m, index_t n) { return m * n * size > 1024 * 1024; }
};

/// One operand pair as the tile reads it: A(i, p) at a[i * a_row + p * a_step], B(p, ·) contiguous at b[p * b_step].
template <class T>
struct Panels {
    // In an order that shares no pair of neighbours with MatRef: a pair would be copied as one vector, which must wait
    // for the two stores that made it.
    const T* a;
    index_t a_row;
    const T* b;
    index_t a_step, k, b_step;
    bool far = false;  // whether C may be expected outside of the nearest caches

    /// a_row of an A packed as whole packs of each element; its steps are TileShape::strip apart.
    static constexpr index_t repeated = std::numeric_limits<index_t>::min();
};

/// The accumulators of a tile of R rows and H half packs: the packs of a row are whole but the last, which is a half
/// one when H is odd and always has its own number of lanes.
template <class Arch, class T, int R, int H>
struct TileSums {
    static constexpr int whole = (H + 1) / 2 - 1;  // packs before the last one
    static constexpr index_t w = simd::width<T, Arch>;
    using LastArch = std::conditional_t<H % 2 == 1, simd::half_arch<Arch>, Arch>;
    using P = simd::pack<T, Arch>;
    using Last = simd::pack<T, LastArch>;

    P sums[R][whole > 0 ? whole : 1];
    Last last_sums[R];

    GRAM_INLINE void multiply(const Panels<T>& in, index_t last) {
        clear();
        if constexpr (TileShape<Arch, T>::repeats) {
            if (in.a_row == Panels<T>::repeated) return multiply_packs(in);
        }
        const T *a = in.a, *b = in.b;
        const index_t a_row = in.a_row, a_step = in.a_step, b_step = in.b_step;
        for (index_t p = in.k; p > 0; --p, a += a_step, b += b_step) {
            P bs[whole > 0 ? whole : 1];
#pragma GCC unroll 16
            for (int v = 0; v < whole; ++v) bs[v] = simd::load<T, Arch>(b + v * w);
            const Last b_last = load_last(b + whole * w, last);
#pragma GCC unroll 16
            for (int i = 0; i < R; ++i) {
                if constexpr (whole > 0) {
                    const P ai = simd::broadcast<T, Arch>(a[i * a_row]);
#pragma GCC unroll 16
                    for (int v = 0; v < whole; ++v) sums[i][v] = simd::fma(ai, bs[v], sums[i][v]);
                }
                last_sums[i] = simd::fma(simd::broadcast<T, LastArch>(a[i * a_row]), b_last, last_sums[i]);
            }
        }
    }
    /// Asks for the elements of C, which arrive while the sums are formed.
    static GRAM_INLINE void fetch(const T* c, index_t c_row) {
        constexpr index_t line = 64 / static_cast<index_t>(sizeof(T)), columns = H * w / 2;
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
            for (index_t j = 0; j < columns; j += line) simd::prefetch(c + i * c_row + j);
        }
    }
    GRAM_INLINE void scale(T alpha) {
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
            for (int v = 0; v < whole; ++v) sums[i][v] = sums[i][v] * simd::broadcast<T, Arch>(alpha);
            last_sums[i] = last_sums[i] * simd::broadcast<T, LastArch>(alpha);
        }
    }
    /// c = sums
    GRAM_INLINE void store(T* c, index_t c_row, index_t last) const {
        // Only where it counts, in tiles of all rows, two forms.
        if (R == TileShape<Arch, T>::rows && last == simd::width<T, LastArch>) return store_rows<true>(c, c_row, last);
        store_rows<false>(c, c_row, last);
    }
    /// c = beta c + sums
    GRAM_INLINE void add_to(T beta, T* c, index_t c_row, index_t last) const {
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i, c += c_row) {
#pragma GCC unroll 16
            for (int v = 0; v < whole; ++v) {
                const P old = simd::load<T, Arch>(c + v * w);
                simd::store(c + v * w, simd::fma(simd::broadcast<T, Arch>(beta), old, sums[i][v]));
            }
            T* to = c + whole * w;
            const Last keep = simd::broadcast<T, LastArch>(beta);
            if constexpr (simd::masks_are_free<Arch>) {
                const Last old = simd::load_n<T, LastArch>(to, last);
                simd::store_n(to, simd::fma(keep, old, last_sums[i]), last);
            } else if (last == w) {
                simd::store(to, simd::fma(keep, simd::load<T, LastArch>(to), last_sums[i]));
            } else {
                simd::store_n(to, simd::fma(keep, simd::load_n<T, LastArch>(to, last), last_sums[i]), last);
            }
        }
    }

private:
    /// For an A of whole packs. A multiplication of SSE overwrites an operand, so each takes a load or a copy: three
    /// instructions with the addition, and every other one in the loop counts.
    GRAM_INLINE void multiply_packs(const Panels<T>& in) {
        constexpr index_t a_step = TileShape<Arch, T>::strip;
        const T *a = in.a, *b = in.b;
        const index_t b_step = in.b_step;
        index_t p = in.k;
        for (; p >= 4; p -= 4) {
#pragma GCC unroll 4
            for (int u = 0; u < 4; ++u, a += a_step, b += b_step) add_packs(a, b);
        }
        for (; p > 0; --p, a += a_step, b += b_step) add_packs(a, b);
    }
    GRAM_INLINE void add_packs(const T* a, const T* b) {
        P bs[whole + 1];
#pragma GCC unroll 16
        for (int v = 0; v <= whole; ++v) bs[v] = simd::load<T, Arch>(b + v * w);
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
            P ai = P::load_aligned(a + i * w);
            // The last row may overwrite B and reads A from memory; in others that would be more loads, not fewer.
            if (i + 1 < R) ai = simd::in_register(ai);
#pragma GCC unroll 16
            for (int v = 0; v < whole; ++v) simd::accumulate(sums[i][v], ai * bs[v]);
            simd::accumulate(last_sums[i], ai * bs[whole]);
        }
    }
    GRAM_INLINE void clear() {
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
            for (int v = 0; v < whole; ++v) sums[i][v] = simd::broadcast<T, Arch>(T{});
            last_sums[i] = simd::broadcast<T, LastArch>(T{});
        }
    }
    /// Where masks cost, B is padded to whole packs.
    static GRAM_INLINE Last load_last(const T* b, index_t last) {
        if constexpr (simd::masks_are_free<Arch>) {
            return simd::load_n<T, LastArch>(b, last);
        } else {
            return simd::load<T, LastArch>(b);
        }
    }
    /// A masked store of all lanes still costs more than a plain one.
    template <bool LastIsWhole>
    GRAM_INLINE void store_rows(T* c, index_t c_row, index_t last) const {
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i, c += c_row) {
#pragma GCC unroll 16
            for (int v = 0; v < whole; ++v) simd::store(c + v * w, sums[i][v]);
            if constexpr (LastIsWhole) {
                simd::store(c + whole * w, last_sums[i]);
            } else {
                simd::store_n(c + whole * w, last_sums[i], last);
            }
        }
    }
};

/// c = alpha A B + beta c for R rows and H half packs of columns; beta = 0 does not read c. The last pack, which is a
/// half one when H is odd, has `last` columns, of which the first `stored` lanes go to c. The sum over p runs in order
/// in one accumulator an element, so an element's bits do not depend on which tile it falls into.
template <class Arch, class T, int R, int H>
GRAM_INLINE void gemm_tile(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last, index_t stored) {
    if constexpr (TileShape<Arch, T>::has(R, H)) {
        TileSums<Arch, T, R, H> sums;
        if (in.far) sums.fetch(c, c_row);
        sums.multiply(in, last);
        if (alpha != T{1}) sums.scale(alpha);
        if (beta == T{}) {
            sums.store(c, c_row, stored);
        } else {
            sums.add_to(beta, c, c_row, stored);
        }
    }
}

/// The tiles of R rows as functions, and not templates each: what a file of the program can hold for the others
/// (compiled/kernels.cpp). They take half of the time that the compiler has for a product.
template <class Arch, class T, int R>
struct TilesOfRows {
    using Tile = void(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last, index_t stored);
    static Tile halves_1, halves_2, halves_3, halves_4, halves_5, halves_6;
};
template <class Arch, class T, int R>
void TilesOfRows<Arch, T, R>::halves_1(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last,
                                       index_t stored) {
    gemm_tile<Arch, T, R, 1>(in, alpha, beta, c, c_row, last, stored);
}
template <class Arch, class T, int R>
void TilesOfRows<Arch, T, R>::halves_2(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last,
                                       index_t stored) {
    gemm_tile<Arch, T, R, 2>(in, alpha, beta, c, c_row, last, stored);
}
template <class Arch, class T, int R>
void TilesOfRows<Arch, T, R>::halves_3(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last,
                                       index_t stored) {
    gemm_tile<Arch, T, R, 3>(in, alpha, beta, c, c_row, last, stored);
}
template <class Arch, class T, int R>
void TilesOfRows<Arch, T, R>::halves_4(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last,
                                       index_t stored) {
    gemm_tile<Arch, T, R, 4>(in, alpha, beta, c, c_row, last, stored);
}
template <class Arch, class T, int R>
void TilesOfRows<Arch, T, R>::halves_5(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last,
                                       index_t stored) {
    gemm_tile<Arch, T, R, 5>(in, alpha, beta, c, c_row, last, stored);
}
template <class Arch, class T, int R>
void TilesOfRows<Arch, T, R>::halves_6(const Panels<T>& in, T alpha, T beta, T* c, index_t c_row, index_t last,
                                       index_t stored) {
    gemm_tile<Arch, T, R, 6>(in, alpha, beta, c, c_row, last, stored);
}

/// Runs the tile that covers `rows` <= TileShape::rows rows and `columns` <= TileShape::columns columns.
template <class Arch, class T>
struct Tiles {
    using Shape = TileShape<Arch, T>;
    using Function = typename TilesOfRows<Arch, T, 1>::Tile*;

    static GRAM_INLINE void run(const Panels<T>& in, index_t rows, index_t columns, T alpha, T beta, T* c,
                                index_t c_row) {
        count_flops(2, rows, columns, in.k);
        // Columns in half packs where there are any, else in pairs of halves that do not exist.
        const index_t before = (columns - 1) / unit, last = columns - before * unit;
        const index_t half_packs = halves ? before : 2 * before + 1;
        // The last pack is whole when the half packs are even in number: it begins one half earlier.
        const index_t lanes = halves && half_packs % 2 == 1 ? last + unit : last;
        function(rows, half_packs)(in, alpha, beta, c, c_row, lanes, lanes);
    }
    /// c = A B where the rows of c have room for whole packs: what was stored whole can be loaded whole at once.
    static void run_whole(const Panels<T>& in, index_t rows, index_t columns, T* c, index_t c_row) {
        count_flops(2, rows, columns, in.k);
        const index_t before = (columns - 1) / Shape::width, last = columns - before * Shape::width;
        function(rows, 2 * before + 1)(in, T{1}, T{}, c, c_row, last, Shape::width);
    }

private:
    static constexpr bool halves = Shape::halves;
    static constexpr index_t unit = halves ? Shape::width / 2 : Shape::width;
    static constexpr std::size_t variants = 2 * Shape::vectors;

    using Row = std::array<Function, variants>;
    template <int R>
    static constexpr Row row() {
        using Of = TilesOfRows<Arch, T, R>;
        constexpr Function all[] = {Of::halves_1, Of::halves_2, Of::halves_3, Of::halves_4, Of::halves_5, Of::halves_6};
        Row result{};
        for (std::size_t h = 0; h < variants; ++h) result[h] = all[halves ? h : h / 2 * 2 + 1];
        return result;
    }
    template <int... R>
    static constexpr std::array<Row, sizeof...(R)> table(std::integer_sequence<int, R...>) {
        return {row<R + 1>()...};
    }
    static GRAM_INLINE Function function(index_t rows, index_t half_packs) {
        return functions[static_cast<std::size_t>(rows - 1)][static_cast<std::size_t>(half_packs)];
    }
    static constexpr std::array<Row, Shape::rows> functions = table(std::make_integer_sequence<int, Shape::rows>{});
};

}  // namespace gram::kernel::detail

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel::detail {

extern template struct TilesOfRows<simd::native_arch, float, 1>;
extern template struct TilesOfRows<simd::native_arch, float, 2>;
extern template struct TilesOfRows<simd::native_arch, float, 3>;
extern template struct TilesOfRows<simd::native_arch, float, 4>;
extern template struct TilesOfRows<simd::native_arch, float, 5>;
extern template struct TilesOfRows<simd::native_arch, float, 6>;
extern template struct TilesOfRows<simd::native_arch, float, 7>;
extern template struct TilesOfRows<simd::native_arch, float, 8>;
extern template struct TilesOfRows<simd::native_arch, double, 1>;
extern template struct TilesOfRows<simd::native_arch, double, 2>;
extern template struct TilesOfRows<simd::native_arch, double, 3>;
extern template struct TilesOfRows<simd::native_arch, double, 4>;
extern template struct TilesOfRows<simd::native_arch, double, 5>;
extern template struct TilesOfRows<simd::native_arch, double, 6>;
extern template struct TilesOfRows<simd::native_arch, double, 7>;
extern template struct TilesOfRows<simd::native_arch, double, 8>;

}  // namespace gram::kernel::detail
#endif
