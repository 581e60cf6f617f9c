// logm, fractional_power, sqrtm, sylvester and lyapunov in one file: they share the Schur forms of four types, which
// take most of the time to compile.
#include <cmath>
#include <numbers>

#include "gram/linalg/logm.hpp"
#include "gram/linalg/sqrtm.hpp"
#include "gram/linalg/sylvester.hpp"
#include "support/catch.hpp"
#include "support/square_matrices.hpp"

namespace {

using gram::index_t;
using gram::Matrix;
using support::Wide;
using support::wide;

// ||X - Y|| / (n eps ||Y||)
double distance(const Wide& X, const Wide& Y, double eps) {
    const double error = support::frobenius(X - Y);
    return error == 0 ? 0 : error / (eps * static_cast<double>(Y.rows) * support::frobenius(Y));
}

// The matrix scaled to norm 2 / 3, so that expm does not amplify, plus 1.
template <class S>
Matrix<S> near_identity(Matrix<S> A) {
    using R = gram::real_t<S>;
    const double scale = support::frobenius(A) > 0 ? 2.0 / 3 / support::frobenius(A) : 0;
    for (S& x : A) x = S(static_cast<R>(scale)) * x;
    for (index_t i = 0; i < A.rows(); ++i) A(i, i) += S(1);
    return A;
}

// ||X X - A|| / (n eps ||X||^2)
double square_ratio(const Wide& X, const Wide& A, double eps) {
    const double s = support::normalizer(X);
    const Wide Y = s * X;
    const double error = support::frobenius(Y * Y - s * (s * A));
    return error == 0 ? 0 : error / (eps * static_cast<double>(A.rows) * std::pow(support::frobenius(Y), 2));
}

template <class S>
Matrix<S> squared(const Matrix<S>& A) {
    Matrix<S> B(A.rows(), A.rows());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.rows(); ++j)
            for (index_t k = 0; k < A.rows(); ++k) B(i, j) += A(i, k) * A(k, j);
    return B;
}

// ||residual|| / (n eps (||A|| + ||B||) ||X||), everything scaled near 1 first.
double sylvester_ratio(Wide A, Wide B, const Wide& C, Wide X, double eps) {
    const double coefficient = std::min(support::normalizer(A), support::normalizer(B)), s = support::normalizer(X);
    A = coefficient * A, B = coefficient * B, X = s * X;
    const double error = support::frobenius(A * X + X * B - coefficient * (s * C));
    const double size = (support::frobenius(A) + support::frobenius(B)) * support::frobenius(X);
    return error == 0 ? 0 : error / (eps * static_cast<double>(std::max(A.rows, B.rows)) * size);
}

}  // namespace

TEMPLATE_TEST_CASE("logm: the exponential of the logarithm is A, the half of it that of the root", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = gram::real_t<S>;
    constexpr double eps = support::eps_of<S>;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 33}) {
        for (const auto& [name, hostile] : support::hostile_square<S>(n)) {
            CAPTURE(name, n);
            const auto A = near_identity(hostile);
            CHECK(worst(distance(wide(gram::expm(gram::logm(A))), wide(A), eps)) < 30);
            const Wide root = wide(gram::fractional_power(A, R(0.5)));
            CHECK(worst(distance(root * root, wide(A), eps)) < 30);
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 15);
}

