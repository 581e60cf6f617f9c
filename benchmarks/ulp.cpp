// How far the vectorized elementary functions are from the exact values, in units in the last place (ulp).
//
//     ulp [--step N] [name...]
//
// f32: every number (with --step N every N-th) against double; f64: ten million numbers of all magnitudes against long
// double; functions of two arguments: ten million pairs of all magnitudes. `wrong` counts results that are NaN or
// infinite where the exact one is not, or the other way round, and zeros with the wrong sign.
// docs/design/accuracy.md holds what it prints.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gram/gram.hpp>

namespace {

using namespace gram;

struct Worst {
    double ulps = 0;
    double at = 0;
    long wrong = 0;
    double wrong_at = 0;
};

// `exact` is in a wider type: rounding it to T is not what is measured.
template <class T, class Wide>
void judge(T x, T y, Wide exact, Worst& worst) {
    const Wide largest = static_cast<Wide>(std::numeric_limits<T>::max());
    const T rounded = static_cast<T>(exact);
    if (y == rounded && y != 0 && worst.ulps >= 0.5) return;  // correctly rounded: most are
    if (std::isnan(rounded) || std::isinf(rounded) || std::isnan(y) || std::isinf(y)) {
        if ((std::isnan(rounded) && std::isnan(y)) || rounded == y) return;
        // Overflow one ulp too early or too late is an error of one ulp.
        if (!std::isnan(rounded) && !std::isnan(y) && std::signbit(rounded) == std::signbit(y) &&
            std::abs(static_cast<Wide>(y)) >=
                largest * (1 - 4 * static_cast<Wide>(std::numeric_limits<T>::epsilon()))) {
            return;
        }
        if (worst.wrong++ == 0) worst.wrong_at = static_cast<double>(x);
        return;
    }
    if (y == 0 && rounded == 0 && std::signbit(y) != std::signbit(rounded) && worst.wrong++ == 0) {
        worst.wrong_at = static_cast<double>(x);
    }
    const int exponent = exact == 0 ? std::numeric_limits<T>::min_exponent - 1
                                    : std::max(std::ilogb(exact), std::numeric_limits<T>::min_exponent - 1);
    const Wide ulp = std::ldexp(Wide(1), exponent - (std::numeric_limits<T>::digits - 1));
    const auto ulps = static_cast<double>(std::abs(static_cast<Wide>(y) - exact) / ulp);
    if (ulps > worst.ulps) worst.ulps = ulps, worst.at = static_cast<double>(x);
}

constexpr index_t chunk = 4096;

template <class F, class Exact>
Worst all_floats(F f, Exact exact, std::uint64_t step) {
    Worst worst;
    Vector<float> x(chunk), y(chunk);
    Vector<double> x_wide(chunk), y_wide(chunk);
    for (std::uint64_t first = 0; first < (std::uint64_t{1} << 32);) {
        for (index_t i = 0; i < chunk; ++i, first += step)
            x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(first)), x_wide[i] = static_cast<double>(x[i]);
        y = f(x);
        y_wide = f(x_wide);
        for (index_t i = 0; i < chunk; ++i) {
            // The same function in f64, whose error is measured below, is as good as exact: most numbers are no worse
            // than the worst so far by it, and need no call of the standard library.
            const double power = std::bit_cast<double>(std::bit_cast<std::uint64_t>(y_wide[i]) & 0x7ff0000000000000U);
            const double allowed = 0.999 * worst.ulps * std::max(power * 0x1p-23, 0x1p-149);
            const double error = std::abs(static_cast<double>(y[i]) - y_wide[i]);
            if (error <= allowed && std::abs(y_wide[i]) < 3e38 && y[i] != 0) continue;
            judge(x[i], y[i], static_cast<double>(exact(static_cast<double>(x[i]))), worst);
        }
    }
    return worst;
}
template <class F, class Exact>
Worst many_doubles(F f, Exact exact) {
    Worst worst;
    Rng rng(1);
    Vector<double> x(chunk), y(chunk);
    const double special[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 5e-324, -5e-324, 2.2250738585072014e-308, 1.0, -1.0};
    for (int round = 0; round < 2500; ++round) {
        for (index_t i = 0; i < chunk; ++i) {
            // A third of any bits, a third of moderate size, a third around 1 and where most functions turn.
            const double u = rng.uniform(-1, 1);
            x[i] = i % 3 == 0   ? std::bit_cast<double>(rng())
                   : i % 3 == 1 ? std::copysign(std::exp2(20 * std::abs(u) - 10), u)
                                : u * (round % 2 == 0 ? 1.5 : 750.0);
        }
        if (round == 0) std::copy(std::begin(special), std::end(special), x.begin());
        y = f(x);
        for (index_t i = 0; i < chunk; ++i) judge(x[i], y[i], exact(static_cast<long double>(x[i])), worst);
    }
    return worst;
}

template <class T, class F, class Exact>
Worst many_pairs(F f, Exact exact) {
    using Wide = std::conditional_t<sizeof(T) == 4, double, long double>;
    using Word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    Worst worst;
    Rng rng(2);
    Vector<T> x(chunk), y(chunk), z(chunk);
    // Half of any bits, half of moderate size.
    const auto draw = [&] {
        const double u = rng.uniform(-1, 1);
        return rng() % 2 == 0 ? std::bit_cast<T>(static_cast<Word>(rng()))
                              : static_cast<T>(std::copysign(std::exp2(20 * std::abs(u) - 10), u));
    };
    for (int round = 0; round < 2500; ++round) {
        for (index_t i = 0; i < chunk; ++i) x[i] = draw(), y[i] = draw();
        z = f(x, y);
        for (index_t i = 0; i < chunk; ++i)
            judge(x[i], z[i], static_cast<Wide>(exact(static_cast<Wide>(x[i]), static_cast<Wide>(y[i]))), worst);
    }
    return worst;
}

