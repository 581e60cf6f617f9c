/// Complex Hessenberg and Schur forms: reflectors, then QR steps with a single shift.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/linalg/field.hpp"
#include "gram/linalg/householder.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// A rotation [c s; -conj(s) c] with a real cosine.
template <class R>
struct ComplexRotation {
    R c = 1, s_re = 0, s_im = 0, r_re = 0, r_im = 0;

    ComplexRotation() = default;
    ComplexRotation(R cosine, std::complex<R> sine, std::complex<R> rest)
        : c(cosine), s_re(sine.real()), s_im(sine.imag()), r_re(rest.real()), r_im(rest.imag()) {}

    [[nodiscard]] std::complex<R> s() const { return {s_re, s_im}; }
    /// What it leaves of the pair it was made for.
    [[nodiscard]] std::complex<R> r() const { return {r_re, r_im}; }
};

/// A complex number as phase * size * 2^exponent with |phase| = 1 and 1/2 <= size < 2, precise for subnormal ones too.
template <class R>
struct PolarForm {
    R re = 1, im = 0, size = 0;
    int exponent = 0;

    explicit PolarForm(std::complex<R> z) {
        const R largest = std::max(std::abs(z.real()), std::abs(z.imag()));
        if (largest == R(0)) return;
        static_cast<void>(std::frexp(largest, &exponent));
        re = std::ldexp(z.real(), -exponent), im = std::ldexp(z.imag(), -exponent);
        size = std::hypot(re, im);
        re /= size, im /= size;
    }
    [[nodiscard]] std::complex<R> phase() const { return {re, im}; }
};

/// The rotation that maps (f, g) to (r, 0). No overflow or harmful underflow: magnitudes are kept apart from phases.
///
/// Source: Bindel, Demmel, Kahan & Marques, On computing Givens rotations reliably and efficiently, ACM TOMS 28 (2002).
template <class R>
[[nodiscard]] ComplexRotation<R> make_complex_rotation(std::complex<R> f, std::complex<R> g) {
    using C = std::complex<R>;
    const PolarForm<R> F(f), G(g);
    if (G.size == R(0)) return {R(1), C(0), f};
    const int exponent = F.size == R(0) ? G.exponent : std::max(F.exponent, G.exponent);
    const R fa = std::ldexp(F.size, F.exponent - exponent), ga = std::ldexp(G.size, G.exponent - exponent);
    const R d = std::hypot(fa, ga);
    const C s = F.phase() * C(G.re, -G.im) * (ga / d);
    return {fa / d, s, C(std::ldexp(F.re * d, exponent), std::ldexp(F.im * d, exponent))};
}

/// x, y = c x + s y, c y - conj(s) x
template <class R>
void rotate_pair(VecRef<std::complex<R>> x, VecRef<std::complex<R>> y, R c, std::complex<R> s) {
    const R sr = s.real(), si = s.imag();
    for (index_t i = 0; i < x.size; ++i) {
        std::complex<R>&a = x[i], &b = y[i];
        const R ar = a.real(), ai = a.imag(), br = b.real(), bi = b.imag();
        a = {c * ar + (sr * br - si * bi), c * ai + (sr * bi + si * br)};
        b = {c * br - (sr * ar + si * ai), c * bi - (sr * ai - si * ar)};
    }
}

/// Rows k, k + 1 of the columns [from, to): G A for the rotation G.
template <class R>
void rotate_rows_unitary(MatRef<std::complex<R>> A, index_t k, index_t from, index_t to, const ComplexRotation<R>& g) {
    if (to > from) rotate_pair(A.row(k).segment(from, to - from), A.row(k + 1).segment(from, to - from), g.c, g.s());
}

/// Columns k, k + 1 of the rows [from, to): A G^H.
template <class R>
void rotate_columns_unitary(MatRef<std::complex<R>> A, index_t k, index_t from, index_t to,
                            const ComplexRotation<R>& g) {
    if (to > from) {
        rotate_pair(A.col(k).segment(from, to - from), A.col(k + 1).segment(from, to - from), g.c, conj_of(g.s()));
    }
}

