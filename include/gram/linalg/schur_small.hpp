/// Real Schur form of a small Hessenberg matrix by Francis's implicit double-shift QR iteration.
#pragma once

#include "gram/kernel/check.hpp"
#include "gram/linalg/schur_blocks.hpp"
#include "gram/simd/pack.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// What a Schur iteration works on: H (n×n, column-major) holds an upper Hessenberg matrix, Z (column-major, any number
/// of rows, may be none) collects the rotations of its columns, wr + i wi the eigenvalues.
template <class T>
struct SchurProblem {
    MatRef<T> H, Z;
    T* wr;
    T* wi;
    bool full = true;  ///< the whole Schur form is wanted, not only its eigenvalues
};

namespace detail {

/// Iterations on one eigenvalue after which the shifts are made up instead of computed.
inline constexpr int exceptional_shift_period = 10;

/// H = I - tau (1, v2, v3) (1, v2, v3)^T
template <class T>
struct Reflector3 {
    T tau = 0, v2 = 0, v3 = 0, beta = 0;
};

/// The reflector that maps (x1, x2, x3) to (beta, 0, 0).
template <class T>
Reflector3<T> make_reflector3(T x1, T x2, T x3) {
    const T scale = std::max({std::abs(x1), std::abs(x2), std::abs(x3)});
    if (x2 == T(0) && x3 == T(0)) return {T(0), T(0), T(0), x1};
    const T a = x1 / scale, b = x2 / scale, c = x3 / scale;
    const T beta = -std::copysign(std::sqrt(a * a + b * b + c * c), a), inverse = T(1) / (a - beta);
    return {(beta - a) / beta, b * inverse, c * inverse, beta * scale};
}

/// Rows k, k + 1, k + 2 of the columns [from, to) of a column-major H.
template <class T>
void reflect_rows3(MatRef<T> H, index_t k, index_t from, index_t to, const Reflector3<T>& h) {
    const T t2 = h.tau * h.v2, t3 = h.tau * h.v3;
    T* x = &H(k, from);
    for (index_t j = from; j < to; ++j, x += H.col_stride) {
        const T sum = x[0] + h.v2 * x[1] + h.v3 * x[2];
        x[0] -= sum * h.tau;
        x[1] -= sum * t2;
        x[2] -= sum * t3;
    }
}

/// Columns k, k + 1, k + 2 of the rows [from, to) of a column-major H.
template <class T>
void reflect_columns3(MatRef<T> H, index_t k, index_t from, index_t to, const Reflector3<T>& h) {
    constexpr index_t w = simd::width<T>;
    const T t2 = h.tau * h.v2, t3 = h.tau * h.v3;
    T *x = &H(0, k), *y = x + H.col_stride, *z = y + H.col_stride;
    const auto tau_ = simd::broadcast<T>(h.tau), t2_ = simd::broadcast<T>(t2), t3_ = simd::broadcast<T>(t3);
    const auto v2_ = simd::broadcast<T>(h.v2), v3_ = simd::broadcast<T>(h.v3);
    index_t i = from;
    for (; i + w <= to; i += w) {
        const auto a = simd::load<T>(x + i), b = simd::load<T>(y + i), c = simd::load<T>(z + i);
        const auto sum = simd::fma(v3_, c, simd::fma(v2_, b, a));
        simd::store(x + i, simd::fnma(sum, tau_, a));
        simd::store(y + i, simd::fnma(sum, t2_, b));
        simd::store(z + i, simd::fnma(sum, t3_, c));
    }
    for (; i < to; ++i) {
        const T sum = x[i] + h.v2 * y[i] + h.v3 * z[i];
        x[i] -= sum * h.tau;
        y[i] -= sum * t2;
        z[i] -= sum * t3;
    }
}

/// The same for two rows or columns (v3 = 0), without touching a third.
template <class T>
void reflect2(VecRef<T> x, VecRef<T> y, const Reflector3<T>& h) {
    const T t2 = h.tau * h.v2;
    for (index_t i = 0; i < x.size; ++i) {
        const T sum = x[i] + h.v2 * y[i];
        x[i] -= sum * h.tau;
        y[i] -= sum * t2;
    }
}

/// The reflector h acts on indices k.. of a similarity: rows in columns [k_from, right), columns in rows [top, bottom).
template <class T>
void reflect_similar(SchurProblem<T>& p, index_t k, index_t size, const Reflector3<T>& h, index_t left, index_t right,
                     index_t top, index_t bottom) {
    if (h.tau == T(0)) return;
    if (size == 3) {
        reflect_rows3(p.H, k, left, right, h);
        reflect_columns3(p.H, k, top, bottom, h);
        if (p.Z.rows > 0) reflect_columns3(p.Z, k, 0, p.Z.rows, h);
    } else {
        reflect2(p.H.row(k).segment(left, right - left), p.H.row(k + 1).segment(left, right - left), h);
        reflect2(p.H.col(k).segment(top, bottom - top), p.H.col(k + 1).segment(top, bottom - top), h);
        if (p.Z.rows > 0) reflect2(p.Z.col(k), p.Z.col(k + 1), h);
    }
}

/// True when the subdiagonal entry (k, k - 1) can be set to zero without harm to small eigenvalues, or when it does not
/// exceed `floor`.
///
/// Source: Ahues & Tisseur, A new deflation criterion for the QR algorithm, LAPACK Working Note 122 (1997).
template <class T>
bool negligible(MatRef<T> H, index_t k, index_t lo, index_t hi, T floor = T(0)) {
    using limits = std::numeric_limits<T>;
    const T tiny = limits::min() * (static_cast<T>(hi - lo) / limits::epsilon());
    const T below = std::abs(H(k, k - 1));
    if (below <= std::max(tiny, floor)) return true;
    T sum = std::abs(H(k - 1, k - 1)) + std::abs(H(k, k));
    if (sum == T(0)) {
        if (k - 2 >= lo) sum += std::abs(H(k - 1, k - 2));
        if (k + 1 < hi) sum += std::abs(H(k + 1, k));
    }
    if (below > limits::epsilon() * sum) return false;
    const T above = std::abs(H(k - 1, k)), difference = std::abs(H(k - 1, k - 1) - H(k, k)), d = std::abs(H(k, k));
    const T larger = std::max(below, above), smaller = std::min(below, above);
    const T big = std::max(d, difference), small = std::min(d, difference), s = big + larger;
    return smaller * (larger / s) <= std::max(tiny, limits::epsilon() * (small * (big / s)));
}

/// What an iteration that has stalled may set to zero: it is small against the whole matrix, if not against its
/// neighbours. (Numbers so small that products of them vanish can hold an iteration up.)
template <class T>
T stalled_floor(MatRef<T> H, index_t lo, index_t hi) {
    return std::numeric_limits<T>::epsilon() * kernel::max_abs(H.block(lo, lo, hi - lo, hi - lo));
}

/// Two shifts: the eigenvalues of a trailing 2×2 block, or of something else when the iteration has stalled.
template <class T>
struct ShiftPair {
    T re1, im1, re2, im2;
};

/// Both eigenvalues of [a b; c d] as a pair of shifts; a real pair is replaced by the one closer to d, twice.
template <class T>
ShiftPair<T> shifts_of(T a, T b, T c, T d) {
    const T s = std::abs(a) + std::abs(b) + std::abs(c) + std::abs(d);
    if (s == T(0)) return {T(0), T(0), T(0), T(0)};
    a /= s, b /= s, c /= s, d /= s;
    const T mean = (a + d) / 2, det = (a - mean) * (d - mean) - b * c, root = std::sqrt(std::abs(det));
    if (det >= T(0)) return {mean * s, root * s, mean * s, -root * s};
    const T r1 = mean + root, r2 = mean - root, r = (std::abs(r1 - d) <= std::abs(r2 - d) ? r1 : r2) * s;
    return {r, T(0), r, T(0)};
}

/// The shifts for the active block [l, i] in its `iteration`-th step.
template <class T>
ShiftPair<T> choose_shifts(MatRef<T> H, index_t l, index_t i, int iteration) {
    constexpr T c1 = T(0.75), c2 = T(-0.4375);
    if (iteration % (2 * exceptional_shift_period) == 0) {
        const T s = std::abs(H(i, i - 1)) + std::abs(H(i - 1, i - 2));
        return shifts_of(c1 * s + H(i, i), c2 * s, s, c1 * s + H(i, i));
    }
    if (iteration % exceptional_shift_period == 0) {
        const T s = std::abs(H(l + 1, l)) + std::abs(H(l + 2, l + 1));
        return shifts_of(c1 * s + H(l, l), c2 * s, s, c1 * s + H(l, l));
    }
    return shifts_of(H(i - 1, i - 1), H(i - 1, i), H(i, i - 1), H(i, i));
}

/// A multiple of the first column of (H - s1 I)(H - s2 I) for the block that starts at m: its only three entries.
template <class T>
void first_column(MatRef<T> H, index_t m, const ShiftPair<T>& s, T (&v)[3]) {
    const T scale = std::abs(H(m, m) - s.re2) + std::abs(s.im2) + std::abs(H(m + 1, m));
    if (scale == T(0)) {
        v[0] = v[1] = v[2] = T(0);
        return;
    }
    const T h21 = H(m + 1, m) / scale;
    v[0] = h21 * H(m, m + 1) + (H(m, m) - s.re1) * ((H(m, m) - s.re2) / scale) - s.im1 * (s.im2 / scale);
    v[1] = h21 * (H(m, m) + H(m + 1, m + 1) - s.re1 - s.re2);
    v[2] = h21 * H(m + 2, m + 1);
    const T sum = std::abs(v[0]) + std::abs(v[1]) + std::abs(v[2]);
    if (sum == T(0)) return;
    for (T& x : v) x /= sum;
}

/// One double-shift step on the active block [l, i], i >= l + 2; other rows and columns in [first, last) follow.
template <class T>
void francis_step(SchurProblem<T>& p, index_t l, index_t i, const ShiftPair<T>& shifts, index_t first, index_t last) {
    const MatRef<T> H = p.H;
    constexpr T eps = std::numeric_limits<T>::epsilon();
    // Start as low as two small subdiagonal entries in a row allow.
    index_t m = i - 2;
    T v[3];
    for (;; --m) {
        first_column(H, m, shifts, v);
        if (m == l) break;
        const T near = std::abs(H(m - 1, m - 1)) + std::abs(H(m, m)) + std::abs(H(m + 1, m + 1));
        if (std::abs(H(m, m - 1)) * (std::abs(v[1]) + std::abs(v[2])) <= eps * std::abs(v[0]) * near) break;
    }
    for (index_t k = m; k < i; ++k) {
        const index_t size = std::min<index_t>(3, i - k + 1);
        if (k > m) {
            v[0] = H(k, k - 1);
            v[1] = H(k + 1, k - 1);
            v[2] = size == 3 ? H(k + 2, k - 1) : T(0);
        }
        const Reflector3<T> h = make_reflector3(v[0], v[1], v[2]);
        if (k > m) {
            H(k, k - 1) = h.beta;
            H(k + 1, k - 1) = T(0);
            if (size == 3) H(k + 2, k - 1) = T(0);
        } else if (m > l) {
            H(k, k - 1) *= T(1) - h.tau;
        }
        reflect_similar(p, k, size, h, k, last, first, std::min(k + 3, i) + 1);
    }
}

/// Eigenvalue (pair) number l.. has come off: one entry when l == i, a 2×2 block when l == i - 1.
template <class T>
void record_eigenvalues(SchurProblem<T>& p, index_t l, index_t i) {
    if (l == i) {
        p.wr[i] = p.H(i, i);
        p.wi[i] = T(0);
        return;
    }
    const MatRef<T> H = p.H;
    const StandardBlock<T> s = standardize(H(l, l), H(l, i), H(i, l), H(i, i));
    apply_standard(s, H, p.Z, l, p.full ? 0 : l, p.full ? H.cols : i + 1);
    p.wr[l] = s.re1;
    p.wr[i] = s.re2;
    p.wi[l] = s.im;
    p.wi[i] = -s.im;
}

}  // namespace detail

