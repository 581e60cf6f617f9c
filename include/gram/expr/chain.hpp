/// Two factors by the kernel that fits them, and longer products in the cheapest order.
#pragma once

#include "gram/expr/factors.hpp"
#include "gram/expr/loops.hpp"
#include "gram/kernel/complex.hpp"
#include "gram/kernel/gemm.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/syrk.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// A matrix times its own transpose is half of a product from so many rows on, where its sums have so many terms: fewer
/// do not pay for the copy of a triangle, or for the look at C as well.
inline constexpr index_t syrk_rows = 16, syrk_terms = 32, syrk_terms_of_update = 96;

template <class T>
bool same_matrix_transposed(const kernel::MatRef<const T>& a, const kernel::MatRef<const T>& b) {
    return a.data == b.data && a.rows == b.cols && a.cols == b.rows && a.row_stride == b.col_stride &&
           a.col_stride == b.row_stride;
}

/// f(i, j) for the elements on and below the diagonal of an n×n matrix, block by block; false from f ends it.
template <class F>
bool for_lower_triangle(index_t n, const F& f) {
    constexpr index_t block = 16;
    for (index_t i0 = 0; i0 < n; i0 += block) {
        for (index_t j0 = 0; j0 <= i0; j0 += block) {
            bool go_on = true;
            for (index_t j = j0; j < std::min(j0 + block, n); ++j) {
                for (index_t i = std::max(i0, j); i < std::min(i0 + block, n); ++i) go_on &= f(i, j);
            }
            if (!go_on) return false;
        }
    }
    return true;
}
/// Whether C is symmetric (Hermitian where it is complex) to the last bit; NaN is not.
template <class T>
bool is_hermitian(const kernel::MatRef<T>& C) {
    return for_lower_triangle(
        C.rows, [&C](index_t i, index_t j) { return C(i, j) == kernel::detail::conj_if(is_complex_v<T>, C(j, i)); });
}
/// The upper triangle = the lower one, conjugated where it is complex.
template <class T>
void mirror_lower_triangle(const kernel::MatRef<T>& C) {
    for_lower_triangle(C.rows, [&C](index_t i, index_t j) {
        C(j, i) = kernel::detail::conj_if(is_complex_v<T> && i != j, C(i, j));
        return true;
    });
}

/// C = alpha A A^H + beta C as half of a product and a copy, where that is what A B is and C is symmetric or
/// overwritten. False: nothing was done.
template <class Arch, class T>
bool multiply_by_own_transpose(T alpha, const Operand<T>& A, const Operand<T>& B, T beta, const kernel::MatRef<T>& C) {
    const index_t terms = beta == T{} ? syrk_terms : syrk_terms_of_update;
    if (C.rows < syrk_rows || A.ref.cols < terms || !same_matrix_transposed(A.ref, B.ref)) return false;
    if constexpr (is_complex_v<T>) {
        if (A.conjugate == B.conjugate || alpha.imag() != 0 || beta.imag() != 0) return false;
        if (beta != T{} && !is_hermitian(C)) return false;
        // A conjugated one on the left gives the transpose of the other way round.
        const auto lower = A.conjugate ? C.transposed() : C;
        kernel::herk<Arch>(alpha.real(), A.ref, beta.real(), lower);
        mirror_lower_triangle(lower);
    } else {
        if (beta != T{} && !is_hermitian(C)) return false;
        kernel::syrk<Arch>(alpha, A.ref, beta, C);
        kernel::mirror_lower<Arch>(C);
    }
    return true;
}

