/// Factorizations of A + a matrix of rank one, from those of A, in O(n^2).
#pragma once

#include <cmath>
#include <string>

#include "gram/linalg/check.hpp"
#include "gram/linalg/qr.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// A plane rotation of two columns: (a, b) <- (c a + conj(s) b, c b - s a), unitary for c^2 + |s|^2 = 1.
template <class T>
void rotate_pair_of(VecRef<T> a, VecRef<T> b, real_t<T> c, T s) {
    for (index_t i = 0; i < a.size; ++i) {
        const T x = a[i], y = b[i];
        a[i] = c * x + kernel::detail::times(conj_of(s), y);
        b[i] = c * y - kernel::detail::times(s, x);
    }
}
/// Elements of a row or column vector expression.
template <class T, VectorExpr E>
Vector<T> elements_of(const E& e) {
    Vector<T> x(e.rows() * e.cols());
    for (index_t i = 0; i < x.size(); ++i) x[i] = cols_v<E> == 1 ? e(i, 0) : e(0, i);
    return x;
}
template <MatrixExpr L, VectorExpr X>
void require_factor_and_vector(const L& l, const X& x, const char* name) {
    require_square(l, name);
    if (x.rows() * x.cols() != l.rows()) throw_shape(name, l.rows(), l.cols(), "and a vector", x.rows(), x.cols());
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA

namespace gram::inline GRAM_ISA {

/// The Cholesky factor of A + x x^H from the factor L of A. Cost: 2 n^2 flops.
///
/// Errors: shape_error; non_finite. Source: Gill, Golub, Murray & Saunders, Methods for modifying matrix
/// factorizations, Math. Comp. 28 (1974).
/// @snippet factorizations.cpp update
template <linalg::FieldExpr E, VectorExpr X>
    requires SameValueType<E, X>
[[nodiscard]] Matrix<value_t<E>> cholesky_update(const E& L, const X& x) {
    using T = value_t<E>;
    using R = real_t<T>;
    linalg::detail::require_factor_and_vector(L, x, "cholesky_update");
    Matrix<T> F(L);
    Vector<T> w = linalg::detail::elements_of<T>(x);
    linalg::detail::require_finite(F.ref(), "cholesky_update");
    linalg::detail::require_finite(w.ref(), "cholesky_update, vector");
    const index_t n = F.rows();
    for (index_t k = 0; k < n; ++k) {
        const R d = linalg::detail::real_of_number(F(k, k)), r = std::hypot(d, R(std::abs(w[k])));
        if (r == 0) continue;
        const R c = d / r;
        const T s = w[k] / r;
        linalg::detail::rotate_pair_of(F.ref().col(k).segment(k, n - k), w.vec().segment(k, n - k), c, s);
        F(k, k) = r;
    }
    return F;
}

/// The Cholesky factor of A - x x^H from the factor L of A. Cost: 3 n^2 flops.
///
/// Errors: shape_error; non_finite; not_positive_definite when A - x x^H is not. Source: LINPACK dchdd (Dongarra,
/// Bunch, Moler & Stewart 1979).
/// @snippet factorizations.cpp update
template <linalg::FieldExpr E, VectorExpr X>
    requires SameValueType<E, X>
[[nodiscard]] Matrix<value_t<E>> cholesky_downdate(const E& L, const X& x) {
    using T = value_t<E>;
    using R = real_t<T>;
    linalg::detail::require_factor_and_vector(L, x, "cholesky_downdate");
    Matrix<T> F(L);
    Vector<T> p = linalg::detail::elements_of<T>(x);
    linalg::detail::require_finite(F.ref(), "cholesky_downdate");
    linalg::detail::require_finite(p.ref(), "cholesky_downdate, vector");
    const index_t n = F.rows();
    kernel::trsv(kernel::Triangle::lower, kernel::Diagonal::general, F.ref(), p.vec());
    const R length = kernel::nrm2(p.vec());
    if (!(length < 1)) throw not_positive_definite("cholesky_downdate: A - x x^H is not positive definite");
    R q = std::sqrt((1 - length) * (1 + length));
    Vector<R> c(n);
    for (index_t i = n; i-- > 0;) {  // rotations that turn (p, q) into (0, 1)
        const R r = std::hypot(q, R(std::abs(p[i])));
        c[i] = q / r;
        p[i] /= r;
        q = r;
    }
    for (index_t j = 0; j < n; ++j) {
        T carried{};
        for (index_t i = j + 1; i-- > 0;) {
            const T t = c[i] * carried + kernel::detail::times(p[i], F(j, i));
            F(j, i) = c[i] * F(j, i) - kernel::detail::times(linalg::detail::conj_of(p[i]), carried);
            carried = t;
        }
    }
    for (index_t k = 0; k < n; ++k) {
        const R d = linalg::detail::real_of_number(F(k, k));
        if (!(d > 0)) throw not_positive_definite("cholesky_downdate: A - x x^H is not positive definite");
    }
    return F;
}

/// The QR factorization of A + u v^H from that of A: thin (Q is m×n) or full (Q is m×m), as it is given.
///
/// Cost: O(m n) for the thin one. Errors: shape_error; non_finite. Source: Daniel, Gragg, Kaufman & Stewart,
/// Reorthogonalization and stable algorithms for updating the Gram-Schmidt QR factorization, Math. Comp. 30 (1976).
/// @snippet factorizations.cpp qr_update
template <class T, VectorExpr U, VectorExpr V>
    requires std::same_as<value_t<U>, T> && std::same_as<value_t<V>, T>
[[nodiscard]] Qr<T> qr_update(const Qr<T>& f, const U& u, const V& v) {
    using R = real_t<T>;
    const index_t m = f.Q.rows(), k = f.Q.cols(), n = f.R.cols();
    Vector<T> x = linalg::detail::elements_of<T>(u);
    const Vector<T> y = linalg::detail::elements_of<T>(v);
    if (x.size() != m || y.size() != n || f.R.rows() != k) throw_shape("qr_update", m, n, "+", x.size(), y.size());
    linalg::detail::require_finite(x.ref(), "qr_update, u");
    linalg::detail::require_finite(kernel::MatRef<const T>(y.ref()), "qr_update, v");

    // What Q does not span of u becomes one more column, unless there is room for none.
    const index_t wide = k < m ? k + 1 : k;
    Matrix<T> Q(m, wide), S(wide, n);
    Q.block(0, 0, m, k) = f.Q;
    S.block(0, 0, k, n) = f.R;
    Vector<T> w(wide);
    R before = 0, rest = 0;
    for (int pass = 0; pass < 2; ++pass) {  // twice is enough (Kahan and Parlett)
        before = rest;
        Vector<T> h(k);
        kernel::gemv_conj(T(1), f.Q.ref().transposed(), true, x.vec(), T(0), h.vec());
        kernel::gemv(T(-1), f.Q.ref(), h.vec(), T(1), x.vec());
        kernel::axpy(T(1), h.vec(), w.vec().segment(0, k));
        rest = kernel::nrm2(x.vec());
    }
    // A rest that shrank again is the rounding of a u within the space of Q, and points anywhere.
    if (wide > k && rest > before / 2) {
        for (index_t i = 0; i < m; ++i) Q(i, k) = x[i] / rest;
        w[k] = rest;
    }
    // Rotate w into its first entry; S becomes upper Hessenberg. Q S stays what it is.
    const auto rotate = [&](index_t i, R c, T s, index_t first) {  // rows i, i + 1 of S by G^H, columns of Q by G
        const index_t length = n - first;
        if (length > 0) {
            linalg::detail::rotate_pair_of(S.ref().row(i).segment(first, length),
                                           S.ref().row(i + 1).segment(first, length), c, s);
        }
        linalg::detail::rotate_pair_of(Q.ref().col(i), Q.ref().col(i + 1), c, linalg::detail::conj_of(s));
    };
    for (index_t i = wide - 1; i-- > 0;) {
        const R r = std::hypot(R(std::abs(w[i])), R(std::abs(w[i + 1])));
        if (r == 0 || w[i + 1] == T{}) continue;
        // (w_i, w_i+1) <- (c w_i + conj(s) w_i+1, c w_i+1 - s w_i) with a real c.
        const R size = std::abs(w[i]);
        const T phase = size == 0 ? T(1) : w[i] / size;
        const R c = size / r;
        const T s = w[i + 1] / (r * phase);
        w[i] = phase * r;
        w[i + 1] = T{};
        rotate(i, c, s, std::min(i, n));
    }
    for (index_t j = 0; j < n; ++j) S(0, j) += kernel::detail::times(w[0], linalg::detail::conj_of(y[j]));
    for (index_t i = 0; i + 1 < wide && i < n; ++i) {
        const T a = S(i, i), b = S(i + 1, i);
        if (b == T{}) continue;
        const R size = std::abs(a), r = std::hypot(size, R(std::abs(b)));
        const T phase = size == 0 ? T(1) : a / size;
        rotate(i, size / r, b / (r * phase), i);
        S(i + 1, i) = T{};
    }
    return {Matrix<T>(Q.block(0, 0, m, k)), Matrix<T>(S.block(0, 0, k, n))};
}

}  // namespace gram::inline GRAM_ISA