TEMPLATE_TEST_CASE("logm: closed forms", "[linalg]", float, double) {
    using T = TestType;
    using C = std::complex<T>;
    constexpr double eps = support::eps_of<T>;
    const double pi = std::numbers::pi;
    const auto check = [&](const auto& X, const Matrix<double>& expected) {
        CHECK(distance(wide(X), wide(expected), eps) < 4);
    };
    check(gram::logm(Matrix<T>{{1, 0}, {0, 1}}), {{0, 0}, {0, 0}});
    check(gram::logm(Matrix<T>{{1, 4096}, {0, 1}}), {{0, 4096}, {0, 0}});
    check(gram::logm(Matrix<T>{{0, -1}, {1, 0}}), {{0, -pi / 2}, {pi / 2, 0}});
    check(gram::logm(Matrix<T>{{2, 1, 0}, {0, 2, 1}, {0, 0, 2}}),
          {{std::log(2.0), 0.5, -0.125}, {0, std::log(2.0), 0.5}, {0, 0, std::log(2.0)}});
    // Far from 1, in both directions.
    const double large = std::is_same_v<T, float> ? 0x1p100 : 0x1p900;
    for (const double a : {large, 1 / large}) {
        check(gram::logm(Matrix<T>{{static_cast<T>(a), 0}, {0, static_cast<T>(a)}}),
              {{std::log(a), 0}, {0, std::log(a)}});
    }
    const auto L = gram::logm(Matrix<C>{{C(-1), C(0)}, {C(0), C(0, -1)}});
    CHECK(std::abs(std::complex<double>(L(0, 0)) - std::complex<double>(0, pi)) < 4 * eps);
    CHECK(std::abs(std::complex<double>(L(1, 1)) - std::complex<double>(0, -pi / 2)) < 4 * eps);
    check(gram::fractional_power(Matrix<T>{{8, 0}, {0, 27}}, T(1) / 3), {{2, 0}, {0, 3}});
    check(gram::fractional_power(Matrix<T>{{4, 1}, {0, 4}}, T(-0.5)), {{0.5, -1.0 / 16}, {0, 0.5}});
}

TEMPLATE_TEST_CASE("logm and fractional_power: what has none is refused", "[linalg]", float, std::complex<double>) {
    using S = TestType;
    CHECK_THROWS_AS(gram::logm(Matrix<S>(2, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::logm(Matrix<S>(3, 3)), gram::singular_matrix);
    CHECK_THROWS_AS(gram::fractional_power(Matrix<S>(3, 3), 0.5f), gram::singular_matrix);
    const Matrix<S> negative = {{S(-2)}};
    if constexpr (gram::is_complex_v<S>) {
        CHECK(std::abs(gram::logm(negative)(0, 0) - S(std::log(2.0), std::numbers::pi)) < 1e-14);
    } else {
        CHECK_THROWS_AS(gram::logm(negative), gram::no_real_result);
        CHECK_THROWS_WITH(gram::fractional_power(negative, 0.5f), support::contains_text("negative eigenvalue -2"));
    }
    Matrix<S> bad(2, 2);
    bad(1, 1) = std::numeric_limits<gram::real_t<S>>::quiet_NaN();
    CHECK_THROWS_WITH(gram::logm(bad), support::contains_text("(1, 1)"));
    CHECK_THROWS_AS(gram::fractional_power(negative, std::numeric_limits<gram::real_t<S>>::infinity()),
                    gram::non_finite);
}

TEMPLATE_TEST_CASE("sqrtm: the square of the root is A, or A has none", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    support::Worst worst;
    index_t roots = 0, refused = 0;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 33}) {
        for (const auto& [name, A] : support::hostile_square<S>(n)) {
            CAPTURE(name, n);
            try {
                const auto X = gram::sqrtm(A);
                CHECK(worst(square_ratio(wide(X), wide(A), eps)) < 10);
                ++roots;
            } catch (const gram::no_real_result&) {
                ++refused;
                CHECK(!gram::is_complex_v<S>);
            } catch (const gram::singular_matrix&) {
                ++refused;
                CHECK((name == "nilpotent" || name == "low rank" || name == "ones" || name == "signs"));
            }
        }
    }
    INFO("worst ratio " << worst.value << ", " << roots << " roots, " << refused << " refused");
    CHECK(worst.value < 5);
    CHECK(roots > refused);
}

TEMPLATE_TEST_CASE("sqrtm: a matrix with a positive spectrum, and one with conjugate pairs, have real roots",
                   "[linalg]", float, double) {
    using T = TestType;
    for (const index_t n : {1, 2, 3, 8, 17, 40}) {
        auto A = support::gaussian<T>(n, n, 3);
        for (index_t i = 0; i < n; ++i) A(i, i) += static_cast<T>(2 * std::sqrt(static_cast<double>(n)));
        CAPTURE(n);
        CHECK(square_ratio(wide(gram::sqrtm(A)), wide(A), support::eps_of<T>) < 5);
        // Its root is the one that it was made from: all eigenvalues in the right half plane.
        const double distance = support::frobenius(wide(gram::sqrtm(squared(A))) - wide(A));
        CHECK(support::ratio_of<T>(distance, n, support::frobenius(A)) < 30);
        const auto P = support::positive_definite<T>(n, 5);
        CHECK(square_ratio(wide(gram::sqrtm(P)), wide(P), support::eps_of<T>) < 5);
    }
}

