/// Complex GEMM: the loops around the register tile of complex_tile.hpp.
#pragma once

#include <type_traits>

#include "gram/kernel/complex_pack.hpp"
#include "gram/kernel/complex_parts.hpp"
#include "gram/kernel/gemm_block.hpp"
#include "gram/kernel/split.hpp"

namespace gram::kernel::detail {

/// C = alpha op(A) op(B) + beta C by its definition: for components without vectors.
template <class Arch, class T>
void complex_gemm_plain(T alpha, const MatRef<const T>& A, bool conj_a, const MatRef<const T>& B, bool conj_b, T beta,
                        const MatRef<T>& C) {
    for (index_t i = 0; i < C.rows; ++i) {
        for (index_t j = 0; j < C.cols; ++j) {
            T sum{};
            for (index_t p = 0; p < A.cols; ++p) sum += times(conj_if(conj_a, A(i, p)), conj_if(conj_b, B(p, j)));
            C(i, j) = beta == T{} ? times(alpha, sum) : times(alpha, sum) + times(beta, C(i, j));
        }
    }
}

/// Which operands are copied, and how the product is cut. The cut of k depends on k alone: it decides the rounding,
/// which must not depend on how the result is shared among threads.
template <class Arch, class R>
struct ComplexPlan {
    using Shape = ComplexShape<Arch, R>;
    using Ref = MatRef<const std::complex<R>>;
    bool pack_a, pack_b;
    index_t mc, nc, kc;

