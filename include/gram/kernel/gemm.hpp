/// C = alpha A B + beta C, and the product that ends in an element-wise function.
///
/// The scheme is that of BLIS (Van Zee and van de Geijn, ACM TOMS 41, 2015): blocks for each cache, operands copied
/// into the order in which a register tile reads them. gemm_tile.hpp has the tile and its sizes, gemm_pack.hpp the
/// copies, gemm_block.hpp the loops, gemm_sink.hpp what happens to a finished tile.
#pragma once

#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/complex_gemm.hpp"
#include "gram/kernel/copy.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/gemm_block.hpp"
#include "gram/kernel/gemm_dots.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/split.hpp"

namespace gram::kernel {
namespace detail {

/// By its definition: for scalars without vectors.
template <class Arch, class T>
void gemm_plain(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta, const MatRef<T>& C) {
    scale<Arch>(beta, C);
    for (index_t i = 0; i < C.rows; ++i) {
        for (index_t p = 0; p < A.cols; ++p) {
            const T a = static_cast<T>(alpha * A(i, p));
            for (index_t j = 0; j < C.cols; ++j) C(i, j) = static_cast<T>(C(i, j) + a * B(p, j));
        }
    }
}

/// True when the tile's packs should run down the columns of C, that is when C should be seen transposed.
template <class T>
constexpr bool packs_run_down(const MatRef<T>& C) {
    if (C.col_stride == 1 && C.cols > 1) return false;
    return C.row_stride == 1;
}

/// C = alpha A B + beta C for vectors along the rows of C.
template <class Arch, class T>
void gemm_rows(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta, const MatRef<T>& C) {
    const bool direct = C.col_stride == 1;
    gemm_serial<Arch, T>(A, B, [&](const ProductBlock<T>& in) {
        const auto block = C.block(in.at.i, in.at.j, in.at.rows, in.at.columns);
        const T keep = in.first ? beta : T{1};
        if (direct) return gemm_macro<Arch>(in, DirectSink<Arch, T>{block, alpha, keep});
        gemm_macro<Arch>(in, StridedSink<Arch, T>{block, alpha, keep});
    });
}

template <class Arch, class T>
void gemm_fused_rows(const MatRef<const T>& A, const MatRef<const T>& B, const MatRef<T>& C, index_t i0, index_t j0,
                     const TileFunction<T>& f) {
    const bool direct = C.col_stride == 1;
    gemm_serial<Arch, T>(A, B, [&](const ProductBlock<T>& in) {
        const auto block = C.block(in.at.i, in.at.j, in.at.rows, in.at.columns);
        if (in.last) {
            return gemm_macro<Arch>(in, FusedSink<Arch, T>{block, f, i0 + in.at.i, j0 + in.at.j, !in.first});
        }
        const T keep = in.first ? T{} : T{1};
        if (direct) return gemm_macro<Arch>(in, DirectSink<Arch, T>{block, T{1}, keep});
        gemm_macro<Arch>(in, StridedSink<Arch, T>{block, T{1}, keep});
    });
}

/// C = f(A B) for vectors along the rows of C.
template <class Arch, class T>
void gemm_fused_across(const MatRef<const T>& A, const MatRef<const T>& B, const MatRef<T>& C,
                       const TileFunction<T>& f) {
    const bool dots = DotShape<Arch, T>::suits(A, B);
    split_result<Arch, T>(C.rows, C.cols, A.cols, [&](index_t i, index_t j, index_t m, index_t n) {
        const auto rows = A.block(i, 0, m, A.cols), columns = B.block(0, j, B.rows, n);
        const auto block = C.block(i, j, m, n);
        if (!dots) return gemm_fused_rows<Arch, T>(rows, columns, block, i, j, f);
        gemm_dots<Arch, T>(rows, columns, FusedSink<Arch, T>{block, f, i, j, false});
    });
}

/// C = alpha A B + beta C for vectors along the rows of C, with as many threads as are worth it.
template <class Arch, class T>
void gemm_across(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta, const MatRef<T>& C) {
    const bool dots = DotShape<Arch, T>::suits(A, B);
    if (const index_t lone = dots ? 0 : lone_columns<Arch>(A, B); lone > 0) {
        const index_t n = C.cols - lone;
        gemm_across<Arch, T>(alpha, A, B.block(0, 0, B.rows, n), beta, C.block(0, 0, C.rows, n));
        for (index_t j = n; j < C.cols; ++j) gemv<Arch>(alpha, A, B.col(j), beta, C.col(j));
        return;
    }
    if (C.col_stride == 1 && multiply_adds(C.rows, C.cols, A.cols) < 2 * worth_a_thread &&
        GemmPlan<Arch, T>::is_whole(A, B)) {
        return gemm_in_place<Arch, T>(alpha, A, B, beta, C);
    }
    split_result<Arch, T>(C.rows, C.cols, A.cols, [&](index_t i, index_t j, index_t m, index_t n) {
        const auto rows = A.block(i, 0, m, A.cols), columns = B.block(0, j, B.rows, n);
        const auto block = C.block(i, j, m, n);
        if (dots) return gemm_dots<Arch, T>(rows, columns, StridedSink<Arch, T>{block, alpha, beta});
        gemm_rows<Arch, T>(alpha, rows, columns, beta, block);
    });
}

/// C = alpha A B for small operands of which both run down their columns: the product of their transposes needs no
/// copies, and its result is turned instead. False when that is not so.
template <class Arch, class T>
bool gemm_turned(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, const MatRef<T>& C) {
    if (A.row_stride != 1 || B.row_stride != 1 || C.rows > small_extent || C.cols > small_extent) return false;
    alignas(64) T buffer[small_extent * small_extent];
    const MatRef<T> D{buffer, C.cols, C.rows, C.rows, 1};
    if (!gemm_tiny<Arch, T>(alpha, B.transposed(), A.transposed(), T{}, D)) return false;
    copy<Arch>(D.transposed(), C);
    return true;
}

/// C = alpha A B + beta C of any size.
template <class Arch, class T>
[[gnu::noinline]] void gemm_any(T alpha, const MatRef<const T>& A, const MatRef<const T>& B, T beta,
                                const MatRef<T>& C) {
    if (C.rows == 0 || C.cols == 0) return;
    if (alpha == T{} || A.cols == 0) return scale<Arch>(beta, C);
    if constexpr (simd::has_pack<T, Arch> || is_complex<T>) {
        if (C.cols == 1) return gemv<Arch>(alpha, A, B.col(0), beta, C.col(0));
        if (C.rows == 1) return gemv<Arch>(alpha, B.transposed(), A.row(0), beta, C.row(0));
    }
    if constexpr (is_complex<T>) {
        complex_gemm<Arch, real_t<T>>(alpha, A, false, B, false, beta, C);
    } else if constexpr (!simd::has_pack<T, Arch>) {
        gemm_plain<Arch, T>(alpha, A, B, beta, C);
    } else if (beta == T{} && C.col_stride == 1 && gemm_turned<Arch, T>(alpha, A, B, C)) {
        return;
    } else if (packs_run_down(C)) {
        if (beta == T{} && gemm_turned<Arch, T>(alpha, B.transposed(), A.transposed(), C.transposed())) return;
        gemm_across<Arch, T>(alpha, B.transposed(), A.transposed(), beta, C.transposed());
    } else {
        gemm_across<Arch, T>(alpha, A, B, beta, C);
    }
}

}  // namespace detail

/// C = alpha A B + beta C. A is m×k, B is k×n, C is m×n, each with any strides.
///
/// beta = 0 overwrites C, whatever it held; NaN and infinity in A and B propagate; alpha = 0 does not read A and B. C
/// must not overlap A or B. Takes no memory from the heap when m, n, k <= 32, else at most a block of each operand in a
/// thread: packed_rows(mc, kc) + kc nc elements of TileShape, 2.5 MiB, which the thread keeps for the next call.
template <class Arch = simd::native_arch, class T>
GRAM_INLINE void gemm(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
                      const std::type_identity_t<MatRef<const T>>& B, std::type_identity_t<T> beta,
                      const MatRef<T>& C) {
    const detail::CountedCall counted(detail::Call::gemm);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().gemm(alpha, A, B, beta, C);
    if constexpr (simd::has_pack<T, Arch>) {
        if (detail::gemm_tiny<Arch, T>(alpha, A, B, beta, C)) return;
    }
    detail::gemm_any<Arch, T>(alpha, A, B, beta, C);
}

/// C(i, j) = f(i, j, (A B)(i, j)), every element of C written once with its final value.
///
/// f has `scalar(sum, i, j)`, and `tile<Arch, Axis>(sums, stride, D, i, j)`, which writes D(r, s) = f(sums[r * stride +
/// s]) for a small D whose rows are contiguous and may be the sums themselves: element (r, s) is (i + r, j + s) of C
/// when Axis is 1, and (j + s, i + r) when it is 0. It is called once for every element, in any order and, with OpenMP,
/// from several threads. A sum of more than a few hundred terms is kept in C until its last part is there.
template <class Arch = simd::native_arch, class T, class Epilogue>
void gemm_fused(const std::type_identity_t<MatRef<const T>>& A, const std::type_identity_t<MatRef<const T>>& B,
                const MatRef<T>& C, const Epilogue& f) {
    const detail::CountedCall counted(detail::Call::gemm_fused);
    if (C.rows == 0 || C.cols == 0) return;
    if constexpr (detail::is_complex<T>) {
        gemm<Arch, T>(T{1}, A, B, T{}, C);
        for (index_t i = 0; i < C.rows; ++i) {
            for (index_t j = 0; j < C.cols; ++j) C(i, j) = f.scalar(T(C(i, j)), i, j);
        }
        return;
    }
    if (!simd::has_pack<T, Arch> || A.cols == 0) {
        for (index_t i = 0; i < C.rows; ++i) {
            for (index_t j = 0; j < C.cols; ++j) {
                T sum{};
                for (index_t p = 0; p < A.cols; ++p) sum = static_cast<T>(sum + detail::times<T>(A(i, p), B(p, j)));
                C(i, j) = f.scalar(sum, i, j);
            }
        }
        return;
    }
    if constexpr (simd::has_pack<T, Arch>) {
        if (detail::packs_run_down(C)) {
            const detail::TileFunction<T> end{&f, &detail::finish_tile<Arch, 0, T, Epilogue>};
            return detail::gemm_fused_across<Arch, T>(B.transposed(), A.transposed(), C.transposed(), end);
        }
        const detail::TileFunction<T> end{&f, &detail::finish_tile<Arch, 1, T, Epilogue>};
        detail::gemm_fused_across<Arch, T>(A, B, C, end);
    }
}

}  // namespace gram::kernel

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel::detail {

extern template void gemm_any<simd::native_arch>(float, const MatRef<const float>&, const MatRef<const float>&, float,
                                                 const MatRef<float>&);
extern template void gemm_any<simd::native_arch>(double, const MatRef<const double>&, const MatRef<const double>&,
                                                 double, const MatRef<double>&);
extern template void gemm_any<simd::native_arch>(std::complex<float>, const MatRef<const std::complex<float>>&,
                                                 const MatRef<const std::complex<float>>&, std::complex<float>,
                                                 const MatRef<std::complex<float>>&);
extern template void gemm_any<simd::native_arch>(std::complex<double>, const MatRef<const std::complex<double>>&,
                                                 const MatRef<const std::complex<double>>&, std::complex<double>,
                                                 const MatRef<std::complex<double>>&);
extern template void gemm_fused_across<simd::native_arch>(const MatRef<const float>&, const MatRef<const float>&,
                                                          const MatRef<float>&, const TileFunction<float>&);
extern template void gemm_fused_across<simd::native_arch>(const MatRef<const double>&, const MatRef<const double>&,
                                                          const MatRef<double>&, const TileFunction<double>&);

}  // namespace gram::kernel::detail
#endif
