/// Element-wise functions as objects: `f(x)` for one element and, with `has_packet`, `f.packet(p)` for a SIMD pack.
#pragma once

#include <cmath>
#include <limits>

#include "gram/core/types.hpp"
#include "gram/simd/pack.hpp"

namespace gram::inline GRAM_ISA {

/// a + b.
struct Plus {
    static constexpr bool has_packet = true;
    static constexpr const char* symbol = "+";
    template <class A>
    constexpr A operator()(const A& a, const A& b) const {
        return static_cast<A>(a + b);
    }
    template <class P>
    GRAM_INLINE P packet(const P& a, const P& b) const {
        return a + b;
    }
    static constexpr int right_sign() { return 1; }
};
/// a - b.
struct Minus {
    static constexpr bool has_packet = true;
    static constexpr const char* symbol = "-";
    template <class A>
    constexpr A operator()(const A& a, const A& b) const {
        return static_cast<A>(a - b);
    }
    template <class P>
    GRAM_INLINE P packet(const P& a, const P& b) const {
        return a - b;
    }
    static constexpr int right_sign() { return -1; }
};
/// a * b, element by element.
struct Times {
    static constexpr bool has_packet = true;
    static constexpr const char* symbol = "(hadamard)";
    template <class A>
    constexpr A operator()(const A& a, const A& b) const {
        return static_cast<A>(a * b);
    }
    template <class P>
    GRAM_INLINE P packet(const P& a, const P& b) const {
        return a * b;
    }
};
/// a / b.
struct Divide {
    static constexpr bool has_packet = true;
    static constexpr const char* symbol = "/";
    template <class A>
    constexpr A operator()(const A& a, const A& b) const {
        return static_cast<A>(a / b);
    }
    template <class P>
    GRAM_INLINE P packet(const P& a, const P& b) const {
        return a / b;
    }
};

/// The larger of two elements; NaN if either is.
struct Maximum {
    static constexpr bool has_packet = true;
    static constexpr const char* symbol = "(max)";
    template <class A>
    constexpr A operator()(const A& a, const A& b) const {
        return a != a || a > b ? a : b;
    }
    template <class P>
    GRAM_INLINE P packet(const P& a, const P& b) const {
        return simd::select(a == a, simd::max(a, b), a);  // max keeps a NaN of b only
    }
};
/// The smaller of two elements; NaN if either is.
struct Minimum {
    static constexpr bool has_packet = true;
    static constexpr const char* symbol = "(min)";
    template <class A>
    constexpr A operator()(const A& a, const A& b) const {
        return a != a || a < b ? a : b;
    }
    template <class P>
    GRAM_INLINE P packet(const P& a, const P& b) const {
        return simd::select(a == a, simd::min(a, b), a);  // min keeps a NaN of b only
    }
};
/// a to the power of b.
struct Power {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = "(pow)";
    template <class A>
    A operator()(const A& a, const A& b) const {
        return static_cast<A>(std::pow(a, b));
    }
};

/// a < b.
struct Less {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = "<";
    constexpr bool operator()(const auto& a, const auto& b) const { return a < b; }
};
/// a <= b.
struct LessEqual {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = "<=";
    constexpr bool operator()(const auto& a, const auto& b) const { return a <= b; }
};
/// a > b.
struct Greater {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = ">";
    constexpr bool operator()(const auto& a, const auto& b) const { return a > b; }
};
/// a >= b.
struct GreaterEqual {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = ">=";
    constexpr bool operator()(const auto& a, const auto& b) const { return a >= b; }
};
/// a == b.
struct EqualTo {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = "(equal)";
    constexpr bool operator()(const auto& a, const auto& b) const { return a == b; }
};

/// a != b.
struct NotEqualTo {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = "(not_equal)";
    constexpr bool operator()(const auto& a, const auto& b) const { return a != b; }
};

/// x * value, and value * x: the factor that GEMM takes as its alpha.
template <class T>
struct ScaleBy {
    static constexpr bool has_packet = true;
    T value;
    constexpr T operator()(const T& x) const { return static_cast<T>(x * value); }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return x * P(value);
    }
    [[nodiscard]] constexpr T scale() const { return value; }
};
/// -x.
struct Negate {
    static constexpr bool has_packet = true;
    template <class A>
    constexpr A operator()(const A& a) const {
        return static_cast<A>(-a);
    }
    template <class P>
    GRAM_INLINE P packet(const P& a) const {
        return simd::negate(a);
    }
    static constexpr int scale() { return -1; }
};

/// f(x, value) for a binary f.
template <class F, class T>
struct WithRight {
    static constexpr bool has_packet = F::has_packet;
    F f;
    T value;
    constexpr auto operator()(const T& x) const { return f(x, value); }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return f.packet(x, P(value));
    }
};
/// f(value, x) for a binary f.
template <class F, class T>
struct WithLeft {
    static constexpr bool has_packet = F::has_packet;
    F f;
    T value;
    constexpr auto operator()(const T& x) const { return f(value, x); }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return f.packet(P(value), x);
    }
};

/// c ? a : b.
struct Select {
    template <class A>
    constexpr A operator()(bool c, const A& a, const A& b) const {
        return c ? a : b;
    }
};

/// c ? a : value.
template <class T>
struct SelectOr {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = "(where)";
    T value;
    constexpr T operator()(bool c, const T& a) const { return c ? a : value; }
};
/// c ? value : b.
template <class T>
struct SelectElse {
    static constexpr bool has_packet = false;
    static constexpr const char* symbol = "(where)";
    T value;
    constexpr T operator()(bool c, const T& b) const { return c ? value : b; }
};
/// c ? yes : no.
template <class T>
struct SelectNumber {
    static constexpr bool has_packet = false;
    T yes, no;
    constexpr T operator()(bool c) const { return c ? yes : no; }
};

/// Conversion to To.
template <class To>
struct Cast {
    static constexpr bool has_packet = false;
    template <class A>
    constexpr To operator()(const A& a) const {
        return static_cast<To>(a);
    }
};

/// Any callable of one element, as `map(f, A)` takes it.
template <class F>
struct Callable {
    static constexpr bool has_packet = false;
    F f;
    template <class A>
    constexpr auto operator()(const A& a) const {
        return f(a);
    }
};

}  // namespace gram::inline GRAM_ISA
