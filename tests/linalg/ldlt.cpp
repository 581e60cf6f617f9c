// Bunch–Kaufman: backward error, inertia, solutions, for indefinite, singular and definite matrices.
#include "gram/linalg/ldlt.hpp"

#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;

namespace {

template <class T>
std::vector<support::Named<T>> hermitian_classes(index_t n) {
    if constexpr (is_complex_v<T>) {
        auto list = support::hostile_complex<T>(n, n);
        for (auto& named : list) named.A = support::hermitian(named.A);
        return list;
    } else {
        return support::hostile_symmetric<T>(n);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("ldlt: L D L^H is A(p, p), for all hostile matrices", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17, 40}) {
        for (auto& [name, A] : hermitian_classes<T>(n)) {
            CAPTURE(name, n);
            const auto f = ldlt(A);
            Matrix<T> LH(f.L.T());
            kernel::conjugate(LH.ref());
            CHECK(worst(support::factor_ratio(Matrix<T>(A(f.p, f.p)), f.L, f.D, LH)) < 30);
            for (index_t i = 0; i < n; ++i) {
                REQUIRE(f.L(i, i) == T(1));
                for (index_t j = 0; j < n; ++j) {
                    if (i < j) REQUIRE(f.L(i, j) == T{});
                    if (i - j > 1 || j - i > 1) REQUIRE(f.D(i, j) == T{});
                }
            }
            // The upper triangle is not read.
            Matrix<T> lower = tril(A);
            CHECK(support::identical(ldlt(lower).L, f.L));
        }
    }
    CHECK(worst.value < 6);
}

TEMPLATE_TEST_CASE("ldlt: solutions and inertia agree with the eigenvalues", "[linalg]", float, double,
                   std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {1, 2, 3, 9, 33}) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            Matrix<T> A;
            if constexpr (is_complex_v<T>) {
                A = support::hermitian(support::complex_gaussian<T>(n, n, seed));
            } else {
                A = support::symmetrized(support::gaussian<T>(n, n, seed));
            }
            if (seed == 3) A.diagonal() = T{};
            if (n == 1) A(0, 0) = T(-2);
            const Matrix<T> B = ones<T>(n, 2);
            const auto f = ldlt(A);
            if (n > 1 || seed < 3) CHECK(worst(support::solve_ratio(A, solve(f, B), B)) < 30);
            const auto w = eigvalsh(A);
            const auto count = inertia(f);
            index_t positive = 0;
            for (const auto& x : w) positive += x > 0;
            CHECK((count.positive == positive && count.negative == n - positive && count.zero == 0));
        }
    }
    CHECK(worst.value < 6);
    const auto singular = ldlt(Matrix<T>{{T(1), T(1)}, {T(1), T(1)}});
    CHECK(inertia(singular).zero == 1);
    CHECK_THROWS_AS(solve(singular, ones<T>(2, 1)), singular_matrix);
    CHECK_THROWS_AS(solve(singular, ones<T>(3, 1)), shape_error);
    CHECK_THROWS_AS(ldlt(Matrix<T>(2, 3)), shape_error);
    CHECK_THROWS_AS(ldlt(Matrix<T>{{std::numeric_limits<real_t<T>>::quiet_NaN()}}), non_finite);
    CHECK(ldlt(Matrix<T>(0, 0)).p.size() == 0);
}
