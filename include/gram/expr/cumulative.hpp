/// Running sums, products and extremes; differences of neighbours.
#pragma once

#include "gram/expr/line_access.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// result[0] = x[0], result[p] = f(result[p - 1], x[p]), over all elements in row order.
template <class S, MatrixExpr E, class F>
like_vector_t<S, E> running(const E& e, F f) {
    auto result = make_like_vector<S, E>(e.rows() * e.cols());
    index_t p = 0;
    fold(0, e, [&](int, const auto& x, index_t, index_t) {
        result[p] = p == 0 ? static_cast<S>(x) : f(result[p - 1], static_cast<S>(x));
        ++p;
    });
    return result;
}
template <int Axis, class S, MatrixExpr E, class F>
auto running_along(const E& e, F f) {
    auto result = make_like<S>(e);
    const auto reader = reader_of(e);
    for (index_t i = 0; i < e.rows(); ++i) {
        for (index_t j = 0; j < e.cols(); ++j) {
            const S x = static_cast<S>(reader.at(i, j, NoProduct{}));
            const bool first = (Axis == 0 ? i : j) == 0;
            result(i, j) = first ? x : f(Axis == 0 ? result(i - 1, j) : result(i, j - 1), x);
        }
    }
    return result;
}
struct AddStep {
    template <class S>
    S operator()(const S& a, const S& b) const {
        return static_cast<S>(a + b);
    }
};
struct MultiplyStep {
    template <class S>
    S operator()(const S& a, const S& b) const {
        return static_cast<S>(a * b);
    }
};

}  // namespace detail

/// Sums of all elements up to each one, in row order: a vector that lies as e does, a column for a matrix. Integers are
/// added in 64 bits. The order is the plain one, so the error grows with the length.
/// @snippet reductions.cpp cumulative
template <MatrixExpr E>
auto cumsum(const E& e) {
    return detail::running<detail::sum_t<value_t<E>>>(e, detail::AddStep{});
}
/// Running sums down the columns (Axis 0) or along the rows (Axis 1): a matrix of the shape of e.
/// @snippet reductions.cpp cumulative
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto cumsum(const E& e) { return detail::running_along<Axis, detail::sum_t<value_t<E>>>(e, detail::AddStep{}); }
/// Products of all elements up to each one, in row order.
/// @snippet reductions.cpp cumulative
template <MatrixExpr E>
auto cumprod(const E& e) {
    return detail::running<detail::sum_t<value_t<E>>>(e, detail::MultiplyStep{});
}
/// Running products down the columns (Axis 0) or along the rows (Axis 1).
/// @snippet reductions.cpp cumulative
template <int Axis, MatrixExpr E>
    requires(Axis == 0 || Axis == 1)
auto cumprod(const E& e) { return detail::running_along<Axis, detail::sum_t<value_t<E>>>(e, detail::MultiplyStep{}); }
/// The largest (smallest) element so far, in row order; NaN from the first NaN on (numpy.maximum.accumulate).
/// @snippet reductions.cpp cumulative
template <MatrixExpr E>
    requires std::is_arithmetic_v<value_t<E>>
auto cummax(const E& e) { return detail::running<value_t<E>>(e, Maximum{}); }
template <MatrixExpr E>
    requires std::is_arithmetic_v<value_t<E>>
auto cummin(const E& e) { return detail::running<value_t<E>>(e, Minimum{}); }
/// The same down the columns (Axis 0) or along the rows (Axis 1).
/// @snippet reductions.cpp cumulative
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::is_arithmetic_v<value_t<E>>)
auto cummax(const E& e) { return detail::running_along<Axis, value_t<E>>(e, Maximum{}); }
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::is_arithmetic_v<value_t<E>>)
auto cummin(const E& e) { return detail::running_along<Axis, value_t<E>>(e, Minimum{}); }

/// Differences of neighbours down the columns (Axis 0) or along the rows (Axis 1): one line fewer; none of no lines.
/// @snippet reductions.cpp cumulative
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && !std::same_as<value_t<E>, bool>)
Matrix<value_t<E>> diff(const E& e) {
    using T = value_t<E>;
    const Matrix<T> A(e);
    const index_t m = A.rows(), n = A.cols();
    Matrix<T> D(Axis == 0 && m > 0 ? m - 1 : m, Axis == 1 && n > 0 ? n - 1 : n, uninitialized);
    for (index_t i = 0; i < D.rows(); ++i) {
        for (index_t j = 0; j < D.cols(); ++j) {
            D(i, j) = static_cast<T>(A(Axis == 0 ? i + 1 : i, Axis == 1 ? j + 1 : j) - A(i, j));
        }
    }
    return D;
}
/// Differences of the neighbours of a vector, `times` times over: a vector that lies as x does.
/// @snippet reductions.cpp cumulative
template <VectorExpr E>
    requires(!std::same_as<value_t<E>, bool>)
auto diff(const E& x, index_t times = 1) {
    using T = value_t<E>;
    if (times < 0) throw std::invalid_argument("diff: " + std::to_string(times) + " times");
    const Matrix<T> copy(x);
    const index_t n = copy.size(), left = n > times ? n - times : 0;
    Vector<T> d(n);
    std::copy(copy.begin(), copy.end(), d.begin());
    for (index_t k = 1; k <= times && k < n; ++k) {
        for (index_t p = 0; p < n - k; ++p) d[p] = static_cast<T>(d[p + 1] - d[p]);
    }
    auto result = detail::make_like_vector<T, E>(left);
    std::copy_n(d.begin(), left, result.begin());
    return result;
}

}  // namespace gram::inline GRAM_ISA
