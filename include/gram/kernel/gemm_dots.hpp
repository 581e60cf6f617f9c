/// Products whose operands both run along k, as in X * W.T(): every element is a dot product, and nothing is copied.
///
/// The form for few rows, where the copies of gemm_pack.hpp would cost more than they save. An element is summed in one
/// accumulator a lane, wherever in the product it stands, so its bits depend on its row and column alone.
#pragma once

#include <cstring>

#include "gram/kernel/gemm_sink.hpp"
#include "gram/simd/access.hpp"
#include "gram/simd/reduce_into.hpp"

namespace gram::kernel::detail {

/// Sizes of this form: rows of which half meet `columns` columns at a time, or all meet two; columns that are finished
/// together; and when it is worth it.
template <class Arch, class T>
struct DotShape {
    static constexpr index_t width = simd::width<T, Arch>;
    static constexpr int rows = simd::register_count<Arch> >= 32 ? 8 : 4, columns = 4;
    static constexpr index_t strip = 64;
    static constexpr index_t few_rows = 48, few_rows_of_long = 64;

    /// Depends on the whole product only, not on how it is shared among threads.
    static bool suits(const MatRef<const T>& A, const MatRef<const T>& B) {
        if (A.col_stride != 1 || B.row_stride != 1 || A.cols < 8 * width) return false;
        const bool lengthy = A.cols >= 512 && A.cols <= 1024;
        return A.rows <= (lengthy ? few_rows_of_long : few_rows) || fills_tiles_badly(B.cols);
    }

private:
    /// Less than a half pack, or lanes of which a sixth and more stay empty.
    static constexpr bool fills_tiles_badly(index_t n) {
        constexpr index_t unit = TileShape<Arch, T>::halves ? width / 2 : width;
        return n <= unit || 6 * n <= 5 * ceil_div(n, unit) * unit;
    }
};

/// Where the dot products of a tile read: row r at a + r * a_row, column c at b + c * b_column, each k contiguous
/// numbers.
template <class T>
struct DotOperands {
    const T* a;
    index_t a_row;
    const T* b;
    index_t b_column, k;
};

/// Sums of R×C dot products, each with an accumulator a lane.
template <class Arch, class T, int R, int C>
struct DotSums {
    using P = simd::pack<T, Arch>;
    static constexpr int w = static_cast<int>(simd::width<T, Arch>), count = R * C;

    P sums[count];  // that of row r and column c is number r C + c

    GRAM_INLINE void multiply(const DotOperands<T>& in) {
#pragma GCC unroll 16
        for (int s = 0; s < count; ++s) sums[s] = simd::broadcast<T, Arch>(T{});
        const T *a = in.a, *b = in.b;
        index_t p = in.k;
        for (; p >= w; p -= w, a += w, b += w) add<true>(a, in.a_row, b, in.b_column, w);
        if (p > 0) add<false>(a, in.a_row, b, in.b_column, p);
    }
    /// to[r * stride + c] = the sum of row r and column c, for the first `columns` columns.
    GRAM_INLINE void store(T* to, index_t stride, index_t columns) {
        T lanes[count];
        simd::reduce_into(sums, lanes);
        if (columns == C) {
            for (int r = 0; r < R; ++r) std::memcpy(to + r * stride, lanes + r * C, C * sizeof(T));
        } else {
            for (int r = 0; r < R; ++r) to[r * stride] = lanes[r * C];
        }
    }

private:
    /// Adds the terms of a pack, or of the first n lanes of one.
    template <bool Whole>
    GRAM_INLINE void add(const T* a, index_t a_row, const T* b, index_t b_column, index_t n) {
        P columns[C];
#pragma GCC unroll 16
        for (int c = 0; c < C; ++c) columns[c] = load<Whole>(b + c * b_column, n);
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
            const P row = load<Whole>(a + r * a_row, n);
#pragma GCC unroll 16
            for (int c = 0; c < C; ++c) sums[r * C + c] = simd::fma(row, columns[c], sums[r * C + c]);
        }
    }
    template <bool Whole>
    static GRAM_INLINE P load(const T* from, index_t n) {
        return simd::in_register(Whole ? simd::load<T, Arch>(from) : simd::load_n<T, Arch>(from, n));
    }
};

/// R rows of the result: to[r * stride + c] for `columns` columns.
///
/// One function for all tiles of the rows: with few columns, calls cost as much as the sums.
template <class Arch, class T, int R>
void dots_of_rows(const DotOperands<T>& in, index_t columns, T* to, index_t stride) {
    using Shape = DotShape<Arch, T>;
    constexpr int C = Shape::columns, high = R < Shape::rows / 2 ? R : Shape::rows / 2;
    DotOperands<T> at = in;
    index_t c = 0;
    for (; c + C <= columns; c += C) {
        for (int r = 0; r < R; r += high) {
            DotSums<Arch, T, high, C> dots;
            at.a = in.a + r * in.a_row;
            dots.multiply(at);
            dots.store(to + r * stride + c, stride, C);
        }
        at.b += C * at.b_column;
    }
    at.a = in.a;
    for (; c < columns; c += 2) {
        DotSums<Arch, T, R, 2> dots;
        const index_t count = columns - c < 2 ? 1 : 2;
        if (count == 1) at.b_column = 0;  // the last column is taken twice
        dots.multiply(at);
        dots.store(to + c, stride, count);
        at.b += 2 * at.b_column;
    }
}

/// A B, block by block: sink.take(sums, stride, place) gets finished sums, which lie in C already where the sink can
/// do with that.
template <class Arch, class T, class Sink>
void gemm_dots(const MatRef<const T>& A, const MatRef<const T>& B, const Sink& sink) {
    using Shape = DotShape<Arch, T>;
    constexpr int R = Shape::rows;
    count_flops(2, A.rows, B.cols, A.cols);
    alignas(64) T buffer[R * Shape::strip];
    for (index_t j = 0; j < B.cols; j += Shape::strip) {
        const index_t columns = B.cols - j < Shape::strip ? B.cols - j : Shape::strip;
        const bool in_place = sink.takes_from_c(columns), narrow = 4 * columns <= Shape::strip;
        // Of few columns many rows: what has just been written in narrow pieces cannot be read in wide ones yet.
        const index_t most = narrow ? 4 * R : R;
        for (index_t i = 0; i < A.rows; i += most) {
            const index_t rows = A.rows - i < most ? A.rows - i : most;
            T* const sums = in_place ? &sink.C(i, j) : buffer;
            const index_t stride = in_place ? sink.C.row_stride : narrow ? Shape::strip / 4 : Shape::strip;
            for (index_t r = 0; r < rows;) {
                const DotOperands<T> in{&A(i + r, 0), A.row_stride, &B(0, j), B.col_stride, A.cols};
                if (rows - r >= R) {
                    dots_of_rows<Arch, T, R>(in, columns, sums + r * stride, stride);
                    r += R;
                } else if (rows - r >= R / 2) {
                    dots_of_rows<Arch, T, R / 2>(in, columns, sums + r * stride, stride);
                    r += R / 2;
                } else {
                    dots_of_rows<Arch, T, 1>(in, columns, sums + r * stride, stride);
                    ++r;
                }
            }
            sink.take(sums, stride, TilePlace{i, j, rows, columns});
        }
    }
}

}  // namespace gram::kernel::detail
