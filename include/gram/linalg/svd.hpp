/// Singular value decomposition.
#pragma once

#include <utility>

#include "gram/core/matrix.hpp"
#include "gram/linalg/bidiagonal.hpp"
#include "gram/linalg/bidiagonal_dc.hpp"
#include "gram/linalg/bidiagonal_qr.hpp"
#include "gram/linalg/bidiagonal_values.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/qr.hpp"
#include "gram/linalg/small_svd.hpp"
#include "gram/linalg/svd_jacobi.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// Sizes inside svd; tests change them so that small matrices walk every path.
struct SvdTuning {
    BidiagonalOptions reduction = {};
    DivideOptions divide = {};
    index_t crossover = 24;  ///< from this n on vectors are computed by divide and conquer, below by QR iteration
    /// From m >= tall * n on, A is first reduced to triangular form (LAPACK's crossover).
    double tall = 11.0 / 6.0;
};

/// Memory that a caller may lend: n^2 elements each, or null.
template <class R>
struct SvdScratch {
    R *left = nullptr, *right = nullptr;
};

namespace detail {

// Everything but the leading n×n block becomes that of the identity.
template <class T>
void extend_by_identity(MatRef<T> U, index_t n) {
    if (U.rows == 0) return;
    kernel::fill(U.block(n, 0, U.rows - n, n), T(0));
    kernel::fill(U.block(0, n, U.rows, U.cols - n), T(0));
    for (index_t i = n; i < U.cols; ++i) U(i, i) = T(1);
}

// Singular values and vectors of a real bidiagonal matrix by the method that is faster at this size.
template <class R>
void bidiagonal_vectors(index_t n, R* s, R* e, MatRef<R> U, MatRef<R> V, const SvdTuning& tuning,
                        const SvdScratch<R>& scratch) {
    if (n >= tuning.crossover) return bidiagonal_dc(n, s, e, U, V, tuning.divide, scratch.left, scratch.right);
    set_identity(U);
    set_identity(V);
    bidiagonal_qr(n, s, e, U, V);
}

// m >= n without the first QR.
template <class T>
void svd_by_bidiagonal(MatRef<T> A, real_t<T>* s, MatRef<T> U, MatRef<T> V, const SvdTuning& tuning,
                       const SvdScratch<real_t<T>>& scratch) {
    const index_t n = A.cols;
    const kernel::Buffer<real_t<T>> off_diagonal(n);
    const kernel::Buffer<T> factors(2 * n);
    const BidiagonalOut<T> out{s, off_diagonal.data(), factors.data(), factors.data() + n};
    bidiagonalize(A, out, tuning.reduction);
    if (U.rows == 0) return bidiagonal_values(n, s, out.e);
    const MatRef<T> U_top = U.block(0, 0, n, n);
    if constexpr (is_complex_v<T>) {  // the bidiagonal matrix is real, and so are its vectors
        const Workspace<real_t<T>> left(n, n), right(n, n);
        bidiagonal_vectors(n, s, out.e, left.ref(), right.ref(), tuning, scratch);
        for (index_t j = 0; j < n; ++j) {
            for (index_t i = 0; i < n; ++i) {
                U_top(i, j) = left.ref()(i, j);
                V(i, j) = right.ref()(i, j);
            }
        }
    } else {
        bidiagonal_vectors(n, s, out.e, U_top, V, tuning, scratch);
    }
    extend_by_identity(U, n);
    apply_q(false, A, out.tau_left, U);
    if (n > 1) {
        apply_q(false, A.block(0, 1, n - 1, n - 1).transposed(), out.tau_right, V.block(1, 0, n - 1, n));
    }
}

}  // namespace detail

