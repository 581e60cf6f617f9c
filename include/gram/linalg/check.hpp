/// The front door of every factorization: finite input, a safe scale, one copy into the workspace.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "gram/core/error.hpp"
#include "gram/expr/assign.hpp"
#include "gram/kernel/check.hpp"
#include "gram/kernel/complex_parts.hpp"
#include "gram/kernel/copy.hpp"
#include "gram/linalg/workspace.hpp"

namespace gram::linalg::inline GRAM_ISA {

using kernel::MatRef;
using kernel::VecRef;

/// A matrix expression of float or double: what can be factorized.
template <class E>
concept RealExpr = MatrixExpr<E> && std::is_floating_point_v<value_t<E>>;  // of integers: cast<double>(A)
/// A matrix expression of float, double or a complex number of either.
template <class E>
concept FieldExpr = MatrixExpr<E> && std::is_floating_point_v<real_t<value_t<E>>>;  // of integers: cast<double>(A)

/// The matrix and the right-hand side of A x = b: one element type, and as many rows.
template <class E, class B>
concept System = SameValueType<E, B> && extents_agree(rows_v<E>, rows_v<B>);

namespace detail {

template <class T>
using bits_of = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// All ones in the exponent, zeros elsewhere: the bits of infinity, and of NaN without its payload.
template <class T>
inline constexpr bits_of<T> exponent_mask = std::bit_cast<bits_of<T>>(std::numeric_limits<T>::infinity());

/// Decided on the bits, so that -ffast-math cannot fold it to true.
template <class T>
[[nodiscard]] constexpr bool is_finite(T x) {
    return (std::bit_cast<bits_of<T>>(x) & exponent_mask<T>) != exponent_mask<T>;
}

template <class T>
[[nodiscard]] constexpr bool is_finite(const std::complex<T>& x) {
    return is_finite(x.real()) && is_finite(x.imag());
}

/// The conjugate; of a real number the number itself.
template <class T>
[[nodiscard]] constexpr T conj_of(const T& x) {
    return kernel::detail::conj_if(true, x);
}
/// The real part.
template <class T>
[[nodiscard]] constexpr real_t<T> real_of_number(const T& x) {
    if constexpr (is_complex_v<T>) {
        return x.real();
    } else {
        return x;
    }
}

/// Throws non_finite "<name>: the matrix holds NaN or infinity at (i, j)", the first place in row order.
template <class T>
void require_finite(MatRef<T> A, const char* name) {
    if (kernel::all_finite(A)) return;
    for (index_t i = 0; i < A.rows; ++i)
        for (index_t j = 0; j < A.cols; ++j)
            if (!is_finite(A(i, j)))
                throw non_finite(std::string(name) + ": the matrix holds NaN or infinity at (" + std::to_string(i) +
                                 ", " + std::to_string(j) + ")");
}

/// The power of two s that brings a largest magnitude into the range where sums of squares of an m×n matrix and
/// quotients neither overflow nor underflow; 1 when it is there already (and for 0). Both s and 1 / s are normal.
///
/// Range: [sqrt(smallest) / eps, its inverse], the one LAPACK's drivers use.
template <class T>
[[nodiscard]] constexpr T scale_for(T largest) {
    using limits = std::numeric_limits<T>;
    constexpr int low = (limits::min_exponent - 1) / 2 + limits::digits;
    constexpr int cap = limits::max_exponent - 3;
    if (largest == T(0)) return T(1);
    // The exponent e of largest = f * 2^e, f in [1, 2), read from the bits; subnormal numbers count as the smallest.
    constexpr int fraction_bits = limits::digits - 1;
    const int e = static_cast<int>((std::bit_cast<bits_of<T>>(largest) & exponent_mask<T>) >> fraction_bits) -
                  (limits::max_exponent - 1);
    if (e >= low && e <= -low) return T(1);
    const int shift = -e > cap ? cap : (-e < -cap ? -cap : -e);
    return std::bit_cast<T>(static_cast<bits_of<T>>(shift + limits::max_exponent - 1) << fraction_bits);
}

/// scale_for the largest magnitude of A. Multiplying by it, and by its inverse afterwards, is exact but for underflow.
template <class T>
[[nodiscard]] real_t<std::remove_const_t<T>> scale_factor(MatRef<T> A) {
    return scale_for(kernel::max_abs(A));
}

/// The expression itself where it is memory already (a container or a view), else the container of its values.
/// Bind it to `const auto&` and read `.ref()`.
template <MatrixExpr E>
[[nodiscard]] decltype(auto) materialize(const E& e) {
    if constexpr (requires { e.ref(); }) {
        return (e);
    } else {
        return Matrix<value_t<E>, rows_v<E>, cols_v<E>>(e);
    }
}

/// How far load may scale: into the safe range even if small elements underflow (their loss is within the error bound
/// of orthogonal transformations), or only as long as no element is rounded (elimination solves badly scaled systems,
/// whose small elements matter).
enum class Scaling { safe, exact };

/// The smallest magnitude of the elements, or of their parts, that are not zero; 0 when all are.
template <class T>
[[nodiscard]] real_t<std::remove_const_t<T>> smallest_nonzero(MatRef<T> A) {
    using R = real_t<std::remove_const_t<T>>;
    R smallest = 0;
    const auto consider = [&smallest](R part) {
        const R x = part < 0 ? -part : part;
        if (x != 0 && (smallest == 0 || x < smallest)) smallest = x;
    };
    for (index_t i = 0; i < A.rows; ++i)
        for (index_t j = 0; j < A.cols; ++j) {
            consider(real_of_number(A(i, j)));
            if constexpr (is_complex_v<std::remove_const_t<T>>) consider(A(i, j).imag());
        }
    return smallest;
}

/// scale_factor, or as much of it as rounds no element of A.
template <class T>
[[nodiscard]] real_t<std::remove_const_t<T>> exact_scale_factor(MatRef<T> A) {
    using V = real_t<std::remove_const_t<T>>;
    V scale = scale_factor(A);
    if (scale >= V(1)) return scale;
    const V smallest = smallest_nonzero(A);
    while (scale < V(1) && smallest * scale < std::numeric_limits<V>::min()) scale *= V(2);
    return scale;
}

/// The values of an expression in a workspace, times `scale`.
template <class T>
struct Loaded {
    Workspace<T> work;
    real_t<T> scale{1};

