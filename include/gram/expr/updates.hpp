/// A += e, A -= e, A *= number, A /= number, on containers and through views.
#pragma once

#include "gram/expr/operators.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Borrows a node for the length of one statement, so that move-only nodes need not be moved.
template <class E>
class EvaluatedOnce {
public:
    using value_type = value_t<E>;
    static constexpr index_t static_rows = rows_v<E>;
    static constexpr index_t static_cols = cols_v<E>;
    static constexpr int products = detail::products<E>();

    explicit EvaluatedOnce(const E& e) : e_(&e) {}
    [[nodiscard]] index_t rows() const { return e_->rows(); }
    [[nodiscard]] index_t cols() const { return e_->cols(); }
    value_type operator()(index_t i, index_t j) const { return (*e_)(i, j); }
    [[nodiscard]] const E& operand() const { return *e_; }
    template <Products Mode>
    auto reader() const {
        return bind<Mode>(*e_);
    }
    [[nodiscard]] Overlap overlap(const Region& dst) const { return detail::overlap(*e_, dst); }
    [[nodiscard]] Overlap overlap_outside_products(const Region& dst) const {
        return detail::overlap_outside_products(*e_, dst);
    }
    void check() const { detail::check(*e_); }

private:
    const E* e_;
};

}  // namespace detail
}  // namespace gram::inline GRAM_ISA

namespace gram {
template <class E>
inline constexpr bool enable_matrix_expr<detail::EvaluatedOnce<E>> = true;
}  // namespace gram

namespace gram::inline GRAM_ISA {
namespace detail {

/// What += writes to: a named container, or a view (also a temporary one).
template <class D>
concept Updatable = MatrixExpr<D> &&
    ((Container<D> && std::is_lvalue_reference_v<D>) ||
     !Container<D>)&&!std::is_const_v<std::remove_reference_t<decltype(*std::declval<D>().ref().data)>>;

/// A sum or difference of two scaled products: GEMM twice.
template <class E>
concept SumOfProducts = SameShapeSum<E> &&
    is_scaled_product<std::remove_cvref_t<decltype(std::declval<const E&>().left())>>() &&
    is_scaled_product<std::remove_cvref_t<decltype(std::declval<const E&>().right())>>();

template <class F, class D, class E>
void update(D& dst, const E& e, F f, int sign) {
    using T = value_t<D>;
    if constexpr (SumOfProducts<E>) {
        check(e);
        require_same_shape(dst, e, F::symbol);
        const T first = static_cast<T>(static_cast<T>(sign) * scale_of<T>(e.left()));
        const T second = static_cast<T>(static_cast<T>(sign * e.function().right_sign()) * scale_of<T>(e.right()));
        if (moves_out(first) && moves_out(second) &&
            overlap(e, region_of(kernel::MatRef<const T>(dst.ref()))) == Overlap::none) {
            evaluate_product<simd::native_arch>(first, the_product(e.left()), T{1}, dst.ref());
            return evaluate_product<simd::native_arch>(second, the_product(e.right()), T{1}, dst.ref());
        }
    }
    if constexpr (is_scaled_product<E>()) {
        check(e);
        require_same_shape(dst, e, F::symbol);
        const T alpha = static_cast<T>(static_cast<T>(sign) * scale_of<T>(e));
        if (moves_out(alpha) && overlap(e, region_of(kernel::MatRef<const T>(dst.ref()))) == Overlap::none) {
            return evaluate_product<simd::native_arch>(alpha, the_product(e), T{1}, dst.ref());
        }
    }
    if constexpr (Container<E>) {
        dst = make_zip(f, dst, e);
    } else {
        dst = Zip<F, captured_t<D&>, EvaluatedOnce<E>>(f, capture(dst), EvaluatedOnce<E>(e));
    }
}

}  // namespace detail

/// A += e: GEMM with beta = 1 where e is a product that reads nothing of A. The shape of A does not change.
/// @snippet basics.cpp update
template <class D, MatrixExpr E>
    requires detail::Updatable<D> && detail::Elementwise<D, E> D && operator+=(D&& dst, const E& e) {
        detail::update(dst, e, Plus{}, 1);
        return std::forward<D>(dst);
    }
    /// A -= e, as +=.
    /// @snippet basics.cpp update
    template <class D, MatrixExpr E>
        requires detail::Updatable<D> && detail::Elementwise<D, E> D && operator-=(D&& dst, const E& e) {
            detail::update(dst, e, Minus{}, -1);
            return std::forward<D>(dst);
        }
        /// Every element of A += a number.
        template <class D, class S>
            requires detail::Updatable<D> && detail::ScalarFor<S, value_t<D>> D && operator+=(D&& dst, S s) {
                dst = dst + s;
                return std::forward<D>(dst);
            }
            /// Every element of A -= a number.
            template <class D, class S>
                requires detail::Updatable<D> && detail::ScalarFor<S, value_t<D>> D && operator-=(D&& dst, S s) {
                    dst = dst - s;
                    return std::forward<D>(dst);
                }
                /// Every element of A *= a number.
                /// @snippet basics.cpp update
                template <class D, class S>
                    requires detail::Updatable<D> && detail::ScalarFor<S, value_t<D>> D && operator*=(D&& dst, S s) {
                        dst = dst * s;
                        return std::forward<D>(dst);
                    }
                    /// Every element of A /= a number.
                    /// @snippet basics.cpp update
                    template <class D, class S>
                        requires detail::Updatable<D> && detail::ScalarFor<S, value_t<D>> D && operator/=(D&& dst,
                                                                                                          S s) {
                            dst = dst / s;
                            return std::forward<D>(dst);
                        }

}  // namespace gram::inline GRAM_ISA
