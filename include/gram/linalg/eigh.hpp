/// Eigenvalues and eigenvectors of a symmetric or Hermitian matrix.
#pragma once

#include <utility>

#include "gram/core/matrix.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/small_eigh.hpp"
#include "gram/linalg/tridiagonal.hpp"
#include "gram/linalg/tridiagonal_dc.hpp"
#include "gram/linalg/tridiagonal_ql.hpp"
#include "gram/linalg/tridiagonal_values.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// Sizes inside eigh; tests lower them so that small matrices walk every path.
struct EighTuning {
    TridiagonalOptions reduction = {};
    DivideOptions divide = {};
    index_t crossover = 28;  ///< from this order on vectors are computed by divide and conquer, below by QL iteration
};

namespace detail {

// Eigenvalues of a real tridiagonal matrix, and its vectors by the method that is faster at this size.
template <class R>
void tridiagonal_vectors(index_t n, R* values, R* e, MatRef<R> Z, const EighTuning& tuning, R* scratch) {
    if (n >= tuning.crossover) return tridiagonal_dc(n, values, e, Z, tuning.divide, scratch);
    set_identity(Z);
    tridiagonal_ql(n, values, e, Z);
}

}  // namespace detail

/// Eigenvalues (ascending, n of them) and vectors of the symmetric or Hermitian matrix in the lower triangle of A,
/// which is destroyed.
///
/// Z is n×n, column-major; or it has no rows: values only. `scratch` is null or n^2 real elements of workspace.
/// A is finite and scaled. Errors: no_convergence.
template <class T>
void eigh_in_place(MatRef<T> A, real_t<T>* values, MatRef<T> Z, const EighTuning& tuning = {},
                   real_t<T>* scratch = nullptr) {
    const index_t n = A.rows;
    if (n == 0) return;
    const kernel::Buffer<real_t<T>> off_diagonal(n);
    const kernel::Buffer<T> factors(n);
    real_t<T>* const e = off_diagonal.data();
    T* const tau = factors.data();
    tridiagonalize(A, values, e, tau, tuning.reduction);
    if (Z.rows == 0) return tridiagonal_values(n, values, e);
    if constexpr (is_complex_v<T>) {  // the tridiagonal matrix is real, and so are its vectors
        const Workspace<real_t<T>> vectors(n, n);
        detail::tridiagonal_vectors(n, values, e, vectors.ref(), tuning, scratch);
        for (index_t j = 0; j < n; ++j)
            for (index_t i = 0; i < n; ++i) Z(i, j) = vectors.ref()(i, j);
    } else {
        detail::tridiagonal_vectors(n, values, e, Z, tuning, scratch);
    }
    if (n > 1) apply_q(false, A.block(1, 0, n - 1, n - 1), tau, Z.block(1, 0, n - 1, n));
}

