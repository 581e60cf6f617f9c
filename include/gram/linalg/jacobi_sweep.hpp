/// One-sided Jacobi: rotations of the columns of a matrix until they are orthogonal.
///
/// Every column is kept with a norm near one and its power of two apart, so that neither norms nor products of columns
/// leave the range, however far apart the columns are.
/// Source: Hestenes, Inversion of matrices by biorthogonalization and related results, J. SIAM 6 (1958); de Rijk, A
/// one-sided Jacobi algorithm for computing the singular value decomposition on a vector computer, SISSC 10 (1989);
/// Drmac, Implementation of Jacobi rotations for accurate singular value computation in floating point arithmetic,
/// SISC 18 (1997).
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/qr.hpp"
#include "gram/linalg/small_eigh.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// p' = c p + from_q q, q' = c q - from_p p makes the columns 2^e p and 2^(e + gap) q orthogonal; (c, s) is the same
/// rotation of columns that have no scale. Kept is h = 1 - c: products with a rounded c would lengthen or shorten
/// columns a little at each of very many rotations.
template <class R>
struct ScaledRotation {
    R h, s, from_q, from_p;
    R turn;  ///< what of a direction is added to that of the other column, at most

    /// For columns whose cosine is z > 0, the second one not longer than the first. `quotient` is |q| / |p|.
    ScaledRotation(R z, R quotient, int gap) {
        // t = tan is the smaller root of t^2 r z + t (1 - r^2) - r z = 0, r the quotient of lengths; t / r stays of the
        // size of z where r and t underflow.
        const R r = std::min(std::ldexp(quotient, gap), R(1)), w = (R(1) - r) * (R(1) + r), y = R(2) * z * r;
        const R t_by_r = R(2) * z / (w + std::sqrt(w * w + y * y)), t = t_by_r * r;
        const R c = R(1) / std::sqrt(R(1) + t * t);
        s = c * t;
        h = s * (s / (R(1) + c));
        from_q = std::ldexp(s, gap);
        turn = c * t_by_r;
        from_p = turn * quotient;
    }
};

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// A real factor in registers, as kernel::detail::ComplexFactor is a complex one.
template <class Arch, class R>
struct RealFactor {
    using P = simd::pack<R, Arch>;
    P a;

    explicit RealFactor(R alpha) : a(simd::broadcast<R, Arch>(alpha)) {}
    [[nodiscard]] GRAM_INLINE P times_plus(const P& x, const P& y) const { return simd::fma(x, a, y); }
};

/// The squares of the norms of two columns.
template <class R>
struct ColumnSquares {
    R p, q;
};

/// p' = p - h p + a q, q' = q - h q + b p for n numbers in contiguous memory, the factors a and b real or complex; and
/// the sums of squares of both.
template <class Arch, class R, class Factor>
ColumnSquares<R> rotate_contiguous(R h, const Factor& a, const Factor& b, R* p, R* q, index_t n) {
    using P = simd::pack<R, Arch>;
    constexpr index_t w = simd::width<R, Arch>;
    const P loss = simd::broadcast<R, Arch>(h);
    P squares_p[2], squares_q[2];
    squares_p[0] = squares_p[1] = squares_q[0] = squares_q[1] = simd::broadcast<R, Arch>(R(0));
    const auto add = [&](int u, const P& x, const P& y) {
        squares_p[u] = simd::fma(x, x, squares_p[u]);
        squares_q[u] = simd::fma(y, y, squares_q[u]);
    };
    index_t i = 0;
    for (; i + 2 * w <= n; i += 2 * w) {
#pragma GCC unroll 2
        for (int u = 0; u < 2; ++u) {
            const P x = simd::load<R, Arch>(p + i + u * w), y = simd::load<R, Arch>(q + i + u * w);
            const P x_new = a.times_plus(y, simd::fnma(loss, x, x)), y_new = b.times_plus(x, simd::fnma(loss, y, y));
            simd::store(p + i + u * w, x_new);
            simd::store(q + i + u * w, y_new);
            add(u, x_new, y_new);
        }
    }
    for (; i < n; i += w) {
        const index_t rest = std::min(n - i, w);
        const P x = simd::load_n<R, Arch>(p + i, rest), y = simd::load_n<R, Arch>(q + i, rest);
        const P x_new = a.times_plus(y, simd::fnma(loss, x, x)), y_new = b.times_plus(x, simd::fnma(loss, y, y));
        simd::store_n(p + i, x_new, rest);
        simd::store_n(q + i, y_new, rest);
        add(0, x_new, y_new);
    }
    return {simd::reduce_add(squares_p[0] + squares_p[1]), simd::reduce_add(squares_q[0] + squares_q[1])};
}

