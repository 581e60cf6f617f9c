/// Whole matrices: copy between layouts, transposition in place, a triangle mirrored, fill, scale.
#pragma once

#include <cstring>
#include <type_traits>
#include <utility>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/vector.hpp"
#include "gram/simd/transpose.hpp"

namespace gram::kernel {
namespace detail {

/// True when A should be seen transposed, so that the inner loop over columns has the smaller stride.
template <class T>
constexpr bool better_transposed(const MatRef<T>& A) {
    if (A.cols == 1 || A.rows == 1) return A.cols == 1;
    const auto magnitude = [](index_t s) { return s < 0 ? -s : s; };
    return magnitude(A.row_stride) < magnitude(A.col_stride);
}

/// A square of `width` rows that is read along the rows and stored along the columns; only m×n of it is touched.
template <class Arch, class T>
struct RegisterSquare {
    static constexpr index_t w = simd::width<T, Arch>;
    simd::pack<T, Arch> rows[w];

    GRAM_INLINE void load(const T* from, index_t stride, index_t m, index_t n) {
#pragma GCC unroll 16
        for (index_t i = 0; i < w; ++i) {
            if (n == w) {
                rows[i] = i < m ? simd::load<T, Arch>(from + i * stride) : simd::broadcast<T, Arch>(T{});
            } else {
                rows[i] = i < m ? simd::load_n<T, Arch>(from + i * stride, n) : simd::broadcast<T, Arch>(T{});
            }
        }
    }
    GRAM_INLINE void store(T* to, index_t stride, index_t m, index_t n) const {
#pragma GCC unroll 16
        for (index_t i = 0; i < w; ++i) {
            if (i < m) n == w ? simd::store(to + i * stride, rows[i]) : simd::store_n(to + i * stride, rows[i], n);
        }
    }
};

/// The m×n block at `to` = the one at `from`, whose columns are contiguous; at most `width` rows and columns.
template <class Arch, class T>
GRAM_INLINE void copy_square(const T* from, index_t from_stride, T* to, index_t to_stride, index_t m, index_t n) {
    RegisterSquare<Arch, T> square;
    square.load(from, from_stride, n, m);
    simd::transpose(square.rows);
    square.store(to, to_stride, m, n);
}

/// B = A where the columns of A and the rows of B are contiguous.
template <class Arch, class T>
void copy_transposed(const MatRef<const T>& A, const MatRef<T>& B) {
    using Half = simd::half_packs<Arch>;
    constexpr index_t w = simd::width<T, Arch>, half = simd::width<T, Half>;
    if (half < w && B.rows <= half && B.cols <= half) {
        return copy_square<Half>(A.data, A.col_stride, B.data, B.row_stride, B.rows, B.cols);
    }
    for (index_t j = 0; j < B.cols; j += w) {
        const index_t n = B.cols - j < w ? B.cols - j : w;
        for (index_t i = 0; i < B.rows; i += w) {
            const index_t m = B.rows - i < w ? B.rows - i : w;
            const T* from = &A(i, j);
            T* to = &B(i, j);
            if (m == w && n == w) {
                copy_square<Arch>(from, A.col_stride, to, B.row_stride, w, w);
            } else {
                copy_square<Arch>(from, A.col_stride, to, B.row_stride, m, n);
            }
        }
    }
}

/// Exchanges the block at (i, j) of A with the transposed block at (j, i); on the diagonal they are the same block.
template <class Arch, class T>
void exchange_squares(const MatRef<T>& A, index_t i, index_t j) {
    constexpr index_t w = simd::width<T, Arch>;
    const index_t m = A.rows - i < w ? A.rows - i : w, n = A.rows - j < w ? A.rows - j : w;
    RegisterSquare<Arch, T> below, above;
    below.load(&A(i, j), A.row_stride, m, n);
    simd::transpose(below.rows);
    if (i != j) {
        above.load(&A(j, i), A.row_stride, n, m);
        simd::transpose(above.rows);
        above.store(&A(i, j), A.row_stride, m, n);
    }
    below.store(&A(j, i), A.row_stride, n, m);
}

/// B = A where the inner loop over columns suits B.
template <class Arch, class T>
void copy_rows(const MatRef<const T>& A, const MatRef<T>& B) {
    if (A.col_stride == 1 && B.col_stride == 1) {
        if constexpr (std::is_trivially_copyable_v<T>) {
            const bool dense = A.row_stride == B.cols && B.row_stride == B.cols;
            const index_t runs = dense ? 1 : B.rows, length = dense ? B.rows * B.cols : B.cols;
            for (index_t i = 0; i < runs; ++i) {
                std::memcpy(&B(i, 0), &A(i, 0), static_cast<std::size_t>(length) * sizeof(T));
            }
            return;
        }
    }
    if constexpr (simd::has_pack<T, Arch>) {
        if (A.row_stride == 1 && B.col_stride == 1) return copy_transposed<Arch, T>(A, B);
    }
    for (index_t i = 0; i < B.rows; ++i) {
        for (index_t j = 0; j < B.cols; ++j) B(i, j) = A(i, j);
    }
}

}  // namespace detail

/// B = A, each in any layout; different layouts are transposed in registers. B must not overlap A.
template <class Arch = simd::native_arch, class T>
void copy(const std::type_identity_t<MatRef<const T>>& A, const MatRef<T>& B) {
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().copy(A, B);
    if (B.rows == 0 || B.cols == 0) return;
    if (detail::better_transposed(B)) return detail::copy_rows<Arch, T>(A.transposed(), B.transposed());
    detail::copy_rows<Arch, T>(A, B);
}

/// A = A^T for a square A.
template <class Arch = simd::native_arch, class T>
void transpose_in_place(MatRef<T> A) {
    if (A.row_stride == 1) A = A.transposed();
    if constexpr (simd::has_pack<T, Arch>) {
        if (A.col_stride == 1) {
            constexpr index_t w = simd::width<T, Arch>;
            for (index_t i = 0; i < A.rows; i += w) {
                for (index_t j = 0; j <= i; j += w) detail::exchange_squares<Arch>(A, i, j);
            }
            return;
        }
    }
    for (index_t i = 0; i < A.rows; ++i) {
        for (index_t j = 0; j < i; ++j) std::swap(A(i, j), A(j, i));
    }
}

/// The upper triangle of a square C = its lower triangle transposed.
template <class Arch = simd::native_arch, class T>
void mirror_lower(const MatRef<T>& C) {
    const auto one_by_one = [&](index_t i, index_t m) {
        for (index_t r = i; r < i + m; ++r) {
            for (index_t s = i; s < r; ++s) C(s, r) = C(r, s);
        }
    };
    if constexpr (simd::has_pack<T, Arch>) {
        constexpr index_t w = simd::width<T, Arch>;
        if (C.col_stride == 1 || C.row_stride == 1) {
            const bool by_rows = C.col_stride == 1;
            const index_t stride = by_rows ? C.row_stride : C.col_stride;
            for (index_t i = 0; i < C.rows; i += w) {
                const index_t m = C.rows - i < w ? C.rows - i : w;
                for (index_t j = 0; j < i; j += w) {
                    detail::RegisterSquare<Arch, T> square;
                    square.load(&C(i, j), stride, by_rows ? m : w, by_rows ? w : m);
                    simd::transpose(square.rows);
                    square.store(&C(j, i), stride, by_rows ? w : m, by_rows ? m : w);
                }
                one_by_one(i, m);
            }
            return;
        }
    }
    one_by_one(0, C.rows);
}

/// Every element = value.
template <class Arch = simd::native_arch, class T>
void fill(MatRef<T> A, std::type_identity_t<T> value) {
    if (detail::better_transposed(A)) A = A.transposed();
    for (index_t i = 0; i < A.rows; ++i) {
        index_t j = 0;
        if constexpr (simd::has_pack<T, Arch>) {
            constexpr index_t w = simd::width<T, Arch>;
            const auto values = simd::broadcast<T, Arch>(value);
            if (A.col_stride == 1) {
                for (; j + w <= A.cols; j += w) simd::store(&A(i, j), values);
            }
        }
        for (; j < A.cols; ++j) A(i, j) = value;
    }
}

/// A *= alpha; alpha = 0 overwrites NaN.
template <class Arch = simd::native_arch, class T>
void scale(std::type_identity_t<T> alpha, MatRef<T> A) {
    if (alpha == T{}) return fill<Arch>(A, T{});
    if (alpha == T{1}) return;
    if (detail::better_transposed(A)) A = A.transposed();
    for (index_t i = 0; i < A.rows; ++i) scal<Arch>(alpha, A.row(i));
}

}  // namespace gram::kernel

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel {

extern template void copy<simd::native_arch>(const MatRef<const float>&, const MatRef<float>&);
extern template void copy<simd::native_arch>(const MatRef<const double>&, const MatRef<double>&);
extern template void copy<simd::native_arch>(const MatRef<const std::complex<float>>&,
                                             const MatRef<std::complex<float>>&);
extern template void copy<simd::native_arch>(const MatRef<const std::complex<double>>&,
                                             const MatRef<std::complex<double>>&);

}  // namespace gram::kernel
#endif
