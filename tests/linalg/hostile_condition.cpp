// Forward errors, determinants and condition numbers by LU, on every hostile class in all four scalar types.
#include <complex>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "gram/linalg/condition.hpp"
#include "gram/linalg/gallery.hpp"
#include "gram/linalg/lu.hpp"
#include "gram/linalg/solve.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::all_finite;
using support::all_matrices;
using support::Worst;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

// The first zero pivot, or -1.
template <class T>
index_t first_zero(const Matrix<T>& U) {
    for (index_t i = 0; i < std::min(U.rows(), U.cols()); ++i)
        if (U(i, i) == T{}) return i;
    return -1;
}

// Integers, so that the right-hand side of x = 1 is exact: Hilbert's matrix times lcm(1 ... 2 n - 1).
template <class T>
Matrix<T> integer_hilbert(index_t n, index_t multiple) {
    Matrix<T> A(n, n);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) A(i, j) = T(static_cast<real_t<T>>(multiple / (i + j + 1)));
    return A;
}

// The forward errors of solve, in units of cond eps, and of solve_refined, in units of eps.
template <class T>
void check_forward(const Matrix<T>& A, Worst& plain, Worst& refined) {
    const index_t n = A.rows();
    const double eps = support::eps_of<T>;
    Vector<T> x(n), b(n);
    for (index_t i = 0; i < n; ++i) x[i] = T(1);
    const auto product = support::multiply(support::plain(A), support::plain(x));
    for (index_t i = 0; i < n; ++i) b[i] = static_cast<T>(product(i, 0));
    const auto error = [&](const Vector<T>& y) { return support::frobenius(Vector<T>(y - x)) / support::frobenius(x); };
    const double condition = static_cast<double>(cond_estimate(Matrix<T>(A)));
    CHECK(support::solve_ratio(A, solve(A, b), b) < 3);
    if (!(condition * eps < 0.1)) return;
    CHECK(plain(error(solve(A, b)) / (condition * eps)) < 10);
    CHECK(refined(error(solve_refined(A, b).x) / eps) < 2);
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: forward errors of Hilbert, Vandermonde and Kahan systems", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    using R = real_t<T>;
    Worst plain, refined;
    const index_t last = support::eps_of<T> > 1e-10 ? 8 : 14;
    index_t multiple = 1;
    for (index_t n = 1; n <= last; ++n) {
        for (index_t f = 2 * n - 2; f < 2 * n; ++f) multiple = f > 0 ? std::lcm(multiple, f) : multiple;
        CAPTURE(n);
        check_forward(integer_hilbert<T>(n, multiple), plain, refined);
        Vector<T> nodes(n);
        for (index_t i = 0; i < n; ++i) nodes[i] = T(static_cast<R>(i + 1));
        if constexpr (is_complex_v<T>) {
            for (index_t i = 0; i < n; i += 2) nodes[i] = T(R(0), static_cast<R>(i + 1));
        }
        if (n < (last == 8 ? 6 : 9)) check_forward(gallery::vandermonde(nodes), plain, refined);
    }
    // Kahan's in powers of two: triangular, with an inverse that grows as 1.5^n.
    for (const index_t n : {5, 10, 20}) {
        Matrix<T> A(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = i; j < n; ++j) A(i, j) = T(i == j ? R(1) : R(-0.5));
        CAPTURE(n);
        check_forward(A, plain, refined);
    }
    INFO("worst: solve " << plain.value << " cond eps, refined " << refined.value << " eps");
    CHECK(plain.value < 1);
    CHECK(refined.value < 1);
}