/// conj(x) . y
template <class C>
[[nodiscard]] C conjugate_dot(VecRef<const C> x, VecRef<const C> y) {
    real_t<C> re = 0, im = 0;
    for (index_t i = 0; i < x.size; ++i) {
        const C a = x[i], b = y[i];
        re += a.real() * b.real() + a.imag() * b.imag();
        im += a.real() * b.imag() - a.imag() * b.real();
    }
    return {re, im};
}

/// A = (I - tau v v^H) A for v with its 1 stored, one column after the other.
template <class C>
void reflect_from_left(C tau, VecRef<const C> v, MatRef<C> A) {
    for (index_t j = 0; j < A.cols; ++j) {
        const C s = conjugate_dot<C>(v, A.col(j));
        kernel::axpy(-tau * s, v, A.col(j));
    }
}

/// A = A (I - tau v v^H); work has A.rows elements.
template <class C>
void reflect_from_right(C tau, VecRef<const C> v, MatRef<C> A, VecRef<C> work) {
    const VecRef<C> w = work.segment(0, A.rows);
    kernel::gemv(C(1), A, v, C(0), w);
    for (index_t j = 0; j < A.cols; ++j) kernel::axpy(-tau * conj_of(v[j]), w, A.col(j));
}

}  // namespace detail

/// Reduces rows and columns [lo, hi) of a complex column-major A (upper triangular outside of them) to upper Hessenberg
/// form H = Q^H A Q in place, zeros stored below; Q (n×n) is overwritten by the unitary factor, unless it has no rows.
///
/// Cost: 10/3 n^3 complex multiplications, a third more with Q. Source: Golub & Van Loan, Matrix Computations, 4th ed.,
/// sec. 7.4.3.
template <class R>
void complex_hessenberg_in_place(MatRef<std::complex<R>> A, MatRef<std::complex<R>> Q, index_t lo, index_t hi) {
    using C = std::complex<R>;
    const index_t n = A.rows;
    const kernel::Buffer<C> taus(n), buffer(n);
    const VecRef<C> work{buffer.data(), n, 1};
    C* const tau = taus.data();
    for (index_t k = lo; k + 2 < hi; ++k) {
        const index_t size = hi - k - 1;
        const VecRef<C> v = A.col(k).segment(k + 1, size);
        const auto h = make_reflector(v[0], v.segment(1, size - 1));
        tau[k] = h.tau;
        if (tau[k] == C(0)) {
            A(k + 1, k) = C(h.beta);
            continue;
        }
        v[0] = C(1);
        detail::reflect_from_right<C>(tau[k], v, A.block(0, k + 1, hi, size), work);
        detail::reflect_from_left<C>(detail::conj_of(tau[k]), v, A.block(k + 1, k + 1, size, n - k - 1));
        v[0] = C(h.beta);
    }
    if (Q.rows > 0) {
        detail::set_identity(Q);
        for (index_t k = hi - 3; k >= lo; --k) {
            if (tau[k] == C(0)) continue;
            const index_t size = hi - k - 1;
            const C below = A(k + 1, k);
            A(k + 1, k) = C(1);
            detail::reflect_from_left<C>(tau[k], A.col(k).segment(k + 1, size), Q.block(k + 1, k + 1, size, size));
            A(k + 1, k) = below;
        }
    }
    for (index_t k = lo; k + 2 < hi; ++k)
        for (index_t i = k + 2; i < hi; ++i) A(i, k) = C(0);
}

namespace detail {

/// Schur iteration on a complex upper Hessenberg H (n×n, column-major); Z (any number of rows) collects the rotations.
template <class R>
class ComplexSchur {
public:
    using C = std::complex<R>;

    ComplexSchur(MatRef<C> H, MatRef<C> Z, bool full) : H_(H), Z_(Z), full_(full) {}

