/// Square systems by LU: solve, inv, det, slogdet.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "gram/linalg/lu.hpp"
#include "gram/linalg/small_lu.hpp"
#include "gram/linalg/triangular.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// The LU factorization of a square matrix as it lies in its workspace.
template <class T>
struct SquareLu {
    Loaded<T> loaded;
    kernel::Buffer<index_t> pivots;
    index_t zero_pivot = -1;

    [[nodiscard]] MatRef<T> ref() const { return loaded.ref(); }
};

template <FieldExpr E>
[[nodiscard]] SquareLu<value_t<E>> square_lu(const E& A, const char* name) {
    require_square(A, name);
    SquareLu<value_t<E>> f{load(A, name, Order::column_major, Scaling::exact), kernel::Buffer<index_t>(A.rows())};
    f.zero_pivot = lu_in_place(f.ref(), f.pivots.data());
    return f;
}

template <class T>
void require_regular(const SquareLu<T>& f, const char* name) {
    if (f.zero_pivot >= 0) {
        throw singular_matrix(std::string(name) + ": the matrix is singular: pivot " + std::to_string(f.zero_pivot) +
                              " of its LU factorization is exactly zero");
    }
}

/// Y = inv(L) for a unit lower triangular L: forward substitution in the columns of the identity, without their zeros.
/// Cost: n^3 / 2 flops, by products of matrices.
template <class T>
void invert_unit_lower(std::type_identity_t<MatRef<const T>> L, MatRef<T> Y) {
    const index_t n = L.rows;
    if (n <= 2 * triangular_leaf) {
        kernel::fill(Y, T(0));
        for (index_t i = 0; i < n; ++i) Y(i, i) = T(1);
        return kernel::trsm(Triangle::lower, Diagonal::unit, T(1), L, Y);
    }
    const index_t n1 = n / 2, n2 = n - n1;
    const MatRef<T> Y11 = Y.block(0, 0, n1, n1), Y21 = Y.block(n1, 0, n2, n1), Y22 = Y.block(n1, n1, n2, n2);
    invert_unit_lower(L.block(0, 0, n1, n1), Y11);
    kernel::fill(Y.block(0, n1, n1, n2), T(0));
    kernel::gemm(T(-1), L.block(n1, 0, n2, n1), Y11, T(0), Y21);
    kernel::trsm(Triangle::lower, Diagonal::unit, T(1), L.block(n1, n1, n2, n2), Y21);
    invert_unit_lower(L.block(n1, n1, n2, n2), Y22);
}

/// value = fraction * 2^exponent, where the larger part of fraction is in [1/2, 1): a determinant that neither
/// overflows nor underflows.
template <class T>
struct WideProduct {
    T fraction{1};
    double exponent = 0;

    void multiply(const T& x) {
        T other = x;
        exponent += normalize(other);  // x first: its product with a fraction may be subnormal
        fraction = kernel::detail::times(fraction, other);
        exponent += normalize(fraction);
    }
    [[nodiscard]] T value() const {
        const double limit = 4 * std::numeric_limits<real_t<T>>::max_exponent;
        return shifted(fraction, static_cast<int>(std::clamp(exponent, -limit, limit)));
    }
    /// 1, -1 or a complex number of modulus one; 0 for 0.
    [[nodiscard]] T sign() const { return fraction == T{} ? T{} : fraction / std::abs(fraction); }
    /// The logarithm of the modulus.
    [[nodiscard]] real_t<T> log() const {
        using R = real_t<T>;
        if (fraction == T{}) return -std::numeric_limits<R>::infinity();
        return static_cast<R>(std::log(static_cast<double>(std::abs(fraction))) + exponent * 0.69314718055994530942);
    }

private:
    static T shifted(const T& x, int by) {
        if constexpr (is_complex_v<T>) {
            return {std::ldexp(x.real(), by), std::ldexp(x.imag(), by)};
        } else {
            return std::ldexp(x, by);
        }
    }
    static int normalize(T& x) {
        int e = 0;
        if constexpr (is_complex_v<T>) {
            (void)std::frexp(std::max(std::abs(x.real()), std::abs(x.imag())), &e);
        } else {
            (void)std::frexp(x, &e);
        }
        x = shifted(x, -e);
        return e;
    }
};

