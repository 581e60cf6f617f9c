/// softmax and log_softmax: scores to probabilities and their logarithms.
#pragma once

#include <algorithm>
#include <array>
#include <limits>

#include "gram/expr/reductions.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

template <MatrixExpr E>
using row_major_t = Matrix<value_t<E>, rows_v<E>, cols_v<E>>;

/// Calls f(from, to) for every sample: each row of a matrix, or the whole of a column vector. Scores that lie in memory
/// row by row are read there; others are evaluated into `to` first.
template <class E, class F>
row_major_t<E> map_samples(const E& scores, F f) {
    using T = value_t<E>;
    constexpr bool one_column = cols_v<E> == 1 && rows_v<E> != 1;
    const auto each = [&](row_major_t<E>& p, const T* from, index_t row_stride) {
        const index_t samples = one_column ? 1 : p.rows(), size = one_column ? p.rows() : p.cols();
        for (index_t i = 0; i < samples; ++i) f(from + i * row_stride, kernel::VecRef<T>{p.data() + i * size, size, 1});
    };
    if (scores.rows() == 0 || scores.cols() == 0) return row_major_t<E>(scores);
    if constexpr (Leaf<E>) {
        const auto x = scores.ref();
        if ((one_column ? x.row_stride : x.col_stride) == 1) {
            row_major_t<E> p(x.rows, x.cols, uninitialized);
            each(p, x.data, x.row_stride);
            return p;
        }
    }
    row_major_t<E> p(scores);
    each(p, p.data(), p.cols());
    return p;
}

/// Added to a pack of n elements and zeros, those from W - n on make the zeros -infinity: e^x is 0 there.
template <class T, index_t W>
inline constexpr auto zeros_and_infinities = [] {
    std::array<T, static_cast<std::size_t>(2 * W)> values{};
    std::fill(values.begin() + W, values.end(), -std::numeric_limits<T>::infinity());
    return values;
}();
/// Calls f(j, pack of x[j], count) for n elements.
template <class Arch, class T, class F>
GRAM_INLINE void for_each_pack(const T* x, index_t n, F f) {
    constexpr index_t w = simd::width<T, Arch>;
    for (index_t j = 0; j < n; j += w) {
        if (const index_t rest = n - j; rest >= w) {
            f(j, simd::load<T, Arch>(x + j), w);
        } else {
            const T* edge = zeros_and_infinities<T, w>.data() + w - rest;
            f(j, simd::load_n<T, Arch>(x + j, rest) + simd::load<T, Arch>(edge), rest);
        }
    }
}

/// The largest of n elements. A NaN may be passed over: it spoils the sum that is built next.
template <class Arch, class T>
T line_max(const T* x, index_t n) {
    auto largest = simd::broadcast<T, Arch>(-std::numeric_limits<T>::infinity());
    for_each_pack<Arch>(x, n, [&](index_t, const auto& pack, index_t) { largest = simd::max(pack, largest); });
    return simd::reduce_max(largest);
}
/// The sum of exp(x - shift) over n elements, which are also handed to keep(j, pack, count).
template <class Arch, class T, class Keep>
T sum_exp_shifted(const T* x, index_t n, T shift, Keep keep) {
    const auto s = simd::broadcast<T, Arch>(shift);
    auto total = simd::broadcast<T, Arch>(T{});
    for_each_pack<Arch>(x, n, [&](index_t j, const auto& pack, index_t count) {
        const auto e = simd::exp(pack - s);
        keep(j, e, count);
        total = total + e;
    });
    return simd::reduce_add(total);
}
/// to[j] = f(pack of from[j]) for n elements; the two may be the same.
template <class Arch, class T, class F>
void map_line(const T* from, T* to, index_t n, F f) {
    constexpr index_t w = simd::width<T, Arch>;
    index_t j = 0;
    for (; j + w <= n; j += w) simd::store(to + j, f(simd::load<T, Arch>(from + j)));
    if (j < n) simd::store_n(to + j, f(simd::load_n<T, Arch>(from + j, n - j)), n - j);
}

}  // namespace detail

/// e^x / sum of e^x over each row of a matrix (a sample in each row), or over a whole vector. The largest score of
/// a sample is subtracted first, so large scores do not overflow. A NaN makes its sample NaN. Scores that lie in memory
/// row by row are read twice and the probabilities written twice: a row that fits a cache passes through memory once.
/// @snippet basics.cpp softmax
template <MatrixExpr E>
    requires std::floating_point<value_t<E>>
auto softmax(const E& scores) {
    using T = value_t<E>;
    using Arch = simd::native_arch;
    return detail::map_samples(scores, [](const T* x, kernel::VecRef<T> p) {
        constexpr index_t w = simd::width<T, Arch>;
        const index_t whole = p.size / w * w;
        auto last = simd::broadcast<T, Arch>(T{});  // kept back: what a mask has stored is slow to load
        const T largest = detail::line_max<Arch>(x, p.size);
        const T sum = detail::sum_exp_shifted<Arch>(x, p.size, largest, [&](index_t j, const auto& e, index_t n) {
            if (n == w) {
                simd::store(p.data + j, e);
            } else {
                last = e;
            }
        });
        const auto factor = simd::broadcast<T, Arch>(T{1} / sum);
        detail::map_line<Arch>(p.data, p.data, whole, [&](const auto& e) { return e * factor; });
        simd::store_n(p.data + whole, last * factor, p.size - whole);
    });
}

/// log(softmax(x)) as x - max - log(sum of e^(x - max)): finite where the probability itself underflows.
/// @snippet basics.cpp softmax
template <MatrixExpr E>
    requires std::floating_point<value_t<E>>
auto log_softmax(const E& scores) {
    using T = value_t<E>;
    using Arch = simd::native_arch;
    return detail::map_samples(scores, [](const T* x, kernel::VecRef<T> p) {
        const T largest = detail::line_max<Arch>(x, p.size);
        const T log_sum =
            std::log(detail::sum_exp_shifted<Arch>(x, p.size, largest, [](index_t, const auto&, index_t) {}));
        const auto shift = simd::broadcast<T, Arch>(largest), less = simd::broadcast<T, Arch>(log_sum);
        detail::map_line<Arch>(x, p.data, p.size, [&](const auto& e) { return (e - shift) - less; });
    });
}

}  // namespace gram::inline GRAM_ISA
