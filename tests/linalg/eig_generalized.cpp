#include "gram/linalg/eig_generalized.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/square_matrices.hpp"

namespace {

using gram::index_t;
using gram::Matrix;
using support::Wide;
using support::wide;

// The largest ||b A v - a B v|| / (n eps) for A, B of norm 1 and (a, b) of size 1 in these units.
double pairs_ratio(Wide A, Wide B, const Wide& V, const Wide& alpha, const Wide& beta, double eps) {
    const index_t n = A.rows;
    A = support::normalizer(A) * A, B = support::normalizer(B) * B;
    support::Worst worst;
    for (index_t j = 0; j < n; ++j) {
        std::complex<double> a = alpha(j, 0), b = beta(j, 0);
        const double size = std::max(std::abs(a) * support::frobenius(B), std::abs(b) * support::frobenius(A));
        if (size == 0) continue;
        Wide v(n, 1);
        for (index_t i = 0; i < n; ++i) v(i, 0) = V(i, j);
        const Wide residual = (b / size) * (A * v) - (a / size) * (B * v);
        worst(support::frobenius(residual) / (static_cast<double>(n) * eps));
        worst(std::abs(support::frobenius(v) - 1) / (static_cast<double>(n) * eps));
    }
    return worst.value;
}

// alpha and beta in the units that pairs_ratio gives to A and B.
template <class R>
Wide times(const gram::Vector<R>& x, double factor) {
    Wide w = wide(x);
    for (auto& value : w.data) value *= factor;
    return w;
}

}  // namespace

TEMPLATE_TEST_CASE("qz and eig(A, B): the definition, for pairs of all hostile matrices", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    support::Worst form, unitary, pairs;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17}) {
        const auto list = support::hostile_square<S>(n);
        const std::size_t count = list.size();
        for (std::size_t k = 0; k < count; ++k) {
            for (std::size_t l = 0; l<count; l += n> 3 ? 5 : 1) {
                const auto& [a_name, A] = list[k];
                const auto& [b_name, B] = list[(k + l) % count];
                CAPTURE(a_name, b_name, n);
                const auto f = gram::qz(A, B);
                CHECK(form(support::similarity(wide(A), wide(f.Q), wide(f.S), wide(f.Z), eps)) < 10);
                CHECK(form(support::similarity(wide(B), wide(f.Q), wide(f.T), wide(f.Z), eps)) < 10);
                CHECK(unitary(support::unitarity(wide(f.Q), eps)) < 10);
                CHECK(unitary(support::unitarity(wide(f.Z), eps)) < 10);
                const auto e = gram::eig(A, B);
                const Wide alpha = times(e.alpha, support::normalizer(wide(A)));
                const Wide beta = times(e.beta, support::normalizer(wide(B)));
                CHECK(pairs(pairs_ratio(wide(A), wide(B), wide(e.vectors), alpha, beta, eps)) < 10);
            }
        }
    }
    INFO("worst ratios " << form.value << ", " << unitary.value << ", " << pairs.value);
    CHECK(form.value < 6);
    CHECK(unitary.value < 6);
    CHECK(pairs.value < 6);
}

TEMPLATE_TEST_CASE("qz: small matrices of zeros, ones, roundoffs and numbers at the ends of the range", "[linalg]",
                   float, std::complex<double>) {
    using S = TestType;
    constexpr double eps = support::eps_of<S>;
    support::Random random(78);
    support::Worst worst;
    for (int round = 0; round < 600; ++round) {
        const auto A = support::extreme_matrix<S>(random);
        auto B = support::extreme_matrix<S>(random);
        while (B.rows() != A.rows()) B = support::extreme_matrix<S>(random);
        CAPTURE(round);
        const auto f = gram::qz(A, B);
        CHECK(worst(support::similarity(wide(A), wide(f.Q), wide(f.S), wide(f.Z), eps)) < 10);
        CHECK(worst(support::similarity(wide(B), wide(f.Q), wide(f.T), wide(f.Z), eps)) < 10);
        CHECK(worst(support::unitarity(wide(f.Q), eps)) < 10);
        CHECK(worst(support::unitarity(wide(f.Z), eps)) < 10);
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 6);
}

