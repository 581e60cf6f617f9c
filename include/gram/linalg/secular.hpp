/// Eigenvalues and vectors of D + rho z z^T, and singular ones of a diagonal matrix with one full row: the heart of
/// divide and conquer.
///
/// The eigenvalues are the roots of the secular function f(x) = 1 / rho + sum z_i^2 / (d_i - x), one between each two
/// neighbouring poles d_i and one above the last; for singular values d and x are squared.
/// Source: Li, Solving secular equations stably and efficiently, LAPACK working note 89 (1993), for the iterations;
/// Gu & Eisenstat, A stable and efficient algorithm for the rank-one modification of the symmetric eigenproblem,
/// SIMAX 15 (1994), for the vectors.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "gram/core/error.hpp"
#include "gram/kernel/kernel.hpp"
#include "gram/linalg/rotations.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/reduce.hpp"

#if defined(__FAST_MATH__) && defined(__clang__)
#pragma float_control(precise, on, push)
#endif

namespace gram::linalg::inline GRAM_ISA {

using kernel::MatRef;
using kernel::VecRef;

namespace detail {

/// x, computed as it is written. With -ffast-math a compiler may otherwise merge this operation with the next, and the
/// relative accuracy of small distances lies in their order; without that option nothing happens.
template <class P>
GRAM_INLINE P as_written(P x) {
#if defined(__FAST_MATH__) && defined(__GNUC__)
    asm volatile("" : "+m"(x));
#endif
    return x;
}

/// The secular equation of a symmetric matrix D + rho z z^T: in terms of x itself.
struct EigenPoles {
    /// d - x for x = origin + tau and gap = d - origin, with full relative accuracy.
    template <class P>
    static GRAM_INLINE P distance(const P& gap, const P&, const P& tau, const P&) {
        return gap - tau;
    }
    template <class P>
    static GRAM_INLINE P difference(const P& a, const P& b) {
        return a - b;
    }
    /// The change of x that changes the variable of the equation by eta.
    template <class T>
    static T change(T, T eta) {
        return eta;
    }
};

/// That of a matrix with the row z and diag(d), whose squared singular values are the eigenvalues of D^2 + z z^T: in
/// terms of x^2, while origin and tau stay those of x.
struct SingularPoles {
    /// d^2 - x^2.
    template <class P>
    static GRAM_INLINE P distance(const P& gap, const P& d, const P& tau, const P& x) {
        return as_written(P(gap - tau)) * (d + x);
    }
    template <class P>
    static GRAM_INLINE P difference(const P& a, const P& b) {
        return as_written(P(a - b)) * (a + b);
    }
    template <class T>
    static T change(T x, T eta) {
        const T sum = x + std::sqrt(std::max(x * x + eta, T(0)));
        return sum > T(0) ? eta / sum : T(0);
    }
};

/// sum z_i^2 / distance_i and its derivative.
template <class T>
struct PoleSum {
    T value, slope;
};

/// Elements [i, i + count) of arrays as a pack, count <= width.
template <class Arch, class T>
struct Lanes {
    using P = simd::pack<T, Arch>;
    static constexpr index_t width = simd::width<T, Arch>;
    index_t i, count;

    GRAM_INLINE P load(const T* x) const {
        return count == width ? simd::load<T, Arch>(x + i) : simd::load_n<T, Arch>(x + i, count);
    }
    GRAM_INLINE void store(T* x, const P& p) const {
        count == width ? simd::store(x + i, p) : simd::store_n(x + i, p, count);
    }
};

/// f(lanes) for all of [from, to).
template <class Arch, class T, class F>
GRAM_INLINE void for_lanes(index_t from, index_t to, const F& f) {
    constexpr index_t w = Lanes<Arch, T>::width;
    index_t i = from;
    for (; i + w <= to; i += w) f(Lanes<Arch, T>{i, w});
    if (i < to) f(Lanes<Arch, T>{i, to - i});
}

template <class Poles, class Arch, class T>
PoleSum<T> pole_sum(const T* gap, const T* d, const T* z, index_t n, T tau, T x) {
    using P = simd::pack<T, Arch>;
    const P tau_p(tau), x_p(x);
    P value(T(0)), slope(T(0));
    for_lanes<Arch, T>(0, n, [&](auto lanes) {
        // In lanes beyond the end z is 0, and the divisor is not: neither tau nor, for singular values, x is 0.
        const P zi = lanes.load(z);
        const P t = zi / Poles::distance(lanes.load(gap), lanes.load(d), tau_p, x_p);
        value = simd::fma(zi, t, value);
        slope = simd::fma(t, t, slope);
    });
    return {simd::reduce_add(value), simd::reduce_add(slope)};
}

/// gap_i = d_i - origin.
template <class Arch, class T>
void set_gaps(const T* d, index_t n, T origin, T* gap) {
    using P = simd::pack<T, Arch>;
    const P o(origin);
    for_lanes<Arch, T>(0, n, [&](auto lanes) { lanes.store(gap, as_written(P(lanes.load(d) - o))); });
}

/// The search for one root: an interval (low, high) of tau = x - origin that always holds it, and steps of rational
/// interpolation with the poles on both sides. A step that leaves the interval is replaced by a bisection.
template <class Poles, class Arch, class T>
class SecularRoot {
public:
    SecularRoot(index_t n, const T* d, const T* z, T rho, index_t j, T* gap)
        : n_(n), d_(d), z_(z), inverse_rho_(T(1) / rho), j_(j), gap_(gap) {
        // The poles of the interpolation: on both sides of the root, or the last two for the last root.
        left_ = j + 1 < n ? j : n - 2;
        right_ = left_ + 1;
    }

