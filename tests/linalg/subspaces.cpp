// The four subspaces are orthonormal, complementary and invariant; projections, bases, effective ranks.
#include "gram/linalg/subspaces.hpp"

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

}  // namespace

TEMPLATE_TEST_CASE("subspaces: four of them, at every rank and shape", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 2}, {2, 0}, {1, 1}, {7, 4}, {4, 7}, {6, 6}}) {
        for (index_t r = 0; r <= std::min(m, n); r += 2) {
            CAPTURE(m, n, r);
            const Matrix<T> A = random<T>(m, r, 1) * random<T>(r, n, 2);
            const Matrix<T> C = column_space(A), R = row_space(A), N = null_space(A), L = left_null_space(A);
            REQUIRE((C.cols() == r && R.cols() == r && N.cols() == n - r && L.cols() == m - r));
            CHECK(worst(support::orthogonality_ratio(hstack(C, L))) < 30);
            CHECK(worst(support::orthogonality_ratio(hstack(R, N))) < 30);
            CHECK(worst(support::distance_ratio(A, Matrix<T>(C * (C.H() * A)))) < 30);
            CHECK(worst(support::distance_ratio(A, Matrix<T>((A * R) * R.H()))) < 30);
            const Matrix<T> B = random<T>(m, 2, 3), P = projector(A), p = project_onto(A, B);
            CHECK(worst(support::distance_ratio(P, Matrix<T>(P * P))) < 30);
            const double difference = support::frobenius(Matrix<T>(P * B - p));
            CHECK(worst(support::ratio_of<T>(difference, m, support::frobenius(B))) < 30);
        }
    }
    CHECK(worst.value < 10);
}

TEST_CASE("subspaces: changes of basis, effective and stable rank, refusals") {
    const Matrix<double> S = {{2, 1}, {1, 2}};
    const auto [w, V] = eigh(S);
    CHECK(allclose(change_of_basis(S, V), diag(w)));
    CHECK_THROWS_AS(change_of_basis(S, Matrix<double>(2, 2)), singular_matrix);
    CHECK_THROWS_AS(change_of_basis(S, Matrix<double>(3, 3)), shape_error);
    CHECK_THROWS_AS(project_onto(S, Vector<double>(3)), shape_error);
    CHECK(effective_rank(Matrix<double>(3, 4)) == 0);
    CHECK(effective_rank(Matrix<double>(0, 4)) == 0);
    CHECK(std::abs(effective_rank(Matrix<double>(1e300 * eye<double>(4))) - 4) < 1e-12);
    const Matrix<double> D = diag(Vector<double>{3, 1});  // p = 3/4, 1/4
    CHECK(std::abs(effective_rank(D) - std::exp(0.75 * std::log(4 / 3.0) + 0.25 * std::log(4.0))) < 1e-12);
    CHECK(std::abs(stable_rank(D) - 10.0 / 9) < 1e-14);
    CHECK(stable_rank(Matrix<double>(2, 2)) == 0);
    CHECK_THROWS_AS(column_space(Matrix<double>{{std::numeric_limits<double>::quiet_NaN()}}), non_finite);
}
