// Views: windows on memory that lives elsewhere.
#include "gram/core/view.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

static_assert(std::is_trivially_copy_constructible_v<MatrixView<double>>);
static_assert(std::is_convertible_v<MatrixView<double>, MatrixView<const double>>);
static_assert(!std::is_convertible_v<MatrixView<const double>, MatrixView<double>>);
static_assert(rows_v<decltype(std::declval<Matrix<double>&>().row(0))> == 1);
static_assert(cols_v<decltype(std::declval<Matrix<double>&>().col(0))> == 1);
static_assert(rows_v<decltype(std::declval<Matrix<double, 2, 3>&>().T())> == 3);
static_assert(rows_v<decltype(std::declval<Matrix<double, 2, 3>&>().diagonal())> == 2);

TEST_CASE("rows, columns, blocks, segments and diagonals show the right elements") {
    const Matrix<double> A = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
    CHECK(A.row(1) == RowVector<double>{5, 6, 7, 8});
    CHECK(A.col(2) == Vector<double>{3, 7, 11});
    CHECK(A.block(1, 1, 2, 3) == Matrix<double>{{6, 7, 8}, {10, 11, 12}});
    CHECK(A.diagonal() == Vector<double>{1, 6, 11});
    CHECK(A.T() == Matrix<double>{{1, 5, 9}, {2, 6, 10}, {3, 7, 11}, {4, 8, 12}});
    CHECK(A.T().T() == A);
    CHECK(A.T().diagonal() == A.diagonal());
    CHECK(A.T().row(2) == A.col(2).T());
    CHECK(A.block(0, 1, 3, 2).T().block(0, 1, 2, 2) == Matrix<double>{{6, 10}, {7, 11}});
    CHECK(A.row(1).segment(1, 2) == RowVector<double>{6, 7});
    CHECK(A.col(1).segment(1, 2) == Vector<double>{6, 10});
    CHECK(A.row(2).col(3)(0, 0) == 12);
    const Vector<double> x = {1, 2, 3, 4, 5};
    CHECK(x.segment(1, 3) == Vector<double>{2, 3, 4});
    CHECK(x.T() == RowVector<double>{1, 2, 3, 4, 5});
    CHECK(x.segment(5, 0).empty());
    CHECK((A.row(1)[2] == 7 && A.col(2)[1] == 7 && A.diagonal()[2] == 11));
}

TEST_CASE("diagonals beside the main one hold the elements (i, i + k)") {
    Matrix<double> A = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
    CHECK(A.diagonal(0) == A.diagonal());
    CHECK(A.diagonal(1) == Vector<double>{2, 7, 12});
    CHECK(A.diagonal(3) == Vector<double>{4});
    CHECK(std::as_const(A).diagonal(-2) == Vector<double>{9});
    CHECK(A.T().diagonal(-1) == A.diagonal(1));
    CHECK(A.block(1, 1, 2, 3).diagonal(1) == Vector<double>{7, 12});
    CHECK((A.diagonal(4).empty() && A.diagonal(-3).empty()));
    A.diagonal(-1) = 0.0;
    CHECK((A(1, 0) == 0 && A(2, 1) == 0 && A(1, 1) == 6));
    CHECK_THROWS_WITH(A.diagonal(5), "diagonal 5 of a 3x4 matrix");
    CHECK_THROWS_AS(A.diagonal(-4), std::out_of_range);
    CHECK_THROWS_AS(A.diagonal(std::numeric_limits<index_t>::min()), std::out_of_range);
    const Matrix<double> empty;
    CHECK(empty.diagonal(0).empty());
}

TEST_CASE("the standard algorithms take the elements of a view") {
    Matrix<int> A = {{3, 1, 2}, {9, 8, 7}, {6, 5, 4}};
    std::ranges::sort(A.row(0));
    CHECK(A.row(0) == RowVector<int>{1, 2, 3});
    const auto corner = A.block(1, 0, 2, 2);
    std::sort(corner.begin(), corner.end());
    CHECK(A == Matrix<int>{{1, 2, 3}, {5, 6, 7}, {8, 9, 4}});
    std::reverse(corner.begin(), corner.end());
    CHECK(corner == Matrix<int>{{9, 8}, {6, 5}});
    CHECK(*std::max_element(A.T().begin(), A.T().end()) == 9);
    const auto first = A.T().begin();
    CHECK((first[1] == 9 && *(first + 3) == 2 && *(4 + first) == 8 && first + 1 > first));
    CHECK((A.T().end() - first == 9 && *std::prev(first + 2) == 9));
    STATIC_REQUIRE(std::random_access_iterator<decltype(A.T().begin())>);
    STATIC_REQUIRE(std::random_access_iterator<decltype(std::as_const(A).T().begin())>);
    CHECK(A.block(0, 0, 0, 3).begin() == A.block(0, 0, 0, 3).end());
}

TEST_CASE("writing through a view writes the matrix") {
    Matrix<double> A(3, 3);
    A.row(0) = RowVector<double>{1, 2, 3};
    A.col(2) = Vector<double>{7, 8, 9};
    A.diagonal() = 5;
    A.block(1, 0, 2, 1) += 4;
    A.T()(2, 1) = -1;
    CHECK(A == Matrix<double>{{5, 2, 7}, {4, 5, -1}, {4, 0, 5}});
    A.row(1) *= 2;
    A.row(2) -= A.row(1);
    A.col(0) /= 2;
    CHECK(A == Matrix<double>{{2.5, 2, 7}, {4, 10, -2}, {-2, -10, 7}});
    Vector<double> x = {1, 2, 3, 4};
    x.segment(1, 2) = 0;
    CHECK(x == Vector<double>{1, 0, 0, 4});
    A.block(0, 0, 2, 2) = A.block(1, 1, 2, 2);
    CHECK(A == Matrix<double>{{10, -2, 7}, {-10, 7, -2}, {-2, -10, 7}});
}

