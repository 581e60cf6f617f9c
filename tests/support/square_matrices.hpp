// What tests of functions of square matrices share: hostile matrices of all four scalar types, and residuals in
// complex<double>, whatever the type under test, so that their loops are compiled once.
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include "support/bounds.hpp"
#include "support/complex_matrices.hpp"

namespace support {

using Wide = Plain<std::complex<double>>;

template <class M>
Wide wide(const M& A) {
    Wide W(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) W(i, j) = std::complex<double>(A(i, j));
    return W;
}
inline Wide operator*(const Wide& A, const Wide& B) { return multiply(A, B); }
inline Wide operator*(std::complex<double> a, Wide B) {
    for (auto& x : B.data) x *= a;
    return B;
}
inline Wide operator+(Wide A, const Wide& B) {
    for (std::size_t i = 0; i < A.data.size(); ++i) A.data[i] += B.data[i];
    return A;
}
inline Wide operator-(Wide A, const Wide& B) {
    for (std::size_t i = 0; i < A.data.size(); ++i) A.data[i] -= B.data[i];
    return A;
}
inline Wide identity(index_t n) {
    Wide I(n, n);
    for (index_t i = 0; i < n; ++i) I(i, i) = 1;
    return I;
}
// The power of two that brings the largest element near 1, so that residuals do not overflow in double.
inline double normalizer(const Wide& A) {
    double largest = 0;
    for (const auto& x : A.data) largest = std::max(largest, std::abs(x));
    return largest == 0 ? 1 : std::exp2(-std::floor(std::log2(largest)));
}
// ||Q^H Q - I|| / (n eps)
inline double unitarity(const Wide& Q, double eps) {
    return frobenius(transposed(Q) * Q - identity(Q.cols)) / (eps * static_cast<double>(std::max<index_t>(Q.cols, 1)));
}
// ||A - L M R^H|| / (n eps ||A||)
inline double similarity(const Wide& A, const Wide& L, const Wide& M, const Wide& R, double eps) {
    const double s = normalizer(A), error = frobenius(s * A - L * (s * M) * transposed(R));
    return error == 0 ? 0 : error / (eps * static_cast<double>(A.rows) * frobenius(s * A));
}

// A real or complex Gaussian matrix.
template <class S>
gram::Matrix<S> gaussian_of(index_t m, index_t n, std::uint64_t seed) {
    if constexpr (gram::is_complex_v<S>) {
        return complex_gaussian<S>(m, n, seed);
    } else {
        return gaussian<S>(m, n, seed);
    }
}

// The hostile classes, and those that are hard because they are far from symmetric.
template <class S>
std::vector<Named<S>> hostile_square(index_t n) {
    std::vector<Named<S>> all;
    if constexpr (gram::is_complex_v<S>) {
        all = hostile_complex<S>(n, n);
    } else {
        all = hostile_matrices<S>(n, n);
    }
    const auto add = [&](const char* name, auto f) {
        gram::Matrix<S> A(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) A.data()[i * n + j] = S(static_cast<gram::real_t<S>>(f(i, j)));
        all.push_back({name, A});
    };
    const auto number = [](index_t i) { return static_cast<double>(i); };
    add("grcar", [](index_t i, index_t j) { return i == j + 1 ? -1 : (j >= i && j <= i + 3); });
    add("frank", [&](index_t i, index_t j) { return i > j + 1 ? 0.0 : number(n - std::max(i, j)); });
    add("jordan", [](index_t i, index_t j) { return i == j ? 2 : (j == i + 1); });
    add("nilpotent", [](index_t i, index_t j) { return j > i; });
    add("cyclic shift", [&](index_t i, index_t j) { return (i + 1) % n == j; });
    add("lower triangle", [&](index_t i, index_t j) { return j <= i ? 1 + number(i * j % 7) : 0.0; });
    return all;
}

// Small matrices of zeros, ones, roundoffs and numbers at the ends of the range.
template <class S>
gram::Matrix<S> extreme_matrix(Random& random) {
    using R = gram::real_t<S>;
    using limits = std::numeric_limits<R>;
    const R root = std::sqrt(limits::min()), eps = limits::epsilon();
    const std::vector<R> entries = {
        0, 1, -1, 2, R(0.5), 0, eps, -eps, 1 + eps, root, 1 / root, limits::min(), limits::max() / 64};
    const bool all = random.below(3) == 0, real = random.below(2) == 0;
    const index_t n = 1 + random.below(8), zeros = random.below(4);
    const auto pick = [&] {
        const auto count = all ? static_cast<index_t>(entries.size()) : 9;
        return random.below(4) < zeros ? R(0) : entries[static_cast<std::size_t>(random.below(count))];
    };
    gram::Matrix<S> A(n, n);
    for (S& x : A) {
        x = S(pick());
        if constexpr (gram::is_complex_v<S>) {
            if (!real) x = S(x.real(), pick());
        }
    }
    return A;
}

}  // namespace support
