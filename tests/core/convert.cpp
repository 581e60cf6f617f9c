// Containers and views of the standard library: no copy unless asked for.
#include "gram/core/convert.hpp"

#include <vector>

#include "gram/expr/expr.hpp"
#include "support/catch.hpp"

using namespace gram;

TEST_CASE("a vector and a span of the standard library are columns and matrices") {
    std::vector<double> data = {1, 2, 3, 4, 5, 6};
    view(data) *= 2.0;
    CHECK((data[5] == 12 && cols_v<decltype(view(data))> == 1));
    const std::vector<double>& constant = data;
    STATIC_REQUIRE(!decltype(view(constant))::is_writable);
    CHECK(sum(view(constant)) == 42);
    const auto M = view(std::span(data), 2, 3);
    M(1, 0) = 0;
    CHECK(data[3] == 0);
    CHECK_THROWS_AS(view(std::span(data), 4, 2), shape_error);
    CHECK_THROWS_AS(view(std::span(data), -2, -3), shape_error);
    std::array<int, 3> three = {1, 2, 3};
    CHECK(view(std::span(three)) == Vector<int>{1, 2, 3});
    CHECK(view(std::span<double>()).rows() == 0);
}

TEST_CASE("a matrix is a span in the order of its memory, a list in row order") {
    Matrix<int, dynamic, dynamic, col_major> A = {{1, 2}, {3, 4}};
    CHECK((as_span(A)[1] == 3 && to_std_vector(A) == std::vector<int>{1, 2, 3, 4}));
    as_span(A)[0] = 7;
    CHECK(A(0, 0) == 7);
    CHECK(as_span(std::as_const(A)).size() == 4);
    CHECK(to_std_vector(A.T() + 1) == std::vector<int>{8, 4, 3, 5});
}

#if defined(__cpp_lib_mdspan)
TEST_CASE("mdspans see matrices, and matrices mdspans, with their strides") {
    Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    const auto m = as_mdspan(A), t = as_mdspan(A.T());
    CHECK((m[1, 2] == 6 && t[2, 1] == 6 && as_mdspan(std::as_const(A))[0, 1] == 2));
    m[0, 0] = 7;
    CHECK(A(0, 0) == 7);
    CHECK(view(t) == A.T());
    view(m)(1, 0) = 9;
    CHECK(A(1, 0) == 9);
    const std::mdspan<double, std::extents<int, 3, 2>, std::layout_left> columns(A.data());
    CHECK(view(columns) == Matrix<double>{{7, 9}, {2, 5}, {3, 6}});
    CHECK(view(std::mdspan(A.data(), 3)) == Vector<double>{7, 2, 3});
}
#endif
