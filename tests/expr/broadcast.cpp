// Broadcasting: an extent that is 1 in the type is stretched, an extent that happens to be 1 is not.
#include <complex>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::close;
using naive::Grid;
using naive::grid;

TEMPLATE_TEST_CASE("rows and columns are repeated over a matrix of either layout", "", Matrix<float>, Matrix<double>,
                   (Matrix<double, dynamic, dynamic, col_major>), Matrix<int>, Matrix<std::complex<double>>) {
    using T = value_t<TestType>;
    for (const auto& [m, n] :
         {std::pair<index_t, index_t>{0, 3}, {3, 0}, {1, 1}, {1, 17}, {17, 1}, {5, 8}, {33, 16}, {9, 31}}) {
        CAPTURE(m, n);
        const auto A = naive::random<TestType>(m, n, 1);
        const auto row = naive::random<RowVector<T>>(1, n, 2);
        const auto column = naive::random<Vector<T>>(m, 1, 3);
        const auto a = grid(A);
        using W = naive::wide_t<T>;
        const auto expect = [&](auto f) { return Grid<W>(m, n, f); };
        const auto r = [&](index_t j) { return naive::widen(row[j]); };
        const auto c = [&](index_t i) { return naive::widen(column[i]); };
        const double tolerance = 1e-6;
        TestType C;
        C = A + row;
        CHECK(close(C, expect([&](index_t i, index_t j) { return a(i, j) + r(j); }), tolerance));
        C = row - A;
        CHECK(close(C, expect([&](index_t i, index_t j) { return r(j) - a(i, j); }), tolerance));
        C = hadamard(A, column) - row;
        CHECK(close(C, expect([&](index_t i, index_t j) { return a(i, j) * c(i) - r(j); }), tolerance));
        C = column + A;
        CHECK(close(C, expect([&](index_t i, index_t j) { return c(i) + a(i, j); }), tolerance));
        C += row;
        CHECK(close(C, expect([&](index_t i, index_t j) { return c(i) + a(i, j) + r(j); }), tolerance));
        C -= T{2} * column;
        CHECK(close(C, expect([&](index_t i, index_t j) { return a(i, j) + r(j) - c(i); }), 2 * tolerance));
        C = A + T{2} * (row + row);
        CHECK(close(C, expect([&](index_t i, index_t j) { return a(i, j) + r(j) + r(j) + r(j) + r(j); }), tolerance));
        C = broadcast(row, m, n) + broadcast(column, m, n);
        CHECK(close(C, expect([&](index_t i, index_t j) { return r(j) + c(i); }), tolerance));
        C = A + broadcast(full<T>(1, 1, T{3}), m, n);
        CHECK(close(C, expect([&](index_t i, index_t j) { return a(i, j) + naive::widen(T{3}); }), tolerance));
    }
}

TEST_CASE("a view of one row or column is stretched like a vector") {
    const Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    CHECK(eval(A - A.row(0)) == Matrix<double>{{0, 0, 0}, {3, 3, 3}});
    CHECK(eval(A - A.col(1)) == Matrix<double>{{-1, 0, 1}, {-1, 0, 1}});
    CHECK(eval(A + A.T().col(0).T()) == Matrix<double>{{2, 4, 6}, {5, 7, 9}});
    CHECK(eval(A / sum<1>(A)) == eval(Matrix<double>{{1.0 / 6, 2.0 / 6, 3.0 / 6}, {4.0 / 15, 5.0 / 15, 6.0 / 15}}));
    CHECK(eval(maximum(A, RowVector<double>{3, 3, 3})) == Matrix<double>{{3, 3, 3}, {4, 5, 6}});
    CHECK(sum(A > mean<0>(A)) == 3);
    Matrix<double, 1, 1> unit;
    unit(0, 0) = 10;
    CHECK(eval(A + unit) == Matrix<double>{{11, 12, 13}, {14, 15, 16}});
    CHECK(eval(unit - A.row(0)) == RowVector<double>{9, 8, 7});
}

TEST_CASE("an extent that is 1 at run time only is not stretched, and the message says what to do") {
    const Matrix<double> A(3, 4), row(1, 4), column(3, 1);
    CHECK_THROWS_AS(A + row, shape_error);
    CHECK_THROWS_AS(column + A, shape_error);
    CHECK_THROWS_WITH(A + row, support::contains_text("3x4 + 1x4") && support::contains_text("broadcast(x, m, n)"));
    CHECK(eval(A + broadcast(row, 3, 4)) == A);
    CHECK(eval(A + broadcast(column, 3, 4)) == A);
    CHECK(eval(A + RowVector<double>(row)) == A);
}

TEST_CASE("vectors of the wrong length are a shape_error that names both shapes") {
    const Matrix<double> A(3, 4);
    CHECK_THROWS_AS(A + RowVector<double>(3), shape_error);
    CHECK_THROWS_AS(A - Vector<double>(4), shape_error);
    CHECK_THROWS_WITH(A + RowVector<double>(3), support::contains_text("3x4 + 1x3"));
    CHECK_THROWS_AS(broadcast(RowVector<double>(3), 3, 4), shape_error);
    CHECK_THROWS_AS(broadcast(A, 6, 4), shape_error);
    CHECK_THROWS_WITH(broadcast(RowVector<double>(3), 3, 4),
                      support::contains_text("1x3") && support::contains_text("3x4"));
    CHECK_THROWS_AS(eval(broadcast(RowVector<double>(3), -1, 3)), shape_error);
    Matrix<double> B(3, 4);
    CHECK_THROWS_AS(B += RowVector<double>(3), shape_error);
    CHECK_THROWS_AS(B += Vector<double>(4), shape_error);
    RowVector<double> r(4);
    CHECK_THROWS_AS(r += A, shape_error);  // the destination is not stretched
    CHECK(r.size() == 4);
}

TEST_CASE("vectors of one kind combine element by element") {
    const Vector<double> x = {1, 2, 3}, y = {4, 5, 6};
    CHECK(eval(x + y) == Vector<double>{5, 7, 9});
    CHECK(eval(x.T() + y.T()) == RowVector<double>{5, 7, 9});
    CHECK_THROWS_AS(x + Vector<double>(2), shape_error);
    const Matrix<double> A = x + Matrix<double>(3, 1);
    CHECK(A == x);
}

TEST_CASE("a broadcast product is computed once") {
    const Matrix<double> A = {{1, 2}, {3, 4}};
    const Vector<double> x = {1, 1};
    CHECK(eval(A + A * x) == Matrix<double>{{4, 5}, {10, 11}});
    CHECK(eval(A * A + x.T() * A) == Matrix<double>{{11, 16}, {19, 28}});
    CHECK(eval(broadcast(A * x, 2, 2)) == Matrix<double>{{3, 3}, {7, 7}});
}
