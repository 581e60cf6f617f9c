/// Elementary functions on packs. Each also takes a scalar, by the standard
/// library.
#pragma once

#include "gram/simd/basic.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 calls the undefined pass-through operands inside its own AVX-512
// intrinsics uninitialised (GCC PR 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace gram::simd {

namespace detail {
// Lane by lane through the standard library: slow, and as accurate as that
// library.
template <class T, class A, class F>
GRAM_INLINE xsimd::batch<T, A> lanewise(const xsimd::batch<T, A>& x, F f) {
    constexpr index_t w = width<T, A>;
    T lanes[w];
    x.store_unaligned(lanes);
    for (index_t i = 0; i < w; ++i) lanes[i] = f(lanes[i]);
    return xsimd::batch<T, A>::load_unaligned(lanes);
}
}  // namespace detail

/// e^x
template <class T, class A>
inline xsimd::batch<T, A> exp(const xsimd::batch<T, A>& x) {
    return xsimd::exp(x);
}
/// Natural logarithm.
template <class T, class A>
inline xsimd::batch<T, A> log(const xsimd::batch<T, A>& x) {
    return xsimd::log(x);
}
/// log(1 + x)
template <class T, class A>
inline xsimd::batch<T, A> log1p(const xsimd::batch<T, A>& x) {
    return xsimd::log1p(x);
}
/// e^x - 1
template <class T, class A>
inline xsimd::batch<T, A> expm1(const xsimd::batch<T, A>& x) {
    return xsimd::expm1(x);
}
/// Hyperbolic tangent.
template <class T, class A>
inline xsimd::batch<T, A> tanh(const xsimd::batch<T, A>& x) {
    return xsimd::tanh(x);
}
/// Sine of x radians.
template <class T, class A>
inline xsimd::batch<T, A> sin(const xsimd::batch<T, A>& x) {
    return xsimd::sin(x);
}
/// Cosine of x radians.
template <class T, class A>
inline xsimd::batch<T, A> cos(const xsimd::batch<T, A>& x) {
    return xsimd::cos(x);
}
/// The error function.
template <class T, class A>
inline xsimd::batch<T, A> erf(const xsimd::batch<T, A>& x) {
    return xsimd::erf(x);
}
/// The largest integer not above x.
template <class T, class A>
inline xsimd::batch<T, A> floor(const xsimd::batch<T, A>& x) {
    return xsimd::floor(x);
}
/// The smallest integer not below x.
template <class T, class A>
inline xsimd::batch<T, A> ceil(const xsimd::batch<T, A>& x) {
    return xsimd::ceil(x);
}
/// The nearest integer, halves away from zero.
template <class T, class A>
inline xsimd::batch<T, A> round(const xsimd::batch<T, A>& x) {
    return detail::lanewise(x, [](T v) { return std::round(v); });
}
/// x^y
template <class T, class A>
inline xsimd::batch<T, A> pow(const xsimd::batch<T, A>& x, const xsimd::batch<T, A>& y) {
    constexpr index_t w = width<T, A>;
    T a[w], b[w];
    x.store_unaligned(a);
    y.store_unaligned(b);
    for (index_t i = 0; i < w; ++i) a[i] = std::pow(a[i], b[i]);
    return xsimd::batch<T, A>::load_unaligned(a);
}

/// The same names for a scalar.
template <class T>
concept Real = std::is_floating_point_v<T>;

inline auto exp(Real auto x) { return std::exp(x); }
inline auto log(Real auto x) { return std::log(x); }
inline auto log1p(Real auto x) { return std::log1p(x); }
inline auto expm1(Real auto x) { return std::expm1(x); }
inline auto tanh(Real auto x) { return std::tanh(x); }
inline auto sin(Real auto x) { return std::sin(x); }
inline auto cos(Real auto x) { return std::cos(x); }
inline auto erf(Real auto x) { return std::erf(x); }
inline auto floor(Real auto x) { return std::floor(x); }
inline auto ceil(Real auto x) { return std::ceil(x); }
inline auto round(Real auto x) { return std::round(x); }
template <Real T>
inline T pow(T x, std::type_identity_t<T> y) {
    return std::pow(x, y);
}

}  // namespace gram::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