/// multiply, where factors may be conjugated.
template <class Arch, class T>
void multiply_complex(T alpha, const Operand<T>& A, const Operand<T>& B, T beta, const kernel::MatRef<T>& C) {
    if (C.cols == 1 && !B.conjugate) {
        kernel::gemv_conj<Arch>(alpha, A.ref, A.conjugate, B.ref.col(0), beta, C.col(0));
    } else if (C.rows == 1 && !A.conjugate) {
        kernel::gemv_conj<Arch>(alpha, B.ref.transposed(), B.conjugate, A.ref.row(0), beta, C.row(0));
    } else if (A.ref.cols == 1 && beta == T{1} && !A.conjugate) {
        B.conjugate ? kernel::gerc<Arch>(alpha, A.ref.col(0), B.ref.row(0), C)
                    : kernel::ger<Arch>(alpha, A.ref.col(0), B.ref.row(0), C);
    } else if (!multiply_by_own_transpose<Arch>(alpha, A, B, beta, C)) {
        kernel::gemm_conj<Arch>(alpha, A.ref, A.conjugate, B.ref, B.conjugate, beta, C);
    }
}

/// C = alpha A B + beta C by the kernel that fits the shape. Operands do not overlap C.
template <class Arch, class T>
GRAM_INLINE void multiply(T alpha, const Operand<T>& A, const Operand<T>& B, T beta, const kernel::MatRef<T>& C) {
    if constexpr (is_complex_v<T>) return multiply_complex<Arch>(alpha, A, B, beta, C);
    if (C.cols == 1) return kernel::gemv<Arch>(alpha, A.ref, B.ref.col(0), beta, C.col(0));
    if (C.rows == 1) return kernel::gemv<Arch>(alpha, B.ref.transposed(), A.ref.row(0), beta, C.row(0));
    if constexpr (std::is_floating_point_v<T>) {
        if (A.ref.cols == 1 && beta == T{1}) return kernel::ger<Arch>(alpha, A.ref.col(0), B.ref.row(0), C);
        if (multiply_by_own_transpose<Arch>(alpha, A, B, beta, C)) return;
    }
    kernel::gemm<Arch>(alpha, A.ref, B.ref, beta, C);
}

/// alpha x + beta acc.
template <class T>
struct ScaledSum {
    static constexpr bool has_packet = std::floating_point<T>;
    T alpha, beta;
    constexpr T operator()(const T& acc, const T& x) const { return static_cast<T>(beta * acc + alpha * x); }
    template <class P>
    GRAM_INLINE P packet(const P& acc, const P& x) const {
        return simd::fma(P(beta), acc, P(alpha) * x);
    }
};

/// dst = alpha D X + beta dst for the diagonal matrix D; X may be dst itself when beta is 0.
template <class Arch, class T>
void multiply_rows(T alpha, const kernel::VecRef<const T>& d, const kernel::MatRef<const T>& X, T beta,
                   const kernel::MatRef<T>& dst) {
    using Column = StretchedReader<LeafReader<T>, false>;
    using Rows = MapReader<Times, T, Column, LeafReader<T>>;
    const LeafReader<T> column{{d.data, d.size, 1, d.stride, 1}};
    const Rows rows{{}, {column}, {X}};
    if (beta == T{} && alpha == T{1}) return run<Arch, false, -1>(dst, rows);
    if (beta == T{}) return run<Arch, false, -1>(dst, MapReader<ScaleBy<T>, T, Rows>{{alpha}, rows});
    run<Arch, true, -1>(dst, MapReader<ScaledSum<T>, T, ProductReader<T>, Rows>{{alpha, beta}, {}, rows});
}

