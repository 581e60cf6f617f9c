/// det, inv and solve of 1×1 to 4×4 matrices, also at compile time: LU with partial pivoting in registers.
#pragma once

#include "gram/linalg/small_matrix.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// The power of two by which elimination multiplies a matrix: as exact_scale_factor, no element is rounded.
template <class T, index_t M, index_t N>
[[nodiscard]] constexpr real_t<T> small_exact_scale(const SmallMatrix<T, M, N>& A) {
    using R = real_t<T>;
    R scale = scale_for(std::bit_cast<R>(largest_bits(A)));
    if (scale >= R(1)) return scale;
    R smallest = std::numeric_limits<R>::infinity();
    const auto consider = [&smallest](R x) {
        if (x != R(0)) smallest = std::min(smallest, x < 0 ? -x : x);
    };
    for (index_t i = 0; i < M; ++i)
        for (index_t j = 0; j < N; ++j) {
            consider(real_of_number(A[i][j]));
            if constexpr (is_complex_v<T>) consider(A[i][j].imag());
        }
    while (scale < R(1) && smallest * scale < std::numeric_limits<R>::min()) scale *= R(2);
    return scale;
}

template <class T, index_t M, index_t N>
constexpr void small_multiply(real_t<T> scale, SmallMatrix<T, M, N>& A) {
    if (scale == real_t<T>(1)) return;
    for (index_t i = 0; i < M; ++i)
        for (index_t j = 0; j < N; ++j) A[i][j] *= scale;
}

/// P A scale = L U in one array, with the reciprocals of the pivots.
template <class T, index_t N>
struct SmallLu {
    SmallMatrix<T, N, N> factors{};
    T inverse_pivots[static_cast<std::size_t>(N)]{};
    index_t rows[static_cast<std::size_t>(N)]{};  ///< row i of P A is row rows[i] of A
    real_t<T> scale{1};
    index_t zero_pivot = -1;
    bool odd = false;
};

/// Stops at the first pivot that is exactly zero.
template <class T, index_t N>
[[nodiscard]] constexpr SmallLu<T, N> small_lu(const SmallMatrix<T, N, N>& matrix) {
    SmallLu<T, N> f{matrix};
    auto& A = f.factors;
    f.scale = small_exact_scale(A);
    small_multiply(f.scale, A);
    for (index_t i = 0; i < N; ++i) f.rows[i] = i;
    for (index_t k = 0; k < N; ++k) {
        index_t pivot = k;
        for (index_t i = k + 1; i < N; ++i)
            if (small_abs1(A[i][k]) > small_abs1(A[pivot][k])) pivot = i;
        if (A[pivot][k] == T(0)) {
            f.zero_pivot = k;
            return f;
        }
        if (pivot != k) {
            for (index_t j = 0; j < N; ++j) std::swap(A[k][j], A[pivot][j]);
            std::swap(f.rows[k], f.rows[pivot]);
            f.odd = !f.odd;
        }
        f.inverse_pivots[k] = reciprocal(A[k][k]);
        for (index_t i = k + 1; i < N; ++i) {
            const T l = is_finite(f.inverse_pivots[k]) ? kernel::detail::times(A[i][k], f.inverse_pivots[k])
                                                       : T(A[i][k] / A[k][k]);  // a subnormal pivot
            A[i][k] = l;
            for (index_t j = k + 1; j < N; ++j) A[i][j] -= kernel::detail::times(l, A[k][j]);
        }
    }
    return f;
}

/// X = inv(scale A) B.
template <class T, index_t N, index_t K>
[[nodiscard]] constexpr SmallMatrix<T, N, K> small_lu_solve(const SmallLu<T, N>& f, const SmallMatrix<T, N, K>& B) {
    SmallMatrix<T, N, K> X{};
    for (index_t i = 0; i < N; ++i)
        for (index_t j = 0; j < K; ++j) {
            T x = B[f.rows[i]][j];
            for (index_t k = 0; k < i; ++k) x -= kernel::detail::times(f.factors[i][k], X[k][j]);
            X[i][j] = x;
        }
    for (index_t i = N; i-- > 0;)
        for (index_t j = 0; j < K; ++j) {
            T x = X[i][j];
            for (index_t k = i + 1; k < N; ++k) x -= kernel::detail::times(f.factors[i][k], X[k][j]);
            X[i][j] =
                is_finite(f.inverse_pivots[i]) ? kernel::detail::times(x, f.inverse_pivots[i]) : T(x / f.factors[i][i]);
        }
    return X;
}

