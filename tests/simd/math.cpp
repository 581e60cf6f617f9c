// The documented bounds (docs/design/accuracy.md) hold on samples of all magnitudes; benchmarks/ulp.cpp looks at every
// f32.
#include "gram/simd/math.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gram/simd/elementary.hpp"
#include "support/catch.hpp"
#include "support/ulps.hpp"

using namespace gram;
using support::ulps;

namespace {

template <class T>
struct Function {
    const char* name;
    double bound;  // in ulp
    simd::pack<T> (*vector)(simd::pack<T>);
    long double (*exact)(long double);
    T (*scalar)(T);
    double low, high;
};
template <class T, class V, class S>
Function<T> row(const char* name, double bound, V vector, S exact, double low, double high) {
    return {name, bound, vector, exact, exact, low, high};
}

template <class T>
std::vector<Function<T>> functions() {
    using P = simd::pack<T>;
    const double top = std::numeric_limits<T>::max();
    const double exp_top = sizeof(T) == 8 ? 709.8 : 88.73, exp_low = sizeof(T) == 8 ? -745.2 : -104;
    return {
        row<T>(
            "exp", 1.25, [](P x) { return simd::exp(x); }, [](auto x) { return std::exp(x); }, exp_low, exp_top),
        row<T>(
            "expm1", 2, [](P x) { return simd::expm1(x); }, [](auto x) { return std::expm1(x); }, -80, exp_top),
        row<T>(
            "exp2", 1.25, [](P x) { return simd::exp2(x); }, [](auto x) { return std::exp2(x); }, 2 * exp_low,
            2 * exp_top),
        row<T>(
            "log", 1, [](P x) { return simd::log(x); }, [](auto x) { return std::log(x); }, 0, top),
        row<T>(
            "log1p", 1, [](P x) { return simd::log1p(x); }, [](auto x) { return std::log1p(x); }, -1, top),
        row<T>(
            "log2", 2, [](P x) { return simd::log2(x); }, [](auto x) { return std::log2(x); }, 0, top),
        row<T>(
            "log10", 1, [](P x) { return simd::log10(x); }, [](auto x) { return std::log10(x); }, 0, top),
        row<T>(
            "cbrt", 1, [](P x) { return simd::cbrt(x); }, [](auto x) { return std::cbrt(x); }, -top, top),
        row<T>(
            "sqrt", 0.5, [](P x) { return simd::sqrt(x); }, [](auto x) { return std::sqrt(x); }, 0, top),
        row<T>(
            "sin", 1.25, [](P x) { return simd::sin(x); }, [](auto x) { return std::sin(x); }, -1e4, 1e4),
        row<T>(
            "cos", 1.25, [](P x) { return simd::cos(x); }, [](auto x) { return std::cos(x); }, -1e4, 1e4),
        row<T>(
            "asin", 1.5, [](P x) { return simd::asin(x); }, [](auto x) { return std::asin(x); }, -1, 1),
        row<T>(
            "acos", 1.5, [](P x) { return simd::acos(x); }, [](auto x) { return std::acos(x); }, -1, 1),
        row<T>(
            "atan", 2, [](P x) { return simd::atan(x); }, [](auto x) { return std::atan(x); }, -top, top),
        row<T>(
            "sinh", 2, [](P x) { return simd::sinh(x); }, [](auto x) { return std::sinh(x); }, -exp_top - 1,
            exp_top + 1),
        row<T>(
            "cosh", 2, [](P x) { return simd::cosh(x); }, [](auto x) { return std::cosh(x); }, -exp_top - 1,
            exp_top + 1),
        row<T>(
            "tanh", 2, [](P x) { return simd::tanh(x); }, [](auto x) { return std::tanh(x); }, -30, 30),
        row<T>(
            "acosh", 2, [](P x) { return simd::acosh(x); }, [](auto x) { return std::acosh(x); }, 1, top),
        row<T>(
            "atanh", 2, [](P x) { return simd::atanh(x); }, [](auto x) { return std::atanh(x); }, -1, 1),
        row<T>(
            "erf", 2, [](P x) { return simd::erf(x); }, [](auto x) { return std::erf(x); }, -8, 8),
        row<T>(
            "erfc", 1.5, [](P x) { return simd::erfc(x); }, [](auto x) { return std::erfc(x); }, -8, 30),
        row<T>(
            "floor", 0, [](P x) { return simd::floor(x); }, [](auto x) { return std::floor(x); }, -top, top),
        row<T>(
            "ceil", 0, [](P x) { return simd::ceil(x); }, [](auto x) { return std::ceil(x); }, -top, top),
        row<T>(
            "round", 0, [](P x) { return simd::round(x); }, [](auto x) { return std::round(x); }, -top, top),
        row<T>(
            "trunc", 0, [](P x) { return simd::trunc(x); }, [](auto x) { return std::trunc(x); }, -top, top),
        row<T>(
            "rint", 0, [](P x) { return simd::rint(x); }, [](auto x) { return std::nearbyint(x); }, -top, top),
        row<T>(
            "sigmoid", 1.25, [](P x) { return simd::sigmoid(x); },
            [](auto x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }, -800, 800),
        row<T>(
            "silu", 1.5, [](P x) { return simd::silu(x); },
            [](auto x) {
                if (x == -std::numeric_limits<decltype(x)>::infinity()) return decltype(x)(-0.0);
                return x < 0 ? x * std::exp(x) / (1 + std::exp(x)) : x / (1 + std::exp(-x));
            },
            -800, 800),
        row<T>(
            "gelu", 2, [](P x) { return simd::gelu(x); },
            [](auto x) {
                using W = decltype(x);
                return x == -std::numeric_limits<W>::infinity() ? W(-0.0) : x * std::erfc(-x / std::sqrt(W(2))) / 2;
            },
            -50, 50),
    };
}

// The largest error of f on x, in ulp, and where it is.
template <class T>
std::pair<double, T> worst_of(const Function<T>& f, std::vector<T> x) {
    constexpr auto w = static_cast<std::size_t>(simd::width<T>);
    x.resize(x.size() / w * w);
    std::pair<double, T> worst{0, T(0)};
    for (std::size_t i = 0; i < x.size(); i += w) {
        T y[w];
        simd::store(y, f.vector(simd::load<T>(&x[i])));
        for (std::size_t l = 0; l < w; ++l) {
            const double error = ulps(y[l], f.exact(static_cast<long double>(x[i + l])));
            if (!(error <= worst.first)) worst = {error, x[i + l]};
        }
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("elementary functions are within their documented ulps", "[simd]", float, double) {
    using T = TestType;
    for (const auto& f : functions<T>()) {
        const auto x = support::arguments<T>(f.low, f.high, 5003);
        CHECK(x.size() > 10000);
        const auto [error, at] = worst_of(f, x);
        INFO(f.name << " at " << at);
        CHECK(error <= f.bound);
    }
}

TEMPLATE_TEST_CASE("sine and cosine are accurate beside the multiples of a half pi and far out", "[simd]", float,
                   double) {
    using T = TestType;
    std::vector<T> x;
    for (int n = 0; n < 30000; ++n) {
        const T near = static_cast<T>(n * 1.57079632679489661923L);
        for (const T v : {near, std::nextafter(near, T(0)), std::nextafter(near, T(1e9))})
            x.push_back(v), x.push_back(-v);
        x.push_back(static_cast<T>(std::ldexp(static_cast<T>(1 + n / 30000.0), n % 120)));
    }
    for (const auto& f : functions<T>()) {
        if (f.name != std::string("sin") && f.name != std::string("cos")) continue;
        const auto [error, at] = worst_of(f, x);
        INFO(f.name << " at " << at);
        CHECK(error <= f.bound);
    }
}

TEMPLATE_TEST_CASE("elementary functions agree with the standard library on special values", "[simd]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    std::vector<T> specials = {L::quiet_NaN(), T(0), T(0.49999999999999994), T(1.5)};
    for (const double v : {0.25, 0.5, 1.0, 2.5, 3.5, 11.0, 40.0, 100.0, 710.0, 746.0, 4096.0, 4097.0}) {
        specials.push_back(static_cast<T>(v));
        specials.push_back(std::nextafter(static_cast<T>(v), T(0)));
        specials.push_back(std::nextafter(static_cast<T>(v), L::infinity()));
    }
    for (const T v : {L::infinity(), L::denorm_min(), L::min(), L::min() / 4, L::max(), L::epsilon()})
        specials.push_back(v);
    for (const auto& f : functions<T>()) {
        for (const T magnitude : specials) {
            for (const T x : {magnitude, -magnitude}) {
                T y[simd::width<T>];
                simd::store(y, f.vector(simd::broadcast<T>(x)));
                const T want = f.scalar(x);
                INFO(f.name << " of " << x << " is " << y[0] << ", should be " << want);
                CHECK(ulps(y[0], f.exact(static_cast<long double>(x))) <= f.bound);
                if (want == T(0) && y[0] == T(0)) CHECK(std::signbit(y[0]) == std::signbit(want));
            }
        }
    }
}

TEMPLATE_TEST_CASE("the result of a lane depends neither on its place nor on its neighbours", "[simd]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    constexpr auto w = static_cast<std::size_t>(simd::width<T>);
    // Arguments on all sides of where the functions branch.
    std::vector<T> x = {T(0),           L::denorm_min(), L::min() / 2, L::min(), T(0.125), T(0.27),  T(0.39),
                        T(0.41),        T(0.6),          T(1.3),       T(1.62),  T(1.63),  T(0.9),   T(1.1),
                        T(3),           T(3.87),         T(3.88),      T(6),     T(16),    T(39),    T(41),
                        T(87.5),        T(104),          T(4096.5),    T(1e10),  T(1e30),  L::max(), L::infinity(),
                        L::quiet_NaN(), T(700),          T(746)};
    const std::size_t n = x.size();
    for (std::size_t i = 0; i < n; ++i) x.push_back(-x[i]);
    for (const auto& f : functions<T>()) {
        std::vector<T> alone(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            T y[w];
            simd::store(y, f.vector(simd::broadcast<T>(x[i])));
            alone[i] = y[0];
        }
        int differing = 0;
        T at = 0;
        for (std::size_t shift = 0; shift < 500; ++shift) {
            T lanes[w], y[w];
            const auto which = [&](std::size_t l) { return (l * (1 + shift / x.size()) + shift) % x.size(); };
            for (std::size_t l = 0; l < w; ++l) lanes[l] = x[which(l)];
            simd::store(y, f.vector(simd::load<T>(lanes)));
            for (std::size_t l = 0; l < w; ++l) {
                const T want = alone[which(l)];
                const bool same = want == y[l] && std::signbit(want) == std::signbit(y[l]);
                if (!same && !(std::isnan(want) && std::isnan(y[l]))) ++differing, at = lanes[l];
            }
        }
        INFO(f.name << " of " << at);
        CHECK(differing == 0);
    }
}

TEMPLATE_TEST_CASE("the rounding error of a product is exact with and without fused multiply-add", "[simd]", float,
                   double) {
    using T = TestType;
    constexpr T eps = std::numeric_limits<T>::epsilon();
    const auto x = support::arguments<T>(1e-4, 1e4, 164117);
    for (std::size_t i = 1; i < x.size(); ++i) {
        const T a = x[i], b = x[i - 1], product = a * b;
        T y[simd::width<T>], z[simd::width<T>];
        simd::store(y, simd::fma_exact(simd::broadcast<T>(a), simd::broadcast<T>(b), simd::broadcast<T>(-product)));
        simd::store(z, simd::fnma_exact(simd::broadcast<T>(a), simd::broadcast<T>(b), simd::broadcast<T>(product)));
        const T lost = std::fma(a, b, -product);
        // Without one the last of the four partial products is rounded.
        const T allowed = simd::has_fused<simd::native_arch> ? T(0) : eps * eps * std::abs(product);
        REQUIRE(std::abs(y[0] - lost) <= allowed);
        REQUIRE(std::abs(z[0] + lost) <= allowed);
    }
}

TEMPLATE_TEST_CASE("pow takes lanes of bases and exponents", "[simd]", float, double) {
    using T = TestType;
    T y[simd::width<T>];
    simd::store(y, simd::pow(simd::broadcast<T>(T(2)), simd::broadcast<T>(T(10))));
    CHECK(y[simd::width<T> - 1] == T(1024));
    CHECK(simd::pow(T(2), T(3)) == T(8));
}

TEMPLATE_TEST_CASE("the functions of a scalar are those of the standard library", "[simd]", float, double) {
    using T = TestType;
    const T x = T(0.3);
    CHECK(simd::exp(x) == std::exp(x));
    CHECK(simd::expm1(x) == std::expm1(x));
    CHECK(simd::log(x) == std::log(x));
    CHECK(simd::log1p(x) == std::log1p(x));
    CHECK(simd::tanh(x) == std::tanh(x));
    CHECK(simd::erf(x) == std::erf(x));
    CHECK(simd::sin(x) == std::sin(x));
    CHECK(simd::cos(x) == std::cos(x));
    CHECK(simd::floor(x) == T(0));
    CHECK(simd::ceil(x) == T(1));
    CHECK(simd::round(x) == T(0));
}
