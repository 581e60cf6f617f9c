/// Complex products from real ones.
///
/// Four real products of parts ("4M"; Van Zee & Smith, Implementing high-performance complex matrix multiplication via
/// the 3M and 4M methods, ACM TOMS 44, 2017). Three would do (3M), but the imaginary part would then lose accuracy
/// against the real one. Conjugation costs a sign.
#pragma once

#include <type_traits>

#include "gram/kernel/complex_parts.hpp"

namespace gram::kernel {

template <class Arch, class T>
GRAM_INLINE void gemm(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
                      const std::type_identity_t<MatRef<const T>>& B, std::type_identity_t<T> beta, const MatRef<T>& C);

namespace detail {

/// Fewer multiply-adds than this are done by the definition: splitting would cost more than it saves.
inline constexpr index_t worth_splitting = 1000;

/// C = alpha op(A) op(B) + beta C, element by element.
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

inline namespace GRAM_ISA {
/// C = alpha P + beta C for the parts of P.
template <class R>
void join_parts(std::complex<R> alpha, MatRef<const R> re, MatRef<const R> im, std::complex<R> beta,
                MatRef<std::complex<R>> C) {
    const R ar = alpha.real(), ai = alpha.imag(), br = beta.real(), bi = beta.imag();
    for (index_t i = 0; i < C.rows; ++i) {
        for (index_t j = 0; j < C.cols; ++j) {
            const R x = re(i, j), y = im(i, j);
            R u = ar * x - ai * y, v = ar * y + ai * x;
            if (beta != std::complex<R>{}) {
                const std::complex<R> c = C(i, j);
                u += br * c.real() - bi * c.imag();
                v += br * c.imag() + bi * c.real();
            }
            C(i, j) = {u, v};
        }
    }
}
}  // namespace GRAM_ISA

/// C = alpha op(A) op(B) + beta C, where op conjugates or not. Takes memory for the parts of all three from the heap
/// unless the work is small.
template <class Arch, class R>
void complex_gemm(std::complex<R> alpha, MatRef<const std::complex<R>> A, bool conj_a, MatRef<const std::complex<R>> B,
                  bool conj_b, std::complex<R> beta, MatRef<std::complex<R>> C) {
    const index_t m = C.rows, n = C.cols, k = A.cols;
    if (m * n < worth_splitting && m * n * k < worth_splitting) {
        return complex_gemm_plain<Arch, std::complex<R>>(alpha, A, conj_a, B, conj_b, beta, C);
    }
    Buffer<R> memory(2 * (m * k + k * n + m * n));
    R* free = memory.data();
    const auto take = [&free](const auto& like) {
        R* const plane = free;
        free += like.rows * like.cols;
        return plane_like<R>(like, plane);
    };
    const MatRef<R> a_re = take(A), a_im = take(A), b_re = take(B), b_im = take(B), c_re = take(C), c_im = take(C);
    split_parts<R>(A, conj_a, a_re, a_im);
    split_parts<R>(B, conj_b, b_re, b_im);
    gemm<Arch, R>(R{1}, a_re, b_re, R{}, c_re);
    gemm<Arch, R>(R{-1}, a_im, b_im, R{1}, c_re);
    gemm<Arch, R>(R{1}, a_re, b_im, R{}, c_im);
    gemm<Arch, R>(R{1}, a_im, b_re, R{1}, c_im);
    if (c_re.row_stride == 1 && C.row_stride == 1) {
        join_parts<R>(alpha, c_re.transposed(), c_im.transposed(), beta, C.transposed());
    } else {
        join_parts<R>(alpha, c_re, c_im, beta, C);
    }
}

}  // namespace detail
}  // namespace gram::kernel
