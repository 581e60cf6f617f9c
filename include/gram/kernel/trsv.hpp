/// One triangular system with one right-hand side: trsv.
#pragma once

#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/scratch.hpp"

namespace gram::kernel {
namespace detail {

/// x = inv(A) x for an R×R triangle, in locals.
template <class Arch, int R, class T>
void trsv_diagonal(Triangle tri, Diagonal diag, const MatRef<const T>& A, T* x) {
    T xs[R];
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) xs[i] = x[i];
#pragma GCC unroll 8
    for (int step = 0; step < R; ++step) {
        const int i = tri == Triangle::lower ? step : R - 1 - step;
        if (diag == Diagonal::general) xs[i] /= A(i, i);
#pragma GCC unroll 8
        for (int later = step + 1; later < R; ++later) {
            const int q = tri == Triangle::lower ? later : R - 1 - later;
            xs[q] -= A(q, i) * xs[i];
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) x[i] = xs[i];
}

/// One group of R unknowns that starts at i; the unknowns before it in the order of solution are done.
template <class Arch, int R, class T>
void trsv_group(Triangle tri, Diagonal diag, const MatRef<const T>& A, T* x, index_t i) {
    const index_t n = A.rows;
    const bool by_rows = A.col_stride == 1, lower = tri == Triangle::lower;
    // Rows look back at what is solved, columns carry what is solved forward.
    const bool before = lower == by_rows;
    const index_t first = before ? 0 : i + R, length = before ? i : n - i - R;
    T factors[R];
    if (by_rows && length > 0) {
        dot_strips<Arch, R>(A.data + i * A.row_stride + first, A.row_stride, x + first, length, factors);
        for (int r = 0; r < R; ++r) x[i + r] -= factors[r];
    }
    trsv_diagonal<Arch, R, T>(tri, diag, A.block(i, i, R, R), x + i);
    if (!by_rows && length > 0) {
        for (int r = 0; r < R; ++r) factors[r] = -x[i + r];
        add_strips<Arch, R>(A.data + i * A.col_stride + first, A.col_stride, factors, x + first, length);
    }
}

/// x = inv(A) x for contiguous x and an A with contiguous rows or columns.
template <class Arch, class T>
void trsv_contiguous(Triangle tri, Diagonal diag, const MatRef<const T>& A, T* x) {
    constexpr int R = strips<Arch>;
    const index_t n = A.rows;
    index_t done = 0;
    for (; done + R <= n; done += R) {
        trsv_group<Arch, R>(tri, diag, A, x, tri == Triangle::lower ? done : n - done - R);
    }
    for (; done < n; ++done) trsv_group<Arch, 1>(tri, diag, A, x, tri == Triangle::lower ? done : n - done - 1);
}

template <class Arch, class T>
void trsv_plain(Triangle tri, Diagonal diag, const MatRef<const T>& A, const VecRef<T>& x) {
    const index_t n = x.size;
    for (index_t step = 0; step < n; ++step) {
        const index_t i = tri == Triangle::lower ? step : n - 1 - step;
        T sum = x[i];
        for (index_t later = 0; later < step; ++later) {
            const index_t p = tri == Triangle::lower ? later : n - 1 - later;
            sum = static_cast<T>(sum - A(i, p) * x[p]);
        }
        x[i] = diag == Diagonal::general ? static_cast<T>(sum / A(i, i)) : sum;
    }
}

}  // namespace detail

/// x = inv(A) x for a triangular A; no check for a zero diagonal (division gives infinity or NaN).
///
/// The other triangle of A is not read, nor a unit diagonal.
template <class Arch = simd::native_arch, class T>
void trsv(Triangle tri, Diagonal diag, const std::type_identity_t<MatRef<const T>>& A, const VecRef<T>& x) {
    const detail::CountedCall counted(detail::Call::trsv);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().trsv(tri, diag, A, x);
    const index_t n = x.size;
    detail::count_flops(1, n, n);
    if constexpr (simd::has_pack<T, Arch>) {
        if (A.col_stride == 1 || A.row_stride == 1) {
            if (x.stride == 1) return detail::trsv_contiguous<Arch, T>(tri, diag, A, x.data);
            const detail::Scratch scratch(detail::scratch_bytes<T>(n));
            const VecRef<T> copied{scratch.at<T>(0), n, 1};
            copy<Arch>(x, copied);
            detail::trsv_contiguous<Arch, T>(tri, diag, A, copied.data);
            return copy<Arch>(copied, x);
        }
    }
    detail::trsv_plain<Arch, T>(tri, diag, A, x);
}

}  // namespace gram::kernel

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel {

extern template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const float>&, const VecRef<float>&);
extern template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const double>&, const VecRef<double>&);
extern template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const std::complex<float>>&,
                                             const VecRef<std::complex<float>>&);
extern template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const std::complex<double>>&,
                                             const VecRef<std::complex<double>>&);

}  // namespace gram::kernel
#endif
