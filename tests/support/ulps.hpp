// Errors of elementary functions in units in the last place, and the arguments to look for them.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace support {

// |got - want| in units in the last place of want; infinite when only one of them is NaN or infinite.
template <class T>
double ulps(T got, long double want) {
    constexpr double never = std::numeric_limits<double>::infinity();
    if (std::isnan(want)) return std::isnan(got) ? 0 : never;
    const T rounded = static_cast<T>(want);
    if (std::isnan(got)) return never;
    if (std::isinf(got) || std::isinf(rounded)) {
        // At the edge of overflow either neighbour is right.
        const T other = std::isinf(got) ? rounded : got;
        return got == rounded ? 0 : (std::fabs(other) == std::numeric_limits<T>::max() ? 1 : never);
    }
    int exponent = 0;
    std::frexp(want, &exponent);
    const int lowest = std::numeric_limits<T>::min_exponent;
    const long double ulp = std::ldexp(1.0L, (exponent < lowest ? lowest : exponent) - std::numeric_limits<T>::digits);
    return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / ulp);
}

// Arguments from low to high. For float every `stride`-th number there is; for double 4e8 / stride times four numbers,
// spread by value, around 1 and by exponent.
template <class T>
std::vector<T> arguments(double low, double high, std::uint64_t stride) {
    std::vector<T> x;
    const auto keep = [&](double v) {
        if (v >= low && v <= high) x.push_back(static_cast<T>(v));
    };
    if constexpr (sizeof(T) == 4) {
        for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += stride)
            keep(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
    } else {
        std::uint64_t state = 88172645463325252U;
        for (std::uint64_t i = 0; i < 400'000'000 / stride; ++i) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            const double u = static_cast<double>(state >> 11) * 0x1p-53;
            keep(low + u * (high - low));
            keep(8 * u - 4);
            const double sized = std::exp2(-70 * u) * (i % 2 == 0 ? 1 : -1);
            keep(sized);
            keep(std::ldexp(sized, static_cast<int>(i % 2000) - 1000));
        }
    }
    return x;
}

}  // namespace support
