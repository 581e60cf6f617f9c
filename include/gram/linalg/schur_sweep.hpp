/// One multishift QR sweep: chains of small bulges chased through windows, whose rotations are gathered and applied to
/// the rest of the matrix by products.
///
/// Source: Braman, Byers & Mathias, The multishift QR algorithm, part I: maintaining well-focused shifts and level 3
/// performance, SIAM J. Matrix Anal. 23 (2002).
#pragma once

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/schur_small.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// Bulges that travel together, three rows apart; more make better products and a costlier window.
inline constexpr index_t chain_bulges = 12;
/// Rows by which a chain advances in one window.
inline constexpr index_t chain_advance = 36;
/// Upper bound of the order of a window.
inline constexpr index_t chain_window = 3 * chain_bulges + chain_advance + 2;

/// Room for the gathered rotations U and for the products with them.
template <class T>
struct SweepWork {
    Workspace<T> U, rows, columns;

    explicit SweepWork(index_t n) : U(chain_window, chain_window), rows(chain_window, n), columns(n, chain_window) {}
};

/// A U for the w columns A and rotations U whose entries (i, j) vanish unless -above <= i - j <= below.
template <class T>
void multiply_window(MatRef<T> A, MatRef<T> U, index_t above, index_t below, MatRef<T> work) {
    constexpr index_t strip = 24;
    if (A.rows == 0) return;
    const index_t w = U.cols;
    const MatRef<T> product = work.block(0, 0, A.rows, w);
    for (index_t j = 0; j < w; j += strip) {
        const index_t cols = std::min(strip, w - j), from = std::max<index_t>(0, j - above);
        const index_t rows = std::min(w, j + cols + below) - from;
        kernel::gemm(T(1), A.block(0, from, A.rows, rows), U.block(from, j, rows, cols), T(0),
                     product.block(0, j, A.rows, cols));
    }
    kernel::copy(product, A);
}

/// Brings the rest of H, and Z, up to date with the rotations U of rows and columns [w0, w1). Only rows from `top` on
/// and columns before `right` matter.
template <class T>
void update_far(const SchurProblem<T>& p, MatRef<T> U, index_t above, index_t below, index_t w0, index_t w1,
                index_t top, index_t right, const SweepWork<T>& work) {
    const index_t w = w1 - w0;
    multiply_window(p.H.block(w0, w1, w, right - w1).transposed(), U, above, below, work.rows.ref().transposed());
    multiply_window(p.H.block(top, w0, w0 - top, w), U, above, below, work.columns.ref());
    if (p.Z.rows > 0) multiply_window(p.Z.block(0, w0, p.Z.rows, w), U, above, below, work.columns.ref());
}

/// A chain of m bulges in the active rows [lo, hi). At time t bulge b is about to leave column lo - 1 + t - 3 b.
template <class T>
class BulgeChain {
public:
    BulgeChain(const SchurProblem<T>& p, index_t lo, index_t hi, const ShiftPair<T>* shifts, index_t m)
        : p_(p), lo_(lo), hi_(hi), shifts_(shifts), m_(m) {}

    /// Chases the whole chain from top to bottom.
    void run(const SweepWork<T>& work) {
        const index_t end = hi_ - 1 - lo_ + 3 * (m_ - 1);
        for (index_t t = 0; t < end; t += chain_advance) window(t, std::min(t + chain_advance, end), work);
    }

private:
    [[nodiscard]] index_t column(index_t t, index_t b) const { return lo_ - 1 + t - 3 * b; }

    /// Times [t0, t1), inside rows and columns [w0, w1); then everything else.
    void window(index_t t0, index_t t1, const SweepWork<T>& work) {
        const index_t w0 = std::max(lo_ - 1, column(t0, m_ - 1)) + 1;
        const index_t w1 = std::min(std::min(hi_ - 3, column(t1 - 1, 0)) + 4, hi_);
        const MatRef<T> U = work.U.ref(w1 - w0, w1 - w0);
        kernel::fill(U, T(0));
        for (index_t i = 0; i < U.rows; ++i) U(i, i) = T(1);
        for (index_t t = t0; t < t1; ++t) {
            for (index_t b = 0; b < m_; ++b) {
                const index_t k = column(t, b);
                if (k >= lo_ - 1 && k <= hi_ - 3) {
                    // What U can hold there: nothing above this bulge's first row, two rows for each bulge ahead.
                    const index_t from = std::max(lo_ - 1, column(t0, b)) + 1 - w0;
                    advance(k, b, w0, w1, U, from, std::min(U.rows, k + 4 + 2 * b - w0));
                }
            }
        }
        update_far(p_, U, t1 - t0 + 2, 2 * m_, w0, w1, p_.full ? 0 : lo_, p_.full ? p_.H.cols : hi_, work);
    }

    /// Moves bulge b from column k to column k + 1.
    void advance(index_t k, index_t b, index_t w0, index_t w1, MatRef<T> U, index_t from, index_t to) {
        const MatRef<T> H = p_.H;
        const index_t size = std::min<index_t>(3, hi_ - 1 - k);
        Reflector3<T> h;
        if (k == lo_ - 1) {
            T v[3];
            first_column(H, lo_, shifts_[b], v);
            h = make_reflector3(v[0], v[1], v[2]);
        } else {
            h = make_reflector3(H(k + 1, k), H(k + 2, k), size == 3 ? H(k + 3, k) : T(0));
            H(k + 1, k) = h.beta;
            H(k + 2, k) = T(0);
            if (size == 3) H(k + 3, k) = T(0);
        }
        SchurProblem<T> inside{H, MatRef<T>{}, nullptr, nullptr};
        reflect_similar(inside, k + 1, size, h, k + 1, w1, w0, std::min(k + 5, hi_));
        if (h.tau == T(0)) return;
        const index_t c = k + 1 - w0;
        if (size == 3) {
            reflect_columns3(U, c, from, to, h);
        } else {
            reflect2(U.col(c).segment(from, to - from), U.col(c + 1).segment(from, to - from), h);
        }
    }

    SchurProblem<T> p_;
    index_t lo_, hi_;
    const ShiftPair<T>* shifts_;
    index_t m_;
};

/// One sweep with `count` pairs of shifts over the active rows and columns [lo, hi), hi - lo >= 3.
template <class T>
void multishift_sweep(const SchurProblem<T>& p, index_t lo, index_t hi, const ShiftPair<T>* shifts, index_t count,
                      const SweepWork<T>& work) {
    // A chain must fit into the active block.
    const index_t most = std::clamp<index_t>((hi - lo - 1) / 3, 1, chain_bulges);
    for (index_t b = 0; b < count; b += most) {
        BulgeChain<T>(p, lo, hi, shifts + b, std::min(most, count - b)).run(work);
    }
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
