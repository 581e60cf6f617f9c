/// Singular values and vectors of an upper bidiagonal matrix by implicit (zero-shift) QR iteration.
///
/// Source: Golub & Kahan, SINUM 2 (1965); Demmel & Kahan, Accurate singular values of bidiagonal matrices, SISSC 11
/// (1990), for the convergence criterion and the zero shift; LAPACK dbdsqr for the choices of direction and shift.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "gram/core/error.hpp"
#include "gram/linalg/divide.hpp"
#include "gram/linalg/rotations.hpp"
#include "gram/linalg/two_by_two.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// One bidiagonal matrix under iteration, and the vectors that follow: B = U diag(d) V^T in the end.
///
/// "Down" sweeps chase the bulge from the top to the bottom. An "up" sweep is the same on the matrix read from its far
/// corner, where rows and columns have exchanged their parts.
template <class T>
class BidiagonalIteration {
public:
    BidiagonalIteration(index_t n, T* d, T* e, MatRef<T> U, MatRef<T> V)
        : n_(n), d_(d), e_(e), left_(U), right_(V), rotations_left_(6 * n * n) {
        threshold_ = absolute_threshold();
    }

    void run() {
        for (index_t last = n_ - 1; last > 0;) {
            const index_t first = start_of_block(last);
            if (first == last) {
                --last;
            } else if (first == last - 1) {
                solve_2x2(first);
                last -= 2;
            } else {
                step(first, last);
            }
        }
        left_.flush();
        right_.flush();
    }

private:
    // Entries of e below it may be dropped without harm to the relative accuracy of the smallest singular value.
    [[nodiscard]] T absolute_threshold() const {
        T smallest = std::abs(d_[0]), mu = smallest;
        for (index_t i = 1; i < n_ && smallest != T(0); ++i) {
            mu = std::abs(d_[i]) * (mu / (mu + std::abs(e_[i - 1])));
            smallest = std::min(smallest, mu);
        }
        const T n = static_cast<T>(n_);
        return std::max(tol * (smallest / std::sqrt(n)), T(6) * n * n * std::numeric_limits<T>::min());
    }

    // The unreduced block that ends at `last`; its largest entry is left in block_norm_.
    index_t start_of_block(index_t last) {
        block_norm_ = std::abs(d_[last]);
        for (index_t i = last - 1; i >= 0; --i) {
            if (std::abs(e_[i]) <= threshold_) {
                e_[i] = T(0);
                return i + 1;
            }
            block_norm_ = std::max({block_norm_, std::abs(d_[i]), std::abs(e_[i])});
        }
        return 0;
    }

    void solve_2x2(index_t i) {
        const Triangular2x2<T> r = svd_2x2(d_[i], e_[i], d_[i + 1]);
        d_[i] = r.larger;
        e_[i] = T(0);
        d_[i + 1] = r.smaller;
        right_.begin(i, 1, SweepOrder::forward);
        right_.set(0, r.cr, r.sr);
        left_.begin(i, 1, SweepOrder::forward);
        left_.set(0, r.cl, r.sl);
    }

    void step(index_t first, index_t last) {
        // A new block chooses its direction: from the larger end to the smaller. Later the choice must not flip.
        if (first > old_last_ || last < old_first_) down_ = std::abs(d_[first]) >= std::abs(d_[last]);
        T smallest = 0;
        if (!(down_ ? converged_down(first, last, smallest) : converged_up(first, last, smallest))) {
            old_first_ = first;
            old_last_ = last;
            spend(last - first);
            const T s = shift(first, last, smallest);
            if (s == T(0)) {
                down_ ? zero_shift_down(first, last) : zero_shift_up(first, last);
            } else {
                down_ ? shifted_down(first, last, s) : shifted_up(first, last, s);
            }
            T& end = down_ ? e_[last - 1] : e_[first];
            if (std::abs(end) <= threshold_) end = T(0);
        }
    }

    // Demmel and Kahan's criteria 1 and 2. True when an entry of e was set to zero; else `smallest` is a lower bound
    // of the smallest singular value of the block.
    bool converged_down(index_t first, index_t last, T& smallest) {
        if (std::abs(e_[last - 1]) <= tol * std::abs(d_[last])) {
            e_[last - 1] = T(0);
            return true;
        }
        T mu = std::abs(d_[first]);
        smallest = mu;
        for (index_t i = first; i < last; ++i) {
            if (std::abs(e_[i]) <= tol * mu) {
                e_[i] = T(0);
                return true;
            }
            mu = std::abs(d_[i + 1]) * (mu / (mu + std::abs(e_[i])));
            smallest = std::min(smallest, mu);
        }
        return false;
    }

