/// Banded, tridiagonal and Toeplitz systems, and those that are diagonal plus low rank.
#pragma once

#include <cmath>
#include <string>

#include "gram/linalg/forms.hpp"
#include "gram/linalg/solve.hpp"

namespace gram::inline GRAM_ISA {

/// An n×n matrix with kl diagonals below the main one and ku above it: n (kl + ku + 1) numbers.
/// @snippet structured.cpp banded
template <Scalar T>
class BandedMatrix {
public:
    /// Zeros. std::invalid_argument for negative sizes.
    BandedMatrix(index_t n, index_t kl, index_t ku) : kl_(kl), ku_(ku) {
        if (n < 0 || kl < 0 || ku < 0) throw std::invalid_argument("BandedMatrix: a negative size");
        bands_ = Matrix<T>(n, kl + ku + 1);
    }
    /// The band of a square matrix; what lies outside is left out.
    template <MatrixExpr E>
        requires std::same_as<value_t<E>, T> BandedMatrix(const E& A, index_t kl, index_t ku)
            : BandedMatrix(A.rows(), kl, ku) {
            linalg::detail::require_square(A, "BandedMatrix");
            const Matrix<T> source(A);
            for (index_t i = 0; i < rows(); ++i)
                for (index_t j = first(i); j < last(i); ++j) at(i, j) = source.ref()(i, j);
        }
        [[nodiscard]] index_t rows() const { return bands_.rows(); }
        [[nodiscard]] index_t cols() const { return bands_.rows(); }
        [[nodiscard]] index_t below() const { return kl_; }
        [[nodiscard]] index_t above() const { return ku_; }
        /// Columns [first(i), last(i)) of row i lie in the band.
        [[nodiscard]] index_t first(index_t i) const { return i > kl_ ? i - kl_ : 0; }
        [[nodiscard]] index_t last(index_t i) const { return i + ku_ + 1 < rows() ? i + ku_ + 1 : rows(); }
        /// An element of the band. std::out_of_range outside of it.
        T& at(index_t i, index_t j) {
            check(i, j);
            return bands_.ref()(i, j - i + kl_);
        }
        T operator()(index_t i, index_t j) const {
            core_detail::check_index(i, j, rows(), cols());
            return j >= first(i) && j < last(i) ? bands_.ref()(i, j - i + kl_) : T{};
        }

