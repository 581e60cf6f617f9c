// Hessenberg and Schur forms, functions of matrices and linear matrix equations in all four scalar types, on the
// classes of LAPACK's tester: identities where a function is defined, typed errors where it is not.
#include <vector>

#include "gram/linalg/expm.hpp"
#include "gram/linalg/logm.hpp"
#include "gram/linalg/matrix_power.hpp"
#include "gram/linalg/schur_form.hpp"
#include "gram/linalg/sqrtm.hpp"
#include "gram/linalg/sylvester.hpp"
#include "support/catch.hpp"
#include "support/spectral.hpp"
#include "support/square_matrices.hpp"

using gram::index_t;
using gram::Matrix;
using gram::real_t;
using support::Wide;
using support::wide;

namespace {

// In units of n eps and the norms. LAPACK's own tests allow 30 to 60.
constexpr double limit = 15;

double ratio(double error, index_t n, double eps, double size) {
    return error == 0 ? 0 : error / (static_cast<double>(std::max<index_t>(n, 1)) * eps * size);
}

bool zero_below(const Wide& A, index_t k) {
    for (index_t i = 0; i < A.rows; ++i)
        for (index_t j = 0; j + 1 + k <= i; ++j)
            if (A(i, j) != 0.0) return false;
    return true;
}

// Blocks [a b; c a] with b c < 0, no two of them next to each other on the subdiagonal.
bool standard_blocks(const Wide& T) {
    for (index_t k = 0; k + 1 < T.rows; ++k) {
        if (T(k + 1, k) == 0.0) continue;
        if (T(k, k) != T(k + 1, k + 1) || (T(k, k + 1).real() < 0) == (T(k + 1, k).real() < 0)) return false;
        if (k + 2 < T.rows && T(k + 2, k + 1) != 0.0) return false;
    }
    return zero_below(T, 1);
}

template <class S>
bool left_half(const std::complex<real_t<S>>& w) {
    return w.real() < 0;
}

struct Forms {
    support::Worst residual, unitary;

    void operator()(const Wide& A, const Wide& Q, const Wide& M, double eps, double bound) {
        CHECK(residual(support::similarity(A, Q, M, Q, eps)) < bound);
        CHECK(unitary(support::unitarity(Q, eps)) < bound);
    }
};

template <class S>
void check_forms(const Matrix<S>& A, Forms& worst) {
    constexpr double eps = support::eps_of<S>;
    const Wide a = wide(A);
    const auto h = gram::hessenberg(A);
    worst(a, wide(h.Q), wide(h.H), eps, limit);
    CHECK(zero_below(wide(h.H), 1));
    const auto s = gram::schur(A);
    worst(a, wide(s.Q), wide(s.T), eps, limit);
    CHECK((gram::is_complex_v<S> ? zero_below(wide(s.T), 0) : standard_blocks(wide(s.T))));
    const auto c = gram::schur_complex(A);
    worst(a, wide(c.Q), wide(c.T), eps, limit);
    CHECK(zero_below(wide(c.T), 0));
    const auto ordered = gram::schur(A, left_half<S>);
    worst(a, wide(ordered.Q), wide(ordered.T), eps, limit);
}

// Norm 1 where it is more, so that exponentials stay in range; a power of two.
template <class S>
Matrix<S> moderate(Matrix<S> A) {
    const double norm = support::frobenius(A);
    if (norm > 1)
        for (S& x : A) x *= static_cast<real_t<S>>(std::exp2(-std::ceil(std::log2(norm))));
    return A;
}

struct Functions {
    support::Worst inverse, circle, root, logarithm, power, half;
};

template <class S>
void check_functions(const Matrix<S>& hostile, Functions& worst) {
    using R = real_t<S>;
    constexpr double eps = support::eps_of<S>;
    const index_t n = hostile.rows();
    const Matrix<S> A = moderate(hostile);
    Matrix<S> minus = A, shifted = A;
    for (S& x : minus) x = -x;
    for (S& x : shifted) x *= R(0.5);
    for (index_t i = 0; i < n; ++i) shifted(i, i) += S(1);
    const Wide I = support::identity(n), a = wide(A), b = wide(shifted);
    const Wide X = wide(gram::expm(A)), Y = wide(gram::expm(minus));
    CHECK(worst.inverse(ratio(support::frobenius(X * Y - I), n, eps, support::frobenius(X) * support::frobenius(Y))) <
          limit);
    const Wide C = wide(gram::cosm(A)), D = wide(gram::sinm(A));
    const double size = std::pow(support::frobenius(C), 2) + std::pow(support::frobenius(D), 2);
    CHECK(worst.circle(ratio(support::frobenius(C * C + D * D - I), n, eps, size)) < limit);
    // Eigenvalues in the right half plane: roots and logarithms exist.
    const Wide root = wide(gram::sqrtm(shifted)), half = wide(gram::fractional_power(shifted, R(0.5)));
    const double square = std::pow(support::frobenius(root), 2);
    CHECK(worst.root(ratio(support::frobenius(root * root - b), n, eps, square)) < limit);
    CHECK(worst.half(ratio(support::frobenius(half * half - b), n, eps, square)) < 2 * limit);
    const Wide back = wide(gram::expm(gram::logm(shifted)));
    CHECK(worst.logarithm(ratio(support::frobenius(back - b), n, eps, support::frobenius(b))) < 2 * limit);
    const double cube = std::pow(std::max(1.0, support::frobenius(a)), 3);
    CHECK(worst.power(ratio(support::frobenius(wide(gram::matrix_power(A, 3)) - a * a * a), n, eps, cube)) < limit);
}

// ||A X + X B - C|| / (n eps (||A|| + ||B||) ||X||), everything scaled near 1 first.
double sylvester_ratio(Wide A, Wide B, const Wide& C, Wide X, double eps) {
    const double coefficient = std::min(support::normalizer(A), support::normalizer(B)), s = support::normalizer(X);
    A = coefficient * A, B = coefficient * B, X = s * X;
    const double error = support::frobenius(A * X + X * B - coefficient * (s * C));
    return ratio(error, std::max(A.rows, B.rows), eps,
                 (support::frobenius(A) + support::frobenius(B)) * support::frobenius(X));
}

}  // namespace

