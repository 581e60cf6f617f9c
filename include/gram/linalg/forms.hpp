/// Matrices of a special form as types, so that products and solves with them cost what they should.
///
/// DiagonalMatrix and PermutationMatrix own their n numbers; TriangularView and SymmetricView look at one triangle of a
/// matrix that must outlive them; BandedMatrix keeps kl + ku + 1 diagonals; ReflectorProduct is the Q of a QR
/// factorization that is never formed. `form * B` and `B * form` are containers; `dense(form)` is the matrix itself.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gram/expr/make.hpp"
#include "gram/linalg/form_operands.hpp"
#include "gram/linalg/qr.hpp"
#include "gram/linalg/solve.hpp"
#include "gram/linalg/triangular.hpp"

namespace gram::inline GRAM_ISA {

/// diag(d): n numbers instead of n^2. Products n k flops for k columns.
/// @snippet structured.cpp diagonal
template <Scalar T>
class DiagonalMatrix {
public:
    explicit DiagonalMatrix(Vector<T> d) : d_(std::move(d)) {}
    [[nodiscard]] index_t rows() const { return d_.size(); }
    [[nodiscard]] index_t cols() const { return d_.size(); }
    [[nodiscard]] const Vector<T>& diagonal() const { return d_; }
    T operator()(index_t i, index_t j) const { return i == j ? d_.at(i) : T{}; }

