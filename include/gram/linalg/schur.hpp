/// Real Schur form of an upper Hessenberg matrix by multishift QR with aggressive early deflation.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "gram/linalg/schur_deflation.hpp"
#include "gram/linalg/schur_sweep.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// An even number of shifts for an active block of order n.
inline index_t shift_count(index_t n, const SchurParams& params) {
    if (params.shifts > 0) return std::max<index_t>(2, params.shifts - params.shifts % 2);
    index_t count = 2;
    if (n >= 30) count = 4;
    if (n >= 60) count = 10;
    if (n >= 150) count = std::max<index_t>(10, n / static_cast<index_t>(std::lround(std::log2(n))));
    if (n >= 590) count = 64;
    if (n >= 3000) count = 128;
    if (n >= 6000) count = 256;
    return count - count % 2;
}

/// The order of the deflation window that goes with it.
inline index_t window_size(index_t n, const SchurParams& params) {
    if (params.window > 0) return params.window;
    const index_t shifts = shift_count(n, params);
    return n <= 500 ? shifts : 3 * shifts / 2;
}

/// Steps without a deflation after which the iteration gives up.
inline constexpr index_t stall_limit = 100;

/// The state of a multishift iteration on the rows and columns [lo, hi).
template <class T>
class SchurIteration {
public:
    SchurIteration(const SchurProblem<T>& p, index_t lo, index_t hi, const SchurParams& params)
        : p_(p),
          lo_(lo),
          end_(hi),
          params_(params),
          window_limit_(std::max<index_t>({params.small_below, (hi - lo - 1) / 3, 3})),
          window_(std::min(window_limit_, window_size(hi - lo, params))),
          deflation_work_(window_limit_, std::max(p.H.cols, p.Z.rows)),
          sweep_work_(std::max(p.H.cols, p.Z.rows)) {}

    /// Returns 0, or how many leading eigenvalues were not reached.
    index_t run() {
        while (end_ > lo_) {
            if (stalled_ > stall_limit) return end_ - lo_;
            top_ = active_top();
            const index_t active = end_ - top_;
            const bool whole = active <= params_.small_below;
            const index_t w = whole ? active : choose_window(active);
            const Deflation found = deflate(p_, top_, end_, w, params_, deflation_work_);
            end_ -= found.done;
            const index_t left = end_ - top_;
            stalled_ = found.done > 0 ? 1 : stalled_ + (whole ? stall_limit / 4 : 1);
            // Many deflations: look again before the next sweep.
            if (left >= 3 && (found.done == 0 || (100 * found.done <= 14 * w && left > params_.small_below))) {
                sweep(found.shifts);
            }
        }
        return 0;
    }

private:
    /// The first row of the unreduced block that ends at end_.
    index_t active_top() {
        const T floor = stalled_ > stall_limit / 2 ? stalled_floor(p_.H, lo_, end_) : T(0);
        for (index_t k = end_ - 1; k > lo_; --k) {
            if (!negligible(p_.H, k, lo_, end_, floor)) continue;
            p_.H(k, k - 1) = T(0);
            return k;
        }
        return lo_;
    }

    /// Widens the window while nothing deflates, and ends it at the smaller of two subdiagonal entries.
    index_t choose_window(index_t active) {
        index_t w = std::min({active, window_limit_, stalled_ < 5 ? window_ : 2 * window_});
        if (stalled_ > 10) w = std::max<index_t>(2, w - stalled_ % 7);
        if (w + 1 >= active) return std::min(active, window_limit_);
        const index_t k = end_ - w;
        if (w < window_limit_ && std::abs(p_.H(k, k - 1)) > std::abs(p_.H(k - 1, k - 2))) ++w;
        return w;
    }

    /// One sweep with the `available` shifts that stand before end_, or others if these are too few or have failed.
    void sweep(index_t available) {
        const index_t active = end_ - top_;
        index_t count = std::min(shift_count(end_ - lo_, params_), std::max<index_t>(2, active - 1));
        count -= count % 2;
        index_t first;
        if (stalled_ % 6 == 0) {
            first = exceptional_shifts(count);
        } else {
            first = end_ - available;
            if (available <= count / 2) first = trailing_shifts(count);
            first = keep_best(first, count);
        }
        pairs_.clear();
        for (index_t i = first; i + 1 < end_; i += 2) {
            pairs_.push_back({p_.wr[i], p_.wi[i], p_.wr[i + 1], p_.wi[i + 1]});
        }
        if (pairs_.size() == 1 && pairs_[0].im1 == T(0)) {  // a single real pair: the better of the two, twice
            auto& s = pairs_[0];
            const T d = p_.H(end_ - 1, end_ - 1);
            s.re1 = s.re2 = std::abs(s.re1 - d) < std::abs(s.re2 - d) ? s.re1 : s.re2;
        }
        multishift_sweep(p_, top_, end_, pairs_.data(), static_cast<index_t>(pairs_.size()), sweep_work_);
    }

