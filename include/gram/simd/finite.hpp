/// Finiteness by exponent bits, which no compiler flag can assume away.
#pragma once

#include <cstdint>
#include <type_traits>

#include "gram/simd/basic.hpp"

namespace gram::simd {

/// Remembers whether any of the packs it was shown holds a NaN or an infinity.
template <class T, class Arch>
class FiniteCheck {
    using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    using Register = typename pack<T, Arch>::register_type;
    typedef Bits Lanes __attribute__((vector_size(sizeof(Register)), aligned(sizeof(Bits)), may_alias));

    static constexpr Bits exponent = sizeof(T) == 8 ? static_cast<Bits>(0x7ff0000000000000U) : Bits{0x7f800000U};
    static constexpr Bits lowest = sizeof(T) == 8 ? static_cast<Bits>(0x0010000000000000U) : Bits{0x00800000U};

public:
    GRAM_INLINE void add(const pack<T, Arch>& x) {
        const Register r = x;
        // Only an exponent of all ones carries into the sign bit.
        seen_ |= (reinterpret_cast<const Lanes&>(r) & exponent) + lowest;
    }
    [[nodiscard]] GRAM_INLINE bool all_finite() const {
        Bits all = 0;
        for (std::size_t i = 0; i < sizeof(Lanes) / sizeof(Bits); ++i) all |= seen_[i];
        return all >> (8 * sizeof(Bits) - 1) == 0;
    }

private:
    Lanes seen_ = {};
};

}  // namespace gram::simd
