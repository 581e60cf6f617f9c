/// Matrix products: nodes that hand their operands to the kernel that does the work best.
#pragma once

#include "gram/expr/chain.hpp"
#include "gram/kernel/gemm_fixed.hpp"

namespace gram::inline GRAM_ISA {

/// Lazy matrix product. Element access computes one dot product; evaluation calls GEMM, GEMV, GER or SYRK, and chains
/// of three or more factors are associated in the order that needs the fewest multiplications.
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
            if constexpr (detail::has_scale<Product>()) {
                return detail::ScaledProductReader<value_type>{detail::moved_scale<value_type>(*this)};
            } else {
                return detail::ProductReader<value_type>{};
            }
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
template <class Arch, class E>
constexpr bool fixed_product_reads_first() {
    using T = value_t<E>;
    constexpr int m = static_cast<int>(rows_v<E>), n = static_cast<int>(cols_v<E>);
    if constexpr (simd::has_pack<T, Arch> && m > 1 && n > 1) {
        return kernel::detail::fixed_groups<Arch, T, m, n> == 1 && kernel::detail::fixed_groups<Arch, T, n, m> == 1;
    } else {
        return false;
    }
}
template <class Arch, class L, class R, class T>
GRAM_INLINE void multiply_small_fixed(const Product<L, R>& e, const kernel::MatRef<T>& dst) {
    constexpr index_t m = rows_v<L>, n = cols_v<R>, k = cols_v<L>;
    const auto A = e.left().ref();
    const auto B = e.right().ref();
    if constexpr (simd::has_pack<T, Arch> && m > 1 && n > 1 && k > 0) {
        kernel::gemm_fixed<Arch, static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), T>(A, B, dst);
    } else {
        for (index_t i = 0; i < m; ++i) {
            T sum[static_cast<std::size_t>(n > 0 ? n : 1)]{};
            for (index_t p = 0; p < k; ++p) {
                const T a = A(i, p);
                for (index_t j = 0; j < n; ++j) sum[j] = static_cast<T>(sum[j] + a * B(p, j));
            }
            for (index_t j = 0; j < n; ++j) dst(i, j) = sum[j];
        }
    }
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA

namespace gram {
template <class L, class R>
inline constexpr bool enable_matrix_expr<Product<L, R>> = true;
}
