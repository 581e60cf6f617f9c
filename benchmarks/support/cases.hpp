/// What the groups of both programs are made with.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>

#include "support/compare.hpp"

namespace bench {

template <class T>
inline constexpr const char* type_name = "?";
template <>
inline constexpr const char* type_name<float> = "f32";
template <>
inline constexpr const char* type_name<double> = "f64";
template <>
inline constexpr const char* type_name<std::complex<float>> = "c64";
template <>
inline constexpr const char* type_name<std::complex<double>> = "c128";

struct Size {
    long rows, cols;
};

/// Numbers from [low, high), the same in every run. They need not be good, only quick to make.
template <class M>
void fill(M& x, double low = -0.5, double high = 0.5) {
    using T = typename M::value_type;
    using Real = decltype(std::abs(T{}));
    std::uint64_t state = 88172645463325252U;
    const auto next = [&] {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<Real>(low + (high - low) * static_cast<double>(state >> 11U) * 0x1p-53);
    };
    for (T& element : x) {
        if constexpr (std::is_same_v<T, Real>) {
            element = next();
        } else {
            const Real re = next();
            element = T{re, next()};
        }
    }
}

/// Does `work` again and again without the compiler's knowing that it is the same.
template <class Work>
void repeat(long reps, const Work& work) {
    while (reps-- > 0) {
        work();
        asm volatile("" : : : "memory");
    }
}

/// f64 first, then f32: tables are read by type.
inline compare::Group sorted(compare::Group group) {
    std::stable_sort(group.cases.begin(), group.cases.end(),
                     [](const auto& a, const auto& b) { return a.type > b.type; });
    return group;
}

template <class Range>
bool contains(const Range& range, long n) {
    return std::find(std::begin(range), std::end(range), n) != std::end(range);
}

inline double product(long a, long b, long c = 1) {
    return static_cast<double>(a) * static_cast<double>(b) * static_cast<double>(c);
}

}  // namespace bench
