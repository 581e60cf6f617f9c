// + - * / on every scalar, size and layout, compared with plain loops.
#include "gram/expr/operators.hpp"

#include <complex>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::close;
using naive::Grid;
using naive::grid;

namespace {

constexpr std::initializer_list<index_t> lengths = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 129};

template <class T>
double tolerance() {
    return std::is_integral_v<T> ? 0 : 8 * static_cast<double>(std::numeric_limits<real_t<T>>::epsilon());
}

}  // namespace

TEMPLATE_TEST_CASE("arithmetic is right for every size", "", float, double, int, std::int64_t, std::complex<double>) {
    using T = TestType;
    for (const index_t n : lengths) {
        for (const index_t m : {index_t{1}, index_t{3}, n}) {
            CAPTURE(m, n);
            const auto A = naive::random<Matrix<T>>(m, n, 1), B = naive::random<Matrix<T>>(m, n, 2);
            const auto a = grid(A), b = grid(B);
            Matrix<T> C;
            C = A + T{2} * B - hadamard(A, B) - (-A);
            CHECK(close(C, zip(a, b, [](auto x, auto y) { return x + x + y + y - x * y; }), 2 * tolerance<T>()));
            C = (A + 3) - (4 - B) * 2;
            CHECK(close(C, zip(a, b, [](auto x, auto y) { return x + y + y - naive::widen(T{5}); }), tolerance<T>()));
            const Matrix<T> D = hadamard(B, B) + T{1};
            if constexpr (!std::is_integral_v<T>) {
                C = A / (D + T{1}) + T{1} / (hadamard(D, D) + T{1}) - D / T{4};
                const auto unit = naive::widen(T{1});
                CHECK(close(C,
                            zip(a, b,
                                [unit](auto x, auto y) {
                                    const auto d = y * y + unit;
                                    return x / (d + unit) + unit / (d * d + unit) - d / naive::widen(T{4});
                                }),
                            1e4 * tolerance<T>()));
            } else {
                C = A / D + T{100} / D - D / T{4};
                for (index_t i = 0; i < C.size(); ++i) {
                    const T d = D.data()[i];
                    CHECK(C.data()[i] == A.data()[i] / d + 100 / d - d / 4);
                }
            }
            C = A;
            C += B;
            C *= 3;
            C -= A;
            C -= 1;
            C += T{2};
            CHECK(close(C, zip(a, b, [](auto x, auto y) { return x + x + y + y + y + naive::widen(T{1}); }),
                        4 * tolerance<T>()));
        }
    }
}

template <class T>
T largest_term(const Matrix<T>& A, const Matrix<T>& B) {
    return max(abs(A)) + T{2} * max(abs(B)) + max(abs(A)) * max(abs(B));
}

TEMPLATE_TEST_CASE("every layout on either side gives the same", "", float, double, int) {
    using T = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 3}, {1, 1}, {1, 19}, {19, 1}, {7, 9}, {16, 33}}) {
        CAPTURE(m, n);
        const auto A = naive::random<Matrix<T>>(m, n, 3), B = naive::random<Matrix<T>>(m, n, 4);
        const Matrix<T> expected = A + T{2} * B - hadamard(A, B);
        // A scalar loop may fuse a multiplication with an addition where packets do not: a few roundings of the terms.
        const double slack = 4 * static_cast<double>(std::numeric_limits<T>::epsilon()) *
                             static_cast<double>(n * m == 0 ? T{} : largest_term(A, B));
        const auto same = [&](const auto& x) { return allclose(x, expected, 0.0, slack); };
        support::for_each_layout(A, [&](const char* name, const auto& a) {
            CAPTURE(name);
            const Matrix<T> by_rows = a + T{2} * B - hadamard(A, B);
            CHECK(same(by_rows));
            const Matrix<T, dynamic, dynamic, col_major> by_columns = A + T{2} * B - hadamard(a, B);
            CHECK(same(by_columns));
            Matrix<T> wide(m + 2, n + 3);
            wide = full<T>(m + 2, n + 3, T{7});
            wide.block(1, 1, m, n) = a + T{2} * B - hadamard(a, B);
            CHECK(same(wide.block(1, 1, m, n)));
            wide.block(1, 1, m, n) = T{7};
            CHECK(wide == full<T>(m + 2, n + 3, T{7}));
            Matrix<T> turned(n, m);
            turned.T() = a + T{2} * B - hadamard(a, B);
            CHECK(same(turned.T()));
        });
    }
}

TEST_CASE("nothing is written beside a view with gaps") {
    for (const index_t n : {1, 7, 16, 33}) {
        std::vector<double> memory(static_cast<std::size_t>(6 * n + 64), -1.0);
        const auto strided = view(memory.data() + 5, 2, n, 3 * n, 2);
        const auto dense = view(memory.data() + 5, 2, n, 3 * n, 1);
        strided = ones<double>(2, n) + 1;
        double total = 0;
        for (const double x : memory) total += x;
        CHECK(total == -static_cast<double>(memory.size()) + 3 * static_cast<double>(2 * n));
        for (double& x : memory) x = -1;
        dense = exp(zeros<double>(2, n));
        total = 0;
        for (const double x : memory) total += x;
        CHECK(total == -static_cast<double>(memory.size()) + 2 * static_cast<double>(2 * n));
    }
}

TEST_CASE("fixed extents mix with dynamic ones") {
    const Matrix<double, 2, 3> F = {{1, 2, 3}, {4, 5, 6}};
    const Matrix<double> D = F;
    const auto sum = F + D;
    STATIC_REQUIRE(rows_v<decltype(sum)> == 2);
    STATIC_REQUIRE(cols_v<decltype(sum)> == 3);
    STATIC_REQUIRE(std::is_same_v<decltype(eval(sum)), Matrix<double, 2, 3>>);
    STATIC_REQUIRE(std::is_same_v<decltype(eval(D * F)), Matrix<double, dynamic, 3>>);
    CHECK(eval(sum) == 2 * F);
    CHECK((Matrix<double, 2, 3>(D - F)) == zeros<double>(2, 3));
}

