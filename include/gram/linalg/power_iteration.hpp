/// The dominant eigenvalue by repeated multiplication.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "gram/core/random.hpp"
#include "gram/kernel/kernel.hpp"
#include "gram/linalg/check.hpp"

namespace gram::linalg::detail::inline GRAM_ISA {

/// A normal number, or a complex one whose parts are.
template <class T>
[[nodiscard]] T random_normal(Rng& rng) {
    const auto re = static_cast<real_t<T>>(rng.normal());
    if constexpr (is_complex_v<T>) {
        return {re, static_cast<real_t<T>>(rng.normal())};
    } else {
        return re;
    }
}

}  // namespace gram::linalg::detail::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The eigenvalue of largest magnitude and its eigenvector of unit length (of either sign).
template <class T>
struct EigenPair {
    T value;
    Vector<T> vector;
};

/// When power_iteration stops.
struct PowerIterationOptions {
    index_t max_iterations = 10000;
    double tolerance = 0;  ///< of ||A v - value v|| / ||A v||; 0 means eps^(3/4)
};

/// A v = value v for the eigenvalue of largest magnitude: v <- A v / ||A v|| from a random start, value = v^H A v.
///
/// Converges when that eigenvalue is larger in magnitude than all others (so of a real A it is real), by their ratio in
/// each step; for a symmetric or Hermitian matrix the value is then accurate to about eps. For all eigenvalues, and in
/// all cases, use eigh or eig.
/// Cost: 2 n^2 flops for each step. Errors: shape_error unless A is square and not empty; non_finite; no_convergence
/// (as for two dominant eigenvalues of opposite sign, or a complex pair).
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 7.3.1.
/// @snippet spectra.cpp power_iteration
template <linalg::FieldExpr E>
[[nodiscard]] EigenPair<value_t<E>> power_iteration(const E& A, Rng& rng, PowerIterationOptions options = {}) {
    using T = value_t<E>;
    using R = real_t<T>;
    linalg::detail::require_square(A, "power_iteration");
    if (A.rows() == 0) throw shape_error("power_iteration: an empty matrix has no eigenvalue");
    const auto loaded = linalg::detail::load(A, "power_iteration", linalg::Order::row_major);
    const index_t n = A.rows();
    const R tolerance = options.tolerance > 0 ? static_cast<R>(options.tolerance)
                                              : std::pow(std::numeric_limits<R>::epsilon(), R(0.75));
    Vector<T> v(n), w(n), residual(n);
    for (T& x : v) x = linalg::detail::random_normal<T>(rng);
    kernel::scal(T(R(1) / kernel::nrm2(v.vec())), v.vec());
    for (index_t iteration = 0; iteration < options.max_iterations; ++iteration) {
        kernel::gemv(T(1), loaded.ref(), v.vec(), T(0), w.vec());
        const T value = kernel::dotc(v.vec(), w.vec());
        const R length = kernel::nrm2(w.vec());
        kernel::copy(w.vec(), residual.vec());
        kernel::axpy(-value, v.vec(), residual.vec());
        if (kernel::nrm2(residual.vec()) <= tolerance * length) return {value / loaded.scale, std::move(v)};
        kernel::scal(T(R(1) / length), w.vec());
        v.swap(w);
    }
    throw no_convergence("power_iteration: no dominant real eigenvalue after " +
                         std::to_string(options.max_iterations) + " steps");
}

}  // namespace gram::inline GRAM_ISA
