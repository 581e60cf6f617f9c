// Sums, means, extremes against plain loops, and how accurate a long sum is.
#include "gram/expr/reductions.hpp"

#include <complex>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::close;
using naive::Grid;
using naive::grid;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class W>
Grid<W> column_sums(const Grid<W>& a) {
    Grid<W> s(1, a.cols);
    for (index_t i = 0; i < a.rows; ++i)
        for (index_t j = 0; j < a.cols; ++j) s(0, j) += a(i, j);
    return s;
}

}  // namespace

TEMPLATE_TEST_CASE("sums, means and products are right in every layout and size", "", float, double, int,
                   std::complex<double>) {
    using T = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 0},
                               {0, 3},
                               {3, 0},
                               {1, 1},
                               {1, 129},
                               {129, 1},
                               {2, 7},
                               {16, 17},
                               {33, 64},
                               {600, 5},
                               {5, 600}}) {
        CAPTURE(m, n);
        const auto A = naive::random<Matrix<T>>(m, n, 1);
        const auto a = grid(A);
        auto total = naive::widen(T{});
        for (const auto& x : a.data) total += x;
        const auto columns = column_sums(a), rows = transposed(column_sums(transposed(a)));
        const double tolerance = std::is_integral_v<T> ? 0 : naive::product_tolerance<T>(m + n);
        support::for_each_layout(A, [&](const char* name, const auto& X) {
            CAPTURE(name);
            CHECK(std::abs(naive::widen(sum(X)) - total) <= tolerance * (1 + std::abs(static_cast<double>(m * n))));
            CHECK(close(sum<0>(X), columns, tolerance));
            CHECK(close(sum<1>(X), rows, tolerance));
        });
        CHECK(close(sum<0>(A + A), column_sums(sum(a, a)), 2 * tolerance));
        STATIC_REQUIRE(rows_v<decltype(sum<0>(A))> == 1);
        STATIC_REQUIRE(cols_v<decltype(sum<1>(A))> == 1);
    }
}

TEST_CASE("means divide by the number of elements") {
    const Matrix<double> A = {{1, 2, 3}, {5, 6, 7}};
    CHECK(mean(A) == 4);
    CHECK(mean<0>(A) == RowVector<double>{3, 4, 5});
    CHECK(mean<1>(A) == Vector<double>{2, 6});
    const Matrix<int> I = {{1, 2}, {2, 2}};
    CHECK(mean(I) == 1.75);
    CHECK(mean<0>(I) == RowVector<double>{1.5, 2});
    CHECK(mean(I > 1) == 0.75);
    CHECK(mean(Matrix<std::complex<double>>{{{1, 2}, {3, 4}}}) == std::complex<double>(2, 3));
    CHECK(std::isnan(mean(Matrix<double>())));
    CHECK(std::isnan(mean<0>(Matrix<double>(0, 2))[1]));
    CHECK(mean<0>(Matrix<double>(2, 0)).empty());
}

TEST_CASE("products, all and any") {
    CHECK(prod(Matrix<double>{{1, 2}, {3, -4}}) == -24);
    CHECK(prod(Matrix<double>()) == 1);
    CHECK(prod(Vector<int>{1 << 20, 1 << 20, 4}) == std::int64_t{1} << 42);
    CHECK(all(Vector<double>{1, 2, -3}));
    CHECK(!all(Vector<double>{1, 0}));
    CHECK((all(Matrix<double>()) && !any(Matrix<double>())));
    CHECK(any(Vector<double>{0, not_a_number}));
    CHECK(!any(Vector<double>{0, -0.0}));
    CHECK(!any(zeros<int>(3, 3)));
}

TEST_CASE("integer sums do not overflow their element type") {
    CHECK(sum(full<std::int8_t>(100, 3, 127)) == 38100);
    CHECK(sum<0>(full<std::uint8_t>(1000, 2, 255)) == RowVector<std::uint64_t>{255000, 255000});
    CHECK(sum(full<int>(3, 1, std::numeric_limits<int>::max())) ==
          3 * static_cast<std::int64_t>(std::numeric_limits<int>::max()));
    STATIC_REQUIRE(std::is_same_v<decltype(sum(Matrix<int>())), std::int64_t>);
    STATIC_REQUIRE(std::is_same_v<decltype(sum(Matrix<bool>())), std::int64_t>);
}

TEMPLATE_TEST_CASE("extremes and where they are, in every layout", "", float, double, int) {
    using T = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {1, 33}, {33, 1}, {7, 16}, {17, 9}}) {
        const auto A = naive::random<Matrix<T>>(m, n, 2);
        support::for_each_layout(A, [&](const char* name, const auto& X) {
            CAPTURE(m, n, name);
            index_t largest = 0, smallest = 0;
            for (index_t k = 1; k < m * n; ++k) {
                if (A.data()[k] > A.data()[largest]) largest = k;
                if (A.data()[k] < A.data()[smallest]) smallest = k;
            }
            CHECK(argmax(X) == largest);
            CHECK(argmin(X) == smallest);
            CHECK(max(X) == A.data()[largest]);
            CHECK(min(X) == A.data()[smallest]);
            const auto top = max<0>(X);
            const auto where_top = argmax<0>(X);
            const auto low = min<1>(X);
            const auto where_low = argmin<1>(X);
            for (index_t j = 0; j < n; ++j) CHECK((top[j] == max(A.col(j)) && where_top[j] == argmax(A.col(j))));
            for (index_t i = 0; i < m; ++i) CHECK((low[i] == min(A.row(i)) && where_low[i] == argmin(A.row(i))));
            CHECK((max<1>(X)[0] == max(A.row(0)) && argmax<1>(X)[0] == argmax(A.row(0))));
            CHECK((min<0>(X)[0] == min(A.col(0)) && argmin<0>(X)[0] == argmin(A.col(0))));
        });
    }
}

