/// Eigenvalues and vectors of a symmetric tridiagonal matrix by implicit QL and QR iteration.
///
/// Source: LAPACK dsteqr (Wilkinson's shift, splitting, scaling of each block); Parlett, The Symmetric Eigenvalue
/// Problem, ch. 8. The rotations are collected and applied in batches (Van Zee, van de Geijn, Quintana-Orti,
/// Restructuring the tridiagonal and bidiagonal QR algorithms for performance, ACM TOMS 40 (2014)).
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "gram/core/error.hpp"
#include "gram/linalg/check.hpp"
#include "gram/linalg/divide.hpp"
#include "gram/linalg/rotations.hpp"
#include "gram/linalg/two_by_two.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// One tridiagonal matrix under iteration: diagonal d, off-diagonal e, and the vectors that follow.
template <class T>
class TridiagonalIteration {
public:
    TridiagonalIteration(index_t n, T* d, T* e, MatRef<T> Z) : n_(n), d_(d), e_(e), batch_(Z), left_(30 * n) {}

    void run() {
        for (index_t first = 0; first < n_;) {
            const index_t last = end_of_block(first);
            if (last > first) scaled_block(first, last);
            first = last + 1;
        }
        batch_.flush();
    }

private:
    // Off-diagonals that are negligible against their neighbours are set to zero; the block ends at the first.
    index_t end_of_block(index_t first) {
        for (index_t m = first; m + 1 < n_; ++m) {
            const T size = std::abs(e_[m]);
            if (size <= std::sqrt(std::abs(d_[m])) * std::sqrt(std::abs(d_[m + 1])) * eps) {
                e_[m] = T(0);
                return m;
            }
        }
        return n_ - 1;
    }

    void scaled_block(index_t first, index_t last) {
        T norm = std::abs(d_[last]);
        for (index_t i = first; i < last; ++i) norm = std::max({norm, std::abs(d_[i]), std::abs(e_[i])});
        const T scale = scale_for(norm);
        for (index_t i = first; i <= last && scale != T(1); ++i) d_[i] *= scale;
        for (index_t i = first; i < last && scale != T(1); ++i) e_[i] *= scale;
        // Chase from the larger end to the smaller, which a graded matrix needs for its small eigenvalues.
        if (std::abs(d_[last]) < std::abs(d_[first])) {
            qr(first, last);
        } else {
            ql(first, last);
        }
        for (index_t i = first; i <= last && scale != T(1); ++i) d_[i] /= scale;
    }

    [[nodiscard]] bool negligible(index_t m) const {
        const T size = std::abs(e_[m]);
        return size * size <= (eps * eps * std::abs(d_[m])) * std::abs(d_[m + 1]) + smallest;
    }

    void ql(index_t l, const index_t last) {
        while (l <= last) {
            index_t m = l;
            while (m < last && !negligible(m)) ++m;
            if (m < last) e_[m] = T(0);
            if (m == l) {
                ++l;
            } else if (m == l + 1) {
                const Symmetric2x2<T> block = eigen_2x2(d_[l], e_[l], d_[m]);
                d_[l] = block.first;
                d_[m] = block.second;
                e_[l] = T(0);
                batch_.begin(l, 1, SweepOrder::backward);
                batch_.set(0, block.c, block.s);
                l += 2;
            } else {
                spend_one();
                ql_step(l, m);
            }
        }
    }

    // One sweep from m down to l.
    void ql_step(index_t l, index_t m) {
        const T shifted = shift(d_[l], e_[l], d_[l + 1]);
        T g = d_[m] - shifted, s = 1, c = 1, p = 0;
        batch_.begin(l, m - l, SweepOrder::backward);
        for (index_t i = m - 1; i >= l; --i) {
            const T f = s * e_[i], b = c * e_[i];
            const Rotation<T> q = make_rotation(g, f);
            c = q.c;
            s = q.s;
            if (i != m - 1) e_[i + 1] = q.r;
            g = d_[i + 1] - p;
            const T r = (d_[i] - g) * s + T(2) * c * b;
            p = s * r;
            d_[i + 1] = g + p;
            g = c * r - b;
            batch_.set(i - l, c, -s);
        }
        d_[l] -= p;
        e_[l] = g;
    }

