/// Products of matrices of bytes, summed in 32-bit integers.
#pragma once

#include <type_traits>

#include "gram/kernel/gemm.hpp"
#include "gram/kernel/mixed_block.hpp"

namespace gram::kernel {
namespace detail {

/// By its definition: where there are no vectors.
template <class Short, class EA, class EB>
void gemm_int8_plain(const MatRef<const EA>& A, const MatRef<const EB>& B, std::uint32_t beta,
                     const MatRef<std::int32_t>& C) {
    for (index_t i = 0; i < C.rows; ++i) {
        for (index_t j = 0; j < C.cols; ++j) {
            std::uint32_t sum = beta == 0 ? 0 : beta * static_cast<std::uint32_t>(C(i, j));
            for (index_t p = 0; p < A.cols; ++p) sum += static_cast<std::uint32_t>(int{A(i, p)} * int{B(p, j)});
            C(i, j) = static_cast<std::int32_t>(sum);
        }
    }
}

/// C = sums + beta C for one tile of sums.
template <class Dot>
void finish_int8(const std::int32_t* sums, index_t step, std::uint32_t beta, const MatRef<std::int32_t>& C) {
    for (index_t i = 0; i < C.rows; ++i, sums += step) {
        index_t j = 0;
        if (C.col_stride == 1 && beta == 0) {
            std::memcpy(&C(i, 0), sums, static_cast<std::size_t>(C.cols) * sizeof(std::int32_t));
            continue;
        }
        if (C.col_stride == 1 && beta == 1) {
            for (; j + Dot::lanes <= C.cols; j += Dot::lanes) {
                Dot::store(&C(i, j), Dot::add(Dot::load_sums(&C(i, j)), Dot::load_sums(sums + j)));
            }
        }
        for (; j < C.cols; ++j) {
            const std::uint32_t old = beta == 0 ? 0 : beta * static_cast<std::uint32_t>(C(i, j));
            C(i, j) = static_cast<std::int32_t>(old + static_cast<std::uint32_t>(sums[j]));
        }
    }
}

/// What the sums of signed a begin with where the instruction takes a + 128: minus 128 times the sums of the columns.
template <class Dot>
void start_int8(bool offset, const std::uint32_t* words, index_t width, index_t depth, std::int32_t* sums) {
    for (index_t l = 0; l < width; l += Dot::lanes) {
        auto sum = Dot::broadcast(0);
        if (offset) {
            const auto minus_one = Dot::broadcast(0x80808080U);
            for (index_t g = 0; g < depth; ++g) sum = Dot::dot(sum, minus_one, Dot::load(words + g * width + l));
        }
        Dot::store(sums + l, sum);
        for (index_t k = l; offset && k < l + Dot::lanes; ++k) {
            sums[k] = static_cast<std::int32_t>(0U - static_cast<std::uint32_t>(sums[k]));
        }
    }
}

}  // namespace detail

/// C = A B + beta C for A (m×k) of signed or unsigned bytes, B (k×n) of signed ones, and C of 32-bit integers, each
/// with any strides. Exact modulo 2^32, as are C and beta: no sum saturates.
///
/// beta = 0 does not read C. C must not overlap A or B. The instructions are those of short_arch: fours of bytes
/// (VNNI), or pairs of 16-bit numbers.
template <class Short = simd::native_short_arch, class EA>
    requires(std::is_same_v<EA, const std::int8_t> || std::is_same_v<EA, const std::uint8_t>)
void gemm_int8(MatRef<EA> A, MatRef<const std::int8_t> B, std::int32_t beta, MatRef<std::int32_t> C) {
    if (C.rows == 0 || C.cols == 0) return;
    const auto keep = static_cast<std::uint32_t>(beta);
    using E = std::remove_const_t<EA>;
    if constexpr (!simd::has_byte_dot<Short>) {
        detail::gemm_int8_plain<Short, E, std::int8_t>(A, B, keep, C);
    } else {
        using Dot = simd::ByteDot<Short>;
        using Part = std::conditional_t<Short::has_vnni, std::uint8_t, std::int16_t>;
        constexpr int group = static_cast<int>(Dot::group);
        constexpr bool offset = Short::has_vnni && std::is_signed_v<E>;
        if (A.cols == 0) return detail::gemm_int8_plain<Short, E, std::int8_t>(A, B, keep, C);
        const detail::ShortFormat<E, Part, group> format_a{offset ? 0x80808080U : 0U};
        const detail::ShortFormat<std::int8_t, Part, group> format_b;
        using Arch = typename Short::base;
        detail::split_result<Arch, float>(C.rows, C.cols, A.cols, [&](index_t i, index_t j, index_t m, index_t n) {
            const auto part = C.block(i, j, m, n);
            detail::short_product<Short, Dot>(
                A.block(i, 0, m, A.cols), format_a, B.block(0, j, B.rows, n), format_b, part,
                keep == 0 && C.col_stride == 1,
                [](const std::uint32_t* words, index_t width, index_t depth, std::int32_t* sums) {
                    detail::start_int8<Dot>(offset, words, width, depth, sums);
                },
                [&](index_t r, index_t c, index_t rows, index_t columns, const std::int32_t* sums, bool first) {
                    detail::finish_int8<Dot>(sums, detail::ShortShape<Dot>::columns, first ? keep : 1U,
                                             part.block(r, c, rows, columns));
                });
        });
    }
}

}  // namespace gram::kernel
