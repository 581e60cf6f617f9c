/// Plane rotations: one that annihilates an entry, and whole sweeps of them applied to the columns of a matrix.
///
/// A rotation (c, s) of columns p, q means  p' = c p + s q,  q' = c q - s p.
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sec. 5.1.8; LAPACK dlartg, dlasr for the conventions.
#pragma once

#include <cmath>
#include <limits>

#include "gram/kernel/buffer.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/simd/basic.hpp"

#include "gram/linalg/strict_math_begin.hpp"

namespace gram::linalg::inline GRAM_ISA {

using kernel::MatRef;

namespace detail {

template <class T>
constexpr T power_of_two(int exponent) {
    T x = 1;
    for (; exponent > 0; --exponent) x *= T(2);
    for (; exponent < 0; ++exponent) x /= T(2);
    return x;
}

}  // namespace detail

/// [c s; -s c] (f, g) = (r, 0).
template <class T>
struct Rotation {
    T c, s, r;
};

namespace detail {

// Where the sum of squares is zero, overflows or has lost digits.
template <class T>
Rotation<T> make_rotation_scaled(T f, T g) {
    const T u = std::abs(f) > std::abs(g) ? std::abs(f) : std::abs(g);
    if (u == T(0)) return {T(1), T(0), T(0)};
    const T fu = f / u, gu = g / u;
    const T r = std::copysign(std::sqrt(fu * fu + gu * gu), f);
    return {fu / r, gu / r, r * u};
}

}  // namespace detail

/// The rotation that annihilates g against f, without overflow or harmful underflow; c >= 0 and r has the sign of f.
template <class T>
GRAM_INLINE Rotation<T> make_rotation(T f, T g) {
    using limits = std::numeric_limits<T>;
    // Within these bounds it does not matter when the square of the smaller one underflows.
    constexpr T low = detail::power_of_two<T>(limits::min_exponent + 2 * limits::digits);
    constexpr T high = detail::power_of_two<T>(limits::max_exponent - 1);
    const T squares = f * f + g * g;
    if (!(squares > low && squares < high)) return detail::make_rotation_scaled(f, g);
    const T r = std::copysign(std::sqrt(squares), f);
    return {f / r, g / r, r};
}

}  // namespace gram::linalg::inline GRAM_ISA

#include "gram/linalg/strict_math_end.hpp"

