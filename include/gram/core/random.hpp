/// Random numbers that are the same on every platform for a seed.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "gram/config.hpp"
#include "gram/core/error.hpp"
#include "gram/core/portable_math.hpp"

namespace gram {

namespace core_detail {

__extension__ using Wide = unsigned __int128;

/// The top 64 bits of a product of two fractions.
constexpr std::uint64_t mul_high(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>((static_cast<Wide>(a) * b) >> 64);
}

inline constexpr std::uint64_t ln2_q64 = 0xB17217F7D1CF79ACu;  // ln 2 * 2^64

/// ln(m / 2^63) * 2^63 for m in [2^63, 2^64): log2 bit by bit through repeated squaring. Exact integer arithmetic.
constexpr std::uint64_t ln_by_squaring(std::uint64_t m) {
    std::uint64_t log2 = 0;
    for (int bit = 62; bit >= 0; --bit) {
        const Wide square = static_cast<Wide>(m) * m;  // in [2^126, 2^128)
        if (square >> 127) {
            log2 |= std::uint64_t{1} << bit;
            m = static_cast<std::uint64_t>(square >> 64);
        } else {
            m = static_cast<std::uint64_t>(square >> 63);
        }
    }
    return mul_high(log2, ln2_q64);
}

/// Reciprocals and logarithms of the midpoints of 64 intervals of [1, 2).
struct LogTable {
    std::array<std::uint64_t, 64> reciprocal{};  // 2^64 / (1 + (i + 1/2) / 64), rounded down
    std::array<std::uint64_t, 64> ln{};          // ln(2^64 / reciprocal) * 2^63
};
constexpr LogTable make_log_table() {
    LogTable t;
    for (std::uint64_t i = 0; i < 64; ++i) {
        t.reciprocal[i] = static_cast<std::uint64_t>((static_cast<Wide>(1) << 71) / (129 + 2 * i));
        // reciprocal = 2^64 / c lies in (2^63, 2^64): ln c = ln 2 - ln(reciprocal / 2^63)
        t.ln[i] = (ln2_q64 >> 1) - ln_by_squaring(t.reciprocal[i]);
    }
    return t;
}
inline constexpr LogTable log_table = make_log_table();

/// ln(m / 2^63) * 2^56 for m in [2^63, 2^64), by table and series, in integers: no rounding mode, no libm, no fused
/// multiply-add can change a bit of it.
constexpr std::int64_t ln_fixed(std::uint64_t m) {
    const std::size_t i = static_cast<std::size_t>((m >> 57) & 63);
    // m * reciprocal = 1 + t with |t| < 2^-6; t in units of 2^-62.
    constexpr std::int64_t one = std::int64_t{1} << 62;
    const std::int64_t t = static_cast<std::int64_t>(mul_high(m, log_table.reciprocal[i]) >> 1) - one;
    const auto mul = [](std::int64_t a, std::int64_t b) {
        __extension__ using SignedWide = __int128;
        return static_cast<std::int64_t>((static_cast<SignedWide>(a) * b) >> 62);
    };
    std::int64_t series = 0;  // (1 - t (1/2 - t (1/3 - ...)))
    for (std::int64_t k = 11; k >= 1; --k) series = one / k - mul(t, series);
    return (mul(t, series) >> 6) + static_cast<std::int64_t>(log_table.ln[i] >> 7);
}

}  // namespace core_detail

/// xoshiro256++ (Blackman & Vigna 2021) seeded by splitmix64, with distributions in integer arithmetic or single
/// correctly rounded operations: a seed gives the same numbers with every compiler, flag and libm.
///
/// A value: copyable and comparable; not shared between threads. `split()` gives an independent stream. It is also a
/// uniform random bit generator of the standard library.
///
/// @snippet random.cpp seeds
/// @snippet random.cpp distributions
/// @snippet random.cpp choices
class Rng {
public:
    using result_type = std::uint64_t;

    explicit Rng(std::uint64_t seed = 0) {
        for (auto& word : state_) word = splitmix(seed);
    }
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

