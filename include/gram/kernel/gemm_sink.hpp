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
        add(tile, Shape::columns, at);
    }
    [[nodiscard]] bool takes_from_c(index_t) const { return C.col_stride == 1 && alpha == T{1} && beta == T{}; }
    /// C = alpha sums + beta C for the sums at a place.
    void take(T* sums, index_t stride, const TilePlace& at) const {
        if (takes_from_c(at.columns)) return;
        if (alpha != T{1}) {
            for (index_t i = 0; i < at.rows; ++i) {
                for (index_t j = 0; j < at.columns; ++j) sums[i * stride + j] *= alpha;
            }
        }
        add(sums, stride, at);
    }

private:
    void add(const T* sums, index_t stride, const TilePlace& at) const {
        for (index_t i = 0; i < at.rows; ++i) {
            for (index_t j = 0; j < at.columns; ++j) {
                T& c = C(at.i + i, at.j + j);
                const T x = sums[i * stride + j];
                c = beta == T{} ? x : simd::fma(beta, c, x);
            }
        }
    }
};

/// The element-wise function at the end of a product without its type, so that the loops around it are compiled once:
/// run(f, sums, stride, D, i, j) as gemm_fused describes it for tiles.
template <class T>
struct TileFunction {
    const void* f;
    void (*run)(const void* f, const T* sums, index_t stride, const MatRef<T>& to, index_t i, index_t j);
};
template <class Arch, int Axis, class T, class Epilogue>
void finish_tile(const void* f, const T* sums, index_t stride, const MatRef<T>& to, index_t i, index_t j) {
    static_cast<const Epilogue*>(f)->template tile<Arch, Axis>(sums, stride, to, i, j);
}

/// C(i, j) = f(i, j, sum) for the last block of k; `partial` says that C holds the sum of the blocks before. The
/// function runs in place on rows of finished tiles while they are in the first cache, so that the tile's own code is
/// shared by all functions. A tile alone in its rows that ends in a part of a pack goes through a buffer: what was
/// stored in part cannot be loaded again before memory has it.
template <class Arch, class T>
struct FusedSink {
    MatRef<T> C;
    const TileFunction<T>& f;
    index_t i0, j0;  // the place of C in the whole product
    bool partial;

    /// The tiles of the same rows come from left to right.
    void operator()(const Panels<T>& in, const TilePlace& at) const {
        using Shape = TileShape<Arch, T>;
        const bool narrow = C.cols <= Shape::columns && C.cols % Shape::width != 0 && !partial;
        if (C.col_stride == 1 && !narrow) {
            DirectSink<Arch, T>{C, T{1}, partial ? T{1} : T{}}(in, at);
            if (at.j + at.columns < C.cols) return;
            const auto rows = C.block(at.i, 0, at.rows, C.cols);
            return f.run(f.f, rows.data, rows.row_stride, rows, i0 + at.i, j0);
        }
        alignas(64) T tile[Shape::rows * Shape::columns];
        Tiles<Arch, T>::run_whole(in, at.rows, at.columns, tile, Shape::columns);
        take(tile, Shape::columns, at);
    }
    /// Not parts of packs: the store of one covers the bytes that the load of the next row waits for.
    [[nodiscard]] bool takes_from_c(index_t columns) const {
        return C.col_stride == 1 && !partial && columns % simd::width<T, Arch> == 0;
    }
    /// C = f(sums) for the sums at a place, which may be C itself.
    void take(T* tile, index_t stride, const TilePlace& at) const {
        const auto block = C.block(at.i, at.j, at.rows, at.columns);
        if (block.col_stride == 1) return finish(tile, stride, block, at);
        const MatRef<T> sums{tile, at.rows, at.columns, stride, 1};
        if (partial) {
            for (index_t i = 0; i < at.rows; ++i)
                for (index_t j = 0; j < at.columns; ++j) sums(i, j) += block(i, j);
        }
        finish(tile, stride, sums, at);
        for (index_t i = 0; i < at.rows; ++i)
            for (index_t j = 0; j < at.columns; ++j) block(i, j) = sums(i, j);
    }

private:
    void finish(const T* tile, index_t stride, const MatRef<T>& to, const TilePlace& at) const {
        f.run(f.f, tile, stride, to, i0 + at.i, j0 + at.j);
    }
};

}  // namespace gram::kernel::detail
