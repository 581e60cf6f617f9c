/// Nodes: values that describe work not yet done, and `capture`, the one rule of what they hold.
#pragma once

#include <tuple>

#include "gram/expr/reader.hpp"

namespace gram::inline GRAM_ISA {

/// How an expression reads the memory that a destination is about to write.
enum class Overlap {
    none,          ///< no shared byte
    same_element,  ///< element (i, j) of the destination is read for element (i, j) only: evaluation in place is right
    other          ///< anything else: evaluate into a temporary
};

namespace detail {

/// The bytes that a strided matrix spans, and how.
struct Region {
    const char* first = nullptr;
    const char* last = nullptr;  // one past the end; equal to first when there are no elements
    const void* data = nullptr;
    index_t rows = 0, cols = 0, row_stride = 0, col_stride = 0;
    std::size_t element = 0;
};

template <class T>
Region region_of(kernel::MatRef<T> a) {
    Region r{nullptr, nullptr, a.data, a.rows, a.cols, a.row_stride, a.col_stride, sizeof(T)};
    if (a.rows == 0 || a.cols == 0) return r;
    const index_t down = (a.rows - 1) * a.row_stride, across = (a.cols - 1) * a.col_stride;
    const index_t low = (down < 0 ? down : 0) + (across < 0 ? across : 0);
    const index_t high = (down > 0 ? down : 0) + (across > 0 ? across : 0);
    r.first = reinterpret_cast<const char*>(a.data + low);
    r.last = reinterpret_cast<const char*>(a.data + high + 1);
    return r;
}

/// The same for a matrix without gaps, which needs no look at its strides.
template <class T>
GRAM_INLINE Region dense_region_of(kernel::MatRef<T> a) {
    return {reinterpret_cast<const char*>(a.data),
            reinterpret_cast<const char*>(a.data + a.rows * a.cols),
            a.data,
            a.rows,
            a.cols,
            a.row_stride,
            a.col_stride,
            sizeof(T)};
}

inline Overlap kind_of_overlap(const Region& a, const Region& dst) {
    const bool same_steps =
        (a.rows == 1 || a.row_stride == dst.row_stride) && (a.cols == 1 || a.col_stride == dst.col_stride);
    const bool same = a.data == dst.data && a.element == dst.element && a.rows == dst.rows && a.cols == dst.cols;
    return same && same_steps ? Overlap::same_element : Overlap::other;
}
GRAM_INLINE Overlap overlap_of(const Region& a, const Region& dst) {
    const std::less<const char*> before;  // a total order even for unrelated pointers
    if (!before(a.first, dst.last) || !before(dst.first, a.last)) return Overlap::none;
    if (a.first == a.last || dst.first == dst.last) return Overlap::none;
    return kind_of_overlap(a, dst);
}
constexpr Overlap worse(Overlap a, Overlap b) { return a > b ? a : b; }

/// An expression whose elements already lie in memory.
template <class E>
concept Leaf = MatrixExpr<E> && requires(const std::remove_cvref_t<E>& e) {
    e.ref();
};

/// A leaf without gaps between its elements.
template <class E>
concept Dense = Container<E> || requires {
    requires std::remove_cvref_t<E>::is_dense;
};

template <MatrixExpr E>
GRAM_INLINE Region region(const E& e) {
    const kernel::MatRef<const value_t<E>> a = e.ref();
    if constexpr (Dense<E>) {
        return dense_region_of(a);
    } else {
        return region_of(a);
    }
}

enum class Products { materialized, fused };

template <Products Mode, MatrixExpr E>
auto bind(const E& e) {
    if constexpr (Leaf<E>) {
        return LeafReader<value_t<E>>{e.ref()};
    } else {
        return e.template reader<Mode>();
    }
}
template <MatrixExpr E>
GRAM_INLINE Overlap overlap(const E& e, const Region& dst) {
    if constexpr (Leaf<E>) {
        return overlap_of(region(e), dst);
    } else {
        return e.overlap(dst);
    }
}
/// As overlap, of everything but the operands of products.
template <MatrixExpr E>
Overlap overlap_outside_products(const E& e, const Region& dst) {
    if constexpr (Leaf<E>) {
        return overlap(e, dst);
    } else {
        return e.overlap_outside_products(dst);
    }
}
/// Throws shape_error when a container was resized after the node that names it was built.
template <MatrixExpr E>
void check(const E& e) {
    if constexpr (requires { e.check(); }) e.check();
}
/// The reader of an expression that is evaluated as it stands, after that check.
template <MatrixExpr E>
auto reader_of(const E& e) {
    check(e);
    return bind<Products::materialized>(e);
}
/// Products among the nodes of E, those inside of operands of products not counted.
template <class E>
constexpr int products() {
    if constexpr (requires { std::remove_cvref_t<E>::products; }) {
        return std::remove_cvref_t<E>::products;
    } else {
        return 0;
    }
}

/// A shape that is remembered in checked builds only.
template <bool Checked>
struct RememberedShape {
    RememberedShape(index_t, index_t) {}
    static void expect(index_t, index_t) {}
};
template <>
struct RememberedShape<true> {
    index_t rows, cols;
    RememberedShape(index_t m, index_t n) : rows(m), cols(n) {}
    void expect(index_t m, index_t n) const {
        if (m != rows || n != cols) throw_shape("the matrix of an expression was resized", rows, cols, "->", m, n);
    }
};

/// A named container: borrowed. It must outlive the node. In checked builds a shape_error when it was resized
/// meanwhile.
template <class M, bool Checked = GRAM_CHECKED>
class Borrowed {
public:
    using value_type = value_t<M>;
    static constexpr index_t static_rows = rows_v<M>;
    static constexpr index_t static_cols = cols_v<M>;
    static constexpr bool is_dense = true;

