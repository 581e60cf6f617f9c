#include "gram/simd/reduce.hpp"

#include <algorithm>

#include "gram/simd/reduce_into.hpp"
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

namespace {

/// The sums of N packs agree with those of one pack each to the bit.
template <class T, std::size_t N>
bool sums_together() {
    constexpr index_t w = simd::width<T>;
    simd::pack<T> packs[N];
    T expected[N], sums[N];
    for (std::size_t i = 0; i < N; ++i) {
        T x[w];
        for (index_t l = 0; l < w; ++l) x[l] = T(1) / T(static_cast<index_t>(i) * w + l + 3);
        packs[i] = simd::load<T>(x);
        expected[i] = simd::reduce_add(packs[i]);
    }
    simd::reduce_into(packs, sums);
    return std::equal(sums, sums + N, expected);
}

}  // namespace

TEMPLATE_TEST_CASE("packs are summed together as they are one by one", "[simd]", float, double) {
    if constexpr (simd::has_pack<TestType>) {
        CHECK(sums_together<TestType, 1>());
        CHECK(sums_together<TestType, 2>());
        CHECK(sums_together<TestType, 4>());
        CHECK(sums_together<TestType, 8>());
        CHECK(sums_together<TestType, 16>());
        CHECK(sums_together<TestType, 32>());
    }
}
