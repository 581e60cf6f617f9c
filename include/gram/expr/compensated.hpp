/// Sums and inner products as accurate as if computed in twice the precision, then rounded.
///
/// Each operation's rounding error is computed exactly (TwoSum of Knuth, TwoProduct by a fused multiply-add) and added
/// up beside the result: Neumaier, ZAMM 54 (1974); Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26 (2005). -ffast-math
/// allows a compiler to drop these errors: then no more than a plain sum is promised.
#pragma once

#include "gram/expr/line_access.hpp"
#include "gram/expr/norms.hpp"
#include "gram/kernel/check.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// A running sum and the sum of what its roundings lost.
template <class T>
class CompensatedSum {
public:
    void add(T x) {
        const T s = sum_ + x;
        const T part = s - sum_;
        lost_ += (sum_ - (s - part)) + (x - part);
        sum_ = s;
    }
    void add_product(T x, T y) {
        const T p = x * y;
        lost_ += std::fma(x, y, -p);
        add(p);
    }
    /// The plain sum where it is not finite: the errors then are NaN.
    [[nodiscard]] T total() const { return kernel::detail::is_finite_bits(lost_) ? sum_ + lost_ : sum_; }

private:
    T sum_{}, lost_{};
};

}  // namespace detail

/// Sum of all elements with an error of eps |sum| + (n eps)^2 sum |x|: independent of cancellation until the condition
/// sum |x| / |sum| nears 1 / (n eps). About four times the work of sum. Same result for every layout.
/// @snippet reductions.cpp compensated
template <MatrixExpr E>
    requires std::floating_point<value_t<E>> value_t<E> sum_compensated(const E& e) {
        return detail::fold(detail::CompensatedSum<value_t<E>>{}, e,
                            [](auto& s, const auto& x, index_t, index_t) { s.add(x); })
            .total();
    }
/// The same over rows (Axis 0: a RowVector) or over columns (Axis 1: a Vector).
/// @snippet reductions.cpp compensated
template <int Axis, MatrixExpr E>
    requires((Axis == 0 || Axis == 1) && std::floating_point<value_t<E>>)
auto sum_compensated(const E& e) {
    using T = value_t<E>;
    auto result = detail::make_reduced<Axis, T>(e);
    detail::for_each_line<Axis>(e, [&](index_t o, std::span<T> line) {
        detail::CompensatedSum<T> s;
        for (const T x : line) s.add(x);
        result[o] = s.total();
    });
    return result;
}
/// Inner product of two real vectors of one length as if in twice the precision, unless a product underflows.
/// shape_error.
/// @snippet reductions.cpp compensated
template <VectorExpr L, VectorExpr R>
    requires SameValueType<L, R> && std::floating_point<value_t<L>> value_t<L> dot_compensated(const L& l, const R& r) {
        detail::require_same_length("dot_compensated", l, r);
        Matrix<value_t<L>> left, right;
        const auto x = detail::elements(l, left);
        const auto y = detail::elements(r, right);
        detail::CompensatedSum<value_t<L>> s;
        for (index_t i = 0; i < x.size; ++i) s.add_product(x[i], y[i]);
        return s.total();
    }

}  // namespace gram::inline GRAM_ISA
