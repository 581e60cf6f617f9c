/// Lengths and angles: dot, norm, cosine_similarity; outer and Kronecker products; allclose.
#pragma once

#include "gram/expr/comparisons.hpp"
#include "gram/expr/reductions.hpp"
#include "gram/expr/updates.hpp"
#include "gram/kernel/complex.hpp"

namespace gram {

/// Names of norms: `norm(A, spectral)`, `norm(x, inf)`.
struct SpectralNorm {};
struct NuclearNorm {};
struct FrobeniusNorm {};
struct OneNorm {};
struct InfNorm {};
inline constexpr SpectralNorm spectral{};  ///< largest singular value
inline constexpr NuclearNorm nuclear{};    ///< sum of the singular values
inline constexpr FrobeniusNorm fro{};      ///< root of the sum of squares
inline constexpr OneNorm one{};            ///< largest column sum of magnitudes; of a vector their sum
inline constexpr InfNorm inf{};            ///< largest row sum of magnitudes; of a vector the largest

inline namespace GRAM_ISA {
namespace detail {

/// Elements of a vector expression: in place where they lie in memory, else computed into `storage`.
template <VectorExpr E>
kernel::VecRef<const value_t<E>> elements(const E& e, Matrix<value_t<E>>& storage) {
    kernel::MatRef<const value_t<E>> ref;
    if constexpr (Leaf<E>) {
        ref = e.ref();
    } else {
        storage = Matrix<value_t<E>>(e);
        ref = std::as_const(storage).ref();
    }
    return rows_v<E> == 1 ? ref.row(0) : ref.col(0);
}
template <VectorExpr E>
index_t length(const E& e) {
    return e.rows() * e.cols();
}
template <VectorExpr L, VectorExpr R>
void require_same_length(const char* name, const L& l, const R& r) {
    if (length(l) != length(r)) throw_shape(name, l.rows(), l.cols(), "and", r.rows(), r.cols());
}

/// |p - q|
template <class T>
double distance(const T& p, const T& q) {
    if constexpr (std::is_integral_v<T>) {
        return std::abs(static_cast<double>(p) - static_cast<double>(q));
    } else {
        return static_cast<double>(std::abs(p - q));
    }
}

}  // namespace detail

/// Inner product of two vectors of one length, rows or columns: sum of conj(x_i) y_i (NumPy's vdot). shape_error.
/// @snippet basics.cpp dot
template <VectorExpr L, VectorExpr R>
    requires SameValueType<L, R> && SameLength<L, R> value_t<L> dot(const L& l, const R& r) {
        detail::require_same_length("dot", l, r);
        Matrix<value_t<L>> left, right;
        return kernel::dotc<simd::native_arch>(detail::elements(l, left), detail::elements(r, right));
    }

/// Root of the sum of squared magnitudes: the length of a vector, the Frobenius norm of a matrix. No overflow or
/// underflow on the way (Blue 1978); infinite where an element is, NaN where one is. 0 when empty.
/// @snippet basics.cpp norm
template <MatrixExpr E>
    requires(!std::is_integral_v<value_t<E>>)
real_t<value_t<E>> norm(const E& e) {
    using T = value_t<E>;
    if constexpr (is_complex_v<T>) {
        return norm(abs(detail::EvaluatedOnce<E>(e)));
    } else if constexpr (detail::Leaf<E>) {
        detail::check(e);
        const kernel::MatRef<const T> a = e.ref();
        if (a.rows == 1 || a.cols == 1) return kernel::nrm2<simd::native_arch>(a.rows == 1 ? a.row(0) : a.col(0));
        if (a.col_stride == 1 && a.row_stride == a.cols) {
            return kernel::nrm2<simd::native_arch>(kernel::VecRef<const T>{a.data, a.rows * a.cols, 1});
        }
        if (a.row_stride == 1 && a.col_stride == a.rows) {
            return kernel::nrm2<simd::native_arch>(kernel::VecRef<const T>{a.data, a.rows * a.cols, 1});
        }
        return norm(Matrix<T>(e));
    } else {
        return norm(Matrix<T>(e));
    }
}
template <MatrixExpr E>
auto norm(const E& e, FrobeniusNorm) {
    return norm(e);
}
/// Largest magnitude of a vector; NaN where there is one, 0 when empty.
/// @snippet basics.cpp norm
template <VectorExpr E>
real_t<value_t<E>> norm(const E& e, InfNorm) {
    return detail::length(e) == 0 ? real_t<value_t<E>>{} : max(abs(detail::EvaluatedOnce<E>(e)));
}
/// Sum of magnitudes of a vector; of integers in 64 bits.
/// @snippet basics.cpp norm
template <VectorExpr E>
auto norm(const E& e, OneNorm) {
    return sum(abs(detail::EvaluatedOnce<E>(e)));
}
/// The p-norm of a vector, p > 0 or infinite: (sum |x|^p)^(1/p), scaled against overflow. std::invalid_argument
/// otherwise.
template <VectorExpr E, class P>
    requires(std::is_arithmetic_v<P> && !std::is_integral_v<value_t<E>>)
real_t<value_t<E>> norm(const E& e, P p) {
    using T = real_t<value_t<E>>;
    const double power = static_cast<double>(p);
    if (power == 1) return norm(e, one);
    if (power == 2) return norm(e);
    if (!(power > 0)) throw std::invalid_argument("norm: p = " + std::to_string(power) + ", expected p > 0");
    const T largest = norm(e, inf);
    if (power > std::numeric_limits<double>::max() || largest == T{} || !(largest <= std::numeric_limits<T>::max())) {
        return largest;
    }
    const T total = sum(pow(abs(detail::EvaluatedOnce<E>(e)) / largest, static_cast<T>(power)));
    return largest * std::pow(total, T{1} / static_cast<T>(power));
}

/// Cosine of the angle between two vectors, in [-1, 1]; 0 when either is zero, so never NaN for finite input.
/// @snippet basics.cpp dot
template <VectorExpr L, VectorExpr R>
    requires SameValueType<L, R> && std::floating_point<value_t<L>> value_t<L> cosine_similarity(const L& l,
                                                                                                 const R& r) {
        using T = value_t<L>;
        detail::require_same_length("cosine_similarity", l, r);
        const T a = norm(l), b = norm(r);
        if (a == T{} || b == T{}) return T{};
        constexpr T safe = sizeof(T) == sizeof(float) ? T(1e15) : T(1e150);
        const bool plain = a < safe && b < safe && a > 1 / safe && b > 1 / safe;
        T cosine;
        if (plain) {
            cosine = dot(l, r) / (a * b);
        } else {  // scale first: products, and even the norms, may overflow or vanish
            const auto x = eval(detail::EvaluatedOnce<L>(l) / norm(l, inf));
            const auto y = eval(detail::EvaluatedOnce<R>(r) / norm(r, inf));
            cosine = dot(x, y) / (norm(x) * norm(y));
        }
        return cosine > 1 ? T{1} : (cosine < -1 ? T{-1} : cosine);
    }

/// x y^T: m×n for vectors of m and n elements, rows or columns.
/// @snippet basics.cpp dot
template <VectorExpr L, VectorExpr R>
    requires SameValueType<L, R> Matrix<value_t<L>> outer(const L& l, const R& r) {
        using T = value_t<L>;
        Matrix<T> left, right;
        const auto x = detail::elements(l, left);
        const auto y = detail::elements(r, right);
        Matrix<T> A(x.size, y.size, uninitialized);
        for (index_t i = 0; i < x.size; ++i) {
            for (index_t j = 0; j < y.size; ++j) A.ref()(i, j) = static_cast<T>(x[i] * y[j]);
        }
        return A;
    }

/// Kronecker product: block (i, j) of the result is A(i, j) * B; (m p)×(n q).
/// @snippet basics.cpp kron
template <MatrixExpr L, MatrixExpr R>
    requires SameValueType<L, R> Matrix<value_t<L>> kron(const L& l, const R& r) {
        const Matrix<value_t<L>> A(l), B(r);
        Matrix<value_t<L>> K(A.rows() * B.rows(), A.cols() * B.cols(), uninitialized);
        for (index_t i = 0; i < A.rows(); ++i) {
            for (index_t j = 0; j < A.cols(); ++j) {
                K.block(i * B.rows(), j * B.cols(), B.rows(), B.cols()) = A(i, j) * B;
            }
        }
        return K;
    }

/// Same shape and |a - b| <= atol + rtol * |b| everywhere (NumPy's rule). False where there is a NaN; equal infinities
/// are close.
/// @snippet basics.cpp allclose
template <MatrixExpr L, MatrixExpr R>
    requires SameValueType<L, R>
bool allclose(const L& a, const R& b, double rtol = 1e-5, double atol = 1e-8) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
    const auto x = detail::reader_of(a);
    const auto y = detail::reader_of(b);
    for (index_t i = 0; i < a.rows(); ++i) {
        for (index_t j = 0; j < a.cols(); ++j) {
            const auto p = x.at(i, j, detail::NoProduct{});
            const auto q = y.at(i, j, detail::NoProduct{});
            if (p == q) continue;
            const double distance = detail::distance(p, q), size = detail::distance(q, value_t<R>{});
            if (!(distance <= atol + rtol * size) || !(size <= std::numeric_limits<double>::max())) return false;
        }
    }
    return true;
}

}  // namespace GRAM_ISA
}  // namespace gram
