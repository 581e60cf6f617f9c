/// Systems and least squares by products alone: cg, minres, gmres, lsqr.
///
/// An operator is anything that multiplies a vector: a matrix, a special form (forms.hpp), or a callable that maps a
/// Vector<T> to a Vector<T>. Everything is deterministic. No solver throws for lack of convergence: ask `converged`.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gram/linalg/forms.hpp"

namespace gram::inline GRAM_ISA {

/// When an iteration stops.
struct IterativeOptions {
    /// On ||b - A x|| / ||b|| (lsqr: also on ||A^H r|| / (||A|| ||r||)); less than 16 eps counts as 16 eps.
    double tolerance = 1e-10;
    index_t max_iterations = 0;  ///< products with A at most; 0: 10 n
    index_t restart = 30;        ///< gmres: vectors kept before it starts afresh
};

/// What an iteration found.
template <class T>
struct IterativeResult {
    Vector<T> x;
    index_t iterations = 0;
    real_t<T> residual{};  ///< ||b - A x|| / ||b||, computed at the end from x itself
    bool converged = false;
};

namespace detail {

/// What roundoff lets an iteration reach.
template <class R>
R reachable(double tolerance) {
    return std::max(static_cast<R>(tolerance), 16 * std::numeric_limits<R>::epsilon());
}

template <class Op, class T>
Vector<T> apply_operator(const Op& op, const Vector<T>& x) {
    Vector<T> y(0);
    if constexpr (std::invocable<const Op&, const Vector<T>&> && !MatrixExpr<Op>) {
        y = op(x);
    } else {
        static_assert(
            requires { y = op * x; }, "an operator is a matrix, a special form, or a callable: y = op(x)");
        y = op * x;
    }
    if (y.size() != x.size()) throw_shape("operator", y.size(), x.size(), "on a vector", x.size(), 1);
    return y;
}
template <class T>
real_t<T> length(const Vector<T>& x) {
    return kernel::nrm2(x.vec());
}
template <class T>
T inner(const Vector<T>& x, const Vector<T>& y) {
    return kernel::dotc(x.vec(), y.vec());
}
/// y += alpha x.
template <class T>
void add(std::type_identity_t<T> alpha, const Vector<T>& x, Vector<T>& y) {
    kernel::axpy(alpha, x.vec(), y.vec());
}
/// b times a power of two that keeps the squares of its elements in range.
template <class T>
struct RightSide {
    Vector<T> b;
    real_t<T> scale;
};
template <VectorExpr B>
RightSide<value_t<B>> right_side(const B& b, const char* name) {
    Vector<value_t<B>> copy = [&] {
        if constexpr (cols_v<B> == 1) {
            return Vector<value_t<B>>(b);
        } else {
            return Vector<value_t<B>>(transposed(b));
        }
    }();
    linalg::detail::require_finite(copy.ref(), name);
    const real_t<value_t<B>> scale = linalg::detail::scale_factor(copy.ref());
    kernel::scale(scale, copy.ref());
    return {std::move(copy), scale};
}
/// The residual as it is, which the recurrences only estimate.
template <class Op, class T>
IterativeResult<T> finished(const Op& A, const RightSide<T>& rhs, Vector<T> x, index_t iterations, double tolerance) {
    using R = real_t<T>;
    const Vector<T>& b = rhs.b;
    const R size = length(b);
    Vector<T> r = b;
    if (iterations > 0) add<T>(T(-1), apply_operator(A, x), r);
    const R residual = size > 0 ? length(r) / size : R(0);
    // Rounding in the recurrences may leave it a little above.
    const bool converged = residual <= 2 * reachable<R>(tolerance);
    kernel::scale(1 / rhs.scale, x.ref());
    return {std::move(x), iterations, residual, converged};
}
inline index_t limit_of(const IterativeOptions& o, index_t n) {
    return o.max_iterations > 0 ? o.max_iterations : 10 * n;
}

/// The identity, for no preconditioner.
struct NoPreconditioner {
    template <class T>
    const Vector<T>& operator()(const Vector<T>& r) const {
        return r;
    }
};

}  // namespace detail

/// x with A x = b for a symmetric or Hermitian positive definite A, by preconditioned conjugate gradients. M(r) is
/// about inv(A) r, positive definite too.
///
/// An A that turns out indefinite ends the iteration unconverged. Errors: shape_error; non_finite in b.
/// Source: Hestenes & Stiefel, J. Res. Nat. Bur. Standards 49 (1952).
/// @snippet iterative.cpp cg
template <class Op, VectorExpr B, class M = detail::NoPreconditioner>
[[nodiscard]] auto cg(const Op& A, const B& rhs, const IterativeOptions& options = {}, const M& preconditioner = {}) {
    using T = value_t<B>;
    using R = real_t<T>;
    const detail::RightSide<T> side = detail::right_side(rhs, "cg, right-hand side");
    const Vector<T>& b = side.b;
    const R goal = detail::reachable<R>(options.tolerance) * detail::length(b);
    Vector<T> x(b.size()), r = b, z = preconditioner(r), p = z;
    R rz = linalg::detail::real_of_number(detail::inner(r, z));
    index_t k = 0;
    while (k < detail::limit_of(options, b.size()) && detail::length(r) > goal) {
        const Vector<T> q = detail::apply_operator(A, p);
        const R curvature = linalg::detail::real_of_number(detail::inner(p, q));
        if (!(curvature > 0)) break;
        const R alpha = rz / curvature;
        detail::add<T>(alpha, p, x);
        detail::add<T>(-alpha, q, r);
        ++k;
        z = preconditioner(r);
        const R next = linalg::detail::real_of_number(detail::inner(r, z));
        if (!(next >= 0)) break;
        kernel::scal(T(next / rz), p.vec());
        detail::add<T>(T(1), z, p);
        rz = next;
    }
    return detail::finished(A, side, std::move(x), k, options.tolerance);
}

/// x that minimizes ||A x - b|| for a symmetric or Hermitian A, definite or not, singular systems included when b is in
/// the range.
///
/// Errors: shape_error; non_finite in b. Source: Paige & Saunders, Solution of sparse indefinite systems of linear
/// equations, SIAM J. Numer. Anal. 12 (1975).
/// @snippet iterative.cpp minres
template <class Op, VectorExpr B>
[[nodiscard]] auto minres(const Op& A, const B& rhs, const IterativeOptions& options = {}) {
    using T = value_t<B>;
    using R = real_t<T>;
    const detail::RightSide<T> side = detail::right_side(rhs, "minres, right-hand side");
    const Vector<T>& b = side.b;
    const index_t n = b.size();
    Vector<T> x(n), v_old(n), v = b, w(n), w_old(n);
    R beta = detail::length(b);
    const R size = beta;
    if (beta > 0) kernel::scal(T(1 / beta), v.vec());
    R eta = beta, c = 1, c_old = 1, s = 0, s_old = 0;
    index_t k = 0;
    while (k < detail::limit_of(options, n) && std::abs(eta) > detail::reachable<R>(options.tolerance) * size) {
        Vector<T> u = detail::apply_operator(A, v);
        const R alpha = linalg::detail::real_of_number(detail::inner(v, u));
        detail::add<T>(T(-alpha), v, u);
        if (k > 0) detail::add<T>(T(-beta), v_old, u);
        const R beta_next = detail::length(u);
        // The new column of the tridiagonal matrix under the last two rotations, and the next one.
        const R rho0 = c * alpha - c_old * s * (k > 0 ? beta : R(0)), rho1 = std::hypot(rho0, beta_next);
        const R rho2 = s * alpha + c_old * c * (k > 0 ? beta : R(0)), rho3 = s_old * (k > 0 ? beta : R(0));
        ++k;
        if (rho1 == 0) break;  // A is singular on this space and b outside of its range
        c_old = c, s_old = s;
        c = rho0 / rho1, s = beta_next / rho1;
        Vector<T> direction = v;
        detail::add<T>(T(-rho3), w_old, direction);
        detail::add<T>(T(-rho2), w, direction);
        kernel::scal(T(1 / rho1), direction.vec());
        detail::add<T>(T(c * eta), direction, x);
        w_old = std::move(w), w = std::move(direction);
        eta = -s * eta;
        v_old = std::move(v), v = std::move(u);
        beta = beta_next;
        if (beta == 0) break;  // an invariant subspace: x is exact on it
        kernel::scal(T(1 / beta), v.vec());
    }
    return detail::finished(A, side, std::move(x), k, options.tolerance);
}

namespace detail {

/// Gram-Schmidt, twice: u loses what V spans and h gets the coefficients; returns ||u||.
template <class T>
real_t<T> orthogonalize(const std::vector<Vector<T>>& V, Vector<T>& u, std::vector<T>& h) {
    h.assign(V.size() + 1, T{});
    for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t i = 0; i < V.size(); ++i) {
            const T product = inner(V[i], u);
            h[i] += product;
            add<T>(-product, V[i], u);
        }
    }
    const real_t<T> rest = length(u);
    h[V.size()] = rest;
    return rest;
}

