/// Eigenvalues alone of a symmetric tridiagonal matrix: QL and QR iteration without square roots.
///
/// Source: Parlett, The Symmetric Eigenvalue Problem, sec. 8.15 (the Pal-Walker-Kahan variant); LAPACK dsterf.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "gram/core/error.hpp"
#include "gram/linalg/divide.hpp"
#include "gram/linalg/two_by_two.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// The iteration on the diagonal d and the squares of the off-diagonal. A block is worked on from its last index to
/// its first or the other way round: `at(i)` counts from the end at which values converge.
template <class T>
class TridiagonalValues {
public:
    TridiagonalValues(index_t n, T* d, T* e2) : n_(n), d_(d), e2_(e2), left_(30 * n) {}

    void run() {
        for (index_t first = 0; first < n_;) {
            index_t last = first;
            while (last + 1 < n_ && !negligible(last)) ++last;
            if (last + 1 < n_) e2_[last] = T(0);
            // Values converge at the smaller end, which a graded matrix needs for its small eigenvalues.
            if (std::abs(d_[last]) < std::abs(d_[first])) {
                iterate<-1>(last, first);
            } else {
                iterate<1>(first, last);
            }
            first = last + 1;
        }
    }

private:
    [[nodiscard]] bool negligible(index_t i) const {
        return e2_[i] <= eps * eps * std::abs(d_[i] * d_[i + 1]) + std::numeric_limits<T>::min();
    }
    // The off-diagonal between i and its neighbour in the direction of `step`.
    template <int step>
    [[nodiscard]] static index_t link(index_t i) {
        return step > 0 ? i : i - 1;
    }

    // Values appear at `first`, which moves towards `last`.
    template <int step>
    void iterate(index_t first, index_t last) {
        while (true) {
            index_t m = first;
            while (m != last && !negligible(link<step>(m))) m += step;
            if (m != last) e2_[link<step>(m)] = T(0);
            if (m == first) {
                if (first == last) return;
                first += step;
            } else if (m == first + step) {
                const Symmetric2x2<T> block = eigen_2x2(d_[first], std::sqrt(e2_[link<step>(first)]), d_[m]);
                d_[first] = block.first;
                d_[m] = block.second;
                e2_[link<step>(first)] = T(0);
                if (m == last) return;
                first = m + step;
            } else {
                spend_one();
                sweep<step>(first, m);
            }
        }
    }

    // One sweep from m to first, with Wilkinson's shift.
    template <int step>
    void sweep(index_t first, index_t m) {
        const T e = std::sqrt(e2_[link<step>(first)]);
        const T ratio = (d_[first + step] - d_[first]) / (T(2) * e);
        const T root = std::abs(ratio) < T(1) / eps ? std::sqrt(ratio * ratio + T(1)) : std::abs(ratio);
        const T shift = d_[first] - e / (ratio + std::copysign(root, ratio));
        T c = 1, s = 0, gamma = d_[m] - shift, p = gamma * gamma;
        for (index_t i = m; i != first;) {
            i -= step;
            const T b = e2_[link<step>(i)], r = p + b;
            if (i + step != m) e2_[link<step>(i + step)] = s * r;
            const T old_c = c, old_gamma = gamma, alpha = d_[i];
            c = p / r;
            s = b / r;
            gamma = c * (alpha - shift) - s * old_gamma;
            d_[i + step] = old_gamma + (alpha - gamma);
            // gamma^2 / c, with the quotient taken beside that of c and not after it.
            p = c > std::numeric_limits<T>::min() ? gamma * gamma * (r / p) : old_c * b;
        }
        e2_[link<step>(first)] = s * p;
        d_[first] = shift + gamma;
    }

    void spend_one() {
        if (left_-- > 0) return;
        index_t count = 0;
        for (index_t i = 0; i + 1 < n_; ++i) count += e2_[i] != T(0);
        throw no_convergence("eigvalsh: " + std::to_string(count) + " off-diagonal entries of " +
                             std::to_string(n_ - 1) + " have not become zero");
    }

    static constexpr T eps = std::numeric_limits<T>::epsilon() / T(2);

    index_t n_;
    T* d_;
    T* e2_;
    index_t left_;
};

}  // namespace detail

/// Eigenvalues of the tridiagonal matrix with diagonal d (n) and off-diagonal e (n - 1), ascending in d; e is
/// destroyed.
///
/// Cost: about 20 n^2 operations. Accuracy: eps times the norm. Errors: no_convergence after 30 n sweeps.
template <class T>
void tridiagonal_values(index_t n, T* d, T* e) {
    if (n == 0) return;
    // Norm near 1, so that squares of what counts neither overflow nor underflow.
    const int exponent = detail::norm_exponent(n, d, e);
    detail::multiply_by_power_of_two(n, d, -exponent);
    detail::multiply_by_power_of_two(n - 1, e, -exponent);
    for (index_t i = 0; i + 1 < n; ++i) e[i] *= e[i];
    detail::TridiagonalValues<T>(n, d, e).run();
    std::sort(d, d + n);
    detail::multiply_by_power_of_two(n, d, exponent);
}

}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"
