// What is one call away from svd and eigh, in all four scalar types on LAPACK's classes: polar, low_rank, the spectral
// and nuclear norms, randomized_svd, random_orthogonal, power_iteration, lanczos, lobpcg.
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/spectral.hpp"

using namespace gram;

namespace {

// In units of max(m, n) eps and the norm.
constexpr double limit = 10;

template <class S>
double largest_of(const Matrix<S>& A) {
    double largest = 0;
    for (const S& x : A) largest = std::max(largest, static_cast<double>(std::abs(x)));
    return largest;
}

}  // namespace

TEMPLATE_TEST_CASE("hostile polar, low_rank and norms: every class, tall, square and wide", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    support::Worst product, unitary, truncated, norms;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {1, 6}, {3, 3}, {9, 4}, {4, 9}, {17, 17}, {26, 24}}) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            CAPTURE(name, m, n);
            for (const bool left : {false, true}) {
                const auto [U, P] = polar(A, {.left = left});
                CHECK(product(left ? support::factor_ratio(A, P, U) : support::factor_ratio(A, U, P)) < limit);
                CHECK(unitary(support::orthogonality_ratio(m >= n ? U : support::adjoint_by_definition(U))) < limit);
                CHECK(support::identical(P, support::adjoint_by_definition(P)));
            }
            const auto s = singular_values(A);
            double sum = 0;
            for (const R x : s) sum += static_cast<double>(x);
            CHECK(norm(A, spectral) == s[0]);
            CHECK(norms(support::ratio_of<S>(std::abs(static_cast<double>(norm(A, nuclear)) - sum), std::max(m, n),
                                             sum)) < limit);
            // Eckart and Young: the distance in the Frobenius norm is that of the values left out.
            for (const index_t k : {index_t{0}, index_t{1}, std::min(m, n) / 2, std::min(m, n)}) {
                const auto B = low_rank(A, k);
                auto rest = support::plain(A);
                const auto b = support::plain(B);
                for (std::size_t i = 0; i < b.data.size(); ++i) rest.data[i] -= b.data[i];
                support::Plain<double> left_out(s.size(), 1);
                for (index_t i = k; i < s.size(); ++i) left_out(i, 0) = static_cast<double>(s[i]);
                const double error = std::abs(support::frobenius(rest) - support::frobenius(left_out));
                CHECK(truncated(support::ratio_of<S>(error, std::max(m, n), support::frobenius(A))) < limit);
            }
        }
    }
    CAPTURE(product.value, unitary.value, truncated.value, norms.value);
    CHECK(product.value < 6);
    CHECK(unitary.value < 6);
    CHECK(truncated.value < 3);
    CHECK(norms.value < 3);
}

TEMPLATE_TEST_CASE("hostile randomized_svd: every class, with as many columns as there are", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    support::Worst residual, unitary;
    Rng rng(31);
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {12, 5}, {5, 12}, {20, 20}}) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            CAPTURE(name, m, n);
            const auto f = randomized_svd(A, std::min(m, n), rng);
            CHECK(residual(support::factor_ratio(A, support::times_diagonal(f.U, f.s), f.Vt)) < limit);
            CHECK(unitary(support::orthogonality_ratio(f.U)) < limit);
            CHECK(unitary(support::orthogonality_ratio(support::adjoint_by_definition(f.Vt))) < limit);
            CHECK(support::descending_from_above_zero(f.s));
        }
        CHECK(unitary(support::orthogonality_ratio(random_orthogonal<S>(rng, n))) < limit);
    }
    CAPTURE(residual.value, unitary.value);
    CHECK(residual.value < 5);
    CHECK(unitary.value < 5);
}

