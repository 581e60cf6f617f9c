// Iterative solvers: agreement with direct ones, Krylov termination, singular and hostile systems.
#include "gram/linalg/iterative.hpp"

#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> random(index_t m, index_t n, std::uint64_t seed) {
    if constexpr (is_complex_v<T>) {
        return support::complex_gaussian<T>(m, n, seed);
    } else {
        return support::gaussian<T>(m, n, seed);
    }
}
template <class T>
Vector<T> column(index_t n, std::uint64_t seed) {
    const Matrix<T> A = random<T>(n, 1, seed);
    return A.col(0);
}
template <class T>
double tolerance() {
    return std::is_same_v<real_t<T>, float> ? 1e-4 : 1e-10;
}

}  // namespace

TEMPLATE_TEST_CASE("iterative: cg, minres and gmres reach the residual that they claim", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    const double tol = tolerance<T>();
    for (const index_t n : {0, 1, 2, 10, 50}) {
        CAPTURE(n);
        const Matrix<T> G = random<T>(n, n + 5, 1), P = G * adjoint(G), S = random<T>(n, n, 2), Sy = S + adjoint(S);
        const Vector<T> b = column<T>(n, 3);
        const auto check = [&](const Matrix<T>& A, const auto& result) {
            CHECK(result.converged);
            const Vector<T> r = b - A * result.x;
            CHECK(static_cast<double>(norm(r)) <= 2.1 * tol * static_cast<double>(norm(b)));
        };
        check(P, cg(P, b, {.tolerance = tol}));
        check(Sy, minres(Sy, b, {.tolerance = tol}));
        check(S, gmres(S, b, {.tolerance = tol, .restart = n + 1}));
        check(P, cg([&](const Vector<T>& x) { return Vector<T>(P * x); }, b, {.tolerance = tol}));
        check(dense(symmetric(P)), cg(symmetric(P), b, {.tolerance = tol}));
        if (n > 0) {
            const DiagonalMatrix<T> D(Vector<T>(P.diagonal()));
            check(P, cg(P, b, {.tolerance = tol}, [&](const Vector<T>& r) { return solve(D, r); }));
        }
    }
}

TEMPLATE_TEST_CASE("iterative: few distinct eigenvalues need few steps", "[linalg]", float, double) {
    using T = TestType;
    Vector<T> d(100);
    for (index_t i = 0; i < 100; ++i) d[i] = T(1 + i % 3);
    const DiagonalMatrix<T> D(d);
    const Vector<T> b = column<T>(100, 4);
    CHECK(cg(D, b, {.tolerance = tolerance<T>()}).iterations <= 4);
    CHECK(minres(D, b, {.tolerance = tolerance<T>()}).iterations <= 4);
    CHECK(gmres(D, b, {.tolerance = tolerance<T>()}).iterations <= 4);
}

TEMPLATE_TEST_CASE("iterative: lsqr agrees with lstsq, of any shape and rank", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    const real_t<T> bound = sizeof(real_t<T>) == 4 ? real_t<T>(1e-3) : real_t<T>(1e-7);
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 3}, {3, 0}, {1, 1}, {20, 8}, {8, 20}, {15, 15}}) {
        for (const index_t rank : {index_t{1}, std::min(m, n)}) {
            if (rank > std::min(m, n)) continue;
            CAPTURE(m, n, rank);
            const Matrix<T> A = random<T>(m, rank, 5) * random<T>(rank, n, 6);
            const Vector<T> b = column<T>(m, 7);
            const auto result = lsqr(A, b, {.tolerance = 1e-13});
            const Vector<T> x = lstsq(A, b), difference = result.x - x;
            CHECK(result.converged);
            CHECK(norm(difference) <= bound * (1 + norm(x)));
        }
    }
}

TEST_CASE("iterative: hostile systems end, and say whether they converged") {
    const Matrix<double> zero(3, 3), singular = {{1, 0}, {0, 0}};
    const Vector<double> b = {1, 2, 3};
    CHECK(!cg(zero, b).converged);
    CHECK(!minres(zero, b).converged);
    CHECK(!gmres(zero, b).converged);
    CHECK(cg(zero, Vector<double>(3)).converged);  // b = 0
    CHECK(!cg(Matrix<double>{{-1}}, Vector<double>{1}).converged);
    const auto consistent = minres(singular, Vector<double>{2, 0});
    CHECK((consistent.converged && consistent.x[0] == 2));
    const Matrix<double> turn = {{0, 1}, {-1, 0}};  // cg's curvature is zero
    CHECK(!cg(turn, Vector<double>{1, 0}).converged);
    CHECK(gmres(turn, Vector<double>{1, 0}).converged);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(cg(zero, Vector<double>{1, nan, 0}), non_finite);
    CHECK_THROWS_AS(gmres(zero, Vector<double>{1, nan, 0}), non_finite);
    CHECK_THROWS_AS(lsqr(Matrix<double>{{nan}}, Vector<double>{1}), non_finite);
    CHECK_THROWS_AS(lsqr(zero, Vector<double>(2)), shape_error);
    CHECK_THROWS_AS(cg(zero, Vector<double>{1, 2}), shape_error);
    CHECK(gmres(Matrix<double>{{nan}}, Vector<double>{1}).converged == false);
    CHECK(cg(zero, b, {.max_iterations = 1}).iterations <= 1);
}