/// The least-squares problem of gmres, kept triangular by rotations as columns arrive.
template <class T>
struct HessenbergLeastSquares {
    using R = real_t<T>;
    std::vector<std::vector<T>> columns;
    std::vector<R> c;
    std::vector<T> s, g;

    explicit HessenbergLeastSquares(R size) : g{T(size)} {}
    /// Adds a column; the residual that is left.
    R add_column(std::vector<T> h) {
        const std::size_t k = columns.size();
        for (std::size_t i = 0; i < k; ++i) {
            const T a = h[i], b = h[i + 1];
            h[i] = c[i] * a + linalg::detail::conj_of(s[i]) * b;
            h[i + 1] = c[i] * b - s[i] * a;
        }
        const R size = std::abs(h[k]), r = std::hypot(size, R(std::abs(h[k + 1])));
        const T phase = size == 0 ? T(1) : h[k] / size;
        c.push_back(r == 0 ? R(1) : size / r);
        s.push_back(r == 0 ? T{} : h[k + 1] / (r * phase));
        h[k] = phase * r;
        g.push_back(-s[k] * g[k]);
        g[k] = c[k] * g[k];
        columns.push_back(std::move(h));
        return std::abs(g[k + 1]);
    }
    /// The coefficients of the minimizer; a column without pivot takes no part.
    std::vector<T> solve() const {
        std::vector<T> y(columns.size());
        for (std::size_t i = columns.size(); i-- > 0;) {
            T sum = g[i];
            for (std::size_t j = i + 1; j < columns.size(); ++j) sum -= columns[j][i] * y[j];
            y[i] = columns[i][i] == T{} ? T{} : sum / columns[i][i];
        }
        return y;
    }
};

}  // namespace detail

