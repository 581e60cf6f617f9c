// Matrix, Vector and RowVector: construction, access, conversion, moved-from state, layout in memory.
#include "gram/core/matrix.hpp"

#include <cstddef>
#include <limits>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

// The layout of a fixed matrix is that of its elements, whatever the instruction set.
static_assert(sizeof(Matrix<double, 2, 2>) == 4 * sizeof(double));
static_assert(sizeof(Matrix<float, 3, 3>) == 9 * sizeof(float));
static_assert(sizeof(Matrix<float, 16, 16>) == 256 * sizeof(float));
static_assert(sizeof(Vector<double, 8>) == 64);
static_assert(alignof(Matrix<double, 2, 2>) == alignof(double));
static_assert(alignof(Matrix<float, 16, 16>) == alignof(float));
static_assert(alignof(Matrix<double, 2, 2>) <= alignof(std::max_align_t));
static_assert(alignof(Matrix<double>) <= alignof(std::max_align_t));
static_assert(std::is_trivially_copyable_v<Matrix<double, 2, 2>>);
static_assert(std::is_trivially_copyable_v<Vector<float, 3>>);
static_assert(std::is_nothrow_move_constructible_v<Matrix<double>>);
static_assert(std::is_nothrow_move_assignable_v<Matrix<double>>);
static_assert(std::is_nothrow_move_constructible_v<Matrix<double, 3, 3>>);
static_assert(std::is_nothrow_swappable_v<Matrix<double>>);
static_assert(std::is_nothrow_default_constructible_v<Matrix<double>>);
static_assert(!std::is_convertible_v<int, Vector<double>>);

// What a concept accepts.
static_assert(MatrixExpr<Matrix<double>> && MatrixExpr<const Matrix<double>&> && Container<Vector<float>>);
static_assert(MatrixExpr<MatrixView<double>> && !Container<MatrixView<double>>);
static_assert(!MatrixExpr<double> && !MatrixExpr<std::string>);
static_assert(VectorExpr<Vector<double>> && VectorExpr<RowVector<double>> && !VectorExpr<Matrix<double>>);

namespace {
constexpr Matrix<double, 2, 2> at_compile_time = {{1, 2}, {3, 4}};
static_assert(at_compile_time.rows() == 2 && at_compile_time.data()[2] == 3);
}  // namespace

TEMPLATE_TEST_CASE("new elements are zero", "", float, double, int, bool, std::complex<double>) {
    const Matrix<TestType> A(3, 4);
    CHECK(A.rows() == 3);
    CHECK(A.cols() == 4);
    CHECK(A.size() == 12);
    for (const auto& x : A) CHECK(x == TestType{});
    const Vector<TestType> x(5);
    CHECK((x.rows() == 5 && x.cols() == 1 && x.size() == 5));
    for (const auto& v : x) CHECK(v == TestType{});
    const RowVector<TestType> r(5);
    CHECK((r.rows() == 1 && r.cols() == 5));
    const Matrix<TestType, 2, 3> F;
    for (const auto& v : F) CHECK(v == TestType{});
    const Matrix<TestType> empty;
    CHECK((empty.rows() == 0 && empty.cols() == 0 && empty.empty() && empty.begin() == empty.end()));
}

TEST_CASE("an uninitialized matrix has its shape") {
    CHECK(Matrix<double>(3, 2, uninitialized).size() == 6);
    CHECK(Vector<double>(3, uninitialized).rows() == 3);
    CHECK(RowVector<double>(3, uninitialized).cols() == 3);
    CHECK(Matrix<double, 2, 2>(2, 2, uninitialized).size() == 4);
    CHECK(Matrix<double>(0, 7, uninitialized).cols() == 7);
}

