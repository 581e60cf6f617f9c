#include "gram/simd/finite.hpp"

#include <limits>

#include "support/catch.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("FiniteCheck tells numbers from NaN and infinity in every lane", "[simd]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    static constexpr index_t w = simd::width<T>;
    const auto finite = [](T value, index_t lane) {
        T x[w] = {};
        x[lane] = value;
        simd::FiniteCheck<T, simd::native_arch> check;
        check.add(simd::load<T>(x));
        check.add(simd::broadcast<T>(T(1)));
        return check.all_finite();
    };
    for (index_t lane = 0; lane < w; ++lane) {
        for (const T v : {T(0), -T(0), L::max(), L::lowest(), L::min(), L::denorm_min()}) CHECK(finite(v, lane));
        for (const T v : {L::infinity(), -L::infinity(), L::quiet_NaN(), -L::quiet_NaN()}) CHECK_FALSE(finite(v, lane));
    }
}
