// 1x1 to 4x4 systems of known extents on every hostile class, and the gallery, in all four scalar types.
#include <complex>
#include <limits>
#include <utility>

#include "gram/linalg/gallery.hpp"
#include "gram/linalg/norms.hpp"
#include "gram/linalg/rank.hpp"
#include "gram/linalg/small_lu.hpp"
#include "gram/linalg/solve.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::identical;
using support::Worst;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

struct Ratios {
    Worst solved, inverted, determinants;
};

template <class T, index_t N>
void check_classes(Ratios& worst) {
    using Fixed = Matrix<T, N, N>;
    for (const auto& [name, A] : support::all_matrices<T>(N, N)) {
        CAPTURE(name, N);
        const Fixed F = A;
        const Matrix<T, N, 2> B = support::gaussian_of<T>(N, 2, 121);
        const auto general = lu(A);
        bool singular = false;
        for (index_t i = 0; i < N; ++i) singular |= general.U(i, i) == T{};
        const T d = det(F), expected = det(A);
        if (!singular && std::isfinite(std::abs(d)) && d != T{} && expected != T{}) {
            // Both are the determinants of matrices near A.
            const double condition = static_cast<double>(norm(A, inf)) * static_cast<double>(norm(inv(A), inf));
            if (condition * support::eps_of<T> < 0.1) {
                const double error = std::abs(support::wide_t<T>(d) / support::wide_t<T>(expected) - 1.0);
                CHECK(worst.determinants(error / (support::eps_of<T> * condition)) < 4 * N);
            }
        }
        bool refused = false;
        try {
            const auto X = inv(F);
            const auto Y = solve(F, B);
            CHECK(worst.inverted(support::solve_ratio(F, X, support::unit_matrix<T>(N))) < 3);
            CHECK(worst.solved(support::solve_ratio(F, Y, B)) < 3);
        } catch (const singular_matrix&) {
            refused = true;
            CHECK(d == T{});
            CHECK_THROWS_AS(solve(F, B), singular_matrix);
            CHECK_THROWS_AS(inv(F), singular_matrix);
        }
        // A zero that one way of rounding meets, the other may miss.
        if (refused != singular) CHECK(static_cast<double>(cond(A)) * support::eps_of<T> > 0.01);
    }
}

template <class T, index_t N>
void check_edges() {
    using Fixed = Matrix<T, N, N>;
    const Fixed A = support::gaussian_of<T>(N, N, 122);
    const Matrix<T, N, 2> B = support::gaussian_of<T>(N, 2, 123);
    const auto X = solve(A, B);
    const auto Y = inv(A);
    for (unsigned zeros = 1; zeros < 1U << N; ++zeros) {  // all orders of zero columns
        Fixed Z = A;
        index_t first = -1;
        for (index_t j = N; j-- > 0;) {
            if ((zeros >> j & 1U) == 0) continue;
            for (index_t i = 0; i < N; ++i) Z(i, j) = T{};
            first = j;
        }
        CAPTURE(N, zeros);
        const auto pivot = "pivot " + std::to_string(first) + " ";
        CHECK(det(Z) == T{});
        CHECK_THROWS_WITH(inv(Z), support::contains_text(pivot));
        CHECK_THROWS_WITH(solve(Z, B), support::contains_text(pivot));
    }
    for (const int k : support::far_exponents<T>()) {
        CAPTURE(N, k);
        CHECK(identical(solve(support::scaled(A, k), support::scaled(B, k)), X));
        CHECK(identical(solve(A, support::scaled(B, k)), support::scaled(X, k)));
        CHECK(identical(solve(support::scaled(A, k), B), support::scaled(X, -k)));
        CHECK(identical(inv(support::scaled(A, k)), support::scaled(Y, -k)));
    }
    for (const T bad : support::non_finite_numbers<T>())
        for (index_t at = 0; at < N * N; ++at) {
            Fixed Z = A;
            Z.data()[at] = bad;
            CHECK_THROWS_AS(det(Z), non_finite);
            CHECK_THROWS_AS(inv(Z), non_finite);
            CHECK_THROWS_AS(solve(Z, B), non_finite);
            if (at >= 2 * N) continue;
            Matrix<T, N, 2> C = B;
            C.data()[at] = bad;
            CHECK_THROWS_AS(solve(A, C), non_finite);
        }
    const Matrix<T, N, N, col_major> by_columns = A;
    CHECK((identical(inv(by_columns), Y) && identical(solve(by_columns, B), X) && det(by_columns) == det(A)));
    const auto view = Matrix<T>(A);
    CHECK(support::distance_ratio(solve(view, Matrix<T>(B)), X) < 100 * static_cast<double>(cond(view)));
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: small systems of every class meet the bounds of all others", "[hostile]", SCALAR_TYPES) {
    Ratios worst;
    check_classes<TestType, 1>(worst);
    check_classes<TestType, 2>(worst);
    check_classes<TestType, 3>(worst);
    check_classes<TestType, 4>(worst);
    INFO("worst: solve " << worst.solved.value << ", inv " << worst.inverted.value << ", det "
                         << worst.determinants.value);
    CHECK(worst.solved.value < 1.5);
    CHECK(worst.inverted.value < 1.5);
    CHECK(worst.determinants.value < 6);
}

