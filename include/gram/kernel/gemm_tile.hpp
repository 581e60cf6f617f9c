/// The register tile of GEMM: a small block of C held in vector registers while k runs.
#pragma once

#include "gram/kernel/count.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/basic.hpp"

namespace gram::kernel::detail {

/// Sizes of the tile and of the cache blocks around it: the one table to tune.
///
/// rows × vectors accumulators, `vectors` packs of B and one broadcast of A must fit the registers, and the
/// accumulators must cover latency × throughput of the multiply-add. kc elements of `rows` rows of A fill half of the
/// first cache, a kc × nc block of B half of the second, an mc × kc block of A a part of the third.
template <class Arch, class T>
struct TileShape {
    static constexpr index_t size = static_cast<index_t>(sizeof(T));
    static constexpr index_t width = simd::width<T, Arch>;
    static constexpr bool many_registers = simd::register_count<Arch> >= 32;
    static constexpr bool wide = width * size >= 32;

    static constexpr int rows = many_registers && width * size == 64 ? 8 : 4;
    static constexpr int vectors = many_registers || wide ? 3 : 2;
    static constexpr index_t columns = vectors * width;

    static constexpr index_t kc = 2048 / size;
    static constexpr index_t nc = (many_registers ? 256 : 96) / columns * columns;
    static constexpr index_t mc = 1024;
    static_assert(nc > 0 && mc % rows == 0);
};

/// One operand pair as the tile reads it: A(i, p) at a[i * a_row + p * a_step], B(p, ·) contiguous at b[p * b_step].
template <class T>
struct Panels {
    const T* a;
    index_t a_row, a_step;
    const T* b;
    index_t b_step;
    index_t k;
};

/// c = alpha A B + beta c for R rows and V packs of columns, `last` columns in the last pack, of which the first
/// `stored` lanes go to c; beta = 0 does not read c. The sum over p runs in order in one accumulator an element, so an
/// element's bits do not depend on which tile it falls into.
template <class Arch, class T, int R, int V>
void gemm_tile(const Panels<T>& in, const T* a, T alpha, T beta, T* c, index_t c_row, index_t last, index_t stored) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P acc[R][V];
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) acc[i][v] = simd::broadcast<T, Arch>(T{});
    }
    const T* b = in.b;
    const index_t a_row = in.a_row;
    for (index_t p = in.k; p > 0; --p) {
        P bv[V];
#pragma GCC unroll 16
        for (int v = 0; v + 1 < V; ++v) bv[v] = simd::load<T, Arch>(b + v * w);
        if constexpr (simd::masks_are_free<Arch>) {
            bv[V - 1] = simd::load_n<T, Arch>(b + (V - 1) * w, last);
        } else {
            bv[V - 1] = simd::load<T, Arch>(b + (V - 1) * w);
        }
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
            const P ai = simd::broadcast<T, Arch>(a[i * a_row]);
#pragma GCC unroll 16
            for (int v = 0; v < V; ++v) acc[i][v] = simd::fma(ai, bv[v], acc[i][v]);
        }
        a += in.a_step;
        b += in.b_step;
    }
    const P scale = simd::broadcast<T, Arch>(alpha), keep = simd::broadcast<T, Arch>(beta);
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
        T* row = c + i * c_row;
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) {
            T* to = row + v * w;
            const P x = acc[i][v] * scale;
            if (v + 1 < V || stored == w) {
                simd::store(to, beta == T{} ? x : simd::fma(keep, simd::load<T, Arch>(to), x));
            } else {
                simd::store_n(to, beta == T{} ? x : simd::fma(keep, simd::load_n<T, Arch>(to, stored), x), stored);
            }
        }
    }
}

/// Runs the tiles that cover `rows` <= TileShape::rows rows and `columns` <= TileShape::columns columns.
template <class Arch, class T>
struct Tiles {
    using Shape = TileShape<Arch, T>;
    using Function = void (*)(const Panels<T>&, const T*, T, T, T*, index_t, index_t, index_t);

    static void run(const Panels<T>& in, index_t rows, index_t columns, T alpha, T beta, T* c, index_t c_row) {
        const index_t before = (columns - 1) / Shape::width, last = columns - before * Shape::width;
        run_packs(in, rows, before, last, last, alpha, beta, c, c_row);
    }
    /// c = A B where the rows of c have room for whole packs: what was stored whole can be loaded whole at once.
    static void run_whole(const Panels<T>& in, index_t rows, index_t columns, T* c, index_t c_row) {
        const index_t before = (columns - 1) / Shape::width, last = columns - before * Shape::width;
        run_packs(in, rows, before, last, Shape::width, T{1}, T{}, c, c_row);
    }

private:
    static void run_packs(const Panels<T>& in, index_t rows, index_t before, index_t last, index_t stored, T alpha,
                          T beta, T* c, index_t c_row) {
        count_flops(2, rows, before * Shape::width + last, in.k);
        if (rows == Shape::rows) return table[0][before](in, in.a, alpha, beta, c, c_row, last, stored);
        run_pieces(in, rows, before, last, stored, alpha, beta, c, c_row);
    }
    // Fewer rows are a sum of powers of two.
    static void run_pieces(const Panels<T>& in, index_t rows, index_t before, index_t last, index_t stored, T alpha,
                           T beta, T* c, index_t c_row) {
        const T* a = in.a;
        index_t piece = Shape::rows / 2;
        for (int level = 1; piece > 0; ++level, piece /= 2) {
            if (rows < piece) continue;
            table[level][before](in, a, alpha, beta, c, c_row, last, stored);
            rows -= piece;
            a += piece * in.a_row;
            c += piece * c_row;
        }
    }

    template <int R>
    static constexpr Function entry(int vectors) {
        if (vectors == 1) return gemm_tile<Arch, T, R, 1>;
        if (vectors == 2) return gemm_tile<Arch, T, R, 2>;
        return gemm_tile<Arch, T, R, Shape::vectors>;
    }
    static constexpr int r = Shape::rows;
    static constexpr Function table[4][3] = {
        {entry<r>(1), entry<r>(2), entry<r>(3)},
        {entry<r / 2>(1), entry<r / 2>(2), entry<r / 2>(3)},
        {entry<r / 4>(1), entry<r / 4>(2), entry<r / 4>(3)},
        {entry<1>(1), entry<1>(2), entry<1>(3)},
    };
};

}  // namespace gram::kernel::detail
