/// Matrix products: nodes that hand their operands to the kernel that does the work best.
#pragma once

#include <array>
#include <cmath>
#include <cstdlib>

#include "gram/expr/rearranged.hpp"
#include "gram/kernel/gemm.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/syrk.hpp"

namespace gram::inline GRAM_ISA {

template <class T>
struct ScaleBy;
struct Negate;

/// Lazy matrix product. Element access computes one dot product; evaluation calls GEMM, GEMV or SYRK, and chains of
/// three or more factors are associated in the order that needs the fewest multiplications.
template <class L, class R>
class Product {
public:
    using value_type = value_t<L>;
    static constexpr index_t static_rows = rows_v<L>;
    static constexpr index_t static_cols = cols_v<R>;
    static constexpr int products = 1;

    Product(L l, R r) : left_(std::move(l)), right_(std::move(r)) { check(); }
    [[nodiscard]] index_t rows() const { return left_.rows(); }
    [[nodiscard]] index_t cols() const { return right_.cols(); }
    value_type operator()(index_t i, index_t j) const {
        value_type sum{};
        for (index_t p = 0; p < left_.cols(); ++p) sum += static_cast<value_type>(left_(i, p) * right_(p, j));
        return sum;
    }
    [[nodiscard]] const L& left() const { return left_; }
    [[nodiscard]] const R& right() const { return right_; }

    template <detail::Products Mode>
    auto reader() const {
        if constexpr (Mode == detail::Products::fused) {
            return detail::ProductReader<value_type>{};
        } else {
            return detail::OwningReader<value_type>(Matrix<value_type>(*this));
        }
    }
    [[nodiscard]] Overlap overlap(const detail::Region& dst) const {
        const bool none = detail::overlap(left_, dst) == Overlap::none && detail::overlap(right_, dst) == Overlap::none;
        return none ? Overlap::none : Overlap::other;
    }
    [[nodiscard]] static Overlap overlap_outside_products(const detail::Region&) { return Overlap::none; }
    void check() const {
        detail::check(left_);
        detail::check(right_);
        if (left_.cols() != right_.rows()) {
            throw_shape("matrix product", left_.rows(), left_.cols(), "*", right_.rows(), right_.cols());
        }
    }

private:
    L left_;
    R right_;
};

namespace detail {

template <class E>
inline constexpr bool is_product = false;
template <class L, class R>
inline constexpr bool is_product<Product<L, R>> = true;

/// A factor of a product as the kernels want it: alpha * ref, with the elements it had to compute, if any.
template <class T>
struct Factor {
    T alpha{1};
    kernel::MatRef<const T> ref;
    Matrix<T> owned;
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

/// The memory of a factor: of the operand itself where it has any, under scalar factors, signs and transposes.
template <MatrixExpr E>
Factor<value_t<E>> factor(const E& e) {
    using T = value_t<E>;
    if constexpr (Leaf<E>) {
        return {T{1}, e.ref(), {}};
    } else {
        if constexpr (requires { e.function().scale(); }) {
            if (const T alpha = static_cast<T>(e.function().scale()); moves_out(alpha)) {
                Factor<T> f = factor(e.operand());
                f.alpha *= alpha;
                return f;
            }
        }
        Factor<T> f;
        f.owned = Matrix<T>(e);
        f.ref = std::as_const(f.owned).ref();
        return f;
    }
}
template <class E>
Factor<value_t<E>> factor(const Transposed<E>& e) {
    auto f = factor(e.operand());
    f.ref = f.ref.transposed();
    return f;
}

template <class E>
struct ChainLength {
    static constexpr std::size_t value = 1;
};
template <class L, class R>
struct ChainLength<Product<L, R>> {
    static constexpr std::size_t value = ChainLength<L>::value + ChainLength<R>::value;
};

/// The factors of nested products, left to right.
template <class E, std::size_t N>
void collect(const E& e, std::array<Factor<value_t<E>>, N>& factors, std::size_t& count) {
    if constexpr (is_product<E>) {
        collect(e.left(), factors, count);
        collect(e.right(), factors, count);
    } else {
        factors[count++] = factor(e);
    }
}

template <class T>
bool same_matrix_transposed(const kernel::MatRef<const T>& a, const kernel::MatRef<const T>& b) {
    return a.data == b.data && a.rows == b.cols && a.cols == b.rows && a.row_stride == b.col_stride &&
           a.col_stride == b.row_stride;
}

/// C = alpha A B + beta C by the kernel that fits the shape. Operands do not overlap C.
template <class Arch, class T>
void multiply(T alpha, const kernel::MatRef<const T>& A, const kernel::MatRef<const T>& B, T beta,
              const kernel::MatRef<T>& C) {
    if (C.cols == 1) {
        kernel::gemv<Arch>(alpha, A, B.col(0), beta, C.col(0));
    } else if (C.rows == 1) {
        kernel::gemv<Arch>(alpha, B.transposed(), A.row(0), beta, C.row(0));
    } else if (beta == T{} && C.rows >= 16 && std::is_floating_point_v<T> && same_matrix_transposed(A, B)) {
        kernel::syrk<Arch>(alpha, A, beta, C);
        for (index_t i = 0; i < C.rows; ++i) {
            for (index_t j = i + 1; j < C.cols; ++j) C(i, j) = C(j, i);
        }
    } else {
        kernel::gemm<Arch>(alpha, A, B, beta, C);
    }
}

/// Split points of the cheapest association of a chain: matrix-chain dynamic programming (Cormen et al., ch. 15).
template <class T, std::size_t N>
class Chain {
public:
    explicit Chain(const std::array<Factor<T>, N>& factors) : factors_(factors) {
        for (std::size_t length = 2; length <= N; ++length) {
            for (std::size_t i = 0; i + length <= N; ++i) best_split(i, i + length - 1);
        }
    }
    template <class Arch>
    void evaluate(T alpha, T beta, const kernel::MatRef<T>& dst) const {
        into<Arch>(0, N - 1, alpha, beta, dst);
    }

private:
    void best_split(std::size_t i, std::size_t j) {
        cost_[i][j] = -1;
        for (std::size_t s = i; s < j; ++s) {
            const double work = cost_[i][s] + cost_[s + 1][j] +
                                static_cast<double>(factors_[i].ref.rows) * static_cast<double>(factors_[s].ref.cols) *
                                    static_cast<double>(factors_[j].ref.cols);
            if (cost_[i][j] < 0 || work < cost_[i][j]) {
                cost_[i][j] = work;
                split_[i][j] = s;
            }
        }
    }
    /// The product of factors i..j; a single factor is used where it lies.
    template <class Arch>
    kernel::MatRef<const T> operand(std::size_t i, std::size_t j, Matrix<T>& storage) const {
        if (i == j) return factors_[i].ref;
        storage = Matrix<T>(factors_[i].ref.rows, factors_[j].ref.cols, uninitialized);
        into<Arch>(i, j, T{1}, T{}, storage.ref());
        return std::as_const(storage).ref();
    }
    template <class Arch>
    void into(std::size_t i, std::size_t j, T alpha, T beta, const kernel::MatRef<T>& dst) const {
        Matrix<T> left, right;
        const std::size_t s = split_[i][j];
        const auto A = operand<Arch>(i, s, left);
        const auto B = operand<Arch>(s + 1, j, right);
        multiply<Arch>(alpha, A, B, beta, dst);
    }

