/// The singular value decomposition of 1×1 to 4×4 matrices, on the stack: one-sided Jacobi rotations.
///
/// Small singular values of a matrix with graded columns are found to high relative accuracy.
/// Source: Hestenes, Inversion of matrices by biorthogonalization and related results, J. SIAM 6 (1958); Demmel &
/// Veselic, Jacobi's method is more accurate than QR, SIMAX 13 (1992).
#pragma once

#include <cmath>
#include <limits>

#include "gram/linalg/small_eigh.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// Squares of norms below this have lost digits to underflow: the column counts as zero.
template <class R>
inline constexpr R jacobi_tiny =
    std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon() / std::numeric_limits<R>::epsilon();

/// Rotations of the rows of W, and the same of the rows of V, until the rows of W are orthogonal: W^T = A V^T.
template <class T, index_t N>
bool one_sided_step(index_t p, index_t q, SmallMatrix<T, N, N>& W, real_t<T>* squares, SmallMatrix<T, N, N>& V) {
    using R = real_t<T>;
    if (squares[p] < squares[q]) {
        for (index_t k = 0; k < N; ++k) {
            std::swap(W[p][k], W[q][k]);
            std::swap(V[p][k], V[q][k]);
        }
        std::swap(squares[p], squares[q]);
    }
    T inner{};  // w_p^H w_q
    for (index_t k = 0; k < N; ++k) inner += kernel::detail::times(conj_of(W[p][k]), W[q][k]);
    constexpr R eps = std::numeric_limits<R>::epsilon();
    inner *= normal_power_of_two<R>(-jacobi_exponent<R>);
    const R square = small_norm(inner);
    const R a = squares[p] * normal_power_of_two<R>(-jacobi_exponent<R>),
            b = squares[q] * normal_power_of_two<R>(-jacobi_exponent<R>);
    if (squares[q] < jacobi_tiny<R> || square <= (eps * eps) * a * b) return false;
    const Polar<T> product(inner, square);
    const T d = product.turn;
    const JacobiRotation<R> r(a, b, product.size);
    for (index_t k = 0; k < N; ++k) {
        rotate_pair(r, d, W[p][k], W[q][k]);
        rotate_pair(r, d, V[p][k], V[q][k]);
    }
    return true;
}

template <class T, index_t N>
real_t<T> row_square(const SmallMatrix<T, N, N>& W, index_t i) {
    real_t<T> sum = 0;
    for (index_t k = 0; k < N; ++k) sum += small_norm(W[i][k]);
    return sum;
}

/// Row i of W becomes a unit vector that is orthogonal to the rows before it (which are orthonormal).
template <class T, index_t N>
void complete_row(index_t i, SmallMatrix<T, N, N>& W) {
    using R = real_t<T>;
    // The unit vector of which the rows before hold least.
    index_t best = 0;
    R least = 2;
    for (index_t k = 0; k < N; ++k) {
        R held = 0;
        for (index_t j = 0; j < i; ++j) held += small_norm(W[j][k]);
        if (held < least) least = held, best = k;
    }
    for (index_t k = 0; k < N; ++k) W[i][k] = k == best ? T(1) : T(0);
    for (int twice = 0; twice < 2; ++twice) {
        for (index_t j = 0; j < i; ++j) {
            T inner{};
            for (index_t k = 0; k < N; ++k) inner += kernel::detail::times(conj_of(W[j][k]), W[i][k]);
            for (index_t k = 0; k < N; ++k) W[i][k] -= kernel::detail::times(inner, W[j][k]);
        }
        const R scale = R(1) / std::sqrt(row_square(W, i));
        for (index_t k = 0; k < N; ++k) W[i][k] *= scale;
    }
}

/// A = U diag(s) V^H with U(i, j) = W[j][i] and V(i, j) = this->V[j][i].
template <class T, index_t N>
struct SmallSvd {
    SmallMatrix<T, N, N> W{}, V{};
    real_t<T> s[static_cast<std::size_t>(N)];

    SmallSvd(const SmallMatrix<T, N, N>& matrix, bool vectors, const char* name) {
        using R = real_t<T>;
        for (index_t i = 0; i < N; ++i) {
            for (index_t j = 0; j < N; ++j) W[j][i] = matrix[i][j];
            V[i][i] = T(1);
        }
        const int shift = scale_small_to(jacobi_exponent<R>, largest_bits(W), W);
        iterate(name);
        for (index_t i = 0; i < N; ++i) {
            const R length = std::sqrt(s[i]);
            if (vectors && s[i] >= jacobi_tiny<R>) {
                for (index_t k = 0; k < N; ++k) W[i][k] *= R(1) / length;
            } else if (vectors) {
                complete_row(i, W);
            }
            s[i] = times_power(length, -shift);
        }
    }

private:
    // Leaves the squares of the singular values in s, in descending order.
    void iterate(const char* name) {
        bool rotated = true;
        for (int sweep = 0; rotated; ++sweep) {
            if (sweep == jacobi_sweeps) throw_jacobi(name);
            rotated = false;
            for (index_t i = 0; i < N; ++i) s[i] = row_square(W, i);
            for (index_t p = 0; p + 1 < N; ++p)
                for (index_t q = p + 1; q < N; ++q) {
                    if (!one_sided_step(p, q, W, s, V)) continue;
                    rotated = true;
                    s[p] = row_square(W, p);
                    s[q] = row_square(W, q);
                }
        }
        // The last sweep exchanged rows only.
        for (index_t i = 1; i < N; ++i)
            for (index_t j = i; j > 0 && s[j] > s[j - 1]; --j) {
                std::swap(s[j], s[j - 1]);
                std::swap(W.elements[j], W.elements[j - 1]);
                std::swap(V.elements[j], V.elements[j - 1]);
            }
    }
};

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"