TEST_CASE("rows in braces make a matrix, numbers in braces a vector") {
    const Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    CHECK((A.rows() == 2 && A.cols() == 3 && A(0, 2) == 3 && A(1, 0) == 4));
    const Matrix<double, dynamic, dynamic, col_major> B = {{1, 2, 3}, {4, 5, 6}};
    CHECK((B(0, 2) == 3 && B(1, 0) == 4 && B.data()[1] == 4 && A.data()[1] == 2));
    const Matrix<float, 2, 2> F = {{1, 2}, {3, 4}};
    CHECK(F(1, 0) == 3);
    const Matrix<double, dynamic, 2> half = {{1, 2}, {3, 4}, {5, 6}};
    CHECK(half.rows() == 3);
    const Vector<double> x = {3, -4, 0, 5};
    CHECK((x.size() == 4 && x[1] == -4 && x(1, 0) == -4));
    CHECK(Vector<double>{7}.size() == 1);
    CHECK(Vector<double>(7).size() == 7);
    CHECK(Matrix<double>({{1, 2}}).rows() == 1);
    const Matrix<double> none = {};
    CHECK(none.empty());
}

TEST_CASE("ragged rows are a shape_error that names the row") {
    const auto ragged = [] { Matrix<double>{{1, 2}, {3, 4}, {5}}; };
    CHECK_THROWS_AS(ragged(), shape_error);
    CHECK_THROWS_WITH(ragged(), support::contains_text("row 2 has 1") && support::contains_text("2"));
    CHECK_THROWS_AS((Matrix<double>{{1}, {3, 4}}), shape_error);
    CHECK_THROWS_AS((Matrix<double, 2, 2>{{1, 2}, {3}}), shape_error);
    CHECK_THROWS_AS((Matrix<double, 2, 2>{{1, 2}, {3, 4}, {5, 6}}), shape_error);
    CHECK_THROWS_AS((Matrix<double, 2, 2>{{1, 2}}), shape_error);
    CHECK_THROWS_AS((Vector<double, 3>{1, 2}), shape_error);
}

TEST_CASE("extents that contradict the type are a shape_error") {
    CHECK_THROWS_AS((Matrix<double, 2, 2>(3, 2)), shape_error);
    CHECK_THROWS_AS((Matrix<double, dynamic, 3>(3, 2)), shape_error);
    CHECK_THROWS_AS(Vector<double>(2, 2), shape_error);
    CHECK_THROWS_AS(Matrix<double>(-1, 2), shape_error);
    CHECK_THROWS_AS(Vector<double>(-1), shape_error);
    CHECK_THROWS_WITH((Matrix<double, 2, 2>(3, 2)), support::contains_text("2x2") && support::contains_text("3x2"));
}

TEST_CASE("a size that overflows is refused before memory is taken") {
    constexpr index_t big = index_t{1} << 32;
    constexpr index_t largest = std::numeric_limits<index_t>::max();
    CHECK_THROWS_AS(Matrix<double>(big, big), std::bad_array_new_length);
    CHECK_THROWS_AS(Matrix<char>(big, big), std::bad_array_new_length);
    CHECK_THROWS_AS(Matrix<double>(largest, 1), std::bad_array_new_length);
    CHECK_THROWS_AS(Vector<double>(index_t{1} << 62), std::bad_array_new_length);
    CHECK_THROWS_AS(Matrix<char>(largest, largest), std::bad_array_new_length);
    CHECK_THROWS_AS(Matrix<float>(largest, 2), std::bad_array_new_length);
    CHECK_THROWS_AS(Matrix<double>(2, 2).resize(big, big), std::bad_array_new_length);
    CHECK(Matrix<double>(0, largest).empty());
}

