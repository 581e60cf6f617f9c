/// Symmetric matrices held by their lower triangle: symv, syr2. (Upper: pass the transposed matrix.)
#pragma once

#include <type_traits>

#include "gram/dispatch/table.hpp"
#include "gram/kernel/count.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/scratch.hpp"
#include "gram/simd/access.hpp"

namespace gram::kernel {
namespace detail {

/// The stored triangle as strips that are contiguous in memory: strip i is row i left of the diagonal or column i
/// below it.
template <class T>
struct TriangleStrips {
    const MatRef<T>& A;
    bool by_rows;

    explicit TriangleStrips(const MatRef<T>& lower) : A(lower), by_rows(lower.col_stride == 1) {}
    [[nodiscard]] index_t stride() const { return by_rows ? A.row_stride : A.col_stride; }
    /// The elements that the strips [i, i + count) share outside the diagonal block: their place and number.
    [[nodiscard]] index_t first(index_t i, index_t count) const { return by_rows ? 0 : i + count; }
    [[nodiscard]] index_t length(index_t i, index_t count) const { return by_rows ? i : A.rows - i - count; }
    [[nodiscard]] T* data(index_t i, index_t count) const {
        const index_t at = first(i, count);
        return by_rows ? A.data + i * A.row_stride + at : A.data + i * A.col_stride + at;
    }
};

/// Up to this size a plain loop is as good as any.
inline constexpr index_t symv_tiny_most = 15;

/// Where symv adds what strips give: at their own indices, and along them. Both may be y. Where `padded`, whole packs
/// may be read and written beyond the end.
template <class T>
struct SymvSums {
    T* own;
    T* along;
    bool padded;
};

/// One read of R strips does both halves: acc[r] += strip r · x, lane by lane, and y += sum of c[r] * strip r.
template <class Arch, int R, class T>
GRAM_INLINE void symv_strips(const T* a, index_t stride, const T* x, const T* c, T* y, index_t n, bool padded,
                             simd::pack<T, Arch> (&acc)[R]) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P factor[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) factor[r] = simd::broadcast<T, Arch>(c[r]);
    index_t j = 0;
    for (; j + w <= n; j += w) {
        const P xj = simd::load<T, Arch>(x + j);
        P sum = simd::load<T, Arch>(y + j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            const P v = simd::in_register(simd::load<T, Arch>(a + r * stride + j));
            acc[r] = simd::fma(v, xj, acc[r]);
            sum = simd::fma(factor[r], v, sum);
        }
        simd::store(y + j, sum);
    }
    if (j < n) {
        const bool whole = padded && simd::masks_are_free<Arch>;
        const P xj = simd::load_n<T, Arch>(x + j, n - j);
        P sum = whole ? simd::load<T, Arch>(y + j) : simd::load_n<T, Arch>(y + j, n - j);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            const P v = simd::load_n<T, Arch>(a + r * stride + j, n - j);
            acc[r] = simd::fma(v, xj, acc[r]);
            if constexpr (simd::masks_are_free<Arch>) {
                sum = simd::fma_lanes(factor[r], v, sum, 0, n - j);
            } else {
                sum = simd::fma(factor[r], v, sum);
            }
        }
        whole ? simd::store(y + j, sum) : simd::store_n(y + j, sum, n - j);
    }
}

/// The same on the R×R diagonal block at `a`, by masks: acc[r] += what strip r gives with its diagonal element; the
/// result is what the others get. Lanes beside the triangle are left out, as their zeros would turn infinity into NaN.
template <class Arch, int R, class T>
GRAM_INLINE simd::pack<T, Arch> symv_corner(const T* a, index_t stride, bool by_rows, const T* x, const T* c,
                                            simd::pack<T, Arch> (&acc)[R]) {
    const auto xs = simd::load_n<T, Arch>(x, R);
    auto sum = simd::broadcast<T, Arch>(T{});
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
        const int first = by_rows ? 0 : r, end = by_rows ? r + 1 : R;
        const auto v = simd::load_lanes<T, Arch>(a + r * stride, first, end);
        const auto factor = simd::broadcast<T, Arch>(c[r]);
        acc[r] = simd::fma_lanes(v, xs, acc[r], first, end);
        sum = by_rows ? simd::fma_lanes(v, factor, sum, 0, r) : simd::fma_lanes(v, factor, sum, r + 1, R);
    }
    return sum;
}

