/// What loaders and savers share about matrices: elements in memory, and finiteness that no compiler flag breaks.
#pragma once

#include <bit>
#include <cstdint>

#include "gram/core/matrix.hpp"
#include "gram/expr/assign.hpp"

namespace gram::io::inline GRAM_ISA {
namespace detail {

/// Neither NaN nor infinite, by the bits of the exponent: right under -ffast-math too.
inline bool is_finite(double x) { return (std::bit_cast<std::uint64_t>(x) >> 52 & 0x7ffu) != 0x7ffu; }
inline bool is_finite(float x) { return (std::bit_cast<std::uint32_t>(x) >> 23 & 0xffu) != 0xffu; }

/// The expression itself when it is a container, else its elements in a new matrix. Bind it to `const auto&`.
template <MatrixExpr E>
decltype(auto) in_memory(const E& e) {
    if constexpr (Container<E>) {
        return static_cast<const E&>(e);
    } else {
        return Matrix<value_t<E>>(e);
    }
}

/// As in_memory, with the elements in row order and no gaps between them.
template <MatrixExpr E>
decltype(auto) in_memory_by_rows(const E& e) {
    if constexpr (Container<E>) {
        if constexpr (E::is_row_major || E::is_vector) {
            return static_cast<const E&>(e);
        } else {
            return Matrix<value_t<E>>(e);
        }
    } else {
        return Matrix<value_t<E>>(e);
    }
}

}  // namespace detail
}  // namespace gram::io::inline GRAM_ISA