/// Split points of the cheapest association of a chain: matrix-chain dynamic programming (Cormen et al., ch. 15). A
/// factor that is diagonal costs a pass over the other one.
template <class T, std::size_t N, bool Diagonal>
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
            const bool scaling = is_diagonal(i, s) || is_diagonal(s + 1, j);
            const double inner = scaling ? pass_over_element : static_cast<double>(factors_[s].ref.cols);
            const double work =
                cost_[i][s] + cost_[s + 1][j] +
                static_cast<double>(factors_[i].ref.rows) * inner * static_cast<double>(factors_[j].ref.cols);
            if (cost_[i][j] < 0 || work < cost_[i][j]) {
                cost_[i][j] = work;
                split_[i][j] = s;
            }
        }
    }
    [[nodiscard]] bool is_diagonal(std::size_t i, std::size_t j) const {
        return Diagonal && i == j && factors_[i].diagonal;
    }
    /// The product of factors i..j; a single factor is used where it lies.
    template <class Arch>
    Operand<T> operand(std::size_t i, std::size_t j, Matrix<T>& storage) const {
        if (i == j) return factors_[i];
        storage = Matrix<T>(factors_[i].ref.rows, factors_[j].ref.cols, uninitialized);
        into<Arch>(i, j, T{1}, T{}, storage.ref());
        return {std::as_const(storage).ref()};
    }
    template <class Arch>
    void into(std::size_t i, std::size_t j, T alpha, T beta, const kernel::MatRef<T>& dst) const {
        const std::size_t s = split_[i][j];
        if constexpr (Diagonal) {
            if (is_diagonal(i, s)) return scaled<Arch>(s, s + 1, j, false, alpha, beta, dst);
            if (is_diagonal(s + 1, j)) return scaled<Arch>(s + 1, i, s, true, alpha, beta, dst);
        }
        Matrix<T> left, right;
        const auto A = operand<Arch>(i, s, left);
        const auto B = operand<Arch>(s + 1, j, right);
        multiply<Arch>(alpha, A, B, beta, dst);
    }
    /// Factors i..j with factor d before them, or, when `after`, behind them.
    template <class Arch>
    void scaled(std::size_t d, std::size_t i, std::size_t j, bool after, T alpha, T beta,
                const kernel::MatRef<T>& dst) const {
        Matrix<T> storage;
        Operand<T> X;
        if (i < j && beta == T{}) {
            into<Arch>(i, j, T{1}, T{}, dst);
            X = {dst};
        } else {
            X = operand<Arch>(i, j, storage);
        }
        if (X.conjugate) {
            storage = Matrix<T>(X.ref.rows, X.ref.cols, uninitialized);
            kernel::copy<Arch>(X.ref, storage.ref());
            kernel::conjugate<Arch>(storage.ref());
            X = {std::as_const(storage).ref()};
        }
        const auto diagonal = factors_[d].ref.diagonal();
        if (after) return multiply_rows<Arch>(alpha, diagonal, X.ref.transposed(), beta, dst.transposed());
        multiply_rows<Arch>(alpha, diagonal, X.ref, beta, dst);
    }

    /// Multiply-adds that cost as much as one element of a pass that scales.
    static constexpr double pass_over_element = 8;

    const std::array<Factor<T>, N>& factors_;
    double cost_[N][N]{};
    std::size_t split_[N][N]{};
};

/// dst = alpha * (the factors of e, without the numbers that moved out of them) + beta * dst. None overlaps dst.
template <class Arch, class T, class L, class R>
void multiply_factors(T alpha, const Product<L, R>& e, T beta, const kernel::MatRef<T>& dst) {
    constexpr std::size_t length = chain_length<Product<L, R>>();
    if constexpr (length == 2) {
        const auto left = factor(e.left());
        const auto right = factor(e.right());
        multiply<Arch, T>(alpha, left, right, beta, dst);
    } else {
        std::array<Factor<T>, length> factors;
        std::size_t count = 0;
        collect(e, factors, count);
        constexpr bool diagonal = has_diagonal_factor<Product<L, R>>();
        Chain<T, length, diagonal>(factors).template evaluate<Arch>(alpha, beta, dst);
    }
}
/// dst = alpha * (the product e) + beta * dst. No factor overlaps dst.
template <class Arch, class T, class L, class R>
void evaluate_product(T alpha, const Product<L, R>& e, T beta, const kernel::MatRef<T>& dst) {
    multiply_factors<Arch>(static_cast<T>(alpha * moved_scale<T>(e)), e, beta, dst);
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