    /// Reduces rows and columns [lo, hi) to triangular form; 0, or how many leading eigenvalues were not reached.
    index_t run(index_t lo, index_t hi) {
        lo_ = lo, hi_ = hi;
        tiny_ = std::numeric_limits<R>::min() * (static_cast<R>(hi - lo) / eps);
        const index_t limit = 30 * std::max<index_t>(10, hi - lo);
        index_t steps = 0;
        for (index_t i = hi - 1; i > lo; --i) {
            index_t l = lo;
            R floor = 0;
            for (int iteration = 1;; ++iteration) {
                if (iteration == 24) floor = eps * kernel::max_abs(H_.block(lo, lo, hi - lo, hi - lo));
                index_t k = i;
                while (k > l && !negligible(k, floor)) --k;
                l = k;
                if (l > lo) H_(l, l - 1) = C(0);
                if (l == i) break;
                if (steps++ >= limit) return i + 1 - lo;
                step(l, i, shift(l, i, iteration));
            }
        }
        return 0;
    }

private:
    static constexpr R eps = std::numeric_limits<R>::epsilon();

    /// Ahues & Tisseur, A new deflation criterion for the QR algorithm, LAPACK Working Note 122 (1997).
    [[nodiscard]] bool negligible(index_t k, R floor) const {
        const R below = abs1(H_(k, k - 1));
        if (below <= std::max(tiny_, floor)) return true;
        R sum = abs1(H_(k - 1, k - 1)) + abs1(H_(k, k));
        if (sum == R(0)) {
            if (k - 2 >= lo_) sum += abs1(H_(k - 1, k - 2));
            if (k + 1 < hi_) sum += abs1(H_(k + 1, k));
        }
        if (below > eps * sum) return false;
        const R above = abs1(H_(k - 1, k)), difference = abs1(H_(k - 1, k - 1) - H_(k, k)), d = abs1(H_(k, k));
        const R larger = std::max(below, above), smaller = std::min(below, above);
        const R big = std::max(d, difference), small = std::min(d, difference), s = big + larger;
        return smaller * (larger / s) <= std::max(tiny_, eps * (small * (big / s)));
    }

    /// Wilkinson's shift: the eigenvalue of the trailing 2×2 block that is closer to its last entry; now and then
    /// another number, to break a cycle.
    [[nodiscard]] C shift(index_t l, index_t i, int iteration) const {
        if (iteration % 20 == 0) return H_(i, i) + R(0.75) * abs1(H_(i, i - 1));
        if (iteration % 10 == 0) return H_(l, l) + R(0.75) * abs1(H_(l + 1, l));
        return closer_eigenvalue(H_(i - 1, i - 1), H_(i - 1, i), H_(i, i - 1), H_(i, i));
    }

    /// One step on the active block [l, i], which may start further down where two subdiagonal entries are small.
    void step(index_t l, index_t i, C t) {
        index_t m = i - 1;
        C f, g;
        for (;; --m) {
            f = H_(m, m) - t, g = H_(m + 1, m);
            const R s = abs1(f) + abs1(g);
            if (s > R(0)) f /= s, g /= s;
            if (m == l) break;
            const R near = abs1(f) * (abs1(H_(m, m)) + abs1(H_(m + 1, m + 1)));
            if (abs1(H_(m, m - 1)) * abs1(g) <= eps * near) break;
        }
        const index_t top = full_ ? 0 : l, right = full_ ? H_.cols : i + 1;
        for (index_t k = m; k < i; ++k) {
            ComplexRotation<R> r;
            if (k > m) {
                r = make_complex_rotation(H_(k, k - 1), H_(k + 1, k - 1));
                H_(k, k - 1) = r.r(), H_(k + 1, k - 1) = C(0);
            } else {
                r = make_complex_rotation(f, g);
                if (m > l) H_(m, m - 1) *= r.c;
            }
            rotate_rows_unitary(H_, k, k, right, r);
            rotate_columns_unitary(H_, k, top, std::min(k + 3, i + 1), r);
            if (Z_.rows > 0) rotate_columns_unitary(Z_, k, 0, Z_.rows, r);
        }
    }

public:
    /// The eigenvalue of [a b; c d] that is closer to d.
    [[nodiscard]] static C closer_eigenvalue(C a, C b, C c, C d) {
        // Near 1 first: the product of the roots of 2 b and 2 c would not be exactly twice that of b and c.
        const R larger = std::max(abs1(b), abs1(c));
        if (larger == R(0)) return d;
        const C u = larger * (std::sqrt(b / larger) * std::sqrt(c / larger));
        R s = abs1(u);
        if (s == R(0)) return d;
        const C x = R(0.5) * (a - d);
        const R sx = abs1(x);
        s = std::max(s, sx);
        const C xs = x / s, us = u / s;
        C y = s * std::sqrt(xs * xs + us * us);
        if (sx > R(0) && (x.real() / sx) * y.real() + (x.imag() / sx) * y.imag() < R(0)) y = -y;
        return d - u * (u / (x + y));
    }

private:
    MatRef<C> H_, Z_;
    bool full_;
    index_t lo_ = 0, hi_ = 0;
    R tiny_ = 0;
};

}  // namespace detail