TEST_CASE("at is checked in every build") {
    Matrix<double> A = {{1, 2}, {3, 4}};
    const Matrix<double>& constant = A;
    CHECK(A.at(1, 1) == 4);
    A.at(0, 1) = 7;
    CHECK(constant.at(0, 1) == 7);
    CHECK_THROWS_AS(A.at(2, 0), std::out_of_range);
    CHECK_THROWS_AS(A.at(0, 2), std::out_of_range);
    CHECK_THROWS_AS(A.at(-1, 0), std::out_of_range);
    CHECK_THROWS_AS(constant.at(0, -1), std::out_of_range);
    CHECK_THROWS_WITH(A.at(2, 5), "element (2, 5) of a 2x2 matrix");
    Vector<double> x = {1, 2, 3};
    CHECK(x.at(2) == 3);
    x.at(0) = 9;
    CHECK(std::as_const(x).at(0) == 9);
    CHECK_THROWS_AS(x.at(3), std::out_of_range);
    CHECK_THROWS_AS(std::as_const(x).at(-1), std::out_of_range);
    CHECK_THROWS_AS(Matrix<double>().at(0, 0), std::out_of_range);
}

TEST_CASE("the call operator is checked where GRAM_CHECKED says so") {
    Matrix<double> A(2, 2);
    Vector<double> x(2);
    CHECK_THROWS_AS(A.operator()<true>(2, 0), std::out_of_range);
    CHECK_THROWS_AS(x.operator[]<true>(2), std::out_of_range);
    if constexpr (GRAM_CHECKED) {
        CHECK_THROWS_AS(A(2, 0), std::out_of_range);
        CHECK_THROWS_WITH(A(2, -1), "element (2, -1) of a 2x2 matrix");
        CHECK_THROWS_WITH(A.T()(0, 2), "element (0, 2) of a 2x2 matrix");
        CHECK_THROWS_AS(std::as_const(A)(0, 2), std::out_of_range);
        CHECK_THROWS_AS(x[2], std::out_of_range);
        CHECK_THROWS_AS(std::as_const(x)[-1], std::out_of_range);
    }
}

TEST_CASE("fixed and dynamic extents, and layouts, convert into each other") {
    const Matrix<double> dynamic_matrix = {{1, 2}, {3, 4}};
    const Matrix<double, 2, 2> fixed = dynamic_matrix;
    const Matrix<double, dynamic, 2> rows_free = fixed;
    const Matrix<double, 2, dynamic, col_major> by_columns = rows_free;
    const Matrix<double> back = by_columns;
    CHECK(back == dynamic_matrix);
    CHECK(by_columns.data()[1] == 3);
    CHECK_THROWS_AS((Matrix<double, 3, 3>(dynamic_matrix)), shape_error);
    CHECK_THROWS_AS(Vector<double>(dynamic_matrix), shape_error);
    const Vector<double> column = Matrix<double>(dynamic_matrix.col(1));
    CHECK(column == Vector<double>{2, 4});
    const Vector<double, 2> fixed_column = column;
    CHECK(Vector<double>(fixed_column) == column);
    Matrix<double, 2, 2> target;
    target = dynamic_matrix;
    CHECK(target == fixed);
    CHECK_THROWS_AS(target = Matrix<double>(3, 2), shape_error);
    CHECK(target == fixed);
}

TEST_CASE("copies are deep") {
    Matrix<double> A = {{1, 2}, {3, 4}};
    Matrix<double> B = A;
    B(0, 0) = 9;
    CHECK(A(0, 0) == 1);
    A = B;
    B(1, 1) = 7;
    CHECK((A(0, 0) == 9 && A(1, 1) == 4));
    A = Matrix<double>(5, 1);
    CHECK((A.rows() == 5 && A.cols() == 1 && B.rows() == 2));
    B = A;
    CHECK((B.rows() == 5 && B == A));
}