/// y += alpha A x on an R×R diagonal block. Everything is held in locals and unrolled: a block has only R²/2 elements,
/// and memory between two of its sums would be all of its time.
template <class Arch, int R, class T>
void symv_diagonal(T alpha, const MatRef<const T>& A, const T* x, T* y) {
    T xs[R], sums[R];
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) xs[i] = x[i], sums[i] = A(i, i) * x[i];
#pragma GCC unroll 8
    for (int i = 1; i < R; ++i) {
#pragma GCC unroll 8
        for (int j = 0; j < i; ++j) {
            const T a = A(i, j);
            sums[i] += a * xs[j];
            sums[j] += a * xs[i];
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) y[i] += alpha * sums[i];
}

/// to[r] += alpha * sums[r] + more[r], in one piece where there are packs of R.
template <class Arch, int R, class T>
GRAM_INLINE void symv_put(T alpha, const T* sums, const T* more, T* to) {
    using Narrow = simd::arch_of_width<T, R, Arch>;
    if constexpr (simd::has_pack<T, Narrow>) {
        const auto sum =
            simd::fma(simd::broadcast<T, Narrow>(alpha), simd::load<T, Narrow>(sums), simd::load<T, Narrow>(more));
        simd::store(to, simd::load<T, Narrow>(to) + sum);
    } else {
        for (int r = 0; r < R; ++r) to[r] += simd::fma(alpha, sums[r], more[r]);
    }
}

/// Adds alpha A x for contiguous x and a triangle with contiguous strips, from strip i on in groups of R while there
/// are that many; returns the first strip that is left.
template <class Arch, int R, class T>
index_t symv_groups(T alpha, const TriangleStrips<const T>& strip, const T* x, const SymvSums<T>& to, index_t i) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    constexpr bool corners = simd::masks_are_free<Arch> && R > 1 && R <= w;
    const index_t stride = strip.stride();
    T factors[R], sums[R], lanes[w < R ? R : w] = {};
    for (; i + R <= strip.A.rows; i += R) {
        const index_t first = strip.first(i, R), length = strip.length(i, R);
        P acc[R];
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
            acc[r] = simd::broadcast<T, Arch>(T{});
            factors[r] = alpha * x[i + r];
        }
        symv_strips<Arch, R>(strip.data(i, R), stride, x + first, factors, to.along + first, length, to.padded, acc);
        if constexpr (corners) {
            const T* block = &strip.A(i, i);
            simd::store(lanes, strip.by_rows ? symv_corner<Arch, R>(block, stride, true, x + i, factors, acc)
                                             : symv_corner<Arch, R>(block, stride, false, x + i, factors, acc));
        } else {
            symv_diagonal<Arch, R, T>(alpha, strip.A.block(i, i, R, R), x + i, to.own + i);
        }
        simd::reduce_into(acc, sums);
        symv_put<Arch, R>(alpha, sums, lanes, to.own + i);
    }
    return i;
}

template <class Arch, class T>
void symv_all_groups(T alpha, const MatRef<const T>& A, const T* x, const SymvSums<T>& to) {
    const TriangleStrips<const T> strip(A);
    index_t i = 0;
    if constexpr (strips<Arch> != 4) i = symv_groups<Arch, strips<Arch>>(alpha, strip, x, to, i);
    const index_t n = A.rows;
    if (i + 4 <= n) i = symv_groups<Arch, 4>(alpha, strip, x, to, i);
    if (i + 2 <= n) i = symv_groups<Arch, 2>(alpha, strip, x, to, i);
    if (i < n) symv_groups<Arch, 1>(alpha, strip, x, to, i);
}