TEST_CASE("ties go to the first, NaN before everything") {
    CHECK(argmax(Vector<double>{1, 3, 3, 2}) == 1);
    CHECK(argmin(Vector<double>{1, 0, -0.0}) == 1);
    CHECK(argmax(Matrix<double>{{0, 5}, {5, 5}}) == 1);
    const Matrix<double> A = {{1, 9, not_a_number}, {not_a_number, 8, 7}};
    CHECK((std::isnan(max(A)) && std::isnan(min(A))));
    CHECK((argmax(A) == 2 && argmin(A) == 2));
    CHECK((std::isnan(max<0>(A)[0]) && max<0>(A)[1] == 9 && std::isnan(min<0>(A)[2])));
    CHECK(argmax<1>(A) == Vector<index_t>{2, 0});
    CHECK(argmin<0>(A) == RowVector<index_t>{1, 1, 0});
    CHECK(std::isnan(sum(A)));
}

TEST_CASE("extremes of nothing are an error that says so") {
    CHECK_THROWS_AS(max(Matrix<double>()), std::invalid_argument);
    CHECK_THROWS_AS(argmin(Matrix<double>(0, 3)), std::invalid_argument);
    CHECK_THROWS_AS(max<0>(Matrix<double>(0, 3)), std::invalid_argument);
    CHECK_THROWS_WITH(min(Matrix<double>(0, 3)), support::contains_text("min") && support::contains_text("0x3"));
    CHECK(max<1>(Matrix<double>(0, 3)).size() == 0);
    CHECK(sum(Matrix<double>(0, 3)) == 0);
    CHECK(sum<0>(Matrix<double>(0, 3)) == RowVector<double>{0, 0, 0});
    CHECK(sum<1>(Matrix<double>(0, 3)).size() == 0);
}

TEST_CASE("infinite elements sum to infinity or NaN as IEEE says") {
    constexpr double inf_ = std::numeric_limits<double>::infinity();
    CHECK(sum(Vector<double>{1, inf_, 2}) == inf_);
    CHECK(std::isnan(sum(Vector<double>{inf_, -inf_})));
    CHECK(max(Vector<double>{-inf_, -5}) == -5);
    CHECK(min(Vector<double>{inf_, inf_}) == inf_);
}

TEMPLATE_TEST_CASE("a long sum loses a few units in the last place, not one for each term", "", float, double) {
    using T = TestType;
    const index_t n = 1 << 22;
    const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
    const Vector<T> x = full<T>(n, 1, T(0.1));
    const double exact = static_cast<double>(n) * static_cast<double>(T(0.1));
    CHECK(std::abs(static_cast<double>(sum(x)) - exact) < 20 * eps * exact);
    CHECK(std::abs(static_cast<double>(sum(x + T(0))) - exact) < 20 * eps * exact);
    CHECK(std::abs(static_cast<double>(mean(x)) - static_cast<double>(T(0.1))) < 20 * eps);
    const auto strided = view(x.data(), n / 2, 1, 2, 1);
    CHECK(std::abs(static_cast<double>(sum(strided)) - exact / 2) < 300 * eps * exact);
    const auto columns = view(x.data(), n / 4, 4);
    for (const T s : sum<0>(columns)) CHECK(std::abs(static_cast<double>(s) - exact / 4) < 300 * eps * exact / 4);
    for (const T s : sum<1>(columns.T())) CHECK(std::abs(static_cast<double>(s) - exact / 4) < 300 * eps * exact / 4);
}

TEST_CASE("the trace is the sum of the diagonal of any shape") {
    const Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    CHECK(trace(A) == 6);
    CHECK(trace(A.T()) == 6);
    CHECK(trace(A * A.T()) == 91);
    CHECK(trace(A + A) == 12);
    CHECK(trace(Matrix<double>()) == 0);
    CHECK(trace(Matrix<int>{{3}}) == 3);
}

TEST_CASE("reductions of products and stretched expressions") {
    const auto A = naive::random<Matrix<double>>(20, 30, 1), B = naive::random<Matrix<double>>(30, 10, 2);
    const Matrix<double> AB = A * B;
    CHECK(std::abs(sum(A * B) - sum(AB)) < 1e-12);
    CHECK(allclose(sum<0>(A * B), sum<0>(AB)));
    CHECK(allclose(sum<1>(relu(A * B + B.row(0))), sum<1>(relu(AB + B.row(0)))));
    CHECK(max(A * B) == max(AB));
    CHECK(allclose(mean<0>(A - mean<0>(A)), zeros<double>(1, 30), 0, 1e-14));
    CHECK(allclose(sum<1>(A - mean<1>(A)), zeros<double>(20, 1), 0, 1e-13));
}

TEMPLATE_TEST_CASE("the place of an extreme of a computed expression is that of its value", "", float, double) {
    using T = TestType;
    for (const index_t n : {1, 7, 16, 33, 600, 1500}) {
        CAPTURE(n);
        const auto A = naive::random<Matrix<T>>(3, n, 9);
        CHECK(argmax(exp(A)) == argmax(A));
        CHECK(argmin(sigmoid(A)) == argmin(A));
        CHECK(argmax<1>(exp(A)) == argmax<1>(A));
        CHECK(argmin<0>(exp(A)) == argmin<0>(A));
        CHECK(max(exp(A)) == max(eval(exp(A))));
        Matrix<T> B = A;
        B(1, n / 2) = std::numeric_limits<T>::quiet_NaN();
        CHECK(argmax(exp(B)) == n + n / 2);
        CHECK(argmin<1>(exp(B))[1] == n / 2);
        CHECK(std::isnan(max(B)));
        CHECK(std::isnan(min(-B)));
    }
}