    explicit Borrowed(const M& m) : container_(&m), shape_(m.rows(), m.cols()) {}
    [[nodiscard]] index_t rows() const { return container().rows(); }
    [[nodiscard]] index_t cols() const { return container().cols(); }
    value_type operator()(index_t i, index_t j) const { return container()(i, j); }
    [[nodiscard]] auto ref() const { return container().ref(); }

private:
    [[nodiscard]] const M& container() const {
        shape_.expect(container_->rows(), container_->cols());
        return *container_;
    }

    const M* container_;
    [[no_unique_address]] RememberedShape<Checked> shape_;
};

/// A temporary container: moved in. The node becomes move-only, so nothing is ever copied behind the user's back.
template <class M>
class Owned {
public:
    using value_type = value_t<M>;
    static constexpr index_t static_rows = rows_v<M>;
    static constexpr index_t static_cols = cols_v<M>;
    static constexpr bool is_dense = true;

    explicit Owned(M&& m) : container_(std::move(m)) {}
    Owned(Owned&&) = default;
    Owned(const Owned&) = delete;
    Owned& operator=(Owned&&) = default;
    Owned& operator=(const Owned&) = delete;
    ~Owned() = default;
    [[nodiscard]] index_t rows() const { return container_.rows(); }
    [[nodiscard]] index_t cols() const { return container_.cols(); }
    value_type operator()(index_t i, index_t j) const { return container_(i, j); }
    [[nodiscard]] auto ref() const { return container_.ref(); }

private:
    M container_;
};

/// What a node keeps of an operand: views and nodes by value, a named container by reference, a temporary one moved.
template <class E>
auto capture(E&& e) {
    using U = std::remove_cvref_t<E>;
    if constexpr (!Container<U>) {
        return U(std::forward<E>(e));
    } else if constexpr (std::is_lvalue_reference_v<E>) {
        return Borrowed<U>(e);
    } else {
        return Owned<U>(std::move(e));
    }
}
template <class E>
using captured_t = decltype(capture(std::declval<E>()));

}  // namespace detail

/// Lazy element-wise function of one expression.
template <class F, class E>
class Map {
public:
    using value_type = std::remove_cvref_t<std::invoke_result_t<const F&, value_t<E>>>;
    static constexpr index_t static_rows = rows_v<E>;
    static constexpr index_t static_cols = cols_v<E>;
    static constexpr int products = detail::products<E>();

