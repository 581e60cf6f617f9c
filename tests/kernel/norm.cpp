#include "gram/kernel/norm.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Numbers;

TEMPLATE_TEST_CASE("nrm2 is accurate at every scale of its elements", "[norm]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    Numbers numbers(3);
    const T scales[] = {
        T(1), L::max() / 64, L::min(), L::denorm_min() * 1000, std::sqrt(L::min()), std::sqrt(L::max())};
    for (const T scale : scales) {
        for (const index_t n : {1, 2, 7, 16, 33, 100, 1000}) {
            for (const index_t stride : {1, 2, -1}) {
                operands::Vector<T> x(n, stride, numbers);
                long double sum = 0;
                for (index_t i = 0; i < n; ++i) {
                    x[i] *= scale;
                    sum += static_cast<long double>(x[i]) * x[i];
                }
                const long double want = std::sqrt(sum);
                const long double bound = static_cast<long double>(n + 2) / 2 * L::epsilon() * want + L::denorm_min();
                CHECK(std::fabs(nrm2(x.ref()) - want) <= bound);
            }
        }
    }
}

TEMPLATE_TEST_CASE("nrm2 of one element is its magnitude, exactly, at the ends of the range", "[norm]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    for (const T v : {L::max(), L::min(), L::denorm_min(), T(0), T(-1)}) {
        T x[] = {-v, T(0)};
        CHECK(nrm2(VecRef<T>{x, 2, 1}) == std::fabs(v));
    }
    CHECK(nrm2(VecRef<T>{nullptr, 0, 1}) == T(0));
}

TEMPLATE_TEST_CASE("nrm2 hands infinity and NaN on, NaN first", "[norm]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    for (const index_t n : {2, 40}) {
        operands::Vector<T> x(n, 1);
        for (index_t i = 0; i < n; ++i) x[i] = T(1);
        x[n - 1] = -L::infinity();
        CHECK(nrm2(x.ref()) == L::infinity());
        x[0] = L::quiet_NaN();
        CHECK(std::isnan(nrm2(x.ref())));
    }
    T big[] = {L::max(), L::max()};
    CHECK(nrm2(VecRef<T>{big, 2, 1}) == L::infinity());
}

TEST_CASE("nrm2 of a complex vector counts both parts", "[norm]") {
    std::complex<double> z[] = {{3, 4}, {0, 12}};
    CHECK(nrm2(VecRef<std::complex<double>>{z, 2, 1}) == 13.0);
}
