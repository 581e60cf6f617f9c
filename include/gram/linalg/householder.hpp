/// Householder reflectors, one at a time and in compact-WY blocks: the orthogonal steps of every factorization.
///
/// H = I - tau v v^H with v(0) = 1 not stored; k of them, H_0 H_1 ... H_(k-1) = I - V T V^H, where V is unit lower
/// trapezoidal and T upper triangular. Of real numbers ^H is ^T and H its own inverse; of complex ones tau is complex
/// and it is H^H that annihilates, as in LAPACK.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 5.1; Schreiber & Van Loan, A storage-efficient WY
/// representation for products of Householder transformations, SISSC 10 (1989).
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "gram/core/types.hpp"
#include "gram/kernel/kernel.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

using kernel::Diagonal;
using kernel::MatRef;
using kernel::Triangle;
using kernel::VecRef;

/// How many of `count` reflectors are gathered before they are applied by products: measured.
constexpr index_t reflector_block(index_t count) { return count <= 256 ? 16 : 32; }

/// What make_reflector leaves besides v: H^H (alpha, x) = (beta, 0), H = I - tau v v^H.
template <class T>
struct Reflector {
    T tau;
    real_t<T> beta;
};

namespace detail {

/// Euclidean norm of (alpha, x) for |x| = x_norm.
template <class T>
real_t<T> length_with(const T& alpha, real_t<T> x_norm) {
    using R = real_t<T>;
    if constexpr (is_complex_v<T>) {
        return std::hypot(alpha.real(), alpha.imag(), x_norm);
    } else {
        // A third of hypot's time, and the same bits whatever power of two both have in common.
        constexpr bool is_double = std::numeric_limits<R>::digits > 30;
        constexpr R up = is_double ? R(0x1p600) : R(0x1p90), down = is_double ? R(0x1p-600) : R(0x1p-80);
        constexpr R most = is_double ? R(0x1p500) : R(0x1p60), least = is_double ? R(0x1p-450) : R(0x1p-36);
        const R larger = std::max(std::abs(alpha), x_norm);
        const R scale = larger >= most ? down : larger <= least ? up : R(1);
        const R a = alpha * scale, b = x_norm * scale;
        return std::sqrt(a * a + b * b) / scale;
    }
}
template <class T>
real_t<T> real_part(const T& x) {
    if constexpr (is_complex_v<T>) {
        return x.real();
    } else {
        return x;
    }
}
template <class T>
T conjugated(const T& x) {
    return kernel::detail::conj_if(true, x);
}
/// conj(x): x itself where it is real, else a copy in `memory`.
template <class T>
VecRef<T> conjugated_vector(VecRef<T> x, [[maybe_unused]] VecRef<T> memory) {
    if constexpr (is_complex_v<T>) {
        const VecRef<T> copy = memory.segment(0, x.size);
        for (index_t i = 0; i < x.size; ++i) copy[i] = conjugated(x[i]);
        return copy;
    } else {
        return x;
    }
}

}  // namespace detail

/// Finds H = I - tau v v^H, v = (1, x_out), with H^H (alpha, x_in) = (beta, 0) and a real beta; x is overwritten by the
/// tail of v.
///
/// tau = 0 (H = I) when x is zero and alpha real, else 1 <= re(tau) <= 2. No overflow or harmful underflow: as LAPACK
/// dlarfg and zlarfg.
template <class T>
Reflector<T> make_reflector(T alpha, VecRef<T> x) {
    using R = real_t<T>;
    R x_norm = x.size > 0 ? kernel::nrm2(x) : R(0);
    if (x_norm == R(0) && alpha == T(detail::real_part(alpha))) return {T(0), detail::real_part(alpha)};
    R beta = -std::copysign(detail::length_with(alpha, x_norm), detail::real_part(alpha));

    // Below this, 1 / (alpha - beta) overflows or v loses digits: work on a multiple of the vector.
    constexpr R tiny = std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon();
    int rescaled = 0;
    while (std::abs(beta) < tiny && rescaled < 20) {
        kernel::scal(T(R(1) / tiny), x);
        alpha *= R(1) / tiny;
        x_norm = kernel::nrm2(x);
        beta = -std::copysign(detail::length_with(alpha, x_norm), detail::real_part(alpha));
        ++rescaled;
    }
    const T tau = (beta - alpha) / beta;
    kernel::scal(T(1) / (alpha - beta), x);
    for (; rescaled > 0; --rescaled) beta *= tiny;
    return {tau, beta};
}

