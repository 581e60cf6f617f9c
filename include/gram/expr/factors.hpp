/// The factors of a product as kernels want them: memory of their own operands wherever there is any.
#pragma once

#include <array>
#include <cmath>
#include <cstdlib>

#include "gram/expr/diagonal.hpp"
#include "gram/expr/rearranged.hpp"

namespace gram::inline GRAM_ISA {

template <class L, class R>
class Product;

namespace detail {

template <class E>
inline constexpr bool is_product = false;
template <class L, class R>
inline constexpr bool is_product<Product<L, R>> = true;

/// An operand of a kernel. A diagonal one has its numbers on the diagonal of `ref` and zeros elsewhere.
template <class T>
struct Operand {
    kernel::MatRef<const T> ref;
    bool conjugate = false;
    bool diagonal = false;
};
/// A factor with the elements it had to compute, if any.
template <class T>
struct Factor : Operand<T> {
    Matrix<T> owned{};
};

/// A scalar factor may move out of a product unless it is 0, infinite or NaN, which must meet every element, or so
/// large or small that what moved out could overflow or vanish where the product of scaled factors does not.
template <class T>
bool moves_out(const T& alpha) {
    if constexpr (std::is_integral_v<T>) {
        return true;
    } else {
        const auto size = std::abs(alpha);
        return size > real_t<T>(1e-8f) && size < real_t<T>(1e8f);
    }
}

template <class E>
concept Scaled = requires(const E& e) {
    e.function().scale();
    e.operand();
};
template <class E>
concept Conjugated = requires(const E& e) {
    requires std::remove_cvref_t<decltype(e.function())>::conjugates;
    e.operand();
};
template <class E>
inline constexpr bool is_transposed = false;
template <class E>
inline constexpr bool is_transposed<Transposed<E>> = true;

/// Whether `factor` may leave a number out of E, so that expressions without numbers do not look for them.
template <class E>
constexpr bool factor_has_scale() {
    using U = std::remove_cvref_t<E>;
    if constexpr (is_transposed<U> || Conjugated<U>) {
        return factor_has_scale<decltype(std::declval<const U&>().operand())>();
    } else {
        return Scaled<U>;
    }
}
/// The number that `factor` leaves out of one factor.
template <class T, class E>
T factor_scale(const E& e) {
    if constexpr (!factor_has_scale<E>()) {
        return T{1};
    } else if constexpr (is_transposed<E>) {
        return factor_scale<T>(e.operand());
    } else if constexpr (Conjugated<E>) {
        return kernel::detail::conj_if(is_complex_v<T>, factor_scale<T>(e.operand()));
    } else {
        const T alpha = static_cast<T>(e.function().scale());
        return moves_out(alpha) ? static_cast<T>(alpha * factor_scale<T>(e.operand())) : T{1};
    }
}
template <class E>
constexpr bool has_scale() {
    using U = std::remove_cvref_t<E>;
    if constexpr (is_product<U> || is_row_scaling<U> || is_column_scaling<U>) {
        return has_scale<decltype(std::declval<const U&>().left())>() ||
               has_scale<decltype(std::declval<const U&>().right())>();
    } else {
        return factor_has_scale<U>();
    }
}
/// The product of the numbers that the factors of a chain leave out: the cases of `collect`.
template <class T, class E>
T moved_scale(const E& e) {
    if constexpr (!has_scale<E>()) {
        return T{1};
    } else if constexpr (is_product<E> || is_row_scaling<E> || is_column_scaling<E>) {
        return static_cast<T>(moved_scale<T>(e.left()) * moved_scale<T>(e.right()));
    } else {
        return factor_scale<T>(e);
    }
}

/// Lies in memory as it stands, perhaps transposed or conjugated.
template <class E>
constexpr bool is_plain_factor() {
    using U = std::remove_cvref_t<E>;
    if constexpr (Leaf<U>) {
        return true;
    } else if constexpr (is_transposed<U> || Conjugated<U>) {
        return is_plain_factor<decltype(std::declval<const U&>().operand())>();
    } else {
        return false;
    }
}

/// A factor without the numbers before it, which moved_scale has.
template <MatrixExpr E>
auto factor(const E& e) {
    using T = value_t<E>;
    if constexpr (Leaf<E>) {
        return Operand<T>{e.ref()};
    } else if constexpr (is_transposed<E>) {
        auto f = factor(e.operand());
        f.ref = f.ref.transposed();
        return f;
    } else if constexpr (Conjugated<E> && is_complex_v<T>) {
        auto f = factor(e.operand());
        f.conjugate = !f.conjugate;
        return f;
    } else if constexpr (Conjugated<E>) {
        return factor(e.operand());
    } else {
        if constexpr (Scaled<E>) {
            if (moves_out(static_cast<T>(e.function().scale()))) return Factor<T>(factor(e.operand()));
        }
        Matrix<T> owned(e);
        const auto ref = std::as_const(owned).ref();
        return Factor<T>{{ref}, std::move(owned)};
    }
}

/// How many factors the chain under E has.
template <class E>
constexpr std::size_t chain_length() {
    using U = std::remove_cvref_t<E>;
    if constexpr (is_product<U>) {
        return chain_length<decltype(std::declval<const U&>().left())>() +
               chain_length<decltype(std::declval<const U&>().right())>();
    } else if constexpr (is_row_scaling<U>) {
        return 1 + chain_length<decltype(std::declval<const U&>().right())>();
    } else if constexpr (is_column_scaling<U>) {
        return chain_length<decltype(std::declval<const U&>().left())>() + 1;
    } else {
        return 1;
    }
}
/// Whether one of them is diagonal.
template <class E>
constexpr bool has_diagonal_factor() {
    using U = std::remove_cvref_t<E>;
    if constexpr (is_product<U>) {
        return has_diagonal_factor<decltype(std::declval<const U&>().left())>() ||
               has_diagonal_factor<decltype(std::declval<const U&>().right())>();
    } else {
        return is_row_scaling<U> || is_column_scaling<U>;
    }
}

/// The diagonal matrix whose diagonal is the column or row d.
template <class D>
auto diagonal_factor(const D& d) {
    Factor<value_t<D>> f(factor(d));
    if (f.conjugate) {  // diagonals are used as they are
        f.owned = Matrix<value_t<D>>(f.ref.rows, f.ref.cols, uninitialized);
        for (index_t i = 0; i < f.ref.rows; ++i)
            for (index_t j = 0; j < f.ref.cols; ++j)
                f.owned.ref()(i, j) = kernel::detail::conj_if(is_complex_v<value_t<D>>, f.ref(i, j));
        f.ref = std::as_const(f.owned).ref(), f.conjugate = false;
    }
    const index_t n = f.ref.rows * f.ref.cols;
    f.ref = {f.ref.data, n, n, cols_v<D> == 1 ? f.ref.row_stride : f.ref.col_stride, 0};
    f.diagonal = true;
    return f;
}
/// The factors of nested products, left to right.
template <class E, std::size_t N>
void collect(const E& e, std::array<Factor<value_t<E>>, N>& factors, std::size_t& count) {
    using F = Factor<value_t<E>>;
    if constexpr (is_product<E>) {
        collect(e.left(), factors, count);
        collect(e.right(), factors, count);
    } else if constexpr (is_row_scaling<E>) {
        factors[count++] = F(diagonal_factor(e.left()));
        collect(e.right(), factors, count);
    } else if constexpr (is_column_scaling<E>) {
        collect(e.left(), factors, count);
        factors[count++] = F(diagonal_factor(e.right()));
    } else {
        factors[count++] = F(factor(e));
    }
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
