/// Sylvester equations and square roots of triangular matrices, complex or real with 2×2 diagonal blocks, by halves.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/linalg/field.hpp"
#include "gram/linalg/two_by_two.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// The order at which recursions on triangular matrices end.
inline constexpr index_t quasi_leaf = 16;

/// About half of the rows of T, no 2×2 block cut apart.
template <class S>
[[nodiscard]] index_t middle(MatRef<S> T) {
    const index_t h = T.rows / 2;
    return h > 0 && h < T.rows && T(h, h - 1) != S(0) ? h + 1 : h;
}

/// The order of the diagonal block that starts at k.
template <class S>
[[nodiscard]] index_t diagonal_block(MatRef<S> T, index_t k) {
    return k + 1 < T.rows && T(k + 1, k) != S(0) ? 2 : 1;
}

/// A X + X B = C for upper (quasi-)triangular column-major A and B; X overwrites C.
///
/// The equation is singular when A and -B share an eigenvalue: pivots of magnitude <= `smallest` are noted in
/// `singular`, but for a right-hand side of magnitude <= `negligible` beside a zero pivot, whose solution is 0.
/// Cost: m n (m + n) flops, by products of matrices. Source: Bartels & Stewart, Algorithm 432, CACM 15 (1972);
/// Jonsson & Kågström, Recursive blocked algorithms for solving triangular systems, ACM TOMS 28 (2002).
template <class S>
struct TriangularSylvester {
    using R = real_t<S>;
    R smallest = 0;
    R negligible = 0;
    bool singular = false;

    void solve(MatRef<S> A, MatRef<S> B, MatRef<S> C) {
        const index_t m = A.rows, n = B.rows;
        if (m == 0 || n == 0) return;
        if (m <= quasi_leaf && n <= quasi_leaf) return solve_leaf(A, B, C);
        if (m >= n) {
            const index_t h = middle(A);
            const MatRef<S> top = C.block(0, 0, h, n), bottom = C.block(h, 0, m - h, n);
            solve(A.block(h, h, m - h, m - h), B, bottom);
            kernel::gemm(S(-1), A.block(0, h, h, m - h), bottom, S(1), top);
            solve(A.block(0, 0, h, h), B, top);
        } else {
            const index_t h = middle(B);
            const MatRef<S> left = C.block(0, 0, m, h), right = C.block(0, h, m, n - h);
            solve(A, B.block(0, 0, h, h), left);
            kernel::gemm(S(-1), left, B.block(0, h, h, n - h), S(1), right);
            solve(A, B.block(h, h, n - h, n - h), right);
        }
    }

private:
    void solve_leaf(MatRef<S> A, MatRef<S> B, MatRef<S> C) {
        const index_t m = A.rows, n = B.rows;
        for (index_t j = 0; j < n;) {
            const index_t q = diagonal_block(B, j);
            for (index_t i = m; i > 0;) {
                const index_t p = i > 1 && A(i - 1, i - 2) != S(0) ? 2 : 1;
                i -= p;
                if constexpr (is_complex_v<S>) {
                    solve_one(A(i, i) + B(j, j), C(i, j));
                } else {
                    solve_block(A.block(i, i, p, p), B.block(j, j, q, q), C.block(i, j, p, q));
                }
                for (index_t c = j; c < j + q; ++c)
                    for (index_t r = i; r < i + p; ++r)
                        kernel::axpy(-C(r, c), A.col(r).segment(0, i), C.col(c).segment(0, i));
            }
            for (index_t c = j + q; c < n; ++c)
                for (index_t k = j; k < j + q; ++k) kernel::axpy(-B(k, c), C.col(k), C.col(c));
            j += q;
        }
    }

    void solve_one(S pivot, S& x) {
        if (pivot == S(0) && abs1(x) <= negligible) {
            x = S(0);
            return;
        }
        if (abs1(pivot) <= smallest) {
            singular = true;
            pivot = S(std::max(smallest, std::numeric_limits<R>::min()));
        }
        x /= pivot;
    }

