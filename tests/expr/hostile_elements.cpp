// Every function of every element on hostile numbers, in every layout and size: against the standard library, and the
// same to the last bit wherever the elements lie.
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/hostile_numbers.hpp"
#include "support/layouts.hpp"
#include "support/ulps.hpp"

using namespace gram;
using support::hostile_elements;
using support::same_number;

namespace {

constexpr std::pair<index_t, index_t> shapes[] = {{0, 0}, {0, 3}, {3, 0},  {1, 1},  {1, 5},
                                                  {9, 1}, {7, 8}, {5, 17}, {2, 145}};

// f(X) for a matrix of hostile numbers in every layout, written row by row and by columns with gaps, is expected(x) of
// every element x by `agrees`, and the same number in every layout. Empty when it is, else what went wrong.
template <class T, class F, class G, class Agrees>
std::string checked(F f, G expected, Agrees agrees) {
    using R = std::remove_cvref_t<decltype(eval(f(std::declval<MatrixView<T>&>()))(0, 0))>;
    for (const auto& [m, n] : shapes) {
        const Matrix<T> A = hostile_elements<T>(m, n, static_cast<std::size_t>(n));
        Matrix<R> first(m, n);
        for (const auto& layout : support::layouts) {
            support::LaidOut<T> in(layout, A);
            support::LaidOut<R> out(support::layouts[&layout - support::layouts < 2 ? 0 : 3], m, n);
            auto X = in.view();
            auto Y = out.view();
            Y = f(X);
            if (&layout == support::layouts) first = Y;
            for (index_t i = 0; i < m; ++i) {
                for (index_t j = 0; j < n; ++j) {
                    const auto where = [&] {
                        std::ostringstream text;
                        text << layout.name << " " << m << "x" << n << " at " << i << ", " << j << ": f(" << A(i, j)
                             << ") = " << Y(i, j) << ", not " << static_cast<R>(expected(A(i, j)));
                        return text.str();
                    };
                    if (!agrees(Y(i, j), static_cast<R>(expected(A(i, j))))) return where();
                    if (!same_number<R>(Y(i, j), first(i, j))) return where() + ", and not as in the first layout";
                }
            }
        }
    }
    return "";
}
// Exactly, down to the sign of zero.
template <class T, class F, class G>
std::string exactly(F f, G expected) {
    return checked<T>(f, expected, [](const auto& a, const auto& b) { return same_number(a, b); });
}
// Within 3 ulp: two that are promised and one of the standard library in the same precision; zeros with their signs.
template <class T, class F, class G>
std::string nearly(F f, G expected) {
    return checked<T>(f, expected, [](T a, T b) {
        return same_number(a, b) || (a != b && support::ulps(a, static_cast<long double>(b)) <= 3);
    });
}

}  // namespace

#define GRAM_NEARLY(name) \
    CHECK(nearly<T>([](const auto& x) { return gram::name(x); }, [](T v) { return std::name(v); }) == "")
#define GRAM_EXACTLY(name) \
    CHECK(exactly<T>([](const auto& x) { return gram::name(x); }, [](const T& v) { return std::name(v); }) == "")

TEMPLATE_TEST_CASE("vectorized functions of hostile numbers are the standard library's in every layout", "", float,
                   double) {
    using T = TestType;
    GRAM_NEARLY(exp);
    GRAM_NEARLY(exp2);
    GRAM_NEARLY(expm1);
    GRAM_NEARLY(log);
    GRAM_NEARLY(log2);
    GRAM_NEARLY(log10);
    GRAM_NEARLY(log1p);
    GRAM_NEARLY(cbrt);
    GRAM_NEARLY(sin);
    GRAM_NEARLY(cos);
    GRAM_NEARLY(asin);
    GRAM_NEARLY(acos);
    GRAM_NEARLY(atan);
    GRAM_NEARLY(sinh);
    GRAM_NEARLY(cosh);
    GRAM_NEARLY(tanh);
    GRAM_NEARLY(acosh);
    GRAM_NEARLY(atanh);
    GRAM_NEARLY(erf);
    GRAM_NEARLY(erfc);
    GRAM_EXACTLY(sqrt);
    GRAM_EXACTLY(abs);
    GRAM_EXACTLY(floor);
    GRAM_EXACTLY(ceil);
    GRAM_EXACTLY(round);
    GRAM_EXACTLY(trunc);
    CHECK(exactly<T>([](const auto& x) { return rint(x); }, [](T v) { return std::nearbyint(v); }) == "");
}