TEMPLATE_TEST_CASE("qz: S and T are triangular, the diagonal of T is real and not negative", "[linalg]", double,
                   std::complex<float>) {
    using S = TestType;
    for (const index_t n : {1, 2, 9, 40}) {
        const auto A = support::gaussian_of<S>(n, n, 3), B = support::gaussian_of<S>(n, n, 4);
        const auto f = gram::qz(A, B);
        bool triangular = true, real = true;
        const std::complex<gram::real_t<S>> zero(0);
        for (index_t i = 0; i < n; ++i) {
            real = real && f.T(i, i).imag() == 0 && f.T(i, i).real() >= 0;
            for (index_t j = 0; j < i; ++j) triangular = triangular && f.S(i, j) == zero && f.T(i, j) == zero;
        }
        CHECK(triangular);
        CHECK(real);
        CHECK(support::similarity(wide(A), wide(f.Q), wide(f.S), wide(f.Z), support::eps_of<S>) < 5);
        CHECK(support::similarity(wide(B), wide(f.Q), wide(f.T), wide(f.Z), support::eps_of<S>) < 5);
    }
}

TEMPLATE_TEST_CASE("eig(A, B): infinite eigenvalues, undetermined ones, and those of inv(B) A", "[linalg]", float,
                   double) {
    using T = TestType;
    const auto e = gram::eig(Matrix<T>{{1, 2}, {3, 4}}, Matrix<T>{{1, 0}, {0, 0}});
    const index_t infinite = e.beta[0] == T(0) ? 0 : 1;
    CHECK(e.beta[infinite] == T(0));
    CHECK(std::isinf(e.values[infinite].real()));
    CHECK(std::abs(e.values[1 - infinite] - std::complex<T>(T(-0.5))) < 4 * std::numeric_limits<T>::epsilon());

    const auto nothing = gram::eig(Matrix<T>(2, 2), Matrix<T>(2, 2));
    CHECK((nothing.alpha[0] == T(0) && nothing.beta[1] == T(0) && std::isnan(nothing.values[0].real())));

    // B = diag(1, 2, 4, ...): the eigenvalues of a triangular A are a_ii / b_ii.
    const index_t n = 6;
    Matrix<T> A(n, n), B(n, n);
    for (index_t i = 0; i < n; ++i) {
        B(i, i) = static_cast<T>(index_t{1} << i);
        for (index_t j = i; j < n; ++j) A(i, j) = static_cast<T>(3 * i + j + 1);
    }
    auto values = gram::eigvals(A, B);
    std::sort(values.begin(), values.end(), [](auto x, auto y) { return x.real() < y.real(); });
    std::vector<T> expected;
    for (index_t i = 0; i < n; ++i) expected.push_back(A(i, i) / B(i, i));
    std::sort(expected.begin(), expected.end());
    for (index_t i = 0; i < n; ++i) {
        CHECK(std::abs(values[i] - expected[static_cast<std::size_t>(i)]) < 100 * std::numeric_limits<T>::epsilon());
    }
}

TEST_CASE("eig(A, B) and qz: refuse shapes that differ, and what is not finite", "[linalg]") {
    CHECK_THROWS_AS(gram::eig(Matrix<double>(3, 3), Matrix<double>(2, 2)), gram::shape_error);
    CHECK_THROWS_AS(gram::qz(Matrix<double>(3, 2), Matrix<double>(3, 2)), gram::shape_error);
    CHECK_THROWS_WITH(gram::eigvals(Matrix<double>(3, 3), Matrix<double>(2, 2)), support::contains_text("3x3 and 2x2"));
    Matrix<double> bad(2, 2);
    bad(1, 0) = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(gram::eig(Matrix<double>(2, 2), bad), gram::non_finite);
}
