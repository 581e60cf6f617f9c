/// Similarities and distances of single pairs, in double whatever T is: what search results are ranked and scored by.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "gram/config.hpp"

namespace gram::embed::inline GRAM_ISA {

/// How two vectors are compared. `cosine`: x.y / (|x| |y|), 0 when either is zero; `dot`: x.y; larger is nearer.
/// `euclidean`: |x - y|; smaller is nearer.
enum class Metric { cosine, dot, euclidean };

namespace detail {

/// By the bits, so that -ffast-math cannot break it.
inline bool is_nan(double x) { return (std::bit_cast<std::uint64_t>(x) & ~(std::uint64_t{1} << 63)) > 0x7ffull << 52; }
inline bool is_nan(float x) { return (std::bit_cast<std::uint32_t>(x) & 0x7fffffffu) > 0x7f800000u; }

/// sum of f(i) for i < n in double, always in the same order: eight running sums, then their tree.
template <class F>
double sum_in_double(index_t n, F f) {
    constexpr index_t lanes = 8;
    double sums[lanes] = {};
    index_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (index_t l = 0; l < lanes; ++l) sums[l] += f(i + l);
    }
    for (; i < n; ++i) sums[i % lanes] += f(i);
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

/// sum x_i y_i in double, rounded once to T; for float every product is exact.
template <class T>
double dot_in_double(const T* x, const T* y, index_t n) {
    return sum_in_double(n, [&](index_t i) { return static_cast<double>(x[i]) * static_cast<double>(y[i]); });
}

/// sqrt(sum f(i)^2) without overflow or underflow: elements are scaled where the plain sum leaves the safe range.
template <class F>
double length_in_double(index_t n, F f) {
    const double sum = sum_in_double(n, [&](index_t i) { return f(i) * f(i); });
    if (sum > 1e-280 && sum < 1e280) return std::sqrt(sum);
    double largest = 0;
    for (index_t i = 0; i < n; ++i) {
        const double size = std::abs(f(i));
        if (!(size <= std::numeric_limits<double>::max())) return sum;  // infinity or NaN
        largest = std::max(largest, size);
    }
    if (largest == 0) return 0;
    return largest * std::sqrt(sum_in_double(n, [&](index_t i) { return (f(i) / largest) * (f(i) / largest); }));
}

template <class T>
double length_in_double(const T* x, index_t n) {
    return length_in_double(n, [&](index_t i) { return static_cast<double>(x[i]); });
}

template <class T>
double distance_in_double(const T* x, const T* y, index_t n) {
    return length_in_double(n, [&](index_t i) { return static_cast<double>(x[i]) - static_cast<double>(y[i]); });
}

/// Divides a row by its length; a zero row stays zero, a row with NaN or infinity becomes NaN.
template <class T>
void normalize(T* x, index_t n) {
    double length = length_in_double(x, n), scale = 1;
    if (length == 0) return;
    if (!(length > 1e-280 && length < 1e280)) {  // the length itself may be coarse, infinite or NaN
        scale = 0;
        for (index_t i = 0; i < n; ++i) scale = std::max(scale, std::abs(static_cast<double>(x[i])));
        length = length_in_double(n, [&](index_t i) { return static_cast<double>(x[i]) / scale; });
    }
    const bool finite = length <= std::numeric_limits<double>::max();
    for (index_t i = 0; i < n; ++i) {
        x[i] =
            finite ? static_cast<T>(static_cast<double>(x[i]) / scale / length) : std::numeric_limits<T>::quiet_NaN();
    }
}

}  // namespace detail
}  // namespace gram::embed::inline GRAM_ISA
