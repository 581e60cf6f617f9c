/// Eigen's matrices as gram's views and the other way round, without a copy. Not part of gram.hpp.
#pragma once

#if !__has_include(<Eigen/Core>)
#error "gram/interop/eigen.hpp needs Eigen: install libeigen3-dev, or add its folder to the include path"
#endif

#include <Eigen/Core>

#include "gram/core/matrix.hpp"

namespace gram {

/// A view of an Eigen matrix, map or block with direct access to its memory, which must outlive the view.
template <class Derived>
    requires(static_cast<bool>(Derived::Flags& Eigen::DirectAccessBit))
[[nodiscard]] auto view(const Eigen::DenseBase<Derived>& a) {
    const Derived& d = a.derived();
    constexpr bool rows_first = static_cast<bool>(Derived::Flags & Eigen::RowMajorBit);
    return view(d.data(), static_cast<index_t>(d.rows()), static_cast<index_t>(d.cols()),
                static_cast<index_t>(rows_first ? d.outerStride() : d.innerStride()),
                static_cast<index_t>(rows_first ? d.innerStride() : d.outerStride()));
}
template <class Derived>
    requires(static_cast<bool>(Derived::Flags& Eigen::DirectAccessBit) &&
             static_cast<bool>(Derived::Flags & Eigen::LvalueBit))
[[nodiscard]] auto view(Eigen::DenseBase<Derived>& a) {
    Derived& d = a.derived();
    constexpr bool rows_first = static_cast<bool>(Derived::Flags & Eigen::RowMajorBit);
    return view(d.data(), static_cast<index_t>(d.rows()), static_cast<index_t>(d.cols()),
                static_cast<index_t>(rows_first ? d.outerStride() : d.innerStride()),
                static_cast<index_t>(rows_first ? d.innerStride() : d.outerStride()));
}

namespace core_detail {

template <class T>
auto eigen_map(kernel::MatRef<T> a) {
    using V = std::remove_const_t<T>;
    using Plain = Eigen::Matrix<V, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Element = std::conditional_t<std::is_const_v<T>, const Plain, Plain>;
    using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    return Eigen::Map<Element, Eigen::Unaligned, Stride>(a.data, a.rows, a.cols, Stride(a.row_stride, a.col_stride));
}

}  // namespace core_detail

/// The elements of a container or a view as an Eigen::Map, for reading and writing. They must outlive the map.
template <class T, index_t R, index_t C, class L>
[[nodiscard]] auto as_eigen(Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return core_detail::eigen_map(A.ref());
}
template <class T, index_t R, index_t C, class L>
[[nodiscard]] auto as_eigen(const Matrix<T, R, C, L>& A GRAM_LIFETIMEBOUND) {
    return core_detail::eigen_map(A.ref());
}
template <class T, index_t R, index_t C, class L>
void as_eigen(const Matrix<T, R, C, L>&&) = delete;
template <class T, index_t R, index_t C>
[[nodiscard]] auto as_eigen(const MatrixView<T, R, C>& A) {
    return core_detail::eigen_map(A.ref());
}

}  // namespace gram
