/// Where the register tiles of a product end: straight in C, in a C of any strides, or in an element-wise function.
#pragma once

#include "gram/kernel/gemm_tile.hpp"

namespace gram::kernel::detail {

/// One tile as the macro-kernel hands it over: its place in the block and its size.
struct TilePlace {
    index_t i, j, rows, columns;
};

/// C = alpha A B + beta C where the columns of C are contiguous.
template <class Arch, class T>
struct DirectSink {
    MatRef<T> C;
    T alpha, beta;

    void operator()(const Panels<T>& in, const TilePlace& at) const {
        Tiles<Arch, T>::run(in, at.rows, at.columns, alpha, beta, C.data + at.i * C.row_stride + at.j, C.row_stride);
    }
};

/// C = alpha A B + beta C for any strides of C.
template <class Arch, class T>
struct StridedSink {
    MatRef<T> C;
    T alpha, beta;

    void operator()(const Panels<T>& in, const TilePlace& at) const {
        using Shape = TileShape<Arch, T>;
        alignas(64) T tile[Shape::rows * Shape::columns];
        Tiles<Arch, T>::run(in, at.rows, at.columns, alpha, T{}, tile, Shape::columns);
        for (index_t i = 0; i < at.rows; ++i) {
            for (index_t j = 0; j < at.columns; ++j) {
                T& c = C(at.i + i, at.j + j);
                const T x = tile[i * Shape::columns + j];
                c = beta == T{} ? x : simd::fma(beta, c, x);
            }
        }
    }
};

/// C(i, j) = f(i, j, sum) for the last block of k; `partial` says that C holds the sum of the blocks before. The
/// function runs on the tile while it is in the first cache, so that C is written once, and the tile's own code is
/// shared by all functions.
template <class Arch, class T, int Axis, class Epilogue>
struct FusedSink {
    MatRef<T> C;
    const Epilogue& f;
    index_t i0, j0;  // the place of C in the whole product
    bool partial;

    void operator()(const Panels<T>& in, const TilePlace& at) const {
        using Shape = TileShape<Arch, T>;
        alignas(64) T tile[Shape::rows * Shape::columns];
        Tiles<Arch, T>::run(in, at.rows, at.columns, T{1}, T{}, tile, Shape::columns);
        for (index_t i = 0; i < at.rows; ++i) {
            const T* sums = tile + i * Shape::columns;
            if (C.col_stride == 1) {
                contiguous(sums, at.i + i, at.j, at.columns);
            } else {
                for (index_t j = 0; j < at.columns; ++j) {
                    T& c = C(at.i + i, at.j + j);
                    c = scalar(partial ? c + sums[j] : sums[j], at.i + i, at.j + j);
                }
            }
        }
    }

private:
    [[nodiscard]] T scalar(T sum, index_t i, index_t j) const {
        if constexpr (Axis == 1) {
            return f.scalar(sum, i0 + i, j0 + j);
        } else {
            return f.scalar(sum, j0 + j, i0 + i);
        }
    }
    void contiguous(const T* sums, index_t i, index_t j, index_t n) const {
        constexpr index_t w = simd::width<T, Arch>;
        T* c = C.data + i * C.row_stride + j;
        const index_t row = Axis == 1 ? i0 + i : j0 + j, step = w;
        const index_t col = Axis == 1 ? j0 + j : i0 + i;
        for (index_t l = 0; l < n; l += step) {
            auto x = simd::load<T, Arch>(sums + l);
            const index_t r = Axis == 1 ? row : row + l, s = Axis == 1 ? col + l : col;
            if (l + w <= n) {
                if (partial) x = x + simd::load<T, Arch>(c + l);
                simd::store(c + l, f.template packet<Arch, Axis>(x, r, s));
            } else {
                if (partial) x = x + simd::load_n<T, Arch>(c + l, n - l);
                simd::store_n(c + l, f.template packet_n<Arch, Axis>(x, r, s, n - l), n - l);
            }
        }
    }
};

}  // namespace gram::kernel::detail