/// y = alpha A x + beta y for contiguous x and y.
template <class Arch, class T>
void symv_contiguous(T alpha, const MatRef<const T>& A, const T* x, T beta, T* y) {
    constexpr index_t w = simd::width<T, Arch>, most = 128;
    const index_t n = A.rows;
    if (n > most) {
        if (beta != T{1}) scal<Arch>(beta, VecRef<T>{y, n, 1});
        return symv_all_groups<Arch, T>(alpha, A, x, {y, y, false});
    }
    // Short strips follow each other so soon that a load would wait for parts of its pack that were stored one by one
    // or by a mask.
    alignas(64) T own[most + w], along[most + w];
    const auto zero = simd::broadcast<T, Arch>(T{});
    for (index_t i = 0; i < n; i += w) simd::store(own + i, zero), simd::store(along + i, zero);
    symv_all_groups<Arch, T>(alpha, A, x, {own, along, true});
    const auto keep = simd::broadcast<T, Arch>(beta);
    for (index_t i = 0; i < n; i += w) {
        const index_t m = n - i < w ? n - i : w;
        auto sum = simd::load<T, Arch>(own + i) + simd::load<T, Arch>(along + i);
        if (beta != T{}) sum = simd::fma(keep, simd::load_n<T, Arch>(y + i, m), sum);
        m == w ? simd::store(y + i, sum) : simd::store_n(y + i, sum, m);
    }
}

/// R strips += c[r] * y + d[r] * x
template <class Arch, int R, class T>
void syr2_strips(const T* c, const T* y, const T* d, const T* x, T* a, index_t stride, index_t n) {
    using P = simd::pack<T, Arch>;
    constexpr index_t w = simd::width<T, Arch>;
    P cy[R], dx[R];
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
        cy[r] = simd::broadcast<T, Arch>(c[r]);
        dx[r] = simd::broadcast<T, Arch>(d[r]);
    }
    for (index_t j = 0; j < n; j += w) {
        const index_t m = n - j < w ? n - j : w;
        const bool full = m == w;
        const P yj = full ? simd::load<T, Arch>(y + j) : simd::load_n<T, Arch>(y + j, m);
        const P xj = full ? simd::load<T, Arch>(x + j) : simd::load_n<T, Arch>(x + j, m);
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) {
            T* to = a + r * stride + j;
            const P old = full ? simd::load<T, Arch>(to) : simd::load_n<T, Arch>(to, m);
            const P sum = simd::fma(dx[r], xj, simd::fma(cy[r], yj, old));
            full ? simd::store(to, sum) : simd::store_n(to, sum, m);
        }
    }
}

template <class Arch, class T>
void syr2_contiguous(T alpha, const T* x, const T* y, const MatRef<T>& A) {
    constexpr int R = 4;
    const TriangleStrips<T> strip(A);
    const index_t n = A.rows;
    T c[R], d[R];
    for (index_t i = 0; i < n; i += R) {
        const index_t count = n - i < R ? n - i : R;
        for (index_t r = 0; r < count; ++r) {
            c[r] = alpha * x[i + r];
            d[r] = alpha * y[i + r];
            for (index_t j = i; j <= i + r; ++j) A(i + r, j) += c[r] * y[j] + d[r] * x[j];
        }
        const index_t first = strip.first(i, count), length = strip.length(i, count);
        if (length == 0) continue;
        T* a = strip.data(i, count);
        if (count == R && !same_page_offset<T>(strip.stride())) {
            syr2_strips<Arch, R>(c, y + first, d, x + first, a, strip.stride(), length);
        } else {
            for (index_t r = 0; r < count; ++r) {
                syr2_strips<Arch, 1>(c + r, y + first, d + r, x + first, a + r * strip.stride(), 0, length);
            }
        }
    }
}

/// y = alpha A x + beta y for the smallest sizes, whatever the strides.
template <class Arch, class T>
void symv_tiny(T alpha, const MatRef<const T>& A, const VecRef<const T>& x, T beta, const VecRef<T>& y) {
    T sums[symv_tiny_most];
    for (index_t i = 0; i < A.rows; ++i) {
        const T xi = x[i];
        T sum = A(i, i) * xi;
        for (index_t j = 0; j < i; ++j) {
            const T a = A(i, j);
            sum = simd::fma(a, x[j], sum);
            sums[j] = simd::fma(a, xi, sums[j]);
        }
        sums[i] = sum;
    }
    for (index_t i = 0; i < A.rows; ++i) {
        y[i] = beta == T{} ? alpha * sums[i] : simd::fma(alpha, sums[i], beta * y[i]);
    }
}

