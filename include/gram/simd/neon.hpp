/// Division and square root of four floats on AArch64. xsimd takes them from 32-bit ARM, which has estimates only: the
/// quotient is not correctly rounded, sqrt(infinity) is NaN, and both fail near the ends of the range.
#pragma once

#include "gram/config.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>

#include <xsimd/xsimd.hpp>

namespace xsimd::kernel {

template <>
inline batch<float, neon64> div<neon64>(const batch<float, neon64>& a, const batch<float, neon64>& b,
                                        requires_arch<neon>) noexcept {
    return vdivq_f32(a, b);
}
template <>
inline batch<float, neon64> sqrt<neon64>(const batch<float, neon64>& x, requires_arch<neon>) noexcept {
    return vsqrtq_f32(x);
}

}  // namespace xsimd::kernel
#endif