    /// The root x; gap_i is the distance of d_i from it afterwards, each to full relative accuracy.
    T solve(T rho) {
        T tau = j_ + 1 < n_ ? start_between() : start_above(rho);
        if (!(tau > low_ && tau < high_)) tau = middle();
        T previous = std::numeric_limits<T>::infinity();
        bool fixed_weight = true;
        for (int step = 0; step < max_steps; ++step) {
            const PoleSum<T> psi = sum(0, right_, tau), phi = sum(right_, n_, tau);
            const T w = inverse_rho_ + (psi.value + phi.value), slope = psi.slope + phi.slope;
            const T noise = T(8) * (std::abs(psi.value) + std::abs(phi.value)) + T(2) * inverse_rho_ +
                            std::abs(Poles::difference(d_[origin_] + tau, d_[origin_])) * slope;
            if (std::abs(w) <= eps * noise) return finish(tau);
            (w < T(0) ? low_ : high_) = tau;

            // Slow progress: the other model of the far pole suits this root better.
            if (std::abs(w) > T(0.1) * std::abs(previous)) fixed_weight = !fixed_weight;
            previous = w;
            const T eta = model_step(tau, w, psi.slope, phi.slope, fixed_weight);
            T next = tau + Poles::change(d_[origin_] + tau, eta);
            if (!(next > low_ && next < high_) || step % 8 == 7) next = middle();
            if (next == tau || !(next > low_ && next < high_)) return finish(tau);
            tau = next;
        }
        throw no_convergence("secular equation: root " + std::to_string(j_) + " of " + std::to_string(n_) +
                             " was not found in " + std::to_string(max_steps) + " steps");
    }

private:
    [[nodiscard]] PoleSum<T> sum(index_t from, index_t to, T tau) const {
        return pole_sum<Poles, Arch>(gap_ + from, d_ + from, z_ + from, to - from, tau, d_[origin_] + tau);
    }
    [[nodiscard]] T distance(index_t i, T tau) const { return Poles::distance(gap_[i], d_[i], tau, d_[origin_] + tau); }

    // Sets the origin to the nearer of the two poles (the sign of f in the middle tells which), and starts at the root
    // of f with all other poles frozen.
    T start_between() {
        const T half = (d_[right_] - d_[left_]) / T(2), width = Poles::difference(d_[right_], d_[left_]);
        origin_ = left_;
        set_gaps<Arch>(d_, n_, d_[origin_], gap_);
        const T c = inverse_rho_ + (sum(0, left_, half).value + sum(right_ + 1, n_, half).value);
        const T zl = z_[left_] * z_[left_], zr = z_[right_] * z_[right_];
        if (c + (zl / distance(left_, half) + zr / distance(right_, half)) >= T(0)) {
            low_ = T(0);
            high_ = half;
            const T a = c * width + zl + zr, b = zl * width;
            const T root = std::sqrt(std::abs(a * a - T(4) * b * c));
            return Poles::change(d_[left_], a > T(0) ? T(2) * b / (a + root) : (a - root) / (T(2) * c));
        }
        origin_ = right_;
        set_gaps<Arch>(d_, n_, d_[origin_], gap_);
        low_ = -half;
        high_ = T(0);
        const T a = c * width - zl - zr, b = zr * width;
        const T root = std::sqrt(std::abs(a * a + T(4) * b * c));
        return Poles::change(d_[right_], a < T(0) ? T(2) * b / (a - root) : -(a + root) / (T(2) * c));
    }

