#include "gram/core/bfloat16.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using gram::bfloat16;

namespace {

float value(std::uint32_t bits) { return std::bit_cast<float>(bits); }
float round_trip(float x) { return static_cast<float>(bfloat16(x)); }

}  // namespace

TEST_CASE("every bfloat16 survives the way through float and double", "[bfloat16]") {
    static_assert(sizeof(bfloat16) == 2 && alignof(bfloat16) == 2 && std::is_trivially_copyable_v<bfloat16>);
    static_assert(static_cast<float>(bfloat16(1.5F)) == 1.5F && bfloat16(3) == bfloat16(3.0));
    int wrong = 0, not_quiet = 0;
    for (std::uint32_t bits = 0; bits < 65536; ++bits) {
        const auto x = bfloat16::from_bits(static_cast<std::uint16_t>(bits));
        const auto f = static_cast<float>(x);
        if (std::isnan(f)) {
            not_quiet += (bfloat16(f).bits() & 0x7FC0) != 0x7FC0;
            not_quiet += (bfloat16(static_cast<double>(f)).bits() & 0x7FC0) != 0x7FC0;
            continue;
        }
        wrong += bfloat16(f).bits() != bits;
        wrong += bfloat16(static_cast<double>(f)).bits() != bits;
    }
    CHECK(wrong == 0);
    CHECK(not_quiet == 0);
}

TEST_CASE("bfloat16 rounds to nearest, ties to even, and only once from double", "[bfloat16]") {
    int wrong = 0;
    for (std::uint32_t bits = 0x10000; bits < 0x7F7F0000; bits += 0x10000) {
        // Between two neighbours: below the middle down, above it up, in the middle to the even one.
        const float low = value(bits), high = value(bits + 0x10000);
        const float even = (bits & 0x10000) == 0 ? low : high;
        wrong += round_trip(value(bits + 0x7FFF)) != low;
        wrong += round_trip(value(bits + 0x8001)) != high;
        wrong += round_trip(value(bits + 0x8000)) != even;
        wrong += round_trip(-value(bits + 0x8000)) != -even;
        const double middle = value(bits + 0x8000), step = static_cast<double>(high) - static_cast<double>(low);
        wrong += static_cast<float>(bfloat16(middle + step * 0x1p-40)) != high;
        wrong += static_cast<float>(bfloat16(middle - step * 0x1p-40)) != low;
        wrong += static_cast<float>(bfloat16(-middle - step * 0x1p-40)) != -high;
        wrong += static_cast<float>(bfloat16(middle)) != even;
    }
    CHECK(wrong == 0);
}

TEST_CASE("bfloat16 keeps infinities, signed zeros and comparisons", "[bfloat16]") {
    const float inf = std::numeric_limits<float>::infinity();
    CHECK(round_trip(inf) == inf);
    CHECK(round_trip(-std::numeric_limits<float>::max()) == -inf);
    CHECK(static_cast<float>(bfloat16(1e300)) == inf);
    CHECK(bfloat16(-0.0F).bits() == 0x8000);
    CHECK(bfloat16(-0.0F) == bfloat16(0.0F));
    CHECK(bfloat16(1.0F) != bfloat16(2.0F));
    const bfloat16 nan(std::numeric_limits<float>::quiet_NaN());
    CHECK(nan != nan);
    CHECK(bfloat16(value(0x7F800001)).bits() == 0x7FC0);
    CHECK(static_cast<int>(bfloat16(-7)) == -7);
}
