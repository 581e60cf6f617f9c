// Running sums and extremes, differences, interpolation, areas.
#include "gram/expr/cumulative.hpp"

#include <cmath>
#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

// Same shape and same numbers, whatever their types.
template <MatrixExpr A, MatrixExpr B>
bool equal_all(const A& a, const B& b) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
    for (index_t i = 0; i < a.rows(); ++i)
        for (index_t j = 0; j < a.cols(); ++j)
            if (static_cast<double>(a(i, j)) != static_cast<double>(b(i, j))) return false;
    return true;
}
template <MatrixExpr A>
bool equal_all(const A& a, std::initializer_list<std::initializer_list<double>> b) {
    return equal_all(a, Matrix<double>(b));
}

}  // namespace

TEMPLATE_TEST_CASE("running sums, products and extremes on both axes, from every layout", "", float, double, int) {
    using T = TestType;
    const Matrix<T> A = {{1, -2, 3}, {4, 5, -6}};
    const Matrix<T, dynamic, dynamic, col_major> B = A;
    CHECK(equal_all(cumsum<0>(A), {{1, -2, 3}, {5, 3, -3}}));
    CHECK(equal_all(cumsum<1>(B), {{1, -1, 2}, {4, 9, 3}}));
    CHECK(equal_all(cumprod<1>(A), {{1, -2, -6}, {4, 20, -120}}));
    CHECK(equal_all(cummax<1>(B), {{1, 1, 3}, {4, 5, 5}}));
    CHECK(equal_all(cummin<0>(A), {{1, -2, 3}, {1, -2, -6}}));
    CHECK(equal_all(transposed(cumsum(A)), {{1, -1, 2, 6, 11, 5}}));
    CHECK(equal_all(transposed(cumsum(B)), {{1, -1, 2, 6, 11, 5}}));  // row order, whatever the storage
    CHECK(equal_all(cummax(A.row(1)), {{4, 5, 5}}));
    CHECK(equal_all(cumsum(A.T()), cumsum(Matrix<T>(A.T()))));
    CHECK(cumsum(Vector<T>(0)).size() == 0);
    CHECK(cumsum<0>(Matrix<T>(0, 3)).cols() == 3);
}

TEST_CASE("narrow integers are added in 64 bits; NaN stays from where it comes") {
    CHECK(cumsum(Vector<std::int8_t>{100, 100})[1] == 200);
    const double none = std::numeric_limits<double>::quiet_NaN();
    const Vector<double> x = cummax(Vector<double>{1, none, 5});
    CHECK((x[0] == 1 && std::isnan(x[1]) && std::isnan(x[2])));
}

TEMPLATE_TEST_CASE("diff", "", double, int) {
    using T = TestType;
    const Matrix<T> A = {{1, 4, 9}, {2, 2, 0}};
    CHECK(equal_all(diff<1>(A), {{3, 5}, {0, -2}}));
    CHECK(equal_all(diff<0>(A), {{1, -2, -9}}));
    CHECK(equal_all(transposed(diff(Vector<T>{1, 4, 9, 16}, 2)), {{2, 2}}));
    CHECK(equal_all(diff(RowVector<T>{1, 4}, 0), {{1, 4}}));
    CHECK(diff(Vector<T>{1, 2}, 5).size() == 0);
    CHECK(diff<0>(Matrix<T>(0, 3)).rows() == 0);
    CHECK_THROWS_AS(diff(Vector<T>{1}, -1), std::invalid_argument);
}

TEMPLATE_TEST_CASE("interp follows the line and stays level outside of it", "", float, double) {
    using T = TestType;
    const Vector<T> xs = {0, 1, 1, 4}, ys = {10, 20, 30, 0};
    const T infinite = std::numeric_limits<T>::infinity();
    const Vector<T> at = {T(-1), T(0), T(0.5), T(2.5), T(4), T(9), infinite, -infinite};
    CHECK(equal_all(transposed(interp(at, xs, ys)), {{10, 10, 15, 15, 0, 0, 0, 10}}));
    CHECK(std::isnan(interp(Vector<T>{std::numeric_limits<T>::quiet_NaN()}, xs, ys)[0]));
    CHECK(interp(Matrix<T>{{1, 4}}, xs, ys)(0, 0) == 30);
    CHECK_THROWS_AS(interp(at, xs, Vector<T>{1}), shape_error);
    CHECK_THROWS_WITH(interp(at, Vector<T>{1, 0}, Vector<T>{1, 2}), support::contains_text("at 1"));
    CHECK_THROWS_AS(interp(at, Vector<T>(0), Vector<T>(0)), std::invalid_argument);
}

TEMPLATE_TEST_CASE("trapezoid is exact for lines, cross is orthogonal to both", "", float, double) {
    using T = TestType;
    CHECK(trapezoid(Vector<T>{1, 3, 5}, T(0.5)) == 3);
    CHECK(trapezoid(Vector<T>{1, 3, 7}, Vector<T>{0, 1, 3}) == 12);
    CHECK((trapezoid(Vector<T>{4}) == 0 && trapezoid(Vector<T>(0)) == 0));
    CHECK_THROWS_AS(trapezoid(Vector<T>{1, 2}, Vector<T>{1}), shape_error);
    const Vector<T> a = {1, 2, 3}, b = {-2, 0, 5}, c = cross(a, b);
    CHECK((dot(a, c) == 0 && dot(b, c) == 0 && c[0] == 10));
    CHECK_THROWS_WITH(cross(a, Vector<T>{1, 2}), support::contains_text("2x1"));
}