TEMPLATE_TEST_CASE("functions without a pack form are the standard library's in every layout", "", float, double) {
    using T = TestType;
    GRAM_EXACTLY(tan);
    GRAM_EXACTLY(asinh);
    GRAM_EXACTLY(tgamma);
    GRAM_EXACTLY(lgamma);
    GRAM_EXACTLY(isnan);
    GRAM_EXACTLY(isinf);
    GRAM_EXACTLY(isfinite);
    GRAM_EXACTLY(signbit);
    CHECK(exactly<T>([](const auto& x) { return gram::pow(x, T(3)); }, [](T v) { return std::pow(v, T(3)); }) == "");
    CHECK(exactly<T>([](const auto& x) { return gram::pow(x, T(-0.5)); }, [](T v) { return std::pow(v, T(-0.5)); }) ==
          "");
    CHECK(exactly<T>([](const auto& x) { return hypot(x, transposed(transposed(x))); },
                     [](T v) { return std::hypot(v, v); }) == "");
    CHECK(exactly<T>([](const auto& x) { return atan2(x, -x); }, [](T v) { return std::atan2(v, -v); }) == "");
    CHECK(exactly<T>([](const auto& x) { return fmod(x, T(2.5)); }, [](T v) { return std::fmod(v, T(2.5)); }) == "");
    CHECK(exactly<T>([](const auto& x) { return sign(x); },
                     [](T v) { return v > 0 ? T(1) : (v < 0 ? T(-1) : (v == 0 ? T(0) : v)); }) == "");
    CHECK(exactly<T>([](const auto& x) { return copysign(x, -x); }, [](T v) { return std::copysign(v, -v); }) == "");
    CHECK(exactly<T>([](const auto& x) { return nan_to_num(x); },
                     [](T v) {
                         constexpr T most = std::numeric_limits<T>::max();
                         return std::isnan(v) ? T(0) : std::isinf(v) ? std::copysign(most, v) : v;
                     }) == "");
}

TEMPLATE_TEST_CASE("arithmetic, limits and activations of hostile numbers follow their formulas", "", float, double) {
    using T = TestType;
    using W = long double;
    CHECK(exactly<T>([](const auto& x) { return -x; }, [](T v) { return -v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return x + x; }, [](T v) { return v + v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return x - x; }, [](T v) { return v - v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return x / x; }, [](T v) { return v / v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return hadamard(x, x); }, [](T v) { return v * v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return square(x); }, [](T v) { return v * v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return reciprocal(x); }, [](T v) { return T(1) / v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return rsqrt(x); }, [](T v) { return T(1) / std::sqrt(v); }) == "");
    CHECK(exactly<T>([](const auto& x) { return x * T(3); }, [](T v) { return v * T(3); }) == "");
    CHECK(nearly<T>([](const auto& x) { return degrees(x); },
                    [](T v) { return static_cast<T>(static_cast<W>(v) * 57.295779513082320877L); }) == "");
    CHECK(nearly<T>([](const auto& x) { return radians(x); },
                    [](T v) { return static_cast<T>(static_cast<W>(v) * 0.017453292519943295769L); }) == "");
    CHECK(exactly<T>([](const auto& x) { return clamp(x, T(-1.5), T(2)); },
                     [](T v) { return v < T(-1.5) ? T(-1.5)
                                      : v > T(2)  ? T(2)
                                                  : v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return maximum(x, T(0.5)); },
                     [](T v) { return std::isnan(v) || v > T(0.5) ? v : T(0.5); }) == "");
    CHECK(exactly<T>([](const auto& x) { return minimum(x, T(0.5)); },
                     [](T v) { return std::isnan(v) || v < T(0.5) ? v : T(0.5); }) == "");
    CHECK(exactly<T>([](const auto& x) { return fmax(x, -x); },
                     [](T v) { return std::isnan(v) ? v : std::fmax(v, -v); }) == "");
    CHECK(exactly<T>([](const auto& x) { return fmin(x, -x); },
                     [](T v) { return std::isnan(v) ? v : std::fmin(v, -v); }) == "");
    CHECK(exactly<T>([](const auto& x) { return leaky_relu(x, T(0.25)); },
                     [](T v) { return v < 0 ? v * T(0.25) : v; }) == "");
    CHECK(nearly<T>([](const auto& x) { return softplus(x); },
                    [](T v) {
                        return static_cast<T>(v > 0 ? v + std::log1p(std::exp(-static_cast<W>(v)))
                                                    : std::log1p(std::exp(static_cast<W>(v))));
                    }) == "");
    CHECK(nearly<T>([](const auto& x) { return sigmoid(x); },
                    [](T v) {
                        const W e = std::exp(-std::abs(static_cast<W>(v)));
                        return static_cast<T>((v < 0 ? e : 1) / (1 + e));
                    }) == "");
    CHECK(nearly<T>([](const auto& x) { return silu(x); },
                    [](T v) {
                        const W e = std::exp(-std::abs(static_cast<W>(v)));
                        return static_cast<T>(std::isinf(v) && v < 0 ? W(-0.0)
                                                                     : static_cast<W>(v) * (v < 0 ? e : 1) / (1 + e));
                    }) == "");
    CHECK(nearly<T>([](const auto& x) { return gelu(x); },
                    [](T v) {
                        const W w = static_cast<W>(v);
                        return static_cast<T>(std::isinf(v) && v < 0 ? W(-0.0)
                                                                     : w * std::erfc(-w / std::sqrt(W(2))) / 2);
                    }) == "");
}