/// Reduces rows and columns [lo, hi) of a complex upper Hessenberg matrix to triangular form T = Q^H H Q; Z (of no or
/// any number of rows) becomes Z Q. full = false: only the eigenvalues, on the diagonal, are wanted. Returns 0, or how
/// many leading eigenvalues of that range 30 steps for each did not reach.
///
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 7.5; deflation and shifts as LAPACK zlahqr.
template <class R>
[[nodiscard]] index_t complex_schur(MatRef<std::complex<R>> H, MatRef<std::complex<R>> Z, index_t lo, index_t hi,
                                    bool full = true) {
    return detail::ComplexSchur<R>(H, Z, full).run(lo, hi);
}

/// X (n×n) receives the eigenvectors of a complex upper triangular T, upper triangular too, each of largest entry about
/// 1. Pivots that vanish are raised to eps |T|, vectors that grow are scaled down.
///
/// Cost: n^3 / 3 complex multiplications. Source: as LAPACK ztrevc.
template <class R>
void complex_triangular_vectors(MatRef<std::complex<R>> T, MatRef<std::complex<R>> X) {
    using C = std::complex<R>;
    using limits = std::numeric_limits<R>;
    const index_t n = T.rows;
    const R tiny = limits::min() * (static_cast<R>(n) / limits::epsilon()), big = limits::epsilon() / tiny;
    const kernel::Buffer<R> norms(n);
    for (index_t j = 0; j < n; ++j) norms.data()[j] = j > 0 ? kernel::asum(T.col(j).segment(0, j)) : R(0);
    kernel::fill(X, C(0));
    for (index_t k = 0; k < n; ++k) {
        const C w = T(k, k);
        const R smallest = std::max(limits::epsilon() * detail::abs1(w), tiny);
        const VecRef<C> x = X.col(k).segment(0, k + 1);
        x[k] = C(1);
        for (index_t i = 0; i < k; ++i) x[i] = -T(i, k);
        for (index_t j = k - 1; j >= 0; --j) {
            C pivot = T(j, j) - w;
            if (detail::abs1(pivot) < smallest) pivot = C(smallest);
            const R size = detail::abs1(x[j]), room = big * std::min(R(1), detail::abs1(pivot));
            if (size > room) kernel::scal(C(room / size), x);
            x[j] /= pivot;
            const R grown = detail::abs1(x[j]);
            if (grown > R(1) && norms.data()[j] > R(0) && grown > big / std::max(R(1), norms.data()[j])) {
                kernel::scal(C(R(1) / grown), x);
            }
            if (j > 0) kernel::axpy(-x[j], T.col(j).segment(0, j), x.segment(0, j));
            const R top = std::abs(x[kernel::iamax(x)]);
            if (top > big) kernel::scal(C(R(1) / top), x);
        }
        const R largest = detail::abs1(x[kernel::iamax(x)]);
        kernel::scal(C(R(1) / largest), x);
    }
}

}  // namespace gram::linalg::inline GRAM_ISA