/// A = U diag(s) V^T for the m×n matrix A, m >= n, which is destroyed; s descends. (V is transposed, not conjugated,
/// also where it is complex: Vt of the public functions is V^T.)
///
/// U is m×n (thin) or m×m (full) and V n×n, all column-major; or both have no rows: values only.
/// A is finite and scaled. Errors: no_convergence.
template <class T>
void svd_in_place(MatRef<T> A, real_t<T>* s, MatRef<T> U, MatRef<T> V, const SvdTuning& tuning = {},
                  const SvdScratch<real_t<T>>& scratch = {}) {
    const index_t m = A.rows, n = A.cols;
    if (n == 0) return detail::set_identity(U);
    if (m == n || static_cast<double>(m) < tuning.tall * static_cast<double>(n)) {
        return detail::svd_by_bidiagonal(A, s, U, V, tuning, scratch);
    }
    // A = Q R, R = U_R diag(s) V^T, U = Q U_R.
    kernel::Buffer<T> tau(n);
    qr_in_place(A, tau.data());
    const Workspace<T> triangle(n, n);
    const MatRef<T> R = triangle.ref();
    kernel::fill(R, T(0));
    for (index_t j = 0; j < n; ++j) kernel::copy(A.col(j).segment(0, j + 1), R.col(j).segment(0, j + 1));
    if (U.rows == 0) return detail::svd_by_bidiagonal(R, s, U, V, tuning, scratch);
    detail::svd_by_bidiagonal(R, s, U.block(0, 0, n, n), V, tuning, scratch);
    detail::extend_by_identity(U, n);
    apply_q(false, A, tau.data(), U);
}

