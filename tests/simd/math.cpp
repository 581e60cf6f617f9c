#include "gram/simd/math.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace gram;

namespace {

/// |got - want| in units in the last place of want; infinite when only one of them is NaN or infinite.
template <class T>
double ulps(T got, long double want) {
    constexpr double never = std::numeric_limits<double>::infinity();
    if (std::isnan(want)) return std::isnan(got) ? 0 : never;
    const T rounded = static_cast<T>(want);
    if (std::isnan(got)) return never;
    if (std::isinf(got) || std::isinf(rounded)) {
        // At the edge of overflow either neighbour is right.
        const T other = std::isinf(got) ? rounded : got;
        return got == rounded ? 0 : (std::fabs(other) == std::numeric_limits<T>::max() ? 1 : never);
    }
    int exponent = 0;
    std::frexp(want, &exponent);
    const int lowest = std::numeric_limits<T>::min_exponent;
    const long double ulp = std::ldexp(1.0L, (exponent < lowest ? lowest : exponent) - std::numeric_limits<T>::digits);
    return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / ulp);
}

/// Arguments from low to high: for float every 1009th number there is, for double numbers spread by value and by
/// exponent.
template <class T>
std::vector<T> arguments(double low, double high) {
    std::vector<T> x;
    const auto keep = [&](double v) {
        if (v >= low && v <= high) x.push_back(static_cast<T>(v));
    };
    if constexpr (sizeof(T) == 4) {
        for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 4001) {
            float v = 0;
            const auto pattern = static_cast<std::uint32_t>(bits);
            std::memcpy(&v, &pattern, sizeof(v));
            keep(static_cast<double>(v));
        }
    } else {
        std::uint64_t state = 88172645463325252U;
        for (int i = 0; i < 60000; ++i) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            const double u = static_cast<double>(state >> 11) * 0x1p-53;
            keep(low + u * (high - low));
            const double sized = std::exp2(-70 * u) * (i % 2 == 0 ? 1 : -1);
            keep(sized);
            keep(std::ldexp(sized, i % 2000 - 1000));
        }
    }
    return x;
}

template <class T>
struct Function {
    const char* name;
    simd::pack<T> (*vector)(simd::pack<T>);
    long double (*exact)(long double);
    T (*scalar)(T);
    double low, high;
};

template <class T>
std::vector<Function<T>> functions() {
    using P = simd::pack<T>;
    using L = long double;
    const double top = std::numeric_limits<T>::max();
    const double exp_top = sizeof(T) == 8 ? 709.8 : 88.73, exp_low = sizeof(T) == 8 ? -745.2 : -104;
    return {
        {"exp", [](P x) { return simd::exp(x); }, [](L x) { return std::exp(x); }, [](T x) { return std::exp(x); },
         exp_low, exp_top},
        {"expm1", [](P x) { return simd::expm1(x); }, [](L x) { return std::expm1(x); },
         [](T x) { return std::expm1(x); }, -80, exp_top},
        {"log", [](P x) { return simd::log(x); }, [](L x) { return std::log(x); }, [](T x) { return std::log(x); }, 0,
         top},
        {"log1p", [](P x) { return simd::log1p(x); }, [](L x) { return std::log1p(x); },
         [](T x) { return std::log1p(x); }, -1, top},
        {"tanh", [](P x) { return simd::tanh(x); }, [](L x) { return std::tanh(x); }, [](T x) { return std::tanh(x); },
         -30, 30},
        {"erf", [](P x) { return simd::erf(x); }, [](L x) { return std::erf(x); }, [](T x) { return std::erf(x); }, -8,
         8},
        {"sin", [](P x) { return simd::sin(x); }, [](L x) { return std::sin(x); }, [](T x) { return std::sin(x); },
         -1e6, 1e6},
        {"cos", [](P x) { return simd::cos(x); }, [](L x) { return std::cos(x); }, [](T x) { return std::cos(x); },
         -1e6, 1e6},
        {"sin of large arguments", [](P x) { return simd::sin(x); }, [](L x) { return std::sin(x); },
         [](T x) { return std::sin(x); }, -1e18, 1e18},
        {"floor", [](P x) { return simd::floor(x); }, [](L x) { return std::floor(x); },
         [](T x) { return std::floor(x); }, -1e9, 1e9},
        {"ceil", [](P x) { return simd::ceil(x); }, [](L x) { return std::ceil(x); }, [](T x) { return std::ceil(x); },
         -1e9, 1e9},
        {"round", [](P x) { return simd::round(x); }, [](L x) { return std::round(x); },
         [](T x) { return std::round(x); }, -1e9, 1e9},
    };
}

}  // namespace

TEMPLATE_TEST_CASE("elementary functions are within 2 ulp", "[simd]", float, double) {
    using T = TestType;
    constexpr index_t w = simd::width<T>;
    for (const auto& f : functions<T>()) {
        auto x = arguments<T>(f.low, f.high);
        x.resize(x.size() / w * w);
        double worst = 0;
        T where = 0;
        for (std::size_t i = 0; i < x.size(); i += w) {
            T y[w];
            simd::store(y, f.vector(simd::load<T>(&x[i])));
            for (std::size_t l = 0; l < w; ++l) {
                const double error = ulps(y[l], f.exact(static_cast<long double>(x[i + l])));
                if (error > worst) worst = error, where = x[i + l];
            }
        }
        INFO(f.name << " at " << where);
        CHECK(x.size() > 1000);
        CHECK(worst < 2);
    }
}

TEMPLATE_TEST_CASE("elementary functions agree with the standard library on special values", "[simd]", float, double) {
    using T = TestType;
    using L = std::numeric_limits<T>;
    const T specials[] = {
        L::quiet_NaN(), L::infinity(), -L::infinity(), T(0),        -T(0),   L::denorm_min(), -L::denorm_min(),
        L::min(),       L::min() / 4,  L::max(),       L::lowest(), T(1),    T(-1),           T(100),
        T(-100),        T(710),        T(-746),        T(2.5),      T(-2.5), T(-0.25),        T(0.49999999999999994)};
    for (const auto& f : functions<T>()) {
        for (const T x : specials) {
            T y[simd::width<T>];
            simd::store(y, f.vector(simd::broadcast<T>(x)));
            const T want = f.scalar(x);
            INFO(f.name << " of " << x << " is " << y[0] << ", should be " << want);
            CHECK(ulps(y[0], static_cast<long double>(want)) < 3);
            if (want == T(0)) CHECK(std::signbit(y[0]) == std::signbit(want));
        }
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
