#include "gram/linalg/triangular.hpp"

#include <limits>

#include "gram/expr/operators.hpp"
#include "gram/expr/reductions.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

// A with what the options do not name replaced by what they say it is.
template <class T>
Matrix<T> as_read(const Matrix<T>& A, TriangularOptions options) {
    return support::generate<T>(A.rows(), A.cols(), [&](index_t i, index_t j) {
        if (i == j) return options.diagonal == Diagonal::unit ? T(1) : A(i, j);
        return (i > j) == (options.triangle == Triangle::lower) ? A(i, j) : T(0);
    });
}

}  // namespace

TEMPLATE_TEST_CASE("solve_triangular solves with the triangle and diagonal it was told to use", "", float, double) {
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17, 64, 65, 129}) {
        auto A = support::gaussian<TestType>(n, n, 1);
        for (TestType& x : A) x /= static_cast<TestType>(n);
        for (index_t i = 0; i < n; ++i) A(i, i) += 1;
        for (const Triangle triangle : {Triangle::lower, Triangle::upper})
            for (const Diagonal diagonal : {Diagonal::general, Diagonal::unit})
                for (const index_t k : {0, 1, 2, 7}) {
                    CAPTURE(n, k, triangle, diagonal);
                    const TriangularOptions options{triangle, diagonal};
                    const auto B = support::gaussian<TestType>(n, k, 2);
                    const auto X = solve_triangular(A, B, options);
                    CHECK(worst(support::solve_ratio(as_read(A, options), X, B)) < 3);
                    CHECK(support::distance_ratio(X, solve_triangular(A.T(), B, {flipped(triangle), diagonal})) >= 0);
                }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("solve_triangular takes a vector and gives one", "", float, double) {
    const Matrix<TestType> L = {{2, 99}, {1, 4}};
    const Vector<TestType> x = solve_triangular(L, Vector<TestType>{2, 9});
    CHECK((x[0] == 1 && x[1] == 2));
    const Vector<TestType> y = solve_triangular(L, Vector<TestType>{2, 9}, {.diagonal = Diagonal::unit});
    CHECK((y[0] == 2 && y[1] == 7));
    const Vector<TestType> z = solve_triangular(L.T(), Vector<TestType>{4, 4}, {.triangle = Triangle::upper});
    CHECK((z[0] == TestType(1.5) && z[1] == 1));
}

TEMPLATE_TEST_CASE("solve_triangular neither overflows nor underflows on the way", "", float, double) {
    const TestType big = static_cast<TestType>(support::huge<TestType>);
    const auto A = Matrix<TestType>{{2, 0}, {1, 4}} * big;
    const Vector<TestType> b = Vector<TestType>{2, 9} * big;
    CHECK(support::values_ratio(solve_triangular(A, b), Vector<TestType>{1, 2}, 1.0) < 3);
    const auto small = solve_triangular(A, Vector<TestType>{2, 9});
    CHECK(support::values_ratio(Vector<TestType>(small * big), Vector<TestType>{1, 2}, 1.0) < 3);
    const auto large = solve_triangular(Matrix<TestType>{{2, 0}, {1, 4}} / big, Vector<TestType>{2, 9});
    CHECK(support::values_ratio(Vector<TestType>(large / big), Vector<TestType>{1, 2}, 1.0) < 3);
    // Ones that are not stored do not take part in the scaling.
    const auto unit = solve_triangular(Matrix<TestType>{{0, 0}, {big, 0}}, Vector<TestType>{1 / big, 3},
                                       {.diagonal = Diagonal::unit});
    CHECK(support::values_ratio(unit, Vector<TestType>{1 / big, 2}, 1.0) < 3);
}

TEMPLATE_TEST_CASE("solve_triangular refuses zero pivots, NaN and shapes that do not fit", "", float, double) {
    const Matrix<TestType> L = {{1, 0, 0}, {1, 0, 0}, {1, 1, 1}};
    const Vector<TestType> b = {1, 2, 3};
    CHECK_THROWS_AS(solve_triangular(L, b), singular_matrix);
    CHECK_THROWS_WITH(solve_triangular(L, b), support::contains_text("element 1 of the diagonal"));
    CHECK_NOTHROW(solve_triangular(L, b, {.diagonal = Diagonal::unit}));
    CHECK_THROWS_AS(solve_triangular(L, Vector<TestType>(2)), shape_error);
    CHECK_THROWS_AS(solve_triangular(Matrix<TestType>(3, 2), b), shape_error);
    const Vector<TestType> bad = {1, std::numeric_limits<TestType>::quiet_NaN(), 3};
    CHECK_THROWS_AS(solve_triangular(L, bad), non_finite);
}

TEMPLATE_TEST_CASE("invert_upper inverts the upper triangle and leaves the lower alone", "", float, double) {
    for (const index_t n : {1, 2, 15, 16, 17, 50, 130}) {
        CAPTURE(n);
        auto R = support::gaussian<TestType>(n, n, 3);
        for (TestType& x : R) x /= static_cast<TestType>(n);
        for (index_t i = 0; i < n; ++i) {
            R(i, i) += 1;
            for (index_t j = 0; j < i; ++j) R(i, j) = 7;
        }
        auto X = R;
        linalg::detail::invert_upper(X.ref());
        const TriangularOptions upper{.triangle = Triangle::upper};
        const auto I = support::generate<TestType>(n, n, [](index_t i, index_t j) { return i == j; });
        CHECK(support::factor_ratio(I, as_read(R, upper), as_read(X, upper)) < 3);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < i; ++j) REQUIRE(X(i, j) == 7);
    }
}
