#include "gram/kernel/check.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

TEMPLATE_TEST_CASE("all_finite and max_abs see a special value wherever it stands", "[check]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    Numbers numbers(3);
    for (const Layout layout : operands::all_layouts) {
        for (const index_t n : {1, 2, 8, 17, 33, 70}) {
            const index_t m = 1 + numbers.index(9);
            operands::Matrix<T> A(m, n, layout, numbers);
            const index_t i = numbers.index(m), j = numbers.index(n);
            A(i, j) = -L::max();
            CHECK(all_finite(A.ref()));
            CHECK(max_abs(A.ref()) == L::max());
            A(i, j) = -L::infinity();
            CHECK_FALSE(all_finite(A.ref()));
            CHECK(max_abs(A.ref()) == L::infinity());
            A(i, j) = L::quiet_NaN();
            CHECK_FALSE(all_finite(A.ref()));
            CHECK(std::isnan(max_abs(A.ref())));
            A(i, j) = L::denorm_min();
            CHECK(all_finite(A.ref()));
        }
    }
    CHECK(all_finite(MatRef<T>{nullptr, 0, 3, 3, 1}));
    CHECK(max_abs(MatRef<T>{nullptr, 0, 3, 3, 1}) == T(0));
}

TEST_CASE("all_finite and max_abs take integers, long double and complex numbers", "[check]") {
    int x[] = {1, -7};
    CHECK(all_finite(MatRef<int>{x, 1, 2, 2, 1}));
    CHECK(max_abs(MatRef<int>{x, 1, 2, 2, 1}) == 7);
    long double y[] = {1, std::numeric_limits<long double>::infinity()};
    CHECK_FALSE(all_finite(MatRef<long double>{y, 1, 2, 2, 1}));
    std::complex<double> z[] = {{3, 4}, {0, 1}};
    CHECK(all_finite(MatRef<std::complex<double>>{z, 1, 2, 2, 1}));
    CHECK(max_abs(MatRef<std::complex<double>>{z, 1, 2, 2, 1}) == 5);
    z[1] = {0, std::numeric_limits<double>::quiet_NaN()};
    CHECK_FALSE(all_finite(MatRef<std::complex<double>>{z, 1, 2, 2, 1}));
}
