/// The loops of GEMM around the register tile: cache blocks, packing, one thread.
#pragma once

#include "gram/kernel/gemm_pack.hpp"
#include "gram/kernel/gemm_sink.hpp"
#include "gram/kernel/gemm_tile.hpp"
#include "gram/kernel/scratch.hpp"

namespace gram::kernel::detail {

/// Which operands are copied, and how the product is cut. The cut of k depends on k alone: it decides the rounding,
/// which must not depend on how the result is shared among threads.
template <class Arch, class T>
struct GemmPlan {
    using Shape = TileShape<Arch, T>;
    bool pack_a, pack_b;
    index_t mc, nc, kc;

    GemmPlan(const MatRef<const T>& A, const MatRef<const T>& B)
        : pack_a(copies_a(A, B.cols)),
          pack_b(copies_b(A.rows, B)),
          mc(balanced_block(A.rows, Shape::mc, Shape::rows)),
          nc(balanced_block(B.cols, Shape::nc, Shape::columns)),
          kc(A.cols <= Shape::kc ? A.cols : balanced_block(A.cols, Shape::kc, 1)) {}
    /// One block without copies does it all.
    static bool is_whole(const MatRef<const T>& A, const MatRef<const T>& B) {
        return A.cols <= Shape::kc && A.cols * B.cols * Shape::size <= second_cache_part && !copies_b(A.rows, B) &&
               !copies_a(A, B.cols);
    }
    [[nodiscard]] index_t a_bytes() const { return pack_a ? scratch_bytes<T>(Shape::packed_rows(mc, kc)) : 0; }
    [[nodiscard]] index_t b_bytes() const { return pack_b ? scratch_bytes<T>(kc * nc) : 0; }

    /// A tile reads `rows` short runs of A: rows with contiguous k are as good as a copy, columns soon are not. Copies
    /// that spare the tile work pay with enough columns and rows.
    static bool copies_a(const MatRef<const T>& A, index_t n) {
        if constexpr (Shape::repeats) return A.rows >= 4 && n > 5 * Shape::columns;
        if (n <= 2 * Shape::columns) return false;
        const index_t bytes = A.rows * A.cols * Shape::size;
        if (A.col_stride != 1) return bytes > 32 * 1024 || A.col_stride * Shape::size % 2048 == 0;
        return bytes > 128 * 1024 && A.row_stride * Shape::size % 2048 == 0;
    }

private:
    // A tile of many rows reads each strip of B few times, and a strip of B that is several cache lines wide streams
    // well where it lies.
    static constexpr bool broad = Shape::rows >= 8;
    static constexpr index_t second_cache_part = (broad ? 512 : 96) * 1024;
    static constexpr index_t few_rows = broad ? 64 : 16;