    // Above the last pole by at most rho |z|^2, with a little room for rounding.
    T start_above(T rho) {
        origin_ = n_ - 1;
        set_gaps<Arch>(d_, n_, d_[origin_], gap_);
        T norm2 = 0;
        for (index_t i = 0; i < n_; ++i) norm2 += z_[i] * z_[i];
        low_ = T(0);
        high_ = Poles::change(d_[origin_], rho * norm2) * (T(1) + T(4) * static_cast<T>(n_) * eps);
        return std::max(high_ / T(2), Poles::change(d_[origin_], rho * z_[n_ - 1] * z_[n_ - 1]));
    }

    [[nodiscard]] T middle() const {
        // In the geometric sense when the ends differ much: tau may be smaller than the interval by many magnitudes.
        const bool negative = high_ <= T(0);
        const T a = negative ? -high_ : low_, b = negative ? -low_ : high_;
        const T at = a > T(0) && b > T(4) * a ? std::sqrt(a) * std::sqrt(b) : a + (b - a) / T(2);
        return negative ? -at : at;
    }

    // The root of  c + s / (d_left - x) + S / (d_right - x)  that agrees with f in value and slope.
    [[nodiscard]] T model_step(T tau, T w, T psi_slope, T phi_slope, bool fixed_weight) const {
        const T left = distance(left_, tau), right = distance(right_, tau), slope = psi_slope + phi_slope;
        T c;
        if (fixed_weight && j_ + 1 < n_) {
            // The nearer pole keeps its own weight.
            const bool near_left = origin_ == left_;
            const T near = near_left ? left : right, far = near_left ? right : left;
            const T t = z_[origin_] / near;
            c = w - far * slope - Poles::difference(d_[origin_], d_[near_left ? right_ : left_]) * (t * t);
        } else {
            c = w - left * psi_slope - right * phi_slope;
        }
        if (j_ + 1 == n_ && c < T(0)) c = -c;
        const T a = (left + right) * w - left * right * slope, b = left * right * w;
        const T root = std::sqrt(std::abs(a * a - T(4) * b * c));
        T eta;
        if (c == T(0)) {
            eta = b / a;
        } else if (j_ + 1 < n_) {
            eta = a <= T(0) ? (a - root) / (T(2) * c) : T(2) * b / (a + root);
        } else {
            eta = a >= T(0) ? (a + root) / (T(2) * c) : T(2) * b / (a - root);
        }
        // f increases: the step must go against the sign of w. Newton's always does.
        if (!(w * eta < T(0))) eta = -w / slope;
        return eta;
    }

    T finish(T tau) {
        const T x = d_[origin_] + tau;
        const simd::pack<T, Arch> tau_p(tau), x_p(x);
        for_lanes<Arch, T>(0, n_, [&](auto lanes) {
            lanes.store(gap_, Poles::distance(lanes.load(gap_), lanes.load(d_), tau_p, x_p));
        });
        return x;
    }

    static constexpr int max_steps = 400;
    static constexpr T eps = std::numeric_limits<T>::epsilon() / T(2);