    void qr(const index_t first, index_t l) {
        while (l >= first) {
            index_t m = l;
            while (m > first && !negligible(m - 1)) --m;
            if (m > first) e_[m - 1] = T(0);
            if (m == l) {
                --l;
            } else if (m == l - 1) {
                const Symmetric2x2<T> block = eigen_2x2(d_[m], e_[m], d_[l]);
                d_[m] = block.first;
                d_[l] = block.second;
                e_[m] = T(0);
                batch_.begin(m, 1, SweepOrder::forward);
                batch_.set(0, block.c, block.s);
                l -= 2;
            } else {
                spend_one();
                qr_step(m, l);
            }
        }
    }

    // One sweep from m up to l.
    void qr_step(index_t m, index_t l) {
        const T shifted = shift(d_[l], e_[l - 1], d_[l - 1]);
        T g = d_[m] - shifted, s = 1, c = 1, p = 0;
        batch_.begin(m, l - m, SweepOrder::forward);
        for (index_t i = m; i < l; ++i) {
            const T f = s * e_[i], b = c * e_[i];
            const Rotation<T> q = make_rotation(g, f);
            c = q.c;
            s = q.s;
            if (i != m) e_[i - 1] = q.r;
            g = d_[i] - p;
            const T r = (d_[i + 1] - g) * s + T(2) * c * b;
            p = s * r;
            d_[i] = g + p;
            g = c * r - b;
            batch_.set(i - m, c, s);
        }
        d_[l] -= p;
        e_[l - 1] = g;
    }

    // Wilkinson's: the eigenvalue of [d e; e next] nearer to d.
    static T shift(T d, T e, T next) {
        const T g = (next - d) / (T(2) * e);
        const T far = T(1) / std::numeric_limits<T>::epsilon();
        const T root = std::abs(g) < far ? std::sqrt(g * g + T(1)) : std::abs(g);
        return d - e / (g + std::copysign(root, g));
    }

    void spend_one() {
        if (left_-- > 0) return;
        index_t count = 0;
        for (index_t i = 0; i + 1 < n_; ++i) count += e_[i] != T(0);
        throw no_convergence("eigh: " + std::to_string(count) + " off-diagonal entries of " + std::to_string(n_ - 1) +
                             " have not become zero");
    }

    static constexpr T eps = std::numeric_limits<T>::epsilon() / T(2);
    static constexpr T smallest = std::numeric_limits<T>::min();

    index_t n_;
    T* d_;
    T* e_;
    SweepBatch<T> batch_;
    index_t left_;
};

}  // namespace detail

/// Ascending order of the n values in d; columns of Z, if it has rows, move with their values.
template <class T>
void sort_ascending(index_t n, T* d, MatRef<T> Z) {
    for (index_t i = 0; i + 1 < n; ++i) {
        const index_t k = std::min_element(d + i, d + n) - d;
        if (k == i) continue;
        std::swap(d[i], d[k]);
        for (index_t j = 0; j < Z.rows; ++j) std::swap(Z(j, i), Z(j, k));
    }
}

/// Diagonalizes the tridiagonal matrix with diagonal d (n) and off-diagonal e (n - 1): Z = Z * (its eigenvectors).
///
/// Result: d holds the eigenvalues, ascending; e is destroyed. Z is column-major with n columns and any number of rows
/// (0: values only). Cost: about 3 n^3 flops with n rows, 30 n^2 without. Errors: no_convergence after 30 n sweeps.
template <class T>
void tridiagonal_ql(index_t n, T* d, T* e, MatRef<T> Z) {
    if (n == 0) return;
    // Norm near 1: small entries are compared with the square root of the smallest number, too.
    const int exponent = detail::norm_exponent(n, d, e);
    detail::multiply_by_power_of_two(n, d, -exponent);
    detail::multiply_by_power_of_two(n - 1, e, -exponent);
    detail::TridiagonalIteration<T>(n, d, e, Z).run();
    detail::multiply_by_power_of_two(n, d, exponent);
    if (Z.rows == 0) {
        std::sort(d, d + n);
    } else {
        sort_ascending(n, d, Z);
    }
}

}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"
