/// Rows and columns of any expression as neighbours in memory: what sorting, quantiles and running sums work on.
#pragma once

#include <span>

#include "gram/expr/reductions.hpp"

namespace gram::inline GRAM_ISA {
namespace detail {

/// Calls f(o, x) for every column (Axis 0) or row (Axis 1) o, x a copy of its elements that f may change.
/// Columns are copied eight at a time, so that memory in row order is read along its cache lines.
template <int Axis, MatrixExpr E, class F>
void for_each_line(const E& e, F f) {
    using T = value_t<E>;
    constexpr index_t together = Axis == 0 ? 8 : 1;
    const auto reader = reader_of(e);
    const index_t lines = Axis == 0 ? e.cols() : e.rows(), length = Axis == 0 ? e.rows() : e.cols();
    kernel::Buffer<T> copy(together * length);
    for (index_t first = 0; first < lines; first += together) {
        const index_t count = lines - first < together ? lines - first : together;
        for (index_t p = 0; p < length; ++p) {
            for (index_t l = 0; l < count; ++l) {
                const index_t o = first + l;
                copy.data()[l * length + p] = Axis == 0 ? reader.at(p, o, NoProduct{}) : reader.at(o, p, NoProduct{});
            }
        }
        for (index_t l = 0; l < count; ++l) {
            f(first + l, std::span<T>(copy.data() + l * length, static_cast<std::size_t>(length)));
        }
    }
}

/// All elements in row order, in memory of their own.
template <MatrixExpr E>
Matrix<value_t<E>> flattened(const E& e) {
    return Matrix<value_t<E>>(e);
}
template <class T>
std::span<T> span_of(Matrix<T>& A) {
    return {A.data(), static_cast<std::size_t>(A.rows() * A.cols())};
}

/// A vector of T that lies as the vector expression E does; a column for a matrix.
template <class T, MatrixExpr E>
using like_vector_t = std::conditional_t<rows_v<E> == 1 && cols_v<E> != 1, RowVector<T>, Vector<T>>;
template <class T, MatrixExpr E>
like_vector_t<T, E> make_like_vector(index_t n) {
    return like_vector_t<T, E>(n);
}
/// m×n for any E, with the extents that its type knows.
template <class T, MatrixExpr E>
Matrix<T, rows_v<E>, cols_v<E>> make_like(const E& e) {
    return Matrix<T, rows_v<E>, cols_v<E>>(e.rows(), e.cols());
}
/// Element p of line o along Axis.
template <int Axis, class M>
auto& along(M& A, index_t o, index_t p) {
    if constexpr (Axis == 0) {
        return A.ref()(p, o);
    } else {
        return A.ref()(o, p);
    }
}

/// NaN by its bits, which -ffast-math cannot assume away; of a complex number: either part.
template <class T>
bool is_nan(const T& x) {
    if constexpr (is_complex_v<T>) {
        return is_nan(x.real()) || is_nan(x.imag());
    } else if constexpr (std::is_same_v<T, float>) {
        return (std::bit_cast<std::uint32_t>(x) & 0x7fffffffU) > 0x7f800000U;
    } else if constexpr (std::is_same_v<T, double>) {
        return (std::bit_cast<std::uint64_t>(x) & 0x7fffffffffffffffU) > 0x7ff0000000000000U;
    } else {
        return false;
    }
}

}  // namespace detail
}  // namespace gram::inline GRAM_ISA