    bool converged_up(index_t first, index_t last, T& smallest) {
        if (std::abs(e_[first]) <= tol * std::abs(d_[first])) {
            e_[first] = T(0);
            return true;
        }
        T mu = std::abs(d_[last]);
        smallest = mu;
        for (index_t i = last - 1; i >= first; --i) {
            if (std::abs(e_[i]) <= tol * mu) {
                e_[i] = T(0);
                return true;
            }
            mu = std::abs(d_[i]) * (mu / (mu + std::abs(e_[i])));
            smallest = std::min(smallest, mu);
        }
        return false;
    }

    // Zero when a shift would spoil the relative accuracy of the small singular values.
    [[nodiscard]] T shift(index_t first, index_t last, T smallest) const {
        if (static_cast<T>(n_) * tol * (smallest / block_norm_) <= std::max(eps, T(0.01) * tol)) return T(0);
        const T start = std::abs(down_ ? d_[first] : d_[last]);
        const T s = down_ ? smaller_singular_value_2x2(d_[last - 1], e_[last - 1], d_[last])
                          : smaller_singular_value_2x2(d_[first], e_[first], d_[first + 1]);
        if (start > T(0) && (s / start) * (s / start) < eps) return T(0);
        return s;
    }

    void zero_shift_down(index_t first, index_t last) {
        T c = 1, old_c = 1, old_s = 0;
        begin(first, last, SweepOrder::forward);
        for (index_t i = first; i < last; ++i) {
            const Rotation<T> a = make_rotation(d_[i] * c, e_[i]);
            if (i > first) e_[i - 1] = old_s * a.r;
            const Rotation<T> b = make_rotation(old_c * a.r, d_[i + 1] * a.s);
            d_[i] = b.r;
            c = a.c;
            old_c = b.c;
            old_s = b.s;
            right_.set(i - first, a.c, a.s);
            left_.set(i - first, b.c, b.s);
        }
        const T h = d_[last] * c;
        d_[last] = h * old_c;
        e_[last - 1] = h * old_s;
    }

    void zero_shift_up(index_t first, index_t last) {
        T c = 1, old_c = 1, old_s = 0;
        begin(first, last, SweepOrder::backward);
        for (index_t i = last; i > first; --i) {
            const Rotation<T> a = make_rotation(d_[i] * c, e_[i - 1]);
            if (i < last) e_[i] = old_s * a.r;
            const Rotation<T> b = make_rotation(old_c * a.r, d_[i - 1] * a.s);
            d_[i] = b.r;
            c = a.c;
            old_c = b.c;
            old_s = b.s;
            left_.set(i - first - 1, a.c, -a.s);
            right_.set(i - first - 1, b.c, -b.s);
        }
        const T h = d_[first] * c;
        d_[first] = h * old_c;
        e_[first] = h * old_s;
    }

    void shifted_down(index_t first, index_t last, T shift) {
        T f = (std::abs(d_[first]) - shift) * (std::copysign(T(1), d_[first]) + shift / d_[first]), g = e_[first];
        begin(first, last, SweepOrder::forward);
        for (index_t i = first; i < last; ++i) {
            const Rotation<T> a = make_rotation(f, g);
            if (i > first) e_[i - 1] = a.r;
            f = a.c * d_[i] + a.s * e_[i];
            e_[i] = a.c * e_[i] - a.s * d_[i];
            g = a.s * d_[i + 1];
            d_[i + 1] *= a.c;
            const Rotation<T> b = make_rotation(f, g);
            d_[i] = b.r;
            f = b.c * e_[i] + b.s * d_[i + 1];
            d_[i + 1] = b.c * d_[i + 1] - b.s * e_[i];
            if (i + 1 < last) {
                g = b.s * e_[i + 1];
                e_[i + 1] *= b.c;
            }
            right_.set(i - first, a.c, a.s);
            left_.set(i - first, b.c, b.s);
        }
        e_[last - 1] = f;
    }