TEMPLATE_TEST_CASE("sqrtm: closed forms, and matrices without a root", "[linalg]", float, double) {
    using T = TestType;
    using C = std::complex<T>;
    CHECK(support::identical(gram::sqrtm(Matrix<T>{{4, 0}, {0, 9}}), Matrix<T>{{2, 0}, {0, 3}}));
    CHECK(support::identical(gram::sqrtm(Matrix<T>{{1, 8192}, {0, 1}}), Matrix<T>{{1, 4096}, {0, 1}}));
    CHECK(support::identical(gram::sqrtm(Matrix<T>(3, 3)), Matrix<T>(3, 3)));
    CHECK(support::identical(gram::sqrtm(Matrix<C>{{C(-1), C(0)}, {C(0), C(-1)}}),
                             Matrix<C>{{C(0, 1), C(0)}, {C(0), C(0, 1)}}));
    // A quarter turn: the root turns by an eighth.
    const auto turn = gram::sqrtm(Matrix<T>{{0, -1}, {1, 0}});
    const T half = std::sqrt(T(0.5));
    CHECK(support::distance_ratio(Matrix<T>{{half, -half}, {half, half}}, turn) < 4);
    CHECK_THROWS_AS(gram::sqrtm(Matrix<T>{{0, 1}, {0, 0}}), gram::singular_matrix);
    CHECK_THROWS_AS(gram::sqrtm(Matrix<C>{{C(0), C(1)}, {C(0), C(0)}}), gram::singular_matrix);
    CHECK_THROWS_WITH(gram::sqrtm(Matrix<T>{{-4, 0}, {0, 1}}), support::contains_text("negative eigenvalue -4"));
    CHECK_THROWS_AS(gram::sqrtm(Matrix<T>(2, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::sqrtm(Matrix<T>{{std::numeric_limits<T>::infinity()}}), gram::non_finite);
}

TEMPLATE_TEST_CASE("sylvester and lyapunov: the residual is small for all hostile coefficients", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    support::Worst sylvester, lyapunov, discrete;
    index_t solved = 0, singular = 0;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 33}) {
        const auto list = support::hostile_square<S>(n);
        for (std::size_t k = 0; k < list.size(); ++k) {
            const auto& [name, A] = list[k];
            const auto& [other, B] = list[(5 * k + 1) % list.size()];
            const auto Q = support::gaussian_of<S>(n, n, 9);
            CAPTURE(name, other, n);
            const auto attempt = [&](const auto& solve) {
                try {
                    solve();
                    ++solved;
                } catch (const gram::singular_matrix&) {
                    ++singular;
                }
            };
            const Wide AH = support::transposed(wide(A));
            attempt([&] {
                const Wide X = wide(gram::sylvester(A, B, Q));
                CHECK(sylvester(sylvester_ratio(wide(A), wide(B), wide(Q), X, eps)) < 10);
            });
            attempt([&] {
                const Wide X = wide(gram::lyapunov(A, Q));
                CHECK(lyapunov(sylvester_ratio(wide(A), AH, wide(Q), X, eps)) < 10);
            });
            if (name == "huge" || name == "tiny") continue;
            attempt([&] {
                const Wide X = wide(gram::discrete_lyapunov(A, Q));
                const double error = support::frobenius(wide(A) * X * AH - X + wide(Q));
                const double size = (1 + std::pow(support::frobenius(A), 2)) * support::frobenius(X);
                CHECK(discrete(support::ratio_of<S>(error, n, size)) < 10);
            });
        }
    }
    INFO("worst ratios " << sylvester.value << ", " << lyapunov.value << ", " << discrete.value << "; " << solved
                         << " solved, " << singular << " singular");
    CHECK(sylvester.value < 3);
    CHECK(lyapunov.value < 3);
    CHECK(discrete.value < 3);
    CHECK(solved > 2 * singular);
}

