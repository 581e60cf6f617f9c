// The matrices that break factorizations, by name. Every test of linalg/ runs over all of them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include "gram/core/matrix.hpp"

namespace support {

using gram::index_t;

// A generator that depends on nothing under test.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t bits() {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    // In (0, 1).
    double uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }
    // Standard normal, by Box and Muller.
    double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); }
    index_t below(index_t n) { return static_cast<index_t>(bits() % static_cast<std::uint64_t>(n)); }

private:
    std::uint64_t state_;
};

// f(i, j) for every element.
template <class T, class F>
gram::Matrix<T> generate(index_t m, index_t n, F&& f) {
    gram::Matrix<T> A(m, n);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) A.data()[i * n + j] = static_cast<T>(f(i, j));
    return A;
}

template <class T>
gram::Matrix<T> gaussian(index_t m, index_t n, std::uint64_t seed) {
    Random random(seed);
    return generate<T>(m, n, [&](index_t, index_t) { return random.normal(); });
}

// The Hilbert matrix: condition number e^(3.5 n).
template <class T>
gram::Matrix<T> hilbert(index_t m, index_t n) {
    return generate<T>(m, n, [](index_t i, index_t j) { return 1.0 / static_cast<double>(i + j + 1); });
}

// Rows and columns shrink towards the end, by 2^-40 (f32: 2^-15) in all: high relative accuracy is lost here first.
template <class T>
gram::Matrix<T> graded(index_t m, index_t n, std::uint64_t seed) {
    Random random(seed);
    const double range = std::is_same_v<T, float> ? 15 : 40;
    const double step = -range / static_cast<double>(std::max<index_t>(m + n - 2, 1));
    return generate<T>(
        m, n, [&](index_t i, index_t j) { return random.normal() * std::exp2(step * static_cast<double>(i + j)); });
}

// Upper triangular diag(s^i) (I - c N), c^2 + s^2 = 1: column pivoting does not see that it is nearly singular.
template <class T>
gram::Matrix<T> kahan(index_t m, index_t n) {
    const double s = std::sin(1.2), c = std::cos(1.2);
    return generate<T>(m, n, [&](index_t i, index_t j) {
        return i > j ? 0.0 : std::pow(s, static_cast<double>(i)) * (i == j ? 1.0 : -c);
    });
}

// Elements -1, 0, 1: ties in every choice of a pivot, exact cancellation.
template <class T>
gram::Matrix<T> signs(index_t m, index_t n, std::uint64_t seed) {
    Random random(seed);
    return generate<T>(m, n, [&](index_t, index_t) { return static_cast<double>(random.below(3)) - 1.0; });
}

// A product of Gaussian m×rank and rank×n factors.
template <class T>
gram::Matrix<T> of_rank(index_t m, index_t n, index_t rank, std::uint64_t seed) {
    const auto B = gaussian<double>(m, rank, seed), C = gaussian<double>(rank, n, seed + 1);
    return generate<T>(m, n, [&](index_t i, index_t j) {
        double sum = 0;
        for (index_t p = 0; p < rank; ++p) sum += B.data()[i * rank + p] * C.data()[p * n + j];
        return sum;
    });
}

// A <- H A for the reflector H of a random direction.
inline void reflect_rows(gram::Matrix<double>& A, Random& random) {
    const index_t m = A.rows(), n = A.cols();
    std::vector<double> v(static_cast<std::size_t>(m));
    double vv = 0;
    for (double& x : v) x = random.normal(), vv += x * x;
    for (index_t j = 0; j < n; ++j) {
        double va = 0;
        for (index_t i = 0; i < m; ++i) va += v[static_cast<std::size_t>(i)] * A.data()[i * n + j];
        for (index_t i = 0; i < m; ++i) A.data()[i * n + j] -= 2 * va / vv * v[static_cast<std::size_t>(i)];
    }
}

inline gram::Matrix<double> flipped(const gram::Matrix<double>& A) {
    return generate<double>(A.cols(), A.rows(), [&](index_t i, index_t j) { return A.data()[j * A.cols() + i]; });
}

// Random reflections of diag(s) from both sides: s are its singular values (in any order).
template <class T>
gram::Matrix<T> with_singular_values(index_t m, index_t n, const std::vector<double>& s, std::uint64_t seed) {
    Random random(seed);
    auto A = generate<double>(m, n, [&](index_t i, index_t j) { return i == j ? s[static_cast<std::size_t>(i)] : 0; });
    for (int side = 0; side < 4 && A.size() > 0; ++side) {
        reflect_rows(A, random);
        A = flipped(A);
    }
    return generate<T>(m, n, [&](index_t i, index_t j) { return A.data()[i * n + j]; });
}

// Exactly symmetric, with these eigenvalues (in any order).
template <class T>
gram::Matrix<T> with_eigenvalues(const std::vector<double>& values, std::uint64_t seed) {
    const auto n = static_cast<index_t>(values.size());
    auto A =
        generate<double>(n, n, [&](index_t i, index_t j) { return i == j ? values[static_cast<std::size_t>(i)] : 0; });
    for (std::uint64_t twice = 0; twice < 2 && n > 0; ++twice) {
        Random left(seed + twice), right(seed + twice);  // H A H with one H
        reflect_rows(A, left);
        A = flipped(A);
        reflect_rows(A, right);
    }
    return generate<T>(n, n, [&](index_t i, index_t j) { return i >= j ? A.data()[i * n + j] : A.data()[j * n + i]; });
}

template <class T>
gram::Matrix<T> times(gram::Matrix<T> A, double factor) {
    for (T& x : A) x = static_cast<T>(static_cast<double>(x) * factor);
    return A;
}

