/// Cholesky factorization of small matrices: where the recursion of cholesky.hpp ends.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "gram/kernel/kernel.hpp"
#include "gram/linalg/check.hpp"
#include "gram/simd/basic.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

/// Orders up to this are factorized column by column.
inline constexpr index_t cholesky_leaf = 32;

/// One column at a time; the first column without a positive pivot, or -1.
template <class T>
index_t cholesky_unblocked(MatRef<T> A) {
    const index_t n = A.rows;
    for (index_t j = 0; j < n; ++j) {
        const real_t<T> d = real_of_number(A(j, j));
        if (!(d > 0)) return j;
        const real_t<T> pivot = std::sqrt(d);
        A(j, j) = pivot;
        for (index_t i = j + 1; i < n; ++i) A(i, j) /= pivot;
        for (index_t c = j + 1; c < n; ++c) {
            const T l = conj_of(A(c, j));
            for (index_t i = c; i < n; ++i) A(i, c) -= kernel::detail::times(A(i, j), l);
        }
    }
    return -1;
}

/// The same for real numbers in a copy of whole packs, what stands above the diagonal along with the rest.
///
/// Columns stay unscaled, as those of L D in L D L^T, until the end: between one pivot and the next stand a division
/// and a multiply-add, and no square root.
template <class Arch, class T>
class SmallCholesky {
public:
    explicit SmallCholesky(MatRef<T> A) : A_(A), n_(A.rows), packs_((n_ + w - 1) / w) {
        const MatRef<T> copy{columns_, n_, n_, 1, stride};
        kernel::copy<Arch>(A, copy);
        if (n_ % w == 0) return;
        for (index_t c = 0; c < n_; ++c) {
            for (index_t i = n_; i < packs_ * w; ++i) columns_[c * stride + i] = T(0);
        }
    }
    /// As cholesky_unblocked.
    index_t run() {
        T pivots[cholesky_leaf];
        for (index_t j = 0; j < n_; ++j) {
            const T d = columns_[j * stride + j];
            // The reciprocal of a subnormal number may overflow. Failures are rare too, and leave what the other
            // leaves.
            if (!(d >= std::numeric_limits<T>::min())) return cholesky_unblocked(A_);
            pivots[j] = d;
            eliminate(j, T(1) / d);
        }
        for (index_t j = 0; j < n_; ++j) {
            const T pivot = std::sqrt(pivots[j]);
            write_scaled(j, T(1) / pivot);
            A_(j, j) = pivot;
        }
        return -1;
    }

private:
    using P = simd::pack<T, Arch>;
    static constexpr index_t w = simd::width<T, Arch>, stride = cholesky_leaf > w ? cholesky_leaf : w;

    /// What stands below the diagonal in column j, times a factor, goes back to A.
    void write_scaled(index_t j, T factor) {
        const T* const from = columns_ + j * stride;
        index_t i = j + 1;
        if (A_.row_stride == 1) {
            T* const to = A_.col(j).data;
            for (; i % w != 0 && i < n_; ++i) to[i] = from[i] * factor;
            const P factors = simd::broadcast<T, Arch>(factor);
            for (; i + w <= n_; i += w) simd::store(to + i, simd::load<T, Arch>(from + i) * factors);
        }
        for (; i < n_; ++i) A_(i, j) = from[i] * factor;
    }
    /// Column c -= a_cj (column j) / d for all columns c behind j.
    void eliminate(index_t j, T reciprocal) {
        const T* const column = columns_ + j * stride;
        for (index_t q = (j + 1) / w; q < packs_; ++q) {
            const index_t first = std::max(j + 1, q * w), last = std::min(n_, (q + 1) * w);
            index_t p = q;
            for (; p + 4 <= packs_; p += 4) subtract<4>(column, reciprocal, p, first, last);
            if (packs_ - p == 3) subtract<3>(column, reciprocal, p, first, last);
            if (packs_ - p == 2) subtract<2>(column, reciprocal, p, first, last);
            if (packs_ - p == 1) subtract<1>(column, reciprocal, p, first, last);
        }
    }
    /// The same for columns [first, last) in K packs of rows, from pack p on.
    template <int K>
    GRAM_INLINE void subtract(const T* column, T reciprocal, index_t p, index_t first, index_t last) {
        P x[K];
#pragma GCC unroll 4
        for (int k = 0; k < K; ++k) {
            x[k] = simd::load<T, Arch>(column + (p + k) * w) * simd::broadcast<T, Arch>(reciprocal);
        }
        for (index_t c = first; c < last; ++c) {
            const P factor = simd::broadcast<T, Arch>(column[c]);
            T* const to = columns_ + c * stride + p * w;
#pragma GCC unroll 4
            for (int k = 0; k < K; ++k) {
                simd::store(to + k * w, simd::fnma(factor, x[k], simd::load<T, Arch>(to + k * w)));
            }
        }
    }

    MatRef<T> A_;
    index_t n_, packs_;
    alignas(64) T columns_[cholesky_leaf * stride];
};

/// A = L L^H for an order up to cholesky_leaf, as cholesky_in_place.
template <class T, class Arch = simd::native_arch>
index_t cholesky_small(MatRef<T> A) {
    if constexpr (simd::has_pack<T, Arch>) {
        if (A.rows >= simd::width<T, Arch> / 2) return SmallCholesky<Arch, T>(A).run();
    }
    return cholesky_unblocked(A);
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