    friend DiagonalMatrix operator*(const DiagonalMatrix& a, const DiagonalMatrix& b) {
        detail::require_product("diagonal product", a.rows(), a.cols(), b.rows(), b.cols());
        return DiagonalMatrix(Vector<T>(hadamard(a.d_, b.d_)));
    }

private:
    Vector<T> d_;
};

/// P with row i of P A = row p[i] of A. Products move elements and compute nothing.
/// @snippet structured.cpp permutation
class PermutationMatrix {
public:
    /// std::invalid_argument unless p holds 0 ... n - 1 once each.
    explicit PermutationMatrix(std::vector<index_t> p) : p_(std::move(p)) {
        std::vector<bool> seen(p_.size());
        for (const index_t i : p_) {
            if (i < 0 || i >= rows() || seen[static_cast<std::size_t>(i)]) {
                throw std::invalid_argument("PermutationMatrix: index " + std::to_string(i) + " of " +
                                            std::to_string(rows()) + " is out of range or repeated");
            }
            seen[static_cast<std::size_t>(i)] = true;
        }
    }
    explicit PermutationMatrix(const Vector<index_t>& p)
        : PermutationMatrix(std::vector<index_t>(p.begin(), p.end())) {}
    [[nodiscard]] index_t rows() const { return static_cast<index_t>(p_.size()); }
    [[nodiscard]] index_t cols() const { return rows(); }
    /// p[i]
    index_t operator[](index_t i) const { return p_[static_cast<std::size_t>(i)]; }
    /// P^T, which is inv(P).
    [[nodiscard]] PermutationMatrix T() const {
        std::vector<index_t> q(p_.size());
        for (index_t i = 0; i < rows(); ++i) q[static_cast<std::size_t>((*this)[i])] = i;
        return PermutationMatrix(std::move(q));
    }
    friend PermutationMatrix operator*(const PermutationMatrix& a, const PermutationMatrix& b) {
        detail::require_product("permutation product", a.rows(), a.cols(), b.rows(), b.cols());
        std::vector<index_t> q(a.p_.size());
        for (index_t i = 0; i < a.rows(); ++i) q[static_cast<std::size_t>(i)] = b[a[i]];
        return PermutationMatrix(std::move(q));
    }
    friend bool operator==(const PermutationMatrix&, const PermutationMatrix&) = default;

private:
    std::vector<index_t> p_;
};

/// One triangle of a square matrix as a matrix: the other one is neither read nor there. Products and solves n^2 k
/// flops.
/// @snippet structured.cpp triangular
template <Scalar T>
class TriangularView {
public:
    /// shape_error unless A is square.
    TriangularView(MatrixView<const T> A, Triangle triangle, Diagonal diagonal = Diagonal::general)
        : a_(A), triangle_(triangle), diagonal_(diagonal) {
        linalg::detail::require_square(A, "TriangularView");
    }
    [[nodiscard]] index_t rows() const { return a_.rows(); }
    [[nodiscard]] index_t cols() const { return a_.cols(); }
    [[nodiscard]] Triangle triangle() const { return triangle_; }
    [[nodiscard]] Diagonal diagonal() const { return diagonal_; }
    [[nodiscard]] kernel::MatRef<const T> ref() const { return a_.ref(); }
    [[nodiscard]] auto transposed() const { return TriangularView(a_.T(), kernel::flipped(triangle_), diagonal_); }
    T operator()(index_t i, index_t j) const {
        if (i == j) return diagonal_ == Diagonal::unit ? T(1) : a_(i, j);
        return (i > j) == (triangle_ == Triangle::lower) ? a_(i, j) : T{};
    }

private:
    MatrixView<const T> a_;
    Triangle triangle_;
    Diagonal diagonal_;
};
/// The lower and the upper triangle of a named matrix or a view.
/// @snippet structured.cpp triangular
template <MatrixExpr E>
    requires(!Container<E> || std::is_lvalue_reference_v<E>)
[[nodiscard]] auto lower_triangle(E&& A, Diagonal diagonal = Diagonal::general) {
    return TriangularView<value_t<E>>(MatrixView<const value_t<E>>(std::as_const(A).ref()), Triangle::lower, diagonal);
}
template <MatrixExpr E>
    requires(!Container<E> || std::is_lvalue_reference_v<E>)
[[nodiscard]] auto upper_triangle(E&& A, Diagonal diagonal = Diagonal::general) {
    return TriangularView<value_t<E>>(MatrixView<const value_t<E>>(std::as_const(A).ref()), Triangle::upper, diagonal);
}

/// The symmetric (real) or Hermitian (complex) matrix whose lower triangle stands in A.
/// @snippet structured.cpp symmetric
template <Scalar T>
class SymmetricView {
public:
    explicit SymmetricView(MatrixView<const T> A) : a_(A) { linalg::detail::require_square(A, "SymmetricView"); }
    [[nodiscard]] index_t rows() const { return a_.rows(); }
    [[nodiscard]] index_t cols() const { return a_.cols(); }
    [[nodiscard]] kernel::MatRef<const T> ref() const { return a_.ref(); }
    T operator()(index_t i, index_t j) const {
        if (i == j) return T(linalg::detail::real_of_number(a_(i, i)));
        return i > j ? a_(i, j) : linalg::detail::conj_of(a_(j, i));
    }

private:
    MatrixView<const T> a_;
};
/// The same of a named matrix or a view.
/// @snippet structured.cpp symmetric
template <MatrixExpr E>
    requires(!Container<E> || std::is_lvalue_reference_v<E>)
[[nodiscard]] auto symmetric(E&& A) {
    return SymmetricView<value_t<E>>(MatrixView<const value_t<E>>(std::as_const(A).ref()));
}

/// Q = H_0 H_1 ... of a QR factorization as its reflectors: products with an m×k matrix cost 4 m n k flops, and Q is
/// never formed.
/// @snippet structured.cpp reflectors
template <Scalar T>
class ReflectorProduct {
public:
    /// The square m×m Q of an m×n matrix; `R()` is the min(m, n)×n triangle. Errors: non_finite.
    template <linalg::FieldExpr E>
        requires std::same_as<value_t<E>, T>
    explicit ReflectorProduct(const E& A) : factors_(A), tau_(std::min(A.rows(), A.cols())) {
        linalg::detail::require_finite(factors_.ref(), "ReflectorProduct");
        linalg::qr_in_place(factors_.ref(), tau_.data());
    }
    [[nodiscard]] index_t rows() const { return factors_.rows(); }
    [[nodiscard]] index_t cols() const { return factors_.rows(); }
    /// The upper triangle that belongs to Q.
    [[nodiscard]] Matrix<T> R() const {
        const index_t k = tau_.size(), n = factors_.cols();
        Matrix<T> result(k, n);
        linalg::detail::copy_upper(factors_.ref().block(0, 0, k, n), T(1), result.ref());
        return result;
    }
    /// Q B, or Q^H B.
    template <MatrixExpr B>
    [[nodiscard]] auto apply(const B& b, bool adjoint = false) const {
        detail::require_product("Q", rows(), cols(), b.rows(), b.cols());
        detail::result_for<B> result(b);
        linalg::apply_q(adjoint, factors_.ref().block(0, 0, rows(), tau_.size()), tau_.data(), result.ref());
        return result;
    }

private:
    Matrix<T, dynamic, dynamic, col_major> factors_;
    Vector<T> tau_;
};
template <linalg::FieldExpr E>
ReflectorProduct(const E&) -> ReflectorProduct<value_t<E>>;

namespace detail {

/// From so many vectors on, one fast product with the whole matrix beats a pass over its triangle for each.
inline constexpr index_t few_vectors = 8;

/// All elements of a symmetric matrix.
template <class T>
[[nodiscard]] Matrix<T> both_triangles(const SymmetricView<T>& A) {
    Matrix<T> full(A.rows(), A.rows(), uninitialized);
    for (index_t i = 0; i < A.rows(); ++i) {
        kernel::copy(A.ref().row(i).segment(0, i), full.ref().row(i).segment(0, i));
        full.ref()(i, i) = A(i, i);
    }
    mirror_lower_triangle(full.ref());
    return full;
}

}  // namespace detail

// --- products ---------------------------------------------------------------------------------------------------

/// Products of a special form with a matrix or a vector, from either side. shape_error.
/// @snippet structured.cpp diagonal
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto operator*(const DiagonalMatrix<T>& D, const B& b) {
    detail::require_product("diagonal product", D.rows(), D.cols(), b.rows(), b.cols());
    kernel::detail::count_flops(1, b.rows(), b.cols());
    return detail::result_for<B>(detail::product_of(detail::make_diagonal(D.diagonal()), detail::borrowed(b)));
}
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] Matrix<T> operator*(const B& b, const DiagonalMatrix<T>& D) {
    detail::require_product("diagonal product", b.rows(), b.cols(), D.rows(), D.cols());
    kernel::detail::count_flops(1, b.rows(), b.cols());
    return Matrix<T>(detail::product_of(detail::borrowed(b), detail::make_diagonal(D.diagonal())));
}
template <MatrixExpr B>
[[nodiscard]] auto operator*(const PermutationMatrix& P, const B& b) {
    detail::require_product("permutation product", P.rows(), P.cols(), b.rows(), b.cols());
    decltype(auto) source = detail::in_memory(b);
    detail::result_for<B> result(b.rows(), b.cols());
    for (index_t i = 0; i < P.rows(); ++i) kernel::copy(source.ref().row(P[i]), result.ref().row(i));
    return result;
}
template <MatrixExpr B>
[[nodiscard]] Matrix<value_t<B>> operator*(const B& b, const PermutationMatrix& P) {
    detail::require_product("permutation product", b.rows(), b.cols(), P.rows(), P.cols());
    decltype(auto) source = detail::in_memory(b);
    Matrix<value_t<B>> result(b.rows(), b.cols());
    for (index_t i = 0; i < source.ref().rows; ++i)  // column k of B becomes column p[k]
        for (index_t k = 0; k < P.rows(); ++k) result.ref()(i, P[k]) = source.ref()(i, k);
    return result;
}
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto operator*(const TriangularView<T>& A, const B& b) {
    detail::require_product("triangular product", A.rows(), A.cols(), b.rows(), b.cols());
    detail::result_for<B> result(b);
    kernel::trmm(A.triangle(), A.diagonal(), T(1), A.ref(), result.ref());
    return result;
}
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] Matrix<T> operator*(const B& b, const TriangularView<T>& A) {
    detail::require_product("triangular product", b.rows(), b.cols(), A.rows(), A.cols());
    Matrix<T> result(b);
    kernel::trmm(kernel::flipped(A.triangle()), A.diagonal(), T(1), A.ref().transposed(), result.ref().transposed());
    return result;
}
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto operator*(const SymmetricView<T>& A, const B& b) {
    detail::require_product("symmetric product", A.rows(), A.cols(), b.rows(), b.cols());
    decltype(auto) source = detail::in_memory(b);
    detail::result_for<B> result(b.rows(), b.cols());
    if (b.cols() < detail::few_vectors) {
        for (index_t j = 0; j < b.cols(); ++j)
            kernel::hemv(T(1), A.ref(), source.ref().col(j), T(0), result.ref().col(j));
    } else {
        const Matrix<T> full = detail::both_triangles(A);
        kernel::gemm(T(1), full.ref(), source.ref(), T(0), result.ref());
    }
    return result;
}
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] Matrix<T> operator*(const B& b, const SymmetricView<T>& A) {
    detail::require_product("symmetric product", b.rows(), b.cols(), A.rows(), A.cols());
    decltype(auto) source = detail::in_memory(b);
    Matrix<T> result(b.rows(), b.cols());
    if (b.rows() < detail::few_vectors && !is_complex_v<T>) {
        for (index_t i = 0; i < b.rows(); ++i)
            kernel::hemv(T(1), A.ref(), source.ref().row(i), T(0), result.ref().row(i));
    } else {
        const Matrix<T> full = detail::both_triangles(A);
        kernel::gemm(T(1), source.ref(), full.ref(), T(0), result.ref());
    }
    return result;
}
template <class T, MatrixExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto operator*(const ReflectorProduct<T>& Q, const B& b) { return Q.apply(b); }

