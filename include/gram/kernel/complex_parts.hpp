/// Products and conjugates of single numbers that may be complex.
#pragma once

#include <complex>
#include <type_traits>

#include "gram/kernel/norm.hpp"

// Not templates on Arch: the namespace keeps the copies of different instruction sets apart.
namespace gram::kernel::detail::inline GRAM_ISA {

template <class T>
inline constexpr bool is_complex = !std::is_same_v<std::remove_const_t<T>, real_t<T>>;

/// a * b without the search for infinities behind a NaN that std::complex pays for on every product.
template <class T>
GRAM_INLINE constexpr T times(const T& a, const T& b) {
    if constexpr (is_complex<T>) {
        return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
    } else {
        return static_cast<T>(a * b);
    }
}
/// a * b, and b itself for a = 1.
template <class T>
GRAM_INLINE constexpr T scaled(const T& a, const T& b) {
    return a == T{1} ? b : times(a, b);
}
/// The conjugate where `yes`.
template <class T>
GRAM_INLINE constexpr T conj_if([[maybe_unused]] bool yes, const T& a) {
    if constexpr (is_complex<T>) {
        return yes ? T{a.real(), -a.imag()} : a;
    } else {
        return a;
    }
}

}  // namespace gram::kernel::detail::inline GRAM_ISA
