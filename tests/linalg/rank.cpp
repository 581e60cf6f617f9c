#include "gram/linalg/rank.hpp"

#include <complex>
#include <limits>

#include "gram/expr/make.hpp"
#include "gram/expr/norms.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

const std::initializer_list<std::array<index_t, 2>> shapes = {{1, 1},   {5, 5},   {12, 7}, {7, 12},
                                                              {60, 20}, {20, 60}, {65, 65}};

std::vector<double> spectrum_of_rank(index_t k, index_t rank) {
    std::vector<double> s(static_cast<std::size_t>(k), 0.0);
    for (index_t i = 0; i < rank; ++i) s[static_cast<std::size_t>(i)] = 1 + static_cast<double>(rank - i);
    return s;
}

}  // namespace

TEMPLATE_TEST_CASE("matrix_rank counts the singular values that are not rounding errors", "", float, double,
                   std::complex<float>, std::complex<double>) {
    using R = real_t<TestType>;
    for (const auto& [m, n] : shapes)
        for (index_t rank = 0; rank <= std::min(m, n); rank += std::min(m, n) / 4 + 1) {
            CAPTURE(m, n, rank);
            const auto A = support::with_phases<TestType>(
                support::with_singular_values<R>(m, n, spectrum_of_rank(std::min(m, n), rank), 1));
            CHECK(matrix_rank(A) == rank);
            CHECK(matrix_rank(A.T()) == rank);
            CHECK(matrix_rank(A, R(1e9)) == 0);
            CHECK(matrix_rank(A, R(2.5)) == std::max<index_t>(rank - 1, 0));
        }
    CHECK(matrix_rank(Matrix<TestType>{{1, 2, 3}, {2, 4, 6}, {0, 1, 1}}) == 2);
    CHECK(matrix_rank(Matrix<TestType>(0, 3)) == 0);
    CHECK(matrix_rank(ones<TestType>(9, 4)) == 1);
    const R big = static_cast<R>(support::huge<R>);
    CHECK(matrix_rank(support::with_phases<TestType>(support::of_rank<R>(20, 20, 3, 2) * big)) == 3);
    CHECK(matrix_rank(support::with_phases<TestType>(support::of_rank<R>(20, 20, 3, 2) / big)) == 3);
}

TEMPLATE_TEST_CASE("cond is the quotient of the extreme singular values", "", float, double, std::complex<float>,
                   std::complex<double>) {
    using R = real_t<TestType>;
    for (const auto& [m, n] : shapes) {
        CAPTURE(m, n);
        const index_t k = std::min(m, n);
        const auto A =
            support::with_phases<TestType>(support::with_singular_values<R>(m, n, spectrum_of_rank(k, k), 3));
        const double expected = static_cast<double>(k + 1) / 2;
        const double bound = 10 * static_cast<double>(std::max(m, n)) * support::eps_of<TestType> * expected * expected;
        CHECK(std::abs(static_cast<double>(cond(A)) - expected) < bound);
    }
    CHECK(cond(Matrix<TestType>{{1, 0}, {0, 0}}) == std::numeric_limits<R>::infinity());
    CHECK(cond(Matrix<TestType>(2, 2)) == std::numeric_limits<R>::infinity());
    CHECK(cond(Matrix<TestType>(0, 0)) == 0);
    CHECK(cond(Matrix<TestType>{{3}}) == 1);
}

