/// Elementary and activation functions as objects for Map.
#pragma once

#include "gram/expr/functors.hpp"

namespace gram::inline GRAM_ISA {

/// e^x.
struct Exp {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::exp;
        return static_cast<A>(exp(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::exp(x);
    }
};
/// Natural logarithm.
struct Log {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::log;
        return static_cast<A>(log(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::log(x);
    }
};
/// log(1 + x).
struct Log1p {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::log1p;
        return static_cast<A>(log1p(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::log1p(x);
    }
};
/// e^x - 1.
struct Expm1 {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::expm1;
        return static_cast<A>(expm1(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::expm1(x);
    }
};
/// Hyperbolic tangent.
struct Tanh {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::tanh;
        return static_cast<A>(tanh(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::tanh(x);
    }
};
/// Sine.
struct Sin {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::sin;
        return static_cast<A>(sin(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::sin(x);
    }
};
/// Cosine.
struct Cos {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::cos;
        return static_cast<A>(cos(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::cos(x);
    }
};
/// The error function.
struct Erf {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::erf;
        return static_cast<A>(erf(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::erf(x);
    }
};
/// Square root.
struct Sqrt {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::sqrt;
        return static_cast<A>(sqrt(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::sqrt(x);
    }
};
/// The largest integer not above x.
struct Floor {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::floor;
        return static_cast<A>(floor(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::floor(x);
    }
};
/// The smallest integer not below x.
struct Ceil {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::ceil;
        return static_cast<A>(ceil(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::ceil(x);
    }
};
/// The nearest integer, halves away from zero.
struct Round {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        using std::round;
        return static_cast<A>(round(x));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::round(x);
    }
};
/// |x|; of a complex number its modulus.
struct Abs {
    static constexpr bool has_packet = true;
    template <class A>
    real_t<A> operator()(const A& x) const {
        if constexpr (std::is_unsigned_v<A>) {
            return x;
        } else {
            return static_cast<real_t<A>>(std::abs(x));
        }
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::abs(x);
    }
};
/// x * x.
struct Square {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return static_cast<A>(x * x);
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return x * x;
    }
};
/// max(x, 0).
struct Relu {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return x < A{} ? A{} : x;
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::max(P(0), x);  // a NaN in the second operand stays
    }
};
/// x above 0, slope * x below.
template <class T>
struct LeakyRelu {
    static constexpr bool has_packet = true;
    T slope;
    T operator()(const T& x) const { return x < T{} ? x * slope : x; }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::select(x < P(0), x * P(slope), x);
    }
};
/// 1 / (1 + e^-x), also where e^-x overflows.
struct Sigmoid {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        const A e = std::exp(-std::abs(x));
        return (x < A{} ? e : A{1}) / (A{1} + e);
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::sigmoid(x);
    }
};
/// x Phi(x) with the normal distribution function Phi, by erfc (Hendrycks & Gimpel 2016; not the tanh approximation).
struct Gelu {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        constexpr A root_half = static_cast<A>(0.70710678118654752440);
        if (x < A{-40}) return A{-0.0};
        return x > A{40} ? x : x / 2 * std::erfc(-x * root_half);
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::gelu(x);
    }
};
/// log(1 + e^x) as max(x, 0) + log1p(e^-|x|), which neither overflows nor cancels.
struct Softplus {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        return (x < A{} ? A{} : x) + std::log1p(std::exp(-std::abs(x)));
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::max(P(0), x) + simd::log1p(simd::exp(-simd::abs(x)));
    }
};
/// x sigmoid(x).
struct Silu {
    static constexpr bool has_packet = true;
    template <class A>
    A operator()(const A& x) const {
        if (x >= A{} || x != x) return x / (A{1} + std::exp(-x));
        const A root = std::exp(x / 2);  // e^x may be subnormal where x e^x is not
        return root == A{} ? A{-0.0} : x * root / (A{1} + root * root) * root;
    }
    template <class P>
    GRAM_INLINE P packet(const P& x) const {
        return simd::silu(x);
    }
};

}  // namespace gram::inline GRAM_ISA
