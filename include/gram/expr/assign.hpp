/// Assignment: where a description of work is handed to the kernel or loop that does it.
///
/// An expression that reads what the destination writes is evaluated in place where element (i, j) depends on element
/// (i, j) alone, else into one temporary. A single product inside an element-wise expression becomes GEMM with that
/// expression as the epilogue on the register tile: `H = relu(X * W.T() + b)` writes H once.
#pragma once

#include "gram/expr/diagonal.hpp"
#include "gram/expr/dispatched.hpp"
#include "gram/expr/epilogue.hpp"
#include "gram/expr/product.hpp"
#include "gram/kernel/copy.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// The product inside of an element-wise expression that holds exactly one.
template <class E>
const auto& the_product(const E& e) {
    if constexpr (is_product<E>) {
        return e;
    } else if constexpr (requires { e.operand(); }) {
        return the_product(e.operand());
    } else if constexpr (products<std::remove_cvref_t<decltype(e.left())>>() == 1) {
        return the_product(e.left());
    } else {
        return the_product(e.right());
    }
}

/// e is alpha * product (or the product itself): GEMM's own form.
template <class E>
constexpr bool is_scaled_product() {
    if constexpr (is_product<E>) {
        return true;
    } else if constexpr (requires(const E& e) { e.function().scale(); }) {
        return is_scaled_product<std::remove_cvref_t<decltype(std::declval<const E&>().operand())>>();
    } else {
        return false;
    }
}
template <class T, class E>
T scale_of(const E& e) {
    if constexpr (is_product<E>) {
        return T{1};
    } else {
        return static_cast<T>(static_cast<T>(e.function().scale()) * scale_of<T>(e.operand()));
    }
}

template <class E, class T>
constexpr bool fusable() {
    if constexpr (products<E>() != 1 || is_product<E>) {
        return false;
    } else {
        using P = std::remove_cvref_t<decltype(the_product(std::declval<const E&>()))>;
        return std::same_as<value_t<P>, T> && std::is_floating_point_v<T>;
    }
}

/// GEMM (or GEMV and one pass) with the rest of e applied to what it computes.
template <class Arch, int StaticAxis, class T, class E>
void evaluate_fused(const kernel::MatRef<T>& dst, const E& e) {
    const auto& product = the_product(e);
    const Epilogue<T, decltype(bind<Products::fused>(e))> epilogue{bind<Products::fused>(e)};
    constexpr bool chain = chain_length<std::remove_cvref_t<decltype(product)>>() > 2;
    if (chain || dst.rows == 1 || dst.cols == 1) {
        multiply_factors<Arch>(T{1}, product, T{}, dst);
        run<Arch, true, StaticAxis>(dst, epilogue.reader);
        return;
    }
    const auto left = factor(product.left());
    const auto right = factor(product.right());
    if constexpr (dispatch::covers<Arch, T> && decltype(epilogue.reader)::has_packets) {
        if (multiply_then_finish<Arch, T>(left.ref, right.ref, dst, epilogue.reader)) return;
    }
    kernel::gemm_fused<Arch>(left.ref, right.ref, dst, epilogue);
}

template <class E>
constexpr bool is_scaled_leaf() {
    if constexpr (Leaf<E>) {
        return true;
    } else if constexpr (requires(const E& e) { e.function().scale(); }) {
        return is_scaled_leaf<std::remove_cvref_t<decltype(std::declval<const E&>().operand())>>();
    } else {
        return false;
    }
}
template <class T, class E>
T leaf_scale(const E& e) {
    if constexpr (Leaf<E>) {
        return T{1};
    } else {
        return static_cast<T>(static_cast<T>(e.function().scale()) * leaf_scale<T>(e.operand()));
    }
}