namespace detail {

// Only the lower triangle counts; it is scaled by the power of two that is returned.
template <class T>
real_t<T> scale_lower_triangle(MatRef<T> A) {
    const index_t n = A.rows;
    real_t<T> largest = 0;
    for (index_t j = 0; j < n; ++j) largest = std::max(largest, kernel::max_abs(A.block(j, j, n - j, 1)));
    const real_t<T> scale = scale_for(largest);
    if (scale != 1) {
        for (index_t j = 0; j < n; ++j) kernel::scal(T(scale), A.col(j).segment(j, n - j));
    }
    return scale;
}

// The one instantiation for a scalar type, whatever the type of the expression was. A: n×n, finite, column-major.
template <class T>
GRAM_ONE_BODY void eigh_scaled(MatRef<T> A, real_t<T>* values, MatRef<T> Z, real_t<T>* scratch = nullptr) {
    const real_t<T> scale = scale_lower_triangle(A);
    eigh_in_place(A, values, Z, {}, scratch);
    if (scale != 1) kernel::scal(1 / scale, VecRef<real_t<T>>{values, A.rows, 1});
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram {

/// What eigh returns: A = vectors * diag(values) * vectors^H. N is the order where the type of A has it and it is
/// small.
template <class T, index_t N = dynamic>
struct Eigh {
    Vector<real_t<T>, N> values;  ///< ascending
    Matrix<T, N, N> vectors;      ///< n×n, orthonormal; column j belongs to values[j]

    operator Eigh<T>() const requires(N != dynamic) { return {values, vectors}; }
};

inline namespace GRAM_ISA {

/// Eigenvalues and orthonormal eigenvectors of a symmetric (real) or Hermitian (complex) matrix, of which only the
/// lower triangle and the real part of the diagonal are used.
///
/// Shapes: A is n×n. Result: ascending values, vectors in columns.
/// Accuracy: ||A - Z diag(w) Z^H|| and ||A|| ||Z^H Z - I|| are a small multiple of n eps ||A||; small eigenvalues of
/// A carry an error of eps ||A||, not of their own size.
/// Cost: about 9 n^3 flops at most, and two workspaces of n^2.
/// Errors: shape_error if A is not square; non_finite if A (either triangle) holds NaN or infinity; no_convergence.
/// @snippet spectra.cpp eigh
template <linalg::FieldExpr E>
[[nodiscard]] auto eigh(const E& A) -> Eigh<value_t<E>> {
    using T = value_t<E>;
    const index_t n = A.rows();
    linalg::detail::require_square(A, "eigh");
    const linalg::Workspace<T> work(n, n), vectors(n, n);
    MatrixView<T>{work.ref()} = A;
    linalg::detail::require_finite(work.ref(), "eigh");
    Eigh<T> result{Vector<real_t<T>>(n), Matrix<T>(n, n, uninitialized)};
    // Until the vectors are copied to the result, its memory serves as workspace.
    auto* const scratch = reinterpret_cast<real_t<T>*>(result.vectors.data());
    linalg::detail::eigh_scaled(work.ref(), result.values.data(), vectors.ref(), scratch);
    kernel::copy(vectors.ref(), result.vectors.ref());
    return result;
}

/// Eigenvalues of a symmetric or Hermitian matrix, ascending, of which only the lower triangle is used.
///
/// Cost: 4/3 n^3 flops and one workspace of n^2. Accuracy and errors as eigh.
/// @snippet spectra.cpp eigh
template <linalg::FieldExpr E>
[[nodiscard]] auto eigvalsh(const E& A) -> Vector<real_t<value_t<E>>> {
    using T = value_t<E>;
    const index_t n = A.rows();
    linalg::detail::require_square(A, "eigvalsh");
    const linalg::Workspace<T> work(n, n);
    MatrixView<T>{work.ref()} = A;
    linalg::detail::require_finite(work.ref(), "eigvalsh");
    Vector<real_t<T>> values(n);
    linalg::detail::eigh_scaled(work.ref(), values.data(), kernel::MatRef<T>{});
    return values;
}

/// Eigenvalues and vectors of a 1×1 to 4×4 matrix whose extents are in its type, which are those of the result: on the
/// stack, by Jacobi's rotations. Accuracy and errors as eigh of any other.
/// @snippet spectra.cpp small
template <linalg::SmallSquare E>
[[nodiscard]] auto eigh(const E& A) -> Eigh<value_t<E>, rows_v<E>> {
    const linalg::detail::SmallEigen<value_t<E>, rows_v<E>> found(linalg::detail::load_small(A, "eigh"), "eigh");
    Eigh<value_t<E>, rows_v<E>> result;
    for (index_t j = 0; j < rows_v<E>; ++j) {
        result.values[j] = found.values[found.order[j]];
        for (index_t i = 0; i < rows_v<E>; ++i) result.vectors(i, j) = found.V[i][found.order[j]];
    }
    return result;
}
/// The eigenvalues alone.
/// @snippet spectra.cpp small
template <linalg::SmallSquare E>
[[nodiscard]] auto eigvalsh(const E& A) -> Vector<real_t<value_t<E>>, rows_v<E>> {
    const linalg::detail::SmallEigen<value_t<E>, rows_v<E>> found(linalg::detail::load_small(A, "eigvalsh"),
                                                                  "eigvalsh");
    Vector<real_t<value_t<E>>, rows_v<E>> values;
    for (index_t j = 0; j < rows_v<E>; ++j) values[j] = found.values[found.order[j]];
    return values;
}

}  // namespace GRAM_ISA
}  // namespace gram