    /// 64 random bits.
    result_type operator()() {
        const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    /// Uniform in [0, 1): a multiple of 2^-53 (double) or 2^-24 (float).
    template <class T = double>
    T uniform() {
        if constexpr (sizeof(T) == sizeof(float)) {
            return static_cast<T>((*this)() >> 40) * static_cast<T>(0x1p-24);
        } else {
            return static_cast<T>((*this)() >> 11) * static_cast<T>(0x1p-53);
        }
    }
    /// Uniform in [low, high).
    template <class Isa = simd::native_arch>
    double uniform(double low, double high) {
        const double x = std::fma(high - low, uniform(), low);  // explicit, so that every platform rounds alike
        return x < high ? x : low;
    }

    /// Uniform in {0, ..., n - 1}, without bias (Lemire 2019). std::invalid_argument unless n > 0.
    index_t integer(index_t n) {
        if (n <= 0) throw std::invalid_argument("Rng::integer: n = " + std::to_string(n) + ", expected n > 0");
        const auto range = static_cast<std::uint64_t>(n);
        core_detail::Wide product = static_cast<core_detail::Wide>((*this)()) * range;
        if (static_cast<std::uint64_t>(product) < range) {
            const std::uint64_t threshold = (0 - range) % range;
            while (static_cast<std::uint64_t>(product) < threshold) {
                product = static_cast<core_detail::Wide>((*this)()) * range;
            }
        }
        return static_cast<index_t>(product >> 64);
    }

    /// Standard normal, by the polar method (Marsaglia & Bray 1964); the logarithm is computed in integers.
    template <class Isa = simd::native_arch>
    double normal() {
        if (has_spare_) {
            has_spare_ = false;
            return spare_;
        }
        for (;;) {
            const std::int64_t u = static_cast<std::int64_t>((*this)()) >> 11;  // 53 bits, signed
            const std::int64_t v = static_cast<std::int64_t>((*this)()) >> 11;
            const core_detail::Wide s = square(u) + square(v);  // the unit circle has radius 2^52
            if (s == 0 || s >= (core_detail::Wide{1} << 104)) continue;
            const double factor = std::sqrt(2 * minus_ln(s) / static_cast<double>(s));
            spare_ = static_cast<double>(v) * factor;
            has_spare_ = true;
            return static_cast<double>(u) * factor;
        }
    }

    // Distributions beyond these two, each with the conventions of NumPy's Generator; core/distributions.hpp has them.
    // All throw std::invalid_argument for parameters outside of the stated ranges, NaN included.

    /// @snippet random.cpp distributions
    /// Normal with this mean and standard deviation >= 0.
    template <class Isa = simd::native_arch>
    double normal(double mean, double deviation);
    /// Exponential with mean scale >= 0.
    template <class Isa = simd::native_arch>
    double exponential(double scale = 1);
    /// Gamma with shape > 0 and scale >= 0: mean shape * scale.
    template <class Isa = simd::native_arch>
    double gamma(double shape, double scale = 1);
    /// Beta with a, b > 0: mean a / (a + b), within [0, 1].
    template <class Isa = simd::native_arch>
    double beta(double a, double b);
    /// Chi-squared with degrees of freedom > 0.
    template <class Isa = simd::native_arch>
    double chi_squared(double degrees);
    /// Student's t with degrees of freedom > 0.
    template <class Isa = simd::native_arch>
    double student_t(double degrees);
    /// True with probability p in [0, 1].
    template <class Isa = simd::native_arch>
    bool bernoulli(double p);
    /// The number of successes in n >= 0 trials of probability p in [0, 1].
    template <class Isa = simd::native_arch>
    index_t binomial(index_t n, double p);
    /// The number of trials until the first success of probability p in (0, 1]: 1, 2, ...
    template <class Isa = simd::native_arch>
    index_t geometric(double p);
    /// Poisson with mean in [0, 1e15].
    template <class Isa = simd::native_arch>
    index_t poisson(double mean);
    /// Index i with probability weights[i] / sum; the weights are finite, >= 0, with a positive sum. O(n): for many
    /// draws from the same weights build a Categorical.
    template <class Isa = simd::native_arch>
    index_t categorical(std::span<const double> weights);
    /// k of 0, ..., n - 1 in random order: distinct, or each drawn independently. 0 <= k, and k <= n when distinct.
    [[nodiscard]] std::vector<index_t> choice(index_t n, index_t k, bool replace = false);
    /// k distinct indices drawn one after another with probability proportional to the remaining weights.
    template <class Isa = simd::native_arch>
    [[nodiscard]] std::vector<index_t> choice(std::span<const double> weights, index_t k);

    /// An independent generator; this one moves on.
    [[nodiscard]] Rng split() {
        std::uint64_t seed = (*this)();
        Rng child(splitmix(seed));
        child.state_[1] ^= (*this)();
        return child;
    }

    /// Puts the elements of a random-access range into random order (Fisher & Yates).
    template <class Range>
    void shuffle(Range&& range) {
        const auto first = std::begin(range);
        for (auto i = static_cast<index_t>(std::size(range)); i > 1; --i) std::swap(first[i - 1], first[integer(i)]);
    }
    /// 0, ..., n - 1 in random order.
    [[nodiscard]] std::vector<index_t> permutation(index_t n) {
        if (n < 0) throw std::invalid_argument("Rng::permutation: n = " + std::to_string(n) + ", expected n >= 0");
        std::vector<index_t> order(static_cast<std::size_t>(n));
        for (index_t i = 0; i < n; ++i) order[static_cast<std::size_t>(i)] = i;
        shuffle(order);
        return order;
    }

    friend bool operator==(const Rng&, const Rng&) = default;

private:
    static std::uint64_t splitmix(std::uint64_t& x) {
        x += 0x9E3779B97F4A7C15u;
        std::uint64_t z = x;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    static core_detail::Wide square(std::int64_t x) {
        const auto magnitude = static_cast<std::uint64_t>(x < 0 ? -x : x);
        return static_cast<core_detail::Wide>(magnitude) * magnitude;
    }
    /// -ln(s / 2^104) for 0 < s < 2^104.
    static double minus_ln(core_detail::Wide s) {
        const auto high = static_cast<std::uint64_t>(s >> 64);
        const int top = high != 0 ? 127 - std::countl_zero(high) : 63 - std::countl_zero(static_cast<std::uint64_t>(s));
        const auto m = static_cast<std::uint64_t>(top >= 63 ? s >> (top - 63) : s << (63 - top));
        const auto whole = static_cast<std::int64_t>(104 - top) * static_cast<std::int64_t>(core_detail::ln2_q64 >> 8);
        return static_cast<double>(whole - core_detail::ln_fixed(m)) * 0x1p-56;
    }

    std::array<std::uint64_t, 4> state_{};
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace gram

#include "gram/core/distributions.hpp"
