/// Spread and dependence: variance, standard deviation, weighted means, covariance, correlation; logsumexp.
///
/// Variances are two-pass: the mean first, then the sum of squared deviations with the correction of Chan, Golub and
/// LeVeque (The American Statistician 37, 1983), which removes what rounding left in the mean. All sums are pairwise,
/// so the relative error is about log2(n) * eps + (n eps kappa)^2 with kappa = |mean| / stddev, where the textbook
/// formula loses n eps kappa^2. Values whose squares leave the range of T are scaled by a power of two first.
#pragma once

#include <algorithm>

#include "gram/expr/complex.hpp"
#include "gram/expr/counting.hpp"
#include "gram/expr/updates.hpp"
#include "gram/kernel/check.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// sum |x - mean|^2 = squares * 4^exponent.
template <class R>
struct Deviations {
    R squares;
    int exponent;
};

/// |x|^2, element by element.
template <MatrixExpr E>
auto squared_magnitudes(const E& e) {
    if constexpr (is_complex_v<value_t<E>>) {
        return eval(square(real(EvaluatedOnce<E>(e))) + square(imag(EvaluatedOnce<E>(e))));
    } else {
        return eval(square(EvaluatedOnce<E>(e)));
    }
}
/// Squares whose sum neither overflowed nor lost bits below the smallest normal number.
template <class R>
bool in_range(const R& squares) {
    constexpr R low = std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon();
    return kernel::detail::is_finite_bits(squares) && squares >= low;
}
template <class M>
real_t<M> squared_deviations(const Matrix<M>& X) {
    using R = real_t<M>;
    const M center = mean(X);
    const Matrix<M> D = X - center;
    const M rest = sum(D);
    const R squares = sum(squared_magnitudes(D)), correction = std::abs(rest) / std::sqrt(static_cast<R>(X.size()));
    const R corrected = squares - correction * correction;
    return corrected < R{} ? R{} : corrected;
}
template <class M>
Deviations<real_t<M>> deviations(Matrix<M> X) {
    using R = real_t<M>;
    if (X.size() == 0) return {R{}, 0};
    const R squares = squared_deviations(X);
    if (in_range(squares)) return {squares, 0};
    const R largest = max(abs(X));
    if (!kernel::detail::is_finite_bits(largest) || largest == R{}) return {squares, 0};
    const int exponent = std::ilogb(largest) + 2;
    const R first = std::ldexp(R{1}, -exponent / 2), second = std::ldexp(R{1}, -exponent - (-exponent / 2));
    for (M& x : X) x = x * first * second;
    return {squared_deviations(X), exponent};
}

/// The variance (Root: its root) from deviations of n numbers. NaN unless ddof < n.
template <bool Root, class R>
R spread_of(const Deviations<R>& d, index_t n, index_t ddof) {
    if (n <= ddof) return std::numeric_limits<R>::quiet_NaN();
    const R variance = d.squares / static_cast<R>(n - ddof);
    return Root ? std::ldexp(std::sqrt(variance), d.exponent) : std::ldexp(variance, 2 * d.exponent);
}
template <bool Root, MatrixExpr E>
real_t<mean_t<value_t<E>>> spread(const E& e, index_t ddof) {
    using M = mean_t<value_t<E>>;
    return spread_of<Root>(deviations(Matrix<M>(cast<M>(EvaluatedOnce<E>(e)))), e.rows() * e.cols(), ddof);
}
template <bool Root, int Axis, MatrixExpr E>
auto spread_along(const E& e, index_t ddof) {
    using M = mean_t<value_t<E>>;
    using R = real_t<M>;
    const Matrix<M, rows_v<E>, cols_v<E>> X = cast<M>(EvaluatedOnce<E>(e));
    auto result = make_reduced<Axis, R>(e);
    const index_t n = Axis == 0 ? e.rows() : e.cols();
    if (n == 0) {
        for (R& x : result) x = std::numeric_limits<R>::quiet_NaN();
        return result;
    }
    const auto centers = mean<Axis>(X);
    const Matrix<M, rows_v<E>, cols_v<E>> D = X - centers;
    const auto rest = sum<Axis>(D);
    const auto squares = sum<Axis>(squared_magnitudes(D));
    for (index_t o = 0; o < result.size(); ++o) {
        const R correction = std::abs(rest[o]) / std::sqrt(static_cast<R>(n));
        const R corrected = squares[o] - correction * correction;
        Deviations<R> d{corrected < R{} ? R{} : corrected, 0};
        if (!in_range(corrected)) {  // constant, not finite, or in need of scaling
            Matrix<M> line(1, n, uninitialized);
            for (index_t p = 0; p < n; ++p) line(0, p) = Axis == 0 ? X(p, o) : X(o, p);
            d = deviations(std::move(line));
        }
        result[o] = spread_of<Root>(d, n, ddof);
    }
    return result;
}

