// 1×1 to 4×4 matrices of known extents: the same bounds as for all others, in every hostile class, at compile time too.
#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;

namespace {

template <class T>
std::vector<support::Named<T>> all_kinds(index_t n) {
    if constexpr (is_complex_v<T>) {
        return support::hostile_complex<T>(n, n);
    } else {
        return support::hostile_matrices<T>(n, n, 1);
    }
}

template <class T, index_t N>
void check_all() {
    using R = real_t<T>;
    using Fixed = Matrix<T, N, N>;
    const double eps = support::eps_of<T>;
    for (const auto& [name, A] : all_kinds<T>(N)) {
        CAPTURE(name, N);
        const Fixed F = A;
        // SVD.
        const auto [U, s, Vt] = svd(F);
        STATIC_REQUIRE(std::same_as<std::remove_cvref_t<decltype(U)>, Fixed>);
        CHECK(support::factor_ratio(F, support::times_diagonal(U, s), Vt) < 12);
        CHECK(support::orthogonality_ratio(U) < 12);
        CHECK(support::orthogonality_ratio(Fixed(adjoint(Vt))) < 12);
        for (index_t i = 1; i < N; ++i) CHECK(s[i - 1] >= s[i]);
        CHECK(s[N - 1] >= 0);
        const auto reference = singular_values(A);
        CHECK(support::values_ratio(s, reference, static_cast<double>(reference[0])) < 12);
        CHECK(support::identical(singular_values(F), s));
        // eigh of the lower triangle.
        Fixed S = F;
        for (index_t i = 0; i < N; ++i) {
            S(i, i) = linalg::detail::real_of_number(S(i, i));
            for (index_t j = 0; j < i; ++j) S(j, i) = linalg::detail::conj_of(S(i, j));
        }
        const auto [w, Z] = eigh(S);
        CHECK(support::factor_ratio(S, support::times_diagonal(Z, w), Fixed(adjoint(Z))) < 12);
        CHECK(support::orthogonality_ratio(Z) < 12);
        for (index_t i = 1; i < N; ++i) CHECK(w[i - 1] <= w[i]);
        CHECK(support::values_ratio(w, eigvalsh(Matrix<T>(S)), support::frobenius(S)) < 12);
        CHECK(support::identical(eigvalsh(F), w));
        // LU.
        if (s[0] == R(0) || static_cast<double>(s[N - 1] / s[0]) < 4 * eps) continue;
        const double condition = static_cast<double>(s[0] / s[N - 1]);
        const auto X = inv(F);
        STATIC_REQUIRE(std::same_as<std::remove_cvref_t<decltype(X)>, Fixed>);
        const double size = support::frobenius(F), inverse = support::frobenius(X);
        if (std::isfinite(inverse)) {
            Fixed residual = F * X;
            for (index_t i = 0; i < N; ++i) residual(i, i) -= T(1);
            CHECK(support::ratio_of<T>(support::frobenius(residual), N, size * inverse) < 12);
        }
        const Matrix<T, N, 2> B = Matrix<T>(A.block(0, 0, N, 1)) * RowVector<T, 2>{T(1), T(-2)};
        const auto Y = solve(F, B);
        STATIC_REQUIRE(std::same_as<std::remove_cvref_t<decltype(Y)>, Matrix<T, N, 2>>);
        CHECK(support::solve_ratio(F, Y, B) < 12);
        const T d = det(F), expected = det(A);
        if (d != T(0) && std::isfinite(std::abs(d))) {
            CHECK(std::abs(static_cast<support::wide_t<T>>(d) - static_cast<support::wide_t<T>>(expected)) <=
                  12 * N * eps * condition * static_cast<double>(std::abs(expected)));
        }
    }
}

constexpr Matrix<double, 2, 2> two = {{4, 7}, {2, 6}};
constexpr Matrix<double, 3, 3> three = {{2, 0, 0}, {0, 0, 4}, {0, 1, 0}};
constexpr Matrix<double, 4, 4> four = {{0, 2, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 8}, {0, 0, 4, 0}};
static_assert(det(two) == 10 && det(three) == -8 && det(four) == 64);
static_assert(inv(three)(2, 1) == 0.25 && inv(four)(3, 2) == 0.125);
static_assert(solve(two, Vector<double, 2>{11, 8})[1] == 1);
#if !defined(__clang__)  // whose std::complex<float> is not all constexpr
constexpr Matrix<std::complex<float>, 1, 1> single = {{std::complex<float>(0, 2)}};
static_assert(det(single) == std::complex<float>(0, 2) && inv(single)(0, 0) == std::complex<float>(0, -0.5F));
#endif

}  // namespace

