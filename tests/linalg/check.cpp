#include "gram/linalg/check.hpp"

#include <cmath>
#include <limits>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;
namespace front = gram::linalg::detail;

TEMPLATE_TEST_CASE("is_finite tells by the bits", "", float, double) {
    using limits = std::numeric_limits<TestType>;
    for (const TestType x : {TestType(0), TestType(-1), limits::max(), limits::lowest(), limits::denorm_min()})
        CHECK(front::is_finite(x));
    for (const TestType x : {limits::infinity(), -limits::infinity(), limits::quiet_NaN(), limits::signaling_NaN()})
        CHECK(!front::is_finite(x));
}

TEMPLATE_TEST_CASE("require_finite names the first place in row order", "", float, double) {
    auto A = support::gaussian<TestType>(9, 20, 1);
    CHECK_NOTHROW(front::require_finite(A.ref(), "f"));
    A(7, 2) = A(5, 19) = std::numeric_limits<TestType>::infinity();
    CHECK_THROWS_WITH(front::require_finite(A.ref(), "f"), "f: the matrix holds NaN or infinity at (5, 19)");
    CHECK_THROWS_WITH(front::require_finite(A.ref().transposed(), "f"),
                      "f: the matrix holds NaN or infinity at (2, 7)");
    CHECK_NOTHROW(front::require_finite(A.ref().block(0, 0, 0, 3), "f"));
}

TEMPLATE_TEST_CASE("scale_for is a power of two with a normal inverse that leads into the safe range", "", float,
                   double) {
    using limits = std::numeric_limits<TestType>;
    CHECK(front::scale_for(TestType(0)) == 1);
    CHECK(front::scale_for(TestType(1)) == 1);
    const TestType safe = std::sqrt(limits::min()) / limits::epsilon();
    for (int e = limits::min_exponent - limits::digits; e < limits::max_exponent; ++e) {
        CAPTURE(e);
        const TestType x = std::ldexp(TestType(1), e), s = front::scale_for(x);
        int exponent = 0;
        REQUIRE(std::frexp(s, &exponent) == TestType(0.5));
        REQUIRE((std::isnormal(s) && std::isnormal(1 / s)));
        REQUIRE((x * s >= safe / 4 && x * s <= 4 / safe));
        if (x >= safe * 4 && x <= 1 / (safe * 4)) REQUIRE(s == 1);
    }
    CHECK(std::isfinite(front::scale_for(limits::max()) * limits::max()));
}

TEMPLATE_TEST_CASE("exact_scale_factor rounds no element away", "", float, double) {
    const TestType big = static_cast<TestType>(support::huge<TestType>);
    const auto narrow = support::times(support::gaussian<TestType>(5, 5, 2), support::huge<TestType>);
    CHECK(front::exact_scale_factor(narrow.ref()) == front::scale_factor(narrow.ref()));
    const Matrix<TestType> wide = {{big, 0}, {0, 1 / big}};
    const TestType s = front::exact_scale_factor(wide.ref());
    CHECK(wide(1, 1) * s / s == wide(1, 1));
    CHECK(front::exact_scale_factor(narrow.ref().block(0, 0, 0, 0)) == 1);
}

TEMPLATE_TEST_CASE("load copies any expression into a padded workspace, scaled and checked", "", float, double) {
    const auto A = support::gaussian<TestType>(11, 6, 3);
    for (const auto order : {linalg::Order::column_major, linalg::Order::row_major})
        support::for_each_layout(A, [&](const char* layout, const auto& B) {
            CAPTURE(layout);
            const auto loaded = front::load(B, "f", order);
            CHECK(loaded.scale == 1);
            CHECK(support::identical(front::matrix_of(loaded.ref()), A));
        });
    const TestType big = static_cast<TestType>(support::huge<TestType>);
    const auto scaled = front::load(A * big, "f");
    CHECK(scaled.scale < 1);
    CHECK(
        support::identical(Matrix<TestType>(front::matrix_of(scaled.ref()) / scaled.scale), Matrix<TestType>(A * big)));
    CHECK(front::load(Matrix<TestType>(0, 4), "f").ref().cols == 4);
    CHECK_THROWS_AS(front::load(A / TestType(0), "f"), non_finite);
}

TEST_CASE("materialize evaluates what is not memory yet and passes on what is") {
    const Matrix<double> A = {{1, 2}, {3, 4}};
    CHECK(&front::materialize(A) == &A);
    const auto& sum = front::materialize(A + A);
    CHECK(sum.ref()(1, 1) == 8);
    CHECK(front::materialize(A.T()).ref()(0, 1) == 3);
    CHECK_THROWS_WITH(front::require_square(A.block(0, 0, 1, 2), "f"), "f: 1x2 is not square");
}

TEST_CASE("the measures of the tests fail what is wrong") {
    const Matrix<double> I = {{1, 0}, {0, 1}}, B = {{1, 1e-12}, {0, 1}}, bad = {{1, std::nan("")}, {0, 1}};
    CHECK(support::orthogonality_ratio(I) == 0);
    CHECK(support::orthogonality_ratio(B) > 1000);
    CHECK(!(support::orthogonality_ratio(bad) < 1e300));
    CHECK(support::distance_ratio(I, I) == 0);
    CHECK(support::distance_ratio(I, B) > 1000);
    CHECK(!(support::distance_ratio(I, bad) < 1e300));
    CHECK(!(support::distance_ratio(I, Matrix<double>(2, 3)) < 1e300));
    CHECK(std::isinf(support::distance_ratio(Matrix<double>(2, 2), I)));
    CHECK(support::factor_ratio(B, I, B, I) == 0);
    CHECK(support::factor_ratio(I, I, B) > 1000);
    CHECK(support::solve_ratio(B, I, B) == 0);
    CHECK(support::solve_ratio(B, I, I) > 1000);
    CHECK(!(support::solve_ratio(B, bad, I) < 1e300));
    CHECK(support::values_ratio(Vector<double>{1, 2}, Vector<double>{1, 2}, 1) == 0);
    CHECK(support::values_ratio(Vector<double>{1, 2}, Vector<double>{1, 2.1}, 1) > 1000);
    CHECK(!(support::values_ratio(Vector<double>{1, std::nan("")}, Vector<double>{1, 2}, 1) < 1e300));
    CHECK(!(support::values_ratio(Vector<double>{1}, Vector<double>{1, 2}, 1) < 1e300));
    CHECK(std::abs(support::frobenius(Matrix<double>{{3e200, 4e200}}) / 5e200 - 1) < 1e-15);
    CHECK(support::frobenius(Matrix<double>(0, 3)) == 0);
    support::Worst worst;
    worst(2);
    worst(std::nan(""));
    worst(3);
    CHECK(std::isnan(worst.value));
    CHECK(!support::identical(bad, bad));
}

TEST_CASE("the matrices of the tests are what they are called") {
    CHECK(support::frobenius(support::with_eigenvalues<double>({3, 4}, 1)) < 5 + 1e-14);
    CHECK(support::frobenius(support::with_eigenvalues<double>({3, 4}, 1)) > 5 - 1e-14);
    CHECK(std::abs(support::frobenius(support::with_singular_values<double>(5, 2, {3, 4}, 1)) - 5) < 1e-14);
    for (const auto& [name, A] : support::hostile_symmetric<float>(6)) {
        CAPTURE(name);
        for (index_t i = 0; i < 6; ++i)
            for (index_t j = 0; j < 6; ++j) CHECK(A(i, j) == A(j, i));
    }
}