template <VectorExpr E>
auto as_column(const E& e) {
    Vector<value_t<E>> x(e.rows() * e.cols(), uninitialized);
    const auto reader = reader_of(e);
    for (index_t i = 0; i < x.size(); ++i)
        x[i] = cols_v<E> == 1 ? reader.at(i, 0, NoProduct{}) : reader.at(0, i, NoProduct{});
    return x;
}
/// What is not NaN in a line.
template <class T>
Vector<T> present_elements(std::span<T> line) {
    const auto end = std::remove_if(line.begin(), line.end(), [](const T& x) { return is_nan(x); });
    Vector<T> x(end - line.begin(), uninitialized);
    std::copy(line.begin(), end, x.begin());
    return x;
}
[[noreturn]] inline void refuse_weights(const char* name) {
    throw std::invalid_argument(std::string(name) + ": the weights add to zero");
}

}  // namespace detail

/// Variance of all elements: sum |x - mean|^2 / (n - ddof). ddof = 0 (NumPy's default) is the variance of the elements,
/// ddof = 1 estimates that of the population they are drawn from. Integers give a double, complex numbers a real one.
/// NaN unless ddof < n; NaN and infinities give NaN. Two passes, one copy. Deterministic.
/// @snippet reductions.cpp variance
template <MatrixExpr E>
auto var(const E& e, index_t ddof = 0) {
    return detail::spread<false>(e, ddof);
}
/// Variances over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp variance
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto var(const E& e, index_t ddof = 0) { return detail::spread_along<false, Axis>(e, ddof); }
/// Standard deviation: the root of var(e, ddof), also where the variance itself overflows or vanishes.
/// @snippet reductions.cpp variance
template <MatrixExpr E>
auto stddev(const E& e, index_t ddof = 0) {
    return detail::spread<true>(e, ddof);
}
/// Standard deviations over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp variance
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto stddev(const E& e, index_t ddof = 0) { return detail::spread_along<true, Axis>(e, ddof); }

/// Variance of the elements that are not NaN, as var; NaN unless more than ddof of them are there.
/// @snippet reductions.cpp nan
template <MatrixExpr E>
    requires std::floating_point<real_t<value_t<E>>>
auto nanvar(const E& e, index_t ddof = 0) {
    return detail::reduce_all(e, [&](auto line) { return var(detail::present_elements(line), ddof); });
}
/// The same over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp nan
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<real_t<value_t<E>>>)
auto nanvar(const E& e, index_t ddof = 0) {
    return detail::reduce_lines<Axis, real_t<value_t<E>>>(
        e, [&](auto line) { return var(detail::present_elements(line), ddof); });
}
/// Standard deviation of the elements that are not NaN, as stddev.
/// @snippet reductions.cpp nan
template <MatrixExpr E>
    requires std::floating_point<real_t<value_t<E>>>
auto nanstd(const E& e, index_t ddof = 0) {
    return detail::reduce_all(e, [&](auto line) { return stddev(detail::present_elements(line), ddof); });
}
/// The same over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp nan
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<real_t<value_t<E>>>)
auto nanstd(const E& e, index_t ddof = 0) {
    return detail::reduce_lines<Axis, real_t<value_t<E>>>(
        e, [&](auto line) { return stddev(detail::present_elements(line), ddof); });
}

/// Weighted mean sum(w x) / sum(w); shape_error unless the shapes agree, std::invalid_argument when the weights add to
/// zero.
/// @snippet reductions.cpp average
template <MatrixExpr E, MatrixExpr W>
    requires SameValueType<E, W> && std::floating_point<real_t<value_t<E>>>
auto average(const E& e, const W& weights) {
    using T = value_t<E>;
    const T total = sum(weights);
    if (e.rows() != weights.rows() || e.cols() != weights.cols()) {
        throw_shape("average", e.rows(), e.cols(), "weighted by", weights.rows(), weights.cols());
    }
    if (total == T{}) detail::refuse_weights("average");
    return static_cast<T>(sum(hadamard(detail::EvaluatedOnce<E>(e), detail::EvaluatedOnce<W>(weights))) / total);
}
/// Weighted means over rows (Axis 0: a RowVector; one weight for each row) or over columns (Axis 1: a Vector; one for
/// each column).
/// @snippet reductions.cpp average
template <int Axis, MatrixExpr E, VectorExpr W>
    requires((Axis == 0 || Axis == 1) && SameValueType<E, W> && std::floating_point<real_t<value_t<E>>>)
auto average(const E& e, const W& weights) {
    using T = value_t<E>;
    const Vector<T> w = detail::as_column(weights);
    if (w.size() != (Axis == 0 ? e.rows() : e.cols())) {
        throw_shape("average", e.rows(), e.cols(), "weighted by", weights.rows(), weights.cols());
    }
    const T total = sum(w);
    if (total == T{}) detail::refuse_weights("average");
    auto result = detail::make_reduced<Axis, T>(e);
    if constexpr (Axis == 0) {
        result = sum<0>(hadamard(detail::EvaluatedOnce<E>(e), w)) / total;
    } else {
        result = sum<1>(hadamard(detail::EvaluatedOnce<E>(e), w.T())) / total;
    }
    return result;
}