namespace detail {

// The one instantiation for a scalar type, whatever the type of the expression was. A: m×n, m >= n, column-major.
template <class T>
GRAM_ONE_BODY void svd_scaled(MatRef<T> A, real_t<T>* s, MatRef<T> U, MatRef<T> V,
                              const SvdScratch<real_t<T>>& scratch = {}) {
    const real_t<T> scale = scale_factor(A);
    if (scale != 1) kernel::scale(scale, A);
    svd_in_place(A, s, U, V, {}, scratch);
    if (scale != 1) kernel::scal(1 / scale, VecRef<real_t<T>>{s, A.cols, 1});
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram {

/// Which singular vectors are wanted: none, min(m, n) of each kind, or complete bases.
enum class Vectors { none, thin, full };

/// How accurate small singular values are: to eps ||A|| (standard), or to their own size as far as A determines them.
enum class Accuracy { standard, high };

/// Options of svd.
struct SvdOptions {
    Vectors vectors = Vectors::thin;
    Accuracy accuracy = Accuracy::standard;
};
/// Options of singular_values.
struct SingularValuesOptions {
    Accuracy accuracy = Accuracy::standard;
};

/// What svd returns: A = U * diag(s) * Vt. N is the order where A is square, small, and of a type that has it.
template <class T, index_t N = dynamic>
struct Svd {
    Matrix<T, N, N> U;       ///< orthonormal columns: m×p (thin) or m×m (full), p = min(m, n); 0×0 when not wanted
    Vector<real_t<T>, N> s;  ///< p values, descending, >= 0
    Matrix<T, N, N> Vt;      ///< orthonormal rows: p×n (thin) or n×n (full); 0×0 when not wanted; V^H where complex

    operator Svd<T>() const requires(N != dynamic) { return {U, s, Vt}; }
};

inline namespace GRAM_ISA {

namespace detail {

// A wide matrix is treated as its transpose: the workspace always has m >= n.
template <class E>
Svd<value_t<E>> svd_of(const E& A, SvdOptions options, const char* name) {
    using T = value_t<E>;
    const index_t rows = A.rows(), cols = A.cols();
    const bool wide = rows < cols;
    const index_t m = wide ? cols : rows, n = wide ? rows : cols;
    const linalg::Workspace<T> work(m, n);
    const kernel::MatRef<T> a = wide ? work.ref().transposed() : work.ref();
    MatrixView<T>{a} = A;
    linalg::detail::require_finite(a, name);

    Svd<T> result;
    result.s = Vector<real_t<T>>(n);
    const auto decompose = [&](kernel::MatRef<T> U, kernel::MatRef<T> V, linalg::SvdScratch<real_t<T>> scratch) {
        if (options.accuracy == Accuracy::high) {
            linalg::detail::svd_jacobi<T>(work.ref(), result.s.data(), U, V,
                                          [](auto... parts) { linalg::detail::svd_scaled<T>(parts...); });
        } else {
            linalg::detail::svd_scaled(work.ref(), result.s.data(), U, V, scratch);
        }
    };
    if (options.vectors == Vectors::none) {
        decompose({}, {}, {});
        return result;
    }
    const index_t k = options.vectors == Vectors::full ? m : n;
    const linalg::Workspace<T> left(m, k), right(n, n);
    const kernel::MatRef<T> U = wide ? right.ref() : left.ref(), V = wide ? left.ref() : right.ref();
    result.U = Matrix<T>(U.rows, U.cols, uninitialized);
    result.Vt = Matrix<T>(V.cols, V.rows, uninitialized);
    // Until the vectors are copied to the result, its memory serves as workspace.
    decompose(left.ref(), right.ref(),
              {reinterpret_cast<real_t<T>*>(result.U.data()), reinterpret_cast<real_t<T>*>(result.Vt.data())});
    kernel::copy(U, result.U.ref());
    kernel::copy(V.transposed(), result.Vt.ref());
    return result;
}

}  // namespace detail

/// Singular value decomposition: A = U * diag(s) * Vt.
///
/// Shapes: A is m×n, p = min(m, n); by default U is m×p, s has p entries, Vt is p×n; `{.vectors = Vectors::full}`
/// completes U to m×m and Vt to n×n. An empty A has no singular values; its full U and Vt are identities.
/// Accuracy: ||A - U diag(s) Vt|| and ||A|| times the loss of orthogonality are a small multiple of
/// max(m, n) eps ||A||. Small singular values carry an error of eps ||A||, not of their own size.
/// With `{.accuracy = Accuracy::high}` they do not: where A is B D and m >= n, or D B and m <= n, D diagonal, each
/// singular value is right to a multiple of p eps cond(B) of itself, however far apart the elements of D are. For most
/// square B that holds of D1 B D2 too.
/// Cost: about 4 m n p flops for the reduction, and 15 n^3 at most for the vectors; workspaces of the size of A, U and
/// V. Of high accuracy two to three times as much: two QR factorizations, a standard decomposition to start from, and a
/// few sweeps of rotations, 12 p^3 flops each.
/// Errors: non_finite if A holds NaN or infinity; no_convergence.
/// Source of high accuracy: Drmac & Veselic, New fast and accurate Jacobi SVD algorithm I, II, SIMAX 29 (2008).
/// @snippet spectra.cpp svd
/// @snippet spectra.cpp svd_accuracy
template <linalg::FieldExpr E>
[[nodiscard]] auto svd(const E& A, SvdOptions options = {}) -> Svd<value_t<E>> {
    return detail::svd_of(A, options, "svd");
}

/// The singular values of A, descending. Cost: 4 m n p flops. Accuracy, its option, and errors as svd.
/// @snippet spectra.cpp svd
/// @snippet spectra.cpp svd_accuracy
template <linalg::FieldExpr E>
[[nodiscard]] auto singular_values(const E& A, SingularValuesOptions options = {}) -> Vector<real_t<value_t<E>>> {
    return detail::svd_of(A, {.vectors = Vectors::none, .accuracy = options.accuracy}, "singular_values").s;
}

/// The singular value decomposition of a 1×1 to 4×4 matrix whose extents are in its type, which are those of the
/// result: on the stack, by one-sided Jacobi rotations. U and Vt are always complete. Accuracy and errors as svd of any
/// other; where only the columns of A are of different size, small singular values are accurate to their own size,
/// whatever options.accuracy says.
/// @snippet spectra.cpp small
template <linalg::SmallSquare E>
[[nodiscard]] auto svd(const E& A, SvdOptions /*options*/ = {}) -> Svd<value_t<E>, rows_v<E>> {
    const linalg::detail::SmallSvd<value_t<E>, rows_v<E>> found(linalg::detail::load_small(A, "svd"), true, "svd");
    Svd<value_t<E>, rows_v<E>> result;
    for (index_t i = 0; i < rows_v<E>; ++i) {
        result.s[i] = found.s[i];
        for (index_t j = 0; j < rows_v<E>; ++j) {
            result.U(i, j) = found.W[j][i];
            result.Vt(i, j) = linalg::detail::conj_of(found.V[i][j]);
        }
    }
    return result;
}
/// The singular values alone.
/// @snippet spectra.cpp small
template <linalg::SmallSquare E>
[[nodiscard]] auto singular_values(const E& A, SingularValuesOptions /*options*/ = {})
    -> Vector<real_t<value_t<E>>, rows_v<E>> {
    constexpr const char* name = "singular_values";
    const linalg::detail::SmallSvd<value_t<E>, rows_v<E>> found(linalg::detail::load_small(A, name), false, name);
    Vector<real_t<value_t<E>>, rows_v<E>> s;
    for (index_t i = 0; i < rows_v<E>; ++i) s[i] = found.s[i];
    return s;
}

}  // namespace GRAM_ISA
}  // namespace gram
