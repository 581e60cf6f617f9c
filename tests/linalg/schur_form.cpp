#include "gram/linalg/schur_form.hpp"

#include <cmath>

#include "gram/linalg/eig.hpp"
#include "support/catch.hpp"
#include "support/square_matrices.hpp"

namespace {

using gram::index_t;
using gram::Matrix;
using support::Wide;
using support::wide;

// Zeros below the k-th diagonal.
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

struct Ratios {
    support::Worst residual, unitary;

    void operator()(const Wide& A, const Wide& Q, const Wide& M, double eps) {
        CHECK(residual(support::similarity(A, Q, M, Q, eps)) < 10);
        CHECK(unitary(support::unitarity(Q, eps)) < 10);
    }
};

// The largest of ||A v - w v|| / (n eps ||A||) and | ||v|| - 1 | / (n eps).
double pairs_ratio(const Wide& A, const Wide& V, const Wide& w, double eps) {
    const index_t n = A.rows;
    const double s = support::normalizer(A), norm = support::frobenius(s * A);
    const Wide AV = (s * A) * V;
    support::Worst worst;
    for (index_t j = 0; j < n; ++j) {
        Wide v(n, 1), residual(n, 1);
        for (index_t i = 0; i < n; ++i) v(i, 0) = V(i, j), residual(i, 0) = AV(i, j) - s * w(j, 0) * V(i, j);
        const double error = support::frobenius(residual);
        worst(error == 0 ? 0 : error / (static_cast<double>(n) * eps * norm));
        worst(std::abs(support::frobenius(v) - 1) / (static_cast<double>(n) * eps));
    }
    return worst.value;
}

// The largest distance between two lists of values, each matched with the nearest of the other.
double spectrum_distance(const Wide& a, Wide b) {
    double worst = 0;
    for (index_t i = 0; i < a.rows; ++i) {
        index_t best = i;
        for (index_t j = i; j < b.rows; ++j)
            if (std::abs(a(i, 0) - b(j, 0)) < std::abs(a(i, 0) - b(best, 0))) best = j;
        worst = std::max(worst, std::abs(a(i, 0) - b(best, 0)));
        std::swap(b(i, 0), b(best, 0));
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("hessenberg and schur: A is Q H Q^H for all hostile matrices", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    Ratios ratios;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 33}) {
        for (const auto& [name, matrix] : support::hostile_square<S>(n)) {
            CAPTURE(name, n);
            const Wide A = wide(matrix);
            const auto h = gram::hessenberg(matrix);
            ratios(A, wide(h.Q), wide(h.H), eps);
            CHECK(zero_below(wide(h.H), 1));
            const auto s = gram::schur(matrix);
            ratios(A, wide(s.Q), wide(s.T), eps);
            CHECK((gram::is_complex_v<S> ? zero_below(wide(s.T), 0) : standard_blocks(wide(s.T))));
            const auto c = gram::schur_complex(matrix);
            ratios(A, wide(c.Q), wide(c.T), eps);
            CHECK(zero_below(wide(c.T), 0));
        }
    }
    INFO("worst ratios " << ratios.residual.value << ", " << ratios.unitary.value);
    CHECK(ratios.residual.value < 5);
    CHECK(ratios.unitary.value < 8);
}

TEMPLATE_TEST_CASE("schur: eigenvalues that are asked for come first, and Q spans their invariant subspace", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using C = std::complex<gram::real_t<S>>;
    constexpr double eps = support::eps_of<S>;
    for (const index_t n : {1, 2, 3, 8, 30}) {
        const auto A = support::gaussian_of<S>(n, n, 41);
        const auto left = [](const C& w) { return w.real() < 0; };
        const auto s = gram::schur(A, left);
        CAPTURE(n);
        CHECK(support::similarity(wide(A), wide(s.Q), wide(s.T), wide(s.Q), eps) < 10);
        CHECK(support::unitarity(wide(s.Q), eps) < 10);
        for (index_t i = 0; i < n; ++i) CHECK((std::complex<double>(s.T(i, i)).real() < 0) == (i < s.selected));
        const auto all = gram::schur(A, [](const C&) { return true; });
        CHECK(all.selected == n);
    }
}

TEMPLATE_TEST_CASE("schur: small matrices of zeros, ones, roundoffs and numbers at the ends of the range", "[linalg]",
                   float, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using C = std::complex<gram::real_t<S>>;
    constexpr double eps = support::eps_of<S>;
    support::Random random(77);
    Ratios ratios;
    for (int round = 0; round < 600; ++round) {
        const auto matrix = support::extreme_matrix<S>(random);
        CAPTURE(round);
        const Wide A = wide(matrix);
        const auto s = gram::schur(matrix, [](const C& w) { return w.real() <= 0; });
        ratios(A, wide(s.Q), wide(s.T), eps);
        const auto c = gram::schur_complex(matrix);
        ratios(A, wide(c.Q), wide(c.T), eps);
        if constexpr (gram::is_complex_v<S>) {
            const auto e = gram::eig(matrix);
            CHECK(pairs_ratio(A, wide(e.vectors), wide(e.values), eps) < 30);
        }
    }
    INFO("worst ratios " << ratios.residual.value << ", " << ratios.unitary.value);
    CHECK(ratios.residual.value < 8);
}

TEMPLATE_TEST_CASE("hessenberg and schur: refuse what is not square or not finite", "[linalg]", float,
                   std::complex<double>) {
    using S = TestType;
    CHECK_THROWS_AS(gram::schur(Matrix<S>(3, 2)), gram::shape_error);
    CHECK_THROWS_WITH(gram::hessenberg(Matrix<S>(3, 2)), support::contains_text("hessenberg: 3x2"));
    auto A = support::gaussian_of<S>(9, 9, 23);
    A(7, 3) = std::numeric_limits<gram::real_t<S>>::quiet_NaN();
    CHECK_THROWS_WITH(gram::schur_complex(A), support::contains_text("(7, 3)"));
    CHECK_THROWS_AS(gram::schur(A), gram::non_finite);
    CHECK_THROWS_AS(gram::hessenberg(A), gram::non_finite);
}

TEMPLATE_TEST_CASE("eig of complex matrices: A V is V diag(w) with unit vectors, for all hostile ones", "[linalg]",
                   std::complex<float>, std::complex<double>) {
    using C = TestType;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17, 65}) {
        for (const auto& [name, A] : support::hostile_square<C>(n)) {
            CAPTURE(name, n);
            const auto e = gram::eig(A);
            REQUIRE((e.values.size() == n && e.vectors.rows() == n && e.vectors.cols() == n));
            CHECK(worst(pairs_ratio(wide(A), wide(e.vectors), wide(e.values), support::eps_of<C>)) < 30);
            std::complex<double> trace = 0;
            const auto values = gram::eigvals(A);
            for (index_t i = 0; i < n; ++i) trace += std::complex<double>(values[i]) - std::complex<double>(A(i, i));
            CHECK(support::ratio_of<C>(std::abs(trace), n, support::frobenius(A)) < 10);
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("eig of complex matrices: unbalanced ones, and known spectra", "[linalg]", std::complex<float>,
                   std::complex<double>) {
    using C = TestType;
    using R = gram::real_t<C>;
    for (const index_t n : {2, 5, 24}) {
        // D^-1 G D with elements over the whole range.
        auto A = support::complex_gaussian<C>(n, n, 5);
        const double decades = std::is_same_v<R, float> ? 60 : 580;
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) {
                A(i, j) *=
                    static_cast<R>(std::pow(10.0, decades * static_cast<double>(i - j) / 2 / static_cast<double>(n)));
            }
        const auto e = gram::eig(A);
        CHECK(pairs_ratio(wide(A), wide(e.vectors), wide(e.values), support::eps_of<C>) < 3);

        // i times a cyclic shift: i times the roots of 1.
        Matrix<C> shift(n, n);
        Wide roots(n, 1);
        for (index_t i = 0; i < n; ++i) {
            shift(i, (i + 1) % n) = C(0, 1);
            roots(i, 0) = std::polar(1.0, 6.283185307179586 * (0.25 + static_cast<double>(i) / static_cast<double>(n)));
        }
        const double bound = 3 * support::eps_of<C> * static_cast<double>(n);
        CHECK(spectrum_distance(wide(gram::eigvals(shift)), roots) < bound);
    }
    const auto triangle = gram::eigvals(Matrix<C>{{C(1, 2), C(3, 4)}, {C(0), C(5, 6)}});
    CHECK((triangle[0] == C(1, 2) && triangle[1] == C(5, 6)));
}

TEST_CASE("eig of complex matrices: a real matrix has the same eigenvalues as its cast", "[linalg]") {
    using R = double;
    for (const index_t n : {1, 2, 7, 24}) {
        const auto A = support::gaussian<R>(n, n, 17);
        const auto Z = support::complex_of(A, Matrix<R>(n, n));
        const double distance = spectrum_distance(wide(gram::eigvals(A)), wide(gram::eigvals(Z)));
        CHECK(support::ratio_of<R>(distance, n, support::frobenius(A)) < 10 * std::sqrt(static_cast<double>(n)));
    }
}

TEST_CASE("eig of complex matrices: refuses what is not square or not finite", "[linalg]") {
    using C = std::complex<double>;
    CHECK_THROWS_AS(gram::eig(Matrix<C>(3, 2)), gram::shape_error);
    auto A = support::complex_gaussian<C>(12, 12, 23);
    A(9, 3) = C(0, std::numeric_limits<double>::infinity());
    CHECK_THROWS_AS(gram::eigvals(A), gram::non_finite);
    CHECK_THROWS_WITH(gram::eig(A), support::contains_text("(9, 3)"));
}