TEST_CASE("a moved-from matrix is empty and can be used again") {
    Matrix<double> A = {{1, 2}, {3, 4}};
    const double* memory = A.data();
    Matrix<double> B = std::move(A);
    CHECK(B.data() == memory);
    CHECK((A.rows() == 0 && A.cols() == 0 && A.size() == 0 && A.begin() == A.end()));  // NOLINT
    CHECK(sum(A) == 0);
    A = B;
    CHECK(A == B);
    Matrix<double> C(7, 7);
    C = std::move(B);
    CHECK((C == A && B.empty()));  // NOLINT
    B.resize(2, 2);
    CHECK(B == zeros<double>(2, 2));
    Vector<double> x = {1, 2};
    const Vector<double> y = std::move(x);
    CHECK((x.rows() == 0 && x.cols() == 1 && y.size() == 2));  // NOLINT
    Matrix<double, 3, dynamic> H(3, 4);
    const Matrix<double, 3, dynamic> I = std::move(H);
    CHECK((H.rows() == 3 && H.cols() == 0 && I.cols() == 4));  // NOLINT
    Matrix<double, 2, 2> F = {{1, 2}, {3, 4}};
    const Matrix<double, 2, 2> G = std::move(F);
    CHECK(G(1, 1) == 4);
}

TEST_CASE("resize gives zeros in a new shape and keeps a shape that is there") {
    Matrix<double> A = {{1, 2}, {3, 4}};
    A.resize(2, 2);
    CHECK(A(1, 1) == 4);
    A.resize(3, 5);
    CHECK(A == zeros<double>(3, 5));
    A.resize(0, 5);
    CHECK((A.empty() && A.cols() == 5));
    CHECK_THROWS_AS(A.resize(-1, 2), shape_error);
    Matrix<double, 2, 2> F;
    F.resize(2, 2);
    CHECK_THROWS_AS(F.resize(2, 3), shape_error);
}

TEST_CASE("fill writes one value everywhere") {
    Matrix<double, dynamic, dynamic, col_major> A = {{1, 2, 3}, {4, 5, 6}};
    A.fill(A(1, 1));
    CHECK(A == Matrix<double>{{5, 5, 5}, {5, 5, 5}});
    Matrix<double> empty(0, 3);
    empty.fill(1);
    CHECK(empty.cols() == 3);
}

TEST_CASE("swap exchanges shapes and elements") {
    Matrix<double> A = {{1, 2}, {3, 4}}, B(3, 1);
    const double* a = A.data();
    swap(A, B);
    CHECK((B.data() == a && A.rows() == 3));
    A.swap(B);
    CHECK((A.data() == a && B.rows() == 3));
}

TEST_CASE("memory is laid out as the type says and aligned to a cache line") {
    const Matrix<double> A(3, 5);
    CHECK((A.row_stride() == 5 && A.col_stride() == 1));
    const Matrix<double, dynamic, dynamic, col_major> B(3, 5);
    CHECK((B.row_stride() == 1 && B.col_stride() == 3));
    const Vector<double> x(5);
    CHECK((x.vec().size == 5 && x.vec().stride == 1));
    for (const index_t n : {1, 2, 3, 17, 100}) {
        CHECK(reinterpret_cast<std::uintptr_t>(Matrix<float>(n, n).data()) % 64 == 0);
    }
    CHECK((A.ref().rows == 3 && A.ref().cols == 5 && A.ref().data == A.data()));
}

TEST_CASE("iteration runs in storage order") {
    Matrix<int> A = {{1, 2}, {3, 4}};
    int sum = 0, position = 0;
    for (const int x : A) sum += x * (++position);
    CHECK(sum == 1 + 4 + 9 + 16);
    for (int& x : A) x = 0;
    CHECK(A == zeros<int>(2, 2));
}

TEST_CASE("empty shapes of every kind exist") {
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 0}, {0, 4}, {4, 0}}) {
        Matrix<double> A(m, n);
        CHECK((A.rows() == m && A.cols() == n && A.empty()));
        const Matrix<double> B = A;
        CHECK((B.rows() == m && B.cols() == n && A == B));
        CHECK((A.T().rows() == n && A.T().cols() == m));
        A = A + B;
        A *= 2;
        CHECK((A.rows() == m && A.cols() == n));
    }
    const Matrix<double, 0, 3> F;
    CHECK((F.rows() == 0 && F.cols() == 3 && F.empty()));
    CHECK(Vector<double>{}.empty());
}
