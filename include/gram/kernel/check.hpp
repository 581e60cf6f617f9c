/// Questions that come before the work: is every element finite, how large is the largest.
#pragma once

#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "gram/kernel/copy.hpp"
#include "gram/kernel/magnitude.hpp"
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

/// What has been seen of a matrix, in several chains.
template <class Arch, class T>
struct FiniteRows {
    simd::FiniteCheck<T, Arch> checks[4];

    GRAM_INLINE void add(const T* x, index_t n) {
        constexpr index_t w = simd::width<T, Arch>;
        index_t i = 0;
        for (; i + 4 * w <= n; i += 4 * w) {
#pragma GCC unroll 4
            for (int u = 0; u < 4; ++u) checks[u].add(simd::load<T, Arch>(x + i + u * w));
        }
        for (; i + w <= n; i += w) checks[0].add(simd::load<T, Arch>(x + i));
        if (i < n) checks[1].add(simd::load_n<T, Arch>(x + i, n - i));
    }
    [[nodiscard]] bool all_finite() const {
        return checks[0].all_finite() && checks[1].all_finite() && checks[2].all_finite() && checks[3].all_finite();
    }
};

/// For contiguous rows; asked now and then, so that a matrix full of NaN does not take long.
template <class Arch, class T>
bool all_finite_in_rows(const MatRef<const T>& A) {
    constexpr index_t rows = 16;
    for (index_t i = 0; i < A.rows; i += rows) {
        FiniteRows<Arch, T> seen;
        for (index_t r = i; r < A.rows && r < i + rows; ++r) seen.add(&A(r, 0), A.cols);
        if (!seen.all_finite()) return false;
    }
    return true;
}

}  // namespace detail

/// True when no element is NaN or infinite. Decided by exponent bits, so -ffast-math cannot break it.
template <class Arch = simd::native_arch, class X>
bool all_finite(MatRef<X> A) {
    using T = std::remove_const_t<X>;
    if (A.rows == 0 || A.cols == 0) return true;  // rows of no elements have no address
    if (detail::better_transposed(A)) A = A.transposed();
    if constexpr (simd::has_pack<T, Arch>) {
        if (A.col_stride == 1) return detail::all_finite_in_rows<Arch, T>(A);
    }
    for (index_t i = 0; i < A.rows; ++i) {
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
    if constexpr (simd::has_pack<T, Arch>) {
        if (A.col_stride == 1) {
            detail::LargestMagnitude<T, Arch> tops[4];
            for (index_t i = 0; i < A.rows; ++i) detail::add_contiguous<Arch, T>(&A(i, 0), A.cols, tops);
            return detail::joined(tops).value();
        }
    }
    detail::real_t<T> top{};
    for (index_t i = 0; i < A.rows; ++i) {
        for (index_t j = 0; j < A.cols; ++j) {
            const auto v = static_cast<detail::real_t<T>>(std::abs(A(i, j)));
            if (v != v) return v;
            if (v > top) top = v;
        }
    }
    return top;
}

}  // namespace gram::kernel
