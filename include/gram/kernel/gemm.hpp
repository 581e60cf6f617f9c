/// C = alpha A B + beta C, and the product that ends in an element-wise function.
///
/// The scheme is that of BLIS (Van Zee and van de Geijn, ACM TOMS 41, 2015): blocks for each cache, operands copied
/// into the order in which a register tile reads them. gemm_tile.hpp has the tile and its sizes, gemm_pack.hpp the
/// copies, gemm_block.hpp the loops, gemm_sink.hpp what happens to a finished tile.
#pragma once

#include <exception>
#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/complex_gemm.hpp"
#include "gram/kernel/copy.hpp"
#include "gram/kernel/gemm_block.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/threads.hpp"

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
    gemm_serial<Arch>(A, B, [&](const TilePlace& at, bool first, bool, const auto& run) {
        const auto block = C.block(at.i, at.j, at.rows, at.columns);
        const T keep = first ? beta : T{1};
        if (direct) return run(DirectSink<Arch, T>{block, alpha, keep});
        run(StridedSink<Arch, T>{block, alpha, keep});
    });
}

template <class Arch, int Axis, class T, class Epilogue>
void gemm_fused_rows(const MatRef<const T>& A, const MatRef<const T>& B, const MatRef<T>& C, index_t i0, index_t j0,
                     const Epilogue& f) {
    const bool direct = C.col_stride == 1;
    gemm_serial<Arch>(A, B, [&](const TilePlace& at, bool first, bool last, const auto& run) {
        const auto block = C.block(at.i, at.j, at.rows, at.columns);
        if (last) return run(FusedSink<Arch, T, Axis, Epilogue>{block, f, i0 + at.i, j0 + at.j, !first});
        const T keep = first ? T{} : T{1};
        if (direct) return run(DirectSink<Arch, T>{block, T{1}, keep});
        run(StridedSink<Arch, T>{block, T{1}, keep});
    });
}

/// Multiply-adds a thread must have to be worth waking.
inline constexpr double worth_a_thread = 4e6;

GRAM_INLINE constexpr double multiply_adds(index_t m, index_t n, index_t k) {
    return static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

/// Runs work(i, j, rows, columns) on parts of an m×n result, in threads when there is enough to do. No part is cut
/// along k, so the result does not depend on the number of threads.
template <class Arch, class T, class Work>
void split_result(index_t m, index_t n, index_t k, const Work& work) {
    using Shape = TileShape<Arch, T>;
    const double work_size = multiply_adds(m, n, k);
    index_t threads = work_size < 2 * worth_a_thread ? 1 : num_threads();
    if (work_size < worth_a_thread * static_cast<double>(threads)) {
        threads = static_cast<index_t>(work_size / worth_a_thread);
    }
    if (threads <= 1) return work(index_t{0}, index_t{0}, m, n);
    const bool by_rows = m >= n;
    const index_t unit = by_rows ? Shape::rows : Shape::columns, extent = by_rows ? m : n;
    const index_t part = ceil_div(ceil_div(extent, threads), unit) * unit, parts = ceil_div(extent, part);
    std::exception_ptr failure;  // an exception must not leave a parallel loop
#if defined(_OPENMP)
    const int team = static_cast<int>(parts);
#pragma omp parallel for num_threads(team) schedule(static)
#endif
    for (index_t t = 0; t < parts; ++t) {
        const index_t first = t * part, count = extent - first < part ? extent - first : part;
        try {
            by_rows ? work(first, index_t{0}, count, n) : work(index_t{0}, first, m, count);
        } catch (...) {
#if defined(_OPENMP)
#pragma omp critical(gram_kernel_failure)
#endif
            failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace detail

/// C = alpha A B + beta C. A is m×k, B is k×n, C is m×n, each with any strides.
///
/// beta = 0 overwrites C, whatever it held; NaN and infinity in A and B propagate; alpha = 0 does not read A and B. C
/// must not overlap A or B. Takes no memory from the heap when m, n, k <= 32.
template <class Arch = simd::native_arch, class T>
void gemm(std::type_identity_t<T> alpha, std::type_identity_t<MatRef<const T>> A,
          std::type_identity_t<MatRef<const T>> B, std::type_identity_t<T> beta, MatRef<T> C) {
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().gemm(alpha, A, B, beta, C);
    if (C.rows == 0 || C.cols == 0) return;
    if (alpha == T{} || A.cols == 0) return scale<Arch>(beta, C);
    if constexpr (detail::is_complex<T>) {
        if (C.cols == 1) return gemv<Arch>(alpha, A, B.col(0), beta, C.col(0));
        if (C.rows == 1) return gemv<Arch>(alpha, B.transposed(), A.row(0), beta, C.row(0));
        detail::complex_gemm<Arch, detail::real_t<T>>(alpha, A, false, B, false, beta, C);
    } else if constexpr (!simd::has_pack<T, Arch>) {
        detail::gemm_plain<Arch, T>(alpha, A, B, beta, C);
    } else {
        if (C.cols == 1) return gemv<Arch>(alpha, A, B.col(0), beta, C.col(0));
        if (C.rows == 1) return gemv<Arch>(alpha, B.transposed(), A.row(0), beta, C.row(0));
        if (detail::packs_run_down(C)) {
            const auto t = A.transposed();
            A = B.transposed(), B = t, C = C.transposed();
        }
        if (detail::multiply_adds(C.rows, C.cols, A.cols) < 2 * detail::worth_a_thread &&
            detail::gemm_whole<Arch, T>(alpha, A, B, beta, C))
            return;
        detail::split_result<Arch, T>(C.rows, C.cols, A.cols, [&](index_t i, index_t j, index_t m, index_t n) {
            detail::gemm_rows<Arch, T>(alpha, A.block(i, 0, m, A.cols), B.block(0, j, B.rows, n), beta,
                                       C.block(i, j, m, n));
        });
    }
}

/// C(i, j) = f(i, j, (A B)(i, j)), every element of C written once with its final value.
///
/// f has `scalar(sum, i, j)`; `packet<Arch, Axis>(sums, i, j)` for the lanes (i, j ...) when Axis is 1 and (i ..., j)
/// when Axis is 0; and `packet_n<Arch, Axis>(sums, i, j, n)`, which must not read beyond the first n lanes. It is
/// called once for every element, in any order and, with OpenMP, from several threads. A sum of more than a few
/// hundred terms is kept in C until its last part is there.
template <class Arch = simd::native_arch, class T, class Epilogue>
void gemm_fused(std::type_identity_t<MatRef<const T>> A, std::type_identity_t<MatRef<const T>> B, MatRef<T> C,
                const Epilogue& f) {
    if (C.rows == 0 || C.cols == 0) return;
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
        const bool down = detail::packs_run_down(C);
        if (down) {
            const auto t = A.transposed();
            A = B.transposed(), B = t, C = C.transposed();
        }
        detail::split_result<Arch, T>(C.rows, C.cols, A.cols, [&](index_t i, index_t j, index_t m, index_t n) {
            const auto rows = A.block(i, 0, m, A.cols), columns = B.block(0, j, B.rows, n);
            const auto block = C.block(i, j, m, n);
            if (down) {
                detail::gemm_fused_rows<Arch, 0, T>(rows, columns, block, i, j, f);
            } else {
                detail::gemm_fused_rows<Arch, 1, T>(rows, columns, block, i, j, f);
            }
        });
    }
}

}  // namespace gram::kernel