    void shifted_up(index_t first, index_t last, T shift) {
        T f = (std::abs(d_[last]) - shift) * (std::copysign(T(1), d_[last]) + shift / d_[last]), g = e_[last - 1];
        begin(first, last, SweepOrder::backward);
        for (index_t i = last; i > first; --i) {
            const Rotation<T> a = make_rotation(f, g);
            if (i < last) e_[i] = a.r;
            f = a.c * d_[i] + a.s * e_[i - 1];
            e_[i - 1] = a.c * e_[i - 1] - a.s * d_[i];
            g = a.s * d_[i - 1];
            d_[i - 1] *= a.c;
            const Rotation<T> b = make_rotation(f, g);
            d_[i] = b.r;
            f = b.c * e_[i - 1] + b.s * d_[i - 1];
            d_[i - 1] = b.c * d_[i - 1] - b.s * e_[i - 1];
            if (i - 1 > first) {
                g = b.s * e_[i - 2];
                e_[i - 2] *= b.c;
            }
            left_.set(i - first - 1, a.c, -a.s);
            right_.set(i - first - 1, b.c, -b.s);
        }
        e_[first] = f;
    }

    void begin(index_t first, index_t last, SweepOrder order) {
        right_.begin(first, last - first, order);
        left_.begin(first, last - first, order);
    }

    void spend(index_t rotations) {
        rotations_left_ -= rotations;
        if (rotations_left_ >= 0) return;
        index_t count = 0;
        for (index_t i = 0; i + 1 < n_; ++i) count += e_[i] != T(0);
        throw no_convergence("svd: " + std::to_string(count) + " superdiagonal entries of " + std::to_string(n_ - 1) +
                             " have not become zero");
    }

    static constexpr T eps = std::numeric_limits<T>::epsilon() / T(2);
    // An entry this much smaller than its neighbours is dropped. LAPACK allows up to 100 eps, which shows in the
    // residual of small matrices; convergence is cubic, so the smaller value costs next to nothing.
    static constexpr T tol = T(10) * eps;

    index_t n_;
    T* d_;
    T* e_;
    SweepBatch<T> left_, right_;
    index_t rotations_left_;
    T threshold_ = 0, block_norm_ = 0;
    index_t old_first_ = -1, old_last_ = -1;
    bool down_ = true;
};

}  // namespace detail

/// Makes the n values non-negative (their columns of V change sign) and descending (columns of U and V follow).
template <class T>
void normalize_singular_values(index_t n, T* d, MatRef<T> U, MatRef<T> V) {
    for (index_t i = 0; i < n; ++i) {
        if (!std::signbit(d[i])) continue;
        d[i] = -d[i];
        for (index_t j = 0; j < V.rows; ++j) V(j, i) = -V(j, i);
    }
    if (U.rows == 0 && V.rows == 0) {
        std::sort(d, d + n, [](T a, T b) { return a > b; });
        return;
    }
    for (index_t i = 0; i + 1 < n; ++i) {
        const index_t k = std::max_element(d + i, d + n) - d;
        if (k == i) continue;
        std::swap(d[i], d[k]);
        for (index_t j = 0; j < U.rows; ++j) std::swap(U(j, i), U(j, k));
        for (index_t j = 0; j < V.rows; ++j) std::swap(V(j, i), V(j, k));
    }
}

/// Singular values of the upper bidiagonal matrix with diagonal d (n) and superdiagonal e (n - 1), with high relative
/// accuracy, descending in d; U = U * (left vectors), V = V * (right vectors). e is destroyed.
///
/// U and V are column-major with n columns and any number of rows (0: not wanted). Entries of e below 6 n^2 times the
/// smallest normal number count as zero, once a power of two has brought the norm near 1.
/// Cost: about 6 n^3 flops for each with n rows. Errors: no_convergence after 6 n^2 rotations.
template <class T>
void bidiagonal_qr(index_t n, T* d, T* e, MatRef<T> U, MatRef<T> V) {
    if (n == 0) return;
    const int exponent = detail::norm_exponent(n, d, e);
    detail::multiply_by_power_of_two(n, d, -exponent);
    detail::multiply_by_power_of_two(n - 1, e, -exponent);
    detail::BidiagonalIteration<T>(n, d, e, U, V).run();
    detail::multiply_by_power_of_two(n, d, exponent);
    normalize_singular_values(n, d, U, V);
}

}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"
