/// LU factorization of a few columns: where the recursion of lu.hpp ends.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "gram/kernel/kernel.hpp"
#include "gram/simd/basic.hpp"

namespace gram::linalg::inline GRAM_ISA {
namespace detail {

using kernel::MatRef;
using kernel::VecRef;

/// Columns that are eliminated one by one.
inline constexpr index_t lu_leaf = 8;

/// For contiguous columns: a <- l = a * reciprocal, and column c of `rest` -= l u[c], in one pass over the rows.
template <class Arch, index_t Columns, class T>
void eliminate_in_one_pass(T reciprocal, T* a, index_t rows, T* rest, index_t stride, const T* u) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    const P r = simd::broadcast<T, Arch>(reciprocal);
    P factor[Columns > 0 ? Columns : 1];
    for (index_t c = 0; c < Columns; ++c) factor[c] = simd::broadcast<T, Arch>(u[c]);
    index_t i = 0;
    for (; i + w <= rows; i += w) {
        const P l = simd::load<T, Arch>(a + i) * r;
        simd::store(a + i, l);
        for (index_t c = 0; c < Columns; ++c) {
            T* x = rest + c * stride + i;
            simd::store(x, simd::fnma(l, factor[c], simd::load<T, Arch>(x)));
        }
    }
    if (const index_t n = rows - i; n > 0) {
        const P l = simd::load_n<T, Arch>(a + i, n) * r;
        simd::store_n(a + i, l, n);
        for (index_t c = 0; c < Columns; ++c) {
            T* x = rest + c * stride + i;
            simd::store_n(x, simd::fnma(l, factor[c], simd::load_n<T, Arch>(x, n)), n);
        }
    }
}

/// The number of columns becomes a constant, so that their factors stay in registers.
template <class Arch, index_t Columns = 0, class T>
void eliminate_columns(T reciprocal, T* a, index_t rows, MatRef<T> rest, const T* u) {
    if constexpr (Columns < lu_leaf) {
        if (rest.cols > Columns) return eliminate_columns<Arch, Columns + 1>(reciprocal, a, rows, rest, u);
        eliminate_in_one_pass<Arch, Columns>(reciprocal, a, rows, rest.data, rest.col_stride, u);
    }
}

/// One step of elimination: column <- l = column / pivot, rest -= l row; `row` is what stands beside the pivot.
template <class Arch, class T>
void eliminate(T pivot, VecRef<T> column, VecRef<const T> row, MatRef<T> rest) {
    // The reciprocal of a subnormal number may overflow; dividing does not.
    const bool invertible = std::abs(pivot) >= std::numeric_limits<kernel::detail::real_t<T>>::min();
    if constexpr (simd::has_pack<T, Arch>) {
        if (invertible && column.stride == 1 && rest.row_stride == 1 && row.size < lu_leaf) {
            T u[lu_leaf];
            for (index_t c = 0; c < row.size; ++c) u[c] = row[c];
            return eliminate_columns<Arch>(T(1) / pivot, column.data, column.size, rest, u);
        }
    }
    if (invertible) {
        kernel::scal<Arch>(T(1) / pivot, column);
    } else {
        for (index_t i = 0; i < column.size; ++i) column[i] /= pivot;
    }
    kernel::ger<Arch>(T(-1), column, row, rest);
}

/// P A = L U one column at a time, as lu_in_place, for an A with few columns.
template <class Arch = simd::native_arch, class T>
index_t lu_unblocked(MatRef<T> A, index_t* pivots) {
    index_t singular = -1;
    for (index_t j = 0; j < std::min(A.rows, A.cols); ++j) {
        const index_t below = A.rows - j - 1, right = A.cols - j - 1;
        pivots[j] = j + kernel::iamax<Arch>(A.col(j).segment(j, below + 1));
        if (A(pivots[j], j) == T(0)) {
            if (singular < 0) singular = j;
            continue;
        }
        if (pivots[j] != j) {
            for (index_t c = 0; c < A.cols; ++c) std::swap(A(j, c), A(pivots[j], c));
        }
        eliminate<Arch>(A(j, j), A.col(j).segment(j + 1, below), VecRef<const T>(A.row(j).segment(j + 1, right)),
                        A.block(j + 1, j + 1, below, right));
    }
    return singular;
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
