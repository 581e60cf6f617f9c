/// Questions that come before the work: is every element finite, how large is the largest.
#pragma once

#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "gram/kernel/copy.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/finite.hpp"

namespace gram::kernel {
namespace detail {

/// By the exponent bits: right even where the compiler assumes that NaN does not exist.
template <class T>
constexpr bool is_finite_bits(T x) {
    if constexpr (std::is_same_v<T, float>) {
        return (std::bit_cast<std::uint32_t>(x) & 0x7f800000U) != 0x7f800000U;
    } else if constexpr (std::is_same_v<T, double>) {
        return (std::bit_cast<std::uint64_t>(x) & 0x7ff0000000000000U) != 0x7ff0000000000000U;
    } else if constexpr (std::is_integral_v<T>) {
        return true;
    } else if constexpr (std::is_floating_point_v<T>) {
        return std::isfinite(x);
    } else {
        return is_finite_bits(x.real()) && is_finite_bits(x.imag());
    }
}

template <class Arch, class T>
bool all_finite_contiguous(const T* x, index_t n) {
    constexpr index_t w = simd::width<T, Arch>;
    simd::FiniteCheck<T, Arch> even, odd;
    index_t i = 0;
    for (; i + 2 * w <= n; i += 2 * w) {
        even.add(simd::load<T, Arch>(x + i));
        odd.add(simd::load<T, Arch>(x + i + w));
    }
    for (; i < n; i += w) even.add(simd::load_n<T, Arch>(x + i, n - i < w ? n - i : w));
    return even.all_finite() && odd.all_finite();
}

template <class Arch, class T>
T max_abs_contiguous(const T* x, index_t n) {
    constexpr index_t w = simd::width<T, Arch>;
    auto even = simd::broadcast<T, Arch>(T{}), odd = even;
    index_t i = 0;
    for (; i + 2 * w <= n; i += 2 * w) {
        even = simd::max(simd::abs(simd::load<T, Arch>(x + i)), even);
        odd = simd::max(simd::abs(simd::load<T, Arch>(x + i + w)), odd);
    }
    for (; i < n; i += w) even = simd::max(simd::abs(simd::load_n<T, Arch>(x + i, n - i < w ? n - i : w)), even);
    return simd::reduce_max(simd::max(even, odd));
}

}  // namespace detail

/// True when no element is NaN or infinite. Decided by exponent bits, so -ffast-math cannot break it.
template <class Arch = simd::native_arch, class X>
bool all_finite(MatRef<X> A) {
    using T = std::remove_const_t<X>;
    if (A.rows == 0 || A.cols == 0) return true;  // rows of no elements have no address
    if (detail::better_transposed(A)) A = A.transposed();
    for (index_t i = 0; i < A.rows; ++i) {
        if constexpr (simd::has_pack<T, Arch>) {
            if (A.col_stride == 1) {
                if (!detail::all_finite_contiguous<Arch, T>(&A(i, 0), A.cols)) return false;
                continue;
            }
        }
        for (index_t j = 0; j < A.cols; ++j) {
            if (!detail::is_finite_bits(static_cast<T>(A(i, j)))) return false;
        }
    }
    return true;
}

/// Largest |A(i, j)|; NaN if any element is NaN; 0 for an empty A.
template <class Arch = simd::native_arch, class X>
auto max_abs(MatRef<X> A) {
    using T = std::remove_const_t<X>;
    if (A.rows == 0 || A.cols == 0) A.rows = A.cols = 0;
    if (detail::better_transposed(A)) A = A.transposed();
    detail::real_t<T> top{};
    for (index_t i = 0; i < A.rows; ++i) {
        if constexpr (simd::has_pack<T, Arch>) {
            if (A.col_stride == 1 && detail::all_finite_contiguous<Arch, T>(&A(i, 0), A.cols)) {
                const T row = detail::max_abs_contiguous<Arch, T>(&A(i, 0), A.cols);
                top = row > top ? row : top;
                continue;
            }
        }
        for (index_t j = 0; j < A.cols; ++j) {
            const auto v = static_cast<detail::real_t<T>>(std::abs(A(i, j)));
            if (v != v) return v;
            if (v > top) top = v;
        }
    }
    return top;
}

}  // namespace gram::kernel
