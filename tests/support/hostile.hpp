// What the acceptance tests of direct methods share: all hostile matrices of a scalar type, exact scaling, orders of
// rows and columns, and non-finite numbers in either part.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include "gram/core/error.hpp"
#include "support/bounds.hpp"
#include "support/complex_matrices.hpp"
#include "support/lapack_types.hpp"
#include "support/square_matrices.hpp"

namespace support {

// The types of LAPACK's testers and the classes of matrices.hpp.
template <class S>
std::vector<Named<S>> all_matrices(index_t m, index_t n) {
    auto all = general_types<S>(m, n);
    std::vector<Named<S>> rest;
    if constexpr (gram::is_complex_v<S>) {
        rest = hostile_complex<S>(m, n);
    } else {
        rest = hostile_matrices<S>(m, n);
    }
    for (auto& named : rest) all.push_back(std::move(named));
    return all;
}

template <class S>
gram::Vector<S> gaussian_vector(index_t n, std::uint64_t seed) {
    const gram::Matrix<S> A = gaussian_of<S>(n, 1, seed);
    gram::Vector<S> x(n);
    std::copy(A.begin(), A.end(), x.begin());
    return x;
}

// A 2^k: exact unless it leaves the range.
template <class M>
M scaled(M A, int k) {
    for (auto& x : A) {
        if constexpr (gram::is_complex_v<std::remove_cvref_t<decltype(x)>>) {
            x = {std::ldexp(x.real(), k), std::ldexp(x.imag(), k)};
        } else {
            x = std::ldexp(x, k);
        }
    }
    return A;
}
// Powers of two for metamorphic tests: near, and most of the way to either end of the range.
template <class S>
std::vector<int> far_exponents() {
    if (eps_of < S >> 1e-10) return {-100, -3, 1, 100};
    return {-900, -3, 1, 900};
}

template <class S>
gram::Matrix<S> with_rows(const gram::Matrix<S>& A, const gram::Vector<index_t>& p) {
    gram::Matrix<S> B(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) B(i, j) = A(p[i], j);
    return B;
}
template <class S>
gram::Matrix<S> with_columns(const gram::Matrix<S>& A, const gram::Vector<index_t>& p) {
    gram::Matrix<S> B(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) B(i, j) = A(i, p[j]);
    return B;
}
inline gram::Vector<index_t> random_order(index_t n, std::uint64_t seed) {
    Random random(seed);
    gram::Vector<index_t> p(n);
    for (index_t i = 0; i < n; ++i) p[i] = i;
    for (index_t i = n - 1; i > 0; --i) std::swap(p[i], p[random.below(i + 1)]);
    return p;
}
inline bool is_permutation(const gram::Vector<index_t>& p) {
    std::vector<bool> seen(static_cast<std::size_t>(p.size()));
    for (const index_t i : p) {
        if (i < 0 || i >= p.size() || seen[static_cast<std::size_t>(i)]) return false;
        seen[static_cast<std::size_t>(i)] = true;
    }
    return true;
}

template <class S>
gram::Matrix<S> unit_matrix(index_t n) {
    gram::Matrix<S> I(n, n);
    for (index_t i = 0; i < n; ++i) I(i, i) = S(1);
    return I;
}
// A^H, of a real matrix too.
template <class S>
gram::Matrix<S> adjoint_matrix(const gram::Matrix<S>& A) {
    gram::Matrix<S> B(A.cols(), A.rows());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) B(j, i) = static_cast<S>(detail::conjugate(wide_t<S>(A(i, j))));
    return B;
}

template <class M>
bool all_finite(const M& A) {
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j)
            if (!std::isfinite(std::abs(wide_t<element_t<M>>(A(i, j))))) return false;
    return true;
}

// NaN and both infinities, in the real and in the imaginary part.
template <class S>
std::vector<S> non_finite_numbers() {
    using R = gram::real_t<S>;
    using limits = std::numeric_limits<R>;
    std::vector<S> all;
    for (const R bad : {limits::quiet_NaN(), limits::infinity(), -limits::infinity()}) {
        all.push_back(S(bad));
        if constexpr (gram::is_complex_v<S>) all.push_back(S(R(1), bad));
    }
    return all;
}
// f(A with one bad element): first, last, and one between.
template <class S, class F>
void for_each_spoiled(const gram::Matrix<S>& A, F&& f) {
    for (const S bad : non_finite_numbers<S>())
        for (const index_t at : {index_t{0}, A.size() / 2, A.size() - 1}) {
            gram::Matrix<S> B = A;
            B.data()[at] = bad;
            f(B);
        }
}

// f() throws shape_error, and its message names these shapes.
template <class F>
bool refuses_shapes(F&& f, const std::string& first, const std::string& second = "") {
    try {
        (void)f();
    } catch (const gram::shape_error& error) {
        const std::string text = error.what();
        return text.find(first) != std::string::npos && text.find(second) != std::string::npos;
    }
    return false;
}

}  // namespace support
