/// Piecewise linear curves: interpolation and the area under them. The vector product of space.
#pragma once

#include "gram/expr/line_access.hpp"

namespace gram::inline GRAM_ISA {

/// The values at x of the line through the points (xs[k], ys[k]), for xs in ascending order: ys[0] before the first
/// point, the last one behind the last; NaN at NaN. The shape of x. O(log n) for each.
/// shape_error unless xs and ys have one length, std::invalid_argument when they are empty or xs descends or holds NaN.
/// @snippet reductions.cpp interp
template <MatrixExpr E, VectorExpr X, VectorExpr Y>
    requires SameValueType<E, X> && SameValueType<X, Y> && std::floating_point<value_t<E>>
auto interp(const E& x, const X& xs, const Y& ys) {
    using T = value_t<E>;
    if (xs.rows() * xs.cols() != ys.rows() * ys.cols()) {
        throw_shape("interp", xs.rows(), xs.cols(), "and", ys.rows(), ys.cols());
    }
    const Matrix<T> places(xs), heights(ys);
    const index_t n = places.size();
    const T* const p = places.data();
    const T* const h = heights.data();
    if (n == 0) throw std::invalid_argument("interp: through no points");
    for (index_t k = 0; k < n; ++k) {
        if (detail::is_nan(p[k]) || (k > 0 && p[k] < p[k - 1])) {
            throw std::invalid_argument("interp: the places do not ascend at " + std::to_string(k));
        }
    }
    auto result = detail::make_like<T>(x);
    const auto reader = detail::reader_of(x);
    for (index_t i = 0; i < x.rows(); ++i) {
        for (index_t j = 0; j < x.cols(); ++j) {
            const T at = reader.at(i, j, detail::NoProduct{});
            if (detail::is_nan(at)) {
                result.ref()(i, j) = at;
                continue;
            }
            const index_t k = std::upper_bound(p, p + n, at) - p;
            if (k == 0 || k == n) {
                result.ref()(i, j) = h[k == 0 ? 0 : n - 1];
            } else {
                const T share = (at - p[k - 1]) / (p[k] - p[k - 1]);
                result.ref()(i, j) = h[k - 1] + share * (h[k] - h[k - 1]);
            }
        }
    }
    return result;
}

/// The area under the line through the values y at distance `step`: the trapezoidal rule. 0 of fewer than two.
/// @snippet reductions.cpp interp
template <VectorExpr Y>
    requires std::floating_point<value_t<Y>> value_t<Y> trapezoid(const Y& y, value_t<Y> step = 1) {
        using T = value_t<Y>;
        const Matrix<T> h(y);
        if (h.size() < 2) return T{};
        const T ends = (*h.data() + h.data()[h.size() - 1]) / 2;
        return step * (sum(h) - ends);
    }
/// The same for the values y at the places x; negative where x descends. shape_error unless both have one length.
/// @snippet reductions.cpp interp
template <VectorExpr Y, VectorExpr X>
    requires SameValueType<Y, X> && std::floating_point<value_t<Y>> value_t<Y> trapezoid(const Y& y, const X& x) {
        using T = value_t<Y>;
        if (x.rows() * x.cols() != y.rows() * y.cols()) {
            throw_shape("trapezoid", y.rows(), y.cols(), "at", x.rows(), x.cols());
        }
        const Matrix<T> h(y), p(x);
        detail::PairwiseSum<T> area;
        for (index_t k = 1; k < h.size(); ++k) {
            area.add((h.data()[k - 1] + h.data()[k]) / 2 * (p.data()[k] - p.data()[k - 1]));
        }
        return area.total();
    }

/// The vector product of two vectors of three elements: orthogonal to both. Lies as a does. shape_error otherwise.
/// @snippet reductions.cpp cross
template <VectorExpr A, VectorExpr B>
    requires SameValueType<A, B>
auto cross(const A& a, const B& b) {
    using T = value_t<A>;
    if (a.rows() * a.cols() != 3 || b.rows() * b.cols() != 3) {
        throw_shape("cross", a.rows(), a.cols(), "and", b.rows(), b.cols());
    }
    const Matrix<T> left(a), right(b);
    const T* const x = left.data();
    const T* const y = right.data();
    auto z = detail::make_like<T>(a);
    z[0] = static_cast<T>(x[1] * y[2] - x[2] * y[1]);
    z[1] = static_cast<T>(x[2] * y[0] - x[0] * y[2]);
    z[2] = static_cast<T>(x[0] * y[1] - x[1] * y[0]);
    return z;
}

}  // namespace gram::inline GRAM_ISA