/// x with A x = b for any regular square A: the residual is smallest over a Krylov space of up to `restart` vectors,
/// then the search starts afresh from x.
///
/// Memory: restart + 1 vectors. Errors: shape_error; non_finite in b. Source: Saad & Schultz, GMRES, SISSC 7 (1986).
/// @snippet iterative.cpp gmres
template <class Op, VectorExpr B>
[[nodiscard]] auto gmres(const Op& A, const B& rhs, const IterativeOptions& options = {}) {
    using T = value_t<B>;
    using R = real_t<T>;
    const detail::RightSide<T> side = detail::right_side(rhs, "gmres, right-hand side");
    const Vector<T>& b = side.b;
    const R goal = detail::reachable<R>(options.tolerance) * detail::length(b);
    Vector<T> x(b.size());
    index_t k = 0;
    const index_t limit = detail::limit_of(options, b.size());
    R before = std::numeric_limits<R>::infinity();
    while (k < limit) {
        Vector<T> r = b;
        if (k > 0) detail::add<T>(T(-1), detail::apply_operator(A, x), r);
        const R size = detail::length(r);
        if (size <= goal || !(size < before)) break;
        before = size;
        kernel::scal(T(1 / size), r.vec());
        std::vector<Vector<T>> V{std::move(r)};
        detail::HessenbergLeastSquares<T> problem(size);
        for (index_t inner_step = 0; inner_step < options.restart && k < limit; ++inner_step) {
            Vector<T> u = detail::apply_operator(A, V.back());
            ++k;
            std::vector<T> h;
            const R rest = detail::orthogonalize(V, u, h);
            const R whole = kernel::nrm2(kernel::VecRef<const T>{h.data(), static_cast<index_t>(h.size()), 1});
            const R residual = problem.add_column(std::move(h));
            if (residual <= goal || rest <= std::numeric_limits<R>::epsilon() * whole) break;
            kernel::scal(T(1 / rest), u.vec());
            V.push_back(std::move(u));
        }
        const std::vector<T> y = problem.solve();
        for (std::size_t i = 0; i < y.size(); ++i) detail::add<T>(y[i], V[i], x);
    }
    return detail::finished(A, side, std::move(x), k, options.tolerance);
}

