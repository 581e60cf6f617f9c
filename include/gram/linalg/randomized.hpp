/// Chance as a tool: a random orthogonal matrix, and the leading singular triples from a random projection.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "gram/expr/complex.hpp"
#include "gram/expr/make.hpp"
#include "gram/expr/operators.hpp"
#include "gram/linalg/power_iteration.hpp"
#include "gram/linalg/qr.hpp"
#include "gram/linalg/svd.hpp"

namespace gram::linalg::detail::inline GRAM_ISA {

/// Independent normal elements, in row order; of complex ones both parts are.
template <class T>
[[nodiscard]] Matrix<T> random_gaussian(Rng& rng, index_t m, index_t n) {
    if constexpr (is_complex_v<T>) {
        Matrix<T> G(m, n, uninitialized);
        for (T& x : G) x = random_normal<T>(rng);
        return G;
    } else {
        return randn<T>(rng, m, n);
    }
}

}  // namespace gram::linalg::detail::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// An n×n orthogonal (of a complex T unitary) matrix, uniform in the sense of Haar: no direction is preferred.
/// Reproducible from the seed.
///
/// Q of a Gaussian matrix, with the signs that make the diagonal of R positive; without them the distribution would
/// depend on how QR chooses its signs.
/// Source: Stewart, The efficient generation of random orthogonal matrices, SIAM J. Numer. Anal. 17 (1980).
/// Cost: 8/3 n^3 flops. Errors: shape_error for n < 0.
/// @snippet spectra.cpp random_orthogonal
template <class T>
    requires std::floating_point<real_t<T>>
[[nodiscard]] Matrix<T> random_orthogonal(Rng& rng, index_t n) {
    if (n < 0) throw shape_error("random_orthogonal: n = " + std::to_string(n));
    auto [Q, R] = qr(linalg::detail::random_gaussian<T>(rng, n, n));
    for (index_t j = 0; j < n; ++j)  // qr leaves a real diagonal, also of complex numbers
        if (linalg::detail::real_of_number(R(j, j)) < 0) Q.col(j) = -Q.col(j);
    return std::move(Q);
}

/// How randomized_svd trades work for accuracy.
struct RandomizedSvdOptions {
    index_t oversampling = 10;     ///< columns of the random projection beyond k
    index_t power_iterations = 2;  ///< multiplications by A A^H; more when the singular values decay slowly
};

/// The k leading singular triples of A: U is m×k, s has k entries in descending order, Vt is k×n. k > min(m, n) is
/// min(m, n).
///
/// Exact up to rounding when rank(A) <= k + oversampling; else the expected error of U diag(s) Vt is within a factor of
/// the best, (1 + small)^(1 / (2 q + 1)) for q power iterations. Reproducible from the seed.
/// Cost: (4 q + 4) m n (k + oversampling) flops: for k << min(m, n), far less than svd.
/// Errors: std::invalid_argument for k < 0 or a negative option; non_finite, no_convergence.
/// Source: Halko, Martinsson, Tropp, Finding structure with randomness, SIAM Review 53 (2011), algorithms 4.4 and 5.1.
/// @snippet spectra.cpp randomized_svd
template <linalg::FieldExpr E>
[[nodiscard]] Svd<value_t<E>> randomized_svd(const E& A, index_t k, Rng& rng, RandomizedSvdOptions options = {}) {
    using T = value_t<E>;
    if (k < 0 || options.oversampling < 0 || options.power_iterations < 0) {
        throw std::invalid_argument(
            "randomized_svd: k = " + std::to_string(k) + ", oversampling = " + std::to_string(options.oversampling) +
            ", power_iterations = " + std::to_string(options.power_iterations) + ": none may be negative");
    }
    const auto loaded = linalg::detail::load(A, "randomized_svd");
    const MatrixView<const T> S{kernel::MatRef<const T>(loaded.ref())};
    const index_t m = S.rows(), n = S.cols(), rank = std::min({k, m, n});
    const index_t width = std::min(rank + std::min(options.oversampling, n), n);

    Svd<T> result;
    if (width >= std::min(m, n)) {  // the projection would be as large as A
        result = svd(S, SvdOptions{});
    } else {
        Matrix<T> Q = qr(S * linalg::detail::random_gaussian<T>(rng, n, width)).Q;
        for (index_t i = 0; i < options.power_iterations; ++i) {
            Q = qr(adjoint(S) * Q)
                    .Q;  // orthonormal at each step, or all columns would turn to the first singular vector
            Q = qr(S * Q).Q;
        }
        result = svd(adjoint(Q) * S, SvdOptions{});
        result.U = Q * result.U;
    }
    return {Matrix<T>(result.U.block(0, 0, m, rank)), Vector<real_t<T>>(result.s.segment(0, rank) * (1 / loaded.scale)),
            Matrix<T>(result.Vt.block(0, 0, rank, n))};
}

}  // namespace gram::inline GRAM_ISA