/// dst = alpha * product + beta * dst as one call of GEMM, when e is that. False: nothing was done.
template <class Arch, class T, class P, class C>
bool evaluate_update(const kernel::MatRef<T>& dst, const P& product, const C& addend, T product_sign, T addend_sign) {
    if constexpr (is_scaled_product<P>() && is_scaled_leaf<C>()) {
        const auto region = region_of(kernel::MatRef<const T>(dst));
        const T alpha = product_sign * scale_of<T>(product), beta = addend_sign * leaf_scale<T>(addend);
        if (overlap(addend, region) != Overlap::same_element || !moves_out(alpha) || !moves_out(beta)) return false;
        if (overlap(product, region) != Overlap::none) return false;
        evaluate_product<Arch>(alpha, the_product(product), beta, dst);
        return true;
    } else {
        return false;
    }
}
template <class Arch, class T, class E>
bool evaluate_as_update(const kernel::MatRef<T>& dst, const E& e) {
    if constexpr (requires { e.function().right_sign(); } && std::same_as<value_t<E>, T>) {
        const T sign = static_cast<T>(e.function().right_sign());
        return evaluate_update<Arch>(dst, e.left(), e.right(), T{1}, sign) ||
               evaluate_update<Arch>(dst, e.right(), e.left(), sign, T{1});
    } else {
        return false;
    }
}

template <class Arch, int StaticAxis, class T, class E>
void evaluate(const kernel::MatRef<T>& dst, const E& e);

/// a + b or a - b where neither is stretched.
template <class E>
concept SameShapeSum = requires(const E& e) {
    e.function().right_sign();
    requires rows_v<decltype(e.left())>
    == rows_v<decltype(e.right())>;
    requires cols_v<decltype(e.left())>
    == cols_v<decltype(e.right())>;
};
/// dst = a sum with a product in it as the other term, to which GEMM adds the product. False: nothing was done.
template <class Arch, int StaticAxis, class T, class E>
bool evaluate_as_sum(const kernel::MatRef<T>& dst, const E& e) {
    if constexpr (SameShapeSum<E> && std::same_as<value_t<E>, T>) {
        const T sign = static_cast<T>(e.function().right_sign());
        if constexpr (is_scaled_product<std::remove_cvref_t<decltype(e.right())>>()) {
            if (const T alpha = static_cast<T>(sign * scale_of<T>(e.right())); moves_out(alpha)) {
                evaluate<Arch, StaticAxis>(dst, e.left());
                evaluate_product<Arch>(alpha, the_product(e.right()), T{1}, dst);
                return true;
            }
        }
        if constexpr (is_scaled_product<std::remove_cvref_t<decltype(e.left())>>()) {
            if (const T alpha = scale_of<T>(e.left()); moves_out(alpha)) {
                evaluate<Arch, StaticAxis>(dst, e.right());
                evaluate_product<Arch>(alpha, the_product(e.left()), sign, dst);
                return true;
            }
        }
    }
    return false;
}

/// dst = e, where e reads nothing of dst but the same element, and no product in it reads dst at all.
template <class Arch, int StaticAxis, class T, class E>
void evaluate(const kernel::MatRef<T>& dst, const E& e) {
    if constexpr (Leaf<E>) {
        kernel::copy<Arch>(e.ref(), dst);
        return;
    } else if constexpr (is_diagonal<E>) {
        kernel::fill<Arch>(dst, T{});
        const auto d = dst.diagonal();
        const bool column = cols_v<decltype(e.elements())> == 1;
        return run<Arch, false, -1>(column ? kernel::MatRef<T>{d.data, d.size, 1, d.stride, 1}
                                           : kernel::MatRef<T>{d.data, 1, d.size, 1, d.stride},
                                    bind<Products::materialized>(e.elements()));
    } else if constexpr (is_small_fixed_product<E>()) {
        return multiply_small_fixed<Arch>(e, dst);
    } else if constexpr (is_scaled_product<E>()) {
        const T alpha = scale_of<T>(e);
        if (moves_out(alpha)) return evaluate_product<Arch>(alpha, the_product(e), T{}, dst);
    }
    if constexpr (!Leaf<E> && !is_diagonal<E> && !is_small_fixed_product<E>()) {
        if constexpr (fusable<E, T>()) {
            // GEMM keeps partial sums in dst, so nothing else may still have to read it.
            if (e.overlap_outside_products(region_of(kernel::MatRef<const T>(dst))) == Overlap::none) {
                return evaluate_fused<Arch, StaticAxis>(dst, e);
            }
        }
        if (evaluate_as_update<Arch>(dst, e) || evaluate_as_sum<Arch, StaticAxis>(dst, e)) return;
        run<Arch, false, StaticAxis>(dst, bind<Products::materialized>(e));
    }
}

