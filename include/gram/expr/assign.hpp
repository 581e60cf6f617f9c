/// Assignment: where a description of work is handed to the kernel or loop that does it.
///
/// An expression that reads what the destination writes is evaluated in place where element (i, j) depends on element
/// (i, j) alone, else into one temporary. A single product inside an element-wise expression becomes GEMM with that
/// expression as the epilogue on the register tile: `H = relu(X * W.T() + b)` writes H once.
#pragma once

#include "gram/expr/dispatched.hpp"
#include "gram/expr/product.hpp"
#include "gram/kernel/copy.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Writes dst(i, j) = reader.at(i, j) with packets along Axis. `Accumulating` hands the old dst(i, j) to the reader as
/// the value of its product.
template <class Arch, int Axis, bool Accumulating, class T, class R>
void packet_loop(kernel::MatRef<T> dst, const R& reader) {
    constexpr index_t w = simd::width<T, Arch>;
    const bool one_line = reader.linear(Axis, Axis == 1 ? dst.cols : dst.rows) &&
                          (Axis == 1 ? dst.row_stride == dst.cols : dst.col_stride == dst.rows);
    const index_t outer = one_line ? 1 : (Axis == 1 ? dst.rows : dst.cols);
    const index_t inner = one_line ? dst.rows * dst.cols : (Axis == 1 ? dst.cols : dst.rows);
    for (index_t o = 0; o < outer; ++o) {
        T* out = dst.data + o * (Axis == 1 ? dst.row_stride : dst.col_stride);
        const auto in = reader.template line<Axis>(o);
        if constexpr (dispatch::covers<Arch, T>) {
            evaluate_line<Arch>(in, inner, out);
            continue;
        }
        index_t p = 0;
        for (; p + w <= inner; p += w) {
            if constexpr (Accumulating) {
                simd::store(out + p, in.template load<Arch>(p, simd::load<T, Arch>(out + p)));
            } else {
                simd::store(out + p, in.template load<Arch>(p, NoProduct{}));
            }
        }
        if (const index_t rest = inner - p; rest > 0) {
            if constexpr (Accumulating) {
                const auto old = simd::load_n<T, Arch>(out + p, rest);
                simd::store_n(out + p, in.template load_n<Arch>(p, rest, old), rest);
            } else {
                simd::store_n(out + p, in.template load_n<Arch>(p, rest, NoProduct{}), rest);
            }
        }
    }
}

/// As packet_loop where dst or an operand lies across or has gaps: such matrices pass through scratch memory, block by
/// block, so that every element is computed by the same code in every layout.
template <class Arch, int Axis, bool Accumulating, class T, class R>
void tile_loop(kernel::MatRef<T> dst, const R& reader) {
    const bool direct = (Axis == 1 ? dst.col_stride : dst.row_stride) == 1;
    const index_t outer = Axis == 1 ? dst.rows : dst.cols;
    const index_t length = tile_size / std::min<index_t>(outer, 16), lines = tile_size / length;
    const index_t high = Axis == 1 ? lines : length, wide = Axis == 1 ? length : lines;
    T scratch[static_cast<std::size_t>((R::leaves + 1) * tile_size)];
    for (index_t i = 0; i < dst.rows; i += high) {
        for (index_t j = 0; j < dst.cols; j += wide) {
            const index_t m = std::min(high, dst.rows - i), n = std::min(wide, dst.cols - j);
            T* free = scratch;
            const auto part = reader.template tile<Arch, Axis>(i, j, m, n, free);
            const auto block = dst.block(i, j, m, n);
            if (direct) {
                packet_loop<Arch, Axis, Accumulating>(block, part);
                continue;
            }
            const kernel::MatRef<T> out{free, m, n, Axis == 1 ? n : 1, Axis == 1 ? 1 : m};
            if constexpr (Accumulating) kernel::copy<Arch>(block, out);
            packet_loop<Arch, Axis, Accumulating>(out, part);
            kernel::copy<Arch>(out, block);
        }
    }
}

/// As packet_loop, element by element along Axis.
template <class Arch, int Axis, bool Accumulating, class T, class R>
void scalar_loop(kernel::MatRef<T> dst, const R& reader) {
    const index_t outer = Axis == 1 ? dst.rows : dst.cols, inner = Axis == 1 ? dst.cols : dst.rows;
    for (index_t o = 0; o < outer; ++o) {
        for (index_t p = 0; p < inner; ++p) {
            const index_t i = Axis == 1 ? o : p, j = Axis == 1 ? p : o;
            if constexpr (Accumulating) {
                dst(i, j) = reader.at(i, j, dst(i, j));
            } else {
                dst(i, j) = reader.at(i, j, NoProduct{});
            }
        }
    }
}

/// dst = the expression that reader reads. StaticAxis: the direction in which dst is contiguous if its type says so.
template <class Arch, bool Accumulating, int StaticAxis, class T, class R>
void run(kernel::MatRef<T> dst, const R& reader) {
    if (dst.rows == 0 || dst.cols == 0) return;
    const bool by_columns = StaticAxis >= 0
                                ? StaticAxis == 0
                                : (dst.cols == 1 ? dst.rows > 1 : (dst.row_stride == 1 && dst.col_stride != 1));
    const auto along = [&]<int Axis>(std::integral_constant<int, Axis>) {
        if constexpr (R::has_packets && simd::has_pack<T, Arch>) {
            if ((Axis == 1 ? dst.col_stride : dst.row_stride) == 1 && reader.packets(Axis)) {
                packet_loop<Arch, Axis, Accumulating>(dst, reader);
            } else {
                tile_loop<Arch, Axis, Accumulating>(dst, reader);
            }
        } else {
            scalar_loop<Arch, Axis, Accumulating>(dst, reader);
        }
    };
    if constexpr (StaticAxis != 1) {
        if (by_columns) return along(std::integral_constant<int, 0>{});
    }
    if constexpr (StaticAxis != 0) along(std::integral_constant<int, 1>{});
}

