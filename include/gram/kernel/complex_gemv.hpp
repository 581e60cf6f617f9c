/// Complex matrix-vector work by the real kernels on the same memory.
#pragma once

#include <type_traits>

#include "gram/kernel/complex_parts.hpp"
#include "gram/kernel/scratch.hpp"

namespace gram::kernel {

template <class Arch, class T>
void gemv(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
          const std::type_identity_t<VecRef<const T>>& x, std::type_identity_t<T> beta, const VecRef<T>& y);
template <class Arch, class T>
void ger(std::type_identity_t<T> alpha, const std::type_identity_t<VecRef<const T>>& x,
         const std::type_identity_t<VecRef<const T>>& y, const MatRef<T>& A);

namespace detail {

/// y += alpha op(A) x by rows contiguous in memory: a row is 2n reals, met by (re, -im) and (im, re) of x.
template <class Arch, class R>
void complex_gemv_rows(std::complex<R> alpha, MatRef<const std::complex<R>> A, bool conjugated,
                       VecRef<const std::complex<R>> x, VecRef<std::complex<R>> y) {
    using C = std::complex<R>;
    const index_t m = A.rows, n = A.cols;
    const Scratch scratch(2 * scratch_bytes<R>(2 * n) + 2 * scratch_bytes<R>(m));
    R* const for_re = scratch.at<R>(0);
    R* const for_im = scratch.at<R>(scratch_bytes<R>(2 * n));
    R* const re = scratch.at<R>(2 * scratch_bytes<R>(2 * n));
    R* const im = scratch.at<R>(2 * scratch_bytes<R>(2 * n) + scratch_bytes<R>(m));
    const R sign = conjugated ? R{-1} : R{1};
    for (index_t j = 0; j < n; ++j) {
        const C z = times(alpha, static_cast<C>(x[j]));
        for_re[2 * j] = z.real(), for_re[2 * j + 1] = -sign * z.imag();
        for_im[2 * j] = z.imag(), for_im[2 * j + 1] = sign * z.real();
    }
    const MatRef<const R> reals{reinterpret_cast<const R*>(A.data), m, 2 * n, 2 * A.row_stride, 1};
    gemv<Arch, R>(R{1}, reals, VecRef<const R>{for_re, 2 * n, 1}, R{}, VecRef<R>{re, m, 1});
    gemv<Arch, R>(R{1}, reals, VecRef<const R>{for_im, 2 * n, 1}, R{}, VecRef<R>{im, m, 1});
    for (index_t i = 0; i < m; ++i) y[i] += C{re[i], im[i]};
}

/// y += alpha op(A) x by columns contiguous in memory: A re(x) and A im(x), whose parts combine.
template <class Arch, class R>
void complex_gemv_columns(std::complex<R> alpha, MatRef<const std::complex<R>> A, bool conjugated,
                          VecRef<const std::complex<R>> x, VecRef<std::complex<R>> y) {
    using C = std::complex<R>;
    const index_t m = A.rows, n = A.cols;
    const Scratch scratch(2 * scratch_bytes<R>(2 * m) + 2 * scratch_bytes<R>(n));
    R* const by_re = scratch.at<R>(0);
    R* const by_im = scratch.at<R>(scratch_bytes<R>(2 * m));
    R* const re = scratch.at<R>(2 * scratch_bytes<R>(2 * m));
    R* const im = scratch.at<R>(2 * scratch_bytes<R>(2 * m) + scratch_bytes<R>(n));
    for (index_t j = 0; j < n; ++j) {
        const C z = times(alpha, static_cast<C>(x[j]));
        re[j] = z.real(), im[j] = z.imag();
    }
    const auto reals = stacked_rows(A);
    gemv<Arch, R>(R{1}, reals, VecRef<const R>{re, n, 1}, R{}, VecRef<R>{by_re, 2 * m, 1});
    gemv<Arch, R>(R{1}, reals, VecRef<const R>{im, n, 1}, R{}, VecRef<R>{by_im, 2 * m, 1});
    const R sign = conjugated ? R{-1} : R{1};
    for (index_t i = 0; i < m; ++i) {
        y[i] += C{by_re[2 * i] - sign * by_im[2 * i + 1], sign * by_re[2 * i + 1] + by_im[2 * i]};
    }
}

/// y += alpha op(A) x, where op conjugates or not.
template <class Arch, class R>
void complex_gemv(std::complex<R> alpha, MatRef<const std::complex<R>> A, bool conjugated,
                  VecRef<const std::complex<R>> x, VecRef<std::complex<R>> y) {
    constexpr index_t small = 64;
    if (A.rows * A.cols >= small) {
        if (A.col_stride == 1) return complex_gemv_rows<Arch, R>(alpha, A, conjugated, x, y);
        if (A.row_stride == 1) return complex_gemv_columns<Arch, R>(alpha, A, conjugated, x, y);
    }
    for (index_t j = 0; j < A.cols; ++j) {
        const auto z = times(alpha, static_cast<std::complex<R>>(x[j]));
        for (index_t i = 0; i < A.rows; ++i) y[i] += times(conj_if(conjugated, A(i, j)), z);
    }
}

/// A += alpha x op(y)^T, where op conjugates or not.
template <class Arch, class R>
void complex_ger(std::complex<R> alpha, VecRef<const std::complex<R>> x, VecRef<const std::complex<R>> y, bool conj_x,
                 bool conj_y, MatRef<std::complex<R>> A) {
    using C = std::complex<R>;
    constexpr index_t small = 64;
    if (A.row_stride != 1 && A.col_stride == 1)
        return complex_ger<Arch, R>(alpha, y, x, conj_y, conj_x, A.transposed());
    const index_t m = A.rows, n = A.cols;
    if (m * n < small || A.row_stride != 1) {
        for (index_t j = 0; j < n; ++j) {
            const C z = times(alpha, conj_if(conj_y, static_cast<C>(y[j])));
            for (index_t i = 0; i < m; ++i) A(i, j) += times(conj_if(conj_x, static_cast<C>(x[i])), z);
        }
        return;
    }
    // Columns of 2m reals: re(z) x + im(z) (i x).
    const Scratch scratch(2 * scratch_bytes<R>(2 * m) + 2 * scratch_bytes<R>(n));
    R* const direct = scratch.at<R>(0);
    R* const turned = scratch.at<R>(scratch_bytes<R>(2 * m));
    R* const re = scratch.at<R>(2 * scratch_bytes<R>(2 * m));
    R* const im = scratch.at<R>(2 * scratch_bytes<R>(2 * m) + scratch_bytes<R>(n));
    for (index_t i = 0; i < m; ++i) {
        const C c = conj_if(conj_x, static_cast<C>(x[i]));
        direct[2 * i] = c.real(), direct[2 * i + 1] = c.imag();
        turned[2 * i] = -c.imag(), turned[2 * i + 1] = c.real();
    }
    for (index_t j = 0; j < n; ++j) {
        const C z = times(alpha, conj_if(conj_y, static_cast<C>(y[j])));
        re[j] = z.real(), im[j] = z.imag();
    }
    const auto reals = stacked_rows(A);
    ger<Arch, R>(R{1}, VecRef<const R>{direct, 2 * m, 1}, VecRef<const R>{re, n, 1}, reals);
    ger<Arch, R>(R{1}, VecRef<const R>{turned, 2 * m, 1}, VecRef<const R>{im, n, 1}, reals);
}

}  // namespace detail
}  // namespace gram::kernel
