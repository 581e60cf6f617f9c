// Rearrangements against their definitions, on every shape from empty on; what they refuse.
#include "gram/expr/rearrange.hpp"

#include <complex>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> numbered(index_t m, index_t n) {
    Matrix<T> A(m, n);
    float next = 0;
    for (T& a : A) a = static_cast<T>(next += 1);
    return A;
}

template <class B, class F>
bool equals(const B& b, index_t m, index_t n, const F& f) {
    if (b.rows() != m || b.cols() != n) return false;
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j)
            if (b(i, j) != f(i, j)) return false;
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("rearranged matrices hold the elements that their definitions name", "", double, int,
                   std::complex<float>) {
    using T = TestType;
    for (const index_t m : {0, 1, 2, 5}) {
        for (const index_t n : {0, 1, 3, 4}) {
            CAPTURE(m, n);
            const Matrix<T> A = numbered<T>(m, n);
            const Matrix<T, dynamic, dynamic, col_major> C = A;
            CHECK(equals(flip<0>(A), m, n, [&](index_t i, index_t j) { return A(m - 1 - i, j); }));
            CHECK(equals(flip<1>(C), m, n, [&](index_t i, index_t j) { return A(i, n - 1 - j); }));
            CHECK(
                equals(flip<1>(A + A), m, n, [&](index_t i, index_t j) { return A(i, n - 1 - j) + A(i, n - 1 - j); }));
            for (const index_t by : {-7, -1, 0, 1, 3}) {
                const auto at = [&](index_t i, index_t size) { return ((i - by) % size + size) % size; };
                CHECK(equals(roll<0>(C, by), m, n, [&](index_t i, index_t j) { return A(at(i, m), j); }));
                CHECK(equals(roll<1>(A, by), m, n, [&](index_t i, index_t j) { return A(i, at(j, n)); }));
                CHECK(equals(triu(A, by), m, n, [&](index_t i, index_t j) { return j - i >= by ? A(i, j) : T{}; }));
                CHECK(equals(tril(C, by), m, n, [&](index_t i, index_t j) { return j - i <= by ? A(i, j) : T{}; }));
            }
            CHECK(equals(rot90(C), n, m, [&](index_t i, index_t j) { return A(j, n - 1 - i); }));
            CHECK(equals(rot90(rot90(A)), m, n, [&](index_t i, index_t j) { return A(m - 1 - i, n - 1 - j); }));
            CHECK(equals(rot90(A, 2), m, n, [&](index_t i, index_t j) { return A(m - 1 - i, n - 1 - j); }));
            CHECK(equals(rot90(rot90(A, -1)), m, n, [&](index_t i, index_t j) { return A(i, j); }));
            CHECK(equals(rot90(A, 7), n, m, [&](index_t i, index_t j) { return rot90(A, -1)(i, j); }));
            CHECK(equals(tile(A, 2, 3), 2 * m, 3 * n, [&](index_t i, index_t j) { return A(i % m, j % n); }));
            CHECK(equals(repeat<0>(A, 2), 2 * m, n, [&](index_t i, index_t j) { return A(i / 2, j); }));
            CHECK(equals(repeat<1>(C, 3), m, 3 * n, [&](index_t i, index_t j) { return A(i, j / 3); }));
            CHECK(repeat<1>(A, 0).cols() == 0);
            CHECK(equals(hstack(A, C, A), m, 3 * n, [&](index_t i, index_t j) { return A(i, j % n); }));
            CHECK(equals(vstack(A.T(), C.T()), 2 * n, m, [&](index_t i, index_t j) { return A(j, i % n); }));
            CHECK(equals(reshape(C, n, m), n, m, [&](index_t i, index_t j) { return A.data()[i * m + j]; }));
            CHECK(equals(flatten(C), m * n, 1, [&](index_t k, index_t) { return A.data()[k]; }));
            CHECK(equals(reshape(A, m * n, 1), m * n, 1, [&](index_t k, index_t) { return A.data()[k]; }));
            const std::vector<T> list = to_std_vector(C);
            CHECK((static_cast<index_t>(list.size()) == m * n && std::equal(list.begin(), list.end(), A.data())));
        }
    }
}

