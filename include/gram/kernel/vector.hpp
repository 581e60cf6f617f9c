/// Vectors: dot, axpy, scal, asum, iamax, swap, copy. Any strides, any length from 0. nrm2 is in norm.hpp.
#pragma once

#include <cmath>
#include <complex>
#include <cstring>
#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/complex_vector.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/magnitude.hpp"
#include "gram/kernel/norm.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/reduce.hpp"

namespace gram::kernel {
namespace detail {

/// Sum of a[i] * b[i] over contiguous memory; four accumulators hide the latency of the multiply-add.
template <class Arch, class T>
T dot_contiguous(const T* a, const T* b, index_t n) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P sum[4];
#pragma GCC unroll 4
    for (int u = 0; u < 4; ++u) sum[u] = simd::broadcast<T, Arch>(T{});
    index_t i = 0;
    for (; i + 4 * w <= n; i += 4 * w) {
#pragma GCC unroll 4
        for (int u = 0; u < 4; ++u) {
            sum[u] = simd::fma(simd::load<T, Arch>(a + i + u * w), simd::load<T, Arch>(b + i + u * w), sum[u]);
        }
    }
    for (; i + w <= n; i += w) sum[0] = simd::fma(simd::load<T, Arch>(a + i), simd::load<T, Arch>(b + i), sum[0]);
    if (i < n) {
        sum[1] = simd::fma(simd::load_n<T, Arch>(a + i, n - i), simd::load_n<T, Arch>(b + i, n - i), sum[1]);
    }
    return simd::reduce_add((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/// y += alpha * x over contiguous memory.
template <class Arch, class T>
void axpy_contiguous(T alpha, const T* x, T* y, index_t n) {
    constexpr index_t w = simd::width<T, Arch>;
    const auto a = simd::broadcast<T, Arch>(alpha);
    index_t i = 0;
    for (; i + w <= n; i += w) {
        simd::store(y + i, simd::fma(a, simd::load<T, Arch>(x + i), simd::load<T, Arch>(y + i)));
    }
    if (i < n) {
        const index_t rest = n - i;
        simd::store_n(y + i, simd::fma(a, simd::load_n<T, Arch>(x + i, rest), simd::load_n<T, Arch>(y + i, rest)),
                      rest);
    }
}

/// Sum of |x[i]| over contiguous memory.
template <class Arch, class T>
T asum_contiguous(const T* x, index_t n) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P sum[4];
#pragma GCC unroll 4
    for (int u = 0; u < 4; ++u) sum[u] = simd::broadcast<T, Arch>(T{});
    index_t i = 0;
    for (; i + 4 * w <= n; i += 4 * w) {
#pragma GCC unroll 4
        for (int u = 0; u < 4; ++u) sum[u] = sum[u] + simd::abs(simd::load<T, Arch>(x + i + u * w));
    }
    for (; i + w <= n; i += w) sum[0] = sum[0] + simd::abs(simd::load<T, Arch>(x + i));
    if (i < n) sum[1] = sum[1] + simd::abs(simd::load_n<T, Arch>(x + i, n - i));
    return simd::reduce_add((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/// iamax of n > 0 elements in contiguous memory: the largest of each block, then its place in the best block.
template <class Arch, class T>
index_t iamax_contiguous(const T* x, index_t n) {
    constexpr index_t w = simd::width<T, Arch>, block = 64 * w;
    index_t best = 0;
    T top = T{-1};
    for (index_t i = 0; i < n && !(top != top); i += block) {
        LargestMagnitude<T, Arch> tops[4];
        add_contiguous<Arch, T>(x + i, n - i < block ? n - i : block, tops);
        const auto largest = joined(tops);
        if (simd::all(largest.lanes() <= simd::broadcast<T, Arch>(top))) continue;
        top = largest.value();
        best = i;
    }
    if (top != top) {
        while (!(x[best] != x[best])) ++best;
        return best;
    }
    const auto target = simd::broadcast<T, Arch>(top);
    while (best + w <= n && !simd::any(simd::abs(simd::load<T, Arch>(x + best)) == target)) best += w;
    while (std::abs(x[best]) != top) ++best;
    return best;
}

}  // namespace detail

/// Sum of x[i] * y[i] (not conjugated).
template <class Arch = simd::native_arch, class X, class Y>
auto dot(const VecRef<X>& x, const VecRef<Y>& y) {
    using T = std::remove_const_t<X>;
    if constexpr (dispatch::covers<Arch, T> && std::is_same_v<T, std::remove_const_t<Y>>)
        return dispatch::kernels<T>().dot(x, y);
    detail::count_flops(2, x.size, 1);
    if constexpr (simd::has_pack<T, Arch> && std::is_same_v<T, std::remove_const_t<Y>>) {
        if (x.stride == 1 && y.stride == 1) return detail::dot_contiguous<Arch, T>(x.data, y.data, x.size);
    }
    if constexpr (detail::is_complex<T> && std::is_same_v<T, std::remove_const_t<Y>>) {
        using R = detail::real_t<T>;
        if constexpr (simd::has_pack<R, Arch>) {
            if (x.stride == 1 && y.stride == 1) {
                return detail::complex_dot_contiguous<Arch, R>(x.data, y.data, x.size, false);
            }
        }
    }
    T even{}, odd{};  // two chains: the strided loop is bound by the latency of the addition
    index_t i = 0;
    for (; i + 2 <= x.size; i += 2) {
        even = static_cast<T>(even + detail::times<T>(x[i], y[i]));
        odd = static_cast<T>(odd + detail::times<T>(x[i + 1], y[i + 1]));
    }
    if (i < x.size) even = static_cast<T>(even + detail::times<T>(x[i], y[i]));
    return static_cast<T>(even + odd);
}

/// y += alpha * x
template <class Arch = simd::native_arch, class T>
void axpy(std::type_identity_t<T> alpha, const std::type_identity_t<VecRef<const T>>& x, const VecRef<T>& y) {
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().axpy(alpha, x, y);
    detail::count_flops(2, y.size, 1);
    if constexpr (simd::has_pack<T, Arch>) {
        if (x.stride == 1 && y.stride == 1) return detail::axpy_contiguous<Arch, T>(alpha, x.data, y.data, y.size);
    }
    if constexpr (detail::is_complex<T> && simd::has_pack<detail::real_t<T>, Arch>) {
        if (x.stride == 1 && y.stride == 1) {
            return detail::complex_axpy_contiguous<Arch, detail::real_t<T>>(alpha, false, x.data, y.data, y.size);
        }
    }
    for (index_t i = 0; i < y.size; ++i) y[i] = static_cast<T>(y[i] + detail::times<T>(alpha, x[i]));
}

/// x *= alpha; alpha = 0 overwrites NaN.
template <class Arch = simd::native_arch, class T>
void scal(std::type_identity_t<T> alpha, const VecRef<T>& x) {
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().scal(alpha, x);
    detail::count_flops(1, x.size, 1);
    if (alpha == T{}) {
        for (index_t i = 0; i < x.size; ++i) x[i] = T{};
        return;
    }
    if constexpr (detail::is_complex<T> && simd::has_pack<detail::real_t<T>, Arch>) {
        if (x.stride == 1) {
            return detail::complex_scal_contiguous<Arch, detail::real_t<T>>(alpha, x.data, x.size);
        }
    }
    index_t i = 0;
    if constexpr (simd::has_pack<T, Arch>) {
        constexpr index_t w = simd::width<T, Arch>;
        const auto a = simd::broadcast<T, Arch>(alpha);
        if (x.stride == 1) {
            for (; i + w <= x.size; i += w) simd::store(x.data + i, a * simd::load<T, Arch>(x.data + i));
        }
    }
    for (; i < x.size; ++i) x[i] = detail::times<T>(alpha, x[i]);
}

/// Sum of |x[i]|.
template <class Arch = simd::native_arch, class X>
auto asum(const VecRef<X>& x) {
    using T = std::remove_const_t<X>;
    if constexpr (simd::has_pack<T, Arch>) {
        if (x.stride == 1) return detail::asum_contiguous<Arch, T>(x.data, x.size);
    }
    detail::real_t<X> sum{};
    for (index_t i = 0; i < x.size; ++i) sum += std::abs(x[i]);
    return sum;
}

/// The first index of the largest |x[i]|; the first NaN counts as largest; -1 for an empty x.
template <class Arch = simd::native_arch, class X>
index_t iamax(const VecRef<X>& x) {
    using T = std::remove_const_t<X>;
    if constexpr (simd::has_pack<T, Arch>) {
        if (x.stride == 1 && x.size >= simd::width<T, Arch>) return detail::iamax_contiguous<Arch, T>(x.data, x.size);
    }
    index_t best = -1;
    detail::real_t<X> top{};
    for (index_t i = 0; i < x.size; ++i) {
        const auto v = std::abs(x[i]);
        if (v != v) return i;
        if (best < 0 || v > top) best = i, top = v;
    }
    return best;
}

/// Exchanges x and y.
template <class Arch = simd::native_arch, class T>
void swap(const VecRef<T>& x, const VecRef<T>& y) {
    index_t i = 0;
    if constexpr (simd::has_pack<T, Arch>) {
        constexpr index_t w = simd::width<T, Arch>;
        if (x.stride == 1 && y.stride == 1) {
            for (; i + w <= x.size; i += w) {
                const auto a = simd::load<T, Arch>(x.data + i), b = simd::load<T, Arch>(y.data + i);
                simd::store(x.data + i, b);
                simd::store(y.data + i, a);
            }
        }
    }
    for (; i < x.size; ++i) {
        const T t = x[i];
        x[i] = y[i];
        y[i] = t;
    }
}

/// y = x
template <class Arch = simd::native_arch, class T>
void copy(const std::type_identity_t<VecRef<const T>>& x, const VecRef<T>& y) {
    if constexpr (std::is_trivially_copyable_v<T>) {
        if (x.stride == 1 && y.stride == 1) {
            if (y.size > 0) std::memcpy(y.data, x.data, static_cast<std::size_t>(y.size) * sizeof(T));
            return;
        }
    }
    for (index_t i = 0; i < y.size; ++i) y[i] = x[i];
}

}  // namespace gram::kernel
