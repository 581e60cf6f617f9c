/// softmax and log_softmax: scores to probabilities and their logarithms.
#pragma once

#include "gram/expr/reductions.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Calls f(line) for every sample: each row of a matrix, or the whole of a column vector.
template <class D, class F>
void for_each_sample(D& x, F f) {
    if constexpr (cols_v<D> == 1 && rows_v<D> != 1) {
        f(kernel::VecRef<value_t<D>>{x.data(), x.rows(), 1});
    } else {
        for (index_t i = 0; i < x.rows(); ++i) f(kernel::VecRef<value_t<D>>{x.data() + i * x.cols(), x.cols(), 1});
    }
}

template <class Arch, class T>
T line_max(kernel::VecRef<T> x) {
    T best = x.data[0];
    for (index_t j = 1; j < x.size; ++j) best = x.data[j] > best || x.data[j] != x.data[j] ? x.data[j] : best;
    return best;
}
/// x = exp(x - shift); returns the sum.
template <class Arch, class T>
T exp_shifted(kernel::VecRef<T> x, T shift) {
    constexpr index_t w = simd::width<T, Arch>;
    T sum{};
    if constexpr (simd::has_pack<T, Arch>) {
        auto total = simd::broadcast<T, Arch>(T{});
        const auto s = simd::broadcast<T, Arch>(shift);
        index_t j = 0;
        for (; j + w <= x.size; j += w) {
            const auto e = simd::exp(simd::load<T, Arch>(x.data + j) - s);
            simd::store(x.data + j, e);
            total = total + e;
        }
        sum = simd::reduce_add(total);
        if (j < x.size) {
            simd::store_n(x.data + j, simd::exp(simd::load_n<T, Arch>(x.data + j, x.size - j) - s), x.size - j);
            for (; j < x.size; ++j) sum += x.data[j];
        }
    } else {
        for (index_t j = 0; j < x.size; ++j) sum += x.data[j] = std::exp(x.data[j] - shift);
    }
    return sum;
}

template <MatrixExpr E>
using row_major_t = Matrix<value_t<E>, rows_v<E>, cols_v<E>>;

}  // namespace detail

/// e^x / sum of e^x over each row of a matrix (a sample in each row), or over a whole vector. The largest score of
/// a sample is subtracted first, so large scores do not overflow. A NaN makes its sample NaN.
/// @snippet basics.cpp softmax
template <MatrixExpr E>
    requires std::floating_point<value_t<E>>
auto softmax(const E& scores) {
    using T = value_t<E>;
    using Arch = simd::native_arch;
    detail::row_major_t<E> p(scores);
    if (p.cols() == 0 || p.rows() == 0) return p;
    detail::for_each_sample(p, [](kernel::VecRef<T> x) {
        const T sum = detail::exp_shifted<Arch>(x, detail::line_max<Arch>(x));
        for (index_t j = 0; j < x.size; ++j) x.data[j] /= sum;
    });
    return p;
}

/// log(softmax(x)) as x - max - log(sum of e^(x - max)): finite where the probability itself underflows.
/// @snippet basics.cpp softmax
template <MatrixExpr E>
    requires std::floating_point<value_t<E>>
auto log_softmax(const E& scores) {
    using T = value_t<E>;
    using Arch = simd::native_arch;
    detail::row_major_t<E> p(scores);
    if (p.cols() == 0 || p.rows() == 0) return p;
    Vector<T> copy;
    detail::for_each_sample(p, [&](kernel::VecRef<T> x) {
        copy = Vector<T>(x.size, uninitialized);
        std::copy_n(x.data, x.size, copy.data());
        const T largest = detail::line_max<Arch>(x);
        const T log_sum = std::log(detail::exp_shifted<Arch>(copy.vec(), largest));
        for (index_t j = 0; j < x.size; ++j) x.data[j] = (x.data[j] - largest) - log_sum;
    });
    return p;
}

}  // namespace gram::inline GRAM_ISA