    /// Shifts that no eigenvalue suggested, to break a cycle.
    index_t exceptional_shifts(index_t count) {
        const MatRef<T> H = p_.H;
        const index_t first = end_ - count;
        for (index_t i = end_ - 1; i > first; i -= 2) {
            const T s = std::abs(H(i, i - 1)) + (i - 1 > top_ ? std::abs(H(i - 1, i - 2)) : T(0));
            const T a = T(0.75) * s + H(i, i);
            const StandardBlock<T> b = standardize(a, s, T(-0.4375) * s, a);
            p_.wr[i - 1] = b.re1, p_.wi[i - 1] = b.im;
            p_.wr[i] = b.re2, p_.wi[i] = -b.im;
        }
        return first;
    }

    /// The eigenvalues of the trailing block of order `count`, or of its last 2×2 block.
    index_t trailing_shifts(index_t count) {
        const index_t first = end_ - count;
        const Workspace<T> copy(count, count);
        kernel::copy(p_.H.block(first, first, count, count), copy.ref());
        const index_t unreached =
            schur_small(SchurProblem<T>{copy.ref(), MatRef<T>{}, p_.wr + first, p_.wi + first, false}, 0, count);
        if (unreached <= count - 2) return first + unreached;
        const MatRef<T> H = p_.H;
        const index_t i = end_ - 1;
        const StandardBlock<T> b = standardize(H(i - 1, i - 1), H(i - 1, i), H(i, i - 1), H(i, i));
        p_.wr[i - 1] = b.re1, p_.wi[i - 1] = b.im;
        p_.wr[i] = b.re2, p_.wi[i] = -b.im;
        return i - 1;
    }

    /// Orders the shifts [first, end_) so that they pair up and the smallest come last; returns where the last `count`
    /// of them, or as many as there are, begin.
    index_t keep_best(index_t first, index_t count) {
        T *const wr = p_.wr, *const wi = p_.wi;
        if (end_ - first > count) {
            const auto size = [&](index_t i) { return std::abs(wr[i]) + std::abs(wi[i]); };
            for (index_t i = first + 1; i < end_; ++i) {  // insertion keeps conjugates together
                for (index_t j = i; j > first && size(j - 1) < size(j); --j) {
                    std::swap(wr[j], wr[j - 1]);
                    std::swap(wi[j], wi[j - 1]);
                }
            }
        }
        for (index_t i = end_ - 1; i >= first + 2; i -= 2) {
            if (wi[i] == -wi[i - 1]) continue;
            std::swap(wr[i], wr[i - 1]), std::swap(wr[i - 1], wr[i - 2]);
            std::swap(wi[i], wi[i - 1]), std::swap(wi[i - 1], wi[i - 2]);
        }
        index_t used = std::min(count, end_ - first);
        used -= used % 2;
        return end_ - used;
    }

    SchurProblem<T> p_;
    index_t lo_, end_, top_ = 0;
    SchurParams params_;
    index_t window_limit_, window_;
    index_t stalled_ = 1;  ///< steps since the last deflation, from 1
    DeflationWork<T> deflation_work_;
    SweepWork<T> sweep_work_;
    std::vector<ShiftPair<T>> pairs_;
};

}  // namespace detail

/// Reduces rows and columns [lo, hi) of an upper Hessenberg matrix to real Schur form (2×2 blocks in standard form).
/// Returns 0, or how many leading eigenvalues of that range the iteration limit did not reach.
///
/// Cost: about 25 n^3 flops with Z, less by early deflation; for n above params.small_below mostly in products.
template <class T>
[[nodiscard]] index_t schur(SchurProblem<T> p, index_t lo, index_t hi, const SchurParams& params) {
    if (hi - lo <= std::max<index_t>(params.small_below, 10)) return schur_small(p, lo, hi);
    return detail::SchurIteration<T>(p, lo, hi, params).run();
}

}  // namespace gram::linalg::inline GRAM_ISA
