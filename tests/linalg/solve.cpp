#include "gram/linalg/solve.hpp"

#include <cmath>
#include <limits>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> identity(index_t n) {
    return support::generate<T>(n, n, [](index_t i, index_t j) { return i == j; });
}

// Singular in exact arithmetic or so close that elimination may meet an exact zero.
bool may_be_singular(const std::string& name) {
    return name == "zero" || name == "ones" || name == "low rank" || name == "signs";
}

}  // namespace

TEMPLATE_TEST_CASE("solve is backward stable for every size and right-hand side", "", float, double) {
    support::Worst worst;
    for (const index_t n : support::sizes) {
        for (const auto& [name, A] : support::hostile_matrices<TestType>(n, n)) {
            for (const index_t k : {0, 1, 3}) {
                CAPTURE(name, n, k);
                const auto B = support::gaussian<TestType>(n, k, 2);
                try {
                    const auto X = solve(A, B);
                    if (!std::isfinite(support::frobenius(X))) {  // grows as 1.4^n: out of the range of float
                        CHECK((name == "kahan" && n > 200 && sizeof(TestType) == 4));
                        continue;
                    }
                    CHECK(worst(support::solve_ratio(A, X, B)) < 3);
                } catch (const singular_matrix&) {
                    CHECK(may_be_singular(name));
                }
            }
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("solve gives a vector for a vector and a matrix for a matrix", "", float, double) {
    const Matrix<TestType> A = {{2, 1}, {4, 3}};
    const Vector<TestType> x = solve(A, Vector<TestType>{3, 7});
    CHECK(support::values_ratio(x, Vector<TestType>{1, 1}, 1) < 10);
    const Matrix<TestType> X = solve(A, Matrix<TestType>{{3, 5}, {7, 11}});
    CHECK((X.rows() == 2 && X.cols() == 2));
    CHECK(support::solve_ratio(A, X, Matrix<TestType>{{3, 5}, {7, 11}}) < 3);
    const Vector<TestType> y = solve(A, X.col(1));  // a view of a column is a vector too
    CHECK(support::solve_ratio(A, y, X.col(1)) < 3);
}

TEMPLATE_TEST_CASE("solve with a factorization made before is backward stable too", "", float, double) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 5, 33, 100}) {
        for (const auto& [name, A] : support::hostile_matrices<T>(n, n)) {
            const auto f = lu(A);
            const auto B = support::gaussian<T>(n, 3, 2);
            CAPTURE(name, n);
            try {
                const auto X = solve(f, B);
                CHECK(worst(support::solve_ratio(A, X, B)) < 3);
            } catch (const singular_matrix&) {
                CHECK(may_be_singular(name));
            }
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
    const auto f = lu(Matrix<T>{{2, 1}, {4, 3}});
    const Vector<T> b = {3, 7};
    STATIC_REQUIRE(cols_v<decltype(solve(f, b))> == 1);
    CHECK((solve(f, b)[0] == 1 && solve(f, b)[1] == 1));
    CHECK_THROWS_AS(solve(f, Vector<T>(3)), shape_error);
    CHECK_THROWS_AS(solve(lu(Matrix<T>(3, 2)), Vector<T>(3)), shape_error);
    CHECK_THROWS_AS(solve(lu(Matrix<T>(2, 3)), b), shape_error);
    CHECK_THROWS_AS(solve(lu(Matrix<T>(2, 2)), b), singular_matrix);
    CHECK_THROWS_AS(solve(f, Vector<T>{1, std::numeric_limits<T>::quiet_NaN()}), non_finite);
}

TEMPLATE_TEST_CASE("solve does not depend on the layout of its inputs", "", float, double) {
    const auto A = support::gaussian<TestType>(33, 33, 3), B = support::gaussian<TestType>(33, 4, 4);
    const auto X = solve(A, B);
    support::for_each_layout(A, [&](const char* layout, const auto& a) {
        CAPTURE(layout);
        CHECK(support::identical(solve(a, B), X));
    });
    support::for_each_layout(B, [&](const char* layout, const auto& b) {
        CAPTURE(layout);
        CHECK(support::identical(solve(A, b), X));
    });
    CHECK(support::identical(solve(A * TestType(2), B + B), X));
}

TEMPLATE_TEST_CASE("solve finds what is in range whatever the scale of its inputs", "", float, double) {
    const TestType big = std::is_same_v<TestType, float> ? TestType(0x1p110) : TestType(0x1p1000);
    const auto A = support::gaussian<TestType>(20, 20, 5), B = support::gaussian<TestType>(20, 2, 6);
    const auto X = solve(A, B);
    const auto same = [&](const Matrix<TestType>& Y) { return support::distance_ratio(X, Y) < 100; };
    CHECK(same(solve(A * big, B * big)));
    CHECK(same(solve(A / big, B / big)));
    CHECK(same(solve(A * big, B) * big));
    CHECK(same(solve(A, B * big) / big));
    CHECK(same(solve(A / big, B) / big));
    CHECK(same(solve(A, B / big) * big));
}

TEMPLATE_TEST_CASE("solve, inv and det keep every element of a matrix that spans the whole range", "", float, double) {
    const TestType big = static_cast<TestType>(support::huge<TestType>);
    const Matrix<TestType> D = {{big, 0, 0}, {0, 1, 0}, {0, 0, 1 / big}};
    CHECK(support::identical(solve(D, Vector<TestType>{big, 1, 1 / big}), Vector<TestType>{1, 1, 1}));
    const auto X = inv(D);
    for (index_t i = 0; i < 3; ++i)
        CHECK(std::abs(X(i, i) * D(i, i) - 1) < 3 * std::numeric_limits<TestType>::epsilon());
    CHECK(std::abs(det(D) - 1) < 3 * std::numeric_limits<TestType>::epsilon());
}

TEMPLATE_TEST_CASE("inv is a right inverse, column by column", "", float, double) {
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17, 33, 64, 65, 129}) {
        for (const auto& [name, A] : support::hostile_matrices<TestType>(n, n)) {
            CAPTURE(name, n);
            try {
                const auto X = inv(A);
                REQUIRE((X.rows() == n && X.cols() == n));
                // Where the inverse itself is out of range there is nothing to ask for.
                if (std::isinf(support::frobenius(X))) continue;
                CHECK(worst(support::solve_ratio(A, X, identity<TestType>(n))) < 3);
            } catch (const singular_matrix&) {
                CHECK(may_be_singular(name));
            }
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("solve and inv refuse exactly singular matrices and name the pivot", "", float, double) {
    const Matrix<TestType> A = {{1, 2}, {2, 4}};
    CHECK_THROWS_AS(inv(A), singular_matrix);
    CHECK_THROWS_AS(solve(A, Vector<TestType>{1, 2}), singular_matrix);
    CHECK_THROWS_WITH(solve(A, Vector<TestType>{1, 2}), support::contains_text("pivot 1"));
    CHECK_THROWS_AS(inv(Matrix<TestType>(1, 1)), singular_matrix);
    for (const index_t n : {3, 20, 65}) {
        auto B = support::gaussian<TestType>(n, n, 7);
        for (index_t i = 0; i < n; ++i) B(i, n / 2) = 0;
        CHECK_THROWS_WITH(inv(B), support::contains_text("pivot " + std::to_string(n / 2) + " "));
    }
}

TEMPLATE_TEST_CASE("solve, inv and det refuse NaN, infinity and shapes that do not fit", "", float, double) {
    const TestType nan = std::numeric_limits<TestType>::quiet_NaN();
    const Matrix<TestType> A = {{1, 2}, {3, 4}}, bad = {{1, nan}, {0, 1}};
    const Vector<TestType> b = {1, 2};
    CHECK_THROWS_WITH(solve(bad, b), "solve: the matrix holds NaN or infinity at (0, 1)");
    CHECK_THROWS_AS(solve(A, Vector<TestType>{1, nan}), non_finite);
    CHECK_THROWS_AS(inv(bad), non_finite);
    CHECK_THROWS_AS(det(bad), non_finite);
    CHECK_THROWS_AS(slogdet(bad), non_finite);
    CHECK_THROWS_AS(solve(A, Vector<TestType>(3)), shape_error);
    CHECK_THROWS_WITH(solve(A, Vector<TestType>(3)), support::contains_text("2x2") && support::contains_text("3x1"));
    CHECK_THROWS_AS(solve(Matrix<TestType>(2, 3), b), shape_error);
    CHECK_THROWS_AS(inv(Matrix<TestType>(2, 3)), shape_error);
    CHECK_THROWS_AS(det(Matrix<TestType>(2, 3)), shape_error);
    CHECK_THROWS_AS(slogdet(Matrix<TestType>(2, 3)), shape_error);
}

TEMPLATE_TEST_CASE("det is the product of the eigenvalues", "", float, double) {
    CHECK(det(Matrix<TestType>(0, 0)) == 1);
    CHECK(det(Matrix<TestType>{{-3}}) == -3);
    CHECK(det(Matrix<TestType>{{1, 2}, {2, 4}}) == 0);
    CHECK(det(Matrix<TestType>{{0, 1}, {1, 0}}) == -1);
    CHECK(std::abs(det(Matrix<TestType>{{4, 7}, {2, 6}}) - 10) < 10 * 10 * std::numeric_limits<TestType>::epsilon());
    for (const index_t n : {2, 5, 20, 65}) {
        CAPTURE(n);
        // 2, 1/2, 2, 1/2, ...: 1 or 2
        std::vector<double> values;
        for (index_t i = 0; i < n; ++i) values.push_back(i % 2 == 0 ? 2.0 : 0.5);
        const auto A = support::with_eigenvalues<TestType>(values, 8);
        const double expected = n % 2 == 0 ? 1 : 2;
        const double bound = 10 * static_cast<double>(n) * support::eps_of<TestType> * expected;
        CHECK(std::abs(static_cast<double>(det(A)) - expected) < bound);
        const auto s = slogdet(A);
        CHECK(s.sign == 1);
        CHECK(std::abs(static_cast<double>(s.logabsdet) - std::log(expected)) < bound);
        CHECK(std::abs(static_cast<double>(det(A.T())) - expected) < bound);
    }
}

TEMPLATE_TEST_CASE("det neither overflows nor underflows on the way, slogdet not at all", "", float, double) {
    const TestType big = std::is_same_v<TestType, float> ? TestType(0x1p100) : TestType(0x1p1000);
    const index_t n = 6;
    auto D = identity<TestType>(n);
    for (index_t i = 0; i < n; ++i) D(i, i) = i < n / 2 ? big : 1 / big;
    CHECK(det(D) == 1);
    CHECK(slogdet(D).logabsdet == 0);

    auto G = support::gaussian<TestType>(n, n, 9);
    const auto plain = slogdet(G), scaled = slogdet(G * big), shrunk = slogdet(G / big);
    const double shift = static_cast<double>(n) * std::log(static_cast<double>(big));
    CHECK(scaled.sign == plain.sign);
    CHECK(shrunk.sign == plain.sign);
    CHECK(std::abs(static_cast<double>(scaled.logabsdet - plain.logabsdet) - shift) <
          4 * shift * support::eps_of<TestType>);
    CHECK(std::abs(static_cast<double>(shrunk.logabsdet - plain.logabsdet) + shift) <
          4 * shift * support::eps_of<TestType>);
    CHECK(std::isinf(det(G * big)));
    CHECK(det(G / big) == 0);

    const auto zero = slogdet(Matrix<TestType>(2, 2));
    CHECK((zero.sign == 0 && zero.logabsdet == -std::numeric_limits<TestType>::infinity()));
    const auto empty = slogdet(Matrix<TestType>(0, 0));
    CHECK((empty.sign == 1 && empty.logabsdet == 0));
}
