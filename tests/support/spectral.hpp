// What the tests of eigenvalues and singular values share: residuals of single pairs, permutations and similarities,
// places for NaN, rounding modes. Everything measured in units of n eps, as in bounds.hpp.
#pragma once

#include <cfenv>
#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "support/bidiagonal.hpp"
#include "support/bounds.hpp"
#include "support/lapack_types.hpp"
#include "support/matrices.hpp"

namespace support {

// ||A v - w v|| / (n eps ||A||) of the worst column v of V. A and V are square, w any list of their values.
template <class A_, class V_, class W_>
double pairs_ratio(const A_& A, const V_& V, const W_& w) {
    using C = wide_t<element_t<V_>>;
    const index_t n = A.rows();
    const double norm = frobenius(A);
    Plain<C> a(n, n);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) a(i, j) = static_cast<C>(static_cast<wide_t<element_t<A_>>>(A(i, j)));
    const auto AV = multiply(a, plain(V));
    Worst worst;
    for (index_t j = 0; j < n; ++j) {
        Plain<C> residual(n, 1);
        const C value = static_cast<C>(static_cast<wide_t<std::remove_cvref_t<decltype(w[j])>>>(w[j]));
        for (index_t i = 0; i < n; ++i) residual(i, 0) = AV(i, j) - value * static_cast<C>(V(i, j));
        worst(ratio_of<element_t<A_>>(frobenius(residual), n, norm));
    }
    return worst.value;
}

// | ||v|| - 1 | / (n eps) of the worst column of V.
template <class V_>
double unit_ratio(const V_& V) {
    Worst worst;
    for (index_t j = 0; j < V.cols(); ++j) {
        double square = 0;
        for (index_t i = 0; i < V.rows(); ++i) square += std::norm(std::complex<double>(V(i, j)));
        worst(ratio_of<element_t<V_>>(std::abs(std::sqrt(square) - 1), V.rows(), 1));
    }
    return worst.value;
}

// max |x_i - y_i| / (u scale), u the unit roundoff, without the order: two ways to the same values.
template <class X, class Y>
double agreement(const X& x, const Y& y, double scale) {
    return values_ratio(x, y, scale) * 2 * static_cast<double>(std::max<index_t>(x.size(), 1));
}

template <class V>
bool ascending(const V& w) {
    for (index_t i = 0; i + 1 < w.size(); ++i)
        if (!(w[i] <= w[i + 1])) return false;
    return true;
}
template <class V>
bool descending_from_above_zero(const V& s) {
    for (index_t i = 0; i < s.size(); ++i)
        if (!(s[i] >= 0) || (i > 0 && !(s[i] <= s[i - 1]))) return false;
    return true;
}

// Rows and columns in an order by chance; one list for both of them keeps the eigenvalues.
inline std::vector<index_t> shuffled(index_t n, std::uint64_t seed) {
    Random random(seed);
    std::vector<index_t> p(static_cast<std::size_t>(n));
    for (index_t i = 0; i < n; ++i) p[static_cast<std::size_t>(i)] = i;
    for (index_t i = n - 1; i > 0; --i)
        std::swap(p[static_cast<std::size_t>(i)], p[static_cast<std::size_t>(random.below(i + 1))]);
    return p;
}
template <class S>
gram::Matrix<S> permuted(const gram::Matrix<S>& A, const std::vector<index_t>& rows, const std::vector<index_t>& cols) {
    gram::Matrix<S> B(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j)
            B(i, j) = A(rows[static_cast<std::size_t>(i)], cols[static_cast<std::size_t>(j)]);
    return B;
}

// A^H (A^T of a real matrix) by its definition.
template <class S>
gram::Matrix<S> adjoint_by_definition(const gram::Matrix<S>& A) {
    gram::Matrix<S> B(A.cols(), A.rows());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j) B(j, i) = static_cast<S>(detail::conjugate(wide_t<S>(A(i, j))));
    return B;
}

// U A V^H (with `similar`, U A U^H), by random reflectors in double.
template <class S>
gram::Matrix<S> turned(const gram::Matrix<S>& A, std::uint64_t seed, bool similar) {
    return detail::narrowed<S>(detail::turned(plain(A), seed, similar));
}

// The lower triangle, mirrored: exactly Hermitian, its diagonal real.
template <class S>
gram::Matrix<S> lower_mirrored(gram::Matrix<S> A) {
    for (index_t i = 0; i < A.rows(); ++i) {
        A(i, i) = S(std::real(A(i, i)));
        for (index_t j = 0; j < i; ++j) A(j, i) = static_cast<S>(detail::conjugate(wide_t<S>(A(i, j))));
    }
    return A;
}

// f(what, A) for copies of A with a NaN or an infinity, in either part of a complex element, on the diagonal, below it,
// above it, first and last.
template <class S, class F>
void for_each_non_finite(const gram::Matrix<S>& A, F&& f) {
    using R = gram::real_t<S>;
    const index_t m = A.rows(), n = A.cols(), k = std::min(m, n) / 2;
    const std::vector<std::pair<index_t, index_t>> places = {{0, 0}, {k, k}, {m - 1, 0}, {0, n - 1}, {m - 1, n - 1}};
    for (const R bad : {std::numeric_limits<R>::quiet_NaN(), std::numeric_limits<R>::infinity(),
                        -std::numeric_limits<R>::infinity()}) {
        for (const auto& [i, j] : places) {
            auto B = A;
            const std::string what = std::to_string(bad) + " at " + std::to_string(i) + ", " + std::to_string(j);
            if constexpr (gram::is_complex_v<S>) {
                B(i, j) = S(A(i, j).real(), bad);
                f("imaginary " + what, B);
                B(i, j) = S(bad, A(i, j).imag());
                f("real " + what, B);
            } else {
                B(i, j) = bad;
                f(what, B);
            }
        }
    }
}

// While it lives, sums and products are rounded in another direction.
class RoundingMode {
public:
    explicit RoundingMode(int mode) : old_(std::fegetround()) { std::fesetround(mode); }
    ~RoundingMode() { std::fesetround(old_); }
    RoundingMode(const RoundingMode&) = delete;
    RoundingMode& operator=(const RoundingMode&) = delete;

private:
    int old_;
};

// check(what, compute()) for what is computed under flush-to-zero, and under each other direction of rounding; it is
// checked in the usual arithmetic.
template <class Compute, class Check>
void for_each_arithmetic(Compute&& compute, Check&& check) {
    {
        const auto found = [&] {
            const FlushToZero flush;
            return compute();
        }();
        check("flush to zero", found);
    }
    for (const auto& [mode, name] :
         {std::pair{FE_UPWARD, "upward"}, {FE_DOWNWARD, "downward"}, {FE_TOWARDZERO, "to zero"}}) {
        const auto found = [&, mode = mode] {
            const RoundingMode rounding(mode);
            return compute();
        }();
        check(name, found);
    }
}

}  // namespace support
