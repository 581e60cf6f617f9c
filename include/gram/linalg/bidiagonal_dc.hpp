/// Singular values and vectors of an upper bidiagonal matrix by divide and conquer.
///
/// Without its middle row B falls apart into an nl×(nl + 1) and an nr×(nr or nr + 1) bidiagonal block. In the bases of
/// their singular vectors B is diagonal but for that row: a secular equation in the squares of the singular values.
/// Source: Gu & Eisenstat, A divide-and-conquer algorithm for the bidiagonal SVD, SIMAX 16 (1995); LAPACK dlasd0,
/// dlasd2 and dlasdq for the criteria of deflation and the treatment of the extra column.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/linalg/bidiagonal_qr.hpp"
#include "gram/linalg/divide.hpp"
#include "gram/linalg/rotations.hpp"
#include "gram/linalg/secular.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// Rotates the last of n + 1 columns of an upper bidiagonal n×(n + 1) matrix away: it becomes lower, then upper
/// bidiagonal again. e has n entries; U (n columns) and V (n + 1 columns) follow; work has 2 n elements.
template <class T>
void drop_extra_column(index_t n, T* d, T* e, MatRef<T> U, MatRef<T> V, T* work) {
    T *c = work, *s = work + n;
    for (index_t i = 0; i < n; ++i) {
        const Rotation<T> g = make_rotation(d[i], e[i]);
        d[i] = g.r;
        c[i] = g.c;
        s[i] = g.s;
        e[i] = T(0);
        if (i + 1 < n) {
            e[i] = g.s * d[i + 1];
            d[i + 1] *= g.c;
        }
    }
    apply_sweep(V, c, s, SweepOrder::forward);
    for (index_t i = 0; i + 1 < n; ++i) {
        const Rotation<T> g = make_rotation(d[i], e[i]);
        d[i] = g.r;
        c[i] = g.c;
        s[i] = g.s;
        e[i] = g.s * d[i + 1];
        d[i + 1] *= g.c;
    }
    apply_sweep(U, c, s, SweepOrder::forward);
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// The recursion and its memory. A block of order n has n rows and n + extra columns, extra = 0 or 1; column n of its V
/// is then the null vector.
template <class T>
class BidiagonalDivide {
public:
    BidiagonalDivide(index_t n, T* d, T* e, MatRef<T> U, MatRef<T> V, DivideOptions options, T* scratch_left,
                     T* scratch_right)
        : d_(d),
          e_(e),
          U_(U),
          V_(V),
          leaf_(std::max<index_t>(options.leaf, 3)),
          lists_(n),
          columns_(n + 1, n),
          left_(n, scratch_left),
          right_(n, scratch_right),
          numbers_(5 * n) {
        z_ = numbers_.data();
        poles_ = z_ + n;
        weights_ = z_ + 2 * n;
        work_ = z_ + 3 * n;
    }

    void run() {
        const index_t n = U_.cols;
        index_t* order = lists_.order(0);
        kernel::fill(U_, T(0));
        kernel::fill(V_, T(0));
        solve(0, n, 0);
        std::reverse(order, order + n);
        if (std::is_sorted(order, order + n)) return;
        columns_.permute(U_, order);
        columns_.permute(V_, order);
        for (index_t j = 0; j < n; ++j) z_[j] = d_[order[j]];
        std::copy(z_, z_ + n, d_);
    }

private:
    void solve(index_t first, index_t n, index_t extra) {
        if (n <= leaf_) return solve_leaf(first, n, extra);
        const index_t nl = n / 2, nr = n - nl - 1;
        solve(first, nl, 1);
        solve(first + nl + 1, nr, extra);
        merge(first, nl, n, extra);
    }

    void solve_leaf(index_t first, index_t n, index_t extra) {
        const MatRef<T> U = U_.block(first, first, n, n), V = V_.block(first, first, n + extra, n + extra);
        for (index_t i = 0; i < n; ++i) U(i, i) = T(1);
        for (index_t i = 0; i < n + extra; ++i) V(i, i) = T(1);
        if (extra == 1) drop_extra_column(n, d_ + first, e_ + first, U, V, work_);
        bidiagonal_qr(n, d_ + first, e_ + first, U, V.block(0, 0, n + extra, n));
        for (index_t i = 0; i < n; ++i) lists_.order(first)[i] = n - 1 - i;  // bidiagonal_qr sorts them descending
    }

    void merge(index_t first, index_t nl, index_t n, index_t extra) {
        const MatRef<T> U = U_.block(first, first, n, n), V = V_.block(first, first, n + extra, n + extra);
        T* d = d_ + first;
        const T alpha = d[nl], beta = e_[first + nl];
        // The middle row in the basis V: alpha times the last row of the left block, beta times the first of the right.
        for (index_t j = 0; j <= nl; ++j) z_[j] = alpha * V(nl, j);
        for (index_t j = nl + 1; j < n; ++j) z_[j] = beta * V(nl + 1, j);
        U(nl, nl) = T(1);
        d[nl] = T(0);
        T largest = std::max({std::abs(alpha), std::abs(beta), smallest_scale});
        for (index_t j = 0; j < n; ++j) largest = std::max(largest, d[j]);
        const T tol = T(4) * std::numeric_limits<T>::epsilon() * largest;
        for (index_t j = 0; j < n; ++j) lists_.support(j) = j <= nl ? Support::top : Support::bottom;
        join_null_vectors(V, nl, n, beta, tol);
        lists_.merge_halves(d, first, nl + 1, nl, n);
        deflate(U, V.block(0, 0, n + extra, n), d, lists_.order(first), nl, tol);

        lists_.group();
        const index_t k = lists_.count();
        for (index_t i = 0; i < k; ++i) {
            poles_[i] = d[lists_.kept(i)];
            weights_[i] = z_[lists_.kept(i)];
        }
        if (k > 1) {
            // The smallest root and its pole at 0 stay apart.
            poles_[1] = std::max(poles_[1], tol / T(2));
            if (std::abs(weights_[0]) < tol) weights_[0] = tol;
        }
        for (index_t i = 0; i < n - k; ++i) work_[i] = d[lists_.dropped(i)];
        std::copy(work_, work_ + (n - k), d + k);
        const MatRef<T> SU = left_.ref(k), SV = right_.ref(k);
        solve_secular_svd(k, poles_, weights_, d, SU, SV, lists_.slots(), work_);

        columns_.gather(U, nl, nl + 1, lists_);
        columns_.assemble(U, SU);
        kernel::copy(SU.row(lists_.slot(0)), U.row(nl).segment(0, k));
        const MatRef<T> V_square = V.block(0, 0, n + extra, n);
        columns_.gather(V_square, nl + 1, nl + 1, lists_);
        columns_.assemble(V_square, SV);
        lists_.order_merged(d, first, n);
    }

    // Column nl of V is the null vector of the left block. With an extra column there is one of the right block too: a
    // rotation makes one of the two orthogonal to the middle row, the null vector of the whole.
    void join_null_vectors(MatRef<T> V, index_t nl, index_t n, T beta, T tol) {
        if (V.cols > n) {
            const T right = beta * V(nl + 1, n), norm = std::hypot(z_[nl], right);
            if (norm > tol) rotate_columns(V, nl, n, z_[nl] / norm, right / norm);
            if (norm > tol) lists_.support(nl) = Support::both;
            z_[nl] = norm;
        }
    }

    // Drops a column when its z is negligible, or when a rotation with a neighbour of close value makes it so. The null
    // vector (value 0) always stays, in front.
    void deflate(MatRef<T> U, MatRef<T> V, T* d, const index_t* order, index_t nl, T tol) {
        lists_.clear();
        lists_.keep(nl);
        index_t candidate = -1;
        for (index_t at = 0; at + 1 < U.cols; ++at) {
            const index_t j = order[at];
            if (std::abs(z_[j]) <= tol) {
                lists_.drop(j);
                continue;
            }
            if (candidate >= 0) close(U, V, d, candidate, j, tol) ? lists_.drop(candidate) : lists_.keep(candidate);
            candidate = j;
        }
        if (candidate >= 0) lists_.keep(candidate);
    }

    // If the values p and j (d_p <= d_j) are close enough, moves all of z_p to z_j by a rotation.
    bool close(MatRef<T> U, MatRef<T> V, T* d, index_t p, index_t j, T tol) {
        const T norm = std::hypot(z_[p], z_[j]);
        const T c = z_[j] / norm, s = -z_[p] / norm;
        if (!(std::abs((d[j] - d[p]) * c * s) <= tol)) return false;
        z_[j] = norm;
        z_[p] = T(0);
        if (lists_.support(j) != lists_.support(p)) lists_.support(j) = Support::both;
        rotate_columns(U, p, j, c, s);
        rotate_columns(V, p, j, c, s);
        const T low = d[p], high = d[j];
        d[p] = low * c * c + high * s * s;
        d[j] = low * s * s + high * c * c;
        return true;
    }

    // The whole matrix has a norm near 1. A block that is smaller than this is treated as if it were as large: fourth
    // powers of its tolerance must not underflow. The error stays far below eps.
    static constexpr T smallest_scale = std::numeric_limits<T>::digits > 30 ? power_of_two<T>(-300)
                                                                            : power_of_two<T>(-10);

    T* d_;
    T* e_;
    MatRef<T> U_, V_;
    index_t leaf_;
    MergeLists lists_;
    SplitColumns<T> columns_;
    Scratch<T> left_, right_;
    kernel::Buffer<T> numbers_;
    T *z_, *poles_, *weights_, *work_;
};

}  // namespace detail

/// Singular value decomposition of the upper bidiagonal matrix with diagonal d (n) and superdiagonal e (n - 1):
/// B = U diag(d) V^T.
///
/// Result: d holds the singular values, descending and >= 0; e is destroyed. U and V are n×n, column-major.
/// Cost: at most 8/3 n^3 flops by products of matrices, much less when values are close; 3 n^2 elements of workspace,
/// n^2 each in the two scratches if they are given.
/// Errors: no_convergence.
template <class T>
void bidiagonal_dc(index_t n, T* d, T* e, MatRef<T> U, MatRef<T> V, DivideOptions options = {},
                   T* scratch_left = nullptr, T* scratch_right = nullptr) {
    if (n == 0) return;
    const int exponent = detail::norm_exponent(n, d, e);
    detail::multiply_by_power_of_two(n, d, -exponent);
    detail::multiply_by_power_of_two(n - 1, e, -exponent);
    detail::BidiagonalDivide<T>(n, d, e, U, V, options, scratch_left, scratch_right).run();
    detail::multiply_by_power_of_two(n, d, exponent);
}

}  // namespace gram::linalg::inline GRAM_ISA