/// x that minimizes ||A x - b|| for an m×n matrix of any shape, of smallest norm where there are several, by
/// Golub-Kahan bidiagonalization. `adjoint_of_A(u)` is A^H u; for a matrix leave it out.
///
/// Converged means a small residual, or a small A^H r beside ||A|| ||r||. Errors: shape_error; non_finite in b.
/// Source: Paige & Saunders, LSQR, ACM TOMS 8 (1982).
/// @snippet iterative.cpp lsqr
template <class Op, class Adjoint, VectorExpr B>
    requires std::invocable < const Adjoint&, const Vector<value_t<B>>
& > [[nodiscard]] auto lsqr(const Op& A, const Adjoint& adjoint_of_A, const B& rhs,
                            const IterativeOptions& options = {}) {
    using T = value_t<B>;
    using R = real_t<T>;
    const auto multiply = [&](const Vector<T>& v) {
        if constexpr (std::invocable<const Op&, const Vector<T>&> && !MatrixExpr<Op>) {
            return Vector<T>(A(v));
        } else {
            return Vector<T>(A * v);
        }
    };
    const detail::RightSide<T> side = detail::right_side(rhs, "lsqr, right-hand side");
    const Vector<T>& b = side.b;
    Vector<T> u = b;
    const R b_size = detail::length(b), tolerance = detail::reachable<R>(options.tolerance);
    R beta = b_size;
    if (beta > 0) kernel::scal(T(1 / beta), u.vec());
    Vector<T> v = adjoint_of_A(u);
    R alpha = detail::length(v);
    if (alpha > 0) kernel::scal(T(1 / alpha), v.vec());
    Vector<T> w = v;
    IterativeResult<T> result;
    result.x = Vector<T>(v.size());
    R phi = beta, rho = alpha, norm_A = 0;
    bool done = beta == 0 || alpha == 0;
    const index_t limit = options.max_iterations > 0 ? options.max_iterations : 10 * std::max(b.size(), v.size());
    while (!done && result.iterations < limit) {
        Vector<T> next = multiply(v);
        detail::add<T>(T(-alpha), u, next);
        u = std::move(next);
        beta = detail::length(u);
        norm_A = std::hypot(norm_A, alpha, beta);
        if (beta > 0) kernel::scal(T(1 / beta), u.vec());
        Vector<T> back = adjoint_of_A(u);
        detail::add<T>(T(-beta), v, back);
        v = std::move(back);
        const R alpha_next = detail::length(v);
        if (alpha_next > 0) kernel::scal(T(1 / alpha_next), v.vec());
        const R r = std::hypot(rho, beta), c = rho / r, s = beta / r, theta = s * alpha_next;
        detail::add<T>(T(c * phi / r), w, result.x);
        kernel::scal(T(-theta / r), w.vec());
        detail::add<T>(T(1), v, w);
        ++result.iterations;
        rho = -c * alpha_next;
        phi = s * phi;
        alpha = alpha_next;
        const R gradient = phi * alpha * std::abs(c);  // ||A^H r||
        done = phi <= tolerance * b_size || gradient <= tolerance * norm_A * phi || alpha == 0 || beta == 0;
    }
    Vector<T> residual = b;
    if (result.iterations > 0) detail::add<T>(T(-1), multiply(result.x), residual);
    result.residual = b_size > 0 ? detail::length(residual) / b_size : R(0);
    result.converged = done;
    kernel::scale(1 / side.scale, result.x.ref());
    return result;
}
template <MatrixExpr Op, VectorExpr B>
    requires SameValueType<Op, B>
[[nodiscard]] auto lsqr(const Op& A, const B& rhs, const IterativeOptions& options = {}) {
    using T = value_t<B>;
    const Matrix<T> matrix(A);
    linalg::detail::require_finite(kernel::MatRef<const T>(matrix.ref()), "lsqr");
    if (rhs.rows() * rhs.cols() != matrix.rows()) {
        throw_shape("lsqr", matrix.rows(), matrix.cols(), "and a right-hand side", rhs.rows(), rhs.cols());
    }
    const auto adjoint_product = [&matrix](const Vector<T>& u) {
        Vector<T> y(matrix.cols());
        kernel::gemv_conj(T(1), matrix.ref().transposed(), true, u.vec(), T(0), y.vec());
        return y;
    };
    return lsqr(matrix, adjoint_product, rhs, options);
}

}  // namespace gram::inline GRAM_ISA
