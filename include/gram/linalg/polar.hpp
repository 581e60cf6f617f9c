/// The polar decomposition: a matrix as a rotation (or reflection) and a stretch.
#pragma once

#include <algorithm>
#include <cmath>

#include "gram/linalg/svd.hpp"

namespace gram {

/// What polar returns: A = U * P, or A = P * U where the left one was asked for.
template <class T>
struct Polar {
    Matrix<T> U;  ///< m×n like A: orthonormal columns when m >= n, orthonormal rows when m <= n
    Matrix<T> P;  ///< symmetric or Hermitian, positive semidefinite: n×n, or m×m on the left
};

/// Options of polar.
struct PolarOptions {
    bool left = false;  ///< A = P U with P = sqrt(A A^H) instead of A = U P with P = sqrt(A^H A)
};

namespace linalg::detail::inline GRAM_ISA {

/// P = W diag(s) W^H, exactly Hermitian: a product of W diag(sqrt(s)) with its own adjoint.
template <class T>
[[nodiscard]] Matrix<T> stretch_of(kernel::MatRef<T> W, const Vector<real_t<T>>& s) {
    for (index_t j = 0; j < s.size(); ++j) kernel::scal(T(std::sqrt(s[j])), W.col(j));
    Matrix<T> P(W.rows, W.rows);
    const auto p = P.ref();
    kernel::herk(1, W, 0, p);
    for (index_t i = 0; i < p.rows; ++i)
        for (index_t j = 0; j < i; ++j) p(j, i) = kernel::detail::conj_if(true, p(i, j));
    return P;
}

}  // namespace linalg::detail::inline GRAM_ISA

inline namespace GRAM_ISA {

/// The type of polar. An object and not a function: a call with complex elements would otherwise find std::polar too.
struct PolarFunction {
    template <linalg::FieldExpr E>
    [[nodiscard]] auto operator()(const E& A, PolarOptions options = {}) const -> Polar<value_t<E>> {
        using T = value_t<E>;
        auto d = svd(A, SvdOptions{});
        Polar<T> result{Matrix<T>(A.rows(), A.cols(), uninitialized), Matrix<T>()};
        kernel::gemm(T(1), d.U.ref(), d.Vt.ref(), T(0), result.U.ref());
        kernel::conjugate(d.Vt.ref());
        result.P = linalg::detail::stretch_of(options.left ? d.U.ref() : d.Vt.ref().transposed(), d.s);
        return result;
    }
};

/// `polar(A)`: the polar decomposition A = U P (or A = P U: `polar(A, {.left = true})`) of an m×n matrix, of any shape
/// and rank.
///
/// U is the matrix with orthonormal columns (rows when m < n) closest to A, in every unitarily invariant norm; P is
/// symmetric or Hermitian, positive semidefinite, and exactly equal to its adjoint. P is unique; U is unique when A has
/// full rank, and a completion of what A determines otherwise.
/// Accuracy: ||A - U P|| is a small multiple of max(m, n) eps ||A||. Cost: svd and two products.
/// Errors: non_finite if A holds NaN or infinity; no_convergence.
/// Source: Higham, Functions of Matrices, SIAM 2008, ch. 8 (by the singular value decomposition A = W S V^H: U = W V^H,
/// P = V S V^H).
/// @snippet spectra.cpp polar
inline constexpr PolarFunction polar{};

}  // namespace GRAM_ISA
}  // namespace gram
