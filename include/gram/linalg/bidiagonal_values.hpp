/// Singular values alone of a bidiagonal matrix: the differential quotient-difference algorithm with shifts (dqds).
///
/// Source: Fernando & Parlett, Accurate singular values and differential qd algorithms, Numer. Math. 67 (1994);
/// Parlett & Marques, An implementation of the dqds algorithm (positive case), Linear Algebra Appl. 309 (2000), and
/// LAPACK dlasq4 for the choice of shifts.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "gram/kernel/buffer.hpp"
#include "gram/linalg/bidiagonal_qr.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/divide.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// The iteration on q_i = d_i^2 and e_i = e_i^2. Every step subtracts a shift from all eigenvalues of B^T B; a segment
/// remembers the sum of its shifts. A shift above the smallest eigenvalue shows as a negative number and is taken back.
template <class T>
class QuotientDifference {
public:
    /// q and e hold n and n - 1 squares; `work` 2 n elements.
    QuotientDifference(index_t n, T* q, T* e, T* work) : q_(q), e_(e), q_new_(work), e_new_(work + n), left_(40 * n) {
        pending_.push_back({0, n - 1, T(0), T(0)});
    }

    /// Leaves the eigenvalues of B^T B in q; false when it gives up.
    bool run() {
        while (!pending_.empty()) {
            Segment s = pending_.back();
            pending_.pop_back();
            if (!solve(s)) return false;
        }
        return true;
    }

private:
    /// Rows [low, high], and the sum of shifts as a sum of two numbers.
    struct Segment {
        index_t low, high;
        T sigma, sigma_rest;
        [[nodiscard]] index_t size() const { return high - low + 1; }
    };
    /// What a step leaves for the choice of the next shift: the last three values of d and running minima, of all and
    /// without the last one and two.
    struct Minima {
        T dmin, dmin1, dmin2, dn, dn1, dn2;
    };

    bool solve(Segment s) {
        Minima m{};
        bool known = false;  // m belongs to this segment
        turn(s);
        while (true) {
            const index_t high = s.high;
            if (!deflate(s)) return true;
            if (s.high < high && turn(s)) known = false;
            if (!step(s, known ? shift(s, m, high - s.high) : first_shift(s), m)) return false;
            known = true;
        }
    }

    // Takes finished values off the end and splits off what has come apart; false when nothing is left.
    bool deflate(Segment& s) {
        while (s.size() > 2) {
            if (e_[s.high - 1] <= tol2 * (s.sigma + q_[s.high])) {
                finish(s.high, q_[s.high], s);
                --s.high;
            } else if (e_[s.high - 2] <= tol2 * s.sigma) {
                finish_two(s.high - 1, s);
                s.high -= 2;
            } else {
                break;
            }
        }
        if (s.size() == 2) finish_two(s.low, s);
        if (s.size() == 1) finish(s.low, q_[s.low], s);
        if (s.size() <= 2) return false;
        for (index_t i = s.high - 3; i >= s.low; --i) {
            if (e_[i] > tol2 * s.sigma) continue;
            Segment upper = s;
            upper.high = i;
            pending_.push_back(upper);
            s.low = i + 1;
        }
        return true;
    }

    void finish(index_t i, T value, const Segment& s) { q_[i] = value + s.sigma_rest + s.sigma; }

    // The eigenvalues of rows i and i + 1, without cancellation.
    void finish_two(index_t i, const Segment& s) {
        T big = q_[i], small = q_[i + 1];
        const T e = e_[i];
        if (small > big) std::swap(small, big);
        const T t = T(0.5) * ((big - small) + e);
        if (e > small * tol2 && t != T(0)) {
            T r = small * (e / t);
            r = r <= t ? small * (e / (t * (T(1) + std::sqrt(T(1) + r / t))))
                       : small * (e / (t + std::sqrt(t) * std::sqrt(t + r)));
            const T sum = big + (r + e);
            small *= big / sum;
            big = sum;
        }
        finish(i, big, s);
        finish(i + 1, small, s);
    }

