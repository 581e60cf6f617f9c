// Ranges, index lists and masks: against element by element, read and written.
#include "gram/expr/indexed.hpp"

#include <complex>
#include <numeric>
#include <span>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> numbered(index_t m, index_t n) {
    Matrix<T> A(m, n);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) A(i, j) = static_cast<T>(static_cast<float>(10 * i + j));
    return A;
}

// B(a, b) == A(rows[a], cols[b]).
template <class B, class T>
bool picks(const B& b, const Matrix<T>& A, const std::vector<index_t>& rows, const std::vector<index_t>& cols) {
    if (b.rows() != static_cast<index_t>(rows.size()) || b.cols() != static_cast<index_t>(cols.size())) return false;
    for (index_t i = 0; i < b.rows(); ++i)
        for (index_t j = 0; j < b.cols(); ++j)
            if (b(i, j) != A(rows[static_cast<std::size_t>(i)], cols[static_cast<std::size_t>(j)])) return false;
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("selectors of every kind name the same elements on both axes", "", float, double, int,
                   std::complex<double>) {
    using T = TestType;
    const Matrix<T> A = numbered<T>(5, 6);
    const std::vector<index_t> every_row = {0, 1, 2, 3, 4}, list = {4, 0, 0, 2};
    CHECK(picks(A(every, range(1, 6, 2)), A, every_row, {1, 3, 5}));
    CHECK(picks(A(range(4, -1, -2), range(0, 0)), A, {4, 2, 0}, {}));
    CHECK(picks(A(range(4, -1, -3), range(5, 1, -1)), A, {4, 1}, {5, 4, 3, 2}));
    CHECK(picks(A(list, every), A, {4, 0, 0, 2}, {0, 1, 2, 3, 4, 5}));
    CHECK(picks(A(list, std::span<const index_t>(list)), A, list, list));
    CHECK(picks(A(Vector<int>{3, 1}, RowVector<index_t>{5, 5}), A, {3, 1}, {5, 5}));
    CHECK(picks(A(2, every), A, {2}, {0, 1, 2, 3, 4, 5}));
    CHECK(picks(A(indices({1}), 3), A, {1}, {3}));
    const Vector<bool> odd = {false, true, false, true, false};
    CHECK(picks(A(odd, 0), A, {1, 3}, {0}));
    CHECK(picks(A(odd, list), A, {1, 3}, list));
    // Of views, transposed and strided too.
    CHECK(picks(A.T()(indices({5, 0}), every), Matrix<T>(A.T()), {5, 0}, every_row));
    CHECK(picks(A(range(0, 5, 2), every)(indices({2, 1}), range(0, 2)), A, {4, 2}, {0, 1}));
    // The extents that are known stay known.
    STATIC_REQUIRE(rows_v<decltype(A(2, every))> == 1);
    STATIC_REQUIRE(cols_v<decltype(A(list, 1))> == 1);
}

TEMPLATE_TEST_CASE("writing through a selector changes what it names and nothing else", "", double, int,
                   std::complex<float>) {
    using T = TestType;
    const Matrix<T> original = numbered<T>(4, 5);
    const std::vector<index_t> rows = {3, 1}, cols = {0, 4, 2};
    const auto changed = [&](const Matrix<T>& A, auto expected) {
        for (index_t i = 0; i < 4; ++i) {
            for (index_t j = 0; j < 5; ++j) {
                const bool named = (i == 3 || i == 1) && (j == 0 || j == 4 || j == 2);
                if (A(i, j) != (named ? expected(i, j) : original(i, j))) return false;
            }
        }
        return true;
    };
    Matrix<T> A = original;
    A(rows, cols) = T(7);
    CHECK(changed(A, [](index_t, index_t) { return T(7); }));
    A = original;
    A(rows, cols) += ones<T>(2, 3);
    CHECK(changed(A, [&](index_t i, index_t j) { return static_cast<T>(original(i, j) + T(1)); }));
    A = original;
    A(rows, cols) *= T(2);
    CHECK(changed(A, [&](index_t i, index_t j) { return static_cast<T>(original(i, j) * T(2)); }));
    A = original;
    A(rows, cols) = A(rows, cols);
    CHECK(changed(A, [&](index_t i, index_t j) { return original(i, j); }));
    Matrix<T, dynamic, dynamic, col_major> C = original;
    C(range(3, 0, -2), range(0, 5, 2)) = T(7);
    CHECK(changed(Matrix<T>(C), [](index_t, index_t) { return T(7); }));
}

TEST_CASE("a selection that overlaps its destination is right") {
    const Matrix<double> original = numbered<double>(4, 4);
    const std::vector<index_t> turn = {1, 2, 3, 0};
    Matrix<double> A = original;
    A = A(turn, every);
    CHECK(picks(A, original, turn, {0, 1, 2, 3}));
    A = original;
    A(turn, every) = A;
    for (index_t k = 0; k < 4; ++k) CHECK(A(turn[static_cast<std::size_t>(k)], 2) == original(k, 2));
    A = original;
    A(range(0, 3), every) = A(range(1, 4), every);
    CHECK(picks(A.block(0, 0, 3, 4), original, {1, 2, 3}, {0, 1, 2, 3}));
    A = original;
    A(range(3, -1, -1), every) = A;
    CHECK(picks(A, original, {3, 2, 1, 0}, {0, 1, 2, 3}));
    A = original;
    A += A(turn, every);
    CHECK(A(0, 1) == original(0, 1) + original(1, 1));
    const Matrix<double> P = original(turn, every) * original(every, turn);
    CHECK(allclose(P, Matrix<double>(original(turn, every)) * Matrix<double>(original(every, turn))));
}

TEST_CASE("masks read and write in row order") {
    Matrix<double> A = {{-1, 2}, {3, -4}};
    const Vector<double> negative = A(A < 0);
    CHECK((negative.size() == 2 && negative[0] == -1 && negative[1] == -4));
    A(A < 0) = Vector<double>{10, 20};
    CHECK((A(0, 0) == 10 && A(1, 1) == 20 && A(0, 1) == 2));
    A(A > 5) -= 1.0;
    CHECK((A(0, 0) == 9 && A(1, 1) == 19));
    A(A > 100) = 0.0;
    CHECK(sum(A) == 33);
    CHECK(Vector<double>(A(A > 100)).size() == 0);
    CHECK_THROWS_AS(A(A > 5) = Vector<double>(3), shape_error);
    CHECK_THROWS_AS(A(numbered<double>(2, 3) > 0.0), shape_error);
    CHECK(A(0, 0) == 9);
    // Column-major and views are read in row order as well.
    Matrix<double, dynamic, dynamic, col_major> C = {{1, 2}, {3, 4}};
    const Vector<double> all_of = C(C > 0);
    CHECK((all_of[1] == 2 && all_of[2] == 3));
    const Vector<double> x = {1, 5, 3};
    const Vector<double> large = x(x > 2);
    CHECK((large.size() == 2 && large[0] == 5));
    Vector<double> y = {1, 5, 3, 7};
    y(range(3, -1, -2)) = Vector<double>{70, 50};
    CHECK((y[3] == 70 && y[1] == 50));
    y(indices({0, 2})) = 0.0;
    CHECK((y[0] == 0 && y[2] == 0));
}

TEST_CASE("of an index that is written twice the last one counts") {
    Vector<double> x(3);
    x(indices({1, 1, 2})) = Vector<double>{5, 6, 7};
    CHECK((x[0] == 0 && x[1] == 6 && x[2] == 7));
    x(indices({0, 0})) += Vector<double>{1, 1};  // NumPy's rule: not 2
    CHECK(x[0] == 1);
}

TEST_CASE("selectors that leave the matrix are refused before anything changes") {
    Matrix<double> A = numbered<double>(3, 4);
    const Matrix<double> before = A;
    CHECK_THROWS_AS(A(range(0, 4), every) = 0.0, std::out_of_range);
    CHECK_THROWS_AS(A(range(-1, 2), every), std::out_of_range);
    CHECK_THROWS_AS(A(every, range(3, -2, -1)), std::out_of_range);
    CHECK_THROWS_AS(A(3, every), std::out_of_range);
    CHECK_THROWS_AS(A(every, -1), std::out_of_range);
    CHECK_THROWS_WITH(A(indices({0, 3}), every) = 0.0, "rows: index 3 of 3");
    CHECK_THROWS_AS(A(every, indices({-1})), std::out_of_range);
    CHECK_THROWS_AS(A(Vector<bool>(2), every), shape_error);
    CHECK_THROWS_AS(A(indices({0, 1}), every) = before, shape_error);
    CHECK_THROWS_AS(range(0, 4, 0), std::invalid_argument);
    CHECK(allclose(A, before));
    CHECK(A(range(3, 3), every).rows() == 0);
    CHECK(A(std::vector<index_t>{}, every).rows() == 0);
    Matrix<double> none(0, 4);
    CHECK(none(every, range(0, 4, 3)).cols() == 2);
    none(every, every) = 1.0;
}

TEST_CASE("read-only selections come from constant matrices") {
    const Matrix<double> A = numbered<double>(3, 4);
    STATIC_REQUIRE(!std::is_assignable_v<decltype(A(every, range(0, 2))), double>);
    STATIC_REQUIRE(!std::is_assignable_v<decltype(A(indices({1}), every)), double>);
    STATIC_REQUIRE(!std::is_assignable_v<decltype(A(A > 1.0)), double>);
}

TEST_CASE("the elements of a view are visited in row order") {
    Matrix<int> A = numbered<int>(3, 4);
    std::vector<int> seen;
    for (const int x : A.block(1, 1, 2, 2)) seen.push_back(x);
    CHECK(seen == std::vector<int>{11, 12, 21, 22});
    for (int& x : A.T()) x = 0;
    CHECK(sum(A) == 0);
    for (const int x : A.block(1, 1, 0, 2)) FAIL(x);
}
