#include "gram/simd/basic.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("partial loads and stores touch nothing beyond their lanes", "[simd]", float, double) {
    using T = TestType;
    constexpr index_t w = simd::width<T>;
    for (index_t n = 0; n <= w; ++n) {
        // Exactly n elements on the heap: the address sanitizer sees a read beyond them.
        std::vector<T> exact(static_cast<std::size_t>(n));
        for (index_t i = 0; i < n; ++i) exact[static_cast<std::size_t>(i)] = T(i + 1);
        const auto x = simd::load_n<T>(exact.data(), n);
        T lanes[w];
        simd::store(lanes, x);
        for (index_t i = 0; i < w; ++i) CHECK(lanes[i] == (i < n ? T(i + 1) : T(0)));
        simd::store_n(exact.data(), x + x, n);
        T target[w + 1];
        for (T& t : target) t = T(-1);
        simd::store_n(target, x + x, n);
        for (index_t i = 0; i <= w; ++i) CHECK(target[i] == (i < n ? T(2 * (i + 1)) : T(-1)));
    }
}

TEMPLATE_TEST_CASE("load_strided gathers in both directions", "[simd]", float, double) {
    using T = TestType;
    constexpr index_t w = simd::width<T>;
    std::vector<T> memory(static_cast<std::size_t>(3 * w));
    for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = T(i);
    T lanes[w];
    simd::store(lanes, simd::load_strided<T>(memory.data(), 3));
    for (index_t i = 0; i < w; ++i) CHECK(lanes[i] == T(3 * i));
    simd::store(lanes, simd::load_strided<T>(memory.data() + w, -1));
    for (index_t i = 0; i < w; ++i) CHECK(lanes[i] == T(w - i));
}

TEMPLATE_TEST_CASE("multiply-add keeps the sign convention a b + c and c - a b", "[simd]", float, double) {
    using T = TestType;
    const auto a = simd::broadcast<T>(T(3)), b = simd::broadcast<T>(T(5)), c = simd::broadcast<T>(T(7));
    T lanes[simd::width<T>];
    simd::store(lanes, simd::fma(a, b, c));
    CHECK(lanes[0] == T(22));
    simd::store(lanes, simd::fnma(a, b, c));
    CHECK(lanes[0] == T(-8));
    CHECK(simd::fma(T(3), T(5), T(7)) == T(22));
    CHECK(simd::fnma(T(3), T(5), T(7)) == T(-8));
}

TEMPLATE_TEST_CASE("min and max give NaN when the second operand is NaN", "[simd]", float, double) {
    using T = TestType;
    const auto nan = simd::broadcast<T>(std::numeric_limits<T>::quiet_NaN()), one = simd::broadcast<T>(T(1));
    const auto two = simd::broadcast<T>(T(2));
    const auto low = simd::min(one, nan), high = simd::max(one, nan);
    CHECK_FALSE(simd::any(low == low));
    CHECK_FALSE(simd::any(high == high));
    CHECK(simd::all(simd::min(one, two) == one));
    CHECK(simd::all(simd::max(one, two) == two));
    CHECK(simd::min(T(1), std::numeric_limits<T>::quiet_NaN()) != T(1));
    CHECK(simd::max(T(1), T(2)) == T(2));
}

TEMPLATE_TEST_CASE("abs, sqrt and select act on every lane", "[simd]", float, double) {
    using T = TestType;
    constexpr index_t w = simd::width<T>;
    T x[w], y[w];
    for (index_t i = 0; i < w; ++i) x[i] = T(i % 2 == 0 ? -i : i);
    const auto p = simd::load<T>(x);
    simd::store(y, simd::sqrt(simd::abs(p) * simd::abs(p)));
    for (index_t i = 0; i < w; ++i) CHECK(y[i] == T(i));
    simd::store(y, simd::select(p < simd::broadcast<T>(T(0)), simd::broadcast<T>(T(7)), p));
    for (index_t i = 0; i < w; ++i) CHECK(y[i] == (x[i] < 0 ? T(7) : x[i]));
    CHECK(simd::abs(T(-2)) == T(2));
    CHECK(simd::sqrt(T(4)) == T(2));
    CHECK(simd::select(true, T(1), T(2)) == T(1));
    CHECK(simd::any(true));
    CHECK_FALSE(simd::all(false));
}

TEMPLATE_TEST_CASE("division and square root are correctly rounded over the whole range", "[simd]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    const std::vector<T> x = {T(1),  T(3),          T(0.1),          T(7) / 9,        T(0),        L::min(), L::max(),
                              -T(2), L::infinity(), L::denorm_min(), T(1) / L::max(), L::max() / 3};
    T y[simd::width<T>];
    for (const T a : x) {
        for (const T b : x) {
            simd::store(y, simd::broadcast<T>(a) / simd::broadcast<T>(b));
            const T want = a / b;
            CHECK((y[0] == want || (y[0] != y[0] && want != want)));
        }
        if (a < 0) continue;
        simd::store(y, simd::sqrt(simd::broadcast<T>(a)));
        CHECK(y[0] == std::sqrt(a));
    }
}

TEST_CASE("a pack of a scalar without vectors is the scalar", "[simd]") {
    static_assert(simd::width<int> == 1);
    static_assert(!simd::has_pack<int>);
    static_assert(std::is_same_v<simd::pack<int>, int>);
    static_assert(simd::width<double, simd::scalar_arch> == 1);
    int x = 5;
    simd::store(&x, simd::load<int>(&x) + simd::load_n<int>(&x, 0) + simd::broadcast<int>(2));
    CHECK(x == 7);
    simd::store_n(&x, 9, 0);
    CHECK(x == 7);
    simd::store_n(&x, 9, 1);
    CHECK(x == 9);
    CHECK(simd::load_strided<int>(&x, 3) == 9);
}
