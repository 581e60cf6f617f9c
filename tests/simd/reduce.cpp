#include "gram/simd/reduce.hpp"

#include "support/catch.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("reductions see every lane", "[simd]", float, double) {
    using T = TestType;
    constexpr index_t w = simd::width<T>;
    for (index_t special = 0; special < w; ++special) {
        T x[w];
        for (index_t i = 0; i < w; ++i) x[i] = T(i == special ? 100 : 1);
        CHECK(simd::reduce_add(simd::load<T>(x)) == T(w + 99));
        CHECK(simd::reduce_max(simd::load<T>(x)) == T(100));
        x[special] = T(-100);
        CHECK(simd::reduce_min(simd::load<T>(x)) == T(-100));
    }
    CHECK(simd::reduce_add(T(3)) == T(3));
    CHECK(simd::reduce_min(T(3)) == T(3));
    CHECK(simd::reduce_max(T(3)) == T(3));
}
