/// The QZ algorithm: Q^H A Z = S and Q^H B Z = T, both upper triangular, for complex A and B.
///
/// Source: Moler & Stewart, An algorithm for generalized matrix eigenvalue problems, SIAM J. Numer. Anal. 10 (1973);
/// Golub & Van Loan, Matrix Computations, 4th ed., sec. 7.7; deflation and shifts as LAPACK zhgeqz.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/linalg/complex_schur.hpp"
#include "gram/linalg/householder.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// What a QZ iteration works on (all column-major): H and T of n×n, and Q and Z of n columns, or of no rows.
template <class R>
struct Pencil {
    MatRef<std::complex<R>> H, T, Q, Z;
};

namespace detail {

/// Columns k + 1 and k of the rows [from, to): the rotation that maps the entries (A(r, k + 1), A(r, k)) to (., 0).
template <class R>
void rotate_columns_back(MatRef<std::complex<R>> A, index_t k, index_t from, index_t to, const ComplexRotation<R>& g) {
    if (to > from) rotate_pair(A.col(k + 1).segment(from, to - from), A.col(k).segment(from, to - from), g.c, g.s());
}

/// T becomes triangular by reflectors, H = Q^H A full; then H upper Hessenberg by rotations that keep T triangular.
template <class R>
void hessenberg_triangular(const Pencil<R>& p) {
    using C = std::complex<R>;
    const MatRef<C> H = p.H, T = p.T;
    const index_t n = H.rows;
    if (p.Q.rows > 0) set_identity(p.Q);
    if (p.Z.rows > 0) set_identity(p.Z);
    const kernel::Buffer<C> buffer(n);
    for (index_t k = 0; k < n; ++k) {
        const VecRef<C> v = T.col(k).segment(k, n - k);
        const Reflector<C> h = make_reflector(v[0], v.segment(1, n - k - 1));
        if (h.tau != C(0)) {
            v[0] = C(1);
            reflect_from_left<C>(conj_of(h.tau), v, T.block(k, k + 1, n - k, n - k - 1));
            reflect_from_left<C>(conj_of(h.tau), v, H.block(k, 0, n - k, n));
            if (p.Q.rows > 0) {
                reflect_from_right<C>(h.tau, v, p.Q.block(0, k, n, n - k), VecRef<C>{buffer.data(), n, 1});
            }
        }
        T(k, k) = C(h.beta);
        for (index_t i = k + 1; i < n; ++i) T(i, k) = C(0);
    }
    for (index_t j = 0; j + 2 < n; ++j) {
        for (index_t i = n - 1; i > j + 1; --i) {
            if (H(i, j) == C(0)) continue;
            const auto left = make_complex_rotation(H(i - 1, j), H(i, j));
            H(i - 1, j) = left.r(), H(i, j) = C(0);
            rotate_rows_unitary(H, i - 1, j + 1, n, left);
            rotate_rows_unitary(T, i - 1, i - 1, n, left);
            if (p.Q.rows > 0) rotate_columns_unitary(p.Q, i - 1, 0, n, left);
            const auto right = make_complex_rotation(T(i, i), T(i, i - 1));
            T(i, i) = right.r(), T(i, i - 1) = C(0);
            rotate_columns_back(T, i - 1, 0, i, right);
            rotate_columns_back(H, i - 1, 0, n, right);
            if (p.Z.rows > 0) rotate_columns_back(p.Z, i - 1, 0, n, right);
        }
    }
}

/// The single-shift iteration on a Hessenberg-triangular pencil.
template <class R>
class QzIteration {
public:
    using C = std::complex<R>;

    QzIteration(const Pencil<R>& p, bool full) : p_(p), H_(p.H), T_(p.T), n_(p.H.rows), full_(full) {
        using limits = std::numeric_limits<R>;
        const R a = frobenius(H_), b = frobenius(T_);
        a_floor_ = std::max(limits::min(), eps * a);
        b_floor_ = std::max(limits::min(), eps * b);
        a_scale_ = R(1) / std::max(limits::min(), a);
        b_scale_ = R(1) / std::max(limits::min(), b);
    }

    /// 0, or how many leading eigenvalues were not reached.
    index_t run() {
        last_ = n_ - 1;
        const index_t limit = 30 * std::max<index_t>(10, n_);
        for (index_t steps = 0; last_ >= 0;) {
            const index_t first = deflate();
            if (first < 0) {
                finish();
                --last_;
                iteration_ = 0, drift_ = C(0);
                continue;
            }
            if (steps++ >= limit) return last_ + 1;
            ++iteration_;
            step(first);
        }
        return 0;
    }

private:
    static constexpr R eps = std::numeric_limits<R>::epsilon();

    [[nodiscard]] static R frobenius(MatRef<C> A) {
        R sum = 0;
        for (index_t j = 0; j < A.cols; ++j) sum = std::hypot(sum, kernel::nrm2(A.col(j)));
        return sum;
    }
    [[nodiscard]] index_t top() const { return full_ ? 0 : first_row_; }
    [[nodiscard]] index_t right() const { return full_ ? n_ : last_ + 1; }