TEMPLATE_TEST_CASE("hostile lanczos, lobpcg, power_iteration: pairs whose residual is what was asked for, or none",
                   "[linalg]", float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const double tolerance = std::is_same_v<R, float> ? 1e-4 : 1e-9;
    index_t converged = 0, tried = 0, dominant = 0;
    for (const index_t n : {1, 2, 12, 30}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            CAPTURE(name, n);
            const double scale = support::frobenius(A);
            const index_t k = std::min<index_t>(n, 3);
            const auto check = [&](const EigenIteration<S>& found) {
                ++tried;
                if (!found.converged) return;
                ++converged;
                CHECK(support::orthogonality_ratio(found.vectors) < 30);
                const auto AZ = support::multiply(support::plain(A), support::plain(found.vectors));
                for (index_t j = 0; j < found.values.size(); ++j) {
                    support::Plain<support::wide_t<S>> r(n, 1);
                    for (index_t i = 0; i < n; ++i)
                        r(i, 0) = AZ(i, j) - static_cast<double>(found.values[j]) *
                                                 static_cast<support::wide_t<S>>(found.vectors(i, j));
                    CHECK(support::frobenius(r) <= 3 * tolerance * scale);
                }
            };
            check(lanczos(A, k, {.tolerance = tolerance}));
            if (3 * k <= n) check(lobpcg(A, k, {.tolerance = tolerance}));
            Rng rng(32);
            try {
                const auto [value, v] = power_iteration(A, rng, {.max_iterations = 300});
                ++dominant;
                const auto Av = support::multiply(support::plain(A), support::plain(Matrix<S>(v)));
                support::Plain<support::wide_t<S>> r(n, 1);
                for (index_t i = 0; i < n; ++i)
                    r(i, 0) = Av(i, 0) - static_cast<support::wide_t<S>>(value) * static_cast<support::wide_t<S>>(v[i]);
                CHECK(support::frobenius(r) <= 2 * std::pow(support::eps_of<S>, 0.75) * scale);
            } catch (const no_convergence&) {
            }
        }
    }
    CAPTURE(converged, tried, dominant);
    CHECK(10 * converged > 9 * tried);
    CHECK(dominant > 10);
}

TEMPLATE_TEST_CASE("hostile polar, norms, low_rank, iterations: NaN and infinity in any part and place are refused",
                   "[linalg]", float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    Rng rng(33);
    for (const index_t n : {1, 3, 20}) {
        Matrix<S> ones(n, n);
        for (S& x : ones) x = S(1);
        support::for_each_non_finite(ones, [&, n = n](const std::string& what, const Matrix<S>& A) {
            CAPTURE(what, n);
            CHECK_THROWS_AS(polar(A), non_finite);
            CHECK_THROWS_AS(norm(A, spectral), non_finite);
            CHECK_THROWS_AS(norm(A, nuclear), non_finite);
            CHECK_THROWS_AS(low_rank(A, 1), non_finite);
            CHECK_THROWS_AS(randomized_svd(A, 1, rng), non_finite);
            CHECK_THROWS_AS(power_iteration(A, rng), non_finite);
            CHECK_THROWS_AS(lanczos(A, 1), non_finite);
            if (n >= 3) CHECK_THROWS_AS(lobpcg(A, 1), non_finite);
        });
    }
}

TEMPLATE_TEST_CASE("hostile kron: the singular values are the products of those of the factors", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    support::Worst worst;
    for (const auto& [name, A] : support::singular_types<S>(4, 3)) {
        if (!(largest_of(A) < 1e6) || (largest_of(A) > 0 && largest_of(A) < 1e-6)) continue;
        for (const auto& [other, B] : support::singular_types<S>(3, 5, 77)) {
            if (other != "uniform" && other != "geometric") continue;
            CAPTURE(name, other);
            const auto a = singular_values(A), b = singular_values(B), s = singular_values(Matrix<S>(kron(A, B)));
            std::vector<double> products;
            for (const auto x : a)
                for (const auto y : b) products.push_back(static_cast<double>(x) * static_cast<double>(y));
            std::sort(products.begin(), products.end(), std::greater<>());
            REQUIRE(s.size() >= static_cast<index_t>(products.size()));
            const double size = support::frobenius(A) * support::frobenius(B);
            for (index_t i = 0; i < s.size(); ++i) {
                const auto at = static_cast<std::size_t>(i);
                const double expected = at < products.size() ? products[at] : 0;
                CHECK(worst(support::ratio_of<S>(std::abs(static_cast<double>(s[i]) - expected), 15, size)) < limit);
            }
        }
    }
    CAPTURE(worst.value);
    CHECK(worst.value < 2);
}