    [[nodiscard]] MatRef<T> ref() const noexcept { return work.ref(); }
};

/// The one copy that a factorization takes of its input: checked, in a padded workspace, multiplied by a power of
/// two that brings its largest magnitude into the range of scale_for.
///
/// Errors: non_finite, which begins with `name`.
template <FieldExpr E>
[[nodiscard]] Loaded<value_t<E>> load(const E& e, const char* name, Order order = Order::column_major,
                                      Scaling scaling = Scaling::safe) {
    using T = value_t<E>;
    Loaded<T> loaded{Workspace<T>(e.rows(), e.cols(), order)};
    const MatRef<T> A = loaded.ref();
    if (A.rows == 0 || A.cols == 0) return loaded;
    MatrixView<T>{A} = e;
    require_finite(A, name);
    loaded.scale = scaling == Scaling::safe ? scale_factor(A) : exact_scale_factor(A);
    kernel::scale(loaded.scale, A);
    return loaded;
}

/// load of one triangle of a square matrix: what stands beyond the diagonal is not looked at, and zero; nor is the
/// diagonal where it stands for ones, which are then the diagonal.
template <FieldExpr E>
[[nodiscard]] Loaded<value_t<E>> load_triangle(const E& e, const char* name, kernel::Triangle triangle,
                                               bool unit = false) {
    using T = value_t<E>;
    const index_t n = e.rows();
    Loaded<T> loaded{Workspace<T>(n, n)};
    const MatRef<T> A = loaded.ref();
    if (n == 0) return loaded;
    MatrixView<T>{A} = e;
    for (index_t j = 0; j < n; ++j) {
        const bool lower = triangle == kernel::Triangle::lower;
        kernel::fill(A.block(lower ? 0 : j + 1, j, lower ? j : n - j - 1, 1), T(0));
        if (unit) A(j, j) = T(1);
    }
    require_finite(A, name);
    loaded.scale = exact_scale_factor(A);
    kernel::scale(loaded.scale, A);
    return loaded;
}

/// A row-major container of the elements of A.
template <class T>
[[nodiscard]] auto matrix_of(MatRef<T> A) {
    using V = std::remove_const_t<T>;
    Matrix<V> copy(A.rows, A.cols, uninitialized);
    kernel::copy(A, copy.ref());
    return copy;
}

/// A = the identity, or what there is of it in m×n.
template <class T>
void set_identity(MatRef<T> A) {
    kernel::fill(A, T(0));
    for (index_t i = 0; i < A.rows && i < A.cols; ++i) A(i, i) = T(1);
}

/// shape_error "<name>: 3x5 is not square".
template <MatrixExpr E>
void require_square(const E& e, const char* name) {
    static_assert(extents_agree(rows_v<E>, cols_v<E>), "this needs a square matrix");
    if (e.rows() != e.cols())
        throw shape_error(std::string(name) + ": " + shape_text(e.rows(), e.cols()) + " is not square");
}

}  // namespace detail
}  // namespace gram::linalg::inline GRAM_ISA
