/// Kernels that conjugate: dotc, gerc, gemm_conj, gemv_conj, herk, her2k, hemv, her2. For real T they are the plain
/// kernels, so that code written with them serves real and complex matrices alike.
#pragma once

#include <type_traits>

#include "gram/kernel/buffer.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/gemm.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/symv.hpp"
#include "gram/kernel/syrk.hpp"

namespace gram::kernel {

/// Sum of conj(x[i]) * y[i].
template <class Arch = simd::native_arch, class X, class Y>
auto dotc(VecRef<X> x, VecRef<Y> y) {
    using T = std::remove_const_t<X>;
    if constexpr (!detail::is_complex<T>) {
        return dot<Arch>(x, y);
    } else {
        if constexpr (simd::has_pack<detail::real_t<T>, Arch>) {
            if (x.stride == 1 && y.stride == 1) {
                return detail::complex_dot_contiguous<Arch, detail::real_t<T>>(x.data, y.data, x.size, true);
            }
        }
        T even{}, odd{};  // two chains: the loop is bound by the latency of the addition
        index_t i = 0;
        for (; i + 2 <= x.size; i += 2) {
            even += detail::times(detail::conj_if(true, T(x[i])), T(y[i]));
            odd += detail::times(detail::conj_if(true, T(x[i + 1])), T(y[i + 1]));
        }
        if (i < x.size) even += detail::times(detail::conj_if(true, T(x[i])), T(y[i]));
        return even + odd;
    }
}

/// A = conj(A), in place.
template <class Arch = simd::native_arch, class T>
void conjugate([[maybe_unused]] MatRef<T> A) {
    if constexpr (detail::is_complex<T>) {
        if (detail::better_transposed(A)) A = A.transposed();
        for (index_t i = 0; i < A.rows; ++i)
            for (index_t j = 0; j < A.cols; ++j) A(i, j) = detail::conj_if(true, A(i, j));
    }
}
template <class Arch = simd::native_arch, class T>
void conjugate(VecRef<T> x) {
    conjugate<Arch>(MatRef<T>{x.data, 1, x.size, 0, x.stride});
}

/// C = alpha op(A) op(B) + beta C, where op conjugates where its flag says so. The rules of gemm.
template <class Arch = simd::native_arch, class T>
void gemm_conj(std::type_identity_t<T> alpha, std::type_identity_t<MatRef<const T>> A, bool conj_a,
               std::type_identity_t<MatRef<const T>> B, bool conj_b, std::type_identity_t<T> beta, MatRef<T> C) {
    const detail::CountedCall counted(detail::Call::gemm);
    if constexpr (!detail::is_complex<T>) {
        gemm<Arch>(alpha, A, B, beta, C);
    } else {
        if (C.rows == 0 || C.cols == 0) return;
        if (alpha == T{} || A.cols == 0) return scale<Arch>(beta, C);
        if (C.cols == 1 && !conj_b) return gemv_conj<Arch>(alpha, A, conj_a, B.col(0), beta, C.col(0));
        if (C.rows == 1 && !conj_a) return gemv_conj<Arch>(alpha, B.transposed(), conj_b, A.row(0), beta, C.row(0));
        detail::complex_gemm<Arch, detail::real_t<T>>(alpha, A, conj_a, B, conj_b, beta, C);
    }
}

/// A += alpha x y^H.
template <class Arch = simd::native_arch, class T>
void gerc(std::type_identity_t<T> alpha, std::type_identity_t<VecRef<const T>> x,
          std::type_identity_t<VecRef<const T>> y, MatRef<T> A) {
    const detail::CountedCall counted(detail::Call::ger);
    if constexpr (!detail::is_complex<T>) {
        ger<Arch>(alpha, x, y, A);
    } else {
        if (alpha == T{} || A.rows == 0 || A.cols == 0) return;
        detail::complex_ger<Arch, detail::real_t<T>>(alpha, x, y, false, true, A);
    }
}

namespace detail {

/// Blocks of a Hermitian matrix: those on the diagonal are done in full and copied.
inline constexpr index_t hermitian_block = 64;

/// Calls f(j, size) for the diagonal blocks of an n×n matrix.
template <class F>
void for_diagonal_blocks(index_t n, const F& f) {
    for (index_t j = 0; j < n; j += hermitian_block) f(j, n - j < hermitian_block ? n - j : hermitian_block);
}

inline namespace GRAM_ISA {
/// C += the lower triangle of P, whose diagonal is real but for rounding.
template <class T>
void add_hermitian_block(MatRef<const T> P, real_t<T> beta, MatRef<T> C) {
    for (index_t i = 0; i < C.rows; ++i) {
        for (index_t j = 0; j < i; ++j) C(i, j) = beta == real_t<T>{} ? P(i, j) : P(i, j) + beta * C(i, j);
        const real_t<T> d = P(i, i).real();
        C(i, i) = beta == real_t<T>{} ? d : d + beta * C(i, i).real();
    }
}

}  // namespace GRAM_ISA

}  // namespace detail

/// C = alpha A A^H + beta C for real alpha and beta: the lower triangle only, with a real diagonal.
template <class Arch = simd::native_arch, class T>
void herk(detail::real_t<T> alpha, std::type_identity_t<MatRef<const T>> A, detail::real_t<T> beta, MatRef<T> C) {
    const detail::CountedCall counted(detail::Call::herk);
    if constexpr (!detail::is_complex<T>) {
        syrk<Arch>(alpha, A, beta, C);
    } else {
        Buffer<T> memory(detail::hermitian_block * detail::hermitian_block);
        detail::for_diagonal_blocks(C.rows, [&](index_t j, index_t nb) {
            const MatRef<T> P{memory.data(), nb, nb, nb, 1};
            const auto rows = A.block(j, 0, nb, A.cols);
            gemm_conj<Arch, T>(T(alpha), rows, false, rows.transposed(), true, T{}, P);
            detail::add_hermitian_block<T>(P, beta, C.block(j, j, nb, nb));
            const index_t next = j + nb, rest = C.rows - next;
            if (rest == 0) return;
            gemm_conj<Arch, T>(T(alpha), A.block(next, 0, rest, A.cols), false, rows.transposed(), true, T(beta),
                               C.block(next, j, rest, nb));
        });
    }
}

/// C = alpha A B^H + conj(alpha) B A^H + beta C for a real beta: the lower triangle only, with a real diagonal.
template <class Arch = simd::native_arch, class T>
void her2k(std::type_identity_t<T> alpha, std::type_identity_t<MatRef<const T>> A,
           std::type_identity_t<MatRef<const T>> B, detail::real_t<T> beta, MatRef<T> C) {
    const detail::CountedCall counted(detail::Call::syr2k);
    if constexpr (!detail::is_complex<T>) {
        syr2k<Arch>(alpha, A, B, beta, C);
    } else {
        const T other = detail::conj_if(true, alpha);
        Buffer<T> memory(detail::hermitian_block * detail::hermitian_block);
        detail::for_diagonal_blocks(C.rows, [&](index_t j, index_t nb) {
            const MatRef<T> P{memory.data(), nb, nb, nb, 1};
            const auto a = A.block(j, 0, nb, A.cols), b = B.block(j, 0, nb, B.cols);
            gemm_conj<Arch, T>(alpha, a, false, b.transposed(), true, T{}, P);
            gemm_conj<Arch, T>(other, b, false, a.transposed(), true, T{1}, P);
            detail::add_hermitian_block<T>(P, beta, C.block(j, j, nb, nb));
            const index_t next = j + nb, rest = C.rows - next;
            if (rest == 0) return;
            const auto below = C.block(next, j, rest, nb);
            gemm_conj<Arch, T>(alpha, A.block(next, 0, rest, A.cols), false, b.transposed(), true, T(beta), below);
            gemm_conj<Arch, T>(other, B.block(next, 0, rest, B.cols), false, a.transposed(), true, T{1}, below);
        });
    }
}

/// y = alpha A x + beta y for a Hermitian A, of which the lower triangle and the real part of the diagonal are read.
template <class Arch = simd::native_arch, class T>
void hemv(std::type_identity_t<T> alpha, std::type_identity_t<MatRef<const T>> A,
          std::type_identity_t<VecRef<const T>> x, std::type_identity_t<T> beta, VecRef<T> y) {
    const detail::CountedCall counted(detail::Call::symv);
    if constexpr (!detail::is_complex<T>) {
        symv<Arch>(alpha, A, x, beta, y);
    } else {
        if (beta != T{1}) scal<Arch>(beta, y);
        if (alpha == T{}) return;
        detail::for_diagonal_blocks(A.rows, [&](index_t first, index_t nb) {
            const auto D = A.block(first, first, nb, nb);
            for (index_t j = 0; j < nb; ++j) {
                const T z = detail::times(alpha, T(x[first + j]));
                T sum{};
                y[first + j] += z * D(j, j).real();
                for (index_t i = j + 1; i < nb; ++i) {
                    y[first + i] += detail::times(T(D(i, j)), z);
                    sum += detail::times(detail::conj_if(true, T(D(i, j))), T(x[first + i]));
                }
                y[first + j] += detail::times(alpha, sum);
            }
            const index_t next = first + nb, rest = A.rows - next;
            if (rest == 0) return;
            const auto below = A.block(next, first, rest, nb);
            gemv_conj<Arch>(alpha, below, false, x.segment(first, nb), T{1}, y.segment(next, rest));
            gemv_conj<Arch>(alpha, below.transposed(), true, x.segment(next, rest), T{1}, y.segment(first, nb));
        });
    }
}

/// A += alpha x y^H + conj(alpha) y x^H: the lower triangle only, with a real diagonal.
template <class Arch = simd::native_arch, class T>
void her2(std::type_identity_t<T> alpha, std::type_identity_t<VecRef<const T>> x,
          std::type_identity_t<VecRef<const T>> y, MatRef<T> A) {
    if constexpr (!detail::is_complex<T>) {
        syr2<Arch>(alpha, x, y, A);
    } else {
        if (alpha == T{}) return;
        const T other = detail::conj_if(true, alpha);
        detail::for_diagonal_blocks(A.rows, [&](index_t first, index_t nb) {
            const auto D = A.block(first, first, nb, nb);
            for (index_t j = 0; j < nb; ++j) {
                const T u = detail::times(alpha, detail::conj_if(true, T(y[first + j])));
                const T v = detail::times(other, detail::conj_if(true, T(x[first + j])));
                for (index_t i = j; i < nb; ++i) {
                    D(i, j) += detail::times(T(x[first + i]), u) + detail::times(T(y[first + i]), v);
                }
                D(j, j) = D(j, j).real();
            }
            const index_t next = first + nb, rest = A.rows - next;
            if (rest == 0) return;
            const auto below = A.block(next, first, rest, nb);
            gerc<Arch>(alpha, x.segment(next, rest), y.segment(first, nb), below);
            gerc<Arch>(other, y.segment(next, rest), x.segment(first, nb), below);
        });
    }
}

}  // namespace gram::kernel
