/// Eigenvalues and eigenvectors of 1×1 to 4×4 symmetric or Hermitian matrices, on the stack: Jacobi's method.
///
/// For 2×2 it is the closed form: one rotation.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 8.5; Rutishauser, The Jacobi method for real symmetric
/// matrices, Numer. Math. 9 (1966).
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "gram/linalg/small_matrix.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// More sweeps than any matrix has been seen to need (7).
inline constexpr int jacobi_sweeps = 40;
/// The exponent to which the largest element is scaled: squares of it do not overflow, and as few as possible of the
/// squares of small ones underflow.
template <class R>
inline constexpr int jacobi_exponent = (std::numeric_limits<R>::max_exponent - 24) * 2 / 5;

[[noreturn]] inline void throw_jacobi(const char* name) {
    throw no_convergence(std::string(name) + ": rotations did not converge in " + std::to_string(jacobi_sweeps) +
                         " sweeps");
}

/// The rotation that makes [a g; g b], g > 0, diagonal: t = s / c, the smaller of the two roots of t^2 + t (b - a) / g
/// =
/// 1. Squares of a, b and g do not overflow, and that of g does not underflow.
template <class R>
struct JacobiRotation {
    R c, s, t;

    JacobiRotation(R a, R b, R g) {
        const R gap = b - a, twice = g + g;
        t = std::copysign(twice / (std::abs(gap) + std::sqrt(gap * gap + twice * twice)), gap);
        c = R(1) / std::sqrt(t * t + R(1));
        s = t * c;
    }
};

/// |x| and what x must be multiplied with to be that, from the square of |x|.
template <class T>
struct Polar {
    real_t<T> size;
    T turn;

    Polar(const T& x, real_t<T> square) {
        if constexpr (is_complex_v<T>) {
            size = std::sqrt(square);
            turn = conj_of(x) * (real_t<T>(1) / size);
        } else {
            size = std::abs(x);
            turn = std::copysign(T(1), x);
        }
    }
};

/// (x, y d) times the rotation [c s; -s c].
template <class T>
void rotate_pair(const JacobiRotation<real_t<T>>& r, const T& d, T& x, T& y) {
    const T u = x, v = kernel::detail::times(y, d);
    x = u * r.c - v * r.s;
    y = u * r.s + v * r.c;
}

/// One step on rows and columns p < q of the Hermitian matrix in all of A; false when A(p, q) is negligible.
template <class T, index_t N>
bool jacobi_step(index_t p, index_t q, SmallMatrix<T, N, N>& A, SmallMatrix<T, N, N>& V) {
    using R = real_t<T>;
    using limits = std::numeric_limits<R>;
    const R a = real_of_number(A[p][p]), b = real_of_number(A[q][q]), square = small_norm(A[p][q]);
    constexpr R eps = limits::epsilon() / 4;
    if (square <= (eps * eps) * std::abs(a) * std::abs(b) || square < limits::min()) {
        return false;
    }
    const Polar<T> element(A[p][q], square);
    const R g = element.size;
    const T d = element.turn;
    const JacobiRotation<R> r(a, b, g);
    for (index_t k = 0; k < N; ++k) {
        rotate_pair(r, d, V[k][p], V[k][q]);
        if (k == p || k == q) continue;
        rotate_pair(r, d, A[k][p], A[k][q]);
        A[p][k] = conj_of(A[k][p]);
        A[q][k] = conj_of(A[k][q]);
    }
    A[p][p] = a - r.t * g;
    A[q][q] = b + r.t * g;
    A[p][q] = A[q][p] = T(0);
    return true;
}

/// The lower triangle of A, scaled, as a full matrix; and the exponent of the scale.
template <class T, index_t N>
int mirror_and_scale(SmallMatrix<T, N, N>& A) {
    for (index_t i = 0; i < N; ++i) {
        A[i][i] = real_of_number(A[i][i]);
        for (index_t j = i + 1; j < N; ++j) A[i][j] = conj_of(A[j][i]);
    }
    return scale_small_to(jacobi_exponent<real_t<T>>, largest_bits(A), A);
}

/// Eigenvalues and vectors of the lower triangle of A. `order[i]` is the column of the i-th smallest value.
template <class T, index_t N>
struct SmallEigen {
    SmallMatrix<T, N, N> A, V{};
    real_t<T> values[static_cast<std::size_t>(N)];
    index_t order[static_cast<std::size_t>(N)];

    SmallEigen(const SmallMatrix<T, N, N>& matrix, const char* name) : A(matrix) {
        const int shift = mirror_and_scale(A);
        for (index_t i = 0; i < N; ++i) V[i][i] = T(1);
        bool rotated = N > 1;
        for (int sweep = 0; rotated; ++sweep) {
            if (sweep == jacobi_sweeps) throw_jacobi(name);
            rotated = false;
            for (index_t p = 0; p + 1 < N; ++p)
                for (index_t q = p + 1; q < N; ++q) rotated |= jacobi_step(p, q, A, V);
            if (N == 2) break;  // one rotation leaves exact zeros
        }
        for (index_t i = 0; i < N; ++i) {
            values[i] = times_power(real_of_number(A[i][i]), -shift);
            index_t at = i;
            for (; at > 0 && values[order[at - 1]] > values[i]; --at) order[at] = order[at - 1];
            order[at] = i;
        }
    }
};

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"