    index_t n_;
    const T* d_;
    const T* z_;
    T inverse_rho_;
    index_t j_;
    T* gap_;
    index_t left_, right_, origin_ = 0;
    T low_ = 0, high_ = 0;
};

/// z_i of the matrix whose eigenvalues are exactly the computed ones: |z_i|^2 is the product of all distances of d_i
/// from the roots over that of its differences from the other poles; the signs are those of the old z.
template <class Poles, class Arch, class T>
void recompute_z(const T* d, MatRef<T> distances, T* z, T* work) {
    using P = simd::pack<T, Arch>;
    const index_t n = distances.cols;
    for (index_t i = 0; i < n; ++i) work[i] = distances(i, i);
    for (index_t j = 0; j < n; ++j) {
        const T* column = &distances(0, j);
        const P dj(d[j]);
        const auto multiply = [&](auto lanes) {
            // Close to 1 each: their product neither overflows nor underflows.
            const P quotient = as_written(P(lanes.load(column) / Poles::difference(P(lanes.load(d)), dj)));
            lanes.store(work, lanes.load(work) * quotient);
        };
        for_lanes<Arch, T>(0, j, multiply);
        for_lanes<Arch, T>(j + 1, n, multiply);
    }
    for (index_t i = 0; i < n; ++i) z[i] = std::copysign(std::sqrt(std::abs(work[i])), z[i]);
}

/// All roots x_j, the distances of the poles from them in column j of S, and z recomputed to match.
template <class Poles, class Arch, class T>
void secular_roots(index_t n, const T* d, T* z, T rho, T* x, MatRef<T> S, T* work) {
    for (index_t j = 0; j < n; ++j) x[j] = SecularRoot<Poles, Arch, T>(n, d, z, rho, j, &S(0, j)).solve(rho);
    recompute_z<Poles, Arch>(d, S, z, work);
}

/// x / |x|, its element i in place slot[i] of `to`.
template <class T>
void scatter_normalized(index_t n, const T* x, const index_t* slot, T* to) {
    const VecRef<const T> v{x, n, 1};
    T norm = std::sqrt(kernel::dot(v, v));
    constexpr T safe = power_of_two<T>(std::numeric_limits<T>::max_exponent / 2 - 1);
    if (norm > safe) {
        // Next to a pole that is almost hit the squares overflow in single precision.
        const T largest = kernel::max_abs(MatRef<const T>{x, n, 1, 1, 1});
        T squares = 0;
        for (index_t i = 0; i < n; ++i) squares += (x[i] / largest) * (x[i] / largest);
        norm = largest * std::sqrt(squares);
    }
    const T factor = T(1) / norm;
    for (index_t i = 0; i < n; ++i) to[slot[i]] = x[i] * factor;
}

}  // namespace detail

/// All eigenvalues x and eigenvectors of diag(d) + rho z z^T: column j of S is z_i / (d_i - x_j), normalized, its
/// element i in row slot[i].
///
/// d ascends strictly, rho > 0, no z_i is negligible (all as after deflation). S is n×n, column-major; z and work (n)
/// are destroyed. Cost: about 8 n^2 divisions. Errors: no_convergence.
template <class Arch = simd::native_arch, class T>
void solve_secular(index_t n, const T* d, T* z, T rho, T* x, MatRef<T> S, const index_t* slot, T* work) {
    if (n == 1) {
        x[0] = d[0] + rho * z[0] * z[0];
        S(slot[0], 0) = T(1);
        return;
    }
    detail::secular_roots<detail::EigenPoles, Arch>(n, d, z, rho, x, S, work);
    for (index_t j = 0; j < n; ++j) {
        T* column = &S(0, j);
        detail::for_lanes<Arch, T>(0, n, [&](auto lanes) { lanes.store(work, lanes.load(z) / lanes.load(column)); });
        detail::scatter_normalized(n, work, slot, column);
    }
}

/// All singular values x and vectors of the matrix with first row z and diag(d) below it, d_0 = 0 (so that it is
/// square): columns of V are z_i / (d_i^2 - x_j^2), those of U are d_i z_i / (d_i^2 - x_j^2) with -1 in front, all
/// normalized, element i in row slot[i].
///
/// d ascends strictly, no z_i is negligible. U and V are n×n, column-major; z and work (2 n) are destroyed.
/// Cost: about 10 n^2 divisions. Errors: no_convergence.
template <class Arch = simd::native_arch, class T>
void solve_secular_svd(index_t n, const T* d, T* z, T* x, MatRef<T> U, MatRef<T> V, const index_t* slot, T* work) {
    if (n == 1) {
        x[0] = std::abs(z[0]);
        V(slot[0], 0) = std::copysign(T(1), z[0]);
        U(slot[0], 0) = T(1);
        return;
    }
    detail::secular_roots<detail::SingularPoles, Arch>(n, d, z, T(1), x, V, work);
    T* left = work + n;
    for (index_t j = 0; j < n; ++j) {
        T* column = &V(0, j);
        detail::for_lanes<Arch, T>(0, n, [&](auto lanes) {
            const auto v = lanes.load(z) / lanes.load(column);
            lanes.store(work, v);
            lanes.store(left, lanes.load(d) * v);
        });
        left[0] = T(-1);
        detail::scatter_normalized(n, work, slot, column);
        detail::scatter_normalized(n, left, slot, &U(0, j));
    }
}

}  // namespace gram::linalg::inline GRAM_ISA

#if defined(__FAST_MATH__) && defined(__clang__)
#pragma float_control(pop)
#endif
