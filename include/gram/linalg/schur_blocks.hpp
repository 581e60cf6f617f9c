/// Diagonal blocks of a real Schur form: bringing a 2×2 block to standard form, and exchanging neighbours.
///
/// Standard form: a 2×2 block [a b; c d] on the diagonal has a == d and b c < 0 (a conjugate pair); else c == 0.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/kernel/ref.hpp"
#include "gram/linalg/two_by_two.hpp"
#include "gram/simd/basic.hpp"

namespace gram::linalg::inline GRAM_ISA {

using kernel::MatRef;
using kernel::VecRef;

namespace detail {

/// [a b; c d] in standard form, the rotation that made it so ([cs sn; -sn cs] from the left, its transpose from the
/// right), and its eigenvalues (re1 + i im), (re2 - i im), im >= 0.
template <class T>
struct StandardBlock {
    T a, b, c, d;
    T cs = 1, sn = 0;
    T re1 = 0, re2 = 0, im = 0;
};

/// Equal diagonal entries, by one rotation: real eigenvalues that were too close to tell apart are separated here.
template <class T>
void equalize_diagonal(StandardBlock<T>& s) {
    const T scale = std::max(std::abs(s.a - s.d), std::abs(s.b + s.c));
    const T difference = (s.a - s.d) / scale, sigma = (s.b + s.c) / scale;
    const T tau = std::hypot(sigma, difference);
    s.cs = std::sqrt((T(1) + std::abs(sigma) / tau) / 2);
    s.sn = -(difference / 2 / (tau * s.cs)) * std::copysign(T(1), sigma);
    const T aa = s.a * s.cs + s.b * s.sn, bb = -s.a * s.sn + s.b * s.cs;
    const T cc = s.c * s.cs + s.d * s.sn, dd = -s.c * s.sn + s.d * s.cs;
    s.b = bb * s.cs + dd * s.sn;
    s.c = -aa * s.sn + cc * s.cs;
    const T middle = (aa * s.cs + cc * s.sn) / 2 + (-bb * s.sn + dd * s.cs) / 2;
    s.a = s.d = middle;
    if (s.c == T(0)) return;
    if (s.b == T(0)) {
        s.b = -s.c;
        s.c = T(0);
        const T t = s.cs;
        s.cs = -s.sn;
        s.sn = t;
    } else if ((s.b < 0) == (s.c < 0)) {
        const T p = std::copysign(geometric_mean(s.b, s.c), s.c), sum = s.b + s.c;
        const T c1 = std::sqrt(s.b / sum), s1 = std::sqrt(s.c / sum), c = s.cs * c1 - s.sn * s1;
        s.a = middle + p;
        s.d = middle - p;
        s.b -= s.c;
        s.c = T(0);
        s.sn = s.cs * s1 + s.sn * c1;
        s.cs = c;
    }
}

/// Standard form of a real 2×2 matrix by one rotation.
///
/// Source: Bai & Demmel, On swapping diagonal blocks in real Schur form, LAA 186 (1993); as LAPACK dlanv2.
template <class T>
StandardBlock<T> standardize(T a, T b, T c, T d) {
    StandardBlock<T> s{a, b, c, d};
    if (c == T(0)) {
    } else if (b == T(0)) {
        s = {d, -c, T(0), a, T(0), T(1)};
    } else if (a == d && (b < 0) != (c < 0)) {
    } else {
        const T p = (a - d) / 2, larger = std::max(std::abs(b), std::abs(c));
        const T smaller = std::copysign(std::min(std::abs(b), std::abs(c)), (b < 0) == (c < 0) ? T(1) : T(-1));
        const T scale = std::max(std::abs(p), larger);
        const T discriminant = p / scale * p + larger / scale * smaller;
        if (discriminant >= 4 * std::numeric_limits<T>::epsilon() * scale) {
            const T z = p + std::copysign(geometric_mean(scale, discriminant), p), tau = std::hypot(c, z);
            s = {d + z, b - c, T(0), d - larger / z * smaller, z / tau, c / tau};
        } else {
            equalize_diagonal(s);
        }
    }
    s.re1 = s.a;
    s.re2 = s.d;
    s.im = s.c == T(0) ? T(0) : geometric_mean(s.b, s.c);
    return s;
}

/// x, y = cs x + sn y, cs y - sn x
template <class T>
void rotate(VecRef<T> x, VecRef<T> y, T cs, T sn) {
    for (index_t i = 0; i < x.size; ++i) {
        const T t = cs * x[i] + sn * y[i];
        y[i] = cs * y[i] - sn * x[i];
        x[i] = t;
    }
}

/// Rotates rows and columns k, k + 1 of S (rows [top, k + 2), columns [k, right)) and the columns of Z so that the
/// block at k takes the standard form s.
template <class T>
void apply_standard(const StandardBlock<T>& s, MatRef<T> S, MatRef<T> Z, index_t k, index_t top, index_t right) {
    S(k, k) = s.a, S(k, k + 1) = s.b, S(k + 1, k) = s.c, S(k + 1, k + 1) = s.d;
    if (s.sn == T(0) && s.cs == T(1)) return;
    const index_t behind = right - k - 2;
    if (behind > 0) rotate(S.row(k).segment(k + 2, behind), S.row(k + 1).segment(k + 2, behind), s.cs, s.sn);
    rotate(S.col(k).segment(top, k - top), S.col(k + 1).segment(top, k - top), s.cs, s.sn);
    if (Z.rows > 0) rotate(Z.col(k), Z.col(k + 1), s.cs, s.sn);
}

/// 2 when a 2×2 block starts at k, else 1.
template <class T>
index_t block_size(MatRef<T> S, index_t k) {
    return k + 1 < S.rows && S(k + 1, k) != T(0) ? 2 : 1;
}

/// A square matrix of up to 4×4 on the stack.
template <class T>
struct Small {
    T at[4][4] = {};
    T* operator[](index_t i) { return at[i]; }
    const T* operator[](index_t i) const { return at[i]; }
};

/// Solves M x = b for up to four unknowns by elimination with complete pivoting; pivots below `smallest` are raised to
/// it. The solution is that for scale * b, and scale <= 1 keeps it from overflowing. M is destroyed.
template <class T>
void solve_small(Small<T>& M, T* b, index_t n, T smallest, T& scale) {
    index_t order[4] = {0, 1, 2, 3};
    for (index_t k = 0; k < n; ++k) {
        index_t pi = k, pj = k;
        for (index_t i = k; i < n; ++i) {
            for (index_t j = k; j < n; ++j) {
                if (std::abs(M[i][j]) > std::abs(M[pi][pj])) pi = i, pj = j;
            }
        }
        if (pi != k) {
            for (index_t j = 0; j < n; ++j) std::swap(M[k][j], M[pi][j]);
            std::swap(b[k], b[pi]);
        }
        if (pj != k) {
            for (index_t i = 0; i < n; ++i) std::swap(M[i][k], M[i][pj]);
            std::swap(order[k], order[pj]);
        }
        if (std::abs(M[k][k]) < smallest) M[k][k] = smallest;
        for (index_t i = k + 1; i < n; ++i) {
            const T f = M[i][k] / M[k][k];
            for (index_t j = k + 1; j < n; ++j) M[i][j] -= f * M[k][j];
            b[i] -= f * b[k];
        }
    }
    T largest = 0, least = std::abs(M[0][0]);
    for (index_t k = 0; k < n; ++k) {
        largest = std::max(largest, std::abs(b[k]));
        least = std::min(least, std::abs(M[k][k]));
    }
    scale = T(1);
    if (8 * std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon() * largest > least) {
        scale = T(0.125) / largest;
        for (index_t k = 0; k < n; ++k) b[k] *= scale;
    }
    T x[4];
    for (index_t k = n; k-- > 0;) {
        for (index_t j = k + 1; j < n; ++j) b[k] -= M[k][j] * b[j];
        b[k] /= M[k][k];
    }
    for (index_t k = 0; k < n; ++k) x[order[k]] = b[k];
    for (index_t k = 0; k < n; ++k) b[k] = x[k];
}

/// The orthogonal Q (N×N, N = p + q) whose first q columns span the invariant subspace of the trailing q×q block of D.
template <class T>
Small<T> swapping_basis(const Small<T>& D, index_t p, index_t q, T smallest) {
    // D11 X - X D22 = scale D12, unknown X(i, j) at i + p j; then [-X; scale I] spans the subspace.
    Small<T> M;
    T x[4];
    for (index_t j = 0; j < q; ++j) {
        for (index_t i = 0; i < p; ++i) {
            const index_t row = i + p * j;
            for (index_t l = 0; l < p; ++l) M[row][l + p * j] += D[i][l];
            for (index_t l = 0; l < q; ++l) M[row][i + p * l] -= D[p + l][p + j];
            x[row] = D[i][p + j];
        }
    }
    T scale = 1;
    solve_small(M, x, p * q, smallest, scale);
    const index_t n = p + q;
    T W[4][2] = {};
    for (index_t j = 0; j < q; ++j) {
        for (index_t i = 0; i < p; ++i) W[i][j] = -x[i + p * j];
        W[p + j][j] = scale;
    }
    Small<T> Q;
    for (index_t i = 0; i < n; ++i) Q[i][i] = T(1);
    for (index_t j = 0; j < q; ++j) {
        T largest = 0, v[4] = {};
        for (index_t i = j; i < n; ++i) largest = std::max(largest, std::abs(W[i][j]));
        if (largest == T(0)) continue;
        T sum = 0;
        for (index_t i = j; i < n; ++i) v[i] = W[i][j] / largest, sum += v[i] * v[i];
        v[j] += std::copysign(std::sqrt(sum), v[j]);
        T vv = 0;
        for (index_t i = j; i < n; ++i) vv += v[i] * v[i];
        for (index_t c = j; c < q; ++c) {
            T s = 0;
            for (index_t i = j; i < n; ++i) s += v[i] * W[i][c];
            for (index_t i = j; i < n; ++i) W[i][c] -= 2 * s / vv * v[i];
        }
        for (index_t r = 0; r < n; ++r) {
            T s = 0;
            for (index_t i = j; i < n; ++i) s += Q[r][i] * v[i];
            for (index_t i = j; i < n; ++i) Q[r][i] -= 2 * s / vv * v[i];
        }
    }
    return Q;
}

/// Q^T D Q
template <class T>
Small<T> similar(const Small<T>& D, const Small<T>& Q, index_t n) {
    Small<T> DQ, result;
    for (index_t i = 0; i < n; ++i) {
        for (index_t j = 0; j < n; ++j) {
            for (index_t l = 0; l < n; ++l) DQ[i][j] += D[i][l] * Q[l][j];
        }
    }
    for (index_t i = 0; i < n; ++i) {
        for (index_t j = 0; j < n; ++j) {
            for (index_t l = 0; l < n; ++l) result[i][j] += Q[l][i] * DQ[l][j];
        }
    }
    return result;
}

/// Columns k.. k + N of the rows [0, rows) of a column-major A, times Q.
template <index_t N, class T>
void multiply_columns(MatRef<T> A, index_t k, index_t rows, const Small<T>& Q) {
    constexpr index_t w = simd::width<T>;
    T* const x = A.data + k * A.col_stride;
    index_t i = 0;
    for (; i + w <= rows; i += w) {
        simd::pack<T> old[N];
        for (index_t l = 0; l < N; ++l) old[l] = simd::load<T>(x + i + l * A.col_stride);
        for (index_t j = 0; j < N; ++j) {
            auto sum = old[0] * simd::broadcast<T>(Q[0][j]);
            for (index_t l = 1; l < N; ++l) sum = simd::fma(old[l], simd::broadcast<T>(Q[l][j]), sum);
            simd::store(x + i + j * A.col_stride, sum);
        }
    }
    for (; i < rows; ++i) {
        T old[N];
        for (index_t l = 0; l < N; ++l) old[l] = x[i + l * A.col_stride];
        for (index_t j = 0; j < N; ++j) {
            T sum = 0;
            for (index_t l = 0; l < N; ++l) sum += old[l] * Q[l][j];
            x[i + j * A.col_stride] = sum;
        }
    }
}

/// Q^T times rows k.. k + N of the columns from k on of a column-major A.
template <index_t N, class T>
void multiply_rows(MatRef<T> A, index_t k, const Small<T>& Q) {
    T* x = A.data + k + k * A.col_stride;
    for (index_t c = k; c < A.cols; ++c, x += A.col_stride) {
        T old[N];
        for (index_t l = 0; l < N; ++l) old[l] = x[l];
        for (index_t j = 0; j < N; ++j) {
            T sum = 0;
            for (index_t l = 0; l < N; ++l) sum += old[l] * Q[l][j];
            x[j] = sum;
        }
    }
}

/// The similarity by Q on N rows and columns of S from k on, and Z Q.
template <index_t N, class T>
void apply_small(MatRef<T> S, MatRef<T> Z, index_t k, const Small<T>& Q) {
    multiply_columns<N>(S, k, k + N, Q);
    multiply_rows<N>(S, k, Q);
    if (Z.rows > 0) multiply_columns<N>(Z, k, Z.rows, Q);
}

/// Exchanges the blocks of order p at k and q at k + p of the column-major upper quasi-triangular S, in standard form,
/// and keeps Z S Z^T. False, and nothing changed, when the blocks are too close for that to be stable.
///
/// Source: Bai & Demmel, as above; Golub & Van Loan, Matrix Computations, 4th ed., sec. 7.6.2.
template <class T>
bool swap_blocks(MatRef<T> S, MatRef<T> Z, index_t k, index_t p, index_t q) {
    using limits = std::numeric_limits<T>;
    const index_t n = p + q;
    Small<T> D;
    T norm = 0;
    for (index_t i = 0; i < n; ++i) {
        for (index_t j = 0; j < n; ++j) D[i][j] = S(k + i, k + j), norm = std::max(norm, std::abs(D[i][j]));
    }
    constexpr T tiny = limits::min() / limits::epsilon();
    const T limit = std::max(10 * limits::epsilon() * norm, tiny);
    const Small<T> Q = swapping_basis(D, p, q, std::max(limits::epsilon() * norm, tiny));
    const Small<T> E = similar(D, Q, n);
    for (index_t i = q; i < n; ++i) {
        for (index_t j = 0; j < q; ++j) {
            if (!(std::abs(E[i][j]) <= limit)) return false;
        }
    }
    if (n == 2) apply_small<2>(S, Z, k, Q);
    if (n == 3) apply_small<3>(S, Z, k, Q);
    if (n == 4) apply_small<4>(S, Z, k, Q);
    for (index_t i = q; i < n; ++i) {
        for (index_t j = 0; j < q; ++j) S(k + i, k + j) = T(0);
    }
    const auto restore = [&](index_t b) {
        apply_standard(standardize(S(b, b), S(b, b + 1), S(b + 1, b), S(b + 1, b + 1)), S, Z, b, 0, S.cols);
    };
    if (q == 2) restore(k);
    if (p == 2) restore(k + q);
    return true;
}

/// Moves the block at `from` up to row `to` by exchanges; returns the row where it (its last part, should a 2×2 block
/// fall apart) stopped.
template <class T>
index_t move_block_up(MatRef<T> S, MatRef<T> Z, index_t from, index_t to) {
    const index_t size = block_size(S, from);
    while (from > to) {
        const index_t before = from >= 2 && S(from - 1, from - 2) != T(0) ? 2 : 1;
        if (from - before < to || !swap_blocks(S, Z, from - before, before, size)) return from;
        from -= before;
        if (size == 2 && S(from + 1, from) == T(0)) {
            const index_t second = from + 1, first = move_block_up(S, Z, from, to);
            return move_block_up(S, Z, second, first + 1);
        }
    }
    return from;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