/// The direction in which a container is contiguous; -1 when only its strides say so.
template <class M>
constexpr int static_axis() {
    if constexpr (!Container<M>) {
        return -1;
    } else if constexpr (cols_v<M> == 1) {
        return rows_v<M> == 1 ? -1 : 0;
    } else {
        return M::is_row_major ? 1 : -1;
    }
}

template <class D, class E>
void require_same_shape(const D& dst, const E& e, const char* op) {
    if (dst.rows() != e.rows() || dst.cols() != e.cols()) {
        throw_shape("assignment", dst.rows(), dst.cols(), op, e.rows(), e.cols());
    }
}

}  // namespace detail

/// A product of matrices in memory whose extents, and those of what it is assigned to, are all in their types and
/// small.
template <class E, class D>
concept FixedProductFor = MatrixExpr<E> &&
    detail::is_small_fixed_product<E>() && std::same_as<value_t<E>, value_t<D>> && rows_v<D>
== rows_v<E>&& cols_v<D> == cols_v<E>;

/// dst, which holds no values yet, becomes e.
template <class Arch, Container D, FixedProductFor<D> E>
GRAM_INLINE void construct_from(D& dst, const E& e) {
    detail::multiply_small_fixed<Arch>(e, dst.ref());
}
template <class Arch, Container D, MatrixExpr E>
void construct_from(D& dst, const E& e) {
    detail::check(e);
    detail::evaluate<Arch, detail::static_axis<D>()>(dst.ref(), e);
}

/// dst = e. Most such products read all of their operands before they write, so that an overlap does not matter.
template <class Arch, Container D, FixedProductFor<D> E>
GRAM_INLINE void assign_container(D& dst, const E& e) {
    if constexpr (!detail::fixed_product_reads_first<Arch, E>()) {
        if (detail::overlap(e, detail::region(dst)) != Overlap::none) {
            D fresh(e);
            dst = fresh;
            return;
        }
    }
    detail::multiply_small_fixed<Arch>(e, dst.ref());
}
/// dst = e, resizing dst where the shapes differ. Strong guarantee unless shapes agree and nothing overlaps, where
/// the elements are written in place.
template <class Arch, Container D, MatrixExpr E>
void assign_container(D& dst, const E& e) {
    detail::check(e);
    if (dst.rows() != e.rows() || dst.cols() != e.cols() || detail::overlap(e, detail::region(dst)) == Overlap::other) {
        D fresh(e.rows(), e.cols(), uninitialized);
        detail::evaluate<Arch, detail::static_axis<D>()>(fresh.ref(), e);
        dst = std::move(fresh);
    } else {
        detail::evaluate<Arch, detail::static_axis<D>()>(dst.ref(), e);
    }
}

/// Writes e through a view of its shape. shape_error otherwise.
template <class Arch, class D, MatrixExpr E>
void assign_view(const D& dst, const E& e) {
    using T = value_t<D>;
    detail::check(e);
    detail::require_same_shape(dst, e, "<-");
    if (detail::overlap(e, detail::region(dst)) == Overlap::other) {
        Matrix<T> fresh(e);
        kernel::copy<Arch>(fresh.ref(), dst.ref());
    } else {
        detail::evaluate<Arch, -1>(dst.ref(), e);
    }
}

}  // namespace gram::inline GRAM_ISA
