/// The largest magnitude of many elements in one pass.
#pragma once

#include <bit>
#include <type_traits>

#include "gram/config.hpp"
#include "gram/simd/exact.hpp"

namespace gram::kernel::detail {

/// The largest |x| of the packs it was shown; NaN counts as larger than infinity. Compared as integers, in which the
/// magnitudes have the same order: one operation an element, whatever the compiler assumes of NaN.
template <class T, class Arch>
class LargestMagnitude {
    using Bits = typename simd::BitsOf<T, Arch>::type;
    using Word = std::make_signed_t<typename simd::BitsOf<T, Arch>::Word>;
    typedef Word Lanes __attribute__((vector_size(sizeof(Bits))));

public:
    GRAM_INLINE void add(const simd::pack<T, Arch>& x) { add(std::bit_cast<Lanes>(simd::bits_of(simd::abs(x)))); }
    GRAM_INLINE void add(const LargestMagnitude& other) { add(other.top_); }
    /// The largest of each lane.
    [[nodiscard]] GRAM_INLINE simd::pack<T, Arch> lanes() const {
        return simd::from_bits<T, Arch>(std::bit_cast<Bits>(top_));
    }
    [[nodiscard]] GRAM_INLINE T value() const {
        Word top = top_[0];
        for (std::size_t i = 1; i < sizeof(Lanes) / sizeof(Word); ++i) top = top_[i] > top ? top_[i] : top;
        return std::bit_cast<T>(top);
    }

private:
    GRAM_INLINE void add(const Lanes& a) { top_ = a > top_ ? a : top_; }

    Lanes top_ = {};
};

/// Shows n contiguous elements to four of them, which hide the latency of the comparison.
template <class Arch, class T>
GRAM_INLINE void add_contiguous(const T* x, index_t n, LargestMagnitude<T, Arch> (&top)[4]) {
    constexpr index_t w = simd::width<T, Arch>;
    index_t i = 0;
    for (; i + 4 * w <= n; i += 4 * w) {
#pragma GCC unroll 4
        for (int u = 0; u < 4; ++u) top[u].add(simd::load<T, Arch>(x + i + u * w));
    }
    for (; i + w <= n; i += w) top[0].add(simd::load<T, Arch>(x + i));
    if (i < n) top[1].add(simd::load_n<T, Arch>(x + i, n - i));
}
template <class T, class Arch>
GRAM_INLINE LargestMagnitude<T, Arch> joined(LargestMagnitude<T, Arch> (&top)[4]) {
    top[0].add(top[1]);
    top[2].add(top[3]);
    top[0].add(top[2]);
    return top[0];
}

}  // namespace gram::kernel::detail

#if defined(GRAM_USE_DISPATCH)
namespace gram::kernel::detail {
/// Packs of dispatched<Base> are those of Base.
template <class T, class Base>
class LargestMagnitude<T, simd::dispatched<Base>> : public LargestMagnitude<T, Base> {};
}  // namespace gram::kernel::detail
#endif