/// C = H C for the reflector with tail `v_tail` (C has v_tail.size + 1 rows); work has C.cols elements. H^H C takes the
/// conjugate of tau.
///
/// C.transposed() gives C = C H^T = C conj(H)^H.
template <class T>
void apply_reflector(T tau, std::type_identity_t<VecRef<const T>> v_tail, MatRef<T> C, VecRef<T> work) {
    if (tau == T(0) || C.rows == 0 || C.cols == 0) return;
    const VecRef<T> top = C.row(0);
    const VecRef<T> w = work.segment(0, C.cols);
    const MatRef<T> rest = C.block(1, 0, C.rows - 1, C.cols);
    kernel::copy(top, w);
    kernel::conjugate(w);
    if (rest.rows > 0) kernel::gemv_conj(T(1), rest.transposed(), true, v_tail, T(1), w);  // w = C^H v
    if (rest.rows > 0) kernel::gerc(-tau, v_tail, w, rest);                                // C -= tau v w^H
    kernel::conjugate(w);
    kernel::axpy(-tau, w, top);
}

namespace detail {

/// Reflectors whose factor T is formed column by column.
inline constexpr index_t factor_leaf = 8;

/// T12 of T = [T1 T12; 0 T2] for the first k1 and the other reflectors: T12 = -T1 (V1^H V2) T2.
template <class T>
void join_factors(std::type_identity_t<MatRef<const T>> V, index_t k1, MatRef<T> Tfac) {
    const index_t m = V.rows, k = V.cols, k2 = k - k1;
    const MatRef<T> T12 = Tfac.block(0, k1, k1, k2);
    // The rows of V1 that meet the unit triangle of V2 come first.
    kernel::copy(V.block(k1, 0, k2, k1).transposed(), T12);
    kernel::conjugate(T12);
    kernel::trmm(Triangle::upper, Diagonal::unit, T(1), V.block(k1, k1, k2, k2).transposed(), T12.transposed());
    if (m > k) {
        kernel::gemm_conj(T(1), V.block(k, 0, m - k, k1).transposed(), true, V.block(k, k1, m - k, k2), false, T(1),
                          T12);
    }
    kernel::trmm(Triangle::upper, Diagonal::general, T(-1), Tfac.block(0, 0, k1, k1), T12);
    kernel::trmm(Triangle::lower, Diagonal::general, T(1), Tfac.block(k1, k1, k2, k2).transposed(), T12.transposed());
}

}  // namespace detail

/// The k×k upper triangular T of k reflectors: H_0 ... H_(k-1) = I - V T V^H.
///
/// V is m×k unit lower trapezoidal, m >= k; its diagonal and upper part are not read, nor is the lower part of Tfac
/// written. Cost: m k^2 + k^3 / 3, by products of matrices. Source: Elmroth & Gustavson, Applying recursion to serial
/// and parallel QR factorization, IBM J. R&D 44 (2000).
template <class T>
void form_t(std::type_identity_t<MatRef<const T>> V, const T* tau, MatRef<T> Tfac) {
    const index_t m = V.rows, k = V.cols;
    if (k > detail::factor_leaf) {
        const index_t k1 = k / 2, k2 = k - k1;
        form_t(V.block(0, 0, m, k1), tau, Tfac.block(0, 0, k1, k1));
        form_t(V.block(k1, k1, m - k1, k2), tau + k1, Tfac.block(k1, k1, k2, k2));
        detail::join_factors(V, k1, Tfac);
        return;
    }
    for (index_t j = 0; j < k; ++j) {
        // T(0:j, j) = -tau_j T(0:j, 0:j) g, g = V(:, 0:j)^H v_j, where v_j begins with its implicit 1 in row j.
        T g[detail::factor_leaf];
        const index_t rest = m - j - 1;
        for (index_t i = 0; i < j; ++i) g[i] = detail::conjugated(T(V(j, i)));
        if (rest > 0 && j > 0) {
            kernel::gemv_conj(T(1), V.block(j + 1, 0, rest, j).transposed(), true, V.col(j).segment(j + 1, rest), T(1),
                              VecRef<T>{g, j, 1});
        }
        for (index_t i = 0; i < j; ++i) {
            T t = 0;
            for (index_t p = i; p < j; ++p) t += Tfac(i, p) * g[p];
            Tfac(i, j) = -tau[j] * t;
        }
        Tfac(j, j) = tau[j];
    }
}

