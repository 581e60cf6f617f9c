/// More elementary functions as objects for Map.
#pragma once

#include "gram/expr/functors.hpp"
#include "gram/simd/elementary.hpp"

namespace gram::inline GRAM_ISA {

namespace detail {

/// The element type of a pack, which may be a single number.
template <class P>
struct LaneOf {
    using type = typename P::value_type;
};
template <std::floating_point P>
struct LaneOf<P> {
    using type = P;
};

}  // namespace detail

/// 2^x.
struct Exp2 {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::exp2(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::exp2(x);
    }
};
/// Logarithm to base 2.
struct Log2 {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::log2(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::log2(x);
    }
};
/// Logarithm to base 10.
struct Log10 {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::log10(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::log10(x);
    }
};
/// Cube root.
struct Cbrt {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::cbrt(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::cbrt(x);
    }
};
/// Tangent of x radians.
struct Tan {
    static constexpr bool has_packet = false;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::tan(x));
    }
};
/// Arc sine in [-pi/2, pi/2]; NaN outside of [-1, 1].
struct Asin {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::asin(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::asin(x);
    }
};
/// Arc cosine in [0, pi]; NaN outside of [-1, 1].
struct Acos {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::acos(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::acos(x);
    }
};
/// Arc tangent in [-pi/2, pi/2].
struct Atan {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::atan(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::atan(x);
    }
};
/// Hyperbolic sine.
struct Sinh {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::sinh(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::sinh(x);
    }
};
/// Hyperbolic cosine.
struct Cosh {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::cosh(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::cosh(x);
    }
};
/// Inverse hyperbolic sine.
struct Asinh {
    static constexpr bool has_packet = false;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::asinh(x));
    }
};
/// Inverse hyperbolic cosine; NaN below 1.
struct Acosh {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::acosh(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::acosh(x);
    }
};
/// Inverse hyperbolic tangent; NaN outside of [-1, 1].
struct Atanh {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::atanh(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::atanh(x);
    }
};
/// The complementary error function 1 - erf(x), accurate where it is small.
struct Erfc {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::erfc(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::erfc(x);
    }
};
/// The gamma function.
struct Tgamma {
    static constexpr bool has_packet = false;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::tgamma(x));
    }
};
/// Logarithm of |gamma(x)|.
struct Lgamma {
    static constexpr bool has_packet = false;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::lgamma(x));
    }
};
/// The nearest integer, halves to the even one (NumPy's round).
struct Rint {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::nearbyint(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::rint(x);
    }
};
/// The integer part: towards zero.
struct Trunc {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(std::trunc(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::trunc(x);
    }
};
/// 1 / sqrt(x), both correctly rounded.
struct Rsqrt {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(A{1} / std::sqrt(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        using T = typename detail::LaneOf<P>::type;
        return P(T(1)) / simd::sqrt(x);
    }
};
/// 1 / x.
struct Reciprocal {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(A{1} / x);
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        using T = typename detail::LaneOf<P>::type;
        return P(T(1)) / x;
    }
};
/// Radians to degrees.
struct Degrees {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(x * static_cast<A>(57.29577951308232));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        using T = typename detail::LaneOf<P>::type;
        return x * P(static_cast<T>(57.29577951308232));
    }
};
/// Degrees to radians.
struct Radians {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(x * static_cast<A>(0.017453292519943295));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        using T = typename detail::LaneOf<P>::type;
        return x * P(static_cast<T>(0.017453292519943295));
    }
};
/// -1, 0 or 1; NaN of NaN.
struct Sign {
    static constexpr bool has_packet = false;
    template <class A>
    A operator()(const A& x) const {
        if constexpr (std::is_unsigned_v<A>) {
            return static_cast<A>(x > A{});
        } else {
            return x != x ? x : static_cast<A>((x > A{}) - (x < A{}));
        }
    }
};

}  // namespace gram::inline GRAM_ISA