    // Values converge at the end, so the small ones should be there. True when the order was reversed.
    bool turn(const Segment& s) {
        if (s.size() < 3 || T(1.5) * q_[s.low] >= q_[s.high]) return false;
        std::reverse(q_ + s.low, q_ + s.high + 1);
        std::reverse(e_ + s.low, e_ + s.high);
        return true;
    }

    // Gershgorin's bound from below.
    [[nodiscard]] T first_shift(const Segment& s) const {
        const T q_min = *std::min_element(q_ + s.low, q_ + s.high + 1);
        const T e_max = s.size() > 1 ? *std::max_element(e_ + s.low, e_ + s.high) : T(0);
        return std::max(T(0), q_min - T(2) * std::sqrt(q_min) * std::sqrt(e_max));
    }

    // One transformation with the largest shift from tau downwards that keeps everything positive.
    bool step(Segment& s, T tau, Minima& m) {
        for (int attempt = 0;; ++attempt) {
            left_ -= 1;
            if (left_ < 0) return false;
            m = transform(s, tau);
            if (!is_finite(m.dn)) return false;  // 0 / 0: zeros inside
            if (m.dmin >= T(0)) break;
            if (attempt >= 3) {
                tau = T(0);
            } else if (attempt == 0 && m.dmin1 > T(0) && m.dn < T(0)) {
                tau = std::max(T(0), (tau + m.dn) * (T(1) - T(4) * std::numeric_limits<T>::epsilon()));
            } else {
                tau *= T(0.25);
            }
        }
        std::copy(q_new_ + s.low, q_new_ + s.high + 1, q_ + s.low);
        std::copy(e_new_ + s.low, e_new_ + s.high, e_ + s.low);
        const T sum = s.sigma + (tau + s.sigma_rest);
        s.sigma_rest = (tau + s.sigma_rest) - (sum - s.sigma);
        s.sigma = sum;
        return true;
    }

    Minima transform(const Segment& s, T tau) const {
        T d = q_[s.low] - tau;
        Minima m{d, d, d, d, d, d};
        for (index_t i = s.low; i < s.high; ++i) {
            const T sum = d + e_[i];
            const T ratio = q_[i + 1] / sum;
            q_new_[i] = sum;
            e_new_[i] = e_[i] * ratio;
            d = d * ratio - tau;
            m.dmin2 = m.dmin1;
            m.dmin1 = m.dmin;
            m.dmin = std::min(m.dmin, d);
            m.dn2 = m.dn1;
            m.dn1 = m.dn;
            m.dn = d;
        }
        q_new_[s.high] = d;
        return m;
    }

    // A shift below the smallest eigenvalue, most of the time; the last step and what was deflated since tell how.
    [[nodiscard]] T shift(const Segment& s, const Minima& m, index_t deflated) const {
        if (m.dmin <= T(0)) return T(0);
        switch (deflated) {
            case 0:
                if (m.dmin == m.dn) return m.dmin1 == m.dn1 ? shift_by_gap(s, m) : shift_by_residual(s, m.dmin);
                return T(0.25) * m.dmin;
            case 1:
                if (m.dmin1 == m.dn1 && m.dmin2 == m.dn2) return shift_after_deflation(s, m.dmin1, m.dmin2);
                return (m.dmin1 == m.dn1 ? T(0.5) : T(0.25)) * m.dmin1;
            case 2:
                if (m.dmin2 == m.dn2 && T(2) * e_[s.high - 1] < q_[s.high - 1]) {
                    return shift_after_deflation(s, m.dmin2, std::numeric_limits<T>::max());
                }
                return T(0.25) * m.dmin2;
            default:
                return T(0);
        }
    }

