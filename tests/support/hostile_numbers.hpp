// The numbers on which functions of every element and reductions go wrong.
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>
#include <vector>

#include "gram/core/matrix.hpp"

namespace support {

template <class T>
std::vector<T> hostile_reals() {
    using limits = std::numeric_limits<T>;
    std::vector<T> x = {T(0),
                        limits::denorm_min(),
                        limits::min() / 4,
                        limits::min(),
                        limits::epsilon(),
                        T(0.3),
                        T(0.5),
                        std::nextafter(T(1), T(0)),
                        T(1),
                        std::nextafter(T(1), T(2)),
                        T(1.5),
                        T(2.5),
                        T(20.5),
                        T(90),
                        T(720),
                        T(4097),
                        T(1) / limits::epsilon(),
                        std::sqrt(limits::max()) * 2,
                        limits::max(),
                        limits::infinity()};
    const std::size_t n = x.size();
    for (std::size_t i = 0; i < n; ++i) x.push_back(-x[i]);
    x.push_back(limits::quiet_NaN());
    return x;
}

// Integers: the ends of the range (less one below, whose negative does not exist), zero and its neighbours. Complex:
// all pairs of zeros, infinities, NaN, tiny, moderate and huge parts.
template <class T>
std::vector<T> hostile_numbers() {
    if constexpr (std::is_floating_point_v<T>) {
        return hostile_reals<T>();
    } else if constexpr (std::is_integral_v<T>) {
        using limits = std::numeric_limits<T>;
        std::vector<T> x = {T(0), T(1), T(2), T(7), limits::max(), static_cast<T>(limits::max() - 1)};
        if constexpr (std::is_signed_v<T>) {
            for (const T v : {T(-1), T(-2), T(-7), static_cast<T>(limits::min() + 1)}) x.push_back(v);
        }
        return x;
    } else {
        using R = typename T::value_type;
        using limits = std::numeric_limits<R>;
        const R parts[] = {R(0),
                           R(-0.0),
                           R(0.3),
                           R(-2.5),
                           limits::denorm_min(),
                           -limits::min(),
                           R(90),
                           R(-720.5),
                           limits::max() / 4,
                           limits::infinity(),
                           -limits::infinity(),
                           limits::quiet_NaN()};
        std::vector<T> x;
        for (const R re : parts)
            for (const R im : parts) x.emplace_back(re, im);
        return x;
    }
}

// m×n of them, each value in many lanes.
template <class T>
gram::Matrix<T> hostile_elements(gram::index_t m, gram::index_t n, std::size_t shift = 0) {
    const auto x = hostile_numbers<T>();
    gram::Matrix<T> A(m, n);
    for (gram::index_t i = 0; i < A.size(); ++i) A.data()[i] = x[(static_cast<std::size_t>(i) + shift) % x.size()];
    return A;
}

// Both NaN, or equal with equal signs.
template <class T>
bool same_number(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
        if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
        return a == b && std::signbit(a) == std::signbit(b);
    } else if constexpr (std::is_arithmetic_v<T>) {
        return a == b;
    } else {
        return same_number(a.real(), b.real()) && same_number(a.imag(), b.imag());
    }
}

}  // namespace support
