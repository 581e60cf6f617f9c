/// Nodes that choose, transpose and repeat elements.
#pragma once

#include "gram/expr/nodes.hpp"

namespace gram::inline GRAM_ISA {

/// Lazy choice, element by element.
template <class F, class C, class L, class R>
class Choose {
public:
    using value_type = value_t<L>;
    static constexpr index_t static_rows = detail::stretched(rows_v<C>, detail::stretched(rows_v<L>, rows_v<R>));
    static constexpr index_t static_cols = detail::stretched(cols_v<C>, detail::stretched(cols_v<L>, cols_v<R>));
    static constexpr int products = 2 * (detail::products<C>() + detail::products<L>() + detail::products<R>());

    Choose(F f, C c, L l, R r) : f_(std::move(f)), condition_(std::move(c)), left_(std::move(l)), right_(std::move(r)) {
        check();
    }
    [[nodiscard]] index_t rows() const { return condition_.rows(); }
    [[nodiscard]] index_t cols() const { return condition_.cols(); }
    value_type operator()(index_t i, index_t j) const { return f_(condition_(i, j), left_(i, j), right_(i, j)); }

    template <detail::Products>
    auto reader() const {
        auto c = detail::bind<detail::Products::materialized>(condition_);
        auto l = detail::bind<detail::Products::materialized>(left_);
        auto r = detail::bind<detail::Products::materialized>(right_);
        return detail::MapReader<F, value_type, decltype(c), decltype(l), decltype(r)>{f_, std::move(c), std::move(l),
                                                                                       std::move(r)};
    }
    [[nodiscard]] Overlap overlap(const detail::Region& dst) const {
        return detail::worse(detail::overlap(condition_, dst),
                             detail::worse(detail::overlap(left_, dst), detail::overlap(right_, dst)));
    }
    [[nodiscard]] Overlap overlap_outside_products(const detail::Region& dst) const { return overlap(dst); }
    void check() const {
        detail::check(condition_), detail::check(left_), detail::check(right_);
        if (left_.rows() != rows() || left_.cols() != cols()) {
            throw_shape("where", rows(), cols(), "?", left_.rows(), left_.cols());
        }
        if (right_.rows() != rows() || right_.cols() != cols()) {
            throw_shape("where", rows(), cols(), ":", right_.rows(), right_.cols());
        }
    }

private:
    F f_;
    C condition_;
    L left_;
    R right_;
};

/// Lazy transpose of an expression (of a container or view it is a view instead).
template <class E>
class Transposed {
public:
    using value_type = value_t<E>;
    static constexpr index_t static_rows = cols_v<E>;
    static constexpr index_t static_cols = rows_v<E>;
    static constexpr int products = 2 * detail::products<E>();

    explicit Transposed(E e) : operand_(std::move(e)) {}
    [[nodiscard]] index_t rows() const { return operand_.cols(); }
    [[nodiscard]] index_t cols() const { return operand_.rows(); }
    value_type operator()(index_t i, index_t j) const { return operand_(j, i); }
    [[nodiscard]] const E& operand() const { return operand_; }

    template <detail::Products>
    auto reader() const {
        auto inner = detail::bind<detail::Products::materialized>(operand_);
        return detail::TransposedReader<decltype(inner)>{std::move(inner)};
    }
    [[nodiscard]] Overlap overlap(const detail::Region& dst) const {
        return detail::overlap(operand_, dst) == Overlap::none ? Overlap::none : Overlap::other;
    }
    [[nodiscard]] Overlap overlap_outside_products(const detail::Region& dst) const { return overlap(dst); }
    void check() const { detail::check(operand_); }

private:
    E operand_;
};

/// Lazy repetition of a row, a column or a scalar matrix over m×n.
template <class E>
class Broadcast {
public:
    using value_type = value_t<E>;
    static constexpr index_t static_rows = dynamic;
    static constexpr index_t static_cols = dynamic;
    static constexpr int products = 2 * detail::products<E>();

    Broadcast(E e, index_t rows, index_t cols) : operand_(std::move(e)), rows_(rows), cols_(cols) { check(); }
    [[nodiscard]] index_t rows() const { return rows_; }
    [[nodiscard]] index_t cols() const { return cols_; }
    value_type operator()(index_t i, index_t j) const {
        return operand_(operand_.rows() == 1 ? 0 : i, operand_.cols() == 1 ? 0 : j);
    }
    template <detail::Products>
    auto reader() const {
        // A stride of zero repeats; packets of such a reader are refused by its strides.
        Matrix<value_type> copy(operand_);
        detail::OwningReader<value_type> inner(std::move(copy));
        if (operand_.rows() == 1) inner.ref.row_stride = 0;
        if (operand_.cols() == 1) inner.ref.col_stride = 0;
        return inner;
    }
    [[nodiscard]] Overlap overlap(const detail::Region&) const { return Overlap::none; }  // reads its own copy
    [[nodiscard]] Overlap overlap_outside_products(const detail::Region&) const { return Overlap::none; }
    void check() const {
        detail::check(operand_);
        if ((operand_.rows() != 1 && operand_.rows() != rows_) || (operand_.cols() != 1 && operand_.cols() != cols_)) {
            throw_shape("broadcast", operand_.rows(), operand_.cols(), "to", rows_, cols_);
        }
    }

private:
    E operand_;
    index_t rows_, cols_;
};

}  // namespace gram::inline GRAM_ISA

namespace gram {
template <class F, class C, class L, class R>
inline constexpr bool enable_matrix_expr<Choose<F, C, L, R>> = true;
template <class E>
inline constexpr bool enable_matrix_expr<Transposed<E>> = true;
template <class E>
inline constexpr bool enable_matrix_expr<Broadcast<E>> = true;
}  // namespace gram