/// The same for columns of a matrix, real or complex.
template <class Arch = simd::native_arch, class T>
ColumnSquares<real_t<T>> rotate_and_measure(real_t<T> h, T a, T b, VecRef<T> p, VecRef<T> q) {
    using R = real_t<T>;
    if constexpr (!is_complex_v<T>) {
        const RealFactor<Arch, R> first(a), second(b);
        return rotate_contiguous<Arch>(h, first, second, p.data, q.data, p.size);
    } else if constexpr (simd::has_pack<R, Arch>) {
        const kernel::detail::ComplexFactor<Arch, R> first(a), second(b);
        return rotate_contiguous<Arch>(h, first, second, reinterpret_cast<R*>(p.data), reinterpret_cast<R*>(q.data),
                                       2 * p.size);
    } else {
        ColumnSquares<R> squares{};
        for (index_t i = 0; i < p.size; ++i) {
            const T x = p[i], y = q[i];
            p[i] = x - h * x + kernel::detail::times(a, y);
            q[i] = y - h * y + kernel::detail::times(b, x);
            squares.p += small_norm(T(p[i]));
            squares.q += small_norm(T(q[i]));
        }
        return squares;
    }
}

/// X = W J^H for the square matrix X, with orthogonal columns of W and a unitary J that starts as the identity.
template <class T>
class OneSidedJacobi {
    using R = real_t<T>;

public:
    /// X and J are column-major. X becomes W; J, which may have no rows, is rotated along.
    OneSidedJacobi(MatRef<T> X, MatRef<T> J)
        : X_(X),
          J_(J),
          norms_(X.cols),
          exponents_(X.cols),
          order_(X.cols),
          norm_(norms_.data()),
          limit_(std::sqrt(static_cast<R>(X.cols)) * std::numeric_limits<R>::epsilon() / 2) {
        for (index_t j = 0; j < X.cols; ++j) {
            order_.data()[j] = j;
            exponents_.data()[j] = 0;
            normalize(j);
        }
    }

    /// Sweeps until no pair of columns has a cosine above sqrt(n) eps / 2, then puts the columns in order. Errors:
    /// no_convergence, which begins with `name`.
    void iterate(const char* name) {
        for (int count = 0; sweep(); ++count)
            if (count == jacobi_sweeps) throw_jacobi(name);
        for (index_t j = 0; j < X_.cols; ++j) normalize(j);
        // The columns that were longer in a rotation went first: nearly sorted.
        index_t* const order = order_.data();
        for (index_t k = 1; k < X_.cols; ++k)
            for (index_t i = k; i > 0 && longer(order[i], order[i - 1]); --i) std::swap(order[i], order[i - 1]);
    }
    /// s = 2^-shift times the norms of the columns, descending. After iterate.
    void values(R* s, int shift) const {
        for (index_t k = 0; k < X_.cols; ++k) {
            const index_t j = order_.data()[k];
            s[k] = times_power(norm_[j], exponents_.data()[j] - shift);
        }
    }
    /// The columns of W of norm one, and those of J, in the order of the values. After iterate.
    void vectors(MatRef<T> U, MatRef<T> V) const {
        index_t rank = 0;
        for (index_t k = 0; k < X_.cols; ++k) {
            const index_t j = order_.data()[k];
            kernel::copy(J_.col(j), V.col(k));
            if (norm_[j] == R(0)) continue;
            kernel::copy(X_.col(j), U.col(k));
            kernel::scal(T(R(1) / norm_[j]), U.col(k));
            ++rank;
        }
        if (rank < X_.cols) complete(U, rank);
    }

private:
    /// Columns that are rotated against one another while they are in cache.
    static constexpr index_t tile = 8;