std::vector<std::string_view> wanted;
std::uint64_t step = 1;

void print(const char* name, const Worst& single, const Worst& twice) {
    std::printf("| `%s` | %.2f | %.9g | %ld | %.2f | %.17g | %ld |\n", name, single.ulps, single.at, single.wrong,
                twice.ulps, twice.at, twice.wrong);
    if (single.wrong + twice.wrong > 0) std::printf("    wrong at %.9g, %.17g\n", single.wrong_at, twice.wrong_at);
    std::fflush(stdout);
}

template <class F, class Exact>
void measure(const char* name, F f, Exact exact) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) return;
    print(name, all_floats(f, exact, step), many_doubles(f, exact));
}
template <class F, class Exact>
void measure_pairs(const char* name, F f, Exact exact) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) return;
    print(name, many_pairs<float>(f, exact), many_pairs<double>(f, exact));
}

}  // namespace

int main(int count, char** arguments) {
    for (int i = 1; i < count; ++i) {
        if (std::strcmp(arguments[i], "--step") == 0 && i + 1 < count) {
            step = std::max<std::uint64_t>(std::strtoull(arguments[++i], nullptr, 10), 1);
        } else {
            wanted.emplace_back(arguments[i]);
        }
    }
    std::printf("| | f32 ulp | at | wrong | f64 ulp | at | wrong |\n|---|---|---|---|---|---|---|\n");
#define GRAM_MEASURE(name) \
    measure(               \
        #name, [](const auto& x) { return gram::name(x); }, [](auto x) { return std::name(x); })
    GRAM_MEASURE(exp);
    GRAM_MEASURE(expm1);
    GRAM_MEASURE(exp2);
    GRAM_MEASURE(log);
    GRAM_MEASURE(log1p);
    GRAM_MEASURE(log2);
    GRAM_MEASURE(log10);
    GRAM_MEASURE(sqrt);
    GRAM_MEASURE(cbrt);
    GRAM_MEASURE(sin);
    GRAM_MEASURE(cos);
    GRAM_MEASURE(tan);
    GRAM_MEASURE(asin);
    GRAM_MEASURE(acos);
    GRAM_MEASURE(atan);
    GRAM_MEASURE(sinh);
    GRAM_MEASURE(cosh);
    GRAM_MEASURE(tanh);
    GRAM_MEASURE(asinh);
    GRAM_MEASURE(acosh);
    GRAM_MEASURE(atanh);
    GRAM_MEASURE(erf);
    GRAM_MEASURE(erfc);
    GRAM_MEASURE(floor);
    GRAM_MEASURE(ceil);
    GRAM_MEASURE(round);
    GRAM_MEASURE(trunc);
#undef GRAM_MEASURE
    measure(
        "rint", [](const auto& x) { return gram::rint(x); }, [](auto x) { return std::nearbyint(x); });
    measure(
        "rsqrt", [](const auto& x) { return gram::rsqrt(x); }, [](auto x) { return 1 / std::sqrt(x); });
    measure(
        "reciprocal", [](const auto& x) { return gram::reciprocal(x); }, [](auto x) { return 1 / x; });
    measure(
        "sigmoid", [](const auto& x) { return gram::sigmoid(x); },
        [](auto x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); });
    measure(
        "gelu", [](const auto& x) { return gram::gelu(x); },
        [](auto x) {
            using W = decltype(x);
            if (x == -std::numeric_limits<W>::infinity()) return W(-0.0);
            return x * std::erfc(-x / std::sqrt(W(2))) / 2;
        });
    measure(
        "silu", [](const auto& x) { return gram::silu(x); },
        [](auto x) {
            using W = decltype(x);
            if (x == -std::numeric_limits<W>::infinity()) return W(-0.0);
            return x < 0 ? x * std::exp(x) / (1 + std::exp(x)) : x / (1 + std::exp(-x));
        });
    measure(
        "softplus", [](const auto& x) { return gram::softplus(x); },
        [](auto x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); });
    measure(
        "degrees", [](const auto& x) { return gram::degrees(x); },
        [](auto x) { return x * static_cast<decltype(x)>(57.295779513082320876798154814105L); });
    measure(
        "radians", [](const auto& x) { return gram::radians(x); },
        [](auto x) { return x * static_cast<decltype(x)>(0.017453292519943295769236907684886L); });
    measure_pairs(
        "pow", [](const auto& x, const auto& y) { return gram::pow(x, y); },
        [](auto x, auto y) { return std::pow(x, y); });
    measure_pairs(
        "hypot", [](const auto& x, const auto& y) { return gram::hypot(x, y); },
        [](auto x, auto y) { return std::hypot(x, y); });
    measure_pairs(
        "atan2", [](const auto& x, const auto& y) { return gram::atan2(x, y); },
        [](auto x, auto y) { return std::atan2(x, y); });
    measure_pairs(
        "fmod", [](const auto& x, const auto& y) { return gram::fmod(x, y); },
        [](auto x, auto y) { return std::fmod(x, y); });
}
