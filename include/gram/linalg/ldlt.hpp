/// Symmetric and Hermitian indefinite matrices: A(p, p) = L D L^H with blocks of order 1 and 2 in D.
///
/// Source: Bunch & Kaufman, Some stable methods for calculating inertia and solving symmetric linear systems, Math.
/// Comp. 31 (1977); LAPACK dsytf2 and zhetf2.
#pragma once

#include <cmath>
#include <string>

#include "gram/expr/make.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/triangular.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// Largest |A(i, column)| below row `column` of the trailing matrix, and its row.
template <class T>
std::pair<index_t, real_t<T>> largest_below(MatRef<T> A, index_t column) {
    index_t row = column;
    real_t<T> top = 0;
    for (index_t i = column + 1; i < A.rows; ++i) {
        if (const real_t<T> v = std::abs(A(i, column)); v > top) top = v, row = i;
    }
    return {row, top};
}

/// Exchanges rows and columns a < b of the Hermitian matrix in the lower triangle of A, and the rows of the finished
/// columns before `done`.
template <class T>
void exchange_symmetric(MatRef<T> A, index_t a, index_t b, index_t done) {
    for (index_t j = 0; j < done; ++j) std::swap(A(a, j), A(b, j));
    for (index_t i = b + 1; i < A.rows; ++i) std::swap(A(i, a), A(i, b));
    for (index_t i = a + 1; i < b; ++i) {
        const T t = conj_of(A(i, a));
        A(i, a) = conj_of(A(b, i));
        A(b, i) = t;
    }
    A(b, a) = conj_of(A(b, a));
    std::swap(A(a, a), A(b, b));
}

/// Where the next pivot stands and how large its block is.
struct PivotChoice {
    index_t row;
    index_t order;
};
template <class T>
PivotChoice choose_pivot(MatRef<T> A, index_t k) {
    using R = real_t<T>;
    const R alpha = (1 + std::sqrt(R(17))) / 8;  // bounds the growth of elements in both cases
    const R diagonal = std::abs(real_of_number(A(k, k)));
    const auto [row, top] = largest_below(A, k);
    if (diagonal >= alpha * top) return {k, 1};  // a zero column too
    R beside = largest_below(A, row).second;
    for (index_t j = k; j < row; ++j) beside = std::max(beside, R(std::abs(A(row, j))));
    if (diagonal >= alpha * top * (top / beside)) return {k, 1};
    if (std::abs(real_of_number(A(row, row))) >= alpha * beside) return {row, 1};
    return {row, 2};
}

/// A22 -= a a^H / d and a /= d for the column a below the pivot d.
template <class T>
void eliminate_one(MatRef<T> A, index_t k) {
    const index_t rest = A.rows - k - 1;
    const real_t<T> d = real_of_number(A(k, k));
    if (rest == 0 || d == 0) return;
    const VecRef<T> a = A.col(k).segment(k + 1, rest);
    const MatRef<T> below = A.block(k + 1, k + 1, rest, rest);
    for (index_t j = 0; j < rest; ++j) {
        const T factor = conj_of(a[j]) / d;
        for (index_t i = j; i < rest; ++i) below(i, j) -= kernel::detail::times(a[i], factor);
        below(j, j) = real_of_number(below(j, j));
    }
    for (index_t i = 0; i < rest; ++i) a[i] /= d;
}

/// The same for the 2×2 pivot in rows and columns k and k + 1, scaled by its off-diagonal element.
template <class T>
void eliminate_two(MatRef<T> A, index_t k) {
    using R = real_t<T>;
    const R size = std::abs(A(k + 1, k));
    const R d22 = real_of_number(A(k, k)) / size, d11 = real_of_number(A(k + 1, k + 1)) / size;
    const R t = 1 / (d11 * d22 - 1);
    const T d21 = A(k + 1, k) / size;
    const R scale = t / size;
    for (index_t j = k + 2; j < A.rows; ++j) {
        const T u = scale * (d11 * A(j, k) - kernel::detail::times(d21, A(j, k + 1)));
        const T v = scale * (d22 * A(j, k + 1) - kernel::detail::times(conj_of(d21), A(j, k)));
        for (index_t i = j; i < A.rows; ++i) {
            A(i, j) -= kernel::detail::times(A(i, k), conj_of(u)) + kernel::detail::times(A(i, k + 1), conj_of(v));
        }
        A(j, k) = u;
        A(j, k + 1) = v;
        A(j, j) = real_of_number(A(j, j));
    }
}

}  // namespace detail

/// P A P^T = L D L^H in place, for the Hermitian matrix in the lower triangle of A: L below the blocks of D. p gets the
/// order of the rows; order_of_block[k] is 1, or 2 and 0 where a block of two begins.
///
/// Cost: n^3 / 3 flops in steps of one or two columns.
template <class T>
void ldlt_in_place(MatRef<T> A, index_t* p, index_t* order_of_block) {
    const index_t n = A.rows;
    for (index_t i = 0; i < n; ++i) p[i] = i;
    for (index_t k = 0; k < n;) {
        const auto [row, order] = detail::choose_pivot(A, k);
        const index_t place = k + order - 1;
        if (row != place) {
            detail::exchange_symmetric(A, place, row, k);
            if (order == 2) std::swap(A(place, k), A(row, k));
            std::swap(p[place], p[row]);
        }
        order_of_block[k] = order;
        if (order == 1) {
            A(k, k) = detail::real_of_number(A(k, k));
            detail::eliminate_one(A, k);
        } else {
            order_of_block[k + 1] = 0;
            detail::eliminate_two(A, k);
        }
        k += order;
    }
}

}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// A(p, p) = L D L^H: L unit lower triangular, D Hermitian with blocks of order 1 and 2 on its diagonal.
template <class T>
struct Ldlt {
    Matrix<T> L;
    Matrix<T> D;
    Vector<index_t> p;
};

