// Plain loops in long double that the expressions are compared with.
#pragma once

#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <type_traits>
#include <vector>

#include "gram/core/matrix.hpp"
#include "support/matrices.hpp"

namespace naive {

using gram::index_t;

template <class T>
using wide_t = std::conditional_t<gram::is_complex_v<T>, std::complex<long double>, long double>;
template <class T>
wide_t<T> widen(const T& x) {
    return static_cast<wide_t<T>>(x);
}

// A row-major copy of anything with rows(), cols() and (i, j), or of a function of i and j.
template <class W>
struct Grid {
    index_t rows = 0, cols = 0;
    std::vector<W> data;

    Grid(index_t m, index_t n) : rows(m), cols(n), data(static_cast<std::size_t>(m * n)) {}
    template <class F>
    Grid(index_t m, index_t n, F f) : Grid(m, n) {
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j < n; ++j) (*this)(i, j) = static_cast<W>(f(i, j));
    }
    W& operator()(index_t i, index_t j) { return data[static_cast<std::size_t>(i * cols + j)]; }
    const W& operator()(index_t i, index_t j) const { return data[static_cast<std::size_t>(i * cols + j)]; }
};

template <class M>
auto grid(const M& A) {
    return Grid<wide_t<gram::value_t<M>>>(A.rows(), A.cols(), [&](index_t i, index_t j) { return widen(A(i, j)); });
}
template <class W>
Grid<W> transposed(const Grid<W>& A) {
    return {A.cols, A.rows, [&](index_t i, index_t j) { return A(j, i); }};
}
template <class W>
Grid<W> multiply(const Grid<W>& A, const Grid<W>& B) {
    Grid<W> C(A.rows, B.cols);
    for (index_t i = 0; i < A.rows; ++i)
        for (index_t p = 0; p < A.cols; ++p)
            for (index_t j = 0; j < B.cols; ++j) C(i, j) += A(i, p) * B(p, j);
    return C;
}
template <class W, class F>
Grid<W> zip(const Grid<W>& A, const Grid<W>& B, F f) {
    return {A.rows, A.cols, [&](index_t i, index_t j) { return f(A(i, j), B(i, j)); }};
}
template <class W>
Grid<W> sum(const Grid<W>& A, const Grid<W>& B) {
    return zip(A, B, std::plus<W>{});
}

// Same shape and |A - expected| <= tolerance * (1 + |expected|) everywhere; NaN only where NaN is expected.
template <class M, class W>
bool close(const M& A, const Grid<W>& expected, double tolerance) {
    if (A.rows() != expected.rows || A.cols() != expected.cols) return false;
    for (index_t i = 0; i < expected.rows; ++i) {
        for (index_t j = 0; j < expected.cols; ++j) {
            const W x = widen(A(i, j)), y = expected(i, j);
            if (x == y || (x != x && y != y)) continue;
            if (!(std::abs(x - y) <= static_cast<long double>(tolerance) * (1 + std::abs(y)))) return false;
        }
    }
    return true;
}
// The bound of a product of k terms of about unit size.
template <class T>
double product_tolerance(index_t k) {
    return 4 * (1 + static_cast<double>(k)) * static_cast<double>(std::numeric_limits<gram::real_t<T>>::epsilon());
}

// Numbers that depend on nothing under test: small integers for integers, else Gaussian.
template <class M>
M random(index_t m, index_t n, std::uint64_t seed) {
    using T = gram::value_t<M>;
    support::Random source(seed);
    M A(m, n);
    for (T& x : A) {
        if constexpr (gram::is_complex_v<T>) {
            const double re = source.normal();
            x = T(static_cast<gram::real_t<T>>(re), static_cast<gram::real_t<T>>(source.normal()));
        } else if constexpr (std::is_integral_v<T>) {
            x = static_cast<T>(source.below(std::is_signed_v<T> ? 19 : 10) - (std::is_signed_v<T> ? 9 : 0));
        } else {
            x = static_cast<T>(source.normal());
        }
    }
    return A;
}

}  // namespace naive