TEMPLATE_TEST_CASE("sylvester: oblong solutions, over the order at which the recursion ends", "[linalg]", double,
                   std::complex<float>) {
    using S = TestType;
    support::Worst worst;
    for (const index_t m : {1, 2, 15, 16, 17, 40})
        for (const index_t n : {1, 3, 17, 35}) {
            const auto A = support::gaussian_of<S>(m, m, 1), B = support::gaussian_of<S>(n, n, 2);
            const auto C = support::gaussian_of<S>(m, n, 3);
            const auto X = gram::sylvester(A, B, C);
            CAPTURE(m, n);
            REQUIRE((X.rows() == m && X.cols() == n));
            CHECK(worst(sylvester_ratio(wide(A), wide(B), wide(C), wide(X), support::eps_of<S>)) < 3);
        }
    CHECK(gram::sylvester(Matrix<S>(3, 3), Matrix<S>(0, 0), Matrix<S>(3, 0)).rows() == 3);
}

TEMPLATE_TEST_CASE("lyapunov: a stable matrix and a definite right-hand side give a definite solution", "[linalg]",
                   float, double) {
    using T = TestType;
    // A = -I: X = -Q / 2. And the controllability Gramian of [0 1; -2 -3], b = (0, 1): [1/12 0; 0 1/6].
    const auto half = gram::lyapunov(Matrix<T>{{-1, 0}, {0, -1}}, Matrix<T>{{-4, 2}, {2, -8}});
    CHECK(support::distance_ratio(Matrix<T>{{2, -1}, {-1, 4}}, half) < 3);
    const auto gramian = gram::lyapunov(Matrix<T>{{0, 1}, {-2, -3}}, Matrix<T>{{0, 0}, {0, -1}});
    CHECK(support::distance_ratio(Matrix<T>{{T(1) / 12, 0}, {0, T(1) / 6}}, gramian) < 5);
    // The variance of an AR(1) process: 1 / (1 - rho^2).
    CHECK(std::abs(gram::discrete_lyapunov(Matrix<T>{{T(0.5)}}, Matrix<T>{{1}})(0, 0) - T(4) / 3) <
          4 * std::numeric_limits<T>::epsilon());
    // An eigenvalue of -1 is no obstacle but to its conjugate partner.
    CHECK(std::abs(gram::discrete_lyapunov(Matrix<T>{{0, 1}, {0, 2}}, Matrix<T>{{0, 0}, {0, 3}})(1, 1) + T(1)) <
          8 * std::numeric_limits<T>::epsilon());
}

TEMPLATE_TEST_CASE("sylvester and lyapunov: refuse shapes, singular equations and what is not finite", "[linalg]",
                   float, std::complex<double>) {
    using S = TestType;
    const Matrix<S> I = {{S(1), S(0)}, {S(0), S(1)}}, minus = {{S(-1), S(0)}, {S(0), S(-1)}};
    CHECK_THROWS_AS(gram::sylvester(I, minus, I), gram::singular_matrix);
    CHECK_THROWS_AS(gram::sylvester(Matrix<S>(2, 2), Matrix<S>(2, 2), Matrix<S>(2, 2)), gram::singular_matrix);
    CHECK_THROWS_AS(gram::discrete_lyapunov(minus, I), gram::singular_matrix);
    CHECK_THROWS_AS(gram::lyapunov(Matrix<S>(2, 2), I), gram::singular_matrix);
    CHECK_THROWS_WITH(gram::sylvester(I, Matrix<S>(3, 3), Matrix<S>(3, 3)),
                      support::contains_text("3x3 and must be 2x3"));
    CHECK_THROWS_AS(gram::lyapunov(I, Matrix<S>(3, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::discrete_lyapunov(Matrix<S>(2, 3), I), gram::shape_error);
    Matrix<S> bad(2, 2);
    bad(1, 0) = std::numeric_limits<gram::real_t<S>>::quiet_NaN();
    CHECK_THROWS_AS(gram::sylvester(I, I, bad), gram::non_finite);
    CHECK_THROWS_AS(gram::lyapunov(bad, I), gram::non_finite);
}
