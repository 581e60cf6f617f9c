#include "gram/linalg/lstsq.hpp"

#include <limits>

#include "gram/expr/operators.hpp"
#include "gram/linalg/rank.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

// ||A^T (A X - B)|| / (max(m, n) eps ||A|| (||A|| ||X|| + ||B||)): the residual is orthogonal to the range of A.
template <class T>
double normal_equations_ratio(const Matrix<T>& A, const Matrix<T>& X, const Matrix<T>& B) {
    const auto a = support::plain(A), x = support::plain(X), b = support::plain(B);
    auto R = support::multiply(a, x);
    for (std::size_t i = 0; i < R.data.size(); ++i) R.data[i] -= b.data[i];
    const double norm = support::frobenius(a);
    if (norm == 0) return support::frobenius(x) == 0 ? 0 : std::numeric_limits<double>::infinity();
    auto scaled = support::transposed(a);
    for (double& v : scaled.data) v /= norm;
    return support::ratio_of<T>(support::frobenius(support::multiply(scaled, R)), std::max(A.rows(), A.cols()),
                                norm * support::frobenius(x) + support::frobenius(b));
}

}  // namespace

TEMPLATE_TEST_CASE("lstsq leaves a residual orthogonal to the range of A, for every shape", "", float, double) {
    support::Worst worst;
    support::for_each_shape(support::small_sizes, [&](index_t m, index_t n) {
        for (const auto& [name, A] : support::hostile_matrices<TestType>(m, n)) {
            CAPTURE(name, m, n);
            const auto B = support::gaussian<TestType>(m, 2, 1);
            const auto X = lstsq(A, B);
            REQUIRE((X.rows() == n && X.cols() == 2));
            CHECK(worst(normal_equations_ratio(A, X, B)) < 3);
        }
    });
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("lstsq gives the solution of smallest norm: that of the pseudo-inverse", "", float, double) {
    for (const auto& [m, n, rank] :
         {std::array<index_t, 3>{20, 8, 8}, {20, 8, 5}, {8, 20, 8}, {8, 20, 3}, {9, 9, 4}, {30, 30, 30}}) {
        CAPTURE(m, n, rank);
        std::vector<double> s(static_cast<std::size_t>(std::min(m, n)), 0.0);
        for (index_t i = 0; i < rank; ++i) s[static_cast<std::size_t>(i)] = 1 + static_cast<double>(i);
        const auto A = support::with_singular_values<TestType>(m, n, s, 2);
        const auto B = support::gaussian<TestType>(m, 3, 3);
        const Matrix<TestType> expected = pinv(A) * B;
        CHECK(support::distance_ratio(expected, lstsq(A, B)) < 30);
    }
}

TEMPLATE_TEST_CASE("lstsq fits a line and takes a vector", "", float, double) {
    const Matrix<TestType> D = {{1, 0}, {1, 1}, {1, 2}, {1, 3}};
    const Vector<TestType> x = lstsq(D, Vector<TestType>{1, 3, 5, 7});
    CHECK(support::values_ratio(x, Vector<TestType>{1, 2}, 1) < 10);
}

TEMPLATE_TEST_CASE("lstsq does not depend on the layout of its input", "", float, double) {
    for (const auto& [m, n] : {std::array<index_t, 2>{20, 7}, {7, 20}}) {
        const auto A = support::gaussian<TestType>(m, n, 4), B = support::gaussian<TestType>(m, 2, 5);
        const auto X = lstsq(A, B);
        support::for_each_layout(A, [&](const char* layout, const auto& a) {
            CAPTURE(layout, m, n);
            CHECK(support::identical(lstsq(a, B), X));
        });
    }
}

TEMPLATE_TEST_CASE("lstsq of a zero or empty matrix is zero", "", float, double) {
    CHECK(support::identical(lstsq(Matrix<TestType>(3, 2), Vector<TestType>{1, 2, 3}), Vector<TestType>(2)));
    CHECK(support::identical(lstsq(Matrix<TestType>(0, 2), Vector<TestType>(0)), Vector<TestType>(2)));
    CHECK(lstsq(Matrix<TestType>(3, 0), Vector<TestType>(3)).size() == 0);
}

TEMPLATE_TEST_CASE("lstsq finds what is in range whatever the scale of its inputs", "", float, double) {
    const TestType big = std::is_same_v<TestType, float> ? TestType(0x1p110) : TestType(0x1p1000);
    const auto A = support::gaussian<TestType>(20, 9, 6), B = support::gaussian<TestType>(20, 2, 7);
    const auto X = lstsq(A, B);
    const auto same = [&](const Matrix<TestType>& Y) { return support::distance_ratio(X, Y) < 100; };
    CHECK(same(lstsq(A * big, B * big)));
    CHECK(same(lstsq(A / big, B / big)));
    CHECK(same(lstsq(A * big, B) * big));
    CHECK(same(lstsq(A, B * big) / big));
}

TEMPLATE_TEST_CASE("lstsq refuses NaN, infinity and shapes that do not fit", "", float, double) {
    const TestType inf_ = std::numeric_limits<TestType>::infinity();
    const Matrix<TestType> A = {{1, 2}, {3, 4}, {5, 6}};
    CHECK_THROWS_AS(lstsq(A, Vector<TestType>(2)), shape_error);
    CHECK_THROWS_AS(lstsq(A, Vector<TestType>{1, inf_, 2}), non_finite);
    CHECK_THROWS_WITH(lstsq(Matrix<TestType>{{1, 2}, {3, inf_}}, Vector<TestType>{1, 2}),
                      "lstsq: the matrix holds NaN or infinity at (1, 1)");
}