    private:
        void check(index_t i, index_t j) const {
            if (i < 0 || i >= rows() || j < first(i) || j >= last(i)) core_detail::throw_index(i, j, rows(), cols());
        }
        index_t kl_, ku_;
        Matrix<T> bands_;  // element (i, j) in column j - i + kl of row i
};

/// A B for a banded A: n (kl + ku + 1) multiply-adds for each column. shape_error.
/// @snippet structured.cpp banded
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto operator*(const BandedMatrix<T>& A, const B& b) {
    detail::require_product("banded product", A.rows(), A.cols(), b.rows(), b.cols());
    decltype(auto) source = detail::in_memory(b);
    detail::result_for<B> result(b.rows(), b.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t p = A.first(i); p < A.last(i); ++p)
            kernel::axpy(A(i, p), source.ref().row(p), result.ref().row(i));
    return result;
}

/// X with A X = B for a banded A, by LU with partial pivoting inside of the band (LAPACK gbsv).
///
/// Cost: 2 n kl (kl + ku) flops and 4 n (kl + ku) for each column. Errors: shape_error; non_finite; singular_matrix.
/// @snippet structured.cpp banded
template <class T, linalg::FieldExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto solve(const BandedMatrix<T>& A, const B& b) {
    detail::require_product("solve, banded", A.rows(), A.cols(), b.rows(), b.cols());
    const index_t n = A.rows(), kl = A.below(), width = kl + A.above();
    // Pivoting widens the upper band to kl + ku.
    BandedMatrix<T> W(n, kl, width);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = A.first(i); j < A.last(i); ++j) {
            W.at(i, j) = A(i, j);
            if (!linalg::detail::is_finite(A(i, j))) {
                throw non_finite("solve, banded: the matrix holds NaN or infinity at (" + std::to_string(i) + ", " +
                                 std::to_string(j) + ")");
            }
        }
    detail::result_for<B> x(b);
    linalg::detail::require_finite(x.ref(), "solve, right-hand side");
    for (index_t k = 0; k < n; ++k) {
        const index_t bottom = std::min(n, k + kl + 1), right = std::min(n, k + width + 1);
        index_t pivot = k;
        for (index_t i = k + 1; i < bottom; ++i)
            if (std::abs(W(i, k)) > std::abs(W(pivot, k))) pivot = i;
        if (W(pivot, k) == T{}) {
            throw singular_matrix("solve, banded: pivot " + std::to_string(k) + " is exactly zero");
        }
        if (pivot != k) {
            for (index_t j = k; j < right; ++j) std::swap(W.at(k, j), W.at(pivot, j));
            kernel::swap(x.ref().row(k), x.ref().row(pivot));
        }
        for (index_t i = k + 1; i < bottom; ++i) {
            const T l = W(i, k) / W(k, k);
            if (l == T{}) continue;
            for (index_t j = k + 1; j < right; ++j) W.at(i, j) -= l * W(k, j);
            kernel::axpy(-l, x.ref().row(k), x.ref().row(i));
        }
    }
    for (index_t i = n; i-- > 0;) {
        for (index_t j = i + 1; j < std::min(n, i + width + 1); ++j)
            kernel::axpy(-W(i, j), x.ref().row(j), x.ref().row(i));
        for (index_t c = 0; c < x.cols(); ++c) x.ref()(i, c) /= W(i, i);
    }
    return x;
}

/// X with A X = B for the tridiagonal A with subdiagonal `lower` (n - 1), diagonal (n) and superdiagonal `upper` (n -
/// 1), with partial pivoting (LAPACK gtsv). O(n) for each column. Errors as solve.
/// @snippet structured.cpp tridiagonal
template <Scalar T, linalg::FieldExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto solve_tridiagonal(const Vector<T>& lower, const Vector<T>& diagonal, const Vector<T>& upper,
                                     const B& b) {
    const index_t n = diagonal.size();
    if (lower.size() != std::max<index_t>(n - 1, 0) || upper.size() != lower.size()) {
        throw_shape("solve_tridiagonal", lower.size(), 1, "beside a diagonal of", n, 1);
    }
    BandedMatrix<T> A(n, 1, 1);
    for (index_t i = 0; i < n; ++i) {
        A.at(i, i) = diagonal[i];
        if (i + 1 < n) A.at(i + 1, i) = lower[i], A.at(i, i + 1) = upper[i];
    }
    return solve(A, b);
}