TEMPLATE_TEST_CASE("hostile: small systems at the edges", "[hostile]", SCALAR_TYPES) {
    check_edges<TestType, 1>();
    check_edges<TestType, 2>();
    check_edges<TestType, 3>();
    check_edges<TestType, 4>();
}

TEMPLATE_TEST_CASE("hostile: the gallery holds the same numbers in every type, of any order", "[hostile]", float,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    const auto same = [](const Matrix<T>& A, const Matrix<double>& B) {
        if (A.rows() != B.rows() || A.cols() != B.cols()) return false;
        for (index_t i = 0; i < A.rows(); ++i)
            for (index_t j = 0; j < A.cols(); ++j) {
                const double size = std::abs(B(i, j));
                if (!(std::abs(support::wide_t<T>(A(i, j)) - B(i, j)) <= 2 * support::eps_of<T> * size)) return false;
            }
        return true;
    };
    for (const index_t n : {0, 1, 2, 3, 8}) {
        CAPTURE(n);
        CHECK(same(gallery::hilbert<T>(n), gallery::hilbert<double>(n)));
        CHECK(same(gallery::inverse_hilbert<T>(std::min<index_t>(n, 5)),
                   gallery::inverse_hilbert<double>(std::min<index_t>(n, 5))));
        CHECK(same(gallery::lotkin<T>(n), gallery::lotkin<double>(n)));
        CHECK(same(gallery::pascal<T>(n), gallery::pascal<double>(n)));
        CHECK(same(gallery::pascal_involution<T>(n), gallery::pascal_involution<double>(n)));
        CHECK(same(gallery::lehmer<T>(n), gallery::lehmer<double>(n)));
        CHECK(same(gallery::minij<T>(n), gallery::minij<double>(n)));
        CHECK(same(gallery::moler<T>(n), gallery::moler<double>(n)));
        CHECK(same(gallery::triangle_of_ones<T>(n), gallery::triangle_of_ones<double>(n)));
        CHECK(same(gallery::kahan<T>(n), gallery::kahan<double>(n)));
        CHECK(same(gallery::frank<T>(n), gallery::frank<double>(n)));
        CHECK(same(gallery::clement<T>(n), gallery::clement<double>(n)));
        CHECK(same(gallery::grcar<T>(n), gallery::grcar<double>(n)));
        CHECK(same(gallery::wilkinson<T>(n), gallery::wilkinson<double>(n)));
        CHECK(same(gallery::tridiagonal<T>(n), gallery::tridiagonal<double>(n)));
        CHECK(same(gallery::jordan_block<T>(n), gallery::jordan_block<double>(n)));
        CHECK(same(gallery::kms<T>(n), gallery::kms<double>(n)));
        CHECK(same(gallery::pei<T>(n), gallery::pei<double>(n)));
        CHECK(same(gallery::fiedler<T>(n), gallery::fiedler<double>(n)));
        CHECK(same(gallery::parter<T>(n), gallery::parter<double>(n)));
        CHECK(same(gallery::redheffer<T>(n), gallery::redheffer<double>(n)));
        CHECK(same(gallery::lauchli<T>(n), gallery::lauchli<double>(n)));
        if (n > 0)
            CHECK(same(gallery::hadamard_matrix<T>(n == 3 ? 4 : n), gallery::hadamard_matrix<double>(n == 3 ? 4 : n)));
    }
    CHECK(same(gallery::rosser<T>(), gallery::rosser<double>()));
}