    ComplexPlan(const Ref& A, const Ref& B)
        : pack_a(copies_a(A, B.cols)),
          pack_b(copies_b(A.rows, B)),
          mc(balanced_block(A.rows, Shape::mc, Shape::rows)),
          nc(balanced_block(B.cols, Shape::nc, Shape::columns)),
          kc(A.cols <= Shape::kc ? A.cols : balanced_block(A.cols, Shape::kc, 1)) {}
    /// One block without copies does it all.
    static bool is_whole(const Ref& A, const Ref& B) {
        return A.cols <= Shape::kc && A.cols * B.cols * Shape::size <= Shape::second_cache_part &&
               !copies_b(A.rows, B) && !copies_a(A, B.cols);
    }
    [[nodiscard]] index_t a_bytes() const { return pack_a ? scratch_bytes<R>(2 * mc * kc) : 0; }
    [[nodiscard]] index_t b_bytes() const { return pack_b ? scratch_bytes<R>(2 * kc * nc) : 0; }

private:
    /// A tile reads `rows` short runs of A: rows with contiguous k are as good as a copy, columns soon are not.
    static bool copies_a(const Ref& A, index_t n) {
        if (n <= 2 * Shape::columns) return false;
        const index_t bytes = A.rows * A.cols * Shape::size;
        if (A.col_stride != 1) return bytes > 32 * 1024 || A.col_stride * Shape::size % 2048 == 0;
        return bytes > 128 * 1024 && A.row_stride * Shape::size % 2048 == 0;
    }
    /// A tile reads whole packs of a row of B. Where masks cost, the last one must be whole too.
    static bool copies_b(index_t m, const Ref& B) {
        if (B.col_stride != 1 || (!simd::masks_are_free<Arch> && B.cols % Shape::width != 0)) return true;
        if (m <= Shape::rows) return false;
        // Rows at this distance fall into few cache sets, unless they are so long that they fill the gap themselves.
        if (B.row_stride * Shape::size % 2048 == 0 && 2 * B.cols <= B.row_stride && B.rows > 8) return true;
        return m > Shape::few_rows && B.rows * B.cols * Shape::size > Shape::second_cache_part;
    }
};

/// A tile that ends in a C without contiguous rows.
template <class Arch, class R>
[[gnu::noinline]] void complex_tile_strided(const ComplexPanels<R>& in, index_t rows, index_t columns,
                                            const ComplexEnding<R>& end, const MatRef<std::complex<R>>& C) {
    using Shape = ComplexShape<Arch, R>;
    alignas(64) R tile[2 * Shape::rows * Shape::columns];
    const MatRef<std::complex<R>> T{reinterpret_cast<std::complex<R>*>(tile), rows, columns, Shape::columns, 1};
    for (index_t i = 0; i < rows; ++i)
        for (index_t j = 0; j < columns; ++j) T(i, j) = end.beta == std::complex<R>{} ? std::complex<R>{} : C(i, j);
    ComplexTiles<Arch, R>::run(in, rows, columns, end, tile, 2 * Shape::columns);
    for (index_t i = 0; i < rows; ++i)
        for (index_t j = 0; j < columns; ++j) C(i, j) = T(i, j);
}

/// One block: every tile of a packed or plain A (m×k) times a packed or plain B (k×n).
template <class Arch, class R>
void complex_macro(const MatRef<const std::complex<R>>& A, const MatRef<const std::complex<R>>& B, const R* a_packed,
                   const R* b_packed, const ComplexEnding<R>& end, const MatRef<std::complex<R>>& C) {
    using Shape = ComplexShape<Arch, R>;
    const bool direct = C.col_stride == 1;
    for (index_t i = 0; i < A.rows; i += Shape::rows) {
        const index_t rows = A.rows - i < Shape::rows ? A.rows - i : Shape::rows;
        ComplexPanels<R> in{reinterpret_cast<const R*>(A.data + i * A.row_stride),
                            2 * A.row_stride,
                            reinterpret_cast<const R*>(B.data),
                            2 * A.col_stride,
                            2 * B.row_stride,
                            A.cols};
        if (a_packed != nullptr) in.a = a_packed + 2 * i * A.cols, in.a_row = 2, in.a_step = 2 * Shape::rows;
        const R* b = b_packed;
        for (index_t j = 0; j < B.cols; j += Shape::columns) {
            const index_t columns = B.cols - j < Shape::columns ? B.cols - j : Shape::columns;
            if (b != nullptr) {
                in.b = b, in.b_step = 2 * complex_strip_width<Arch, R>(columns), b += in.b_step * A.cols;
            }
            if (direct) {
                R* const c = reinterpret_cast<R*>(C.data + i * C.row_stride + j);
                ComplexTiles<Arch, R>::run(in, rows, columns, end, c, 2 * C.row_stride);
            } else {
                complex_tile_strided<Arch>(in, rows, columns, end, C.block(i, j, rows, columns));
            }
            in.b += 2 * Shape::columns;
        }
    }
}

/// All blocks of A (m×k) times B (k×n) in one thread.
template <class Arch, class R>
void complex_blocks(const ComplexPlan<Arch, R>& plan, const MatRef<const std::complex<R>>& A,
                    const MatRef<const std::complex<R>>& B, R* a_buffer, R* b_buffer, const ComplexEnding<R>& end,
                    const MatRef<std::complex<R>>& C) {
    const index_t m = A.rows, n = B.cols, k = A.cols;
    ComplexEnding<R> adding = end;
    adding.beta = std::complex<R>{1};
    for (index_t i = 0; i < m; i += plan.mc) {
        const index_t mb = m - i < plan.mc ? m - i : plan.mc;
        for (index_t p = 0; p < k; p += plan.kc) {
            const index_t kb = k - p < plan.kc ? k - p : plan.kc;
            const auto block_a = A.block(i, p, mb, kb);
            if (plan.pack_a) pack_complex_rows<Arch, R>(block_a, a_buffer);
            for (index_t j = 0; j < n; j += plan.nc) {
                const index_t nb = n - j < plan.nc ? n - j : plan.nc;
                const auto block_b = B.block(p, j, kb, nb);
                if (plan.pack_b) pack_complex_columns<Arch, R>(block_b, b_buffer);
                complex_macro<Arch, R>(block_a, block_b, plan.pack_a ? a_buffer : nullptr,
                                       plan.pack_b ? b_buffer : nullptr, p == 0 ? end : adding, C.block(i, j, mb, nb));
            }
        }
    }
}

/// A B in blocks, with working memory on the stack when everything is small. Not inlined, so that calls that need no
/// memory do not pay for its frame.
template <class Arch, class R>
[[gnu::noinline]] void complex_copied(const MatRef<const std::complex<R>>& A, const MatRef<const std::complex<R>>& B,
                                      const ComplexEnding<R>& end, const MatRef<std::complex<R>>& C) {
    const ComplexPlan<Arch, R> plan(A, B);
    if (A.rows <= small_extent && B.cols <= small_extent && A.cols <= small_extent) {
        alignas(64) R buffer[4 * small_extent * small_extent];
        return complex_blocks<Arch, R>(plan, A, B, buffer, buffer + 2 * small_extent * small_extent, end, C);
    }
    const Scratch scratch(plan.a_bytes() + plan.b_bytes());
    complex_blocks<Arch, R>(plan, A, B, scratch.at<R>(0), scratch.at<R>(plan.a_bytes()), end, C);
}

/// Every tile of one block that needs no copies, C with contiguous rows. Small products are made of call overhead, so
/// this path builds no objects on the way.
template <class Arch, class R>
void complex_whole(const MatRef<const std::complex<R>>& A, const MatRef<const std::complex<R>>& B,
                   const ComplexEnding<R>& end, const MatRef<std::complex<R>>& C) {
    using Shape = ComplexShape<Arch, R>;
    ComplexPanels<R> in{
        reinterpret_cast<const R*>(A.data), 2 * A.row_stride, nullptr, 2 * A.col_stride, 2 * B.row_stride, A.cols};
    for (index_t i = 0; i < C.rows; i += Shape::rows, in.a += Shape::rows * in.a_row) {
        const index_t rows = C.rows - i < Shape::rows ? C.rows - i : Shape::rows;
        in.b = reinterpret_cast<const R*>(B.data);
        R* c = reinterpret_cast<R*>(C.data + i * C.row_stride);
        for (index_t j = 0; j < C.cols; j += Shape::columns, in.b += 2 * Shape::columns, c += 2 * Shape::columns) {
            const index_t columns = C.cols - j < Shape::columns ? C.cols - j : Shape::columns;
            ComplexTiles<Arch, R>::run(in, rows, columns, end, c, 2 * C.row_stride);
        }
    }
}

/// complex_gemm for packs along the rows of C.
template <class Arch, class R>
[[gnu::noinline]] void complex_gemm_rows(const MatRef<const std::complex<R>>& A, const MatRef<const std::complex<R>>& B,
                                         const ComplexEnding<R>& end, const MatRef<std::complex<R>>& C) {
    const auto run = [&end](const auto& a, const auto& b, const auto& c) {
        if (!ComplexPlan<Arch, R>::is_whole(a, b)) return complex_copied<Arch, R>(a, b, end, c);
        if (c.col_stride == 1) return complex_whole<Arch, R>(a, b, end, c);
        complex_macro<Arch, R>(a, b, nullptr, nullptr, end, c);
    };
    constexpr index_t small = 64;  // far from what is worth a thread
    if (A.rows <= small && B.cols <= small && A.cols <= small) return run(A, B, C);
    // A complex multiply-add is four real ones: what is worth a thread is decided there.
    split_result<Arch, R>(C.rows, C.cols, 4 * A.cols, [&](index_t i, index_t j, index_t m, index_t n) {
        run(A.block(i, 0, m, A.cols), B.block(0, j, B.rows, n), C.block(i, j, m, n));
    });
}

/// C = alpha op(A) op(B) + beta C, where op conjugates or not. An element's bits depend neither on the layout of the
/// operands nor on the number of threads. Takes no memory from the heap when m, n, k <= 32. Inlined, because complex
/// arguments travel through memory in pieces of other sizes than they are read in, which costs a small product dearly.
template <class Arch, class R>
GRAM_INLINE void complex_gemm(const std::complex<R>& alpha, const MatRef<const std::complex<R>>& A, bool conj_a,
                              const MatRef<const std::complex<R>>& B, bool conj_b, const std::complex<R>& beta,
                              const MatRef<std::complex<R>>& C) {
    if constexpr (!simd::has_pack<R, Arch>) {
        complex_gemm_plain<Arch, std::complex<R>>(alpha, A, conj_a, B, conj_b, beta, C);
    } else if (C.row_stride == 1 && !(C.col_stride == 1 && C.cols > 1)) {  // packs should run down the columns of C
        const ComplexEnding<R> end(alpha, conj_b, conj_a, beta);
        complex_gemm_rows<Arch, R>(B.transposed(), A.transposed(), end, C.transposed());
    } else {
        complex_gemm_rows<Arch, R>(A, B, ComplexEnding<R>(alpha, conj_a, conj_b, beta), C);
    }
}

}  // namespace gram::kernel::detail
