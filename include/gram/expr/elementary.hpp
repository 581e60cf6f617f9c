/// Elementary functions, element by element: what NumPy users know beyond functions.hpp.
///
/// Lazy and fused like all element-wise functions. Most run on packs; tan, asinh, tgamma and lgamma call the standard
/// library for every element. How accurate each is stands in docs/design/accuracy.md.
#pragma once

#include "gram/expr/elementary_functors.hpp"
#include "gram/expr/operands.hpp"

namespace gram::inline GRAM_ISA {

/// 2^x, within 1.25 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto exp2(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Exp2{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto exp2(E&& e) { return detail::make_map(Exp2{}, std::forward<E>(e)); }
/// Logarithm to base 2, within 2 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto log2(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Log2{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto log2(E&& e) { return detail::make_map(Log2{}, std::forward<E>(e)); }
/// Logarithm to base 10, within 1 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto log10(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Log10{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto log10(E&& e) { return detail::make_map(Log10{}, std::forward<E>(e)); }
/// Cube root, within 1 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto cbrt(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Cbrt{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto cbrt(E&& e) { return detail::make_map(Cbrt{}, std::forward<E>(e)); }
/// Tangent of x radians, element by element, by the standard library.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto tan(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Tan{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto tan(E&& e) { return detail::make_map(Tan{}, std::forward<E>(e)); }
/// Arc sine in [-pi/2, pi/2], within 1.5 ulp; NaN outside of [-1, 1], element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto asin(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Asin{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto asin(E&& e) { return detail::make_map(Asin{}, std::forward<E>(e)); }
/// Arc cosine in [0, pi], within 1.5 ulp; NaN outside of [-1, 1], element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto acos(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Acos{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto acos(E&& e) { return detail::make_map(Acos{}, std::forward<E>(e)); }
/// Arc tangent in [-pi/2, pi/2], within 2 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto atan(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Atan{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto atan(E&& e) { return detail::make_map(Atan{}, std::forward<E>(e)); }
/// Hyperbolic sine, within 2 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto sinh(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Sinh{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto sinh(E&& e) { return detail::make_map(Sinh{}, std::forward<E>(e)); }
/// Hyperbolic cosine, within 2 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto cosh(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Cosh{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto cosh(E&& e) { return detail::make_map(Cosh{}, std::forward<E>(e)); }
/// Inverse hyperbolic sine, element by element, by the standard library.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto asinh(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Asinh{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto asinh(E&& e) { return detail::make_map(Asinh{}, std::forward<E>(e)); }
/// Inverse hyperbolic cosine, within 2 ulp; NaN below 1, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto acosh(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Acosh{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto acosh(E&& e) { return detail::make_map(Acosh{}, std::forward<E>(e)); }
/// Inverse hyperbolic tangent, within 2 ulp; NaN outside of [-1, 1], element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto atanh(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Atanh{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto atanh(E&& e) { return detail::make_map(Atanh{}, std::forward<E>(e)); }
/// The complementary error function 1 - erf(x), within 1.5 ulp, also where it is small, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto erfc(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Erfc{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto erfc(E&& e) { return detail::make_map(Erfc{}, std::forward<E>(e)); }
/// The gamma function, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto tgamma(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Tgamma{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto tgamma(E&& e) { return detail::make_map(Tgamma{}, std::forward<E>(e)); }
/// Logarithm of |gamma(x)|, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto lgamma(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Lgamma{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto lgamma(E&& e) { return detail::make_map(Lgamma{}, std::forward<E>(e)); }
/// The nearest integer, halves to the even one (NumPy's round), element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto rint(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Rint{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto rint(E&& e) { return detail::make_map(Rint{}, std::forward<E>(e)); }
/// The integer part: towards zero, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto trunc(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Trunc{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto trunc(E&& e) { return detail::make_map(Trunc{}, std::forward<E>(e)); }
/// 1 / sqrt(x), both correctly rounded (so within 1.5 ulp), element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto rsqrt(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Rsqrt{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto rsqrt(E&& e) { return detail::make_map(Rsqrt{}, std::forward<E>(e)); }
/// 1 / x, correctly rounded, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires(!std::is_integral_v<value_t<E>>)
auto reciprocal(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Reciprocal{}, e); }
template <detail::Passing E>
    requires(!std::is_integral_v<value_t<E>>)
auto reciprocal(E&& e) { return detail::make_map(Reciprocal{}, std::forward<E>(e)); }
/// Radians to degrees, within 1 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto degrees(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Degrees{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto degrees(E&& e) { return detail::make_map(Degrees{}, std::forward<E>(e)); }
/// Degrees to radians, within 1 ulp, element by element.
/// @snippet elementwise.cpp elementary
template <Container E>
    requires std::floating_point<value_t<E>>
auto radians(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Radians{}, e); }
template <detail::Passing E>
    requires std::floating_point<value_t<E>>
auto radians(E&& e) { return detail::make_map(Radians{}, std::forward<E>(e)); }
/// -1, 0 or 1 by the sign; NaN of NaN, element by element.
/// @snippet elementwise.cpp sign
template <Container E>
    requires(!is_complex_v<value_t<E>>)
auto sign(const E& e GRAM_LIFETIMEBOUND) { return detail::make_map(Sign{}, e); }
template <detail::Passing E>
    requires(!is_complex_v<value_t<E>>)
auto sign(E&& e) { return detail::make_map(Sign{}, std::forward<E>(e)); }

}  // namespace gram::inline GRAM_ISA
