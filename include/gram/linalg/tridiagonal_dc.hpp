/// Eigenvalues and vectors of a symmetric tridiagonal matrix by divide and conquer.
///
/// T = diag(T1, T2) + rho u u^T: both halves are solved, then D + rho z z^T in the basis of their vectors.
/// Source: Cuppen, A divide and conquer method for the symmetric tridiagonal eigenproblem, Numer. Math. 36 (1981);
/// Gu & Eisenstat, A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem, SIMAX 16 (1995); LAPACK
/// dlaed2 for the criteria of deflation.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/linalg/divide.hpp"
#include "gram/linalg/rotations.hpp"
#include "gram/linalg/secular.hpp"
#include "gram/linalg/tridiagonal_ql.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// The recursion and its memory.
template <class T>
class TridiagonalDivide {
public:
    TridiagonalDivide(index_t n, T* d, T* e, MatRef<T> Z, DivideOptions options, T* scratch)
        : d_(d),
          e_(e),
          Z_(Z),
          leaf_(std::max<index_t>(options.leaf, 2)),
          lists_(n),
          columns_(n, n),
          secular_(n, scratch),
          numbers_(4 * n) {
        z_ = numbers_.data();
        poles_ = z_ + n;
        weights_ = z_ + 2 * n;
        work_ = z_ + 3 * n;
    }

    void run() {
        const index_t n = Z_.cols, *order = lists_.order(0);
        kernel::fill(Z_, T(0));
        solve(0, n);
        if (std::is_sorted(order, order + n)) return;
        columns_.permute(Z_, order);
        for (index_t j = 0; j < n; ++j) z_[j] = d_[order[j]];
        std::copy(z_, z_ + n, d_);
    }

private:
    void solve(index_t first, index_t n) {
        if (n <= leaf_) {
            const MatRef<T> Q = Z_.block(first, first, n, n);
            for (index_t i = 0; i < n; ++i) Q(i, i) = T(1);
            tridiagonal_ql(n, d_ + first, e_ + first, Q);
            for (index_t i = 0; i < n; ++i) lists_.order(first)[i] = i;
            return;
        }
        const index_t n1 = n / 2;
        const T rho = e_[first + n1 - 1];
        d_[first + n1 - 1] -= std::abs(rho);
        d_[first + n1] -= std::abs(rho);
        solve(first, n1);
        solve(first + n1, n - n1);
        merge(first, n1, n, rho);
    }

    void merge(index_t first, index_t n1, index_t n, T rho) {
        const MatRef<T> Q = Z_.block(first, first, n, n);
        T* d = d_ + first;
        // z = Q^T u / |u|, with u = e_(n1 - 1) + sign(rho) e_(n1).
        const T unit = T(1) / std::sqrt(T(2)), length = T(2) * std::abs(rho);
        for (index_t j = 0; j < n1; ++j) z_[j] = unit * Q(n1 - 1, j);
        for (index_t j = n1; j < n; ++j) z_[j] = std::copysign(unit, rho) * Q(n1, j);
        lists_.merge_halves(d, first, n1, n1, n);
        deflate(Q, d, lists_.order(first), n1, length);
        const index_t k = lists_.count();
        if (k == 0) return;  // nothing moves, and the order is right already

        lists_.group();
        columns_.gather(Q, n1, n1, lists_);
        for (index_t i = 0; i < k; ++i) {
            poles_[i] = d[lists_.kept(i)];
            weights_[i] = z_[lists_.kept(i)];
        }
        for (index_t i = 0; i < n - k; ++i) work_[i] = d[lists_.dropped(i)];
        std::copy(work_, work_ + (n - k), d + k);
        const MatRef<T> S = secular_.ref(k);
        solve_secular(k, poles_, weights_, length, d, S, lists_.slots(), work_);
        columns_.assemble(Q, S);
        lists_.order_merged(d, first, n);
    }

    // Drops a column when its z is negligible, or when a rotation with a neighbour whose pole is close makes it so.
    void deflate(MatRef<T> Q, T* d, const index_t* order, index_t n1, T rho) {
        const index_t n = Q.cols;
        T d_max = 0, z_max = 0;
        for (index_t j = 0; j < n; ++j) {
            d_max = std::max(d_max, std::abs(d[j]));
            z_max = std::max(z_max, std::abs(z_[j]));
            lists_.support(j) = j < n1 ? Support::top : Support::bottom;
        }
        const T tol = T(4) * std::numeric_limits<T>::epsilon() * std::max(d_max, z_max);
        lists_.clear();
        if (rho * z_max <= tol) return;
        index_t candidate = -1;
        for (index_t at = 0; at < n; ++at) {
            const index_t j = order[at];
            if (rho * std::abs(z_[j]) <= tol) {
                lists_.drop(j);
                continue;
            }
            if (candidate >= 0) close(Q, d, candidate, j, tol) ? lists_.drop(candidate) : lists_.keep(candidate);
            candidate = j;
        }
        lists_.keep(candidate);
    }

    // If the poles p and j (d_p <= d_j) are close enough, moves all of z_p to z_j by a rotation.
    bool close(MatRef<T> Q, T* d, index_t p, index_t j, T tol) {
        const T norm = std::hypot(z_[p], z_[j]);
        const T c = z_[j] / norm, s = -z_[p] / norm;
        if (!(std::abs((d[j] - d[p]) * c * s) <= tol)) return false;
        z_[j] = norm;
        z_[p] = T(0);
        if (lists_.support(j) != lists_.support(p)) lists_.support(j) = Support::both;
        rotate_columns(Q, p, j, c, s);
        const T low = d[p], high = d[j];
        d[p] = low * c * c + high * s * s;
        d[j] = low * s * s + high * c * c;
        return true;
    }

    T* d_;
    T* e_;
    MatRef<T> Z_;
    index_t leaf_;
    MergeLists lists_;
    SplitColumns<T> columns_;
    Scratch<T> secular_;
    kernel::Buffer<T> numbers_;
    T *z_, *poles_, *weights_, *work_;
};

}  // namespace detail

/// Diagonalizes the tridiagonal matrix with diagonal d (n) and off-diagonal e (n - 1): Z = its eigenvectors.
///
/// Result: d holds the eigenvalues, ascending; e is destroyed. Z is n×n, column-major.
/// Cost: at most 4/3 n^3 flops by products of matrices, much less when eigenvalues are close; 2 n^2 elements of
/// workspace, half of them in `scratch` if it is given (n^2 elements). Errors: no_convergence.
template <class T>
void tridiagonal_dc(index_t n, T* d, T* e, MatRef<T> Z, DivideOptions options = {}, T* scratch = nullptr) {
    if (n == 0) return;
    // Norm near 1: z has norm 1, and the criteria of deflation compare the two.
    const int exponent = detail::norm_exponent(n, d, e);
    detail::multiply_by_power_of_two(n, d, -exponent);
    detail::multiply_by_power_of_two(n - 1, e, -exponent);
    detail::TridiagonalDivide<T>(n, d, e, Z, options, scratch).run();
    detail::multiply_by_power_of_two(n, d, exponent);
}

}  // namespace gram::linalg::inline GRAM_ISA