    [[nodiscard]] bool negligible(index_t j) const {
        const R near = abs1(H_(j, j)) + abs1(H_(j - 1, j - 1));
        return abs1(H_(j, j - 1)) <=
               std::max(std::numeric_limits<R>::min(), eps * (near > R(0) ? near : a_floor_ / eps));
    }

    void from_left(index_t k, index_t from_h, index_t from_t, const ComplexRotation<R>& g) {
        rotate_rows_unitary(H_, k, from_h, right(), g);
        rotate_rows_unitary(T_, k, from_t, right(), g);
        if (p_.Q.rows > 0) rotate_columns_unitary(p_.Q, k, 0, n_, g);
    }
    void from_right(index_t k, index_t to_h, index_t to_t, const ComplexRotation<R>& g) {
        rotate_columns_back(H_, k, top(), to_h, g);
        rotate_columns_back(T_, k, top(), to_t, g);
        if (p_.Z.rows > 0) rotate_columns_back(p_.Z, k, 0, n_, g);
    }

    /// -1 when the eigenvalue at last_ has come off, else the first row of the active block.
    index_t deflate() {
        first_row_ = 0;
        if (last_ == 0) return -1;
        if (negligible(last_)) return H_(last_, last_ - 1) = C(0), index_t{-1};
        if (std::abs(T_(last_, last_)) <= b_floor_) return split_infinite(), index_t{-1};
        for (index_t j = last_ - 1; j >= 0; --j) {
            bool zero_left = j == 0;
            if (!zero_left && negligible(j)) H_(j, j - 1) = C(0), zero_left = true;
            if (std::abs(T_(j, j)) < b_floor_) return infinite_at(j, zero_left);
            if (zero_left) {
                first_row_ = j;
                return j;
            }
        }
        return 0;
    }

    /// T(last, last) = 0: one rotation from the right takes H(last, last - 1) away.
    void split_infinite() {
        T_(last_, last_) = C(0);
        const auto g = make_complex_rotation(H_(last_, last_), H_(last_, last_ - 1));
        H_(last_, last_) = g.r(), H_(last_, last_ - 1) = C(0);
        from_right(last_ - 1, last_, last_, g);
    }

    /// T(j, j) = 0 inside: an infinite eigenvalue, taken off at the top if the block can be split there, else chased to
    /// the bottom.
    index_t infinite_at(index_t j, bool zero_left) {
        T_(j, j) = C(0);
        bool two_small = false;
        if (!zero_left) {
            two_small = abs1(H_(j, j - 1)) * (a_scale_ * abs1(H_(j + 1, j))) <= abs1(H_(j, j)) * (a_scale_ * a_floor_);
        }
        if (zero_left || two_small) {
            for (index_t k = j; k < last_; ++k) {
                const auto g = make_complex_rotation(H_(k, k), H_(k + 1, k));
                H_(k, k) = g.r(), H_(k + 1, k) = C(0);
                from_left(k, k + 1, k + 1, g);
                if (two_small) H_(k, k - 1) *= g.c;
                two_small = false;
                if (abs1(T_(k + 1, k + 1)) >= b_floor_) {
                    if (k + 1 >= last_) return -1;
                    first_row_ = k + 1;
                    return k + 1;
                }
                T_(k + 1, k + 1) = C(0);
            }
        } else {
            for (index_t k = j; k < last_; ++k) {
                const auto g = make_complex_rotation(T_(k, k + 1), T_(k + 1, k + 1));
                T_(k, k + 1) = g.r(), T_(k + 1, k + 1) = C(0);
                from_left(k, k - 1, k + 2, g);
                const auto h = make_complex_rotation(H_(k + 1, k), H_(k + 1, k - 1));
                H_(k + 1, k) = h.r(), H_(k + 1, k - 1) = C(0);
                from_right(k - 1, k + 1, k, h);
            }
        }
        split_infinite();
        return -1;
    }

    /// The eigenvalue at last_ has come off: T(last, last) is made real and not negative.
    void finish() {
        const R size = std::abs(T_(last_, last_));
        if (size <= std::numeric_limits<R>::min()) {
            T_(last_, last_) = C(0);
            return;
        }
        const C turn = conj_of(T_(last_, last_) / size);
        T_(last_, last_) = C(size);
        if (turn == C(1)) return;
        if (last_ > top()) kernel::scal(turn, T_.col(last_).segment(top(), last_ - top()));
        kernel::scal(turn, H_.col(last_).segment(top(), last_ + 1 - top()));
        if (p_.Z.rows > 0) kernel::scal(turn, p_.Z.col(last_));
    }

