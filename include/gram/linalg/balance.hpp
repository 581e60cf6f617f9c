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

/// Takes rows out of the active range [lo, hi) whose entries there vanish but for the diagonal one, as long as there
/// are any: they move to its end, or at_front to its front. `count` (A.rows elements) holds how many entries do not
/// vanish.
template <class S>
void isolate_rows(MatRef<S> A, bool at_front, Balance<real_t<S>>& b, index_t* count) {
    const auto nonzero = [](S x) { return x != S(0) ? index_t{1} : index_t{0}; };
    for (index_t i = b.lo; i < b.hi; ++i) count[i] = -nonzero(A(i, i));
    for (index_t j = b.lo; j < b.hi; ++j) {
        for (index_t i = b.lo; i < b.hi; ++i) count[i] += nonzero(A(i, j));
    }
    for (;;) {
        // Search from the end to which rows move, so that a triangle is left as it is.
        index_t found = at_front ? b.lo : b.hi - 1;
        while (found >= b.lo && found < b.hi && count[found] != 0) found += at_front ? 1 : -1;
        if (found < b.lo || found >= b.hi) return;
        const index_t place = at_front ? b.lo : b.hi - 1;
        b.swapped.data()[place] = found;
        std::swap(count[found], count[place]);
        if (found != place) {
            kernel::swap(A.col(found), A.col(place));
            kernel::swap(A.row(found), A.row(place));
        }
        (at_front ? b.lo : b.hi) += at_front ? 1 : -1;
        for (index_t i = b.lo; i < b.hi; ++i) count[i] -= nonzero(A(i, place));
    }
}

/// Moves rows that hold a single eigenvalue to the bottom, then such columns to the left.
template <class S>
void isolate_eigenvalues(MatRef<S> A, Balance<real_t<S>>& b) {
    const kernel::Buffer<index_t> count(A.rows);
    isolate_rows(A, false, b, count.data());
    isolate_rows(A.transposed(), true, b, count.data());
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
template <class S>
void equilibrate(MatRef<S> A, Balance<real_t<S>>& b) {
    using T = real_t<S>;
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
            const VecRef<S> whole_column = A.col(i).segment(0, b.hi), whole_row = A.row(i).segment(b.lo, n - b.lo);
            const T column_max = std::abs(whole_column[kernel::iamax(whole_column)]);
            const T row_max = std::abs(whole_row[kernel::iamax(whole_row)]);
            const T f = balancing_factor(column, row, column_max, row_max);
            if (f == T(1) || column * f + row / f >= T(0.95) * (column + row)) continue;
            T& s = b.scale.data()[i];
            if ((f < 1 && s < 1 && f * s <= small) || (f > 1 && s > 1 && s >= large / f)) continue;
            s *= f;
            kernel::scal(S(T(1) / f), whole_row);
            kernel::scal(S(f), whole_column);
            changed = true;
        }
    }
}

}  // namespace detail

/// A = D^-1 P^T A P D in place: eigenvalues that are visible in a triangular shape are moved to the corners, the rest
/// is scaled by powers of two until rows and columns have like 2-norms. Exact but for underflow.
///
/// scaling = false: only the permutation. Cost: a few passes over A. Source: James, Langou & Lowery, On matrix
/// balancing and eigenvector computation, arXiv 1401.5766 (2014); Parlett & Reinsch, Numerische Mathematik 13 (1969).
template <class S>
Balance<real_t<S>> balance(MatRef<S> A, bool scaling = true) {
    using T = real_t<S>;
    Balance<T> b{0, A.rows, kernel::Buffer<index_t>(A.rows), kernel::Buffer<T>(A.rows)};
    for (index_t i = 0; i < A.rows; ++i) {
        b.swapped.data()[i] = i;
        b.scale.data()[i] = T(1);
    }
    detail::isolate_eigenvalues(A, b);
    if (scaling) detail::equilibrate(A, b);
    return b;
}

/// V = P D V: eigenvectors of the balanced matrix become those of the original.
template <class S>
void undo_balance(const Balance<real_t<S>>& b, MatRef<S> V) {
    for (index_t i = b.lo; i < b.hi; ++i) {
        if (b.scale.data()[i] != real_t<S>(1)) kernel::scal(S(b.scale.data()[i]), V.row(i));
    }
    const auto exchange = [&](index_t i) {
        if (b.swapped.data()[i] != i) kernel::swap(V.row(i), V.row(b.swapped.data()[i]));
    };
    for (index_t i = b.lo - 1; i >= 0; --i) exchange(i);
    for (index_t i = b.hi; i < V.rows; ++i) exchange(i);
}

}  // namespace gram::linalg::inline GRAM_ISA