    Map(F f, E e) : f_(std::move(f)), operand_(std::move(e)) {}
    [[nodiscard]] index_t rows() const { return operand_.rows(); }
    [[nodiscard]] index_t cols() const { return operand_.cols(); }
    value_type operator()(index_t i, index_t j) const { return f_(operand_(i, j)); }
    [[nodiscard]] const F& function() const { return f_; }
    [[nodiscard]] const E& operand() const& { return operand_; }
    [[nodiscard]] E operand() && { return std::move(operand_); }

    template <detail::Products Mode>
    auto reader() const {
        return detail::MapReader<F, value_type, decltype(detail::bind<Mode>(operand_))>{f_,
                                                                                        detail::bind<Mode>(operand_)};
    }
    [[nodiscard]] Overlap overlap(const detail::Region& dst) const { return detail::overlap(operand_, dst); }
    [[nodiscard]] Overlap overlap_outside_products(const detail::Region& dst) const {
        return detail::overlap_outside_products(operand_, dst);
    }
    void check() const { detail::check(operand_); }

private:
    F f_;
    E operand_;
};

namespace detail {

/// The extent of an element-wise result where an extent of 1 in the type is stretched.
constexpr index_t stretched(index_t a, index_t b) {
    if (a == b) return a;
    if (a == 1) return b;
    if (b == 1) return a;
    return a == dynamic ? b : a;
}
/// An extent of 1 in the type meets something else.
constexpr bool stretches(index_t own, index_t other) { return own == 1 && other != 1; }
constexpr bool compatible(index_t a, index_t b) { return a == 1 || b == 1 || extents_agree(a, b); }

/// Column plus row would make a matrix out of two vectors.
template <class L, class R>
concept NotColumnAndRow = !((stretches(rows_v<L>, rows_v<R>) && stretches(cols_v<R>, cols_v<L>)) ||
                            (stretches(rows_v<R>, rows_v<L>) && stretches(cols_v<L>, cols_v<R>)));

/// E seen with the extents of an element-wise result with `Rows`×`Cols` static extents.
template <Products Mode, index_t Rows, index_t Cols, class E>
auto bind_stretched(const E& e) {
    using Plain = decltype(bind<Products::materialized>(e));
    if constexpr (stretches(rows_v<E>, Rows) && stretches(cols_v<E>, Cols)) {
        return StretchedReader<StretchedReader<Plain, true>, false>{{bind<Products::materialized>(e)}};
    } else if constexpr (stretches(rows_v<E>, Rows)) {
        return StretchedReader<Plain, true>{bind<Products::materialized>(e)};
    } else if constexpr (stretches(cols_v<E>, Cols)) {
        return StretchedReader<Plain, false>{bind<Products::materialized>(e)};
    } else {
        return bind<Mode>(e);
    }
}

}  // namespace detail

/// Shapes of element-wise operands: equal, or one with an extent that is 1 in its type.
template <class L, class R>
concept BroadcastableExtents = detail::compatible(rows_v<L>, rows_v<R>) && detail::compatible(
    cols_v<L>, cols_v<R>) && detail::NotColumnAndRow<L, R>;

/// Lazy element-wise function of two expressions; an operand with an extent of 1 in its type is repeated along it.
template <class F, class L, class R>
class Zip {
    static constexpr bool left_stretches =
        detail::stretches(rows_v<L>, rows_v<R>) || detail::stretches(cols_v<L>, cols_v<R>);
    static constexpr bool right_stretches =
        detail::stretches(rows_v<R>, rows_v<L>) || detail::stretches(cols_v<R>, cols_v<L>);

public:
    using value_type = std::remove_cvref_t<std::invoke_result_t<const F&, value_t<L>, value_t<R>>>;
    static constexpr index_t static_rows = detail::stretched(rows_v<L>, rows_v<R>);
    static constexpr index_t static_cols = detail::stretched(cols_v<L>, cols_v<R>);
    // A stretched product is not fused: one of its elements serves many of the result.
    static constexpr int products = (left_stretches && detail::products<L>() > 0 ? 2 : detail::products<L>()) +
                                    (right_stretches && detail::products<R>() > 0 ? 2 : detail::products<R>());

