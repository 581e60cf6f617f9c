/// Functions of two matrices, or of a matrix and a number, element by element; integers and their bits; logic on masks.
///
/// Operands broadcast as those of +. Bits: of unsigned and signed integers as C++20 defines them.
#pragma once

#include <numeric>

#include "gram/expr/elementary.hpp"
#include "gram/expr/operators.hpp"
#include "gram/kernel/check.hpp"

namespace gram::inline GRAM_ISA {

namespace detail {

/// A function of two numbers as an object for Zip and Map; Op has `static auto apply(a, b)` and a symbol.
template <class Op>
struct BinaryFunction {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = Op::symbol;
    template <class A>
    constexpr auto operator()(const A& a, const A& b) const {
        return Op::apply(a, b);
    }
};
template <class Op, MatrixExpr L, MatrixExpr R>
    requires Elementwise<L, R>
auto apply_both(L&& l, R&& r) { return make_zip(BinaryFunction<Op>{}, std::forward<L>(l), std::forward<R>(r)); }
template <class Op, MatrixExpr L, ScalarFor<value_t<L>> S>
auto apply_right(L&& l, S s) {
    using T = value_t<L>;
    return make_map(WithRight<BinaryFunction<Op>, T>{{}, to_scalar<T>(s)}, std::forward<L>(l));
}

template <class E>
concept RealElements = std::is_floating_point_v<value_t<E>>;  // of integers: cast<double>(A)
template <class E>
concept IntegerElements = std::is_integral_v<value_t<E>>;  // of fractions: fmod(A, b), remainder(A, b)
template <class E>
concept BoolElements = std::same_as < value_t<E>,
bool > ;

struct Atan2Op {
    static constexpr const char* symbol = "(atan2)";
    static auto apply(auto a, decltype(a) b) { return std::atan2(a, b); }
};
struct HypotOp {
    static constexpr const char* symbol = "(hypot)";
    static auto apply(auto a, decltype(a) b) { return std::hypot(a, b); }
};
struct FmodOp {
    static constexpr const char* symbol = "(fmod)";
    static auto apply(auto a, decltype(a) b) { return std::fmod(a, b); }
};
struct RemainderOp {
    static constexpr const char* symbol = "(remainder)";
    template <class A>
    static A apply(A a, A b) {
        const A r = std::fmod(a, b);
        return r != 0 && (r < 0) != (b < 0) ? r + b : (r == 0 ? std::copysign(A{}, b) : r);
    }
};
struct CopysignOp {
    static constexpr const char* symbol = "(copysign)";
    static auto apply(auto a, decltype(a) b) { return std::copysign(a, b); }
};
struct FmaxOp {
    static constexpr const char* symbol = "(fmax)";
    static auto apply(auto a, decltype(a) b) { return std::fmax(a, b); }
};
struct FminOp {
    static constexpr const char* symbol = "(fmin)";
    static auto apply(auto a, decltype(a) b) { return std::fmin(a, b); }
};
struct PowerOp {
    static constexpr const char* symbol = "(pow)";
    template <class A>
    static A apply(A a, A b) {
        return static_cast<A>(std::pow(a, b));
    }
};
struct HeavisideOp {
    static constexpr const char* symbol = "(heaviside)";
    template <class A>
    static A apply(A a, A b) {
        return a != a ? a : (a == A{} ? b : (a > A{} ? A{1} : A{}));
    }
};
struct ModuloOp {
    static constexpr const char* symbol = "%";
    template <class A>
    static A apply(A a, A b) {
        if (b == A{}) throw std::domain_error("%: division by zero");
        if constexpr (std::is_signed_v<A>) {
            if (b == A{-1}) return A{};  // the smallest integer has no opposite
        }
        return static_cast<A>(a % b);
    }
};
struct AndOp {
    static constexpr const char* symbol = "&";
    template <class A>
    static constexpr A apply(A a, A b) {
        return static_cast<A>(a & b);
    }
};
struct OrOp {
    static constexpr const char* symbol = "|";
    template <class A>
    static constexpr A apply(A a, A b) {
        return static_cast<A>(a | b);
    }
};
struct XorOp {
    static constexpr const char* symbol = "^";
    template <class A>
    static constexpr A apply(A a, A b) {
        return static_cast<A>(a ^ b);
    }
};
/// Shifts by less than 0 or by all bits and more are undefined for the machine; here they are an error.
template <class A>
constexpr void check_shift(A by) {
    constexpr int bits = std::numeric_limits<std::make_unsigned_t<A>>::digits;
    if (std::cmp_less(by, 0) || std::cmp_greater_equal(by, bits)) {
        throw std::domain_error("shift by " + std::to_string(by) + " of " + std::to_string(bits) + " bits");
    }
}
struct ShiftLeftOp {
    static constexpr const char* symbol = "<<";
    template <class A>
    static constexpr A apply(A a, A b) {
        check_shift(b);
        return static_cast<A>(static_cast<std::make_unsigned_t<A>>(a) << b);
    }
};
struct ShiftRightOp {
    static constexpr const char* symbol = ">>";
    template <class A>
    static constexpr A apply(A a, A b) {
        check_shift(b);
        return static_cast<A>(a >> b);
    }
};
struct GcdOp {
    static constexpr const char* symbol = "(gcd)";
    static constexpr auto apply(auto a, decltype(a) b) { return std::gcd(a, b); }
};
struct LcmOp {
    static constexpr const char* symbol = "(lcm)";
    static constexpr auto apply(auto a, decltype(a) b) { return std::lcm(a, b); }
};

/// Decided on the bits, so that -ffast-math cannot fold it.
struct IsFinite {
    static constexpr bool has_packet = false;
    constexpr bool operator()(const auto& x) const { return kernel::detail::is_finite_bits(x); }
};
struct IsNan {
    static constexpr bool has_packet = false;
    template <class A>
    constexpr bool operator()(const A& x) const {
        if constexpr (is_complex_v<A>) {
            return (*this)(x.real()) || (*this)(x.imag());
        } else if constexpr (std::same_as<A, float>) {
            return (std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFFu) > 0x7F800000u;
        } else if constexpr (std::same_as<A, double>) {
            return (std::bit_cast<std::uint64_t>(x) & 0x7FFFFFFFFFFFFFFFu) > 0x7FF0000000000000u;
        } else {
            return x != x;
        }
    }
};
struct IsInf {
    static constexpr bool has_packet = false;
    template <class A>
    constexpr bool operator()(const A& x) const {
        if constexpr (is_complex_v<A>) {
            return (*this)(x.real()) || (*this)(x.imag());
        } else {
            return !IsFinite{}(x) && !IsNan{}(x);
        }
    }
};
struct Signbit {
    static constexpr bool has_packet = false;
    template <class A>
    bool operator()(const A& x) const {
        if constexpr (std::is_floating_point_v<A>) {
            return std::signbit(x);
        } else {
            return x < A{};
        }
    }
};
template <class T>
struct NanToNum {
    static constexpr bool has_packet = false;
    T nan, infinity;
    constexpr T operator()(const T& x) const {
        if (IsNan{}(x)) return nan;
        return IsInf{}(x) ? (x > T{} ? infinity : -infinity) : x;
    }
};
struct BitNot {
    static constexpr bool has_packet = false;
    template <class A>
    constexpr A operator()(const A& x) const {
        if constexpr (std::same_as<A, bool>) {
            return !x;
        } else {
            return static_cast<A>(~x);
        }
    }
};
template <class T>
struct Clamp {
    static constexpr bool has_packet = std::floating_point<T>;
    T low, high;
    constexpr T operator()(const T& x) const { return x < low ? low : (high < x ? high : x); }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::min(P(high), simd::max(P(low), x));  // a NaN in the second operand stays
    }
};

}  // namespace detail