/// A contiguous copy of x when it is strided, in `room`.
template <class T>
const T* contiguous_copy(const VecRef<const T>& x, T* room) {
    if (x.stride == 1) return x.data;
    for (index_t i = 0; i < x.size; ++i) room[i] = x[i];
    return room;
}

/// Runs work(x, y) on contiguous forms of two vectors; only strided ones are copied.
template <class T, class Work>
void with_contiguous(const VecRef<const T>& x, const VecRef<const T>& y, const Work& work) {
    if (x.stride == 1 && y.stride == 1) return work(x.data, y.data);
    constexpr index_t on_stack = 128;
    if (x.size <= on_stack) {
        T room[2 * on_stack];
        return work(contiguous_copy(x, room), contiguous_copy(y, room + on_stack));
    }
    const Scratch scratch(2 * scratch_bytes<T>(x.size));
    work(contiguous_copy(x, scratch.at<T>(0)), contiguous_copy(y, scratch.at<T>(scratch_bytes<T>(x.size))));
}

}  // namespace detail

/// y = alpha A x + beta y for a symmetric A of which only the lower triangle is read, once.
template <class Arch = simd::native_arch, class T>
void symv(std::type_identity_t<T> alpha, const std::type_identity_t<MatRef<const T>>& A,
          const std::type_identity_t<VecRef<const T>>& x, std::type_identity_t<T> beta, const VecRef<T>& y) {
    const detail::CountedCall counted(detail::Call::symv);
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().symv(alpha, A, x, beta, y);
    const index_t n = A.rows;
    if constexpr (simd::has_pack<T, Arch>) {
        if ((A.col_stride == 1 || A.row_stride == 1) && alpha != T{} && n > 0) {
            detail::count_flops(2, n, n);
            if (n <= detail::symv_tiny_most) return detail::symv_tiny<Arch, T>(alpha, A, x, beta, y);
            detail::with_contiguous<T>(x, y, [&](const T* xs, const T* ys) {
                T* out = const_cast<T*>(ys);  // y itself, or its copy
                detail::symv_contiguous<Arch, T>(alpha, A, xs, beta, out);
                if (out != y.data) copy<Arch>(VecRef<const T>{out, n, 1}, y);
            });
            return;
        }
    }
    if (beta != T{1}) scal<Arch>(beta, y);
    if (alpha == T{} || n == 0) return;
    for (index_t i = 0; i < n; ++i) {
        T sum = static_cast<T>(A(i, i) * x[i]);
        for (index_t j = 0; j < i; ++j) {
            sum = static_cast<T>(sum + A(i, j) * x[j]);
            y[j] = static_cast<T>(y[j] + alpha * x[i] * A(i, j));
        }
        y[i] = static_cast<T>(y[i] + alpha * sum);
    }
}

/// A += alpha (x y^T + y x^T), the lower triangle only.
template <class Arch = simd::native_arch, class T>
void syr2(std::type_identity_t<T> alpha, const std::type_identity_t<VecRef<const T>>& x,
          const std::type_identity_t<VecRef<const T>>& y, const MatRef<T>& A) {
    if constexpr (dispatch::covers<Arch, T>) return dispatch::kernels<T>().syr2(alpha, x, y, A);
    if (alpha == T{} || A.rows == 0) return;
    detail::count_flops(2, A.rows, A.rows);
    if constexpr (simd::has_pack<T, Arch>) {
        if (A.col_stride == 1 || A.row_stride == 1) {
            detail::with_contiguous<T>(
                x, y, [&](const T* xs, const T* ys) { detail::syr2_contiguous<Arch, T>(alpha, xs, ys, A); });
            return;
        }
    }
    for (index_t i = 0; i < A.rows; ++i) {
        for (index_t j = 0; j <= i; ++j) A(i, j) = static_cast<T>(A(i, j) + alpha * (x[i] * y[j] + y[i] * x[j]));
    }
}

}  // namespace gram::kernel

#if defined(GRAM_USE_COMPILED)
// Compiled once, by compiled/kernels.cpp.
namespace gram::kernel {

extern template void symv<simd::native_arch>(float, const MatRef<const float>&, const VecRef<const float>&, float,
                                             const VecRef<float>&);
extern template void symv<simd::native_arch>(double, const MatRef<const double>&, const VecRef<const double>&, double,
                                             const VecRef<double>&);

}  // namespace gram::kernel
#endif