namespace detail {

/// B -= A, along the lines of B that are contiguous in memory.
template <class T>
void subtract(std::type_identity_t<MatRef<const T>> A, MatRef<T> B) {
    if (B.col_stride != 1) A = A.transposed(), B = B.transposed();
    for (index_t i = 0; i < B.rows; ++i) kernel::axpy(T(-1), A.row(i), B.row(i));
}

/// The order of a workspace whose lines run as those of C do.
template <class T>
Order order_of(MatRef<T> C) {
    return C.row_stride == 1 ? Order::column_major : Order::row_major;
}

}  // namespace detail

/// C = (I - V T V^H) C, or C = (I - V T^H V^H) C when `adjoint`; work is at least k×C.cols.
///
/// V is m×k as in form_t, C is m×n. From the right, C = C Q: pass C.transposed() and the opposite `adjoint`, of complex
/// numbers with C conjugated before and after.
/// Cost: 4 m n k by products of matrices.
template <class T>
void apply_block_reflector(bool adjoint, std::type_identity_t<MatRef<const T>> V,
                           std::type_identity_t<MatRef<const T>> Tfac, MatRef<T> C, MatRef<T> work) {
    const index_t m = V.rows, k = V.cols, n = C.cols;
    if (k == 0 || n == 0) return;
    const MatRef<T> W = work.block(0, 0, k, n);
    const MatRef<const T> V_top = V.block(0, 0, k, k), V_rest = V.block(k, 0, m - k, k);
    const MatRef<T> C_top = C.block(0, 0, k, n), C_rest = C.block(k, 0, m - k, n);

    // W = op(T) V^H C
    kernel::copy(C_top, W);
    kernel::conjugate(W);
    kernel::trmm(Triangle::upper, Diagonal::unit, T(1), V_top.transposed(), W);
    kernel::conjugate(W);
    if (m > k) kernel::gemm_conj(T(1), V_rest.transposed(), true, C_rest, false, T(1), W);
    if (adjoint) {
        kernel::conjugate(W);
        kernel::trmm(Triangle::lower, Diagonal::general, T(1), Tfac.transposed(), W);
        kernel::conjugate(W);
    } else {
        kernel::trmm(Triangle::upper, Diagonal::general, T(1), Tfac, W);
    }
    // C -= V W
    if (m > k) kernel::gemm(T(-1), V_rest, W, T(1), C_rest);
    kernel::trmm(Triangle::lower, Diagonal::unit, T(1), V_top, W);
    detail::subtract(W, C_top);
}

namespace detail {

/// The upper trapezoid of B = alpha A, shapes alike; the rest of B is not written.
template <class T>
void copy_upper(std::type_identity_t<MatRef<const T>> A, std::type_identity_t<T> alpha, MatRef<T> B) {
    for (index_t i = 0; i < std::min(B.rows, B.cols); ++i) {
        const VecRef<T> row = B.row(i).segment(i, B.cols - i);
        kernel::copy(A.row(i).segment(i, B.cols - i), row);
        if (alpha != T(1)) kernel::scal(alpha, row);
    }
}

}  // namespace detail