TEST_CASE("shapes that differ are a shape_error that names both") {
    const Matrix<double> A(3, 5), B(3, 4), C(2, 5);
    CHECK_THROWS_AS(A + B, shape_error);
    CHECK_THROWS_AS(A - C, shape_error);
    CHECK_THROWS_AS(hadamard(A, A.T()), shape_error);
    CHECK_THROWS_AS(A / B, shape_error);
    CHECK_THROWS_AS(maximum(A, B), shape_error);
    CHECK_THROWS_AS(A < B, shape_error);
    CHECK_THROWS_AS(where(A < A, A, B), shape_error);
    CHECK_THROWS_AS(where(A < A, B, A), shape_error);
    CHECK_THROWS_WITH(A + B, support::contains_text("3x5 + 3x4"));
    CHECK_THROWS_WITH(hadamard(A, C), support::contains_text("3x5") && support::contains_text("2x5"));
    Matrix<double> D(3, 5);
    CHECK_THROWS_AS(D += B, shape_error);
    CHECK_THROWS_AS(D -= C, shape_error);
    CHECK_THROWS_AS((Matrix<double, 2, 2>(A + A)), shape_error);
}

TEST_CASE("whole matrices compare with == and !=") {
    const Matrix<double> A = {{1, 2}, {3, 4}};
    const Matrix<double, dynamic, dynamic, col_major> B = A;
    CHECK(A == B);
    CHECK(A == A.T().T());
    CHECK(A != A.T());
    CHECK(A != Matrix<double>{{1, 2, 3}, {3, 4, 5}});
    CHECK(A + A == 2 * A);
    CHECK(Matrix<double>(0, 3) != Matrix<double>(0, 4));
    const Matrix<double> N = {{std::numeric_limits<double>::quiet_NaN()}};
    CHECK(N != N);
    CHECK(Vector<double>{0.0} == Vector<double>{-0.0});
    CHECK(Vector<double>{1, 2} != RowVector<double>{1, 2});
}

TEST_CASE("comparisons give booleans that count and choose") {
    const Matrix<double> A = {{1, -2}, {-3, 4}}, B = {{0, -2}, {5, 4}};
    CHECK(Matrix<bool>(A < B) == Matrix<bool>{{false, false}, {true, false}});
    CHECK(Matrix<bool>(A <= B) == Matrix<bool>{{false, true}, {true, true}});
    CHECK(Matrix<bool>(A > B) == Matrix<bool>{{true, false}, {false, false}});
    CHECK(Matrix<bool>(A >= B) == Matrix<bool>{{true, true}, {false, true}});
    CHECK(Matrix<bool>(equal(A, B)) == Matrix<bool>{{false, true}, {false, true}});
    CHECK(sum(A > 0) == 2);
    CHECK(any(A > 3.5));
    CHECK(!all(A > 0));
    CHECK(mean(A > 0) == 0.5);
    CHECK(eval(where(A > 0, A, -A)) == Matrix<double>{{1, 2}, {3, 4}});
    CHECK(sum(equal(A, 4)) == 1);
    CHECK(sum(A >= 1) + sum(A <= 1) == 5);
    CHECK(Matrix<bool>(not_equal(A, B)) == Matrix<bool>{{true, false}, {true, false}});
    CHECK(sum(not_equal(A, 4)) == 3);
}

TEST_CASE("a number may stand on either side of a comparison") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Vector<double> x = {1, 2, 3, nan};
    CHECK(eval(2 < x) == Vector<bool>{false, false, true, false});
    CHECK(eval(2 <= x) == Vector<bool>{false, true, true, false});
    CHECK(eval(2 > x) == Vector<bool>{true, false, false, false});
    CHECK(eval(2 >= x) == Vector<bool>{true, true, false, false});
    CHECK(eval(equal(2, x)) == Vector<bool>{false, true, false, false});
    CHECK(eval(not_equal(2, x)) == Vector<bool>{true, false, true, true});
    const auto larger = eval(maximum(2, x)), smaller = eval(minimum(2, x));
    CHECK((larger[0] == 2 && larger[2] == 3 && larger[3] != larger[3]));
    CHECK((smaller[0] == 1 && smaller[2] == 2 && smaller[3] != smaller[3]));
}

TEST_CASE("where takes numbers in the place of matrices") {
    const Matrix<double> A = {{1, -2}, {-3, 4}};
    CHECK(eval(where(A > 0, A, 0)) == Matrix<double>{{1, 0}, {0, 4}});
    CHECK(eval(where(A > 0, 0.5, A)) == Matrix<double>{{0.5, -2}, {-3, 0.5}});
    CHECK(eval(where(A > 0, 1, -1)) == Matrix<int>{{1, -1}, {-1, 1}});
    CHECK(eval(where(A > 0, A * A, 9)) == Matrix<double>{{7, 9}, {9, 22}});
    const Matrix<std::complex<double>> Z = {{1, 2}, {3, 4}};
    CHECK(eval(where(A > 0, Z, 0)) == Matrix<std::complex<double>>{{1, 0}, {0, 4}});
    CHECK_THROWS_AS(where(A > 0, Matrix<double>(3, 2), 0), shape_error);
    Matrix<double> B = A;
    B = where(B.T() < 0, 0, B);
    CHECK(B == Matrix<double>{{1, 0}, {0, 4}});
}
