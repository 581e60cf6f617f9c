// The matrix types of LAPACK's testers (TESTING/LIN and TESTING/EIG: latms, latme, ddrvst, ddrvev, ddrvbd) and of the
// literature, in all four scalar types. Each has a name, and is the same for the same seed.
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/bounds.hpp"
#include "support/matrices.hpp"

namespace support {

// k values from 1 down to 1 / condition, spread as latm1's modes 1 to 5 spread them: one large, one small, geometric,
// arithmetic, random by their logarithm.
inline std::vector<double> spectrum(int mode, index_t k, double condition, std::uint64_t seed = 1) {
    Random random(seed);
    std::vector<double> d;
    for (index_t i = 0; i < k; ++i) {
        const double t = k == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(k - 1);
        if (mode == 1) d.push_back(i == 0 ? 1 : 1 / condition);
        if (mode == 2) d.push_back(i == k - 1 && k > 1 ? 1 / condition : 1);
        if (mode == 3) d.push_back(std::pow(condition, -t));
        if (mode == 4) d.push_back(1 - t * (1 - 1 / condition));
        if (mode == 5) d.push_back(i == 0 ? 1 : std::pow(condition, -random.uniform()));
    }
    return d;
}

namespace detail {

template <class W>
W random_number(Random& random) {
    if constexpr (std::is_same_v<W, double>) {
        return random.normal();
    } else {
        const double re = random.normal();
        return {re, random.normal()};
    }
}
inline double conjugate(double x) { return x; }
inline std::complex<double> conjugate(std::complex<double> x) { return std::conj(x); }

// A <- H A for the reflector H = I - 2 v v^H / (v^H v) of a random direction.
template <class W>
void reflect(Plain<W>& A, Random& random) {
    std::vector<W> v(static_cast<std::size_t>(A.rows));
    double vv = 0;
    for (W& x : v) x = random_number<W>(random), vv += std::norm(x);
    for (index_t j = 0; j < A.cols; ++j) {
        W va = 0;
        for (index_t i = 0; i < A.rows; ++i) va += conjugate(v[static_cast<std::size_t>(i)]) * A(i, j);
        for (index_t i = 0; i < A.rows; ++i) A(i, j) -= 2 / vv * va * v[static_cast<std::size_t>(i)];
    }
}

// U A V^H with unitary U and V of two random reflectors each; with `similar`, U A U^H.
template <class W>
Plain<W> turned(Plain<W> A, std::uint64_t seed, bool similar) {
    if (A.rows == 0 || A.cols == 0) return A;
    for (std::uint64_t twice = 0; twice < 2; ++twice) {
        Random left(seed + twice), right(similar ? seed + twice : seed + twice + 100);
        reflect(A, left);
        A = transposed(A);
        reflect(A, right);
        A = transposed(A);
    }
    return A;
}

template <class S>
gram::Matrix<S> narrowed(const Plain<wide_t<S>>& A, double factor = 1) {
    gram::Matrix<S> B(A.rows, A.cols);
    for (index_t i = 0; i < B.size(); ++i) B.data()[i] = static_cast<S>(A.data[static_cast<std::size_t>(i)] * factor);
    return B;
}

}  // namespace detail

// Builds the matrices of one list, m×n.
template <class S>
class TypeList {
public:
    using R = gram::real_t<S>;
    using W = wide_t<S>;
    static constexpr double eps = static_cast<double>(std::numeric_limits<R>::epsilon());
    // What LAPACK calls RTOVFL and RTUNFL: squares of these are the ends of the range.
    static constexpr double root_huge = std::is_same_v<R, float> ? 1e18 : 1e153;

    TypeList(index_t m, index_t n, std::uint64_t seed) : m_(m), n_(n), k_(std::min(m, n)), seed_(seed) {}

    index_t k() const { return k_; }
    Random random() { return Random(++seed_); }

