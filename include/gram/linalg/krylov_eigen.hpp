/// A few eigenpairs of large symmetric or Hermitian operators: thick-restart Lanczos and LOBPCG.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gram/core/random.hpp"
#include "gram/linalg/eigh.hpp"
#include "gram/linalg/iterative.hpp"
#include "gram/linalg/qr.hpp"

namespace gram::inline GRAM_ISA {

/// Which end of the spectrum.
enum class Which { largest, smallest };

/// How an iteration for eigenpairs runs.
struct EigenIterationOptions {
    Which which = Which::largest;
    double tolerance = 1e-10;    ///< on ||A z - w z|| / |largest Ritz value|, at least 16 eps
    index_t max_restarts = 300;  ///< of Lanczos; steps of LOBPCG
    index_t space = 0;           ///< vectors of the Lanczos space; 0: max(2 k + 10, 20)
    std::uint64_t seed = 1;      ///< of the starting vectors
};

/// k eigenpairs, the wanted end first: values descend for Which::largest and ascend for Which::smallest.
template <class T>
struct EigenIteration {
    Vector<real_t<T>> values;
    Matrix<T> vectors;            ///< n×k, orthonormal
    Vector<real_t<T>> residuals;  ///< ||A z - w z||
    index_t products = 0;         ///< with A
    bool converged = false;       ///< all of them
};

namespace detail {

inline void require_count(const char* name, index_t k, index_t n) {
    if (k < 0 || k > n) {
        throw std::invalid_argument(std::string(name) + ": " + std::to_string(k) + " eigenpairs of order " +
                                    std::to_string(n));
    }
}
template <class T>
T random_number(Rng& rng) {
    if constexpr (is_complex_v<T>) {
        const auto re = static_cast<real_t<T>>(rng.normal());
        return {re, static_cast<real_t<T>>(rng.normal())};
    } else {
        return static_cast<T>(rng.normal());
    }
}
/// A unit vector that is orthogonal to V; zero when V spans everything.
template <class T>
Vector<T> fresh_direction(const std::vector<Vector<T>>& V, index_t n, Rng& rng) {
    for (int attempt = 0; attempt < 3; ++attempt) {
        Vector<T> u(n);
        for (T& x : u) x = random_number<T>(rng);
        const real_t<T> before = length(u);
        std::vector<T> h;
        const real_t<T> rest = orthogonalize(V, u, h);
        if (rest > before * std::sqrt(std::numeric_limits<real_t<T>>::epsilon())) {
            kernel::scal(T(1 / rest), u.vec());
            return u;
        }
    }
    return Vector<T>(n);
}
/// V y for the columns y of Y.
template <class T>
std::vector<Vector<T>> combine(const std::vector<Vector<T>>& V, const Matrix<T>& Y,
                               const std::vector<index_t>& columns) {
    std::vector<Vector<T>> result;
    for (const index_t j : columns) {
        Vector<T> z(V[0].size());
        for (std::size_t i = 0; i < V.size(); ++i) add<T>(Y(static_cast<index_t>(i), j), V[i], z);
        result.push_back(std::move(z));
    }
    return result;
}

}  // namespace detail

/// The k largest or smallest eigenvalues of a symmetric or Hermitian operator of order n, with vectors, by Lanczos with
/// full reorthogonalization and thick restarts. k <= n; meant for k much smaller than n.
///
/// Memory: about 2 k + 10 vectors. Reproducible from the seed. Errors: std::invalid_argument for k; shape_error;
/// non_finite when a product gives NaN. A value that occurs several times is found as often as it is wanted, as new
/// directions are taken where the space closes.
/// Source: Wu & Simon, Thick-restart Lanczos method for large symmetric eigenvalue problems, SIMAX 22 (2000).
/// @snippet iterative.cpp lanczos
template <class T, class Op>
[[nodiscard]] EigenIteration<T> lanczos(const Op& A, index_t n, index_t k, const EigenIterationOptions& options = {}) {
    using R = real_t<T>;
    detail::require_count("lanczos", k, n);
    EigenIteration<T> result{Vector<R>(k), Matrix<T>(n, k), Vector<R>(k), 0, k == 0};
    if (k == 0) return result;
    const index_t space =
        std::min(n, std::max(options.space > 0 ? options.space : std::max<index_t>(2 * k + 10, 20), k));
    Rng rng(options.seed);
    std::vector<Vector<T>> V{detail::fresh_direction<T>({}, n, rng)}, AV;
    Matrix<R> none;
    for (index_t restart = 0;; ++restart) {
        while (static_cast<index_t>(AV.size()) < space) {
            Vector<T> u = detail::apply_operator(A, V[AV.size()]);
            ++result.products;
            linalg::detail::require_finite(u.ref(), "lanczos, product");
            AV.push_back(u);
            if (static_cast<index_t>(V.size()) == space || V.size() > AV.size()) continue;
            const R before = detail::length(u);
            std::vector<T> h;
            const R rest = detail::orthogonalize(V, u, h);
            if (rest > before * std::numeric_limits<R>::epsilon() * 100) {
                kernel::scal(T(1 / rest), u.vec());
                V.push_back(std::move(u));
            } else {  // the space is invariant: go on with a new direction
                V.push_back(detail::fresh_direction(V, n, rng));
            }
        }
        const auto m = static_cast<index_t>(V.size());
        Matrix<T> H(m, m);
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j <= i; ++j)
                H(i, j) = detail::inner(V[static_cast<std::size_t>(i)], AV[static_cast<std::size_t>(j)]);
        const auto [w, Y] = eigh(H);
        const auto wanted = [&](index_t j) { return options.which == Which::largest ? m - 1 - j : j; };
        const R scale = std::max(std::abs(w[0]), std::abs(w[m - 1]));
        // Keep somewhat more than k directions: clusters behind the wanted end converge with it.
        const index_t keep = std::min(m - 1 > k ? std::min(m - 1, k + (m - k) / 2) : k, m);
        std::vector<index_t> columns;
        for (index_t j = 0; j < keep; ++j) columns.push_back(wanted(j));
        auto Z = detail::combine(V, Y, columns), AZ = detail::combine(AV, Y, columns);
        bool all_small = true;
        Vector<T> worst(n);
        R worst_size = -1;
        for (index_t j = 0; j < k; ++j) {
            Vector<T> r = AZ[static_cast<std::size_t>(j)];
            detail::add<T>(T(-w[wanted(j)]), Z[static_cast<std::size_t>(j)], r);
            result.values[j] = w[wanted(j)];
            result.residuals[j] = detail::length(r);
            all_small = all_small && result.residuals[j] <= detail::reachable<R>(options.tolerance) * scale;
            if (result.residuals[j] > worst_size) worst_size = result.residuals[j], worst = std::move(r);
        }
        const bool last = m >= n || all_small || restart >= options.max_restarts;
        if (last) {
            result.converged = all_small || m >= n;
            for (index_t j = 0; j < k; ++j) result.vectors.col(j) = Z[static_cast<std::size_t>(j)];
            return result;
        }
        V = std::move(Z), AV = std::move(AZ);
        std::vector<T> h;
        const R rest = detail::orthogonalize(V, worst, h);
        if (rest > 0) {
            kernel::scal(T(1 / rest), worst.vec());
            V.push_back(std::move(worst));
        } else {
            V.push_back(detail::fresh_direction(V, n, rng));
        }
    }
}
/// The same of a matrix. Errors: shape_error unless it is square; non_finite.
/// @snippet iterative.cpp lanczos
template <linalg::FieldExpr E>
[[nodiscard]] auto lanczos(const E& A, index_t k, const EigenIterationOptions& options = {}) {
    linalg::detail::require_square(A, "lanczos");
    const Matrix<value_t<E>> matrix(A);
    linalg::detail::require_finite(matrix.ref(), "lanczos");
    return lanczos<value_t<E>>(matrix, A.rows(), k, options);
}