    // Brings the norm of column j into [1, 2) by a power of two. A column of zeros has the norm 0.
    void normalize(index_t j) {
        R norm = kernel::nrm2(X_.col(j));
        if (norm != R(0)) {
            const int up = -exponent_of(norm);
            for (int rest = up; rest != 0;) {  // the smallest numbers are further away than one power of two reaches
                constexpr int cap = std::numeric_limits<R>::max_exponent - 4;
                const int step = std::clamp(rest, -cap, cap);
                kernel::scal(T(normal_power_of_two<R>(step)), X_.col(j));
                norm *= normal_power_of_two<R>(step);
                rest -= step;
            }
            exponents_.data()[j] -= up;
        }
        norm_[j] = norm;
    }
    // Of columns that are normalized.
    [[nodiscard]] bool longer(index_t i, index_t j) const {
        if (norm_[i] == R(0) || norm_[j] == R(0)) return norm_[i] > norm_[j];
        const int ei = exponents_.data()[i], ej = exponents_.data()[j];
        return ei != ej ? ei > ej : norm_[i] > norm_[j];
    }

    // All pairs once; false when no pair is left with a cosine above the limit. Each of the rotations after the one
    // that makes a pair orthogonal changes its cosine by no more than turn * cosine.
    bool sweep() {
        const index_t n = X_.cols;
        cosine_ = turn_ = R(0);
        for (index_t i = 0; i < n; i += tile)
            for (index_t j = i; j < n; j += tile)
                for (index_t p = i; p < std::min(i + tile, n); ++p)
                    for (index_t q = std::max(j, p + 1); q < std::min(j + tile, n); ++q) step(p, q);
        return R(4) * static_cast<R>(n) * turn_ * cosine_ > limit_;
    }
    void step(index_t p, index_t q) {
        index_t& first = order_.data()[p];
        index_t& second = order_.data()[q];
        const R lengths = norm_[first] * norm_[second];
        T inner = kernel::dotc(VecRef<const T>(X_.col(first)), VecRef<const T>(X_.col(second)));
        const R size = std::abs(inner);
        if (!(size > limit_ * lengths)) return;
        const int gap = exponents_.data()[second] - exponents_.data()[first];
        if (std::ldexp(norm_[second], gap) > norm_[first]) {  // the longer one goes first
            std::swap(first, second);
            inner = conj_of(inner);
        }
        rotate(first, second, inner * (R(1) / size), size / lengths);
    }
    void rotate(index_t first, index_t second, T phase, R cosine) {
        const ScaledRotation<R> r(cosine, norm_[second] / norm_[first],
                                  exponents_.data()[second] - exponents_.data()[first]);
        cosine_ = std::max(cosine_, cosine);
        turn_ = std::max(turn_, r.turn);
        const ColumnSquares<R> squares =
            rotate_and_measure(r.h, T(r.from_q * conj_of(phase)), T(-r.from_p * phase), X_.col(first), X_.col(second));
        if (J_.rows > 0) {
            rotate_and_measure(r.h, T(r.s * conj_of(phase)), T(-r.s * phase), J_.col(first), J_.col(second));
        }
        update(first, squares.p);
        update(second, squares.q);
    }
    void update(index_t j, R square) {
        constexpr R far = R(1 << 20);
        norm_[j] = std::sqrt(square);
        if (!(square < far && square > R(1) / far)) normalize(j);
    }

    // Columns of U from `rank` on become an orthonormal basis of what is orthogonal to those before.
    static void complete(MatRef<T> U, index_t rank) {
        const index_t n = U.rows;
        const Workspace<T> found(n, rank);
        const kernel::Buffer<T> tau(rank);
        kernel::copy(U.block(0, 0, n, rank), found.ref());
        qr_in_place(found.ref(), tau.data());
        const MatRef<T> rest = U.block(0, rank, n, n - rank);
        kernel::fill(rest, T(0));
        for (index_t j = rank; j < n; ++j) U(j, j) = T(1);
        apply_q(false, found.ref(), tau.data(), rest);
    }

    MatRef<T> X_, J_;
    kernel::Buffer<R> norms_;
    kernel::Buffer<int> exponents_;
    kernel::Buffer<index_t> order_;
    R* norm_;
    R limit_;
    R cosine_{}, turn_{};  // the largest of a sweep
};

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
