/// Packed operands of a Call as Eigen sees them; what the files of the Eigen module share.
#pragma once

#include <Eigen/Core>

#include "peers/table.hpp"

namespace peers::eigen {

template <class T, int Order>
using Dense = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Order>;

template <class T, int Order = Eigen::RowMajor>
Eigen::Map<const Dense<T, Order>> matrix(const T* data, long rows, long cols) {
    return {data, rows, cols};
}
template <class T, int Order = Eigen::RowMajor>
Eigen::Map<Dense<T, Order>> matrix(T* data, long rows, long cols) {
    return {data, rows, cols};
}

template <class T>
Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>> vector(const T* data, long n) {
    return {data, n};
}
template <class T>
Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>> vector(T* data, long n) {
    return {data, n};
}

/// Does `work` again and again without the compiler's knowing that it is the same.
template <class Work>
void repeat(long reps, const Work& work) {
    while (reps-- > 0) {
        work();
        asm volatile("" : : : "memory");
    }
}

/// All that the module has: in eigen_kernels.cpp for the one, in eigen_linalg/ for the other.
void add_all(Tables& tables);

void add_gemm(Tables& tables);
void add_complex(Tables& tables);
void add_fixed(Tables& tables);
void add_vectors(Tables& tables);
void add_triangular(Tables& tables);
void add_elementwise(Tables& tables);

}  // namespace peers::eigen
