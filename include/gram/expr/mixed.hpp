/// Products whose result has another type than their factors: bfloat16 to float, bytes to 32-bit integers.
#pragma once

#include <cstdint>

#include "gram/core/bfloat16.hpp"
#include "gram/expr/nodes.hpp"
#include "gram/kernel/gemm_bf16.hpp"
#include "gram/kernel/gemm_int8.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

template <class T>
concept Byte = std::is_same_v<T, std::int8_t> || std::is_same_v<T, std::uint8_t>;

/// Products of L and R that matmul sums in To.
template <class To, class L, class R>
concept Sums = (std::is_same_v<To, float> && std::is_same_v<L, bfloat16> && std::is_same_v<R, bfloat16>) ||
               (std::is_same_v<To, std::int32_t> && Byte<L> && Byte<R> && (std::is_signed_v<L> || std::is_signed_v<R>));

/// The memory of a factor: its own where it has any, else of a copy.
template <MatrixExpr E>
class ShortFactor {
public:
    explicit ShortFactor(const E& e) {
        if constexpr (Leaf<E>) {
            ref_ = e.ref();
        } else {
            copy_ = Matrix<value_t<E>>(e);
            ref_ = std::as_const(copy_).ref();
        }
    }
    [[nodiscard]] const kernel::MatRef<const value_t<E>>& ref() const { return ref_; }

private:
    Matrix<value_t<E>> copy_;
    kernel::MatRef<const value_t<E>> ref_;
};

}  // namespace detail

/// A B for A (m×k) and B (k×n) of short numbers, summed and returned in To.
///
/// `matmul<float>` of two bfloat16 matrices: within (k + 4) eps |A| |B| element by element; where the compiler may use
/// AVX512_BF16, numbers below 2^-126 count as zero. `matmul<std::int32_t>` of two matrices of bytes, of which one at
/// least is signed: exact modulo 2^32. Views and their transposes are read where they lie; shape_error unless A has as
/// many columns as B rows. About two (four) times as fast as a product of floats where the processor has instructions
/// for it. Source: kernel/gemm_bf16.hpp, kernel/gemm_int8.hpp.
/// @snippet mixed.cpp matmul
template <class To, MatrixExpr L, MatrixExpr R, class Short = simd::native_short_arch>
    requires detail::Sums<To, value_t<L>, value_t<R>> &&(extents_agree(cols_v<L>, rows_v<R>))
        [[nodiscard]] Matrix<To, rows_v<L>, cols_v<R>> matmul(const L& A, const R& B) {
        if (A.cols() != B.rows()) throw_shape("matmul", A.rows(), A.cols(), "*", B.rows(), B.cols());
        const detail::ShortFactor<L> left(A);
        const detail::ShortFactor<R> right(B);
        Matrix<To, rows_v<L>, cols_v<R>> C(A.rows(), B.cols(), uninitialized);
        if constexpr (std::is_same_v<To, float>) {
            kernel::gemm_bf16<Short>(1.0F, left.ref(), right.ref(), 0.0F, C.ref());
        } else if constexpr (std::is_signed_v<value_t<R>>) {
            kernel::gemm_int8<Short>(left.ref(), right.ref(), 0, C.ref());
        } else {
            kernel::gemm_int8<Short>(right.ref().transposed(), left.ref().transposed(), 0, C.ref().transposed());
        }
        return C;
    }

}  // namespace gram::inline GRAM_ISA
