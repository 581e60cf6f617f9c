// Factorizations after a change of rank one agree with those computed afresh; cod and lstsq_report; condition
// estimates.
#include "gram/linalg/factor_update.hpp"

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
Matrix<T> adjoint_copy(const Matrix<T>& A) {
    return Matrix<T>(adjoint(A));
}

}  // namespace

TEMPLATE_TEST_CASE("factor updates: Cholesky up and down", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 5, 17, 40}) {
        CAPTURE(n);
        const Matrix<T> G = random<T>(n, n + 2, 1), A = G * adjoint_copy(G), x = random<T>(n, 1, 2);
        const Matrix<T> up = A + x * adjoint_copy(x);
        const auto L = cholesky(A), Lu = cholesky_update(L, x.col(0));
        CHECK(worst(support::factor_ratio(up, Lu, adjoint_copy(Lu))) < 30);
        const auto Ld = cholesky_downdate(Lu, x.col(0));
        CHECK(worst(support::distance_ratio(up, Matrix<T>(Ld * adjoint_copy(Ld) + x * adjoint_copy(x)))) < 30);
        if (n > 0) CHECK_THROWS_AS(cholesky_downdate(L, Vector<T>(x.col(0) * T(1000))), not_positive_definite);
        CHECK(support::identical(cholesky_update(L, Vector<T>(n)), L));
    }
    CHECK(worst.value < 6);
    CHECK_THROWS_AS(cholesky_update(eye<T>(3), Vector<T>(2)), shape_error);
    CHECK_THROWS_AS(cholesky_update(eye<T>(1), Vector<T>{std::numeric_limits<real_t<T>>::infinity()}), non_finite);
}

TEMPLATE_TEST_CASE("factor updates: QR, thin and full", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const index_t m : {1, 2, 5, 20}) {
        for (const index_t n : {1, 3, 5, 25}) {
            for (const bool full : {false, true}) {
                CAPTURE(m, n, full);
                const auto A = random<T>(m, n, 3), x = random<T>(m, 1, 4), y = random<T>(n, 1, 5);
                const auto f = qr(A, {.full = full});
                const auto g = qr_update(f, x.col(0), y.col(0));
                REQUIRE((g.Q.cols() == f.Q.cols() && g.R.rows() == f.R.rows()));
                CHECK(worst(support::factor_ratio(Matrix<T>(A + x * adjoint_copy(y)), g.Q, g.R)) < 30);
                CHECK(worst(support::orthogonality_ratio(g.Q)) < 30);
                for (index_t i = 0; i < g.R.rows(); ++i)
                    for (index_t j = 0; j < std::min(i, n); ++j) REQUIRE(g.R(i, j) == T{});
                // A direction that Q spans already, and none at all.
                const auto same = qr_update(f, f.Q.col(0), Vector<T>(y.col(0)));
                CHECK(worst(support::factor_ratio(Matrix<T>(A + f.Q.block(0, 0, m, 1) * adjoint_copy(y)), same.Q,
                                                  same.R)) < 30);
                const auto none = qr_update(f, Vector<T>(m), Vector<T>(y.col(0)));
                CHECK(worst(support::factor_ratio(A, none.Q, none.R)) < 30);
            }
        }
    }
    CHECK(worst.value < 6);
    CHECK_THROWS_AS(qr_update(qr(eye<T>(3)), Vector<T>(2), Vector<T>(3)), shape_error);
}

TEMPLATE_TEST_CASE("cod: Q T Z^H is A(:, p) at every rank", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 3}, {3, 0}, {1, 1}, {9, 6}, {6, 9}, {20, 20}}) {
        for (index_t r = 0; r <= std::min(m, n); r += 3) {
            CAPTURE(m, n, r);
            const Matrix<T> A = random<T>(m, r, 6) * random<T>(r, n, 7);
            const auto c = cod(A);
            REQUIRE((c.rank == r && c.Q.cols() == r && c.Z.cols() == r));
            CHECK(worst(support::factor_ratio(Matrix<T>(A(every, c.p)), c.Q, c.T_, adjoint_copy(c.Z))) < 30);
            CHECK(worst(support::orthogonality_ratio(c.Q)) < 30);
            CHECK(worst(support::orthogonality_ratio(c.Z)) < 30);
            const auto B = random<T>(m, 2, 8);
            const auto report = lstsq_report(A, B);
            CHECK((report.rank == r && report.x.rows() == n));
            const Matrix<T> x = lstsq(A, B);
            if (r > 0) CHECK(support::distance_ratio(x, report.x) < 1000);
            const Matrix<T> residual = B - A * report.x;
            for (index_t j = 0; j < 2; ++j) {
                const auto scale = norm(Vector<T>(B.col(j))) + 1;
                CHECK(std::abs(report.residual_norms[j] - norm(Vector<T>(residual.col(j)))) <
                      100 * std::numeric_limits<real_t<T>>::epsilon() * scale);
            }
        }
    }
    CHECK(worst.value < 6);
}

TEMPLATE_TEST_CASE("condition: the estimate is a lower bound within a factor of 10", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    using R = real_t<T>;
    for (const index_t n : {1, 2, 5, 20, 65}) {
        for (const R factor : {R(1), R(1e20), R(1e-20)}) {
            const Matrix<T> A = random<T>(n, n, 9) * factor;
            const R exact = norm(A, one) * norm(inv(A), one), estimate = cond_estimate(A);
            CHECK(estimate <= exact * R(1.01));
            CHECK(estimate >= exact / 10);
            CHECK(std::abs(rcond(A) * estimate - 1) < R(1e-5));
        }
    }
    CHECK(std::isinf(cond_estimate(Matrix<T>(3, 3))));
    CHECK(rcond(Matrix<T>(3, 3)) == 0);
    CHECK(cond_estimate(Matrix<T>(0, 0)) == 0);
    CHECK_THROWS_AS(cond_estimate(Matrix<T>(2, 3)), shape_error);
}

TEMPLATE_TEST_CASE("solve_refined: nearly all digits on systems where solve loses most", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    using R = real_t<T>;
    const index_t n = std::is_same_v<R, float> ? 4 : 9;
    // Whole numbers, so that the system is exact: the Hilbert matrix times the least common multiple of its
    // denominators.
    const double multiple = n == 4 ? 420 : 12252240;
    Matrix<T> A(n, n);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) A(i, j) = static_cast<R>(multiple / static_cast<double>(i + j + 1));
    Vector<T> x(n);
    for (index_t i = 0; i < n; ++i) x[i] = T(static_cast<R>(i % 3 + 1));
    const Vector<T> b = A * x;
    const auto refined = solve_refined(A, b);
    for (index_t i = 0; i < n; ++i)
        CHECK(std::abs(refined.x[i] - x[i]) <= 4 * std::numeric_limits<R>::epsilon() * std::abs(x[i]));
    CHECK(refined.iterations >= 1);
    CHECK(solve_refined(Matrix<T>(0, 0), Vector<T>(0)).x.size() == 0);
    CHECK_THROWS_AS(solve_refined(Matrix<T>(2, 2), Vector<T>(2)), singular_matrix);
}