// --- solves ---------------------------------------------------------------------------------------------------

/// X with form * X = B. shape_error; non_finite; singular_matrix for a zero on the diagonal.
/// @snippet structured.cpp diagonal
template <class T, linalg::FieldExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto solve(const DiagonalMatrix<T>& D, const B& b) {
    detail::require_product("solve, diagonal", D.rows(), D.cols(), b.rows(), b.cols());
    detail::result_for<B> x(b);
    linalg::detail::require_finite(x.ref(), "solve, right-hand side");
    linalg::detail::require_finite(D.diagonal().ref(), "solve, diagonal");
    for (index_t i = 0; i < D.rows(); ++i) {
        if (D.diagonal()[i] == T{}) {
            throw singular_matrix("solve: element " + std::to_string(i) + " of the diagonal is zero");
        }
    }
    for (index_t i = 0; i < D.rows(); ++i)
        for (index_t j = 0; j < x.cols(); ++j) x.ref()(i, j) /= D.diagonal()[i];
    return x;
}
template <MatrixExpr B>
[[nodiscard]] auto solve(const PermutationMatrix& P, const B& b) {
    return P.T() * b;
}
template <class T, linalg::FieldExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto solve(const TriangularView<T>& A, const B& b) {
    return solve_triangular(MatrixView<const T>(A.ref()), b, {.triangle = A.triangle(), .diagonal = A.diagonal()});
}
template <class T, linalg::FieldExpr B>
    requires std::same_as<value_t<B>, T>