    Zip(F f, L l, R r) : f_(std::move(f)), left_(std::move(l)), right_(std::move(r)) { check(); }
    [[nodiscard]] index_t rows() const {
        return detail::stretches(rows_v<L>, rows_v<R>) ? right_.rows() : left_.rows();
    }
    [[nodiscard]] index_t cols() const {
        return detail::stretches(cols_v<L>, cols_v<R>) ? right_.cols() : left_.cols();
    }
    value_type operator()(index_t i, index_t j) const { return f_(element(left_, i, j), element(right_, i, j)); }
    [[nodiscard]] const F& function() const { return f_; }
    [[nodiscard]] const L& left() const { return left_; }
    [[nodiscard]] const R& right() const { return right_; }

    template <detail::Products Mode>
    auto reader() const {
        // Built in place: a reader that was just stored piece by piece is slow to copy.
        using Left = decltype(detail::bind_stretched<Mode, static_rows, static_cols>(left_));
        using Right = decltype(detail::bind_stretched<Mode, static_rows, static_cols>(right_));
        return detail::MapReader<F, value_type, Left, Right>{
            f_, detail::bind_stretched<Mode, static_rows, static_cols>(left_),
            detail::bind_stretched<Mode, static_rows, static_cols>(right_)};
    }
    [[nodiscard]] Overlap overlap(const detail::Region& dst) const {
        return detail::worse(detail::overlap(left_, dst), detail::overlap(right_, dst));
    }
    [[nodiscard]] Overlap overlap_outside_products(const detail::Region& dst) const {
        return detail::worse(detail::overlap_outside_products(left_, dst),
                             detail::overlap_outside_products(right_, dst));
    }
    void check() const {
        detail::check(left_);
        detail::check(right_);
        constexpr bool rows_free = detail::stretches(rows_v<L>, rows_v<R>) || detail::stretches(rows_v<R>, rows_v<L>);
        constexpr bool cols_free = detail::stretches(cols_v<L>, cols_v<R>) || detail::stretches(cols_v<R>, cols_v<L>);
        if ((!rows_free && left_.rows() != right_.rows()) || (!cols_free && left_.cols() != right_.cols())) refuse();
    }

private:
    template <class E>
    static value_t<E> element(const E& e, index_t i, index_t j) {
        return e(detail::stretches(rows_v<E>, static_rows) ? 0 : i, detail::stretches(cols_v<E>, static_cols) ? 0 : j);
    }
    [[noreturn]] void refuse() const {
        std::string text = "element-wise: " + shape_text(left_.rows(), left_.cols()) + " " + F::symbol + " " +
                           shape_text(right_.rows(), right_.cols());
        if (left_.rows() == 1 || left_.cols() == 1 || right_.rows() == 1 || right_.cols() == 1) {
            text +=
                " (an extent that is 1 at run time is not stretched: use a Vector or RowVector, or broadcast(x, m, n))";
        }
        throw shape_error(text);
    }

    F f_;
    L left_;
    R right_;
};

}  // namespace gram::inline GRAM_ISA

namespace gram {
template <class M, bool Checked>
inline constexpr bool enable_matrix_expr<detail::Borrowed<M, Checked>> = true;
template <class M>
inline constexpr bool enable_matrix_expr<detail::Owned<M>> = true;
template <class F, class E>
inline constexpr bool enable_matrix_expr<Map<F, E>> = true;
template <class F, class L, class R>
inline constexpr bool enable_matrix_expr<Zip<F, L, R>> = true;
}  // namespace gram
