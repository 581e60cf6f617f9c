/// Elementary functions that give the same bits with every compiler, flag and libm: only correctly rounded operations,
/// and every multiplication that meets an addition is an explicit fma, so there is nothing left to contract.
///
/// For random numbers; `simd/` has the fast ones. Templates on the instruction set, so that files compiled with
/// different flags share no symbol. Not bit-exact under -ffast-math, which permits reassociation.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "gram/simd/arch.hpp"

namespace gram::core_detail {

inline constexpr double ln2_high = 0x1.62e42fefa39efp-1;
inline constexpr double ln2_low = 0x1.abc9e3b39803fp-56;

/// 2 atanh(s) = ln((1 + s) / (1 - s)) for |s| < 0.172: its Taylor series, whose terms fall by 0.03.
template <class Isa>
double twice_atanh(double s) {
    const double z = s * s;
    double series = 1.0 / 23;
    for (int k = 21; k >= 3; k -= 2) series = std::fma(series, z, 1.0 / k);
    const double twice = 2 * s;
    return std::fma(twice * z, series, twice);
}

/// ln x for normal x > 0; error below 3 ulp.
template <class Isa>
double portable_log(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    auto exponent = static_cast<int>(bits >> 52) - 1023;
    double m = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u);
    if (m > 1.4142135623730951) m *= 0.5, ++exponent;
    const double fraction = twice_atanh<Isa>((m - 1) / (m + 1));
    const auto e = static_cast<double>(exponent);
    return std::fma(e, ln2_high, std::fma(e, ln2_low, fraction));
}

/// ln(1 + x) for x > -1.
template <class Isa>
double portable_log1p(double x) {
    return std::abs(x) < 0.25 ? twice_atanh<Isa>(x / (2 + x)) : portable_log<Isa>(1 + x);
}

/// e^x; 0 below -745, infinity above 709.78. Error below 3 ulp.
template <class Isa>
double portable_exp(double x) {
    if (!(x > -745.2)) return x != x ? x : 0.0;
    if (x > 709.79) return HUGE_VAL;
    const double k = std::floor(std::fma(x, 1.4426950408889634, 0.5));
    const double r = std::fma(-k, ln2_low, std::fma(-k, ln2_high, x));
    double series = 1.0;
    for (int n = 14; n >= 1; --n) series = std::fma(series * r, 1.0 / n, 1.0);
    return std::ldexp(series, static_cast<int>(k));
}

/// ln(k!) - (k + 1/2) ln(k + 1) + (k + 1) - ln(2 pi) / 2, the rest of Stirling's formula for k >= 0.
template <class Isa>
double stirling_rest(double k) {
    constexpr std::array<double, 10> table = {
        0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,  0.01664469118982119,
        0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871};
    if (k < 10) return table[static_cast<std::size_t>(k)];
    const double n = k + 1, z = 1 / (n * n);
    return std::fma(z, -std::fma(z, -std::fma(z, -1.0 / 1680, 1.0 / 1260), 1.0 / 360), 1.0 / 12) / n;
}

/// ln(k!) for whole k >= 0; error below 1e-12 of max(1, itself).
template <class Isa>
double portable_log_factorial(double k) {
    constexpr double half_ln_2pi = 0.91893853320467274178;
    const double rest = stirling_rest<Isa>(k) + half_ln_2pi;
    return std::fma(k + 0.5, portable_log<Isa>(k + 1), rest - (k + 1));
}

}  // namespace gram::core_detail