    /// One or two rows and columns: up to four unknowns, by elimination with complete pivoting.
    void solve_block(MatRef<S> A, MatRef<S> B, MatRef<S> X) {
        const index_t p = X.rows, q = X.cols, n = p * q;
        if (n == 1) return solve_one(A(0, 0) + B(0, 0), X(0, 0));
        S M[4][5] = {};
        index_t order[4] = {0, 1, 2, 3};
        for (index_t i = 0; i < p; ++i) {
            for (index_t j = 0; j < q; ++j) {
                S* row = M[i + p * j];
                for (index_t l = 0; l < p; ++l) row[l + p * j] += A(i, l);
                for (index_t l = 0; l < q; ++l) row[i + p * l] += B(l, j);
                row[4] = X(i, j);
            }
        }
        for (index_t k = 0; k < n; ++k) {
            index_t pi = k, pj = k;
            for (index_t i = k; i < n; ++i)
                for (index_t j = k; j < n; ++j)
                    if (std::abs(M[i][j]) > std::abs(M[pi][pj])) pi = i, pj = j;
            for (index_t j = 0; j < 5 && pi != k; ++j) std::swap(M[k][j], M[pi][j]);
            for (index_t i = 0; i < n && pj != k; ++i) std::swap(M[i][k], M[i][pj]);
            std::swap(order[k], order[pj]);
            if (std::abs(M[k][k]) <= smallest) {
                singular = true;
                M[k][k] = std::max(smallest, std::numeric_limits<R>::min());
            }
            for (index_t i = k + 1; i < n; ++i) {
                const S f = M[i][k] / M[k][k];
                for (index_t j = k; j < n; ++j) M[i][j] -= f * M[k][j];
                M[i][4] -= f * M[k][4];
            }
        }
        for (index_t k = n; k-- > 0;) {
            for (index_t j = k + 1; j < n; ++j) M[k][4] -= M[k][j] * M[j][4];
            M[k][4] /= M[k][k];
        }
        for (index_t k = 0; k < n; ++k) X(order[k] % p, order[k] / p) = M[k][4];
    }
};

/// The principal square root of a real 2×2 block [a b; c a] with b c < 0.
///
/// Source: Higham, Computing real square roots of a real matrix, LAA 88/89 (1987).
template <class R>
void sqrt_of_pair(MatRef<R> T) {
    const R a = T(0, 0), mu = geometric_mean(T(0, 1), T(1, 0)), size = std::hypot(a, mu);
    const R alpha = a >= R(0) ? std::sqrt((a + size) / 2) : mu / std::sqrt(2 * (size - a));
    T(0, 0) = T(1, 1) = alpha;
    T(0, 1) /= 2 * alpha;
    T(1, 0) /= 2 * alpha;
}

/// T = sqrt(T) in place, the principal square root of an upper (quasi-)triangular column-major matrix without negative
/// real eigenvalues (in a real T). `sylvester.singular` afterwards: there is none.
///
/// Cost: n^3 / 3 flops. Source: Björck & Hammarling, A Schur method for the square root of a matrix, LAA 52/53 (1983);
/// Deadman, Higham & Ralha, Blocked Schur algorithms for computing the matrix square root, LNCS 7782 (2013).
template <class S>
void sqrt_triangular(MatRef<S> T, TriangularSylvester<S>& sylvester) {
    const index_t n = T.rows;
    if (n == 0) return;
    if (n == 1) {
        T(0, 0) = std::sqrt(T(0, 0));
        return;
    }
    const index_t h = middle(T);
    if constexpr (!is_complex_v<S>) {
        if (h == n) return sqrt_of_pair(T);
    }
    const MatRef<S> first = T.block(0, 0, h, h), second = T.block(h, h, n - h, n - h);
    sqrt_triangular(first, sylvester);
    sqrt_triangular(second, sylvester);
    sylvester.solve(first, second, T.block(0, h, h, n - h));
}

/// Eigenvalues within rounding of the negative real axis are moved onto it, and counted to its upper side: the square
/// roots and logarithms of close ones then stay close.
template <class R>
void snap_to_upper_side(MatRef<std::complex<R>> T) {
    if (T.rows == 0) return;
    const R tolerance = static_cast<R>(T.rows) * std::numeric_limits<R>::epsilon() * kernel::max_abs(T);
    for (index_t i = 0; i < T.rows; ++i) {
        std::complex<R>& w = T(i, i);
        if (w.real() < R(0) && w.imag() <= R(0) && -w.imag() <= tolerance) w = {w.real(), R(0)};
    }
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram {

/// A function of a real matrix is not real (a logarithm, a square root), as a negative real eigenvalue shows. That of
/// `cast<std::complex<T>>(A)` exists.
struct no_real_result : error {
    using error::error;
};

}  // namespace gram