/// Reduces rows and columns [lo, hi) to real Schur form. Returns 0, or the number of leading eigenvalues of that range
/// that the limit of 30 iterations for each did not reach: those behind them are right.
///
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 7.5; deflation and shifts as LAPACK dlahqr.
template <class T>
[[nodiscard]] index_t schur_small(SchurProblem<T> p, index_t lo, index_t hi) {
    const MatRef<T> H = p.H;
    for (index_t j = lo; j + 2 < hi; ++j) {
        for (index_t i = j + 2; i < std::min(j + 4, hi); ++i) H(i, j) = T(0);
    }
    const index_t limit = 30 * std::max<index_t>(10, hi - lo);
    index_t steps = 0;
    for (index_t i = hi - 1; i >= lo;) {
        index_t l = lo;
        int iteration = 0;
        T floor = 0;
        for (;;) {
            if (iteration == 2 * detail::exceptional_shift_period + 2) floor = detail::stalled_floor(H, lo, hi);
            index_t k = i;
            while (k > l && !detail::negligible(H, k, lo, hi, floor)) --k;
            l = k;
            if (l > lo) H(l, l - 1) = T(0);
            if (l >= i - 1) break;
            if (steps++ >= limit) return i + 1 - lo;
            ++iteration;
            const auto shifts = detail::choose_shifts(H, l, i, iteration);
            detail::francis_step(p, l, i, shifts, p.full ? 0 : l, p.full ? H.cols : i + 1);
        }
        detail::record_eigenvalues(p, l, i);
        i = l - 1;
    }
    return 0;
}

}  // namespace gram::linalg::inline GRAM_ISA
