#include "gram/io/elements.hpp"

#include <cmath>
#include <limits>

#include "gram/expr/expr.hpp"
#include "support/catch.hpp"

using namespace gram;
namespace parts = gram::io::detail;

TEMPLATE_TEST_CASE("finite numbers are known by their bits", "", float, double) {
    using limits = std::numeric_limits<TestType>;
    for (const TestType x : {TestType{0}, limits::denorm_min(), limits::max(), limits::lowest()})
        CHECK(parts::is_finite(x));
    for (const TestType x : {limits::infinity(), -limits::infinity(), limits::quiet_NaN(), limits::signaling_NaN()}) {
        CHECK_FALSE(parts::is_finite(x));
    }
}

TEST_CASE(
    "containers are used where they lie, everything else is computed once, in row order where that is asked for") {
    const Matrix<double> A{{1, 2}, {3, 4}};
    const Matrix<double, dynamic, dynamic, col_major> B = A;
    CHECK(&parts::in_memory(A) == &A);
    CHECK(&parts::in_memory(B) == &B);
    CHECK(&parts::in_memory_by_rows(A) == &A);
    const auto& by_rows = parts::in_memory_by_rows(B);
    CHECK(by_rows.data()[1] == 2);
    const auto& sum = parts::in_memory(A + A);
    CHECK(sum(1, 1) == 8);
    const auto& view = parts::in_memory_by_rows(A.T());
    CHECK(view.data()[1] == 3);
}