/// The angle of the point (x, y) in (-pi, pi].
/// @snippet elementwise.cpp binary
template <detail::RealElements L, detail::RealElements R>
auto atan2(L&& y, R&& x) {
    return detail::apply_both<detail::Atan2Op>(std::forward<L>(y), std::forward<R>(x));
}
/// sqrt(a^2 + b^2) without overflow or underflow on the way.
/// @snippet elementwise.cpp binary
template <detail::RealElements L, detail::RealElements R>
auto hypot(L&& a, R&& b) {
    return detail::apply_both<detail::HypotOp>(std::forward<L>(a), std::forward<R>(b));
}
/// The remainder of a / b with the sign of a (C's fmod).
/// @snippet elementwise.cpp remainders
template <detail::RealElements L, detail::RealElements R>
auto fmod(L&& a, R&& b) {
    return detail::apply_both<detail::FmodOp>(std::forward<L>(a), std::forward<R>(b));
}
template <detail::RealElements L, detail::ScalarFor<value_t<L>> S>
auto fmod(L&& a, S b) {
    return detail::apply_right<detail::FmodOp>(std::forward<L>(a), b);
}
/// The remainder of a / b with the sign of b (NumPy's remainder and Python's %).
/// @snippet elementwise.cpp remainders
template <detail::RealElements L, detail::RealElements R>
auto remainder(L&& a, R&& b) {
    return detail::apply_both<detail::RemainderOp>(std::forward<L>(a), std::forward<R>(b));
}
template <detail::RealElements L, detail::ScalarFor<value_t<L>> S>
auto remainder(L&& a, S b) {
    return detail::apply_right<detail::RemainderOp>(std::forward<L>(a), b);
}
/// |a| with the sign of b.
/// @snippet elementwise.cpp sign
template <detail::RealElements L, detail::RealElements R>
auto copysign(L&& a, R&& b) {
    return detail::apply_both<detail::CopysignOp>(std::forward<L>(a), std::forward<R>(b));
}
/// The larger or smaller element; a NaN loses against a number (maximum and minimum keep it).
/// @snippet elementwise.cpp extremes
template <detail::RealElements L, detail::RealElements R>
auto fmax(L&& a, R&& b) {
    return detail::apply_both<detail::FmaxOp>(std::forward<L>(a), std::forward<R>(b));
}
template <detail::RealElements L, detail::RealElements R>
auto fmin(L&& a, R&& b) {
    return detail::apply_both<detail::FminOp>(std::forward<L>(a), std::forward<R>(b));
}
/// a^b, element by element.
/// @snippet elementwise.cpp binary
template <MatrixExpr L, MatrixExpr R>
    requires(!std::is_integral_v<value_t<L>>)