TEST_CASE("views of a constant matrix are read-only") {
    using Constant = const Matrix<double>&;
    STATIC_REQUIRE(std::is_same_v<decltype(std::declval<Constant>().row(0)), MatrixView<const double, 1, dynamic>>);
    STATIC_REQUIRE(std::is_same_v<decltype(std::declval<Constant>().T()(0, 0)), const double&>);
    STATIC_REQUIRE(!std::is_assignable_v<MatrixView<const double>, Matrix<double>>);
    STATIC_REQUIRE(!std::is_assignable_v<MatrixView<const double>, double>);
    STATIC_REQUIRE(!std::is_assignable_v<MatrixView<double>, Matrix<float>>);
}

TEST_CASE("a view of another shape refuses the assignment and changes nothing") {
    Matrix<double> A = ones<double>(3, 3);
    CHECK_THROWS_AS(A.row(0) = RowVector<double>(2), shape_error);
    CHECK_THROWS_AS(A.block(0, 0, 2, 2) = A, shape_error);
    CHECK_THROWS_AS(A.block(0, 0, 2, 2) += A, shape_error);
    CHECK_THROWS_AS(A.block(0, 0, 2, 2) += A * A, shape_error);
    CHECK_THROWS_WITH(A.block(0, 0, 2, 2) = A, support::contains_text("2x2") && support::contains_text("3x3"));
    CHECK(A == ones<double>(3, 3));
}

TEST_CASE("windows outside the matrix are out_of_range") {
    Matrix<double> A(3, 4);
    const Matrix<double>& constant = A;
    CHECK_THROWS_AS(A.row(3), std::out_of_range);
    CHECK_THROWS_AS(A.row(-1), std::out_of_range);
    CHECK_THROWS_AS(constant.col(4), std::out_of_range);
    CHECK_THROWS_AS(A.block(2, 2, 2, 2), std::out_of_range);
    CHECK_THROWS_AS(A.block(0, 0, 3, 5), std::out_of_range);
    CHECK_THROWS_AS(A.block(0, 0, -1, 1), std::out_of_range);
    CHECK_THROWS_AS(A.block(-1, 0, 1, 1), std::out_of_range);
    CHECK_THROWS_AS(A.row(0).segment(3, 2), std::out_of_range);
    CHECK_THROWS_AS(A.T().row(4), std::out_of_range);
    CHECK_THROWS_AS(A.block(1, 0, std::numeric_limits<index_t>::max(), 1), std::out_of_range);
    CHECK_THROWS_AS(A.row(0).at(0, 4), std::out_of_range);
    CHECK_THROWS_AS(A.row(0).at(-1), std::out_of_range);
    CHECK_NOTHROW(A.block(3, 4, 0, 0));
}

TEST_CASE("foreign memory with any strides reads as a matrix") {
    std::vector<double> memory(24);
    for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<double>(i);
    const auto plain = view(memory.data(), 4, 6);
    CHECK((plain(1, 2) == 8 && plain(3, 5) == 23));
    const auto by_columns = view(memory.data(), 4, 6, 1, 4);
    CHECK((by_columns(1, 2) == 9 && by_columns(3, 5) == 23));
    const auto backward = view(memory.data() + 23, 4, 6, -6, -1);
    CHECK((backward(0, 0) == 23 && backward(3, 5) == 0));
    const auto gaps = view(memory.data() + 1, 2, 3, 12, 4);
    CHECK(gaps == Matrix<double>{{1, 5, 9}, {13, 17, 21}});
    const auto column = view(memory.data(), 5);
    CHECK(column == Vector<double>{0, 1, 2, 3, 4});
    gaps = 2.0 * gaps;
    CHECK((memory[5] == 10 && memory[21] == 42 && memory[6] == 6));
    const std::vector<double> constant(6, 1.0);
    CHECK(sum(view(constant.data(), 2, 3)) == 6);
    CHECK_THROWS_AS(view(memory.data(), -1, 2), shape_error);
}

TEST_CASE("views of empty matrices are empty") {
    const Matrix<double> A(0, 3), B(3, 0);
    CHECK((A.col(2).rows() == 0 && A.T().rows() == 3 && A.diagonal().rows() == 0));
    CHECK((B.row(2).cols() == 0 && B.block(1, 0, 2, 0).rows() == 2));
    CHECK_THROWS_AS(A.row(0), std::out_of_range);
    CHECK(A.T() == Matrix<double>(3, 0));
}

TEST_CASE("views know their strides and hand out references") {
    Matrix<double> A(3, 4);
    const auto v = A.T();
    CHECK((v.row_stride() == 1 && v.col_stride() == 4 && v.data() == A.data() && v.size() == 12 && !v.empty()));
    CHECK((v.ref().rows == 4 && v.ref().cols == 3));
    CHECK((A.col(1).vec().stride == 4 && A.row(1).vec().stride == 1 && A.diagonal().vec().stride == 5));
    const MatrixView<const double> read_only = A.block(0, 0, 2, 2);
    CHECK(read_only == zeros<double>(2, 2));
}
