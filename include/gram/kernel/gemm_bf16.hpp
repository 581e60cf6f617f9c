/// Products of bfloat16 matrices, summed in float.
#pragma once

#include <type_traits>

#include "gram/kernel/bfloat16.hpp"
#include "gram/kernel/gemm.hpp"
#include "gram/kernel/mixed_block.hpp"

namespace gram::kernel {
namespace detail {

/// The bits of a matrix of bfloat16.
inline MatRef<const std::uint16_t> bits_of(const MatRef<const bfloat16>& A) {
    return {reinterpret_cast<const std::uint16_t*>(A.data), A.rows, A.cols, A.row_stride, A.col_stride};
}

/// C = alpha A B + beta C for one tile of sums.
template <class Arch>
void finish_bf16(const float* sums, index_t step, float alpha, float beta, const MatRef<float>& C) {
    constexpr index_t w = simd::width<float, Arch>;
    const auto a = simd::broadcast<float, Arch>(alpha), b = simd::broadcast<float, Arch>(beta);
    for (index_t i = 0; i < C.rows; ++i, sums += step) {
        if (C.col_stride == 1) {
            float* c = &C(i, 0);
            for (index_t j = 0; j < C.cols; j += w) {
                const index_t n = C.cols - j < w ? C.cols - j : w;
                auto x = a * simd::load_n<float, Arch>(sums + j, n);
                if (beta != 0) x = simd::fma(b, simd::load_n<float, Arch>(c + j, n), x);
                simd::store_n(c + j, x, n);
            }
        } else {
            for (index_t j = 0; j < C.cols; ++j) {
                C(i, j) = beta == 0 ? alpha * sums[j] : simd::fma(beta, C(i, j), alpha * sums[j]);
            }
        }
    }
}

/// A block of bfloat16 as floats with contiguous rows.
template <class Arch>
MatRef<const float> widened(const MatRef<const bfloat16>& A, float* to) {
    for (index_t i = 0; i < A.rows; ++i) {
        for (index_t j = 0; j < A.cols; ++j) to[i * A.cols + j] = static_cast<float>(A(i, j));
    }
    return {to, A.rows, A.cols, A.cols, 1};
}

/// By way of floats, block by block.
template <class Arch>
void gemm_bf16_widened(float alpha, const MatRef<const bfloat16>& A, const MatRef<const bfloat16>& B, float beta,
                       const MatRef<float>& C) {
    static constexpr index_t block = 512;  // a megabyte for each operand
    const auto part = [](index_t n, index_t at) { return n - at < block ? n - at : block; };
    const auto most = [](index_t n) { return n < block ? n : block; };
    const index_t a_bytes = scratch_bytes<float>(most(C.rows) * most(A.cols));
    const Scratch scratch(a_bytes + scratch_bytes<float>(most(A.cols) * most(C.cols)));
    for (index_t p = 0; p < A.cols; p += block) {
        const index_t kb = part(A.cols, p);
        for (index_t j = 0; j < C.cols; j += block) {
            const index_t nb = part(C.cols, j);
            const auto b = widened<Arch>(B.block(p, j, kb, nb), scratch.at<float>(a_bytes));
            for (index_t i = 0; i < C.rows; i += block) {
                const index_t mb = part(C.rows, i);
                const auto a = widened<Arch>(A.block(i, p, mb, kb), scratch.at<float>(0));
                gemm<Arch, float>(alpha, a, b, p == 0 ? beta : 1.0F, C.block(i, j, mb, nb));
            }
        }
    }
}

}  // namespace detail

/// C = alpha A B + beta C for A (m×k) and B (k×n) of bfloat16 and C of float, each with any strides.
///
/// Products are exact and sums are rounded to float: |C - exact| <= (k + 4) eps (|alpha| |A| |B| + |beta C|). With
/// AVX512_BF16 (short_arch::has_bf16) elements below the normal range of float, 2^-126, and sums below it count as
/// zero; otherwise the blocks become floats and gemm multiplies them. beta = 0 overwrites C, whatever it held; NaN and
/// infinity propagate; alpha = 0 does not read A and B. C must not overlap A or B. The result does not depend on the
/// number of threads.
template <class Short = simd::native_short_arch>
void gemm_bf16(float alpha, MatRef<const bfloat16> A, MatRef<const bfloat16> B, float beta, MatRef<float> C) {
    using Arch = typename Short::base;
    if (C.rows == 0 || C.cols == 0) return;
    if (alpha == 0 || A.cols == 0) return scale<Arch>(beta, C);
    if constexpr (!Short::has_bf16) {
        detail::gemm_bf16_widened<Arch>(alpha, A, B, beta, C);
    } else {
        using Dot = simd::Bf16Dot<Short>;
        const detail::ShortFormat<std::uint16_t, std::uint16_t, 2> format;
        detail::count_flops(2, C.rows, C.cols, A.cols);
        detail::split_result<Arch, float>(C.rows, C.cols, A.cols, [&](index_t i, index_t j, index_t m, index_t n) {
            const auto part = C.block(i, j, m, n);
            detail::short_product<Short, Dot>(
                detail::bits_of(A.block(i, 0, m, A.cols)), format, detail::bits_of(B.block(0, j, B.rows, n)), format,
                part, alpha == 1 && beta == 0 && C.col_stride == 1,
                [](const std::uint32_t*, index_t width, index_t, float* sums) {
                    for (index_t l = 0; l < width; ++l) sums[l] = 0;
                },
                [&](index_t r, index_t c, index_t rows, index_t columns, const float* sums, bool first) {
                    detail::finish_bf16<Arch>(sums, detail::ShortShape<Dot>::columns, alpha, first ? beta : 1.0F,
                                              part.block(r, c, rows, columns));
                });
        });
    }
}

}  // namespace gram::kernel