auto pow(L&& a, R&& b) { return detail::apply_both<detail::PowerOp>(std::forward<L>(a), std::forward<R>(b)); }
/// 0 below zero, 1 above, `at_zero` at zero.
/// @snippet elementwise.cpp sign
template <detail::RealElements E>
auto heaviside(E&& x, std::type_identity_t<value_t<E>> at_zero) {
    return detail::apply_right<detail::HeavisideOp>(std::forward<E>(x), at_zero);
}
/// x no smaller than low and no larger than high (NumPy's clip); NaN stays. std::invalid_argument unless low <= high.
/// @snippet elementwise.cpp extremes
template <MatrixExpr E>
    requires std::is_arithmetic_v<value_t<E>>
auto clamp(E&& x, std::type_identity_t<value_t<E>> low, std::type_identity_t<value_t<E>> high) {
    if (!(low <= high)) {
        throw std::invalid_argument("clamp: [" + std::to_string(low) + ", " + std::to_string(high) +
                                    "] is no interval");
    }
    return detail::make_map(detail::Clamp<value_t<E>>{low, high}, std::forward<E>(x));
}

/// Where an element is NaN, infinite, finite, or has its sign bit set; of complex numbers where a part is (finite:
/// both). By the bits, so that it holds under -ffast-math too.
/// @snippet elementwise.cpp tests
template <MatrixExpr E>
auto isnan(E&& x) {
    return detail::make_map(detail::IsNan{}, std::forward<E>(x));
}
template <MatrixExpr E>
auto isinf(E&& x) {
    return detail::make_map(detail::IsInf{}, std::forward<E>(x));
}
template <MatrixExpr E>
auto isfinite(E&& x) {
    return detail::make_map(detail::IsFinite{}, std::forward<E>(x));
}
template <MatrixExpr E>
    requires std::is_arithmetic_v<value_t<E>>
auto signbit(E&& x) { return detail::make_map(detail::Signbit{}, std::forward<E>(x)); }
/// NaN becomes `nan`, and infinities the largest finite numbers.
/// @snippet elementwise.cpp tests
template <detail::RealElements E>
auto nan_to_num(E&& x, std::type_identity_t<value_t<E>> nan = 0) {
    using T = value_t<E>;
    return detail::make_map(detail::NanToNum<T>{nan, std::numeric_limits<T>::max()}, std::forward<E>(x));
}