TEMPLATE_TEST_CASE("small fixed matrices meet the bounds of all others", "", float, double, std::complex<float>,
                   std::complex<double>) {
    check_all<TestType, 1>();
    check_all<TestType, 2>();
    check_all<TestType, 3>();
    check_all<TestType, 4>();
}

TEMPLATE_TEST_CASE("expressions and views of known extents, in either layout, take the small path", "", float, double) {
    using T = TestType;
    const Matrix<T, 3, 3> A = support::gaussian<T>(3, 3, 1), B = support::gaussian<T>(3, 3, 2);
    const Matrix<T, 3, 3, col_major> C = A;
    CHECK(support::identical(inv(A), inv(C)));
    CHECK(support::identical(inv(A + B), inv(Matrix<T, 3, 3>(A + B))));
    CHECK(support::identical(Matrix<T>(inv(A.T())), Matrix<T>(inv(Matrix<T, 3, 3>(A.T())))));
    STATIC_REQUIRE(std::same_as<decltype(inv(A * B)), Matrix<T, 3, 3>>);
    // The general results can still be named.
    const Svd<T> f = svd(A);
    const Eigh<T> e = eigh(Matrix<T, 3, 3>(A * A.T()));
    CHECK((f.U.rows() == 3 && e.values.size() == 3));
}

TEMPLATE_TEST_CASE("small matrices at the edges: singular, not finite, of any scale", "", float, double) {
    using T = TestType;
    using M = Matrix<T, 2, 2>;
    const T nan = std::numeric_limits<T>::quiet_NaN(), most = std::numeric_limits<T>::max() / 4;
    const T least = std::numeric_limits<T>::min();
    CHECK(det(M{{1, 2}, {2, 4}}) == 0);
    CHECK_THROWS_AS(inv(M{{1, 2}, {2, 4}}), singular_matrix);
    CHECK_THROWS_AS(solve(M{}, Vector<T, 2>{1, 2}), singular_matrix);
    CHECK_THROWS_WITH(inv(M{{1, 2}, {nan, 4}}), support::contains_text("(1, 0)"));
    CHECK_THROWS_AS(det(M{{nan, 2}, {0, 4}}), non_finite);
    CHECK_THROWS_AS(eigh(M{{1, 0}, {nan, 4}}), non_finite);
    CHECK_THROWS_AS(svd(M{{1, 0}, {0, std::numeric_limits<T>::infinity()}}), non_finite);
    CHECK_THROWS_AS(solve(M{{1, 0}, {0, 1}}, Vector<T, 2>{1, nan}), non_finite);
    CHECK(det(M{{most, 0}, {0, 1 / most}}) == 1);
    CHECK(inv(M{{most, 0}, {0, most}})(1, 1) == 1 / most);
    CHECK(allclose(eigh(M{{most, most}, {most, most}}).values / most, Vector<T>{0, 2}));
    CHECK(allclose(svd(M{{least, 0}, {0, 2 * least}}).s / least, Vector<T>{2, 1}));
    CHECK(svd(M{}).s[0] == 0);
    CHECK(support::orthogonality_ratio(svd(M{}).U) == 0);
    CHECK(eigh(M{}).values[1] == 0);
}