[[nodiscard]] auto solve(const ReflectorProduct<T>& Q, const B& b) { return Q.apply(b, true); }

/// The determinant: of a diagonal or triangular matrix the product of its diagonal, of a permutation 1 or -1.
/// @snippet structured.cpp permutation
template <class T>
[[nodiscard]] T det(const DiagonalMatrix<T>& D) {
    return detail::product_of<T>(D.rows(), [&D](index_t i) { return D.diagonal()[i]; });
}
template <class T>
[[nodiscard]] T det(const TriangularView<T>& A) {
    return detail::product_of<T>(A.rows(), [&A](index_t i) { return A(i, i); });
}
[[nodiscard]] inline int det(const PermutationMatrix& P) {
    std::vector<bool> seen(static_cast<std::size_t>(P.rows()));
    int sign = 1;
    for (index_t i = 0; i < P.rows(); ++i) {
        for (index_t j = i; !seen[static_cast<std::size_t>(j)]; j = P[j]) {
            seen[static_cast<std::size_t>(j)] = true;
            if (j != i) sign = -sign;
        }
    }
    return sign;
}

/// The inverse, of the same form.
/// @snippet structured.cpp diagonal
template <class T>
[[nodiscard]] DiagonalMatrix<T> inv(const DiagonalMatrix<T>& D) {
    Vector<T> one(D.rows());
    for (T& x : one) x = T(1);
    return DiagonalMatrix<T>(solve(D, one));
}
[[nodiscard]] inline PermutationMatrix inv(const PermutationMatrix& P) { return P.T(); }

/// The matrix that a form stands for, with all its elements.
/// @snippet structured.cpp symmetric
template <class Form>
    requires requires(const Form& f) {
        f(index_t{}, index_t{});
        f.rows();
    }
[[nodiscard]] auto dense(const Form& form) {
    Matrix<std::remove_cvref_t<decltype(form(0, 0))>> A(form.rows(), form.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) A.ref()(i, j) = form(i, j);
    return A;
}
template <Scalar T = double>
[[nodiscard]] Matrix<T> dense(const PermutationMatrix& P) {
    return P * eye<T>(P.rows());
}
template <class T>
[[nodiscard]] Matrix<T> dense(const ReflectorProduct<T>& Q) {
    return Q * eye<T>(Q.rows());
}

}  // namespace gram::inline GRAM_ISA