namespace {

// The exact determinant of a matrix of small integers (or Gaussian integers), by Bareiss's elimination in int64.
struct GaussianInteger {
    std::int64_t re = 0, im = 0;
    friend GaussianInteger operator*(GaussianInteger a, GaussianInteger b) {
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }
    friend GaussianInteger operator-(GaussianInteger a, GaussianInteger b) { return {a.re - b.re, a.im - b.im}; }
    [[nodiscard]] GaussianInteger exactly_by(GaussianInteger b) const {
        const std::int64_t size = b.re * b.re + b.im * b.im;
        return {(re * b.re + im * b.im) / size, (im * b.re - re * b.im) / size};
    }
};
template <class T>
std::complex<double> exact_determinant(const Matrix<T>& A) {
    const index_t n = A.rows();
    std::vector<std::vector<GaussianInteger>> a;
    for (index_t i = 0; i < n; ++i) {
        a.emplace_back();
        for (index_t j = 0; j < n; ++j) {
            const std::complex<double> x(A(i, j));
            a.back().push_back({static_cast<std::int64_t>(x.real()), static_cast<std::int64_t>(x.imag())});
        }
    }
    GaussianInteger before{1, 0};
    double sign = 1;
    const auto last = static_cast<std::size_t>(n - 1);
    for (std::size_t k = 0; k < last; ++k) {
        std::size_t p = k;
        while (p <= last && a[p][k].re == 0 && a[p][k].im == 0) ++p;
        if (p > last) return 0;
        if (p != k) std::swap(a[p], a[k]), sign = -sign;
        for (std::size_t i = k + 1; i <= last; ++i)
            for (std::size_t j = k + 1; j <= last; ++j)
                a[i][j] = (a[k][k] * a[i][j] - a[i][k] * a[k][j]).exactly_by(before);
        before = a[k][k];
    }
    return sign * std::complex<double>(static_cast<double>(a[last][last].re), static_cast<double>(a[last][last].im));
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: determinants of integers, and logarithms whatever the range", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    using R = real_t<T>;
    const double eps = support::eps_of<T>;
    support::Random random(28);
    const auto small = [&] { return static_cast<R>(random.below(7)) - 3; };
    Worst exact, logs;
    for (index_t n = 1; n <= 6; ++n)
        for (int trial = 0; trial < 20; ++trial) {
            Matrix<T> A(n, n);
            for (T& x : A) {
                x = T(small());
                if constexpr (is_complex_v<T>) x = T(x.real(), small());
            }
            double rows = 1;  // Hadamard's bound
            for (index_t i = 0; i < n; ++i) rows *= std::max(1.0, support::frobenius(A.row(i)));
            CAPTURE(n, trial);
            const auto want = exact_determinant(A);
            CHECK(exact(std::abs(std::complex<double>(det(A)) - want) / (static_cast<double>(n) * eps * rows)) < 3);
            const auto [sign, log] = slogdet(A);
            const auto back = std::complex<double>(sign) * std::exp(static_cast<double>(log));
            CHECK(std::abs(back - want) / (static_cast<double>(n) * eps * rows) < 20);
        }
    for (const index_t n : {1, 2, 8, 33})
        for (const auto& [name, A] : all_matrices<T>(n, n)) {
            CAPTURE(name, n);
            const auto f = lu(A);
            const auto [sign, log] = slogdet(A);
            if (first_zero(f.U) >= 0) {
                CHECK((sign == T{} && log == -std::numeric_limits<R>::infinity() && det(A) == T{}));
                continue;
            }
            double want = 0, magnitude = 1;
            for (index_t i = 0; i < n; ++i) {
                const double part = std::log(std::abs(std::complex<double>(f.U(i, i))));
                want += part, magnitude += std::abs(part);
            }
            CHECK(logs(std::abs(static_cast<double>(log) - want) / (static_cast<double>(n) * eps * magnitude)) < 3);
            CHECK(std::abs(static_cast<double>(std::abs(sign)) - 1) < 4 * eps);
        }
    INFO("worst: det " << exact.value << ", logarithm " << logs.value);
    CHECK(exact.value < 1);
    CHECK(logs.value < 1.5);
    CHECK((det(Matrix<T>(0, 0)) == T(1) && slogdet(Matrix<T>(0, 0)).sign == T(1)));
}

TEMPLATE_TEST_CASE("hostile: cond_estimate is a lower bound within ten of the condition number", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    const double eps = support::eps_of<T>;
    for (const index_t n : {1, 2, 5, 17, 40})
        for (const auto& [name, A] : all_matrices<T>(n, n)) {
            if (first_zero(lu(A).U) >= 0) continue;
            CAPTURE(name, n);
            const auto estimate = static_cast<double>(cond_estimate(A));
            const Matrix<T> inverse = inv(A);
            if (!all_finite(inverse)) continue;
            const double exact = static_cast<double>(norm(A, one)) * static_cast<double>(norm(inverse, one));
            if (exact * eps < 1e-3) {
                CHECK(estimate <= exact * (1 + 100 * eps * static_cast<double>(n) * exact));
                CHECK(estimate >= exact / 10);
                CHECK(std::abs(static_cast<double>(rcond(A)) * estimate - 1) < 4 * eps);
            } else {  // ill-conditioned by both
                CHECK(estimate * eps > 1e-5);
            }
        }
    // The largest elements that there are: the sum of a column of them is out of range, the condition number is not.
    const Matrix<T> top = {{std::numeric_limits<real_t<T>>::max(), std::numeric_limits<real_t<T>>::max()},
                           {std::numeric_limits<real_t<T>>::max(), -std::numeric_limits<real_t<T>>::max()}};
    CHECK(std::abs(static_cast<double>(cond_estimate(top)) - 2) < 1e-5);
    CHECK(std::abs(static_cast<double>(cond_estimate(support::scaled(top, -1))) - 2) < 1e-5);
}
