/// Elements as members of sets: isin, unite, intersect, setdiff.
///
/// A NaN equals nothing, so it is a member of no set; unite keeps one, as unique does. O(n log n).
#pragma once

#include <algorithm>
#include <vector>

#include "gram/expr/sorting.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Values in ascending order without NaN: what members are looked up in.
template <class T>
class Members {
public:
    template <MatrixExpr E>
    explicit Members(const E& e) {
        const Matrix<T> x(e);
        for (index_t i = 0; i < x.size(); ++i)
            if (!is_nan(x.data()[i])) sorted_.push_back(x.data()[i]);
        std::sort(sorted_.begin(), sorted_.end());
    }
    [[nodiscard]] bool hold(const T& x) const {
        return !is_nan(x) && std::binary_search(sorted_.begin(), sorted_.end(), x);
    }

private:
    std::vector<T> sorted_;
};

/// The distinct elements of a, ascending, that are (Member) or are not in b.
template <bool Member, class A, class B>
Vector<value_t<A>> distinct_members(const A& a, const B& b) {
    const Members<value_t<A>> members(b);
    std::vector<value_t<A>> kept;
    for (const auto& x : unique(a).values)
        if (members.hold(x) == Member) kept.push_back(x);
    Vector<value_t<A>> result(static_cast<index_t>(kept.size()));
    std::copy(kept.begin(), kept.end(), result.begin());
    return result;
}

}  // namespace detail

/// True where an element of e is among the elements of `set`, a matrix of any shape.
/// @snippet reductions.cpp sets
template <detail::Ordered E, detail::Ordered S>
    requires SameValueType<E, S>
[[nodiscard]] Matrix<bool, rows_v<E>, cols_v<E>> isin(const E& e, const S& set) {
    const detail::Members<value_t<E>> members(set);
    const Matrix<value_t<E>, rows_v<E>, cols_v<E>> x(e);
    Matrix<bool, rows_v<E>, cols_v<E>> found(x.rows(), x.cols());
    for (index_t i = 0; i < x.rows(); ++i)
        for (index_t j = 0; j < x.cols(); ++j) found(i, j) = members.hold(x(i, j));
    return found;
}
/// The distinct elements of both, ascending (numpy.intersect1d).
/// @snippet reductions.cpp sets
template <detail::Ordered A, detail::Ordered B>
    requires SameValueType<A, B>
[[nodiscard]] Vector<value_t<A>> intersect(const A& a, const B& b) { return detail::distinct_members<true>(a, b); }
/// The distinct elements of a that are not in b, ascending (numpy.setdiff1d).
/// @snippet reductions.cpp sets
template <detail::Ordered A, detail::Ordered B>
    requires SameValueType<A, B>
[[nodiscard]] Vector<value_t<A>> setdiff(const A& a, const B& b) { return detail::distinct_members<false>(a, b); }
/// The distinct elements of either, ascending (numpy.union1d).
/// @snippet reductions.cpp sets
template <detail::Ordered A, detail::Ordered B>
    requires SameValueType<A, B>
[[nodiscard]] Vector<value_t<A>> unite(const A& a, const B& b) {
    const Matrix<value_t<A>> x(a), y(b);
    Vector<value_t<A>> both(x.size() + y.size());
    std::copy(x.begin(), x.end(), both.begin());
    std::copy(y.begin(), y.end(), both.begin() + x.size());
    return unique(both).values;
}

}  // namespace gram::inline GRAM_ISA