    [[nodiscard]] C shift() {
        const index_t i = last_;
        const C a21 = (a_scale_ * H_(i, i - 1)) / (b_scale_ * T_(i - 1, i - 1));
        const C a22 = (a_scale_ * H_(i, i)) / (b_scale_ * T_(i, i));
        if (iteration_ % 10 == 0) return drift_ += iteration_ % 20 == 0 ? a22 : a21;
        const C u12 = (b_scale_ * T_(i - 1, i)) / (b_scale_ * T_(i, i));
        const C a11 = (a_scale_ * H_(i - 1, i - 1)) / (b_scale_ * T_(i - 1, i - 1));
        const C a12 = (a_scale_ * H_(i - 1, i)) / (b_scale_ * T_(i, i));
        return ComplexSchur<R>::closer_eigenvalue(a11, a12 - u12 * a11, a21, a22 - u12 * a21);
    }

    void step(index_t first) {
        const C s = shift();
        index_t m = last_ - 1;
        C f, g;
        for (;; --m) {
            f = a_scale_ * H_(m, m) - s * (b_scale_ * T_(m, m));
            g = a_scale_ * H_(m + 1, m);
            if (m == first) break;
            R near = abs1(f), below = abs1(g);
            const R larger = std::max(near, below);
            if (larger < R(1) && larger != R(0)) near /= larger, below /= larger;
            if (abs1(H_(m, m - 1)) * below <= near * a_floor_) break;
        }
        for (index_t j = m; j < last_; ++j) {
            ComplexRotation<R> left;
            if (j > m) {
                left = make_complex_rotation(H_(j, j - 1), H_(j + 1, j - 1));
                H_(j, j - 1) = left.r(), H_(j + 1, j - 1) = C(0);
            } else {
                left = make_complex_rotation(f, g);
                if (m > first) H_(m, m - 1) *= left.c;
            }
            from_left(j, j, j, left);
            const auto back = make_complex_rotation(T_(j + 1, j + 1), T_(j + 1, j));
            T_(j + 1, j + 1) = back.r(), T_(j + 1, j) = C(0);
            from_right(j, std::min(j + 3, last_ + 1), j + 1, back);
        }
    }

    Pencil<R> p_;
    MatRef<C> H_, T_;
    index_t n_, last_ = 0, first_row_ = 0;
    bool full_;
    index_t iteration_ = 0;
    C drift_ = 0;
    R a_floor_, b_floor_, a_scale_, b_scale_;
};

}  // namespace detail

/// Generalized Schur form of a pencil of safe scale, in place: H and T become triangular, T with a real diagonal >= 0;
/// full = false: only the diagonals are right. Returns 0, or how many leading eigenvalues 30 steps for each did not
/// reach. Cost: about 66 n^3 flops of complex numbers with Q and Z.
template <class R>
[[nodiscard]] index_t qz_in_place(const Pencil<R>& p, bool full = true) {
    if (p.H.rows == 0) return 0;
    detail::hessenberg_triangular(p);
    return detail::QzIteration<R>(p, full).run();
}

/// X (n×n, upper triangular) receives the vectors x of b S x = a T x for triangular S and T with their diagonals (a,
/// b), each of largest entry about 1. As LAPACK ztgevc.
template <class R>
void pencil_vectors(MatRef<std::complex<R>> S, MatRef<std::complex<R>> T, MatRef<std::complex<R>> X) {
    using C = std::complex<R>;
    using limits = std::numeric_limits<R>;
    const index_t n = S.rows;
    const R s_norm = detail::one_norm(S), t_norm = detail::one_norm(T);
    const R tiny = limits::min() * (static_cast<R>(n) / limits::epsilon()), big = limits::epsilon() / tiny;
    kernel::fill(X, C(0));
    for (index_t k = 0; k < n; ++k) {
        // (a, b) scaled so that the larger of |b| ||S|| and |a| ||T|| is 1.
        C a = S(k, k), b = T(k, k);
        const R size = std::max(detail::abs1(b) * s_norm, detail::abs1(a) * t_norm);
        const VecRef<C> x = X.col(k).segment(0, k + 1);
        x[k] = C(1);
        if (size == R(0)) {  // a singular pencil: any vector will do
            continue;
        }
        a /= size, b /= size;
        const R smallest = std::max(limits::epsilon(), tiny);
        for (index_t i = 0; i < k; ++i) x[i] = a * T(i, k) - b * S(i, k);
        for (index_t j = k - 1; j >= 0; --j) {
            C pivot = b * S(j, j) - a * T(j, j);
            if (detail::abs1(pivot) < smallest) pivot = C(smallest);
            const R grown = detail::abs1(x[j]) / detail::abs1(pivot);
            if (grown > big) kernel::scal(C(R(1) / grown), x);
            x[j] /= pivot;
            if (j > 0) {
                kernel::axpy(-b * x[j], S.col(j).segment(0, j), x.segment(0, j));
                kernel::axpy(a * x[j], T.col(j).segment(0, j), x.segment(0, j));
            }
            const R top = std::abs(x[kernel::iamax(x)]);
            if (top > big) kernel::scal(C(R(1) / top), x);
        }
        kernel::scal(C(R(1) / detail::abs1(x[kernel::iamax(x)])), x);
    }
}

}  // namespace gram::linalg::inline GRAM_ISA