    /// Rows at this distance fall into few cache sets, unless they are so long that they fill the gap themselves.
    static bool crowded(index_t stride, index_t length) {
        return stride * Shape::size % 2048 == 0 && 2 * length <= stride;
    }
    /// A tile reads whole packs of a row of B. Where masks cost, the last one must be whole too.
    static bool copies_b(index_t m, const MatRef<const T>& B) {
        if (B.col_stride != 1 || (!simd::masks_are_free<Arch> && B.cols % Shape::width != 0)) return true;
        if (m <= Shape::rows) return false;
        if (crowded(B.row_stride, B.cols) && B.rows > 8) return true;
        return m > few_rows && B.rows * B.cols * Shape::size > second_cache_part;
    }
};

/// Heights of the tiles that cover m rows: as few tiles as can be, and as equal, since a tile of one row waits for its
/// own sums.
class EvenRows {
public:
    GRAM_INLINE EvenRows(index_t m, index_t most) {
        const index_t tiles = ceil_div(m, most);
        height_ = tiles <= 1 ? m : m / tiles;
        taller_ = m - tiles * height_;
    }
    GRAM_INLINE index_t next() { return taller_-- > 0 ? height_ + 1 : height_; }

private:
    index_t height_, taller_;
};

/// One block of a product: where it lies in C, its operands and where their copies are, and whether the block of k is
/// the first or the last one. Where elements of A are repeated, a_packed is room for a strip, which is packed when it
/// is needed and stays in the first cache.
template <class T>
struct ProductBlock {
    MatRef<const T> A, B;
    T* a_packed;
    const T* b_packed;
    TilePlace at;
    bool first, last;
};

/// What is done with each block: a function without its type, so that the loops around it are compiled once.
template <class T>
class BlockWork {
public:
    template <class Work>
    BlockWork(const Work& work)
        : work_(&work),
          call_([](const void* to, const ProductBlock<T>& block) { (*static_cast<const Work*>(to))(block); }) {}
    void operator()(const ProductBlock<T>& block) const { call_(work_, block); }

private:
    const void* work_;
    void (*call_)(const void*, const ProductBlock<T>&);
};

/// One block: every tile of A (m×k) times B (k×n) goes to the sink.
template <class Arch, class T, class Sink>
void gemm_macro(const ProductBlock<T>& block, const Sink& sink) {
    const MatRef<const T>&A = block.A, &B = block.B;
    T* const a_packed = block.a_packed;
    using Shape = TileShape<Arch, T>;
    constexpr index_t w = Shape::width;
    const index_t k = A.cols;
    const bool far = Shape::is_far(A.rows, B.cols);
    EvenRows tiles(A.rows, Shape::rows);
    for (index_t i = 0; i < A.rows;) {
        const index_t rest = A.rows - i, whole = rest < Shape::rows ? rest : index_t{Shape::rows};
        const index_t rows = a_packed != nullptr && !Shape::repeats ? whole : tiles.next();
        Panels<T> in{A.data + i * A.row_stride, A.row_stride, nullptr, A.col_stride, k, B.row_stride, far};
        if (a_packed != nullptr) {
            if constexpr (Shape::repeats) {
                pack_repeated<Arch>(Strip<T>{in.a, A.row_stride, A.col_stride, rows, k}, a_packed);
                in.a = a_packed, in.a_row = Panels<T>::repeated;
            } else {
                in.a = a_packed + i * Shape::strip / Shape::rows * k, in.a_row = 1, in.a_step = Shape::strip;
            }
        }
        const T* b = block.b_packed;
        for (index_t j = 0; j < B.cols; j += Shape::columns) {
            const index_t columns = B.cols - j < Shape::columns ? B.cols - j : Shape::columns;
            in.b = B.data + j;
            if (b != nullptr) in.b = b, in.b_step = ceil_div(columns, w) * w, b += in.b_step * k;
            sink(in, TilePlace{i, j, rows, columns});
        }
        i += rows;
    }
}

/// How many of the last columns of C begin a half pack and fill at most a quarter of it. They would cost as much as a
/// full one, and cost less as products of A with a vector, where a row has few packs and k is long enough for the dot
/// products. Their sums have another order than those of a tile; which they are depends on the whole product alone.
/// None where A and B lie in the same memory: A A^T is to be symmetric to the bit.
template <class Arch, class T>
GRAM_INLINE index_t lone_columns(const MatRef<const T>& A, const MatRef<const T>& B) {
    using Shape = TileShape<Arch, T>;
    constexpr index_t unit = Shape::halves ? Shape::width / 2 : Shape::width;
    const index_t n = B.cols;
    if (n <= 2 * Shape::width || n > 8 * Shape::columns) return 0;
    const index_t over = n & (unit - 1);
    const bool pays = A.rows >= unit && A.cols >= 2 * Shape::width && (A.col_stride == 1 || A.row_stride == 1);
    return 4 * over <= unit && pays && A.data != B.data ? over : 0;
}

/// C = alpha A B + beta C for operands that are used where they lie: rows of B and C contiguous (and B readable in
/// whole packs where masks cost), a depth of one block.
template <class Arch, class T>
GRAM_INLINE void gemm_in_place(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta,
                               const MatRef<T>& C) {
    using Shape = TileShape<Arch, T>;
    Panels<T> in{A.data, A.row_stride, B.data, A.col_stride, A.cols, B.row_stride, Shape::is_far(A.rows, B.cols)};
    EvenRows tiles(A.rows, Shape::rows);
    T* c = C.data;
    for (index_t i = 0; i < A.rows;) {
        const index_t rows = tiles.next();
        in.b = B.data;
        for (index_t j = 0; j < B.cols; j += Shape::columns, in.b += Shape::columns) {
            const index_t columns = B.cols - j < Shape::columns ? B.cols - j : Shape::columns;
            Tiles<Arch, T>::run(in, rows, columns, alpha, beta, c + j, C.row_stride);
        }
        i += rows, in.a += rows * A.row_stride, c += rows * C.row_stride;
    }
}

/// C = alpha A B + beta C when all of it lies in the first cache and is used where it lies; false when it does not.
///
/// Inlined up to the tiles, so that operands need not be written to memory and read again in other pieces, which costs
/// more than the product of two 4×4 matrices.
template <class Arch, class T>
GRAM_INLINE bool gemm_tiny(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta, const MatRef<T>& C) {
    using Shape = TileShape<Arch, T>;
    constexpr index_t most = 16 * 1024 / Shape::size, crowded = 2048 / Shape::size;
    const bool down = C.col_stride != 1;
    const MatRef<const T> L = down ? B.transposed() : A, R = down ? A.transposed() : B;
    const MatRef<T> D = down ? C.transposed() : C;
    if (D.col_stride != 1 || R.col_stride != 1 || D.rows < 2 || D.cols < 2 || L.cols < 1 || alpha == T{}) return false;
    if (Shape::repeats && GemmPlan<Arch, T>::copies_a(L, R.cols)) return false;
    if (L.rows * L.cols > most || R.rows * R.cols > most || L.cols > Shape::kc) return false;
    if (R.row_stride % crowded == 0 || (!simd::masks_are_free<Arch> && R.cols % Shape::width != 0)) return false;
    if (lone_columns<Arch>(L, R) > 0) return false;
    gemm_in_place<Arch, T>(alpha, L, R, beta, D);
    return true;
}

/// All blocks of A (m×k) times B (k×n) in one thread.
template <class Arch, class T>
void gemm_blocks(const GemmPlan<Arch, T>& plan, const MatRef<const T>& A, const MatRef<const T>& B, T* a_buffer,
                 T* b_buffer, const BlockWork<T>& work) {
    const index_t m = A.rows, n = B.cols, k = A.cols;
    for (index_t i = 0; i < m; i += plan.mc) {
        const index_t mb = m - i < plan.mc ? m - i : plan.mc;
        for (index_t p = 0; p < k; p += plan.kc) {
            const index_t kb = k - p < plan.kc ? k - p : plan.kc;
            const auto block_a = A.block(i, p, mb, kb);
            if (plan.pack_a && !GemmPlan<Arch, T>::Shape::repeats) pack_rows<Arch>(block_a, a_buffer);
            for (index_t j = 0; j < n; j += plan.nc) {
                const index_t nb = n - j < plan.nc ? n - j : plan.nc;
                const auto block_b = B.block(p, j, kb, nb);
                if (plan.pack_b) pack_columns<Arch>(block_b, b_buffer);
                work(ProductBlock<T>{block_a, block_b, plan.pack_a ? a_buffer : nullptr,
                                     plan.pack_b ? b_buffer : nullptr, TilePlace{i, j, mb, nb}, p == 0, p + kb == k});
            }
        }
    }
}

/// Products up to this extent in every direction never take memory from the heap.
inline constexpr index_t small_extent = 32;

/// A B in blocks, with working memory on the stack when everything is small. Not inlined, so that calls that need no
/// memory do not pay for its frame.
template <class Arch, class T>
[[gnu::noinline]] void gemm_copied(const GemmPlan<Arch, T>& plan, const MatRef<const T>& A, const MatRef<const T>& B,
                                   const BlockWork<T>& work) {
    if (A.rows <= small_extent && B.cols <= small_extent && A.cols <= small_extent) {
        using Shape = TileShape<Arch, T>;
        constexpr index_t rows = ceil_div(small_extent, Shape::rows) * Shape::rows;
        constexpr index_t a_size = Shape::packed_rows(rows, small_extent);
        alignas(64) T buffer[a_size + small_extent * small_extent];
        return gemm_blocks<Arch>(plan, A, B, buffer, buffer + a_size, work);
    }
    const Scratch scratch(plan.a_bytes() + plan.b_bytes());
    gemm_blocks<Arch>(plan, A, B, scratch.at<T>(0), scratch.at<T>(plan.a_bytes()), work);
}

/// A B for one thread.
template <class Arch, class T>
void gemm_serial(const MatRef<const T>& A, const MatRef<const T>& B, const BlockWork<T>& work) {
    if (!GemmPlan<Arch, T>::is_whole(A, B)) return gemm_copied<Arch, T>(GemmPlan<Arch, T>(A, B), A, B, work);
    work(ProductBlock<T>{A, B, nullptr, nullptr, TilePlace{0, 0, A.rows, B.cols}, true, true});
}

}  // namespace gram::kernel::detail
