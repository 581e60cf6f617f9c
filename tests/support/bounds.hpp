// How good a factorization is, in units of max(m, n) * eps: plain loops in double that share nothing with the code
// under test. Every ratio is NaN when an operand holds NaN, so write `CHECK(ratio < c)`, never `!(ratio > c)`.
//
// The scale is that of LAPACK's own tests (TESTING/LIN, TESTING/EIG), whose thresholds are 30 to 60; well-behaved
// algorithms stay below 3.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>
#include <vector>

#include "gram/config.hpp"

namespace support {

using gram::index_t;

// A row-major copy in double, or complex<double>: what the loops below run on.
template <class W>
struct Plain {
    index_t rows = 0, cols = 0;
    std::vector<W> data;

    Plain(index_t m, index_t n) : rows(m), cols(n), data(static_cast<std::size_t>(m * n)) {}
    W& operator()(index_t i, index_t j) { return data[static_cast<std::size_t>(i * cols + j)]; }
    const W& operator()(index_t i, index_t j) const { return data[static_cast<std::size_t>(i * cols + j)]; }
};

template <class X>
using wide_t = std::conditional_t<std::is_floating_point_v<X>, double, std::complex<double>>;
template <class M>
using element_t = std::remove_cvref_t<decltype(std::declval<const M&>()(0, 0))>;

template <class M>
auto plain(const M& A) {
    Plain<wide_t<element_t<M>>> P(A.rows(), A.cols());
    for (index_t i = 0; i < P.rows; ++i)
        for (index_t j = 0; j < P.cols; ++j) P(i, j) = static_cast<wide_t<element_t<M>>>(A(i, j));
    return P;
}
template <class W>
const Plain<W>& plain(const Plain<W>& P) {
    return P;
}

template <class W>
Plain<W> transposed(const Plain<W>& A) {
    Plain<W> B(A.cols, A.rows);
    for (index_t i = 0; i < A.rows; ++i)
        for (index_t j = 0; j < A.cols; ++j) {
            if constexpr (std::is_same_v<W, double>) {
                B(j, i) = A(i, j);
            } else {
                B(j, i) = std::conj(A(i, j));
            }
        }
    return B;
}

// A B, summed in order. On pointers and in real arithmetic: most of the time that tests take is spent here.
template <class W>
Plain<W> multiply(const Plain<W>& A, const Plain<W>& B) {
    Plain<W> C(A.rows, B.cols);
    constexpr index_t parts = sizeof(W) / sizeof(double);
    for (index_t i = 0; i < A.rows; ++i)
        for (index_t p = 0; p < A.cols; ++p) {
            const double re = std::real(A(i, p)), im = std::imag(A(i, p));
            double* c = reinterpret_cast<double*>(C.data.data() + i * C.cols);
            const double* b = reinterpret_cast<const double*>(B.data.data() + p * B.cols);
            for (const double* const end = b + parts * B.cols; b != end; b += parts, c += parts) {
                c[0] += re * b[0];
                if constexpr (parts == 2) c[0] -= im * b[1], c[1] += re * b[1] + im * b[0];
            }
        }
    return C;
}

// A diag(s): column j times s[j]. (s is any vector expression.)
template <class M, class S>
auto times_diagonal(const M& A, const S& s) {
    auto C = plain(A);
    for (index_t i = 0; i < C.rows; ++i)
        for (index_t j = 0; j < C.cols; ++j) C(i, j) *= static_cast<wide_t<element_t<M>>>(s[j]);
    return C;
}

// Frobenius norm without overflow; NaN when an element is NaN.
template <class W>
double frobenius(const Plain<W>& A) {
    double largest = 0;
    for (const W& x : A.data) {
        const double v = std::abs(x);
        if (std::isnan(v)) return v;
        largest = std::max(largest, v);
    }
    if (largest == 0 || std::isinf(largest)) return largest;
    double sum = 0;
    for (const W& x : A.data) sum += std::norm(x / largest);
    return largest * std::sqrt(sum);
}
template <class M>
    requires requires(const M& A) { A.rows(); }
double frobenius(const M& A) { return frobenius(plain(A)); }

template <class T>
inline constexpr double eps_of = static_cast<double>(std::numeric_limits<T>::epsilon());
template <class T>
inline constexpr double eps_of<std::complex<T>> = eps_of<T>;

// error / (size * eps * norm); 0 for 0 / 0, infinite for a real error against a zero norm.
template <class T>
double ratio_of(double error, index_t size, double norm) {
    if (error == 0) return 0;
    return error / (static_cast<double>(std::max<index_t>(size, 1)) * eps_of<T> * norm);
}

// ||A - B|| / (max(m, n) eps ||A||) in the Frobenius norm, eps of A's element type. Shapes must agree.
template <class A_, class B_>
double distance_ratio(const A_& A, const B_& B) {
    const auto a = plain(A), b = plain(B);
    if (a.rows != b.rows || a.cols != b.cols) return std::numeric_limits<double>::infinity();
    auto difference = a;
    for (std::size_t i = 0; i < a.data.size(); ++i) difference.data[i] -= b.data[i];
    return ratio_of<element_t<A_>>(frobenius(difference), std::max(a.rows, a.cols), frobenius(a));
}

// ||A - F1 F2 ...|| / (max(m, n) eps ||A||): how well the factors, multiplied from the left, make A.
template <class A_, class F, class... Rest>
double factor_ratio(const A_& A, const F& first, const Rest&... rest) {
    auto C = plain(first);
    ((C = multiply(C, plain(rest))), ...);
    return distance_ratio(A, C);
}

// ||A X - B|| / (max(m, n) eps ||A|| ||X||): the backward error of a solution.
template <class A_, class X_, class B_>
double solve_ratio(const A_& A, const X_& X, const B_& B) {
    const auto a = plain(A), x = plain(X), b = plain(B);
    if (x.rows != a.cols || x.cols != b.cols || b.rows != a.rows) return std::numeric_limits<double>::infinity();
    auto R = multiply(a, x);
    for (std::size_t i = 0; i < R.data.size(); ++i) R.data[i] -= b.data[i];
    return ratio_of<element_t<A_>>(frobenius(R), std::max(a.rows, a.cols), frobenius(a) * frobenius(x));
}

// ||Q^H Q - I|| / (max(m, n) eps): orthonormal columns. For rows pass a transposed matrix.
template <class Q_>
double orthogonality_ratio(const Q_& Q) {
    const auto q = plain(Q);
    auto G = multiply(transposed(q), q);
    for (index_t i = 0; i < G.rows; ++i) G(i, i) -= 1;
    return ratio_of<element_t<Q_>>(frobenius(G), std::max(q.rows, q.cols), 1);
}

// max |x_i - y_i| / (n eps scale): agreement of values, with `scale` usually the norm of the matrix they belong to.
template <class X, class Y>
double values_ratio(const X& x, const Y& y, double scale) {
    if (x.size() != y.size()) return std::numeric_limits<double>::infinity();
    using T = std::remove_cvref_t<decltype(x[0])>;
    double worst = 0;
    for (index_t i = 0; i < static_cast<index_t>(x.size()); ++i) {
        const double d = std::abs(static_cast<wide_t<T>>(x[i]) - static_cast<wide_t<T>>(y[i]));
        if (std::isnan(d)) return d;
        worst = std::max(worst, d);
    }
    return ratio_of<T>(worst, static_cast<index_t>(x.size()), scale);
}

// Same shape and every element equal (NaN equals nothing).
template <class A_, class B_>
bool identical(const A_& A, const B_& B) {
    if (A.rows() != B.rows() || A.cols() != B.cols()) return false;
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j)
            if (!(A(i, j) == B(i, j))) return false;
    return true;
}

// Remembers the largest ratio it was shown, NaN above all: print it, or keep it for an INFO.
struct Worst {
    double value = 0;
    double operator()(double ratio) {
        if (!(ratio <= value)) value = std::isnan(value) ? value : ratio;
        return ratio;
    }
};

}  // namespace support
