/// Complex vectors that are contiguous in memory: dot, axpy, scal.
#pragma once

#include <complex>

#include "gram/kernel/complex_parts.hpp"
#include "gram/simd/complex.hpp"
#include "gram/simd/reduce.hpp"

namespace gram::kernel::detail {

/// Sums of a b and of a swap_parts(b), lane by lane: all that a complex product needs until the end.
template <class Arch, class R>
struct ComplexSums {
    using P = simd::pack<R, Arch>;
    P direct = simd::broadcast<R, Arch>(R{}), crossed = direct;

    GRAM_INLINE void add(const P& a, const P& b, const P& b_swapped) {
        direct = simd::fma(a, b, direct);
        crossed = simd::fma(a, b_swapped, crossed);
    }
    GRAM_INLINE void add(const ComplexSums& other) {
        direct = direct + other.direct;
        crossed = crossed + other.crossed;
    }
    /// The sum of op(a) b, where op conjugates or not.
    [[nodiscard]] GRAM_INLINE std::complex<R> total(bool conjugated) const {
        const R sign = conjugated ? R{1} : R{-1};
        return {simd::reduce_add(direct * simd::broadcast_parts<R, Arch>(R{1}, sign)),
                simd::reduce_add(crossed * simd::broadcast_parts<R, Arch>(R{1}, -sign))};
    }
};

/// Sum of op(x[i]) * y[i], where op conjugates or not. Several chains hide the latency of the multiply-add.
template <class Arch, class R>
std::complex<R> complex_dot_contiguous(const std::complex<R>* x, const std::complex<R>* y, index_t size,
                                       bool conjugated) {
    constexpr index_t w = simd::width<R, Arch>;
    const R *a = reinterpret_cast<const R*>(x), *b = reinterpret_cast<const R*>(y);
    const index_t n = 2 * size;
    ComplexSums<Arch, R> sums[4];
    index_t i = 0;
    for (; i + 4 * w <= n; i += 4 * w) {
#pragma GCC unroll 4
        for (int u = 0; u < 4; ++u) {
            const auto bu = simd::load<R, Arch>(b + i + u * w);
            sums[u].add(simd::load<R, Arch>(a + i + u * w), bu, simd::swap_parts(bu));
        }
    }
    for (; i < n; i += w) {
        const index_t rest = n - i < w ? n - i : w;
        const auto bi = simd::load_n<R, Arch>(b + i, rest);
        sums[0].add(simd::load_n<R, Arch>(a + i, rest), bi, simd::swap_parts(bi));
    }
    sums[0].add(sums[1]);
    sums[2].add(sums[3]);
    sums[0].add(sums[2]);
    return sums[0].total(conjugated);
}

/// A complex factor in registers.
template <class Arch, class R>
struct ComplexFactor {
    using P = simd::pack<R, Arch>;
    P re, im;

    explicit ComplexFactor(const std::complex<R>& alpha)
        : re(simd::broadcast<R, Arch>(alpha.real())), im(simd::broadcast_parts<R, Arch>(-alpha.imag(), alpha.imag())) {}
    [[nodiscard]] GRAM_INLINE P times(const P& x) const { return simd::fma(simd::swap_parts(x), im, x * re); }
    [[nodiscard]] GRAM_INLINE P times_plus(const P& x, const P& y) const {
        return simd::fma(simd::swap_parts(x), im, simd::fma(x, re, y));
    }
};

/// y += alpha * x.
template <class Arch, class R>
void complex_axpy_contiguous(const std::complex<R>& alpha, const std::complex<R>* x, std::complex<R>* y, index_t size) {
    constexpr index_t w = simd::width<R, Arch>;
    const R* a = reinterpret_cast<const R*>(x);
    R* b = reinterpret_cast<R*>(y);
    const ComplexFactor<Arch, R> factor(alpha);
    index_t i = 0;
    for (; i + w <= 2 * size; i += w) {
        simd::store(b + i, factor.times_plus(simd::load<R, Arch>(a + i), simd::load<R, Arch>(b + i)));
    }
    if (const index_t rest = 2 * size - i; rest > 0) {
        simd::store_n(b + i, factor.times_plus(simd::load_n<R, Arch>(a + i, rest), simd::load_n<R, Arch>(b + i, rest)),
                      rest);
    }
}

/// x *= alpha.
template <class Arch, class R>
void complex_scal_contiguous(const std::complex<R>& alpha, std::complex<R>* x, index_t size) {
    constexpr index_t w = simd::width<R, Arch>;
    R* a = reinterpret_cast<R*>(x);
    const ComplexFactor<Arch, R> factor(alpha);
    index_t i = 0;
    for (; i + w <= 2 * size; i += w) simd::store(a + i, factor.times(simd::load<R, Arch>(a + i)));
    if (const index_t rest = 2 * size - i; rest > 0) {
        simd::store_n(a + i, factor.times(simd::load_n<R, Arch>(a + i, rest)), rest);
    }
}

}  // namespace gram::kernel::detail
