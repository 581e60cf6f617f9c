/// + - * / on matrix expressions.
///
/// Each binary operator has four overloads: a named container is borrowed (and clang warns, by lifetimebound, where
/// the result outlives it); temporaries, views and nodes are taken by value.
#pragma once

#include "gram/expr/operands.hpp"

namespace gram::inline GRAM_ISA {

/// Element-wise sum. shape_error when extents differ; an extent of 1 in the type is stretched.
/// @snippet basics.cpp operators
template <Container L, Container R>
    requires detail::Elementwise<L, R>
auto operator+(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Plus{}, l, r); }
template <Container L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto operator+(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Plus{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Elementwise<L, R>
auto operator+(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Plus{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto operator+(L&& l, R&& r) { return detail::make_zip(Plus{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise difference.
/// @snippet basics.cpp operators
template <Container L, Container R>
    requires detail::Elementwise<L, R>
auto operator-(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Minus{}, l, r); }
template <Container L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto operator-(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Minus{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Elementwise<L, R>
auto operator-(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Minus{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto operator-(L&& l, R&& r) { return detail::make_zip(Minus{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise quotient.
/// @snippet basics.cpp operators
template <Container L, Container R>
    requires detail::Elementwise<L, R>
auto operator/(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) {
    return detail::make_zip(Divide{}, l, r);
}
template <Container L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto operator/(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Divide{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Elementwise<L, R>
auto operator/(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Divide{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto operator/(L&& l, R&& r) { return detail::make_zip(Divide{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise product.
/// @snippet basics.cpp operators
template <Container L, Container R>
    requires detail::Elementwise<L, R>
auto hadamard(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Times{}, l, r); }
template <Container L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto hadamard(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Times{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Elementwise<L, R>
auto hadamard(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Times{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Elementwise<L, R>
auto hadamard(L&& l, R&& r) { return detail::make_zip(Times{}, std::forward<L>(l), std::forward<R>(r)); }
/// Matrix product, m×k times k×n. shape_error when the inner extents differ.
/// @snippet basics.cpp operators
template <Container L, Container R>
    requires detail::Multipliable<L, R>
auto operator*(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_product(l, r); }
template <Container L, detail::Passing R>
    requires detail::Multipliable<L, R>
auto operator*(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_product(l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Multipliable<L, R>
auto operator*(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_product(std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Multipliable<L, R>
auto operator*(L&& l, R&& r) { return detail::make_product(std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise maximum; NaN where either operand is.
/// @snippet elementwise.cpp extremes
template <Container L, Container R>
    requires detail::Comparable<L, R>
auto maximum(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Maximum{}, l, r); }
template <Container L, detail::Passing R>
    requires detail::Comparable<L, R>
auto maximum(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Maximum{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Comparable<L, R>
auto maximum(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Maximum{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Comparable<L, R>
auto maximum(L&& l, R&& r) { return detail::make_zip(Maximum{}, std::forward<L>(l), std::forward<R>(r)); }
/// Element-wise minimum; NaN where either operand is.
/// @snippet elementwise.cpp extremes
template <Container L, Container R>
    requires detail::Comparable<L, R>
auto minimum(const L& l GRAM_LIFETIMEBOUND, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Minimum{}, l, r); }
template <Container L, detail::Passing R>
    requires detail::Comparable<L, R>
auto minimum(const L& l GRAM_LIFETIMEBOUND, R&& r) { return detail::make_zip(Minimum{}, l, std::forward<R>(r)); }
template <detail::Passing L, Container R>
    requires detail::Comparable<L, R>
auto minimum(L&& l, const R& r GRAM_LIFETIMEBOUND) { return detail::make_zip(Minimum{}, std::forward<L>(l), r); }
template <detail::Passing L, detail::Passing R>
    requires detail::Comparable<L, R>
auto minimum(L&& l, R&& r) { return detail::make_zip(Minimum{}, std::forward<L>(l), std::forward<R>(r)); }
/// Every element times a number.
/// @snippet basics.cpp operators
template <Container E, detail::ScalarFor<value_t<E>> S>
auto operator*(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(ScaleBy<T>{detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
auto operator*(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(ScaleBy<T>{detail::to_scalar<T>(s)}, std::forward<E>(e));
}
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator*(S s, const E& e GRAM_LIFETIMEBOUND) {
    using T = value_t<E>;
    return detail::make_map(ScaleBy<T>{detail::to_scalar<T>(s)}, e);
}
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator*(S s, E&& e) {
    using T = value_t<E>;
    return detail::make_map(ScaleBy<T>{detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// A number added to every element.
/// @snippet basics.cpp operators
template <Container E, detail::ScalarFor<value_t<E>> S>
auto operator+(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Plus, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
auto operator+(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Plus, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator+(S s, const E& e GRAM_LIFETIMEBOUND) {
    using T = value_t<E>;
    return detail::make_map(WithLeft<Plus, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator+(S s, E&& e) {
    using T = value_t<E>;
    return detail::make_map(WithLeft<Plus, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// A number subtracted from every element, or every element from it.
/// @snippet basics.cpp operators
template <Container E, detail::ScalarFor<value_t<E>> S>
auto operator-(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Minus, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
auto operator-(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Minus, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator-(S s, const E& e GRAM_LIFETIMEBOUND) {
    using T = value_t<E>;
    return detail::make_map(WithLeft<Minus, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator-(S s, E&& e) {
    using T = value_t<E>;
    return detail::make_map(WithLeft<Minus, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// Every element divided by a number, or a number by every element.
/// @snippet basics.cpp operators
template <Container E, detail::ScalarFor<value_t<E>> S>
auto operator/(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Divide, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
auto operator/(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Divide, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator/(S s, const E& e GRAM_LIFETIMEBOUND) {
    using T = value_t<E>;
    return detail::make_map(WithLeft<Divide, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>>
auto operator/(S s, E&& e) {
    using T = value_t<E>;
    return detail::make_map(WithLeft<Divide, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
/// The larger of every element and a number.
/// @snippet elementwise.cpp extremes
template <Container E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto maximum(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Maximum, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto maximum(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Maximum, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto maximum(S s, const E& e GRAM_LIFETIMEBOUND) { return maximum(e, s); }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto maximum(S s, E&& e) { return maximum(std::forward<E>(e), s); }
/// The smaller of every element and a number.
/// @snippet elementwise.cpp extremes
template <Container E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto minimum(const E& e GRAM_LIFETIMEBOUND, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Minimum, T>{{}, detail::to_scalar<T>(s)}, e);
}
template <detail::Passing E, detail::ScalarFor<value_t<E>> S>
    requires detail::Ordered<E>
auto minimum(E&& e, S s) {
    using T = value_t<E>;
    return detail::make_map(WithRight<Minimum, T>{{}, detail::to_scalar<T>(s)}, std::forward<E>(e));
}
template <class S, Container E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto minimum(S s, const E& e GRAM_LIFETIMEBOUND) { return minimum(e, s); }
template <class S, detail::Passing E>
    requires detail::ScalarFor<S, value_t<E>> && detail::Ordered<E>
auto minimum(S s, E&& e) { return minimum(std::forward<E>(e), s); }
/// Every element negated.
/// @snippet basics.cpp operators
template <Container E>
auto operator-(const E& e GRAM_LIFETIMEBOUND) {
    return detail::make_map(Negate{}, e);
}
template <detail::Passing E>
auto operator-(E&& e) {
    return detail::make_map(Negate{}, std::forward<E>(e));
}

}  // namespace gram::inline GRAM_ISA
