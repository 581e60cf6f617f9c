/// bfloat16: the upper half of a float, for storage.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "gram/config.hpp"

namespace gram {

/// A number of 16 bits with the range of float and 8 significant bits. It stores and converts, and does no arithmetic:
/// `cast<float>(A)` for that, or matmul<float>(A, B) for products.
///
/// Every conversion is written out. To bfloat16 it rounds to nearest, ties to even, once also from double; what exceeds
/// the range becomes infinite, NaN stays a quiet NaN, subnormal numbers are kept. From bfloat16 it is exact.
/// Compares as the numbers do.
/// @snippet mixed.cpp bfloat16
class bfloat16 {
public:
    bfloat16() = default;
    template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE explicit constexpr bfloat16(T x) {
        if constexpr (std::is_same_v<T, float>) {
            bits_ = rounded(std::bit_cast<std::uint32_t>(x));
        } else {
            bits_ = rounded(to_odd(static_cast<double>(x)));
        }
    }
    /// The number with these bits.
    GRAM_INLINE static constexpr bfloat16 from_bits(std::uint16_t bits) {
        bfloat16 x;
        x.bits_ = bits;
        return x;
    }
    [[nodiscard]] GRAM_INLINE constexpr std::uint16_t bits() const { return bits_; }

    template <class T>
    requires std::is_arithmetic_v<T> GRAM_INLINE explicit constexpr operator T() const {
        return static_cast<T>(std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16));
    }
    GRAM_INLINE friend constexpr bool operator==(bfloat16 a, bfloat16 b) {
        return static_cast<float>(a) == static_cast<float>(b);
    }

private:
    GRAM_INLINE static constexpr std::uint16_t rounded(std::uint32_t x) {
        if ((x & 0x7FFFFFFFU) > 0x7F800000U) return static_cast<std::uint16_t>((x >> 16) | 0x40U);
        return static_cast<std::uint16_t>((x + 0x7FFFU + ((x >> 16) & 1U)) >> 16);
    }
    /// The float next to x towards zero, made odd where x lies between two: rounding it again rounds x.
    GRAM_INLINE static constexpr std::uint32_t to_odd(double x) {
        const auto near = static_cast<float>(x);
        const auto wide = static_cast<double>(near);
        auto bits = std::bit_cast<std::uint32_t>(near);
        if (wide == x || x != x) return bits;
        if ((x < 0 ? -wide : wide) > (x < 0 ? -x : x)) --bits;
        return bits | 1U;
    }

    std::uint16_t bits_ = 0;
};

}  // namespace gram
