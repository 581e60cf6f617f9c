/// Complex vectors that are contiguous in memory: dot, axpy, scal.
#pragma once

#include <complex>

#include "gram/kernel/complex_parts.hpp"
#include "gram/simd/complex.hpp"
#include "gram/simd/reduce.hpp"

namespace gram::kernel::detail {

/// The sums of a b and of a swap_parts(b), lane by lane, with the signs that make them parts of op(a) b.
template <class Arch, class R>
GRAM_INLINE void sign_sums(simd::pack<R, Arch>& direct, simd::pack<R, Arch>& crossed, bool conjugated) {
    const R sign = conjugated ? R{1} : R{-1};
    direct = direct * simd::broadcast_parts<R, Arch>(R{1}, sign);
    crossed = crossed * simd::broadcast_parts<R, Arch>(R{1}, -sign);
}

/// Sum of op(x[i]) * y[i], where op conjugates or not. Several chains hide the latency of the multiply-add.
template <class Arch, class R>
std::complex<R> complex_dot_contiguous(const std::complex<R>* x, const std::complex<R>* y, index_t size,
                                       bool conjugated) {
    using P = simd::pack<R, Arch>;
    constexpr index_t w = simd::width<R, Arch>;
    const R *a = reinterpret_cast<const R*>(x), *b = reinterpret_cast<const R*>(y);
    const index_t n = 2 * size;
    P direct[4], crossed[4];
#pragma GCC unroll 4
    for (int u = 0; u < 4; ++u) direct[u] = crossed[u] = simd::broadcast<R, Arch>(R{});
    index_t i = 0;
    for (; i + 4 * w <= n; i += 4 * w) {
#pragma GCC unroll 4
        for (int u = 0; u < 4; ++u) {
            const P au = simd::in_register(simd::load<R, Arch>(a + i + u * w));
            const P bu = simd::in_register(simd::load<R, Arch>(b + i + u * w));
            direct[u] = simd::fma(au, bu, direct[u]);
            crossed[u] = simd::fma(au, simd::swap_parts(bu), crossed[u]);
        }
    }
    for (; i < n; i += w) {
        const index_t rest = n - i < w ? n - i : w;
        const P ai = simd::load_n<R, Arch>(a + i, rest), bi = simd::load_n<R, Arch>(b + i, rest);
        direct[0] = simd::fma(ai, bi, direct[0]);
        crossed[0] = simd::fma(ai, simd::swap_parts(bi), crossed[0]);
    }
    P re = (direct[0] + direct[1]) + (direct[2] + direct[3]),
      im = (crossed[0] + crossed[1]) + (crossed[2] + crossed[3]);
    sign_sums<Arch, R>(re, im, conjugated);
    return {simd::reduce_add(re), simd::reduce_add(im)};
}

/// A complex factor in registers.
template <class Arch, class R>
struct ComplexFactor {
    using P = simd::pack<R, Arch>;
    P re, im;

    /// Multiplies x, or conj(x), by alpha.
    explicit ComplexFactor(const std::complex<R>& alpha, bool conjugated = false)
        : re(simd::broadcast_parts<R, Arch>(alpha.real(), conjugated ? -alpha.real() : alpha.real())),
          im(simd::broadcast_parts<R, Arch>(conjugated ? alpha.imag() : -alpha.imag(), alpha.imag())) {}
    [[nodiscard]] GRAM_INLINE P times(const P& x) const { return simd::fma(simd::swap_parts(x), im, x * re); }
    [[nodiscard]] GRAM_INLINE P times_plus(const P& x, const P& y) const {
        return simd::fma(simd::swap_parts(x), im, simd::fma(x, re, y));
    }
};

/// y += alpha * op(x), where op conjugates or not.
template <class Arch, class R>
void complex_axpy_contiguous(const std::complex<R>& alpha, bool conjugated, const std::complex<R>* x,
                             std::complex<R>* y, index_t size) {
    constexpr index_t w = simd::width<R, Arch>;
    const R* a = reinterpret_cast<const R*>(x);
    R* b = reinterpret_cast<R*>(y);
    const ComplexFactor<Arch, R> factor(alpha, conjugated);
    const auto at = [&](index_t i) {
        return factor.times_plus(simd::in_register(simd::load<R, Arch>(a + i)), simd::load<R, Arch>(b + i));
    };
    index_t i = 0;
    for (; i + 2 * w <= 2 * size; i += 2 * w) {
        const auto even = at(i), odd = at(i + w);
        simd::store(b + i, even);
        simd::store(b + i + w, odd);
    }
    for (; i + w <= 2 * size; i += w) simd::store(b + i, at(i));
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
