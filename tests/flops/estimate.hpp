// Plain matrices of numbers that know their error bound: the reference of tests that also count.
#pragma once

#include <cmath>
#include <complex>
#include <cstdlib>
#include <limits>

#include "expr/naive.hpp"

namespace estimate {

using gram::index_t;

// A number in long double and what the same formula makes of absolute values: a sum of k products differs from its
// value by at most (k + 2) eps times that (Higham, Accuracy and Stability of Numerical Algorithms, sec. 3.5).
template <class W>
struct Number {
    W value{};
    long double size = 0;

    Number() = default;
    Number(W x) : value(x), size(std::abs(x)) {}
    Number(W x, long double s) : value(x), size(s) {}
    Number& operator+=(const Number& b) { return *this = {value + b.value, size + b.size}; }
    friend Number operator+(const Number& a, const Number& b) { return {a.value + b.value, a.size + b.size}; }
    friend Number operator-(const Number& a, const Number& b) { return {a.value - b.value, a.size + b.size}; }
    friend Number operator*(const Number& a, const Number& b) { return {a.value * b.value, a.size * b.size}; }
};

template <class W>
using Grid = naive::Grid<Number<W>>;

template <class M>
auto grid(const M& A) {
    using W = naive::wide_t<gram::value_t<M>>;
    return Grid<W>(A.rows(), A.cols(), [&](index_t i, index_t j) { return Number<W>(naive::widen(A(i, j))); });
}
template <class W>
Grid<W> operator*(const Grid<W>& A, const Grid<W>& B) {
    return naive::multiply(A, B);
}
template <class W>
Grid<W> operator+(const Grid<W>& A, const Grid<W>& B) {
    return {A.rows, A.cols, [&](index_t i, index_t j) { return A(i, j) + B(i, j); }};
}
template <class W>
Grid<W> operator-(const Grid<W>& A, const Grid<W>& B) {
    return {A.rows, A.cols, [&](index_t i, index_t j) { return A(i, j) - B(i, j); }};
}
template <class W>
Grid<W> operator*(double s, const Grid<W>& A) {
    return {A.rows, A.cols, [&](index_t i, index_t j) { return Number<W>(static_cast<W>(s)) * A(i, j); }};
}
template <class W>
Grid<W> t(const Grid<W>& A) {
    return {A.cols, A.rows, [&](index_t i, index_t j) { return A(j, i); }};
}
template <class W>
Grid<W> h(const Grid<W>& A) {
    return {A.cols, A.rows, [&](index_t i, index_t j) { return Number<W>(std::conj(A(j, i).value), A(j, i).size); }};
}
// f applied to every element, for an f that magnifies no error.
template <class W, class F>
Grid<W> map(F f, const Grid<W>& A) {
    return {A.rows, A.cols, [&](index_t i, index_t j) { return Number<W>(f(A(i, j).value), A(i, j).size); }};
}
// The column or row x repeated over m×n.
template <class W>
Grid<W> spread(const Grid<W>& x, index_t m, index_t n) {
    return {m, n, [&](index_t i, index_t j) { return x(x.rows == 1 ? 0 : i, x.cols == 1 ? 0 : j); }};
}
template <class W>
Grid<W> diag(const Grid<W>& x) {
    const index_t n = x.rows * x.cols;
    return {n, n, [&](index_t i, index_t j) { return i == j ? x.data[static_cast<std::size_t>(i)] : Number<W>(); }};
}
// The lower triangle, the rest zero; or that mirrored.
template <class W>
Grid<W> lower(const Grid<W>& A) {
    return {A.rows, A.cols, [&](index_t i, index_t j) { return i >= j ? A(i, j) : Number<W>(); }};
}
template <class W>
Grid<W> symmetric(const Grid<W>& A) {
    return {A.rows, A.cols, [&](index_t i, index_t j) { return i >= j ? A(i, j) : A(j, i); }};
}

// The largest error in units of the bound of sums with `terms` terms; infinite for another shape, NaN for NaN.
template <class M, class W>
double ratio(const M& A, const Grid<W>& expected, index_t terms) {
    if (A.rows() != expected.rows || A.cols() != expected.cols) return std::numeric_limits<double>::infinity();
    const long double unit = static_cast<long double>(std::numeric_limits<gram::real_t<gram::value_t<M>>>::epsilon());
    long double worst = 0;
    for (index_t i = 0; i < expected.rows; ++i) {
        for (index_t j = 0; j < expected.cols; ++j) {
            const long double error = std::abs(naive::widen(A(i, j)) - expected(i, j).value);
            const long double r =
                error == 0 ? 0 : error / (static_cast<long double>(terms + 2) * unit * expected(i, j).size);
            if (!(r <= worst)) worst = r;
            if (r != r) return std::numeric_limits<double>::quiet_NaN();
        }
    }
    return static_cast<double>(worst);
}

}  // namespace estimate