/// How many eigenvalues are positive, negative and zero.
struct Inertia {
    index_t positive = 0, negative = 0, zero = 0;
};

/// Factorization of a symmetric (real) or Hermitian (complex) matrix, definite or not, by Bunch–Kaufman pivoting. Reads
/// the lower triangle.
///
/// Accuracy: ||A(p, p) - L D L^H|| <= c n eps ||A||. A singular matrix has one too. Cost: n^3 / 3 flops.
/// Errors: shape_error unless A is square; non_finite.
/// @snippet factorizations.cpp ldlt
template <linalg::FieldExpr E>
[[nodiscard]] Ldlt<value_t<E>> ldlt(const E& A) {
    using T = value_t<E>;
    linalg::detail::require_square(A, "ldlt");
    const auto loaded = linalg::detail::load_triangle(A, "ldlt", Triangle::lower);
    const auto W = loaded.ref();
    const index_t n = W.rows;
    Ldlt<T> result{eye<T>(n), Matrix<T>(n, n), Vector<index_t>(n)};
    const kernel::Buffer<index_t> order(n);
    linalg::ldlt_in_place(W, result.p.data(), order.data());
    const real_t<T> back = 1 / loaded.scale;
    for (index_t j = 0; j < n; ++j) {
        const bool starts_two = order.data()[j] == 2;
        result.D(j, j) = W(j, j) * back;
        if (starts_two) {
            result.D(j + 1, j) = W(j + 1, j) * back;
            result.D(j, j + 1) = linalg::detail::conj_of(W(j + 1, j)) * back;
        }
        for (index_t i = j + 1 + starts_two; i < n; ++i) result.L(i, j) = W(i, j);
    }
    return result;
}

/// X with A X = B from A's ldlt. Errors: shape_error; non_finite in B; singular_matrix when a block of D is singular.
/// @snippet factorizations.cpp ldlt
template <class T, linalg::FieldExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto solve(const Ldlt<T>& f, const B& b) {
    const index_t n = f.L.rows();
    linalg::detail::require_same_rows(f.L, b, "solve");
    const Matrix<T> rhs(b);
    linalg::detail::require_finite(kernel::MatRef<const T>(rhs.ref()), "solve, right-hand side");
    Matrix<T> X(n, rhs.cols());
    for (index_t i = 0; i < n; ++i) X.row(i) = rhs.row(f.p[i]);
    kernel::trsm(Triangle::lower, Diagonal::unit, T(1), f.L.ref(), X.ref());
    for (index_t k = 0; k < n; ++k) {
        const bool two = k + 1 < n && f.D(k + 1, k) != T{};
        // By the block's largest element, so that its determinant stays in range.
        const T a = f.D(k, k), c = two ? f.D(k + 1, k) : T{}, d = two ? f.D(k + 1, k + 1) : T{};
        const real_t<T> size = two ? std::abs(c) : real_t<T>(1);
        const T det = two ? (a / size) * (d / size) - (c / size) * linalg::detail::conj_of(c / size) : a;
        if (det == T{}) throw singular_matrix("solve: block " + std::to_string(k) + " of D is singular");
        for (index_t j = 0; j < X.cols(); ++j) {
            if (!two) {
                X(k, j) /= a;
                continue;
            }
            const T x = X(k, j), y = X(k + 1, j);
            X(k, j) = ((d / size) * x - linalg::detail::conj_of(c / size) * y) / det / size;
            X(k + 1, j) = ((a / size) * y - (c / size) * x) / det / size;
        }
        k += two;
    }
    kernel::conjugate(X.ref());
    kernel::trsm(Triangle::upper, Diagonal::unit, T(1), f.L.ref().transposed(), X.ref());
    kernel::conjugate(X.ref());
    std::conditional_t<cols_v<B> == 1, Vector<T>, Matrix<T>> result(n, X.cols());
    for (index_t i = 0; i < n; ++i) result.row(f.p[i]) = X.row(i);
    return result;
}

/// The signs of A's eigenvalues from its ldlt (Sylvester's law of inertia).
/// @snippet factorizations.cpp ldlt
template <class T>
[[nodiscard]] Inertia inertia(const Ldlt<T>& f) {
    Inertia count;
    const index_t n = f.D.rows();
    for (index_t k = 0; k < n; ++k) {
        if (k + 1 < n && f.D(k + 1, k) != T{}) {  // Bunch and Kaufman's blocks of two are indefinite
            ++count.positive, ++count.negative, ++k;
            continue;
        }
        const real_t<T> d = linalg::detail::real_of_number(f.D(k, k));
        ++(d > 0 ? count.positive : d < 0 ? count.negative : count.zero);
    }
    return count;
}

}  // namespace gram::inline GRAM_ISA