/// x with T x = b for the Toeplitz matrix with this first column c and first row r (r[0] does not matter):
/// T(i, j) = c[i - j] or r[j - i], by Levinson's recursion in O(n^2).
///
/// Stable for well-conditioned leading minors only: where one is singular, singular_matrix is thrown although T may be
/// regular (SciPy's solve_toeplitz does the same). Errors: shape_error; non_finite.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 4.7.3-4.7.5, in the form for general matrices.
/// @snippet structured.cpp toeplitz
template <Scalar T>
[[nodiscard]] Vector<T> solve_toeplitz(const Vector<T>& first_column, const Vector<T>& first_row,
                                       const Vector<T>& rhs) {
    const index_t n = first_column.size();
    if (first_row.size() != n || rhs.size() != n)
        throw_shape("solve_toeplitz", n, first_row.size(), "and a right-hand side", rhs.size(), 1);
    linalg::detail::require_finite(first_column.ref(), "solve_toeplitz, column");
    linalg::detail::require_finite(first_row.ref(), "solve_toeplitz, row");
    linalg::detail::require_finite(rhs.ref(), "solve_toeplitz, right-hand side");
    Vector<T> x(n), f(n), g(n), f_next(n), g_next(n);  // T f = e_first, T g = e_last of the leading minor
    if (n == 0) return x;
    // In the middle of the range, where c[0] has a reciprocal.
    Vector<T> c = first_column, r = first_row, b = rhs;
    r[0] = c[0];
    const auto top = std::max(kernel::max_abs(c.ref()), kernel::max_abs(r.ref()));
    const real_t<T> scale = linalg::detail::scale_for(top), shift = linalg::detail::scale_factor(rhs.ref());
    kernel::scale(scale, c.ref());
    kernel::scale(scale, r.ref());
    kernel::scale(shift, b.ref());
    const auto refuse = [](index_t k) {
        throw singular_matrix("solve_toeplitz: the leading minor of order " + std::to_string(k) + " is singular");
    };
    if (c[0] == T{}) refuse(1);
    f[0] = g[0] = T(1) / c[0];
    x[0] = b[0] / c[0];
    for (index_t k = 1; k < n; ++k) {
        T below{}, above{}, missing{};
        for (index_t i = 0; i < k; ++i) {
            below += c[k - i] * f[i];  // last row of the next minor times (f, 0)
            above += r[i + 1] * g[i];  // first row times (0, g)
            missing += c[k - i] * x[i];
        }
        const T d = T(1) - below * above;
        if (d == T{} || !linalg::detail::is_finite(d)) refuse(k + 1);
        for (index_t i = 0; i <= k; ++i) {
            const T fi = i < k ? f[i] : T{}, gi = i > 0 ? g[i - 1] : T{};
            f_next[i] = (fi - below * gi) / d;
            g_next[i] = (gi - above * fi) / d;
        }
        std::swap(f, f_next);
        std::swap(g, g_next);
        const T step = b[k] - missing;
        for (index_t i = 0; i <= k; ++i) x[i] += step * g[i];
    }
    linalg::detail::scale_twice(scale, 1 / shift, x.ref());
    return x;
}

/// x with (diag(d) + U V^H) x = b for n×k matrices U and V, by the Sherman-Morrison-Woodbury formula: O(n k^2).
///
/// As accurate as the small k×k system is well conditioned, which can be worse than the whole. Errors: shape_error;
/// non_finite; singular_matrix when d holds a zero or that system is singular.
/// @snippet structured.cpp low_rank_update
template <Scalar T, linalg::FieldExpr E, linalg::FieldExpr F>
    requires std::same_as<value_t<E>, T> && std::same_as<value_t<F>, T>
[[nodiscard]] Vector<T> solve_diagonal_plus_low_rank(const Vector<T>& d, const E& U, const F& V, const Vector<T>& b) {
    const index_t n = d.size();
    constexpr const char* name = "solve_diagonal_plus_low_rank";
    if (U.rows() != n) throw_shape(name, n, n, "and", U.rows(), U.cols());
    if (V.rows() != n || V.cols() != U.cols()) throw_shape(name, U.rows(), U.cols(), "and", V.rows(), V.cols());
    if (b.size() != n) throw_shape(name, n, n, "and a right-hand side", b.size(), 1);
    const DiagonalMatrix<T> D(d);
    const Vector<T> y = solve(D, b);
    const Matrix<T> u(U), v(V), Z = solve(D, u);
    Matrix<T> small = eye<T>(u.cols());
    kernel::gemm_conj(T(1), v.ref().transposed(), true, Z.ref(), false, T(1), small.ref());
    Vector<T> w(u.cols());
    kernel::gemv_conj(T(1), v.ref().transposed(), true, y.vec(), T(0), w.vec());
    const Vector<T> c = solve(small, w);
    Vector<T> x = y;
    kernel::gemv(T(-1), Z.ref(), c.vec(), T(1), x.vec());
    return x;
}

}  // namespace gram::inline GRAM_ISA
