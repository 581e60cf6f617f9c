/// Matrices of random numbers; the distributions are members of Rng.
#pragma once

#include "gram/core/random.hpp"
#include "gram/expr/assign.hpp"

namespace gram::inline GRAM_ISA {

/// The m×n matrix whose elements are f(), called row by row: `generate<double>(m, n, [&] { return rng.gamma(2); })`.
/// @snippet random.cpp generate
template <Scalar T, class F>
    requires std::convertible_to<std::invoke_result_t<F&>, T>
[[nodiscard]] Matrix<T> generate(index_t m, index_t n, F f) {
    Matrix<T> A(m, n, uninitialized);
    for (T& x : A) x = static_cast<T>(f());
    return A;
}

/// m×n independent whole numbers, uniform in {low, ..., high - 1} (NumPy's integers). std::invalid_argument unless
/// low < high and both fit in T.
/// @snippet random.cpp randint
template <std::integral T>
[[nodiscard]] Matrix<T> randint(Rng& rng, index_t low, index_t high, index_t m, index_t n) {
    // high - 1 must fit, and the number of values must be an index.
    if (low >= high || !std::in_range<T>(low) || !std::in_range<T>(high - 1) ||
        static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) > static_cast<std::uint64_t>(PTRDIFF_MAX)) {
        throw std::invalid_argument("randint: [" + std::to_string(low) + ", " + std::to_string(high) +
                                    ") is empty or does not fit the element type");
    }
    return generate<T>(m, n, [&] { return static_cast<T>(low + rng.integer(high - low)); });
}

}  // namespace gram::inline GRAM_ISA
