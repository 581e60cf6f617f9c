/// Comparisons: < <= > >= and `equal` element by element, == and != of whole matrices.
#pragma once

#include "gram/expr/operands.hpp"

namespace gram::inline GRAM_ISA {

/// Element-wise comparison: a bool for each element.
/// @snippet elementwise.cpp compare
template <Container L, Container R>
    requires detail::Comparable<L, R>
auto operator<(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Less{}, l, r); }
template <Container L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator<(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Less{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Comparable<L, R>
auto operator<(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Less{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator<(L&& l, R&& r) { return detail::make_zip(Less{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise comparison: a bool for each element.
/// @snippet elementwise.cpp compare
template <Container L, Container R>
    requires detail::Comparable<L, R>
auto operator<=(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) {
    return detail::make_zip(LessEqual{}, l, r);
}
template <Container L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator<=(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(LessEqual{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Comparable<L, R>
auto operator<=(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(LessEqual{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator<=(L&& l, R&& r) { return detail::make_zip(LessEqual{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise comparison: a bool for each element.
/// @snippet elementwise.cpp compare
template <Container L, Container R>
    requires detail::Comparable<L, R>
auto operator>(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) {
    return detail::make_zip(Greater{}, l, r);
}
template <Container L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator>(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Greater{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Comparable<L, R>
auto operator>(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Greater{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator>(L&& l, R&& r) { return detail::make_zip(Greater{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise comparison: a bool for each element.
/// @snippet elementwise.cpp compare
template <Container L, Container R>
    requires detail::Comparable<L, R>
auto operator>=(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) {
    return detail::make_zip(GreaterEqual{}, l, r);
}
template <Container L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator>=(const L& l GRAM_LIFETIMEBOUND, R&& r) {
    return detail::make_zip(GreaterEqual{}, l, std::forward<R>(r));
}
template <detail::Passing L, Container R>
    requires detail::Comparable<L, R>
auto operator>=(L&& l, const R& r GRAM_LIFETIMEBOUND) {
    return detail::make_zip(GreaterEqual{}, std::forward<L>(l), r);
}
template <detail::Passing L, detail::Passing R>
    requires detail::Comparable<L, R>
auto operator>=(L&& l, R&& r) { return detail::make_zip(GreaterEqual{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise equality: a bool for each element (`==` compares whole matrices).
/// @snippet elementwise.cpp compare
template <Container L, Container R>
    requires detail::Elementwise<L, R>
auto equal(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(EqualTo{}, l, r); }
template <Container L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto equal(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(EqualTo{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Elementwise<L, R>
auto equal(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(EqualTo{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto equal(L&& l, R&& r) { return detail::make_zip(EqualTo{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise inequality: a bool for each element (`!=` compares whole matrices).
/// @snippet elementwise.cpp compare
template <Container L, Container R>
    requires detail::Elementwise<L, R>
auto not_equal(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) {
    return detail::make_zip(NotEqualTo{}, l, r);
}
template <Container L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto not_equal(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(NotEqualTo{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Elementwise<L, R>
auto not_equal(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(NotEqualTo{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto not_equal(L&& l, R&& r) { return detail::make_zip(NotEqualTo{}, std::forward<L>(l), std::forward<R>(r)); }
/// Every element compared with a number.
/// @snippet elementwise.cpp compare
template <Container E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator<(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Less, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator<(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Less, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// Every element compared with a number.
/// @snippet elementwise.cpp compare
template <Container E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator<=(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<LessEqual, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator<=(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<LessEqual, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// Every element compared with a number.
/// @snippet elementwise.cpp compare
template <Container E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator>(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Greater, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator>(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Greater, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// Every element compared with a number.
/// @snippet elementwise.cpp compare
template <Container E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator>=(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<GreaterEqual, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto operator>=(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<GreaterEqual, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// Every element compared with a number.
/// @snippet elementwise.cpp compare
template <Container E, detail::ScalarFor<value_t<E>> S>
auto equal(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<EqualTo, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
auto equal(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<EqualTo, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// Every element compared with a number.
/// @snippet elementwise.cpp compare
template <Container E, detail::ScalarFor<value_t<E>> S>
auto not_equal(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<NotEqualTo, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
auto not_equal(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<NotEqualTo, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// A number compared with every element.
/// @snippet elementwise.cpp compare
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator<(S s, const E& e GRAM_LIFETIMEBOUND) { return e > s; }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator<(S s, E&& e) { return std::forward<E>(e) > s; }
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator<=(S s, const E& e GRAM_LIFETIMEBOUND) { return e >= s; }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator<=(S s, E&& e) { return std::forward<E>(e) >= s; }
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator>(S s, const E& e GRAM_LIFETIMEBOUND) { return e < s; }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator>(S s, E&& e) { return std::forward<E>(e) < s; }
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator>=(S s, const E& e GRAM_LIFETIMEBOUND) { return e <= s; }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto operator>=(S s, E&& e) { return std::forward<E>(e) <= s; }
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>>
auto equal(S s, const E& e GRAM_LIFETIMEBOUND) { return equal(e, s); }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>>
auto equal(S s, E&& e) { return equal(std::forward<E>(e), s); }
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>>
auto not_equal(S s, const E& e GRAM_LIFETIMEBOUND) { return not_equal(e, s); }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>>
auto not_equal(S s, E&& e) { return not_equal(std::forward<E>(e), s); }
/// True when shapes and all elements are equal (so false wherever there is a NaN).
/// @snippet elementwise.cpp compare
template <MatrixExpr L, MatrixExpr R>
    requires SameValueType<L, R>
bool operator==(const L& l, const R& r) {
    if (l.rows() != r.rows() || l.cols() != r.cols()) return false;
    const auto a = detail::reader_of(l);
    const auto b = detail::reader_of(r);
    for (index_t i = 0; i < l.rows(); ++i) {
        for (index_t j = 0; j < l.cols(); ++j) {
            if (!(a.at(i, j, detail::NoProduct{}) == b.at(i, j, detail::NoProduct{}))) return false;
        }
    }
    return true;
}

}  // namespace gram::inline GRAM_ISA