/// The rest of an element-wise expression as what GEMM does to a register tile before it stores it.
template <class T, class R>
struct Epilogue {
    R reader;

    T scalar(T acc, index_t i, index_t j) const { return reader.at(i, j, acc); }
    template <class Arch, int Axis, class P>
    GRAM_INLINE P packet(P acc, index_t i, index_t j) const {
        if constexpr (R::has_packets && !std::same_as<P, T>) {
            if (reader.packets(Axis))
                return reader.template line<Axis>(Axis == 1 ? i : j).template load<Arch>(Axis == 1 ? j : i, acc);
        }
        return by_lanes<Arch, Axis>(acc, i, j, simd::width<T, Arch>);
    }
    template <class Arch, int Axis, class P>
    GRAM_INLINE P packet_n(P acc, index_t i, index_t j, index_t n) const {
        if constexpr (R::has_packets && !std::same_as<P, T>) {
            if (reader.packets(Axis))
                return reader.template line<Axis>(Axis == 1 ? i : j).template load_n<Arch>(Axis == 1 ? j : i, n, acc);
        }
        return by_lanes<Arch, Axis>(acc, i, j, n);
    }

private:
    template <class Arch, int Axis, class P>
    P by_lanes(P acc, index_t i, index_t j, index_t n) const {
        T lanes[static_cast<std::size_t>(simd::width<T, Arch>)];
        simd::store(lanes, acc);
        for (index_t p = 0; p < n; ++p) lanes[p] = reader.at(Axis == 1 ? i : i + p, Axis == 1 ? j + p : j, lanes[p]);
        return simd::load<T, Arch>(lanes);
    }
};

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
void evaluate_fused(kernel::MatRef<T> dst, const E& e) {
    const auto& product = the_product(e);
    const Epilogue<T, decltype(bind<Products::fused>(e))> epilogue{bind<Products::fused>(e)};
    constexpr bool chain = ChainLength<std::remove_cvref_t<decltype(product)>>::value > 2;
    if (chain || dst.rows == 1 || dst.cols == 1) {
        evaluate_product<Arch>(T{1}, product, T{}, dst);
        run<Arch, true, StaticAxis>(dst, epilogue.reader);
        return;
    }
    auto left = factor(product.left());
    auto right = factor(product.right());
    // What moved out of the factors must come back before the epilogue sees the product.
    if (left.alpha != T{1}) left = {T{1}, {}, Matrix<T>(product.left())}, left.ref = std::as_const(left.owned).ref();
    if (right.alpha != T{1})
        right = {T{1}, {}, Matrix<T>(product.right())}, right.ref = std::as_const(right.owned).ref();
    if constexpr (dispatch::covers<Arch, T> && decltype(epilogue.reader)::has_packets) {
        if (multiply_then_finish<Arch>(left.ref, right.ref, dst, epilogue.reader)) return;
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
bool evaluate_update(kernel::MatRef<T> dst, const P& product, const C& addend, T product_sign, T addend_sign) {
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
bool evaluate_as_update(kernel::MatRef<T> dst, const E& e) {
    if constexpr (requires { e.function().right_sign(); } && std::same_as<value_t<E>, T>) {
        const T sign = static_cast<T>(e.function().right_sign());
        return evaluate_update<Arch>(dst, e.left(), e.right(), T{1}, sign) ||
               evaluate_update<Arch>(dst, e.right(), e.left(), sign, T{1});
    } else {
        return false;
    }
}

/// dst = e, where e reads nothing of dst but the same element, and no product in it reads dst at all.
template <class Arch, int StaticAxis, class T, class E>
void evaluate(kernel::MatRef<T> dst, const E& e) {
    if constexpr (Leaf<E>) {
        kernel::copy<Arch>(e.ref(), dst);
        return;
    } else if constexpr (is_small_fixed_product<E>()) {
        return multiply_small_fixed(e, dst);
    } else if constexpr (is_scaled_product<E>()) {
        const T alpha = scale_of<T>(e);
        if (moves_out(alpha)) return evaluate_product<Arch>(alpha, the_product(e), T{}, dst);
    }
    if constexpr (!Leaf<E> && !is_small_fixed_product<E>()) {
        if constexpr (fusable<E, T>()) {
            // GEMM keeps partial sums in dst, so nothing else may still have to read it.
            if (e.overlap_outside_products(region_of(kernel::MatRef<const T>(dst))) == Overlap::none) {
                return evaluate_fused<Arch, StaticAxis>(dst, e);
            }
        }
        if (evaluate_as_update<Arch>(dst, e)) return;
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

/// dst, which holds no values yet, becomes e.
template <class Arch, Container D, MatrixExpr E>
void construct_from(D& dst, const E& e) {
    detail::check(e);
    detail::evaluate<Arch, detail::static_axis<D>()>(dst.ref(), e);
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
