/// Products whose operands both run along k, as in X * W.T(): every element is a dot product, and nothing is copied.
///
/// The form for few rows, where the copies of gemm_pack.hpp would cost more than they save. An element is summed in one
/// accumulator a lane, wherever in the product it stands, so its bits depend on its row and column alone.
#pragma once

#include <cstring>

#include "gram/kernel/gemm_sink.hpp"
#include "gram/simd/access.hpp"
#include "gram/simd/reduce.hpp"
#include "gram/simd/reduce_each.hpp"

namespace gram::kernel::detail {

/// Sizes of this form: dots that share their loads, columns that are finished together, and when it is worth it.
template <class Arch, class T>
struct DotShape {
    static constexpr index_t width = simd::width<T, Arch>;
    static constexpr int rows = simd::register_count<Arch> >= 32 ? 4 : 2, columns = 4;
    static constexpr index_t strip = 64;
    static constexpr index_t most_rows = 48;

    /// Depends on the whole product only, not on how it is shared among threads.
    static bool suits(const MatRef<const T>& A, const MatRef<const T>& B) {
        return A.col_stride == 1 && B.row_stride == 1 && A.rows <= most_rows && A.cols >= 8 * width;
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
    /// to[r * stride + c] = the sum of row r and column c.
    GRAM_INLINE void store(T* to, index_t stride) {
        T lanes[count];
        if constexpr (count % w == 0) {
#pragma GCC unroll 16
            for (int s = 0; s < count; s += w) {
                P group[w];
#pragma GCC unroll 16
                for (int l = 0; l < w; ++l) group[l] = sums[s + l];
                simd::store(lanes + s, simd::reduce_each(group));
            }
        } else {
#pragma GCC unroll 16
            for (int s = 0; s < count; ++s) lanes[s] = simd::reduce_add(sums[s]);
        }
        for (int r = 0; r < R; ++r) std::memcpy(to + r * stride, lanes + r * C, C * sizeof(T));
    }

private:
    /// Adds the terms of a pack, or of the first n lanes of one.
    template <bool Whole>
    GRAM_INLINE void add(const T* a, index_t a_row, const T* b, index_t b_column, index_t n) {
        P columns[C];
#pragma GCC unroll 4
        for (int c = 0; c < C; ++c) columns[c] = load<Whole>(b + c * b_column, n);
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) {
            const P row = load<Whole>(a + r * a_row, n);
#pragma GCC unroll 4
            for (int c = 0; c < C; ++c) sums[r * C + c] = simd::fma(row, columns[c], sums[r * C + c]);
        }
    }
    template <bool Whole>
    static GRAM_INLINE P load(const T* from, index_t n) {
        return simd::in_register(Whole ? simd::load<T, Arch>(from) : simd::load_n<T, Arch>(from, n));
    }
};

/// R rows of the result: sums[r * strip + c] for `columns` columns from in.b on.
template <class Arch, class T, int R>
void dot_rows(DotOperands<T> in, index_t columns, T* to) {
    constexpr int C = DotShape<Arch, T>::columns;
    constexpr index_t strip = DotShape<Arch, T>::strip;
    index_t c = 0;
    for (; c + C <= columns; c += C, in.b += C * in.b_column) {
        DotSums<Arch, T, R, C> dots;
        dots.multiply(in);
        dots.store(to + c, strip);
    }
    for (; c < columns; c += 2, in.b += 2 * in.b_column) {
        if (c + 1 == columns) in.b_column = 0;  // the last column twice
        DotSums<Arch, T, R, 2> dots;
        dots.multiply(in);
        dots.store(to + c, strip);
    }
}

/// A B, strip by strip: sink.take(sums, stride, place) gets finished sums of a few rows and up to `strip` columns.
template <class Arch, class T, class Sink>
void gemm_dots(const MatRef<const T>& A, const MatRef<const T>& B, const Sink& sink) {
    using Shape = DotShape<Arch, T>;
    count_flops(2, A.rows, B.cols, A.cols);
    alignas(64) T sums[Shape::rows * Shape::strip];
    for (index_t j = 0; j < B.cols; j += Shape::strip) {
        const index_t columns = B.cols - j < Shape::strip ? B.cols - j : Shape::strip;
        for (index_t i = 0; i < A.rows;) {
            const index_t rows = A.rows - i >= Shape::rows ? index_t{Shape::rows} : index_t{1};
            const DotOperands<T> in{&A(i, 0), A.row_stride, &B(0, j), B.col_stride, A.cols};
            if (rows > 1) {
                dot_rows<Arch, T, Shape::rows>(in, columns, sums);
            } else {
                dot_rows<Arch, T, 1>(in, columns, sums);
            }
            sink.take(sums, Shape::strip, TilePlace{i, j, rows, columns});
            i += rows;
        }
    }
}

}  // namespace gram::kernel::detail
