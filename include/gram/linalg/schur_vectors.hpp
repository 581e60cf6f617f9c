/// Eigenvectors of a real Schur form by blocked back substitution.
#pragma once

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/schur_blocks.hpp"

namespace gram::linalg::inline GRAM_ISA {

namespace detail {

/// A complex number whose operations neither look for NaN nor depend on compiler flags.
template <class T>
struct Complex {
    T re = 0, im = 0;
};
template <class T>
Complex<T> operator-(Complex<T> x, Complex<T> y) {
    return {x.re - y.re, x.im - y.im};
}
template <class T>
Complex<T> operator*(Complex<T> x, Complex<T> y) {
    return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}
/// Smith's division: no overflow in |y|^2.
template <class T>
Complex<T> operator/(Complex<T> x, Complex<T> y) {
    if (std::abs(y.re) >= std::abs(y.im)) {
        const T r = y.im / y.re, d = y.re + y.im * r;
        return {(x.re + x.im * r) / d, (x.im - x.re * r) / d};
    }
    const T r = y.re / y.im, d = y.re * r + y.im;
    return {(x.re * r + x.im) / d, (x.im * r - x.re) / d};
}
template <class T>
T size_of(Complex<T> x) {
    return std::abs(x.re) + std::abs(x.im);
}
template <class T>
    requires std::is_floating_point_v<T> T size_of(T x) { return std::abs(x); }

/// One real or complex vector under construction: column(s) k (and k + 1) of X.
template <class T, class S>
struct SchurVector {
    MatRef<T> X;
    index_t k;

    [[nodiscard]] S get(index_t i) const {
        if constexpr (std::is_same_v<S, T>) {
            return X(i, k);
        } else {
            return {X(i, k), X(i, k + 1)};
        }
    }
    void set(index_t i, S x) const {
        if constexpr (std::is_same_v<S, T>) {
            X(i, k) = x;
        } else {
            X(i, k) = x.re, X(i, k + 1) = x.im;
        }
    }
    void scale(T factor) const {
        kernel::scal(factor, X.col(k));
        if constexpr (!std::is_same_v<S, T>) kernel::scal(factor, X.col(k + 1));
    }
    /// X(from:to, k) -= x S(from:to, j)
    void subtract(MatRef<T> Schur, index_t j, index_t from, index_t to, S x) const {
        const VecRef<T> s = Schur.col(j).segment(from, to - from);
        if constexpr (std::is_same_v<S, T>) {
            kernel::axpy(-x, s, X.col(k).segment(from, to - from));
        } else {
            kernel::axpy(-x.re, s, X.col(k).segment(from, to - from));
            kernel::axpy(-x.im, s, X.col(k + 1).segment(from, to - from));
        }
    }
};

/// What the back substitution needs to know about the whole: the Schur form, 1-norms of its columns above the diagonal
/// and the bounds that keep numbers in range.
template <class T>
struct BackSubstitution {
    MatRef<T> S;
    const T* column_norm;
    T tiny, big;

    /// Makes room so that |b| / den does not overflow.
    template <class V>
    void guard(const V& x, T b, T den) const {
        if (den < T(1) && b > T(1) && b > big * den) x.scale(T(1) / b);
    }
    /// Makes room so that x_j times the column j of S does not overflow.
    template <class V>
    void guard_column(const V& x, index_t j, T xj) const {
        if (xj > T(1) && column_norm[j] > big / xj) x.scale(T(1) / xj);
    }

    /// Row j of (S - w I) x = b, where S has a 1×1 block there.
    template <class V, class W>
    void solve1(const V& x, index_t j, W w, T smallest) const {
        W den = W{S(j, j)} - w;
        if (size_of(den) < smallest) den = W{smallest};
        guard(x, size_of(x.get(j)), size_of(den));
        x.set(j, x.get(j) / den);
        guard_column(x, j, size_of(x.get(j)));
    }

    /// Rows j, j + 1, where S has a 2×2 block: elimination with complete pivoting, so that |down|, |across| <= 2 and
    /// the guard holds for b2 as well.
    template <class V, class W>
    void solve2(const V& x, index_t j, W w, T smallest) const {
        W m[2][2] = {{W{S(j, j)} - w, W{S(j, j + 1)}}, {W{S(j + 1, j)}, W{S(j + 1, j + 1)} - w}};
        index_t r = 0, c = 0;
        for (index_t i = 0; i < 4; ++i) {
            if (size_of(m[i / 2][i % 2]) > size_of(m[r][c])) r = i / 2, c = i % 2;
        }
        W pivot = m[r][c];
        if (size_of(pivot) < smallest) pivot = W{smallest};
        const W across = m[r][1 - c] / pivot, down = m[1 - r][c] / pivot;
        W last = m[1 - r][1 - c] - down * m[r][1 - c];
        if (size_of(last) < smallest) last = W{smallest};
        guard(x, std::max(size_of(x.get(j)), size_of(x.get(j + 1))), std::min(size_of(last), size_of(pivot)));
        const W b1 = x.get(j + r), b2 = x.get(j + 1 - r) - down * b1;
        const W second = b2 / last, first = b1 / pivot - across * second;
        x.set(j + c, first);
        x.set(j + 1 - c, second);
        const T larger = std::max(size_of(first), size_of(second));
        guard_column(x, j, larger);
        guard_column(x, j + 1, std::max(size_of(x.get(j)), size_of(x.get(j + 1))));
    }

