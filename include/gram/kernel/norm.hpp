/// The Euclidean norm of a vector, without avoidable overflow or underflow.
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/reduce.hpp"

namespace gram::kernel {
namespace detail {

template <class T>
struct RealOf {
    using type = T;
};
template <class T>
struct RealOf<std::complex<T>> {
    using type = T;
};
/// The type of |x|.
template <class T>
using real_t = typename RealOf<std::remove_const_t<T>>::type;

/// Calls f with every real component of x.
template <class X, class F>
void for_components(const VecRef<X>& x, const F& f) {
    for (index_t i = 0; i < x.size; ++i) {
        if constexpr (std::is_same_v<std::remove_const_t<X>, real_t<X>>) {
            f(x[i]);
        } else {
            f(x[i].real());
            f(x[i].imag());
        }
    }
}

template <class Arch, class X>
auto sum_of_squares(const VecRef<X>& x) {
    using R = real_t<X>;
    if constexpr (simd::has_pack<std::remove_const_t<X>, Arch>) {
        if (x.stride == 1) {
            using P = simd::pack<R, Arch>;
            constexpr index_t w = simd::width<R, Arch>;
            P sum[4];
#pragma GCC unroll 4
            for (int u = 0; u < 4; ++u) sum[u] = simd::broadcast<R, Arch>(R{});
            const auto add = [&](int u, const P& v) { sum[u] = simd::fma(v, v, sum[u]); };
            index_t i = 0;
            for (; i + 4 * w <= x.size; i += 4 * w) {
#pragma GCC unroll 4
                for (int u = 0; u < 4; ++u) add(u, simd::load<R, Arch>(x.data + i + u * w));
            }
            for (; i + w <= x.size; i += w) add(0, simd::load<R, Arch>(x.data + i));
            if (i < x.size) add(1, simd::load_n<R, Arch>(x.data + i, x.size - i));
            return simd::reduce_add((sum[0] + sum[1]) + (sum[2] + sum[3]));
        }
    }
    R sum{};
    for_components(x, [&](R v) { sum += v * v; });
    return sum;
}

/// For sums of squares that left the range: every element is first divided by the power of two next to the largest.
template <class Arch, class X>
auto nrm2_scaled(const VecRef<X>& x) {
    using R = real_t<X>;
    R top{0};
    bool nan = false;
    for_components(x, [&](R v) {
        nan = nan || v != v;
        top = std::abs(v) > top ? std::abs(v) : top;
    });
    if (nan) return std::numeric_limits<R>::quiet_NaN();
    if (top == R{0} || top > std::numeric_limits<R>::max()) return top;
    int exponent = 0;
    std::frexp(top, &exponent);
    R sum{0};
    for_components(x, [&](R v) {
        const R scaled = std::ldexp(v, -exponent);
        sum += scaled * scaled;
    });
    return std::ldexp(std::sqrt(sum), exponent);
}

}  // namespace detail

/// Euclidean norm; overflows and underflows only where the result does. NaN and infinity propagate (NaN wins).
///
/// One pass in the normal range; two more when the plain sum of squares left it.
template <class Arch = simd::native_arch, class X>
auto nrm2(const VecRef<X>& x) {
    using R = detail::real_t<X>;
    if constexpr (dispatch::covers<Arch, std::remove_const_t<X>>) return dispatch::kernels<R>().nrm2(x);
    const R sum = detail::sum_of_squares<Arch>(x);
    if constexpr (std::is_floating_point_v<R>) {
        // Squares that underflow lose less than the smallest normal number each.
        constexpr R lowest = std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon();
        // Rounded towards zero, a sum that overflows stays at the largest number.
        const bool safe = sum < std::numeric_limits<R>::max() / 2 && sum >= lowest * static_cast<R>(x.size);
        if (!safe) return x.size == 0 ? R{0} : detail::nrm2_scaled<Arch>(x);
    }
    return static_cast<R>(std::sqrt(sum));
}

}  // namespace gram::kernel
