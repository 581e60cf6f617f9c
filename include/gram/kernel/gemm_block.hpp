/// The loops of GEMM around the register tile: cache blocks, packing, one thread.
#pragma once

#include "gram/kernel/gemm_pack.hpp"
#include "gram/kernel/gemm_sink.hpp"
#include "gram/kernel/gemm_tile.hpp"
#include "gram/kernel/scratch.hpp"

namespace gram::kernel::detail {

constexpr index_t ceil_div(index_t a, index_t b) { return (a + b - 1) / b; }
/// The size of equal blocks, multiples of `unit`, none larger than `limit` (a multiple of unit), that cover n.
constexpr index_t balanced_block(index_t n, index_t limit, index_t unit) {
    if (n <= limit) return ceil_div(n, unit) * unit;
    return ceil_div(ceil_div(n, ceil_div(n, limit)), unit) * unit;
}

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
    [[nodiscard]] index_t a_bytes() const { return pack_a ? scratch_bytes<T>(mc * kc) : 0; }
    [[nodiscard]] index_t b_bytes() const { return pack_b ? scratch_bytes<T>(kc * nc) : 0; }

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
    /// A tile reads `rows` short runs of A: rows with contiguous k are as good as a copy, columns soon are not.
    static bool copies_a(const MatRef<const T>& A, index_t n) {
        if (n <= 2 * Shape::columns) return false;
        const index_t bytes = A.rows * A.cols * Shape::size;
        if (A.col_stride != 1) return bytes > 32 * 1024 || A.col_stride * Shape::size % 2048 == 0;
        return bytes > 128 * 1024 && A.row_stride * Shape::size % 2048 == 0;
    }
    /// A tile reads whole packs of a row of B. Where masks cost, the last one must be whole too.
    static bool copies_b(index_t m, const MatRef<const T>& B) {
        if (B.col_stride != 1 || (!simd::masks_are_free<Arch> && B.cols % Shape::width != 0)) return true;
        if (m <= Shape::rows) return false;
        if (crowded(B.row_stride, B.cols) && B.rows > 8) return true;
        return m > few_rows && B.rows * B.cols * Shape::size > second_cache_part;
    }
};

/// One block: every tile of a packed or plain A (m×k) times a packed or plain B (k×n) goes to the sink.
template <class Arch, class T, class Sink>
void gemm_macro(const MatRef<const T>& A, const MatRef<const T>& B, const T* a_packed, const T* b_packed,
                const Sink& sink) {
    using Shape = TileShape<Arch, T>;
    constexpr index_t w = Shape::width;
    const index_t k = A.cols;
    for (index_t i = 0; i < A.rows; i += Shape::rows) {
        const index_t rows = A.rows - i < Shape::rows ? A.rows - i : Shape::rows;
        Panels<T> in{A.data + i * A.row_stride, A.row_stride, A.col_stride, nullptr, B.row_stride, k};
        if (a_packed != nullptr) in.a = a_packed + i * k, in.a_row = 1, in.a_step = Shape::rows;
        const T* b = b_packed;
        for (index_t j = 0; j < B.cols; j += Shape::columns) {
            const index_t columns = B.cols - j < Shape::columns ? B.cols - j : Shape::columns;
            in.b = B.data + j;
            if (b_packed != nullptr) in.b = b, in.b_step = ceil_div(columns, w) * w, b += in.b_step * k;
            sink(in, TilePlace{i, j, rows, columns});
        }
    }
}

/// C = alpha A B + beta C in place when it is one block that needs no copies and C has contiguous rows; false when it
/// is not. Small products are made of call overhead, so this path builds no objects on the way.
template <class Arch, class T>
bool gemm_whole(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta, const MatRef<T>& C) {
    using Shape = TileShape<Arch, T>;
    if (C.col_stride != 1 || !GemmPlan<Arch, T>::is_whole(A, B)) return false;
    Panels<T> in{A.data, A.row_stride, A.col_stride, B.data, B.row_stride, A.cols};
    for (index_t i = 0; i < A.rows; i += Shape::rows, in.a += Shape::rows * A.row_stride) {
        const index_t rows = A.rows - i < Shape::rows ? A.rows - i : Shape::rows;
        in.b = B.data;
        T* c = C.data + i * C.row_stride;
        for (index_t j = 0; j < B.cols; j += Shape::columns, in.b += Shape::columns) {
            const index_t columns = B.cols - j < Shape::columns ? B.cols - j : Shape::columns;
            Tiles<Arch, T>::run(in, rows, columns, alpha, beta, c + j, C.row_stride);
        }
    }
    return true;
}

/// All blocks of A (m×k) times B (k×n) in one thread. `sinks(place, first, last, run)` calls run(sink) with the sink
/// of that block of C, told whether the block of k is the first or the last one.
template <class Arch, class T, class Sinks>
void gemm_blocks(const GemmPlan<Arch, T>& plan, const MatRef<const T>& A, const MatRef<const T>& B, T* a_buffer,
                 T* b_buffer, const Sinks& sinks) {
    const index_t m = A.rows, n = B.cols, k = A.cols;
    for (index_t i = 0; i < m; i += plan.mc) {
        const index_t mb = m - i < plan.mc ? m - i : plan.mc;
        for (index_t p = 0; p < k; p += plan.kc) {
            const index_t kb = k - p < plan.kc ? k - p : plan.kc;
            const auto block_a = A.block(i, p, mb, kb);
            if (plan.pack_a) pack_rows<Arch>(block_a, a_buffer);
            for (index_t j = 0; j < n; j += plan.nc) {
                const index_t nb = n - j < plan.nc ? n - j : plan.nc;
                const auto block_b = B.block(p, j, kb, nb);
                if (plan.pack_b) pack_columns<Arch>(block_b, b_buffer);
                sinks(TilePlace{i, j, mb, nb}, p == 0, p + kb == k, [&](const auto& sink) {
                    gemm_macro<Arch>(block_a, block_b, plan.pack_a ? a_buffer : nullptr,
                                     plan.pack_b ? b_buffer : nullptr, sink);
                });
            }
        }
    }
}

/// Products up to this extent in every direction never take memory from the heap.
inline constexpr index_t small_extent = 32;

/// A B in blocks, with working memory on the stack when everything is small. Not inlined, so that calls that need no
/// memory do not pay for its frame.
template <class Arch, class T, class Sinks>
[[gnu::noinline]] void gemm_copied(const GemmPlan<Arch, T>& plan, const MatRef<const T>& A, const MatRef<const T>& B,
                                   const Sinks& sinks) {
    if (A.rows <= small_extent && B.cols <= small_extent && A.cols <= small_extent) {
        alignas(64) T buffer[2 * small_extent * small_extent];
        return gemm_blocks<Arch>(plan, A, B, buffer, buffer + small_extent * small_extent, sinks);
    }
    const Scratch scratch(plan.a_bytes() + plan.b_bytes());
    gemm_blocks<Arch>(plan, A, B, scratch.at<T>(0), scratch.at<T>(plan.a_bytes()), sinks);
}

/// A B for one thread.
template <class Arch, class T, class Sinks>
void gemm_serial(const MatRef<const T>& A, const MatRef<const T>& B, const Sinks& sinks) {
    if (!GemmPlan<Arch, T>::is_whole(A, B)) return gemm_copied<Arch, T>(GemmPlan<Arch, T>(A, B), A, B, sinks);
    sinks(TilePlace{0, 0, A.rows, B.cols}, true, true,
          [&](const auto& sink) { gemm_macro<Arch, T>(A, B, nullptr, nullptr, sink); });
}

}  // namespace gram::kernel::detail