TEMPLATE_TEST_CASE("pinv satisfies the four equations of Penrose", "", float, double, std::complex<float>,
                   std::complex<double>) {
    using R = real_t<TestType>;
    support::Worst worst;
    for (const auto& [m, n] : shapes)
        for (const index_t missing : {0, 1, 3}) {
            const index_t k = std::min(m, n), rank = std::max<index_t>(k - missing, 0);
            CAPTURE(m, n, rank);
            const auto A =
                support::with_phases<TestType>(support::with_singular_values<R>(m, n, spectrum_of_rank(k, rank), 4));
            const auto P = pinv(A);
            REQUIRE((P.rows() == n && P.cols() == m));
            const auto AP = support::multiply(support::plain(A), support::plain(P));
            const auto PA = support::multiply(support::plain(P), support::plain(A));
            // cond(A) <= rank + 1 joins the bound; a projector has norm 1.
            const double size = static_cast<double>(std::max(m, n) * (rank + 1)) * support::eps_of<TestType>;
            const auto error = [&](const auto& X, const auto& Y) {
                auto D = support::plain(X);
                const auto& y = support::plain(Y);
                for (std::size_t i = 0; i < D.data.size(); ++i) D.data[i] -= y.data[i];
                return support::frobenius(D) / size;
            };
            CHECK(worst(error(AP, support::transposed(AP))) < 3);
            CHECK(worst(error(PA, support::transposed(PA))) < 3);
            CHECK(worst(error(support::multiply(AP, support::plain(A)), A) / static_cast<double>(rank + 1)) < 3);
            CHECK(worst(error(support::multiply(PA, support::plain(P)), P)) < 3);
        }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
    CHECK(support::identical(pinv(Matrix<TestType>(2, 3)), Matrix<TestType>(3, 2)));
    CHECK((pinv(Matrix<TestType>(0, 3)).rows() == 3 && pinv(Matrix<TestType>(0, 3)).cols() == 0));
}

TEMPLATE_TEST_CASE("null_space has orthonormal columns that A maps to zero, one for each missing rank", "", float,
                   double, std::complex<float>, std::complex<double>) {
    using R = real_t<TestType>;
    support::Worst worst;
    for (const auto& [m, n] : shapes)
        for (const index_t missing : {0, 1, 3}) {
            const index_t k = std::min(m, n), rank = std::max<index_t>(k - missing, 0);
            CAPTURE(m, n, rank);
            const auto A =
                support::with_phases<TestType>(support::with_singular_values<R>(m, n, spectrum_of_rank(k, rank), 5));
            const auto N = null_space(A);
            REQUIRE((N.rows() == n && N.cols() == n - rank));
            CHECK(worst(support::orthogonality_ratio(N)) < 3);
            if (rank > 0) CHECK(worst(support::solve_ratio(A, N, Matrix<TestType>(m, n - rank))) < 3);
        }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
    const auto all_of_it = null_space(Matrix<TestType>(0, 3));
    CHECK((all_of_it.rows() == 3 && all_of_it.cols() == 3));
    CHECK(support::orthogonality_ratio(all_of_it) < 3);
}

TEMPLATE_TEST_CASE("low_rank leaves the tail of the spectrum as its error", "", float, double, std::complex<float>,
                   std::complex<double>) {
    using R = real_t<TestType>;
    for (const auto& [m, n] : shapes) {
        const index_t most = std::min(m, n);
        const auto s = spectrum_of_rank(most, most);
        const auto A = support::with_phases<TestType>(support::with_singular_values<R>(m, n, s, 6));
        for (index_t k = 0; k <= most + 1; k += most / 3 + 1) {
            CAPTURE(m, n, k);
            double tail = 0;
            for (index_t i = k; i < most; ++i) tail += s[static_cast<std::size_t>(i)] * s[static_cast<std::size_t>(i)];
            const Matrix<TestType> error = A - low_rank(A, k);
            const double bound =
                3 * static_cast<double>(std::max(m, n)) * support::eps_of<TestType> * support::frobenius(A);
            CHECK(std::abs(support::frobenius(error) - std::sqrt(tail)) < bound);
            CHECK(matrix_rank(low_rank(A, k)) == std::min(k, most));
        }
    }
    CHECK_THROWS_AS(low_rank(Matrix<TestType>(2, 2), -1), std::invalid_argument);
    CHECK((low_rank(Matrix<TestType>(0, 3), 2).rows() == 0 && low_rank(Matrix<TestType>(0, 3), 2).cols() == 3));
}

TEMPLATE_TEST_CASE("what is built on the singular values refuses NaN", "", float, double, std::complex<float>,
                   std::complex<double>) {
    const Matrix<TestType> bad = {{1, 2}, {std::numeric_limits<real_t<TestType>>::quiet_NaN(), 3}};
    CHECK_THROWS_AS(matrix_rank(bad), non_finite);
    CHECK_THROWS_AS(cond(bad), non_finite);
    CHECK_THROWS_AS(pinv(bad), non_finite);
    CHECK_THROWS_AS(null_space(bad), non_finite);
    CHECK_THROWS_AS(low_rank(bad, 1), non_finite);
}