    const std::array<Factor<T>, N>& factors_;
    double cost_[N][N]{};
    std::size_t split_[N][N]{};
};

/// A product of two operands in memory whose extents are all in their types and small: loops that unroll.
template <class E>
constexpr bool is_small_fixed_product() {
    if constexpr (is_product<E>) {
        using L = std::remove_cvref_t<decltype(std::declval<const E&>().left())>;
        using R = std::remove_cvref_t<decltype(std::declval<const E&>().right())>;
        constexpr index_t limit = 16;
        return Leaf<L> && Leaf<R> && rows_v<L> != dynamic && cols_v<L> != dynamic && cols_v<R> != dynamic &&
               rows_v<L> <= limit && cols_v<L> <= limit && cols_v<R> <= limit;
    } else {
        return false;
    }
}
template <class L, class R, class T>
GRAM_INLINE void multiply_small_fixed(const Product<L, R>& e, kernel::MatRef<T> dst) {
    const auto A = e.left().ref();
    const auto B = e.right().ref();
    for (index_t i = 0; i < rows_v<L>; ++i) {
        T sum[static_cast<std::size_t>(cols_v<R> > 0 ? cols_v<R> : 1)]{};
        for (index_t p = 0; p < cols_v<L>; ++p) {
            const T a = A(i, p);
            for (index_t j = 0; j < cols_v<R>; ++j) sum[j] = static_cast<T>(sum[j] + a * B(p, j));
        }
        for (index_t j = 0; j < cols_v<R>; ++j) dst(i, j) = sum[j];
    }
}

/// dst = alpha * (the product e) + beta * dst. No factor overlaps dst.
template <class Arch, class T, class L, class R>
void evaluate_product(T alpha, const Product<L, R>& e, T beta, const kernel::MatRef<T>& dst) {
    constexpr std::size_t length = ChainLength<Product<L, R>>::value;
    std::array<Factor<T>, length> factors;
    std::size_t count = 0;
    collect(e, factors, count);
    for (const auto& f : factors) alpha *= f.alpha;
    if constexpr (length == 2) {
        multiply<Arch>(alpha, factors[0].ref, factors[1].ref, beta, dst);
    } else {
        Chain<T, length>(factors).template evaluate<Arch>(alpha, beta, dst);
    }
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA

namespace gram {
template <class L, class R>
inline constexpr bool enable_matrix_expr<Product<L, R>> = true;
}
