/// Aggressive early deflation: eigenvalues that have converged inside a trailing window before the subdiagonal of the
/// matrix shows it, and the shifts that the others make.
///
/// Source: Braman, Byers & Mathias, The multishift QR algorithm, part II: aggressive early deflation, SIAM J. Matrix
/// Anal. 23 (2002).
#pragma once

#include "gram/linalg/hessenberg.hpp"
#include "gram/linalg/schur_small.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// When the Schur iteration works with many shifts at a time.
struct SchurParams {
    index_t small_below = 75;  ///< blocks of this order and less go to the double-shift iteration
    index_t shifts = 0;        ///< shifts of a sweep; 0: by the order of the block
    index_t window = 0;        ///< order of the deflation window; 0: by the order of the block
};

template <class T>
[[nodiscard]] index_t schur(SchurProblem<T> p, index_t lo, index_t hi, const SchurParams& params);

namespace detail {

/// Of the window: how many eigenvalues are usable as shifts, and how many behind them are done.
struct Deflation {
    index_t shifts = 0, done = 0;
};

/// Room for the window S, its Schur vectors V, and products with V.
template <class T>
struct DeflationWork {
    Workspace<T> S, V, rows, columns;
    kernel::Buffer<T> vectors;

    DeflationWork(index_t window, index_t n)
        : S(window, window), V(window, window), rows(window, n), columns(n, window), vectors(2 * window) {}
};

/// Moves the blocks of S that have not converged to the front, from row `first` on; returns where they end. The test
/// is whether the spike that joins the window to the rest of the matrix vanishes at a block.
template <class T>
index_t gather_undeflatable(MatRef<T> S, MatRef<T> V, index_t first, T spike) {
    using limits = std::numeric_limits<T>;
    const T tiny = limits::min() * (static_cast<T>(S.rows) / limits::epsilon());
    index_t end = S.rows;
    while (first < end) {
        const bool pair = end >= 2 && S(end - 1, end - 2) != T(0);
        const index_t k = pair ? end - 2 : end - 1;
        T size = std::abs(S(k, k)), at_block = std::abs(spike * V(0, k));
        if (pair) {
            size += geometric_mean(S(k + 1, k), S(k, k + 1));
            at_block = std::max(at_block, std::abs(spike * V(0, k + 1)));
        }
        if (size == T(0)) size = std::abs(spike);
        if (at_block <= std::max(tiny, limits::epsilon() * size)) {
            end = k;
        } else {
            const index_t where = move_block_up(S, V, k, first);
            first = where + block_size(S, where);
        }
    }
    return end;
}

/// Eigenvalues of the blocks of S from row `first` on.
template <class T>
void read_eigenvalues(MatRef<T> S, index_t first, T* wr, T* wi) {
    for (index_t k = first; k < S.rows; ++k) {
        wr[k] = S(k, k);
        wi[k] = T(0);
        if (block_size(S, k) == 1) continue;
        wi[k] = geometric_mean(S(k + 1, k), S(k, k + 1));
        wr[k + 1] = S(k + 1, k + 1);
        wi[k + 1] = -wi[k];
        ++k;
    }
}

/// Turns the spike on the first `size` rows back into a single entry and S back into Hessenberg form.
template <class T>
void restore_hessenberg(MatRef<T> S, MatRef<T> V, index_t size, T* v, T* tau) {
    const VecRef<T> spike{v, size, 1};
    kernel::copy(V.row(0).segment(0, size), spike);
    const VecRef<T> tail = spike.segment(1, size - 1), work{tau, S.rows, 1};
    const Reflector<T> h = make_reflector(spike[0], tail);
    apply_reflector(h.tau, tail, S.block(0, 0, size, S.cols), work);
    apply_reflector(h.tau, tail, S.block(0, 0, size, size).transposed(), work);
    apply_reflector(h.tau, tail, V.block(0, 0, V.rows, size).transposed(), work);
    hessenberg_in_place(S, 0, size, tau);
    if (size > 2) {
        apply_q(true, S.block(1, 0, size - 1, size - 2), tau, V.block(0, 1, V.rows, size - 1).transposed());
    }
}

/// Writes the window back and applies V to the rest of H and to Z.
template <class T>
void apply_window(const SchurProblem<T>& p, index_t ktop, index_t w0, index_t end, MatRef<T> S, MatRef<T> V,
                  const DeflationWork<T>& work) {
    const index_t w = end - w0, top = p.full ? 0 : ktop, right = p.full ? p.H.cols : end;
    for (index_t j = 0; j < w; ++j) {
        const index_t count = std::min(j + 2, w);
        kernel::copy(S.col(j).segment(0, count), p.H.col(w0 + j).segment(w0, count));
    }
    const auto multiply = [&](MatRef<T> A, MatRef<T> room) {
        if (A.rows == 0) return;
        const MatRef<T> product = room.block(0, 0, A.rows, w);
        kernel::gemm(T(1), A, V, T(0), product);
        kernel::copy(product, A);
    };
    multiply(p.H.block(top, w0, w0 - top, w), work.columns.ref());
    multiply(p.H.block(w0, end, w, right - end).transposed(), work.rows.ref().transposed());
    if (p.Z.rows > 0) multiply(p.Z.block(0, w0, p.Z.rows, w), work.columns.ref());
}

/// Looks for converged eigenvalues in the last `w` rows of the active block [ktop, end); those found are in the last
/// places of wr and wi, the shifts before them.
template <class T>
Deflation deflate(const SchurProblem<T>& p, index_t ktop, index_t end, index_t w, const SchurParams& params,
                  const DeflationWork<T>& work) {
    const index_t w0 = end - w;
    const MatRef<T> S = work.S.ref(w, w), V = work.V.ref(w, w);
    kernel::fill(S, T(0));
    kernel::fill(V, T(0));
    for (index_t j = 0; j < w; ++j) {
        const index_t count = std::min(j + 2, w);
        kernel::copy(p.H.col(w0 + j).segment(w0, count), S.col(j).segment(0, count));
        V(j, j) = T(1);
    }
    T* const wr = p.wr + w0;
    T* const wi = p.wi + w0;
    const index_t unreached = schur(SchurProblem<T>{S, V, wr, wi}, 0, w, params);
    T spike = w0 == ktop ? T(0) : p.H(w0, w0 - 1);
    const index_t undeflated = gather_undeflatable(S, V, unreached, spike);
    if (undeflated == 0) spike = T(0);
    read_eigenvalues(S, unreached, wr, wi);

    if (undeflated < w || spike == T(0)) {
        if (undeflated > 1 && spike != T(0)) {
            T* const vectors = work.vectors.data();
            restore_hessenberg(S, V, undeflated, vectors, vectors + work.S.ref().rows);
        }
        if (w0 > ktop) p.H(w0, w0 - 1) = spike * V(0, 0);
        apply_window(p, ktop, w0, end, S, V, work);
    }
    return {undeflated - unreached, w - undeflated};
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
