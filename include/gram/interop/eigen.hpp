/// Eigen's matrices as gram's views and the other way round, without a copy. Not part of gram.hpp.
#pragma once

#if !__has_include(<Eigen/Core>)
#error "gram/interop/eigen.hpp needs Eigen: install libeigen3-dev, or add its folder to the include path"
#endif

#include <Eigen/Core>

#include "gram/core/matrix.hpp"

namespace gram {

namespace core_detail {

/// Extents in the type stay there, so that a vector of Eigen is a vector here, and the other way round.
constexpr index_t extent_from_eigen(index_t n) { return n == Eigen::Dynamic ? dynamic : n; }
constexpr int extent_for_eigen(index_t n) { return n == dynamic ? Eigen::Dynamic : static_cast<int>(n); }

template <class D>
auto view_of_eigen(D& d) {
    constexpr bool rows_first = static_cast<bool>(D::Flags & Eigen::RowMajorBit);
    using T = std::remove_pointer_t<decltype(d.data())>;
    return MatrixView<T, extent_from_eigen(D::RowsAtCompileTime), extent_from_eigen(D::ColsAtCompileTime)>(
        kernel::MatRef<T>{d.data(), static_cast<index_t>(d.rows()), static_cast<index_t>(d.cols()),
                          static_cast<index_t>(rows_first ? d.outerStride() : d.innerStride()),
                          static_cast<index_t>(rows_first ? d.innerStride() : d.outerStride())});
}

template <index_t R, index_t C, class T>
auto eigen_map(kernel::MatRef<T> a) {
    // Eigen wants columns in column order.
    constexpr int order = C == 1 && R != 1 ? Eigen::ColMajor : Eigen::RowMajor;
    using Plain = Eigen::Matrix<std::remove_const_t<T>, extent_for_eigen(R), extent_for_eigen(C), order>;
    using Element = std::conditional_t<std::is_const_v<T>, const Plain, Plain>;
    using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    const Stride stride = order == Eigen::ColMajor ? Stride(a.col_stride, a.row_stride)  // outer, inner
                                                   : Stride(a.row_stride, a.col_stride);
    return Eigen::Map<Element, Eigen::Unaligned, Stride>(a.data, a.rows, a.cols, stride);
}

}  // namespace core_detail

/// A view of an Eigen matrix, map or block with direct access to its memory, which must outlive the view.
/// @snippet eigen.cpp eigen
template <class Derived>
    requires(static_cast<bool>(Derived::Flags& Eigen::DirectAccessBit))
[[nodiscard]] auto view(const Eigen::DenseBase<Derived>& a) { return core_detail::view_of_eigen(a.derived()); }
template <class Derived>
    requires(static_cast<bool>(Derived::Flags& Eigen::DirectAccessBit) &&
             static_cast<bool>(Derived::Flags & Eigen::LvalueBit))
[[nodiscard]] auto view(Eigen::DenseBase<Derived>& a) { return core_detail::view_of_eigen(a.derived()); }
template <class Derived>
void view(const Eigen::PlainObjectBase<Derived>&&) = delete;

/// The elements of a container or a view as an Eigen::Map, for reading and writing. They must outlive the map.
/// @snippet eigen.cpp eigen
template <class T, index_t R, index_t C, class L>
[[nodiscard]] auto as_eigen(Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return core_detail::eigen_map<R, C>(A.ref());
}
template <class T, index_t R, index_t C, class L>
[[nodiscard]] auto as_eigen(const Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return core_detail::eigen_map<R, C>(A.ref());
}
template <class T, index_t R, index_t C, class L>
void as_eigen(const Matrix<T, R, C, L>&&) = delete;
template <class T, index_t R, index_t C>
[[nodiscard]] auto as_eigen(const MatrixView<T, R, C>& A) {
    return core_detail::eigen_map<R, C>(A.ref());
}

}  // namespace gram