namespace detail {

/// C = (I - V T V^H) [I; 0]: what a block of k reflectors makes of the first k unit vectors. C is m×k, work at least
/// k×k.
template <class T>
void reflect_unit_vectors(std::type_identity_t<MatRef<const T>> V, std::type_identity_t<MatRef<const T>> Tfac,
                          MatRef<T> C, MatRef<T> work) {
    const index_t m = V.rows, k = V.cols;
    const MatRef<T> W = work.block(0, 0, k, k), C_top = C.block(0, 0, k, k);
    const MatRef<const T> V_top = V.block(0, 0, k, k);
    kernel::fill(W, T(0));
    for (index_t i = 0; i < k; ++i) {
        W(i, i) = T(1);
        for (index_t j = i + 1; j < k; ++j) W(i, j) = conjugated(T(V_top(j, i)));
    }
    kernel::trmm(Triangle::upper, Diagonal::general, T(1), Tfac, W);
    if (m > k) kernel::gemm(T(-1), V.block(k, 0, m - k, k), W, T(0), C.block(k, 0, m - k, k));
    kernel::trmm(Triangle::lower, Diagonal::unit, T(1), V_top, W);
    kernel::copy(W, C_top);
    kernel::scale(T(-1), C_top);
    for (index_t i = 0; i < k; ++i) C_top(i, i) += T(1);
}

}  // namespace detail

/// Q = H_0 H_1 ... H_(k-1) (its first n columns): V is m×k as in form_t, Q is m×n with k <= n <= m.
/// block: reflectors that are applied together, 0 for a good choice.
///
/// Cost: 4 (m n k - (m + n) k^2 / 2 + k^3 / 3) by products of matrices. V and Q do not overlap.
template <class T>
void make_q(std::type_identity_t<MatRef<const T>> V, const T* tau, MatRef<T> Q, index_t block = 0) {
    const index_t m = Q.rows, n = Q.cols, k = V.cols;
    kernel::fill(Q.block(0, k, m, n - k), T(0));
    for (index_t j = k; j < n; ++j) Q(j, j) = T(1);
    if (k == 0) return;
    const index_t width = std::min(block > 0 ? block : reflector_block(k), k);
    const Workspace<T> factor(width, width), work(width, n, detail::order_of(Q));
    for (index_t j = (k - 1) / width * width; j >= 0; j -= width) {
        // Rows before j are still those of the identity, and so are the columns before those of this block.
        const index_t kb = std::min(width, k - j), after = n - j - kb;
        const MatRef<const T> V_j = V.block(j, j, m - j, kb);
        const MatRef<T> T_j = factor.ref(kb, kb);
        form_t(V_j, tau + j, T_j);
        if (after > 0) apply_block_reflector(false, V_j, T_j, Q.block(j, j + kb, m - j, after), work.ref(kb, after));
        kernel::fill(Q.block(0, j, j, kb), T(0));
        detail::reflect_unit_vectors<T>(V_j, T_j, Q.block(j, j, m - j, kb), work.ref(kb, kb));
    }
}

/// C = Q C, or C = Q^H C when `adjoint`, for Q = H_0 H_1 ... H_(k-1); V is m×k as in form_t, C is m×n.
///
/// From the right: as apply_block_reflector. Cost: 4 m n k by products of matrices.
template <class T>
void apply_q(bool adjoint, std::type_identity_t<MatRef<const T>> V, const T* tau, MatRef<T> C, index_t block = 0) {
    const index_t m = V.rows, k = V.cols;
    if (k == 0 || C.cols == 0) return;
    const index_t width = std::min(block > 0 ? block : reflector_block(k), k), blocks = (k + width - 1) / width;
    const Workspace<T> factor(width, width), work(width, C.cols, detail::order_of(C));
    for (index_t b = 0; b < blocks; ++b) {
        // Q^H = ... H_1^H H_0^H starts with the first reflectors, Q with the last.
        const index_t j = (adjoint ? b : blocks - 1 - b) * width;
        const index_t kb = std::min(width, k - j);
        const MatRef<const T> V_j = V.block(j, j, m - j, kb);
        const MatRef<T> T_j = factor.ref(kb, kb);
        form_t(V_j, tau + j, T_j);
        apply_block_reflector(adjoint, V_j, T_j, C.block(j, 0, m - j, C.cols), work.ref(kb, C.cols));
    }
}

}  // namespace gram::linalg::inline GRAM_ISA
