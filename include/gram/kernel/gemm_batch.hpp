/// Many products of the same size in one call.
#pragma once

#include "gram/kernel/gemm.hpp"

namespace gram::kernel {

/// C_i = alpha A_i B_i + beta C_i for i < count: matrix i of each operand lies i * step elements after the first one.
///
/// The rules of gemm; a step of 0 in A or B uses the same matrix for all. No C_i may overlap another one or any
/// operand. Threads, with OpenMP, share whole products, so the bits are those of gemm.
template <class Arch = simd::native_arch, class T>
void gemm_batch(index_t count, std::type_identity_t<T> alpha, std::type_identity_t<MatRef<const T>> A, index_t a_step,
                std::type_identity_t<MatRef<const T>> B, index_t b_step, std::type_identity_t<T> beta, MatRef<T> C,
                index_t c_step) {
    const double work = detail::multiply_adds(C.rows, C.cols, A.cols) * static_cast<double>(count);
    detail::split_range(count, detail::worthwhile_threads(work), [&](index_t first, index_t part) {
        // Operands made anew for each product stay in registers; a copy with another address waits for its own stores.
        const MatRef<const T> a = A, b = B;
        const MatRef<T> c = C;
        for (index_t i = first; i < first + part; ++i) {
            gemm<Arch, T>(alpha, {detail::moved(a.data, i * a_step), a.rows, a.cols, a.row_stride, a.col_stride},
                          {detail::moved(b.data, i * b_step), b.rows, b.cols, b.row_stride, b.col_stride}, beta,
                          MatRef<T>{detail::moved(c.data, i * c_step), c.rows, c.cols, c.row_stride, c.col_stride});
        }
    });
}

}  // namespace gram::kernel