/// The k largest or smallest eigenvalues of a symmetric or Hermitian operator of order n by the locally optimal block
/// preconditioned conjugate gradient method. M(r) is about inv(A - shift) r; the default does nothing.
///
/// Each step multiplies a block of k vectors. Orthonormal bases by QR keep it stable where the classic form breaks
/// down. Errors: std::invalid_argument for k or 3 k > n; shape_error; non_finite when a product gives NaN. Source:
/// Knyazev, Toward the optimal preconditioned eigensolver, SISC 23 (2001).
/// @snippet iterative.cpp lobpcg
template <class T, class Op, class M = detail::NoPreconditioner>
[[nodiscard]] EigenIteration<T> lobpcg(const Op& A, index_t n, index_t k, const EigenIterationOptions& options = {},
                                       const M& preconditioner = {}) {
    using R = real_t<T>;
    detail::require_count("lobpcg", 3 * k, n);
    EigenIteration<T> result{Vector<R>(k), Matrix<T>(n, k), Vector<R>(k), 0, k == 0};
    if (k == 0) return result;
    Rng rng(options.seed);
    const auto products = [&](const Matrix<T>& X) {
        Matrix<T> Y(n, X.cols());
        for (index_t j = 0; j < X.cols(); ++j) {
            const Vector<T> y = detail::apply_operator(A, Vector<T>(X.col(j)));
            linalg::detail::require_finite(kernel::MatRef<const T>(y.ref()), "lobpcg, product");
            Y.col(j) = y;
        }
        result.products += X.cols();
        return Y;
    };
    Matrix<T> S(n, k);
    for (T& x : S) x = detail::random_number<T>(rng);
    Matrix<T> X, P;
    for (index_t step = 0;; ++step) {
        const Matrix<T> Q = qr(S).Q, AQ = products(Q);
        Matrix<T> H(Q.cols(), Q.cols());
        kernel::gemm_conj(T(1), Q.ref().transposed(), true, AQ.ref(), false, T(0), H.ref());
        const auto [w, Y] = eigh(H);
        const index_t m = Q.cols();
        Matrix<T> C(m, k);
        for (index_t j = 0; j < k; ++j) {
            const index_t from = options.which == Which::largest ? m - 1 - j : j;
            C.col(j) = Y.col(from);
            result.values[j] = w[from];
        }
        const Matrix<T> X_new = Q * C, AX = AQ * C;
        const R scale = std::max(std::abs(w[0]), std::abs(w[m - 1]));
        Matrix<T> residual = AX;
        bool done = true;
        for (index_t j = 0; j < k; ++j) {
            kernel::axpy(T(-result.values[j]), X_new.ref().col(j), residual.ref().col(j));
            result.residuals[j] = kernel::nrm2(residual.ref().col(j));
            done = done && result.residuals[j] <= detail::reachable<R>(options.tolerance) * scale;
        }
        if (done || step >= options.max_restarts) {
            result.converged = done;
            result.vectors = X_new;
            return result;
        }
        // The next space: the vectors, the preconditioned residuals, and the direction of the last step.
        Matrix<T> directions(n, k);
        for (index_t j = 0; j < k; ++j) directions.col(j) = Vector<T>(preconditioner(Vector<T>(residual.col(j))));
        if (X.empty()) {
            S = Matrix<T>(n, 2 * k);
        } else {
            Matrix<T> inner(k, k);
            kernel::gemm_conj(T(1), X.ref().transposed(), true, X_new.ref(), false, T(0), inner.ref());
            P = X_new - X * inner;
            S = Matrix<T>(n, 3 * k);
            S.block(0, 2 * k, n, k) = P;
        }
        S.block(0, 0, n, k) = X_new;
        S.block(0, k, n, k) = directions;
        for (index_t j = 0; j < S.cols(); ++j) {  // columns of one size, so that QR does not lose the small ones
            const R size = kernel::nrm2(S.ref().col(j));
            if (size > 0) {
                kernel::scal(T(1 / size), S.ref().col(j));
            } else {
                for (index_t i = 0; i < n; ++i) S(i, j) = detail::random_number<T>(rng);
            }
        }
        X = X_new;
    }
}
/// The same of a matrix. Errors: shape_error unless it is square; non_finite.
/// @snippet iterative.cpp lobpcg
template <linalg::FieldExpr E>
[[nodiscard]] auto lobpcg(const E& A, index_t k, const EigenIterationOptions& options = {}) {
    linalg::detail::require_square(A, "lobpcg");
    const Matrix<value_t<E>> matrix(A);
    linalg::detail::require_finite(matrix.ref(), "lobpcg");
    return lobpcg<value_t<E>>(matrix, A.rows(), k, options);
}

}  // namespace gram::inline GRAM_ISA
