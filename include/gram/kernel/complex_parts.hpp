/// Complex matrices and vectors as real ones: what lets the real kernels do complex work.
///
/// A complex number is two reals side by side (the array-oriented access of std::complex), so a complex line is a real
/// line of twice the length, and the parts of a matrix are real matrices with doubled strides.
#pragma once

#include <complex>
#include <type_traits>

#include "gram/kernel/buffer.hpp"
#include "gram/kernel/norm.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/arch.hpp"

// Not templates on Arch: the namespace keeps the copies of different instruction sets apart.
namespace gram::kernel::detail::inline GRAM_ISA {

template <class T>
inline constexpr bool is_complex = !std::is_same_v<std::remove_const_t<T>, real_t<T>>;

/// a * b without the search for infinities behind a NaN that std::complex pays for on every product.
template <class T>
GRAM_INLINE constexpr T times(const T& a, const T& b) {
    if constexpr (is_complex<T>) {
        return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
    } else {
        return static_cast<T>(a * b);
    }
}
/// The conjugate where `yes`.
template <class T>
GRAM_INLINE constexpr T conj_if([[maybe_unused]] bool yes, const T& a) {
    if constexpr (is_complex<T>) {
        return yes ? T{a.real(), -a.imag()} : a;
    } else {
        return a;
    }
}

/// Every complex number of a matrix with contiguous columns as two rows of a real one.
template <class C>
auto stacked_rows(MatRef<C> A) {
    using R = real_t<C>;
    using Element = std::conditional_t<std::is_const_v<C>, const R, R>;
    return MatRef<Element>{reinterpret_cast<Element*>(A.data), 2 * A.rows, A.cols, 1, 2 * A.col_stride};
}

/// Copies the parts of A into planes of the same shape.
template <class R>
void split_parts(MatRef<const std::complex<R>> A, bool conjugated, MatRef<R> re, MatRef<R> im) {
    if (A.row_stride * A.row_stride < A.col_stride * A.col_stride) {
        A = A.transposed(), re = re.transposed(), im = im.transposed();
    }
    const R sign = conjugated ? R{-1} : R{1};
    const index_t n = A.cols;
    for (index_t i = 0; i < A.rows; ++i) {
        if (A.col_stride == 1 && re.col_stride == 1 && im.col_stride == 1) {
            const R* a = reinterpret_cast<const R*>(&A(i, 0));
            R *x = &re(i, 0), *y = &im(i, 0);
            for (index_t j = 0; j < n; ++j) {
                x[j] = a[2 * j];
                y[j] = sign * a[2 * j + 1];
            }
        } else {
            for (index_t j = 0; j < n; ++j) {
                re(i, j) = A(i, j).real();
                im(i, j) = sign * A(i, j).imag();
            }
        }
    }
}

/// A plane of m×n that is contiguous in the direction in which A is.
template <class R, class C>
MatRef<R> plane_like(const MatRef<C>& A, R* memory) {
    const bool by_columns = A.row_stride * A.row_stride < A.col_stride * A.col_stride;
    return by_columns ? MatRef<R>{memory, A.rows, A.cols, 1, A.rows} : MatRef<R>{memory, A.rows, A.cols, A.cols, 1};
}

}  // namespace gram::kernel::detail::inline GRAM_ISA