TEMPLATE_TEST_CASE("hostile functions: Hessenberg and Schur forms of every class", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    Forms worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            CAPTURE(name, n);
            check_forms<S>(A, worst);
        }
    }
    for (const index_t n : {33, 76}) {
        CAPTURE(n);
        check_forms<S>(support::gaussian_of<S>(n, n, 3), worst);
    }
    CAPTURE(worst.residual.value, worst.unitary.value);
    CHECK(worst.residual.value < 5);
    CHECK(worst.unitary.value < 8);
}

TEMPLATE_TEST_CASE("hostile functions: identities of exponentials, roots, logarithms and powers of every class",
                   "[linalg]", float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    Functions worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            CAPTURE(name, n);
            check_functions<S>(A, worst);
        }
    }
    CAPTURE(worst.inverse.value, worst.circle.value, worst.root.value, worst.half.value, worst.logarithm.value,
            worst.power.value);
    CHECK(worst.inverse.value < 5);
    CHECK(worst.circle.value < 5);
    CHECK(worst.root.value < 5);
    CHECK(worst.half.value < 6);
    CHECK(worst.logarithm.value < 5);
    CHECK(worst.power.value < 2);
}

TEMPLATE_TEST_CASE("hostile functions: roots of the classes as they are, or a typed refusal", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    support::Worst worst;
    index_t roots = 0, refused = 0;
    for (const index_t n : {1, 2, 3, 8, 17}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            CAPTURE(name, n);
            try {
                const Wide X = wide(gram::sqrtm(A));
                const double s = support::normalizer(X), size = std::pow(support::frobenius(s * X), 2);
                CHECK(worst(ratio(support::frobenius((s * X) * (s * X) - s * (s * wide(A))), n, support::eps_of<S>,
                                  size)) < limit);
                ++roots;
            } catch (const gram::no_real_result&) {
                ++refused;
                CHECK(!gram::is_complex_v<S>);
            } catch (const gram::singular_matrix&) {
                ++refused;
            }
        }
    }
    CAPTURE(worst.value, roots, refused);
    CHECK(worst.value < 5);
    CHECK(roots > 20);
    CHECK((gram::is_complex_v<S> ? 10 * refused < roots : refused > 20));
}

TEMPLATE_TEST_CASE("hostile functions: linear matrix equations of every class", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    support::Worst sylvester, lyapunov, discrete;
    index_t solved = 0, singular = 0;
    const auto attempt = [&](const auto& solve) {
        try {
            solve();
            ++solved;
        } catch (const gram::singular_matrix&) {
            ++singular;
        }
    };
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17, 33}) {
        const auto list = support::eigen_types<S>(n);
        for (std::size_t k = 0; k < list.size(); ++k) {
            const auto& [name, A] = list[k];
            const auto& [other, B] = list[(5 * k + 1) % list.size()];
            const auto Q = support::gaussian_of<S>(n, n, 9);
            CAPTURE(name, other, n);
            const Wide a = wide(A), adjoint = support::transposed(a);
            attempt([&, &A = A, &B = B] {
                const Wide X = wide(gram::sylvester(A, B, Q));
                CHECK(sylvester(sylvester_ratio(a, wide(B), wide(Q), X, eps)) < limit);
            });
            attempt([&, &A = A] {
                const Wide X = wide(gram::lyapunov(A, Q));
                CHECK(lyapunov(sylvester_ratio(a, adjoint, wide(Q), X, eps)) < limit);
            });
            if (!(support::frobenius(a) < 1e6)) continue;
            attempt([&, &A = A, n = n] {
                const Wide X = wide(gram::discrete_lyapunov(A, Q));
                const double error = support::frobenius(a * X * adjoint - X + wide(Q));
                const double size = (1 + std::pow(support::frobenius(a), 2)) * support::frobenius(X);
                CHECK(discrete(ratio(error, n, eps, size)) < limit);
            });
        }
    }
    CAPTURE(sylvester.value, lyapunov.value, discrete.value, solved, singular);
    CHECK(sylvester.value < 5);
    CHECK(lyapunov.value < 5);
    CHECK(discrete.value < 5);
    CHECK(solved > 2 * singular);
}

