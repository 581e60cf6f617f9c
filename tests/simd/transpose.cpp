#include "gram/simd/transpose.hpp"

#include "support/catch.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("transpose exchanges rows and lanes", "[simd]", float, double) {
    using T = TestType;
    constexpr index_t w = simd::width<T>;
    simd::pack<T> rows[w];
    for (index_t i = 0; i < w; ++i) {
        T lanes[w];
        for (index_t j = 0; j < w; ++j) lanes[j] = T(100 * i + j);
        rows[i] = simd::load<T>(lanes);
    }
    simd::transpose(rows);
    for (index_t i = 0; i < w; ++i) {
        T lanes[w];
        simd::store(lanes, rows[i]);
        for (index_t j = 0; j < w; ++j) CHECK(lanes[j] == T(100 * j + i));
    }
}