namespace gram::linalg::inline GRAM_ISA {

/// The order in which a sweep runs over its rotations.
enum class SweepOrder { forward, backward };

namespace detail {

// Rows [i, i + unroll * width) of the columns of one sweep. The column shared by neighbouring rotations stays in
// registers, so each element is read and written once a sweep; `unroll` chains hide the latency of one.
template <class Arch, int unroll, class T>
void rotate_rows(T* z, index_t col_stride, const T* c, const T* s, index_t count, SweepOrder order) {
    constexpr index_t w = simd::width<T, Arch>;
    using P = simd::pack<T, Arch>;
    const bool forward = order == SweepOrder::forward;
    const index_t step = forward ? col_stride : -col_stride;
    T* at = forward ? z : z + count * col_stride;
    P carry[unroll];
    for (int u = 0; u < unroll; ++u) carry[u] = simd::load<T, Arch>(at + u * w);
    for (index_t k = 0; k < count; ++k, at += step) {
        const index_t p = forward ? k : count - 1 - k;
        // Backward, the carried column is q of the pair: the same formula with the roles exchanged and s negated.
        const P cp(c[p]), sp(forward ? s[p] : -s[p]);
        for (int u = 0; u < unroll; ++u) {
            const P next = simd::load<T, Arch>(at + step + u * w);
            simd::store(at + u * w, simd::fma(sp, next, cp * carry[u]));
            carry[u] = simd::fnma(sp, carry[u], cp * next);
        }
    }
    for (int u = 0; u < unroll; ++u) simd::store(at + u * w, carry[u]);
}

template <class Arch, class T>
void rotate_rows_tail(T* z, index_t rows, index_t col_stride, const T* c, const T* s, index_t count, SweepOrder order) {
    using P = simd::pack<T, Arch>;
    const bool forward = order == SweepOrder::forward;
    const index_t step = forward ? col_stride : -col_stride;
    T* at = forward ? z : z + count * col_stride;
    P carry = simd::load_n<T, Arch>(at, rows);
    for (index_t k = 0; k < count; ++k, at += step) {
        const index_t p = forward ? k : count - 1 - k;
        const P cp(c[p]), sp(forward ? s[p] : -s[p]);
        const P next = simd::load_n<T, Arch>(at + step, rows);
        simd::store_n(at, simd::fma(sp, next, cp * carry), rows);
        carry = simd::fnma(sp, carry, cp * next);
    }
    simd::store_n(at, carry, rows);
}

}  // namespace detail

/// Rotation k of `count` acts on columns (k, k + 1) of Z, in ascending (forward) or descending order of k.
///
/// Z is column-major (row_stride 1) with count + 1 columns. Cost: 6 rows count flops, one pass over Z.
template <class Arch = simd::native_arch, class T>
void apply_sweep(MatRef<T> Z, const T* c, const T* s, SweepOrder order) {
    constexpr index_t w = simd::width<T, Arch>;
    const index_t count = Z.cols - 1;
    if (count <= 0) return;
    index_t i = 0;
    for (; i + 4 * w <= Z.rows; i += 4 * w) {
        detail::rotate_rows<Arch, 4>(Z.data + i, Z.col_stride, c, s, count, order);
    }
    for (; i + w <= Z.rows; i += w) detail::rotate_rows<Arch, 1>(Z.data + i, Z.col_stride, c, s, count, order);
    if (i < Z.rows) detail::rotate_rows_tail<Arch>(Z.data + i, Z.rows - i, Z.col_stride, c, s, count, order);
}

/// The rotation (c, s) of columns p < q of Z (column-major).
template <class T>
void rotate_columns(MatRef<T> Z, index_t p, index_t q, T c, T s) {
    apply_sweep(MatRef<T>{&Z(0, p), Z.rows, 2, 1, (q - p) * Z.col_stride}, &c, &s, SweepOrder::forward);
}

/// Collects the sweeps of a QR iteration and applies many of them to one strip of rows while it is in cache.
template <class T>
class SweepBatch {
public:
    /// Z is column-major; with no rows nothing is stored or done.
    explicit SweepBatch(MatRef<T> Z) : Z_(Z) {
        if (active()) numbers_ = kernel::Buffer<T>(2 * capacity());
    }
    [[nodiscard]] bool active() const { return Z_.rows > 0 && Z_.cols > 1; }

    /// Room for a sweep over columns [first, first + count]: the caller fills cosines() and sines() afterwards.
    void begin(index_t first, index_t count, SweepOrder order) {
        if (!active()) return;
        if (used_ + count > capacity() || sweeps_ == max_sweeps) flush();
        sweep_[sweeps_++] = {first, count, used_, order};
        used_ += count;
    }
    void set(index_t k, T c, T s) {
        if (!active()) return;
        const index_t at = sweep_[sweeps_ - 1].offset + k;
        numbers_.data()[at] = c;
        numbers_.data()[capacity() + at] = s;
    }
    /// Applies what was collected. Must be called before Z is read.
    void flush() {
        if (sweeps_ == 0) return;
        constexpr index_t strip = 4 * simd::width<T>;
        const T* c = numbers_.data();
        const T* s = c + capacity();
        for (index_t i = 0; i < Z_.rows; i += strip) {
            const index_t rows = Z_.rows - i < strip ? Z_.rows - i : strip;
            for (int k = 0; k < sweeps_; ++k) {
                const Sweep& w = sweep_[k];
                apply_sweep(Z_.block(i, w.first, rows, w.count + 1), c + w.offset, s + w.offset, w.order);
            }
        }
        sweeps_ = 0;
        used_ = 0;
    }

private:
    struct Sweep {
        index_t first, count, offset;
        SweepOrder order;
    };
    static constexpr int max_sweeps = 64;
    [[nodiscard]] index_t capacity() const { return 16 * Z_.cols; }

    MatRef<T> Z_;
    kernel::Buffer<T> numbers_;
    Sweep sweep_[max_sweeps];
    int sweeps_ = 0;
    index_t used_ = 0;
};

}  // namespace gram::linalg::inline GRAM_ISA