TEMPLATE_TEST_CASE("hostile functions: a solution outside of the range is an error, not infinity", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const index_t n = 60;
    Matrix<S> A(n, n), B(n, n), T(n, n), I(n, n), ones(n, n);
    for (S& x : ones) x = S(1);
    // Two Jordan blocks 2^-12 apart: X has elements of about 2^(12 * 119).
    for (index_t i = 0; i < n; ++i) {
        A(i, i) = S(R(1 + 0x1p-12)), B(i, i) = S(-1), T(i, i) = S(R(1 + 0x1p-12)), I(i, i) = S(1);
        if (i + 1 < n) A(i, i + 1) = B(i, i + 1) = T(i, i + 1) = S(1);
    }
    CHECK_THROWS_AS(gram::sylvester(A, B, ones), gram::singular_matrix);
    CHECK_THROWS_AS(gram::discrete_lyapunov(T, I), gram::singular_matrix);
    const R tiny = std::numeric_limits<R>::min() * 4, large = std::numeric_limits<R>::max() / 4;
    const Matrix<S> a = {{S(tiny)}}, c = {{S(large)}};
    CHECK_THROWS_AS(gram::sylvester(a, a, c), gram::non_finite);
    CHECK_THROWS_AS(gram::lyapunov(a, c), gram::non_finite);
}

TEMPLATE_TEST_CASE("hostile functions: every layout gives the same bits", "[linalg]", double, std::complex<float>) {
    using S = TestType;
    const Matrix<S> A = moderate(support::gaussian_of<S>(9, 9, 5));
    Matrix<S> P = A;
    for (index_t i = 0; i < 9; ++i) P(i, i) += S(2);
    const auto s = gram::schur(A);
    const auto exponential = gram::expm(A), cosine = gram::cosm(A), cube = gram::matrix_power(A, 3);
    const auto X = gram::sylvester(P, P, A);
    support::for_each_layout(A, [&](const char* layout, const auto& B) {
        CAPTURE(layout);
        CHECK(support::identical(gram::hessenberg(B).H, gram::hessenberg(A).H));
        CHECK((support::identical(gram::schur(B).T, s.T) && support::identical(gram::schur(B).Q, s.Q)));
        CHECK(support::identical(gram::expm(B), exponential));
        CHECK(support::identical(gram::cosm(B), cosine));
        CHECK(support::identical(gram::matrix_power(B, 3), cube));
        CHECK(support::identical(gram::sylvester(P, P, B), X));
    });
    const auto root = gram::sqrtm(P), logarithm = gram::logm(P);
    support::for_each_layout(P, [&](const char* layout, const auto& B) {
        CAPTURE(layout);
        CHECK(support::identical(gram::sqrtm(B), root));
        CHECK(support::identical(gram::logm(B), logarithm));
    });
}

TEMPLATE_TEST_CASE("hostile functions: NaN and infinity in any part and place are refused", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    for (const index_t n : {1, 3, 20}) {
        Matrix<S> eye(n, n);
        for (index_t i = 0; i < n; ++i) eye(i, i) = S(1);
        support::for_each_non_finite(eye, [&, n = n](const std::string& what, const Matrix<S>& A) {
            CAPTURE(what, n);
            CHECK_THROWS_AS(gram::hessenberg(A), gram::non_finite);
            CHECK_THROWS_AS(gram::schur(A), gram::non_finite);
            CHECK_THROWS_AS(gram::schur(A, left_half<S>), gram::non_finite);
            CHECK_THROWS_AS(gram::schur_complex(A), gram::non_finite);
            CHECK_THROWS_AS(gram::expm(A), gram::non_finite);
            CHECK_THROWS_AS(gram::cosm(A), gram::non_finite);
            CHECK_THROWS_AS(gram::sinm(A), gram::non_finite);
            CHECK_THROWS_AS(gram::sqrtm(A), gram::non_finite);
            CHECK_THROWS_AS(gram::logm(A), gram::non_finite);
            CHECK_THROWS_AS(gram::fractional_power(A, R(0.5)), gram::non_finite);
            CHECK_THROWS_AS(gram::matrix_power(A, 3), gram::non_finite);
            CHECK_THROWS_AS(gram::sylvester(A, eye, eye), gram::non_finite);
            CHECK_THROWS_AS(gram::sylvester(eye, A, eye), gram::non_finite);
            CHECK_THROWS_AS(gram::sylvester(eye, eye, A), gram::non_finite);
            CHECK_THROWS_AS(gram::lyapunov(A, eye), gram::non_finite);
            CHECK_THROWS_AS(gram::discrete_lyapunov(eye, A), gram::non_finite);
        });
    }
}
