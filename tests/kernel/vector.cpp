#include "gram/kernel/vector.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Numbers;

namespace {
constexpr index_t strides[] = {1, 2, -1};
}

TEMPLATE_TEST_CASE("vector kernels are right for every length and stride", "[vector]", float, double) {
    using T = TestType;
    Numbers numbers(3);
    double worst = 0;
    bool exact = true;
    for (index_t n = 0; n < 140; ++n) {
        for (const index_t xs : strides) {
            for (const index_t ys : strides) {
                operands::Vector<T> x(n, xs, numbers), y(n, ys, numbers), z(y);
                operands::Reference product, magnitudes;
                for (index_t i = 0; i < n; ++i) {
                    product.add(static_cast<long double>(x[i]) * y[i]);
                    magnitudes.add(std::fabs(x[i]));
                }
                worst = operands::worst(worst, operands::ratio(dot(x.ref(), y.ref()), product, n));
                worst = operands::worst(worst, operands::ratio(asum(x.ref()), magnitudes, n));
                axpy(T(-0.5), x.ref(), z.ref());
                for (index_t i = 0; i < n; ++i) {
                    operands::Reference sum;
                    sum.add(y[i]);
                    sum.add(-0.5L * x[i]);
                    worst = operands::worst(worst, operands::ratio(z[i], sum, 2));
                }
                operands::Vector<T> a(x), b(y);
                swap(a.ref(), b.ref());
                copy(y.ref(), z.ref());
                scal(T(3), y.ref());
                for (index_t i = 0; i < n; ++i) {
                    exact = exact && a[i] == z[i] && b[i] == x[i] && y[i] == T(3) * z[i];
                }
                exact = exact && x.guarded() && y.guarded() && z.guarded() && a.guarded() && b.guarded();
            }
        }
    }
    CHECK(worst < 1);
    CHECK(exact);
}

TEMPLATE_TEST_CASE("iamax finds the first of the largest magnitudes", "[vector]", float, double) {
    using T = TestType;
    Numbers numbers(5);
    CHECK(iamax(VecRef<const T>{nullptr, 0, 1}) == -1);
    for (index_t n = 1; n < 100; ++n) {
        for (const index_t stride : strides) {
            operands::Vector<T> x(n, stride, numbers);
            const index_t at = numbers.index(n), again = at + numbers.index(n - at);
            x[at] = T(-5);
            if (again != at) x[again] = T(5);
            CHECK(iamax(x.ref()) == at);
            x[again] = std::numeric_limits<T>::quiet_NaN();
            CHECK(iamax(x.ref()) == again);
            for (index_t i = 0; i < n; ++i) x[i] = T(0);
            CHECK(iamax(x.ref()) == 0);
        }
    }
}

TEMPLATE_TEST_CASE("iamax finds the first of the largest magnitudes across blocks", "[vector]", float, double) {
    using T = TestType;
    Numbers numbers(7);
    const index_t n = 2500;
    for (int trial = 0; trial < 20; ++trial) {
        operands::Vector<T> x(n, 1, numbers);
        const index_t at = numbers.index(n), again = at + numbers.index(n - at), nan = numbers.index(n - 1);
        x[at] = x[again] = T(-5);
        CHECK(iamax(x.ref()) == at);
        x[nan] = -std::numeric_limits<T>::quiet_NaN();
        x[n - 1] = std::numeric_limits<T>::infinity();
        CHECK(iamax(x.ref()) == nan);
    }
}

TEMPLATE_TEST_CASE("scal by zero overwrites NaN", "[vector]", float, double) {
    TestType x[] = {std::numeric_limits<TestType>::quiet_NaN(), 1};
    scal(TestType(0), VecRef<TestType>{x, 2, 1});
    CHECK(x[0] == TestType(0));
}

TEST_CASE("vector kernels take integers and complex numbers", "[vector]") {
    int x[] = {1, -4, 3}, y[] = {1, 1, 1};
    const VecRef<int> a{x, 3, 1}, b{y, 3, 1};
    CHECK(dot(a, b) == 0);
    CHECK(asum(a) == 8);
    CHECK(iamax(a) == 1);
    axpy(2, a, b);
    CHECK(y[1] == -7);
    std::complex<double> z[] = {{3, 4}, {0, 1}};
    CHECK(asum(VecRef<std::complex<double>>{z, 2, 1}) == 6);
    CHECK(iamax(VecRef<std::complex<double>>{z, 2, 1}) == 0);
    CHECK(dot(VecRef<std::complex<double>>{z, 2, 1}, VecRef<std::complex<double>>{z, 2, 1}) ==
          std::complex<double>(-8, 24));
}