    /// Solves the rows [r0, min(r1, k)) for the vector x, which starts at row k; w is its eigenvalue.
    template <class V, class W>
    void solve_rows(const V& x, index_t r0, index_t r1, W w) const {
        const T smallest = std::max(std::numeric_limits<T>::epsilon() * size_of(w), tiny);
        if (x.k < r1) {  // the vector starts in these rows: its known entries first
            x.subtract(S, x.k, r0, x.k, x.get(x.k));
            if constexpr (!std::is_same_v<W, T>) x.subtract(S, x.k + 1, r0, x.k, x.get(x.k + 1));
        }
        for (index_t j = std::min(r1, x.k) - 1; j >= r0; --j) {
            if (j > r0 && S(j, j - 1) != T(0)) {
                --j;
                solve2(x, j, w, smallest);
                x.subtract(S, j + 1, r0, j, x.get(j + 1));
            } else {
                solve1(x, j, w, smallest);
            }
            x.subtract(S, j, r0, j, x.get(j));
        }
    }
};

/// The entries that define the vectors: 1 at the eigenvalue, or the vector of the 2×2 block, larger entry 1.
template <class T>
void start_vectors(MatRef<T> S, MatRef<T> X) {
    kernel::fill(X, T(0));
    for (index_t k = 0; k < S.rows; ++k) {
        if (block_size(S, k) == 1) {
            X(k, k) = T(1);
            continue;
        }
        const T b = S(k, k + 1), c = S(k + 1, k), im = geometric_mean(b, c);
        if (std::abs(b) >= std::abs(c)) {
            X(k, k) = T(1);
            X(k + 1, k + 1) = im / b;
        } else {
            X(k, k) = -im / c;
            X(k + 1, k + 1) = T(1);
        }
        ++k;
    }
}

}  // namespace detail

/// X (n×n) receives the eigenvectors of the upper quasi-triangular S (n×n, in standard form): a column for a real
/// eigenvalue, two (real and imaginary part, that of positive imaginary part) for a conjugate pair. Each is scaled so
/// that its largest entry is 1 in magnitude; entries below a vector's own rows are zero.
///
/// A row block is solved for all vectors, then taken out of the rows above by one product. Nothing overflows:
/// vectors that grow are scaled down. Cost: n^3 / 3 flops in products. Source: Golub & Van Loan, Matrix Computations,
/// 4th ed., sec. 7.6.4; the bounds as in LAPACK dtrevc and dlaln2.
template <class T>
void schur_vectors(MatRef<T> S, MatRef<T> X, index_t block = 32) {
    using detail::Complex;
    using limits = std::numeric_limits<T>;
    const index_t n = S.rows;
    const T tiny = limits::min() * (static_cast<T>(n) / limits::epsilon());
    const kernel::Buffer<T> norms(n);
    for (index_t j = 0; j < n; ++j) norms.data()[j] = kernel::asum(S.col(j).segment(0, j));
    const detail::BackSubstitution<T> solver{S, norms.data(), tiny, (T(1) - limits::epsilon()) / tiny};
    detail::start_vectors(S, X);
    for (index_t r1 = n; r1 > 0;) {
        index_t r0 = std::max<index_t>(0, r1 - block);
        if (r0 > 0 && S(r0, r0 - 1) != T(0)) --r0;
        for (index_t k = r0; k < n; ++k) {
            if (detail::block_size(S, k) == 1) {
                solver.solve_rows(detail::SchurVector<T, T>{X, k}, r0, r1, S(k, k));
            } else {
                const T im = geometric_mean(S(k, k + 1), S(k + 1, k));
                solver.solve_rows(detail::SchurVector<T, Complex<T>>{X, k}, r0, r1, Complex<T>{S(k, k), im});
                ++k;
            }
        }
        if (r0 > 0) {
            kernel::gemm(T(-1), S.block(0, r0, r0, r1 - r0), X.block(r0, r0, r1 - r0, n - r0), T(1),
                         X.block(0, r0, r0, n - r0));
        }
        r1 = r0;
    }
    for (index_t k = 0; k < n; ++k) {
        const index_t size = detail::block_size(S, k);
        const T largest = kernel::max_abs(X.block(0, k, std::min(k + size, n), size));
        for (index_t j = k; j < k + size; ++j) kernel::scal(T(1) / largest, X.col(j).segment(0, k + size));
        k += size - 1;
    }
}

}  // namespace gram::linalg::inline GRAM_ISA