template <class T, index_t N>
constexpr void require_regular(const SmallLu<T, N>& f, const char* name) {
    if (f.zero_pivot >= 0) {
        throw singular_matrix(std::string(name) + ": the matrix is singular: pivot " + std::to_string(f.zero_pivot) +
                              " of its LU factorization is exactly zero");
    }
}

/// The product of the pivots, which neither overflows nor underflows on the way.
template <class T, index_t N>
[[nodiscard]] constexpr T small_determinant(const SmallLu<T, N>& f) {
    using R = real_t<T>;
    if (f.zero_pivot >= 0) return T(0);
    T product = f.odd ? T(-1) : T(1);
    int exponent = -static_cast<int>(N) * exponent_of(f.scale);
    for (index_t i = 0; i < N; ++i) {
        const int e = exponent_of(std::bit_cast<R>(magnitude_bits(f.factors[i][i])));
        product = kernel::detail::times(product, times_power(f.factors[i][i], -e));
        exponent += e;
    }
    return times_power(product, exponent);
}

/// x a b for powers of two whose product may be out of range.
template <class T>
[[nodiscard]] constexpr T times_two_powers(const T& x, real_t<T> a, real_t<T> b) {
    using R = real_t<T>;
    if (a == R(1) && b == R(1)) return x;
    return times_power(x, exponent_of(a) + exponent_of(b));
}

/// Both extents of the right-hand side are in its type too.
template <class E, class B>
concept SmallSystem = SmallSquare<E> && FieldExpr<B> && rows_v<B>
== rows_v<E>&& cols_v<B> != dynamic;

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The determinant of a 1×1 to 4×4 matrix whose extents are in its type: as det of any other, but without memory of its
/// own, and at compile time too.
/// @snippet factorizations.cpp small
template <linalg::SmallSquare E>
[[nodiscard]] constexpr value_t<E> det(const E& A) {
    return linalg::detail::small_determinant(linalg::detail::small_lu(linalg::detail::load_small(A, "det")));
}

/// The inverse of a 1×1 to 4×4 matrix whose extents are in its type, which are those of the result. As inv of any
/// other, at compile time too.
/// @snippet factorizations.cpp small
template <linalg::SmallSquare E>
[[nodiscard]] constexpr auto inv(const E& A) -> Matrix<value_t<E>, rows_v<E>, rows_v<E>> {
    namespace la = linalg::detail;
    constexpr index_t N = rows_v<E>;
    using T = value_t<E>;
    const auto f = la::small_lu(la::load_small(A, "inv"));
    la::require_regular(f, "inv");
    la::SmallMatrix<T, N, N> I{};
    for (index_t i = 0; i < N; ++i) I[i][i] = T(1);
    const auto X = la::small_lu_solve(f, I);
    return la::small_matrix_of<T, N, N>(
        [&](index_t i, index_t j) { return la::times_two_powers(X[i][j], f.scale, real_t<T>(1)); });
}

/// X with A X = B for a 1×1 to 4×4 A, all extents in the types. As solve of any other, at compile time too.
/// @snippet factorizations.cpp small
template <linalg::SmallSquare E, linalg::FieldExpr B>
    requires linalg::System<E, B> && linalg::detail::SmallSystem<E, B>
[[nodiscard]] constexpr auto solve(const E& A, const B& b) -> Matrix<value_t<E>, rows_v<B>, cols_v<B>> {
    namespace la = linalg::detail;
    using T = value_t<E>;
    using R = real_t<T>;
    auto right = la::load_small(b, "solve, right-hand side");
    const R scale = la::small_exact_scale(right);
    la::small_multiply(scale, right);
    const auto f = la::small_lu(la::load_small(A, "solve"));
    la::require_regular(f, "solve");
    const auto X = la::small_lu_solve(f, right);
    return la::small_matrix_of<T, rows_v<B>, cols_v<B>>(
        [&](index_t i, index_t j) { return la::times_two_powers(X[i][j], f.scale, R(1) / scale); });
}

}  // namespace gram::inline GRAM_ISA