/// Element-wise and, or, exclusive or: of masks and of the bits of integers.
/// @snippet elementwise.cpp logic
template <detail::IntegerElements L, detail::IntegerElements R>
auto operator&(L&& l, R&& r) {
    return detail::apply_both<detail::AndOp>(std::forward<L>(l), std::forward<R>(r));
}
template <detail::IntegerElements L, detail::ScalarFor<value_t<L>> S>
auto operator&(L&& l, S s) {
    return detail::apply_right<detail::AndOp>(std::forward<L>(l), s);
}
template <detail::IntegerElements L, detail::IntegerElements R>
auto operator|(L&& l, R&& r) {
    return detail::apply_both<detail::OrOp>(std::forward<L>(l), std::forward<R>(r));
}
template <detail::IntegerElements L, detail::ScalarFor<value_t<L>> S>
auto operator|(L&& l, S s) {
    return detail::apply_right<detail::OrOp>(std::forward<L>(l), s);
}
template <detail::IntegerElements L, detail::IntegerElements R>
auto operator^(L&& l, R&& r) {
    return detail::apply_both<detail::XorOp>(std::forward<L>(l), std::forward<R>(r));
}
template <detail::IntegerElements L, detail::ScalarFor<value_t<L>> S>
auto operator^(L&& l, S s) {
    return detail::apply_right<detail::XorOp>(std::forward<L>(l), s);
}
/// Every bit inverted; of a mask its negation.
/// @snippet elementwise.cpp logic
template <detail::IntegerElements E>
auto operator~(E&& e) {
    return detail::make_map(detail::BitNot{}, std::forward<E>(e));
}
template <detail::BoolElements E>
auto operator!(E&& e) {
    return detail::make_map(detail::BitNot{}, std::forward<E>(e));
}
/// Logic on masks by name, as NumPy's logical_and, ...
/// @snippet elementwise.cpp logic
template <detail::BoolElements L, detail::BoolElements R>
auto logical_and(L&& l, R&& r) {
    return std::forward<L>(l) & std::forward<R>(r);
}
template <detail::BoolElements L, detail::BoolElements R>
auto logical_or(L&& l, R&& r) {
    return std::forward<L>(l) | std::forward<R>(r);
}
template <detail::BoolElements L, detail::BoolElements R>
auto logical_xor(L&& l, R&& r) {
    return std::forward<L>(l) ^ std::forward<R>(r);
}
template <detail::BoolElements E>
auto logical_not(E&& e) {
    return !std::forward<E>(e);
}
/// Bits moved up or down by 0 to one less than there are; std::domain_error otherwise, when the element is evaluated.
/// @snippet elementwise.cpp bits
template <detail::IntegerElements L, detail::ScalarFor<value_t<L>> S>
auto operator<<(L&& l, S s) {
    return detail::apply_right<detail::ShiftLeftOp>(std::forward<L>(l), s);
}
template <detail::IntegerElements L, detail::ScalarFor<value_t<L>> S>
auto operator>>(L&& l, S s) {
    return detail::apply_right<detail::ShiftRightOp>(std::forward<L>(l), s);
}
/// The remainder of integers with the sign of the left (C++'s %); std::domain_error for a divisor of 0.
/// @snippet elementwise.cpp bits
template <detail::IntegerElements L, detail::IntegerElements R>
auto operator%(L&& l, R&& r) {
    return detail::apply_both<detail::ModuloOp>(std::forward<L>(l), std::forward<R>(r));
}
template <detail::IntegerElements L, detail::ScalarFor<value_t<L>> S>
auto operator%(L&& l, S s) {
    return detail::apply_right<detail::ModuloOp>(std::forward<L>(l), s);
}
/// The greatest common divisor and the least common multiple, both >= 0.
/// @snippet elementwise.cpp bits
template <detail::IntegerElements L, detail::IntegerElements R>
auto gcd(L&& l, R&& r) {
    return detail::apply_both<detail::GcdOp>(std::forward<L>(l), std::forward<R>(r));
}
template <detail::IntegerElements L, detail::IntegerElements R>
auto lcm(L&& l, R&& r) {
    return detail::apply_both<detail::LcmOp>(std::forward<L>(l), std::forward<R>(r));
}

}  // namespace gram::inline GRAM_ISA