/// Covariances of the columns of X, samples in rows (numpy.cov(X, rowvar=False)): (X - mean)^H (X - mean) / (n - ddof),
/// symmetric, features x features. NaN unless ddof < n.
/// @snippet reductions.cpp cov
template <MatrixExpr E>
    requires std::floating_point<value_t<E>> Matrix<value_t<E>> cov(const E& X, index_t ddof = 1) {
        using T = value_t<E>;
        const index_t n = X.rows(), p = X.cols();
        if (n <= ddof || p == 0) {
            Matrix<T> C(p, p, uninitialized);
            std::fill(C.begin(), C.end(), std::numeric_limits<T>::quiet_NaN());
            return C;
        }
        Matrix<T> D(X);
        const RowVector<T> centers = mean<0>(D);
        D = D - centers;
        Matrix<T> C = D.T() * D;
        const RowVector<T> rest = sum<0>(D);
        const T count = static_cast<T>(n);
        for (index_t i = 0; i < p; ++i) {
            for (index_t j = 0; j <= i; ++j) {
                C(i, j) = C(j, i) = (C(i, j) - rest[i] * (rest[j] / count)) / static_cast<T>(n - ddof);
            }
        }
        return C;
    }
/// Covariance of two vectors of one length. shape_error otherwise.
/// @snippet reductions.cpp cov
template <VectorExpr L, VectorExpr R>
    requires SameValueType<L, R> && std::floating_point<value_t<L>> value_t<L> cov(const L& x, const R& y,
                                                                                   index_t ddof = 1) {
        const index_t n = x.rows() * x.cols();
        if (n != y.rows() * y.cols()) throw_shape("cov", x.rows(), x.cols(), "and", y.rows(), y.cols());
        Matrix<value_t<L>> both(n, 2);
        both.col(0) = detail::as_column(x);
        both.col(1) = detail::as_column(y);
        return cov(both, ddof)(0, 1);
    }

/// Correlation coefficients of the columns of X, samples in rows: cov(i, j) / sqrt(var(i) var(j)), in [-1, 1], 1 on the
/// diagonal. A constant column correlates with nothing: NaN, as in NumPy.
/// @snippet reductions.cpp cov
template <MatrixExpr E>
    requires std::floating_point<value_t<E>> Matrix<value_t<E>> corrcoef(const E& X) {
        using T = value_t<E>;
        // Columns of one size first, so that no product of two variances leaves the range.
        const Matrix<T> A(X);
        const RowVector<T> scale = stddev<0>(A);
        RowVector<T> centers = mean<0>(A);
        Matrix<T> Z = (A - centers) / scale;
        Matrix<T> C = cov(Z, 0);
        for (index_t i = 0; i < C.rows(); ++i) {
            for (index_t j = 0; j < i; ++j) {
                const T c = C(i, j);
                C(i, j) = C(j, i) = c > T{1} ? T{1} : (c < T{-1} ? T{-1} : c);
            }
            if (!detail::is_nan(C(i, i))) C(i, i) = T{1};
        }
        return C;
    }
/// Pearson's correlation of two vectors of one length.
/// @snippet reductions.cpp cov
template <VectorExpr L, VectorExpr R>
    requires SameValueType<L, R> && std::floating_point<value_t<L>> value_t<L> corrcoef(const L& x, const R& y) {
        const index_t n = x.rows() * x.cols();
        if (n != y.rows() * y.cols()) throw_shape("corrcoef", x.rows(), x.cols(), "and", y.rows(), y.cols());
        Matrix<value_t<L>> both(n, 2);
        both.col(0) = detail::as_column(x);
        both.col(1) = detail::as_column(y);
        return corrcoef(both)(0, 1);
    }

/// log(sum of e^x) over all elements without overflow: the largest element is taken out first. -inf of an empty matrix.
/// @snippet reductions.cpp logsumexp
template <MatrixExpr E>
    requires std::floating_point<value_t<E>> value_t<E> logsumexp(const E& e) {
        using T = value_t<E>;
        if (e.rows() == 0 || e.cols() == 0) return -std::numeric_limits<T>::infinity();
        const Matrix<T> X(e);
        const T top = max(X);
        if (!kernel::detail::is_finite_bits(top)) return top;  // infinite or NaN
        return top + std::log(sum(exp(X - top)));
    }
/// log(sum of e^x) over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp logsumexp
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<value_t<E>>)
auto logsumexp(const E& e) {
    using T = value_t<E>;
    auto result = detail::make_reduced<Axis, T>(e);
    detail::for_each_line<Axis>(e, [&](index_t o, std::span<T> x) {
        Matrix<T> line(1, static_cast<index_t>(x.size()), uninitialized);
        std::copy(x.begin(), x.end(), line.begin());
        result[o] = logsumexp(line);
    });
    return result;
}

}  // namespace gram::inline GRAM_ISA