    void add(std::string name, const Plain<W>& A, double factor = 1) {
        all_.push_back({std::move(name), detail::narrowed<S>(A, factor)});
    }
    template <class F>
    Plain<W> from(F&& f) const {
        Plain<W> A(m_, n_);
        for (index_t i = 0; i < m_; ++i)
            for (index_t j = 0; j < n_; ++j) A(i, j) = f(i, j);
        return A;
    }
    Plain<W> diagonal(const std::vector<double>& d) const {
        return from([&](index_t i, index_t j) { return i == j ? W(d[static_cast<std::size_t>(i)]) : W(0); });
    }
    // Elements of the disc (or interval) of radius 1.
    Plain<W> uniform() {
        Random r = random();
        return from([&](index_t, index_t) {
            if constexpr (std::is_same_v<W, double>) {
                return 2 * r.uniform() - 1;
            } else {
                const double radius = std::sqrt(r.uniform());
                return std::polar(radius, 6.283185307179586 * r.uniform());
            }
        });
    }
    // Singular values d.
    Plain<W> with_singular(const std::vector<double>& d) { return detail::turned(diagonal(d), seed_ += 7, false); }
    // Q T Q^H: the same eigenvalues as T.
    Plain<W> similar(const Plain<W>& T) { return detail::turned(T, seed_ += 7, true); }
    // The same values with signs, or with unit phases where S is complex.
    Plain<W> with_signs(const std::vector<double>& d) {
        Random r = random();
        return from([&](index_t i, index_t j) {
            if (i != j) return W(0);
            if constexpr (std::is_same_v<W, double>) {
                return (r.below(2) == 0 ? -1 : 1) * d[static_cast<std::size_t>(i)];
            } else {
                return std::polar(d[static_cast<std::size_t>(i)], 6.283185307179586 * r.uniform());
            }
        });
    }
    std::vector<Named<S>> take() { return std::move(all_); }

private:
    index_t m_, n_, k_;
    std::uint64_t seed_;
    std::vector<Named<S>> all_;
};

// What LU, QR and least squares are tested on (dchkge's 11 types), m×n, and Wilkinson's matrix of largest growth.
template <class S>
std::vector<Named<S>> general_types(index_t m, index_t n, std::uint64_t seed = 11) {
    TypeList<S> list(m, n, seed);
    using W = wide_t<S>;
    const double eps = list.eps, far = huge<gram::real_t<S>>;
    const index_t k = list.k();
    const auto zero_from = [&](index_t first, index_t last) {
        auto A = list.with_singular(spectrum(3, k, 2));
        for (index_t i = 0; i < m; ++i)
            for (index_t j = first; j < last; ++j) A(i, j) = 0;
        return A;
    };
    list.add("diagonal", list.with_signs(spectrum(3, k, 100)));
    const auto full = list.uniform();
    list.add("upper triangle", list.from([&](index_t i, index_t j) { return i <= j ? full(i, j) : W(0); }));
    list.add("lower triangle", list.from([&](index_t i, index_t j) { return i >= j ? full(i, j) : W(0); }));
    list.add("condition 2", list.with_singular(spectrum(3, k, 2)));
    list.add("first column zero", zero_from(0, std::min<index_t>(1, n)));
    list.add("last column zero", zero_from(std::max<index_t>(n - 1, 0), n));
    list.add("last half zero", zero_from(n / 2, n));
    list.add("condition sqrt(0.1 / eps)", list.with_singular(spectrum(3, k, std::sqrt(0.1 / eps))));
    list.add("condition 0.1 / eps", list.with_singular(spectrum(3, k, 0.1 / eps)));
    list.add("near underflow", list.with_singular(spectrum(3, k, 2)), 1 / far);
    list.add("near overflow", list.with_singular(spectrum(3, k, 2)), far);
    for (const int mode : {1, 2, 4, 5})
        list.add("mode " + std::to_string(mode), list.with_singular(spectrum(mode, k, 1 / eps)));
    list.add("largest growth",
             list.from([&](index_t i, index_t j) { return W(i == j || j == n - 1 ? 1.0 : (i > j ? -1.0 : 0.0)); }));
    list.add("equal columns", list.from([&](index_t i, index_t j) { return full(i, j / 2); }));
    return list.take();
}

// What the Hermitian eigensolvers are tested on (ddrvst's 18 types), n×n, with Wilkinson's, glued and Clement's.
template <class S>
std::vector<Named<S>> hermitian_types(index_t n, std::uint64_t seed = 12) {
    TypeList<S> list(n, n, seed);
    using W = wide_t<S>;
    const double eps = list.eps, far = list.root_huge;
    const auto real_signs = [&](std::vector<double> d) {
        Random r = list.random();
        for (double& x : d) x *= r.below(2) == 0 ? -1 : 1;
        return d;
    };
    const auto hermitian = [&](const Plain<W>& A) {
        return list.from([&](index_t i, index_t j) {
            return i == j ? W(std::real(A(i, i))) : (i > j ? A(i, j) : detail::conjugate(A(j, i)));
        });
    };
    list.add("zero", list.diagonal(std::vector<double>(static_cast<std::size_t>(n))));
    list.add("identity", list.diagonal(spectrum(3, n, 1)));
    for (const auto& [name, mode] : {std::pair{"arithmetic", 4}, {"geometric", 3}, {"clustered", 1}, {"random", 5}}) {
        const auto d = real_signs(spectrum(mode, n, 1 / eps));
        list.add(std::string("diagonal, ") + name, list.diagonal(d));
        const auto A = hermitian(list.similar(list.diagonal(d)));
        list.add(name, A);
        list.add(std::string(name) + ", large", A, far);
        list.add(std::string(name) + ", small", A, 1 / far);
        list.add(std::string("band of 2, ") + name,
                 list.from([&](index_t i, index_t j) { return std::abs(i - j) <= 2 ? A(i, j) : W(0); }));
    }
    const auto uniform = hermitian(list.uniform());
    list.add("uniform", uniform);
    list.add("uniform, large", uniform, far);
    list.add("uniform, small", uniform, 1 / far);
    const auto tridiagonal = [&](auto diagonal, auto beside) {
        return list.from([&](index_t i, index_t j) {
            return W(i == j ? diagonal(i) : (std::abs(i - j) == 1 ? beside(std::min(i, j)) : 0.0));
        });
    };
    const auto number = [](index_t i) { return static_cast<double>(i); };
    list.add("wilkinson",
             tridiagonal([&](index_t i) { return std::abs(number(2 * i - n + 1)) / 2; }, [](index_t) { return 1.0; }));
    // Copies of W21+ that almost do not touch: every eigenvalue as often as there are copies.
    list.add("glued wilkinson", tridiagonal([&](index_t i) { return std::abs(number(i % 21 - 10)); },
                                            [&](index_t i) { return i % 21 == 20 ? std::sqrt(eps) : 1.0; }));
    list.add("clement", tridiagonal([](index_t) { return 0.0; },
                                    [&](index_t i) { return std::sqrt(number((i + 1) * (n - 1 - i))); }));
    list.add("second difference", tridiagonal([](index_t) { return 2.0; }, [](index_t) { return -1.0; }));
    return list.take();
}

// What the general eigensolvers are tested on (ddrvev's 21 types), n×n, and those that are known to be hard.
template <class S>
std::vector<Named<S>> eigen_types(index_t n, std::uint64_t seed = 13) {
    TypeList<S> list(n, n, seed);
    using W = wide_t<S>;
    const double ulp = list.eps, far = list.root_huge;
    const auto number = [](index_t i) { return static_cast<double>(i); };
    list.add("zero", list.diagonal(std::vector<double>(static_cast<std::size_t>(n))));
    list.add("identity", list.diagonal(spectrum(3, n, 1)));
    const auto jordan = list.from([](index_t i, index_t j) { return W(i == j ? 1.0 : (i == j + 1 ? 1.0 : 0.0)); });
    list.add("jordan", jordan);
    list.add("jordan, turned", list.similar(jordan));
    for (const auto& [name, mode] : {std::pair{"arithmetic", 4}, {"geometric", 3}, {"clustered", 1}, {"random", 5}}) {
        const auto D = list.with_signs(spectrum(mode, n, 1 / ulp));
        list.add(std::string("diagonal, ") + name, D);
        list.add(std::string("diagonal, large, ") + name, D, far);
        list.add(std::string("diagonal, small, ") + name, D, 1 / far);
        const auto upper = list.uniform();
        const auto T = list.from([&](index_t i, index_t j) { return i == j ? D(i, i) : (i < j ? upper(i, j) : W(0)); });
        list.add(std::string("schur, ") + name, list.similar(T));
        // X T inv(X), X = U diag(s) U^H of condition 1 / sqrt(ulp): sensitive eigenvalues.
        const auto s = spectrum(3, n, 1 / std::sqrt(ulp));
        const auto A = list.similar(list.from([&](index_t i, index_t j) {
            return T(i, j) * (s[static_cast<std::size_t>(i)] / s[static_cast<std::size_t>(j)]);
        }));
        list.add(std::string("ill-conditioned vectors, ") + name, A);
        list.add(std::string("ill-conditioned vectors, large, ") + name, A, far * std::sqrt(ulp));
        list.add(std::string("ill-conditioned vectors, small, ") + name, A, 1 / far);
    }
    const auto uniform = list.uniform();
    list.add("uniform", uniform);
    list.add("uniform, large", uniform, far);
    list.add("uniform, small", uniform, 1 / far);
    list.add("frank", list.from([&](index_t i, index_t j) { return W(i > j + 1 ? 0.0 : number(n - std::max(i, j))); }));
    list.add("grcar",
             list.from([](index_t i, index_t j) { return W(i == j + 1 ? -1.0 : (j >= i && j <= i + 3 ? 1.0 : 0.0)); }));
    list.add("companion", list.from([&](index_t i, index_t j) {
        return W(i == 0 ? (j % 2 == 0 ? 1.0 : -1.0) * number(j + 1) : (i == j + 1 ? 1.0 : 0.0));
    }));
    // A diagonal similarity that spans most of the range: what balancing is for.
    const double range = std::is_same_v<gram::real_t<S>, float> ? 30 : 300;
    list.add("unbalanced", list.from([&](index_t i, index_t j) {
        const double t = number(i - j) / number(std::max<index_t>(n - 1, 1));
        return uniform(i, j) * std::pow(10.0, t * range / 2);
    }));
    return list.take();
}

// What the SVD is tested on (ddrvbd's types and graded ones), m×n.
template <class S>
std::vector<Named<S>> singular_types(index_t m, index_t n, std::uint64_t seed = 14) {
    TypeList<S> list(m, n, seed);
    using W = wide_t<S>;
    const double eps = list.eps, far = list.root_huge, full = huge<gram::real_t<S>>;
    const index_t k = list.k();
    list.add("zero", list.diagonal(std::vector<double>(static_cast<std::size_t>(k))));
    list.add("identity", list.diagonal(spectrum(3, k, 1)));
    for (const auto& [name, mode] :
         {std::pair{"one large", 1}, {"one small", 2}, {"geometric", 3}, {"arithmetic", 4}, {"random", 5}}) {
        const auto d = spectrum(mode, k, 1 / eps);
        list.add(std::string("diagonal, ") + name, list.with_signs(d));
        const auto A = list.with_singular(d);
        list.add(name, A);
        list.add(std::string(name) + ", large", A, far);
        list.add(std::string(name) + ", small", A, 1 / far);
        list.add(std::string(name) + ", near overflow", A, full);
        list.add(std::string(name) + ", near underflow", A, 1 / full);
    }
    const auto uniform = list.uniform();
    list.add("uniform", uniform);
    // D1 B D2: rows and columns shrink, towards the end and towards the beginning.
    const double range = std::is_same_v<gram::real_t<S>, float> ? 20 : 80;
    for (const double sign : {-1.0, 1.0})
        list.add(sign < 0 ? "graded down" : "graded up", list.from([&](index_t i, index_t j) {
            const double t = static_cast<double>(i + j) / static_cast<double>(std::max<index_t>(m + n - 2, 1));
            return uniform(i, j) * std::exp2(sign * range * (t - (sign > 0)));
        }));
    list.add("bidiagonal",
             list.from([&](index_t i, index_t j) { return i == j || j == i + 1 ? W(std::abs(uniform(i, j))) : W(0); }));
    return list.take();
}

}  // namespace support
