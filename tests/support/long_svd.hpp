// Singular values in long double, to compare those of double and float with, small ones to their own size.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <utility>
#include <vector>

#include "gram/core/matrix.hpp"

namespace support {

using gram::index_t;

template <class S>
using long_t = std::conditional_t<gram::is_complex_v<S>, std::complex<long double>, long double>;
inline long double conjugate(long double x) { return x; }
inline std::complex<long double> conjugate(std::complex<long double> x) { return std::conj(x); }

// The textbook's algorithm on columns in long double, whose range ends far beyond that of double. What precedes it is
// Householder's QR with rows sorted and columns pivoted, for matrices D1 B D2.
template <class W>
class LongSvd {
public:
    LongSvd(index_t m, index_t n) : m_(m), n_(n), columns_(static_cast<std::size_t>(n)) {
        for (auto& column : columns_) column.resize(static_cast<std::size_t>(m));
    }
    W& operator()(index_t i, index_t j) { return columns_[static_cast<std::size_t>(j)][static_cast<std::size_t>(i)]; }

    std::vector<long double> values() {
        triangularize();
        for (int sweep = 0; sweep < 100 && rotate_all(); ++sweep) {
        }
        std::vector<long double> s;
        for (const auto& column : columns_) s.push_back(std::sqrt(std::real(inner(column, column))));
        std::sort(s.begin(), s.end(), std::greater<>());
        return s;
    }

private:
    using Column = std::vector<W>;

    static W inner(const Column& x, const Column& y) {
        W sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += conjugate(x[i]) * y[i];
        return sum;
    }
    static long double largest(const Column& x) {
        long double top = 0;
        for (const W& e : x) top = std::max<long double>(top, std::abs(e));
        return top;
    }
    // A becomes R^H, for A = Q R up to the order of its rows and columns.
    void triangularize() {
        std::vector<Column> rows(static_cast<std::size_t>(m_));
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (const auto& column : columns_) rows[i].push_back(column[i]);
        std::stable_sort(rows.begin(), rows.end(),
                         [](const Column& a, const Column& b) { return largest(a) > largest(b); });
        for (std::size_t j = 0; j < columns_.size(); ++j)
            for (std::size_t i = 0; i < rows.size(); ++i) columns_[j][i] = rows[i][j];
        for (std::size_t k = 0; k < columns_.size(); ++k) reflect(k);
        std::vector<Column> adjoint(columns_.size(), Column(columns_.size()));
        for (std::size_t i = 0; i < columns_.size(); ++i)
            for (std::size_t j = i; j < columns_.size(); ++j) adjoint[i][j] = conjugate(columns_[j][i]);
        columns_ = std::move(adjoint);
    }
    // The longest column below row k becomes (beta, 0, ..., 0), by a reflection of all of them.
    void reflect(std::size_t k) {
        const auto square = [k](const Column& x) {
            long double sum = 0;
            for (std::size_t i = k; i < x.size(); ++i) sum += std::norm(x[i]);
            return sum;
        };
        std::iter_swap(columns_.begin() + static_cast<index_t>(k),
                       std::max_element(columns_.begin() + static_cast<index_t>(k), columns_.end(),
                                        [&](const Column& a, const Column& b) { return square(a) < square(b); }));
        Column v = columns_[k];
        const long double norm = std::sqrt(square(v));
        if (norm == 0) return;
        v[k] += v[k] == W(0) ? W(norm) : v[k] / std::abs(v[k]) * norm;
        const long double vv = square(v);
        for (std::size_t j = k; j < columns_.size(); ++j) {
            W va = 0;
            for (std::size_t i = k; i < v.size(); ++i) va += conjugate(v[i]) * columns_[j][i];
            for (std::size_t i = k; i < v.size(); ++i) columns_[j][i] -= (2 / vv) * va * v[i];
        }
    }
    bool rotate_all() {
        bool rotated = false;
        for (std::size_t p = 0; p < columns_.size(); ++p)
            for (std::size_t q = p + 1; q < columns_.size(); ++q) rotated |= rotate(columns_[p], columns_[q]);
        return rotated;
    }
    static bool rotate(Column& x, Column& y) {
        long double a = std::real(inner(x, x)), b = std::real(inner(y, y));
        if (a < b) {
            std::swap(x, y);
            std::swap(a, b);
        }
        const W g = inner(x, y);
        const long double size = std::abs(g);
        if (size == 0 || size <= 1e-18L * std::sqrt(a) * std::sqrt(b)) return false;
        const long double half = (a - b) / 2, t = size / (half + std::sqrt(half * half + size * size));
        const long double c = 1 / std::sqrt(1 + t * t), s = c * t;
        const W phase = g / size;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const W u = x[i], v = y[i];
            x[i] = c * u + s * conjugate(phase) * v;
            y[i] = c * v - s * phase * u;
        }
        return true;
    }

    index_t m_, n_;
    std::vector<Column> columns_;
};

template <class S>
std::vector<long double> long_singular_values(const gram::Matrix<S>& A) {
    const bool wide = A.rows() < A.cols();
    LongSvd<long_t<S>> work(wide ? A.cols() : A.rows(), wide ? A.rows() : A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) (wide ? work(j, i) : work(i, j)) = static_cast<long_t<S>>(A(i, j));
    return work.values();
}

}  // namespace support