template <class T>
[[nodiscard]] WideProduct<T> determinant(const SquareLu<T>& f) {
    WideProduct<T> product;
    const index_t n = f.ref().rows;
    if (f.zero_pivot >= 0) product.fraction = T(0);
    for (index_t i = 0; i < n && f.zero_pivot < 0; ++i) {
        product.multiply(f.ref()(i, i));
        if (f.pivots.data()[i] != i) product.fraction = -product.fraction;
    }
    product.exponent -= static_cast<double>(n) * std::ilogb(f.loaded.scale);
    return product;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// X with A X = B. A is n×n; B is a vector of n or an n×k matrix, and so is the result.
///
/// Accuracy: backward stable in practice: ||A X - B|| <= c n eps ||A|| ||X||, times the growth of elements (see lu);
/// the error of X grows with cond(A).
/// Cost: 2/3 n^3 + 2 n^2 k flops. Errors: shape_error; non_finite; singular_matrix when a pivot is exactly zero (a
/// matrix that is singular up to rounding gives a large X: ask cond, or use lstsq).
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 3.4.
/// @snippet factorizations.cpp solve
template <linalg::FieldExpr E, linalg::FieldExpr B>
    requires linalg::System<E, B>
[[nodiscard]] auto solve(const E& A, const B& b) {
    linalg::detail::require_square(A, "solve");
    linalg::detail::require_same_rows(A, b, "solve");
    const auto x =
        linalg::detail::load(b, "solve, right-hand side", linalg::Order::column_major, linalg::detail::Scaling::exact);
    const auto f = linalg::detail::square_lu(A, "solve");
    linalg::detail::require_regular(f, "solve");
    linalg::lu_solve(f.ref(), f.pivots.data(), x.ref());
    linalg::detail::scale_twice(f.loaded.scale, 1 / x.scale, x.ref());
    return linalg::detail::solution_of<B>(x.ref());
}

/// X with A X = B from A's lu: 2 n^2 k flops, for many right-hand sides that come one after the other.
/// Errors: shape_error, also when A was not square; non_finite; singular_matrix.
/// @snippet factorizations.cpp solve_factored
template <class T, linalg::FieldExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto solve(const Lu<T>& f, const B& b) {
    linalg::detail::require_square(f.L, "solve");
    linalg::detail::require_square(f.U, "solve");
    linalg::detail::require_same_rows(f.L, b, "solve");
    const Matrix<T, rows_v<B>, cols_v<B>> given(b);
    Matrix<T, rows_v<B>, cols_v<B>> permuted(b.rows(), b.cols(), uninitialized);
    for (index_t i = 0; i < given.rows(); ++i) permuted.row(i) = given.row(f.p[i]);
    const auto y = solve_triangular(f.L, permuted, {.diagonal = Diagonal::unit});
    return solve_triangular(f.U, y, {.triangle = Triangle::upper});
}

/// The inverse of a square matrix. To solve a system, solve(A, b) is faster and more accurate than inv(A) * b.
///
/// Accuracy: each column has a backward error as in solve. Cost: 13/6 n^3 flops. Errors: shape_error; non_finite;
/// singular_matrix when a pivot is exactly zero.
/// @snippet factorizations.cpp solve
template <linalg::FieldExpr E>
[[nodiscard]] Matrix<value_t<E>> inv(const E& A) {
    using T = value_t<E>;
    const auto f = linalg::detail::square_lu(A, "inv");
    linalg::detail::require_regular(f, "inv");
    const index_t n = A.rows();
    const linalg::Workspace<T> work(n, n);
    const auto X = work.ref();
    // inv(A) = inv(U) inv(L) P
    linalg::detail::invert_unit_lower(f.ref(), X);
    kernel::trsm(Triangle::upper, Diagonal::general, T(1), f.ref(), X);
    for (index_t i = n; i-- > 0;)
        if (f.pivots.data()[i] != i) kernel::swap(X.col(i), X.col(f.pivots.data()[i]));
    kernel::scale(f.loaded.scale, X);
    return linalg::detail::matrix_of(X);
}

/// The determinant of a square matrix: 0 for a singular one, 1 for 0×0. Infinite or 0 only when the determinant itself
/// is out of range; slogdet has no such limit.
///
/// Cost: 2/3 n^3 flops. Errors: shape_error; non_finite.
/// @snippet factorizations.cpp slogdet
template <linalg::FieldExpr E>
[[nodiscard]] value_t<E> det(const E& A) {
    return linalg::detail::determinant(linalg::detail::square_lu(A, "det")).value();
}

/// det(A) = sign * exp(logabsdet).
template <class T>
struct Slogdet {
    T sign;               ///< 1, -1, a complex number of modulus one, or 0 for a singular matrix
    real_t<T> logabsdet;  ///< -infinity for a singular matrix
};

/// Sign and logarithm of the determinant, for matrices whose determinant is out of range. As det.
/// @snippet factorizations.cpp slogdet
template <linalg::FieldExpr E>
[[nodiscard]] Slogdet<value_t<E>> slogdet(const E& A) {
    const auto product = linalg::detail::determinant(linalg::detail::square_lu(A, "slogdet"));
    return {product.sign(), product.log()};
}

}  // namespace gram::inline GRAM_ISA
