/// The singular value decomposition to high relative accuracy: two triangular factorizations, then one-sided Jacobi.
///
/// Source: Drmac & Veselic, New fast and accurate Jacobi SVD algorithm I and II, SIMAX 29 (2008); Cox & Higham,
/// Stability of Householder QR factorization for weighted least squares problems (1998), for the order of the rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "gram/linalg/check.hpp"
#include "gram/linalg/jacobi_sweep.hpp"
#include "gram/linalg/qr.hpp"
#include "gram/linalg/qr_pivoted.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// From this order on blocks that are not graded are turned to their singular vectors before the rotations.
inline constexpr index_t smallest_turned = 16;

/// Multiplies A by a power of two, whose exponent is returned: such that squares of it do not overflow if this rounds
/// no small element, else so far up that just sums of elements do not. A is column-major.
template <class T>
int scale_for_jacobi(MatRef<T> A) {
    using R = real_t<T>;
    using limits = std::numeric_limits<R>;
    // Of the parts of complex numbers: with -ffast-math the magnitude of a small one is 0.
    constexpr index_t parts = is_complex_v<T> ? 2 : 1;
    const R largest =
        kernel::max_abs(MatRef<R>{reinterpret_cast<R*>(A.data), parts * A.rows, A.cols, 1, parts * A.col_stride});
    if (largest == R(0)) return 0;
    const int high = exponent_of(largest), low = exponent_of(smallest_nonzero(A));
    const bool fits = high - low < jacobi_exponent<R> - limits::min_exponent - limits::digits;
    const int target = fits ? jacobi_exponent<R> : limits::max_exponent - 16 - exponent_of(static_cast<R>(A.rows));
    for (int rest = target - high; rest != 0;) {
        constexpr int cap = limits::max_exponent - 4;
        const int step = std::clamp(rest, -cap, cap);
        kernel::scale(T(normal_power_of_two<R>(step)), A);
        rest -= step;
    }
    return target - high;
}

/// Puts the rows in the order of their largest magnitudes, descending: row i was row from[i]. With the order of the
/// columns, reflectors then keep also small rows to their own accuracy.
template <class T>
void sort_rows(MatRef<T> A, index_t* from) {
    const index_t m = A.rows;
    const kernel::Buffer<real_t<T>> sizes(m);
    real_t<T>* const largest = sizes.data();
    std::fill_n(largest, m, real_t<T>(0));
    for (index_t j = 0; j < A.cols; ++j)
        for (index_t i = 0; i < m; ++i) largest[i] = std::max(largest[i], small_abs1(A(i, j)));
    for (index_t i = 0; i < m; ++i) from[i] = i;
    const auto before = [largest](index_t a, index_t b) {
        return largest[a] != largest[b] ? largest[a] > largest[b] : a < b;
    };
    if (std::is_sorted(from, from + m, before)) return;
    std::sort(from, from + m, before);
    const kernel::Buffer<T> column(m);
    for (index_t j = 0; j < A.cols; ++j) {
        for (index_t i = 0; i < m; ++i) column.data()[i] = A(from[i], j);
        kernel::copy(VecRef<const T>{column.data(), m, 1}, A.col(j));
    }
}

/// Row i of A becomes row to[i].
template <class T>
void scatter_rows(MatRef<T> A, const index_t* to) {
    const kernel::Buffer<T> column(A.rows);
    for (index_t j = 0; j < A.cols; ++j) {
        for (index_t i = 0; i < A.rows; ++i) column.data()[to[i]] = A(i, j);
        kernel::copy(VecRef<const T>{column.data(), A.rows, 1}, A.col(j));
    }
}

/// The adjoint of the upper trapezoid in the first rows of A; the rest of B is zero.
template <class T>
void copy_adjoint_of_upper(std::type_identity_t<MatRef<const T>> A, MatRef<T> B) {
    kernel::fill(B, T(0));
    for (index_t i = 0; i < B.cols; ++i)
        for (index_t j = i; j < B.rows; ++j) B(j, i) = conj_of(T(A(i, j)));
}

/// svd_scaled, which is not known here.
template <class T>
using NormwiseSvd = void (*)(MatRef<T> A, real_t<T>* s, MatRef<T> U, MatRef<T> V);

