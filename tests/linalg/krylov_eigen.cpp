// Lanczos and LOBPCG: agreement with eigh, clusters and multiplicities, residuals that are what they say.
#include "gram/linalg/krylov_eigen.hpp"

#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> hermitian_random(index_t n, std::uint64_t seed) {
    if constexpr (is_complex_v<T>) {
        return support::hermitian(support::complex_gaussian<T>(n, n, seed));
    } else {
        return support::symmetrized(support::gaussian<T>(n, n, seed));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("krylov: both ends of the spectrum agree with eigh", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    using R = real_t<T>;
    const double tol = std::is_same_v<R, float> ? 1e-4 : 1e-9;
    for (const index_t n : {1, 2, 12, 60}) {
        const auto A = hermitian_random<T>(n, 1);
        const auto w = eigvalsh(A);
        const R scale = std::max(std::abs(w[0]), std::abs(w[n - 1]));
        for (const Which which : {Which::largest, Which::smallest}) {
            const index_t k = std::min<index_t>(n, 4);
            CAPTURE(n, k);
            const auto check = [&](const EigenIteration<T>& result) {
                CHECK(result.converged);
                for (index_t j = 0; j < k; ++j) {
                    const R exact = which == Which::largest ? w[n - 1 - j] : w[j];
                    CHECK(std::abs(result.values[j] - exact) <= static_cast<R>(10 * tol) * scale);
                    const Vector<T> z = result.vectors.col(j), r = A * z - T(result.values[j]) * z;
                    CHECK(norm(r) <= static_cast<R>(3 * tol) * scale);
                }
                CHECK(support::orthogonality_ratio(result.vectors) < 30);
            };
            check(lanczos(A, k, {.which = which, .tolerance = tol}));
            if (3 * k <= n) check(lobpcg(A, k, {.which = which, .tolerance = tol}));
        }
    }
}

TEST_CASE("krylov: repeated and clustered eigenvalues are found as often as they occur") {
    Vector<double> d(300);
    for (index_t i = 0; i < 300; ++i) d[i] = i < 4 ? 10 : 1;
    const DiagonalMatrix<double> D(d);
    const auto repeated = lanczos<double>(D, 300, 5);
    CHECK(repeated.converged);
    for (index_t j = 0; j < 4; ++j) CHECK(std::abs(repeated.values[j] - 10) < 1e-8);
    CHECK(std::abs(repeated.values[4] - 1) < 1e-8);
    for (index_t i = 0; i < 300; ++i) d[i] = i < 5 ? 10 + 1e-6 * static_cast<double>(i) : static_cast<double>(i) / 300;
    const DiagonalMatrix<double> clustered(d);
    const auto cluster = lanczos<double>(clustered, 300, 5, {.tolerance = 1e-12});
    CHECK(cluster.converged);
    for (index_t j = 0; j < 5; ++j)
        CHECK(std::abs(cluster.values[j] - (10 + 1e-6 * static_cast<double>(4 - j))) < 1e-9);
    CHECK(lanczos(eye<double>(40), 3).converged);
    CHECK(lanczos(Matrix<double>(40, 40), 3).values[2] == 0);
}

TEST_CASE("krylov: preconditioning, seeds, and what is refused") {
    const index_t n = 200;
    Vector<double> d(n);
    for (index_t i = 0; i < n; ++i) d[i] = static_cast<double>((i + 1) * (i + 1));
    const DiagonalMatrix<double> D(d);
    const auto plain = lobpcg<double>(D, n, 2, {.which = Which::smallest, .tolerance = 1e-9, .max_restarts = 5000});
    const auto helped = lobpcg<double>(D, n, 2, {.which = Which::smallest, .tolerance = 1e-9},
                                       [&](const Vector<double>& r) { return solve(D, r); });
    CHECK((helped.converged && std::abs(helped.values[1] - 4) < 1e-4));
    CHECK(helped.products < plain.products);
    const auto A = hermitian_random<double>(50, 2);
    CHECK(support::identical(lanczos(A, 3).vectors, lanczos(A, 3).vectors));
    CHECK(lanczos(A, 0).converged);
    CHECK(lanczos(Matrix<double>(0, 0), 0).vectors.rows() == 0);
    CHECK_THROWS_AS(lanczos(A, 51), std::invalid_argument);
    CHECK_THROWS_AS(lanczos(A, -1), std::invalid_argument);
    CHECK_THROWS_AS(lobpcg(A, 17), std::invalid_argument);
    CHECK_THROWS_AS(lanczos(Matrix<double>(2, 3), 1), shape_error);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(lanczos(Matrix<double>{{nan}}, 1), non_finite);
    CHECK_THROWS_AS(lanczos<double>([nan](const Vector<double>& x) { return Vector<double>(x * nan); }, 30, 2),
                    non_finite);
}
