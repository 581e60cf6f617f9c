/// Exact-to-a-few-ulps solutions of the 2×2 problems in which QR iterations end.
///
/// Source: LAPACK dlaev2, dlas2 and dlasv2 (W. Kahan's formulas): every subtraction is of uncancelled data.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/config.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// sqrt(|x y|) without overflow or underflow. Powers of two pass through exactly, odd ones too, as they would not in
/// a product of two roots: 2^k x and 2^k y have 2^k times the mean (unless the quotient of x and y underflows).
template <class T>
T geometric_mean(T x, T y) {
    const T larger = std::max(std::abs(x), std::abs(y)), smaller = std::min(std::abs(x), std::abs(y));
    if (smaller == T(0)) return T(0);
    const T quotient = smaller / larger;
    if (quotient < std::numeric_limits<T>::min()) return std::sqrt(larger) * std::sqrt(smaller);
    return larger * std::sqrt(quotient);
}

/// [c s; -s c] [a b; b d] [c -s; s c] = diag(first, second), |first| >= |second|.
template <class T>
struct Symmetric2x2 {
    T first, second, c, s;
};

/// Eigenvalues and the unit eigenvector (c, s) of the larger in magnitude, of [a b; b d].
template <class T>
Symmetric2x2<T> eigen_2x2(T a, T b, T d) {
    const T sum = a + d, difference = a - d, twice = b + b;
    const T larger = std::abs(a) > std::abs(d) ? a : d, smaller = std::abs(a) > std::abs(d) ? d : a;
    const T root = std::hypot(difference, twice);
    Symmetric2x2<T> r{};
    const int sign1 = sum < T(0) ? -1 : 1;
    if (sum == T(0)) {
        r.first = T(0.5) * root;
        r.second = T(-0.5) * root;
    } else {
        r.first = T(0.5) * (sum + static_cast<T>(sign1) * root);
        r.second = (larger / r.first) * smaller - (b / r.first) * b;
    }
    const int sign2 = difference >= T(0) ? 1 : -1;
    const T cs = difference + static_cast<T>(sign2) * root;
    if (std::abs(cs) > std::abs(twice)) {
        const T ct = -twice / cs;
        r.s = T(1) / std::sqrt(T(1) + ct * ct);
        r.c = ct * r.s;
    } else if (twice == T(0)) {
        r.c = T(1);
        r.s = T(0);
    } else {
        const T tn = -cs / twice;
        r.c = T(1) / std::sqrt(T(1) + tn * tn);
        r.s = tn * r.c;
    }
    if (sign1 == sign2) {
        const T tn = r.c;
        r.c = -r.s;
        r.s = tn;
    }
    return r;
}

/// The smaller singular value of [f g; 0 h], no overflow unless the result does.
template <class T>
T smaller_singular_value_2x2(T f, T g, T h) {
    const T fa = std::abs(f), ga = std::abs(g), ha = std::abs(h);
    const T low = std::min(fa, ha), high = std::max(fa, ha);
    if (low == T(0)) return T(0);
    if (ga < high) {
        const T as = T(1) + low / high, at = (high - low) / high, au = (ga / high) * (ga / high);
        return low * (T(2) / (std::sqrt(as * as + au) + std::sqrt(at * at + au)));
    }
    const T au = high / ga;
    if (au == T(0)) return (low * high) / ga;
    const T as = (T(1) + low / high) * au, at = ((high - low) / high) * au;
    const T half = (low * (T(1) / (std::sqrt(T(1) + as * as) + std::sqrt(T(1) + at * at)))) * au;
    return half + half;
}

/// [cl sl; -sl cl] [f g; 0 h] [cr -sr; sr cr] = diag(larger, smaller), |larger| >= |smaller|; both carry signs.
template <class T>
struct Triangular2x2 {
    T larger, smaller, cl, sl, cr, sr;
};

namespace detail {

// |f| >= |h|, all three entries given with their magnitudes; signs are put on by the caller.
template <class T>
Triangular2x2<T> triangular_magnitudes(T ft, T fa, T gt, T ga, T ht, T ha) {
    Triangular2x2<T> r{};
    if (ga == T(0)) return {fa, ha, T(1), T(0), T(1), T(0)};
    if (ga > fa && fa / ga < std::numeric_limits<T>::epsilon() / T(2)) {
        // g swamps the rest.
        return {ga, ha > T(1) ? fa / (ga / ha) : (fa / ga) * ha, T(1), ht / gt, ft / gt, T(1)};
    }
    const T d = fa - ha;
    T l = d == fa ? T(1) : d / fa;  // also right when d is infinite
    const T m = gt / ft;
    T t = T(2) - l;
    const T mm = m * m, tt = t * t;
    const T s = std::sqrt(tt + mm), q = l == T(0) ? std::abs(m) : std::sqrt(l * l + mm);
    const T a = T(0.5) * (s + q);
    r.smaller = ha / a;
    r.larger = fa * a;
    if (mm == T(0)) {
        t = l == T(0) ? std::copysign(T(2), ft) * std::copysign(T(1), gt) : gt / std::copysign(d, ft) + m / t;
    } else {
        t = (m / (s + t) + m / (q + l)) * (T(1) + a);
    }
    l = std::sqrt(t * t + T(4));
    r.cr = T(2) / l;
    r.sr = t / l;
    r.cl = (r.cr + r.sr * m) / a;
    r.sl = (ht / ft) * r.sr / a;
    return r;
}

}  // namespace detail

/// Singular value decomposition of [f g; 0 h].
template <class T>
Triangular2x2<T> svd_2x2(T f, T g, T h) {
    const bool swapped = std::abs(h) > std::abs(f);
    const T ft = swapped ? h : f, ht = swapped ? f : h;
    const Triangular2x2<T> z = detail::triangular_magnitudes(ft, std::abs(ft), g, std::abs(g), ht, std::abs(ht));
    // Which of f, g, h decides the signs: the one of largest magnitude.
    const bool g_largest = std::abs(g) > std::abs(ft);
    Triangular2x2<T> r = swapped ? Triangular2x2<T>{z.larger, z.smaller, z.sr, z.cr, z.sl, z.cl} : z;
    const auto sign = [](T x) { return std::copysign(T(1), x); };
    T sign_larger = T(1);
    if (g_largest) {
        sign_larger = sign(r.sr) * sign(r.cl) * sign(g);
    } else if (swapped) {
        sign_larger = sign(r.sr) * sign(r.sl) * sign(h);
    } else {
        sign_larger = sign(r.cr) * sign(r.cl) * sign(f);
    }
    r.larger = std::copysign(r.larger, sign_larger);
    r.smaller = std::copysign(r.smaller, sign_larger * sign(f) * sign(h));
    return r;
}

}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"