/// Columns from `first` on whose diagonal elements in L differ by no more than 1 / eps.
template <class T>
index_t similar_columns(std::type_identity_t<MatRef<const T>> L, index_t first) {
    using R = real_t<T>;
    constexpr R range = R(1) / std::numeric_limits<R>::epsilon();
    R least = std::abs(L(first, first)), most = least;
    index_t j = first + 1;
    for (; j < L.cols; ++j) {
        const R size = std::abs(L(j, j));
        least = std::min(least, size);
        most = std::max(most, size);
        if (most > least * range) break;
    }
    return j - first;
}

/// Turns the columns of the lower triangle L, and those of J (the identity, or without rows), to the singular vectors
/// of diagonal blocks of L that are not graded: found to eps times the norm of the block, they leave less to rotate. To
/// small rows a product with unitary matrices is as harmless as rotations are.
///
/// Source: Gao, Ma & Shao, A mixed precision Jacobi SVD algorithm, arXiv:2209.04626 (2022), which starts so.
template <class T>
void turn_blocks(MatRef<T> L, MatRef<T> J, NormwiseSvd<T> svd) {
    const index_t n = L.cols;
    if (n < smallest_turned) return;
    const Workspace<T> block(n, n), left(n, n), right(n, n);
    const kernel::Buffer<real_t<T>> s(n);
    for (index_t first = 0; first < n;) {
        const index_t size = similar_columns<T>(L, first);
        if (size >= smallest_turned) {
            const MatRef<T> V = right.ref(size, size);
            kernel::copy(L.block(first, first, size, size), block.ref(size, size));
            svd(block.ref(size, size), s.data(), left.ref(size, size), V);
            kernel::conjugate(V);
            const MatRef<T> columns = L.block(first, first, n - first, size), product = left.ref(n - first, size);
            kernel::gemm(T(1), columns, V, T(0), product);
            kernel::copy(product, columns);
            if (J.rows > 0) kernel::copy(V, J.block(first, first, size, size));
        }
        first += size;
    }
}

/// A = U diag(s) V^T as svd_in_place, with small singular values to high relative accuracy; A is finite.
///
/// With rows sorted and columns pivoted A = Q R, then R^H = Q2 L^H and L = W J^H: U = Q W diag(1 / s) and conj(V) = Q2
/// J but for the orders. The two factorizations leave columns of L that are nearly orthogonal and sorted. All of this
/// is unitary, so that what R lacks in rank is zeros in s beside complete bases.
template <class T>
GRAM_ONE_BODY void svd_jacobi(MatRef<T> A, real_t<T>* s, MatRef<T> U, MatRef<T> V, NormwiseSvd<T> svd) {
    const index_t m = A.rows, n = A.cols;
    const int shift = scale_for_jacobi(A);
    const kernel::Buffer<index_t> rows(m), columns(n);
    const kernel::Buffer<T> factors(2 * n);
    T *const tau = factors.data(), *const tau_right = tau + n;
    sort_rows(A, rows.data());
    qr_pivoted_in_place(A, tau, columns.data());
    const index_t rank = pivoted_rank(A, real_t<T>(0));

    const bool vectors = U.rows > 0;
    const Workspace<T> adjoint(n, rank), lower(rank, rank), rotations(vectors ? rank : 0, vectors ? rank : 0);
    copy_adjoint_of_upper(A, adjoint.ref());
    qr_in_place(adjoint.ref(), tau_right);
    copy_adjoint_of_upper(adjoint.ref(), lower.ref());

    set_identity(rotations.ref());
    turn_blocks(lower.ref(), rotations.ref(), svd);
    OneSidedJacobi<T> jacobi(lower.ref(), rotations.ref());
    jacobi.iterate("svd");
    jacobi.values(s, shift);
    std::fill(s + rank, s + n, real_t<T>(0));
    if (!vectors) return;
    set_identity(U);
    set_identity(V);
    jacobi.vectors(U.block(0, 0, rank, rank), V.block(0, 0, rank, rank));
    apply_q(false, A, tau, U);
    apply_q(false, adjoint.ref(), tau_right, V);
    scatter_rows(U, rows.data());
    scatter_rows(V, columns.data());
    kernel::conjugate(V);
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