TEMPLATE_TEST_CASE("comparisons, choices and logic of hostile numbers are those of single numbers", "", float, double,
                   std::int32_t, std::int64_t, std::uint8_t) {
    using T = TestType;
    CHECK(exactly<T>([](const auto& x) { return x < T(1); }, [](T v) { return v < T(1); }) == "");
    CHECK(exactly<T>([](const auto& x) { return x <= T(1); }, [](T v) { return v <= T(1); }) == "");
    CHECK(exactly<T>([](const auto& x) { return x > T(1); }, [](T v) { return v > T(1); }) == "");
    CHECK(exactly<T>([](const auto& x) { return x >= x; }, [](T v) { return v >= v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return equal(x, x); }, [](T v) { return v == v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return (x > T(0)) & !(x > T(2)); },
                     [](T v) { return v > T(0) && !(v > T(2)); }) == "");
    CHECK(exactly<T>([](const auto& x) { return where(x > T(1), x, x / T(2)); },
                     [](T v) { return v > T(1) ? v : static_cast<T>(v / T(2)); }) == "");
    CHECK(exactly<T>([](const auto& x) { return relu(x); }, [](T v) { return v < T(0) ? T(0) : v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return sign(x); },
                     [](T v) {
                         return v > T(0) ? T(1) : v < T(0) ? static_cast<T>(-1) : v == v ? T(0) : v;
                     }) == "");
    CHECK(exactly<T>([](const auto& x) { return clamp(x, T(1), T(7)); },
                     [](T v) { return v < T(1)   ? T(1)
                                      : v > T(7) ? T(7)
                                                 : v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return maximum(x, T(2)); },
                     [](T v) { return v != v || v > T(2) ? v : T(2); }) == "");
    CHECK(exactly<T>([](const auto& x) { return minimum(x, T(2)); },
                     [](T v) { return v != v || v < T(2) ? v : T(2); }) == "");
    CHECK(exactly<T>([](const auto& x) { return abs(x); },
                     [](T v) { return v < T(0) ? static_cast<T>(-v) : v + T(0); }) == "");
    CHECK(exactly<T>([](const auto& x) { return cast<double>(x); }, [](T v) { return static_cast<double>(v); }) == "");
}

TEMPLATE_TEST_CASE("complex functions of hostile numbers are the standard library's in every layout", "",
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    using R = typename T::value_type;
    GRAM_EXACTLY(exp);
    GRAM_EXACTLY(log);
    GRAM_EXACTLY(log10);
    GRAM_EXACTLY(sqrt);
    GRAM_EXACTLY(sin);
    GRAM_EXACTLY(cos);
    GRAM_EXACTLY(tan);
    GRAM_EXACTLY(asin);
    GRAM_EXACTLY(acos);
    GRAM_EXACTLY(atan);
    GRAM_EXACTLY(sinh);
    GRAM_EXACTLY(cosh);
    GRAM_EXACTLY(tanh);
    GRAM_EXACTLY(asinh);
    GRAM_EXACTLY(acosh);
    GRAM_EXACTLY(atanh);
    GRAM_EXACTLY(abs);
    GRAM_EXACTLY(arg);
    GRAM_EXACTLY(conj);
    GRAM_EXACTLY(real);
    GRAM_EXACTLY(imag);
    if constexpr (sizeof(R) == 8) {  // g++ has a note on passing a struct of complex<float> by value
        CHECK(exactly<T>([](const auto& x) { return gram::pow(x, T(R(2), R(-1))); },
                         [](const T& v) { return std::pow(v, T(R(2), R(-1))); }) == "");
    }
    CHECK(exactly<T>([](const auto& x) { return square(x); }, [](const T& v) { return v * v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return -x; }, [](const T& v) { return -v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return x / x; }, [](const T& v) { return v / v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return complex(real(x), imag(x)); }, [](const T& v) { return v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return adjoint(adjoint(x)); }, [](const T& v) { return v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return equal(x, x); }, [](const T& v) { return v == v; }) == "");
    CHECK(exactly<T>([](const auto& x) { return isnan(x); },
                     [](const T& v) { return std::isnan(v.real()) || std::isnan(v.imag()); }) == "");
    CHECK(exactly<T>([](const auto& x) { return isinf(x); },
                     [](const T& v) { return std::isinf(v.real()) || std::isinf(v.imag()); }) == "");
    CHECK(exactly<T>([](const auto& x) { return isfinite(x); },
                     [](const T& v) { return std::isfinite(v.real()) && std::isfinite(v.imag()); }) == "");
}

TEMPLATE_TEST_CASE("a result is written to its view and nowhere else", "", float, std::complex<double>, std::uint8_t) {
    using T = TestType;
    for (const auto& [m, n] : shapes) {
        for (const auto& layout : support::layouts) {
            CAPTURE(layout.name, m, n);
            const Matrix<T> A = full<T>(m, n, T(3));
            support::LaidOut<T> out(layout, m, n);
            const index_t before = out.untouched();
            auto Y = out.view();
            Y = square(A);
            CHECK(before - out.untouched() == m * n);
            CHECK(all(equal(Y, full<T>(m, n, T(9)))));
        }
    }
}
