// Operands for kernel tests: matrices and vectors in every layout inside memory full of canaries, and plain
// references in long double.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "gram/kernel/ref.hpp"

namespace operands {

using gram::index_t;
using gram::kernel::MatRef;
using gram::kernel::VecRef;

/// Contiguous rows, contiguous columns, neither, contiguous rows from the last to the first.
enum class Layout { rows, columns, general, reversed };
inline constexpr Layout all_layouts[] = {Layout::rows, Layout::columns, Layout::general, Layout::reversed};

/// Uniform numbers in [-1, 1), the same on every platform.
class Numbers {
public:
    explicit Numbers(std::uint64_t seed = 1) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
    double next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<double>(state_ >> 11) * 0x1p-52 - 1;
    }
    index_t index(index_t n) { return static_cast<index_t>((next() + 1) / 2 * static_cast<double>(n)); }

private:
    std::uint64_t state_;
};

template <class T>
T canary() {
    if constexpr (std::is_floating_point_v<T>) {
        return std::numeric_limits<T>::quiet_NaN();
    } else {
        return static_cast<T>(77);
    }
}

/// An m×n matrix in `layout`; every byte around and between its elements is a canary.
template <class T>
class Matrix {
public:
    Matrix(index_t m, index_t n, Layout layout) : ref_{nullptr, m, n, n + 3, 1} {
        if (layout == Layout::columns) ref_.row_stride = 1, ref_.col_stride = m + 5;
        if (layout == Layout::general) ref_.row_stride = 2 * n + 5, ref_.col_stride = 2;
        const index_t extent = (m + 1) * (2 * n + 5) + (m + 5) * (n + 1);
        memory_.assign(static_cast<std::size_t>(extent + 2 * margin), canary<T>());
        ref_.data = memory_.data() + margin;
        if (layout == Layout::reversed && m > 0) {
            ref_.data += (m - 1) * ref_.row_stride;
            ref_.row_stride = -ref_.row_stride;
        }
        inside_.assign(memory_.size(), 0);
        for (index_t i = 0; i < m; ++i) {
            for (index_t j = 0; j < n; ++j) inside_[static_cast<std::size_t>(&ref_(i, j) - memory_.data())] = 1;
        }
    }
    Matrix(index_t m, index_t n, Layout layout, Numbers& numbers) : Matrix(m, n, layout) {
        for (index_t i = 0; i < m; ++i) {
            for (index_t j = 0; j < n; ++j) ref_(i, j) = static_cast<T>(numbers.next());
        }
    }
    Matrix(const Matrix& other) : memory_(other.memory_), inside_(other.inside_), ref_(other.ref_) {
        ref_.data = memory_.data() + (other.ref_.data - other.memory_.data());
    }
    Matrix& operator=(const Matrix&) = delete;

    [[nodiscard]] MatRef<T> ref() { return ref_; }
    T& operator()(index_t i, index_t j) { return ref_(i, j); }
    const T& operator()(index_t i, index_t j) const { return ref_(i, j); }
    /// Nothing but the elements was written.
    [[nodiscard]] bool guarded() const {
        const T want = canary<T>();
        for (std::size_t i = 0; i < memory_.size(); ++i) {
            if (inside_[i] == 0 && std::memcmp(&memory_[i], &want, sizeof(T)) != 0) return false;
        }
        return true;
    }

private:
    static constexpr index_t margin = 40;
    std::vector<T> memory_;
    std::vector<char> inside_;
    MatRef<T> ref_;
};

/// A vector of any stride among canaries.
template <class T>
class Vector {
public:
    Vector(index_t n, index_t stride) : matrix_(n, 1, Layout::rows), n_(n) {
        const index_t step = stride < 0 ? -stride : stride;
        memory_.assign(static_cast<std::size_t>((n + 1) * (step + 1) + 80), canary<T>());
        ref_ = {memory_.data() + 40 + (stride < 0 && n > 0 ? (n - 1) * step : 0), n, stride};
    }
    Vector(index_t n, index_t stride, Numbers& numbers) : Vector(n, stride) {
        for (index_t i = 0; i < n; ++i) ref_[i] = static_cast<T>(numbers.next());
    }
    Vector(const Vector& other) : matrix_(other.matrix_), n_(other.n_), memory_(other.memory_), ref_(other.ref_) {
        ref_.data = memory_.data() + (other.ref_.data - other.memory_.data());
    }
    Vector& operator=(const Vector&) = delete;

    [[nodiscard]] VecRef<T> ref() { return ref_; }
    T& operator[](index_t i) { return ref_[i]; }
    const T& operator[](index_t i) const { return ref_[i]; }
    [[nodiscard]] bool guarded() const {
        std::vector<T> rest = memory_;
        for (index_t i = 0; i < n_; ++i) {
            rest[static_cast<std::size_t>(&ref_[i] - memory_.data())] = canary<T>();
        }
        const T want = canary<T>();
        for (const T& x : rest) {
            if (std::memcmp(&x, &want, sizeof(T)) != 0) return false;
        }
        return true;
    }

private:
    Matrix<T> matrix_;
    index_t n_;
    std::vector<T> memory_;
    VecRef<T> ref_;
};

/// A sum in long double together with the sum of magnitudes, which bounds the rounding of any order of summation.
struct Reference {
    long double value = 0, magnitude = 0;
    void add(long double x) { value += x, magnitude += std::fabs(x); }
};

/// |computed - exact| in units of (terms * eps * magnitude): at most 1 for a sum of products in any order; NaN if
/// either is NaN.
template <class T>
double ratio(T computed, const Reference& exact, index_t terms) {
    const long double bound =
        static_cast<long double>(terms + 4) * std::numeric_limits<T>::epsilon() * exact.magnitude +
        static_cast<long double>(terms + 4) * std::numeric_limits<T>::denorm_min();
    return static_cast<double>(std::fabs(static_cast<long double>(computed) - exact.value) / bound);
}

/// The larger of two ratios; NaN wins, so that a test on the maximum fails for it.
inline double worst(double a, double b) { return b > a || b != b ? b : a; }

template <class T>
bool same_bits(const T& a, const T& b) {
    return std::memcmp(&a, &b, sizeof(T)) == 0;
}

}  // namespace operands