TEST_CASE("reshape and flip of a named matrix are views, and overlap is handled") {
    Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    reshape(A, 3, 2)(2, 0) = 50;
    CHECK(A(1, 1) == 50);
    flip<1>(A).col(0) = 0.0;
    CHECK((A(0, 2) == 0 && A(1, 2) == 0));
    A = {{1, 2, 3}, {4, 5, 6}};
    A = flip<0>(A);
    CHECK((A(0, 0) == 4 && A(1, 0) == 1));
    A = flip<1>(A) + A;
    CHECK((A(0, 0) == 10 && A(0, 1) == 10 && A(1, 2) == 4));
    Vector<double> x = {1, 2, 3};
    x = flip<0>(x);
    CHECK((x[0] == 3 && x[2] == 1));
    A = {{1, 2}, {3, 4}};
    A = vstack(A, A);
    CHECK((A.rows() == 4 && A(3, 1) == 4));
    STATIC_REQUIRE(!Container<decltype(reshape(A, 1, 8))>);
    STATIC_REQUIRE(Container<decltype(reshape(A + A, 1, 8))>);
}

TEST_CASE("vectors are flipped, rolled and repeated without an axis") {
    Vector<int> x = {1, 2, 3};
    const RowVector<int> r = {1, 2, 3};
    CHECK((flip(x) == Vector<int>{3, 2, 1} && flip(r) == RowVector<int>{3, 2, 1}));
    CHECK((roll(x, 1) == Vector<int>{3, 1, 2} && roll(r, -1) == RowVector<int>{2, 3, 1}));
    CHECK((repeat(x, 2) == Vector<int>{1, 1, 2, 2, 3, 3} && repeat(r, 0).empty()));
    flip(x)[0] = 9;  // a view
    CHECK(x[2] == 9);
    CHECK(flip(x + x) == Vector<int>{18, 4, 2});
    CHECK(roll(Vector<int, 2>{1, 2}, 1) == Vector<int, 2>{2, 1});
}

TEST_CASE("rows and columns are visited as views") {
    Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    for (auto row : each_row(A)) row = row / sum(row);
    CHECK((A(0, 0) == 1.0 / 6 && A(1, 2) == 6.0 / 15));
    std::vector<double> sums;
    const Matrix<double>& constant = A;
    for (const auto col : each_col(constant)) sums.push_back(sum(col));
    CHECK(sums.size() == 3);
    for (auto row : each_row(A.block(0, 1, 2, 2))) row = 0.0;
    CHECK((A(1, 2) == 0 && A(1, 0) == 4.0 / 15));
    for (auto row : each_row(A.block(0, 0, 0, 3))) FAIL(row.cols());
}

TEST_CASE("a rearrangement that cannot be says so") {
    const Matrix<double> A(2, 3), B(3, 2);
    CHECK_THROWS_WITH(reshape(A, 4, 2), support::contains_text("2x3 to 4x2"));
    CHECK_THROWS_AS(reshape(A, -2, -3), shape_error);
    CHECK_THROWS_AS(reshape(A, index_t{1} << 40, index_t{1} << 40), shape_error);
    CHECK_THROWS_AS(reshape(A, 0, 6), shape_error);
    CHECK_THROWS_AS(hstack(A, B), shape_error);
    CHECK_THROWS_AS(vstack(A, B), shape_error);
    CHECK_THROWS_AS(tile(A, -1, 2), std::invalid_argument);
    CHECK_THROWS_AS(repeat<0>(A, -1), std::invalid_argument);
    CHECK_THROWS_AS(hsplit(A, {4}), std::out_of_range);
    CHECK_THROWS_AS(hsplit(A, {2, 1}), std::out_of_range);
    CHECK_THROWS_AS(vsplit(A, {-1}), std::out_of_range);
    std::vector<double> six(6);
    CHECK_THROWS_AS(view(std::span<double>(six), 4, 2), shape_error);
    const auto parts = vsplit(A, {0, 1, 1});
    CHECK((parts.size() == 4 && parts[0].rows() == 0 && parts[1].rows() == 1 && parts[3].rows() == 1));
}
