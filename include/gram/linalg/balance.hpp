/// Balancing: a permutation and a diagonal similarity that bring the rows and columns of a square matrix to like norms
/// before its eigenvalues are computed.
#pragma once

#include <utility>

#include "gram/linalg/check.hpp"
#include "gram/linalg/householder.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// What balance did. Rows and columns outside [lo, hi) hold eigenvalues on the diagonal already: index i there was
/// exchanged with swapped[i]. Index i inside was multiplied by scale[i], a power of two.
template <class T>
struct Balance {
    index_t lo = 0, hi = 0;
    kernel::Buffer<index_t> swapped;
    kernel::Buffer<T> scale;
};

namespace detail {

/// Exchanges rows and columns a and b of the part of A that is not triangular yet.
template <class T>
void swap_similar(MatRef<T> A, index_t a, index_t b, index_t lo, index_t hi) {
    if (a == b) return;
    kernel::swap(A.col(a).segment(0, hi), A.col(b).segment(0, hi));
    kernel::swap(A.row(a).segment(lo, A.cols - lo), A.row(b).segment(lo, A.cols - lo));
}

/// True when x is zero in [lo, hi) apart from index i.
template <class T>
bool isolated(VecRef<T> x, index_t i, index_t lo, index_t hi) {
    for (index_t j = lo; j < hi; ++j) {
        if (j != i && x[j] != T(0)) return false;
    }
    return true;
}

/// Moves rows that hold a single eigenvalue to the bottom, then such columns to the left.
template <class T>
void isolate_eigenvalues(MatRef<T> A, Balance<T>& b) {
    const auto rows_left = [&] {
        for (index_t i = b.hi - 1; i >= 0; --i) {
            if (!isolated(A.row(i), i, 0, b.hi)) continue;
            b.swapped.data()[b.hi - 1] = i;
            swap_similar(A, i, b.hi - 1, 0, b.hi);
            --b.hi;
            return b.hi > 0;
        }
        return false;
    };
    const auto columns_left = [&] {
        for (index_t j = b.lo; j < b.hi; ++j) {
            if (!isolated(A.col(j), j, b.lo, b.hi)) continue;
            b.swapped.data()[b.lo] = j;
            swap_similar(A, j, b.lo, b.lo, b.hi);
            ++b.lo;
            return b.lo < b.hi;
        }
        return false;
    };
    while (rows_left()) {
    }
    while (columns_left()) {
    }
}

/// The power of two f that brings f * column and row / f closest; it stays away from overflow and underflow of the
/// largest entries that it touches.
template <class T>
T balancing_factor(T column, T row, T column_max, T row_max) {
    using limits = std::numeric_limits<T>;
    constexpr T small = limits::min() / limits::epsilon() * 2, large = T(1) / small;
    T f = 1;
    while (column < row / 2 && std::max({f, column, column_max}) < large && std::min(row, row_max) > small) {
        f *= 2, column *= 2, column_max *= 2, row /= 2, row_max /= 2;
    }
    while (column / 2 >= row && std::max(row, row_max) < large && std::min({f, column, column_max}) > small) {
        f /= 2, column /= 2, column_max /= 2, row *= 2, row_max *= 2;
    }
    return f;
}

/// Sweeps over [lo, hi) until no index can lower the sum of its row and column norm by a twentieth.
template <class T>
void equilibrate(MatRef<T> A, Balance<T>& b) {
    using limits = std::numeric_limits<T>;
    constexpr T small = limits::min() / limits::epsilon(), large = T(1) / small;
    const index_t n = A.rows, size = b.hi - b.lo;
    bool changed = size > 1;
    // Every change is by a factor of two or more and bounded by [small, large], so this ends; the cap is for certainty.
    for (int sweep = 0; changed && sweep < 4096; ++sweep) {
        changed = false;
        for (index_t i = b.lo; i < b.hi; ++i) {
            const T column = kernel::nrm2(A.col(i).segment(b.lo, size));
            const T row = kernel::nrm2(A.row(i).segment(b.lo, size));
            if (column == T(0) || row == T(0)) continue;
            const VecRef<T> whole_column = A.col(i).segment(0, b.hi), whole_row = A.row(i).segment(b.lo, n - b.lo);
            const T column_max = std::abs(whole_column[kernel::iamax(whole_column)]);
            const T row_max = std::abs(whole_row[kernel::iamax(whole_row)]);
            const T f = balancing_factor(column, row, column_max, row_max);
            if (f == T(1) || column * f + row / f >= T(0.95) * (column + row)) continue;
            T& s = b.scale.data()[i];
            if ((f < 1 && s < 1 && f * s <= small) || (f > 1 && s > 1 && s >= large / f)) continue;
            s *= f;
            kernel::scal(T(1) / f, whole_row);
            kernel::scal(f, whole_column);
            changed = true;
        }
    }
}

}  // namespace detail

/// A = D^-1 P^T A P D in place: eigenvalues that are visible in a triangular shape are moved to the corners, the rest
/// is scaled by powers of two until rows and columns have like 2-norms. Exact but for underflow.
///
/// Cost: a few passes over A. Source: James, Langou & Lowery, On matrix balancing and eigenvector computation,
/// arXiv 1401.5766 (2014); Parlett & Reinsch, Numerische Mathematik 13 (1969).
template <class T>
Balance<T> balance(MatRef<T> A) {
    Balance<T> b{0, A.rows, kernel::Buffer<index_t>(A.rows), kernel::Buffer<T>(A.rows)};
    for (index_t i = 0; i < A.rows; ++i) {
        b.swapped.data()[i] = i;
        b.scale.data()[i] = T(1);
    }
    detail::isolate_eigenvalues(A, b);
    detail::equilibrate(A, b);
    return b;
}

/// V = P D V: eigenvectors of the balanced matrix become those of the original.
template <class T>
void undo_balance(const Balance<T>& b, MatRef<T> V) {
    for (index_t i = b.lo; i < b.hi; ++i) {
        if (b.scale.data()[i] != T(1)) kernel::scal(b.scale.data()[i], V.row(i));
    }
    const auto exchange = [&](index_t i) {
        if (b.swapped.data()[i] != i) kernel::swap(V.row(i), V.row(b.swapped.data()[i]));
    };
    for (index_t i = b.lo - 1; i >= 0; --i) exchange(i);
    for (index_t i = b.hi; i < V.rows; ++i) exchange(i);
}

}  // namespace gram::linalg::inline GRAM_ISA