// (A + A^T) / 2 of a square matrix, exactly symmetric.
template <class T>
gram::Matrix<T> symmetrized(const gram::Matrix<T>& A) {
    const index_t n = A.rows();
    return generate<T>(n, n, [&](index_t i, index_t j) { return (A.data()[i * n + j] + A.data()[j * n + i]) / 2; });
}

// A A^T + n I of a Gaussian A.
template <class T>
gram::Matrix<T> positive_definite(index_t n, std::uint64_t seed) {
    const auto G = gaussian<double>(n, n, seed);
    return generate<T>(n, n, [&](index_t i, index_t j) {
        double sum = i == j ? static_cast<double>(n) : 0;
        for (index_t p = 0; p < n; ++p) sum += G.data()[i * n + p] * G.data()[j * n + p];
        return sum;
    });
}

// Three values, each repeated: 3, 2, 1.
inline std::vector<double> repeated_spectrum(index_t k) {
    std::vector<double> s;
    for (index_t i = 0; i < k; ++i) s.push_back(static_cast<double>(3 - 3 * i / std::max<index_t>(k, 1)));
    return s;
}

// Values that agree to a few units of rounding around 1, and a few far smaller ones.
inline std::vector<double> clustered_spectrum(index_t k) {
    std::vector<double> s;
    for (index_t i = 0; i < k; ++i)
        s.push_back(i < k - k / 4 ? 1 - 1e-15 * static_cast<double>(i) : 1e-6 / (1.0 + static_cast<double>(i)));
    return s;
}

template <class T>
struct Named {
    std::string name;
    gram::Matrix<T> A;
};

// Far from 1, yet in range: 1e300 in double, 1e30 in float.
template <class T>
inline constexpr double huge = std::is_same_v<T, float> ? 1e30 : 1e300;

// All of them, m×n.
template <class T>
std::vector<Named<T>> hostile_matrices(index_t m, index_t n, std::uint64_t seed = 1) {
    const index_t k = std::min(m, n);
    const auto number = [](index_t i) { return static_cast<double>(i); };
    return {
        {"gaussian", gaussian<T>(m, n, seed)},
        {"zero", gram::Matrix<T>(m, n)},
        {"ones", generate<T>(m, n, [](index_t, index_t) { return 1; })},
        {"identity", generate<T>(m, n, [](index_t i, index_t j) { return i == j; })},
        {"hilbert", hilbert<T>(m, n)},
        {"graded", graded<T>(m, n, seed + 1)},
        {"huge", times(gaussian<T>(m, n, seed + 2), huge<T>)},
        {"tiny", times(gaussian<T>(m, n, seed + 3), 1 / huge<T>)},
        {"low rank", of_rank<T>(m, n, std::max<index_t>(k / 4, 1), seed + 4)},
        {"kahan", kahan<T>(m, n)},
        {"signs", signs<T>(m, n, seed + 5)},
        {"repeated", with_singular_values<T>(m, n, repeated_spectrum(k), seed + 6)},
        {"clustered", with_singular_values<T>(m, n, clustered_spectrum(k), seed + 7)},
        {"decreasing diagonal", generate<T>(m, n, [&](index_t i, index_t j) { return i == j ? number(k - i) : 0.0; })},
        {"increasing diagonal", generate<T>(m, n, [&](index_t i, index_t j) { return i == j ? number(i + 1) : 0.0; })},
        {"anti-diagonal", generate<T>(m, n, [&](index_t i, index_t j) { return i + j == k - 1; })},
    };
}

// All of them, n×n and exactly symmetric.
template <class T>
std::vector<Named<T>> hostile_symmetric(index_t n, std::uint64_t seed = 1) {
    auto list = hostile_matrices<T>(n, n, seed);
    for (auto& named : list) named.A = symmetrized(named.A);
    for (auto& named : list) {
        if (named.name == "repeated") named.A = with_eigenvalues<T>(repeated_spectrum(n), seed + 6);
        if (named.name == "clustered") named.A = with_eigenvalues<T>(clustered_spectrum(n), seed + 7);
    }
    // Pairs of eigenvalues that agree to working precision from n = 21 on.
    list.push_back({"wilkinson", generate<T>(n, n, [&](index_t i, index_t j) {
                        return i == j ? std::abs(static_cast<double>(2 * i - n + 1)) / 2 : (i - j == 1 || j - i == 1);
                    })});
    return list;
}

// The shapes m×n of all pairs of sizes: empty, vectors, tall, square, wide, and around the sizes of blocks.
template <class F>
void for_each_shape(std::initializer_list<index_t> sizes, F&& f) {
    for (const index_t m : sizes)
        for (const index_t n : sizes) f(m, n);
}
inline constexpr std::initializer_list<index_t> sizes = {0, 1, 2, 3, 5, 7, 8, 9, 16, 17, 33, 64, 65, 129, 257};
inline constexpr std::initializer_list<index_t> small_sizes = {0, 1, 2, 3, 5, 8, 17, 33, 65};

// f(name, operand) for the same matrix in every layout: the answer must be the same to the last bit.
template <class T, class F>
void for_each_layout(const gram::Matrix<T>& A, F&& f) {
    const index_t m = A.rows(), n = A.cols();
    f("row-major", A);
    gram::Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> by_columns(m, n);
    gram::Matrix<T> At(n, m), wide(2 * m + 1, 3 * n + 2);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) by_columns(i, j) = At(j, i) = wide(1 + i, 2 + j) = A(i, j);
    f("column-major", by_columns);
    f("transposed view", At.T());
    f("block view", wide.block(1, 2, m, n));
    for (T& x : wide) x = T(7);
    const auto strided = gram::view(wide.data(), m, n, 6 * n + 4, 3);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) strided(i, j) = A(i, j);
    f("strided view", strided);
}

}  // namespace support