    // dlasq4, cases 2 and 3: the trailing 2×2 block, with the gap to the rest.
    [[nodiscard]] T shift_by_gap(const Segment& s, const Minima& m) const {
        const index_t h = s.high;
        const T b1 = std::sqrt(q_[h]) * std::sqrt(e_[h - 1]), b2 = std::sqrt(q_[h - 1]) * std::sqrt(e_[h - 2]);
        const T a2 = q_[h - 1] + e_[h - 1];
        const T gap2 = m.dmin2 - a2 - m.dmin2 * T(0.25);
        const T gap1 = gap2 > T(0) && gap2 > b2 ? a2 - m.dn - (b2 / gap2) * b2 : a2 - m.dn - (b1 + b2);
        if (gap1 > T(0) && gap1 > b1) return std::max(m.dn - (b1 / gap1) * b1, T(0.5) * m.dmin);
        T t = m.dn > b1 ? m.dn - b1 : T(0);
        if (a2 > b1 + b2) t = std::min(t, a2 - (b1 + b2));
        return std::max(t, T(0.333) * m.dmin);
    }

    // |twisted eigenvector|^2 - 1 from the ratios e_i / q_i; negative when it is useless.
    [[nodiscard]] T vector_norm(const Segment& s, T enough) const {
        T term = 1, sum = 0;
        for (index_t i = s.high - 1; i >= s.low; --i) {
            const T previous = term;
            if (e_[i] > q_[i]) return T(-1);
            term *= e_[i] / q_[i];
            sum += term;
            if (T(100) * std::max(term, i + 1 == s.high ? term : previous) < sum || sum > enough) break;
        }
        return T(1.05) * sum;
    }

    // Case 4: a Rayleigh quotient and its residual.
    [[nodiscard]] T shift_by_residual(const Segment& s, T d) const {
        const T norm = vector_norm(s, T(0.563));
        return norm >= T(0) && norm < T(0.563) ? d * (T(1) - std::sqrt(norm)) / (T(1) + norm) : T(0.25) * d;
    }

    // Cases 7, 8 and 10.
    [[nodiscard]] T shift_after_deflation(const Segment& s, T d, T next) const {
        const T least = T(0.333) * d, norm = vector_norm(s, std::numeric_limits<T>::max());
        if (norm < T(0)) return least;
        const T b = std::sqrt(norm), a = d / (T(1) + norm), gap = T(0.5) * next - a;
        if (gap > T(0) && gap > b * a) return std::max(least, a * (T(1) - T(1.01) * a * (b / gap) * b));
        return std::max(least, a * (T(1) - T(1.01) * b));
    }

    static constexpr T eps = std::numeric_limits<T>::epsilon() / T(2);
    static constexpr T tol2 = T(100) * eps * eps;

    T *q_, *e_, *q_new_, *e_new_;
    index_t left_;
    std::vector<Segment> pending_;
};

}  // namespace detail

/// Singular values of the upper bidiagonal matrix with diagonal d (n) and superdiagonal e (n - 1), descending in d; e
/// is destroyed.
///
/// Accuracy: relative to each value, down to the square root of the smallest number times the norm.
/// Cost: about 15 n^2 operations. Errors: no_convergence (from bidiagonal_qr, which takes over where dqds gives up).
template <class T>
void bidiagonal_values(index_t n, T* d, T* e) {
    if (n == 0) return;
    const int exponent = detail::norm_exponent(n, d, e);
    detail::multiply_by_power_of_two(n, d, -exponent);
    detail::multiply_by_power_of_two(n - 1, e, -exponent);
    kernel::Buffer<T> buffer(4 * n);
    T *q = buffer.data(), *squares = q + n;
    for (index_t i = 0; i < n; ++i) q[i] = d[i] * d[i];
    for (index_t i = 0; i + 1 < n; ++i) squares[i] = e[i] * e[i];
    if (detail::QuotientDifference<T>(n, q, squares, q + 2 * n).run()) {
        for (index_t i = 0; i < n; ++i) d[i] = std::sqrt(q[i]);
        std::sort(d, d + n, [](T a, T b) { return a > b; });
    } else {
        bidiagonal_qr(n, d, e, MatRef<T>{}, MatRef<T>{});
    }
    detail::multiply_by_power_of_two(n, d, exponent);
}

}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"
