// Element-wise functions against the standard library in long double, through every path that evaluates them.
#include "gram/expr/functions.hpp"

#include <complex>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using wide = long double;

namespace {

// The largest error of f(x) in units in the last place, over all lengths around the width of a pack, contiguous and
// strided; NaN where it is not NaN that is expected.
template <class T, class F, class G>
double worst_ulps(F f, G reference, const std::vector<double>& points) {
    double worst = 0;
    const auto compare = [&](T x, T y) {
        const wide expected = reference(static_cast<wide>(x));
        const T rounded = static_cast<T>(expected);
        if (rounded == y || (rounded != rounded && y != y)) return;
        if (std::isinf(rounded) || std::isinf(y)) {
            worst = std::numeric_limits<double>::infinity();
            return;
        }
        const wide unit =
            std::max(static_cast<wide>(std::abs(rounded)), static_cast<wide>(std::numeric_limits<T>::min())) *
            static_cast<wide>(std::numeric_limits<T>::epsilon());
        const double ulps = static_cast<double>(std::abs(static_cast<wide>(y) - expected) / unit);
        if (!(ulps <= worst)) worst = ulps;
    };
    const auto count = static_cast<index_t>(points.size());
    Vector<T> x(count);
    for (index_t i = 0; i < count; ++i) x[i] = static_cast<T>(points[static_cast<std::size_t>(i)]);
    const Vector<T> all = f(x);
    for (index_t i = 0; i < count; ++i) compare(x[i], all[i]);
    for (index_t n = 1; n <= 17 && n <= count; ++n) {  // tails
        const Vector<T> part = f(x.segment(count - n, n));
        for (index_t i = 0; i < n; ++i) compare(x[count - n + i], part[i]);
    }
    const Vector<T> strided = f(view(x.data(), count / 2, 1, 2, 1));  // no packs
    for (index_t i = 0; i < count / 2; ++i) compare(x[2 * i], strided[i]);
    return worst;
}

std::vector<double> points(double low, double high, int n = 400) {
    std::vector<double> x;
    for (int i = 0; i <= n; ++i) x.push_back(low + (high - low) * i / n);
    return x;
}
// Many magnitudes of either sign.
std::vector<double> magnitudes(double largest, bool negative = true) {
    std::vector<double> x = {0};
    for (double m = largest; m > 1e-30; m *= 0.61) {
        x.push_back(m);
        if (negative) x.push_back(-m);
    }
    return x;
}
std::vector<double> joined(std::vector<double> a, const std::vector<double>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEMPLATE_TEST_CASE("exponentials and logarithms", "", float, double) {
    using T = TestType;
    const double top = sizeof(T) == 4 ? 88 : 709;
    CHECK(worst_ulps<T>([](const auto& x) { return exp(x); }, [](wide x) { return std::exp(x); },
                        joined(points(-0.97 * top, top), magnitudes(1))) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return expm1(x); }, [](wide x) { return std::expm1(x); },
                        joined(points(-40, 0.99 * top), magnitudes(1))) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return log(x); }, [](wide x) { return std::log(x); },
                        joined(points(0, 3), magnitudes(1e30, false))) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return log1p(x); }, [](wide x) { return std::log1p(x); },
                        joined(points(-0.999, 3), magnitudes(0.5))) <= 2);
}

TEMPLATE_TEST_CASE("trigonometric and related functions", "", float, double) {
    using T = TestType;
    CHECK(worst_ulps<T>([](const auto& x) { return sin(x); }, [](wide x) { return std::sin(x); },
                        joined(points(-3, 3), magnitudes(1))) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return cos(x); }, [](wide x) { return std::cos(x); }, points(-1.5, 1.5)) <=
          2);
    CHECK(worst_ulps<T>([](const auto& x) { return tanh(x); }, [](wide x) { return std::tanh(x); },
                        joined(points(-20, 20), magnitudes(1))) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return erf(x); }, [](wide x) { return std::erf(x); },
                        joined(points(-6, 6), magnitudes(1))) <= 2);
}

TEMPLATE_TEST_CASE("functions that are exact or rounded once", "", float, double) {
    using T = TestType;
    const auto everywhere = joined(points(-5, 5, 40), joined(magnitudes(1e20), {infinity, -infinity, not_a_number}));
    CHECK(worst_ulps<T>([](const auto& x) { return sqrt(x); }, [](wide x) { return std::sqrt(x); }, everywhere) <=
          0.51);
    CHECK(worst_ulps<T>([](const auto& x) { return square(x); }, [](wide x) { return x * x; }, points(-9, 9)) <= 0.51);
    CHECK(worst_ulps<T>([](const auto& x) { return abs(x); }, [](wide x) { return std::abs(x); }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return -x; }, [](wide x) { return -x; }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return floor(x); }, [](wide x) { return std::floor(x); }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return ceil(x); }, [](wide x) { return std::ceil(x); }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return round(x); }, [](wide x) { return std::round(x); }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return relu(x); }, [](wide x) { return x < 0 ? 0 : x; }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return leaky_relu(x, T(0.25)); }, [](wide x) { return x < 0 ? x / 4 : x; },
                        everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return maximum(x, T(0.5)); },
                        [](wide x) { return x != x || x > 0.5L ? x : 0.5L; }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return minimum(x, T(0.5)); },
                        [](wide x) { return x != x || x < 0.5L ? x : 0.5L; }, everywhere) == 0);
    CHECK(worst_ulps<T>([](const auto& x) { return pow(x, T{3}); }, [](wide x) { return x * x * x; }, points(-2, 2)) <
          2);
    CHECK(worst_ulps<T>([](const auto& x) { return map([](T v) { return v * 2; }, x); }, [](wide x) { return 2 * x; },
                        everywhere) == 0);
}

TEMPLATE_TEST_CASE("activation functions", "", float, double) {
    using T = TestType;
    const auto sigmoid_of = [](wide x) { return 1 / (1 + std::exp(-x)); };
    CHECK(worst_ulps<T>([](const auto& x) { return sigmoid(x); }, sigmoid_of, points(-80, 30)) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return silu(x); }, [&](wide x) { return x * sigmoid_of(x); },
                        joined(points(-80, 30), magnitudes(1))) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return softplus(x); }, [](wide x) { return std::log1p(std::exp(x)); },
                        points(-80, 60)) <= 2);
    CHECK(worst_ulps<T>([](const auto& x) { return gelu(x); },
                        [](wide x) { return x / 2 * std::erfc(-x * std::sqrt(0.5L)); },
                        joined(points(-12, 12), magnitudes(0.5))) <= 2);
}

TEMPLATE_TEST_CASE("activations saturate without overflow", "", float, double) {
    using T = TestType;
    Vector<T> x = {-1e4, -200, -100, 100, 200, 1e4, -1e4, -200, -100, 100, 200, 1e4, -1e4, -200, -100, 100, 200, 1e4};
    const Vector<T> s = sigmoid(x), p = softplus(x), l = silu(x), g = gelu(x), t = tanh(x), e = exp(-square(x));
    for (index_t i = 0; i < x.size(); ++i) {
        CHECK(std::abs(s[i] - (x[i] > 0 ? 1 : 0)) < T(1e-37));
        CHECK(std::abs(p[i] - (x[i] > 0 ? x[i] : 0)) < T(1e-37));
        CHECK(std::abs(l[i] - (x[i] > 0 ? x[i] : 0)) < T(1e-37));
        CHECK(std::abs(g[i] - (x[i] > 0 ? x[i] : 0)) < T(1e-37));
        CHECK(t[i] == (x[i] > 0 ? 1 : -1));
        CHECK(e[i] == 0);
    }
}

TEMPLATE_TEST_CASE("NaN stays NaN in every function and lane", "", float, double) {
    using T = TestType;
    for (const index_t n : {1, 5, 16, 33}) {
        Vector<T> x = ones<T>(n, 1);
        x[n / 2] = static_cast<T>(not_a_number);
        const auto holds = [&](const auto& e) {
            const Vector<T> y = e;
            bool ok = true;
            for (index_t i = 0; i < n; ++i) ok = ok && (y[i] != y[i]) == (i == n / 2);
            return ok;
        };
        CAPTURE(n);
        CHECK((holds(exp(x)) && holds(log(x)) && holds(log1p(x)) && holds(expm1(x)) && holds(tanh(x))));
        CHECK((holds(sin(x)) && holds(cos(x)) && holds(erf(x)) && holds(sqrt(x)) && holds(abs(x)) && holds(square(x))));
        CHECK((holds(floor(x)) && holds(ceil(x)) && holds(round(x))));
        CHECK((holds(relu(x)) && holds(leaky_relu(x)) && holds(sigmoid(x)) && holds(gelu(x))));
        CHECK((holds(softplus(x)) && holds(silu(x)) && holds(pow(x, T{2}))));
        CHECK((holds(maximum(x, 0)) && holds(minimum(x, 0)) && holds(maximum(x, 2)) && holds(minimum(x, 2))));
        const Vector<T> y(n);
        CHECK((holds(maximum(x, y)) && holds(maximum(y, x)) && holds(minimum(x, y)) && holds(minimum(y, x))));
    }
}

TEST_CASE("casts, maps and choices change the element type as they say") {
    const Matrix<double> A = {{1.5, -2.5}, {3, 1e10}};
    STATIC_REQUIRE(std::is_same_v<value_t<decltype(cast<float>(A))>, float>);
    STATIC_REQUIRE(std::is_same_v<value_t<decltype(A < A)>, bool>);
    STATIC_REQUIRE(std::is_same_v<value_t<decltype(abs(Matrix<std::complex<float>>()))>, float>);
    STATIC_REQUIRE(std::is_same_v<value_t<decltype(map([](double) { return 1; }, A))>, int>);
    CHECK(eval(cast<float>(A)) == Matrix<float>{{1.5, -2.5}, {3, 1e10F}});
    CHECK(eval(cast<double>(cast<float>(A))) == A);
    CHECK(eval(cast<int>(A.block(0, 0, 1, 2))) == Matrix<int>{{1, -2}});
    CHECK(eval(map([](double x) { return x > 0; }, A)) == Matrix<bool>{{true, false}, {true, true}});
    CHECK(eval(where(Matrix<bool>{{true, false}, {false, true}}, A, 0.0 * A)) == Matrix<double>{{1.5, 0}, {0, 1e10}});
    Matrix<float> F = cast<float>(A * A) + 1.0F;
    CHECK(F(0, 0) == static_cast<float>(1.5 * 1.5 - 2.5 * 3) + 1);
}

TEST_CASE("complex functions work element by element") {
    using Z = std::complex<double>;
    const Vector<Z> z = {{3, 4}, {0, 1}, {-1, 0}};
    CHECK(eval(abs(z)) == Vector<double>{5, 1, 1});
    CHECK(eval(square(z)) == Vector<Z>{{-7, 24}, {-1, 0}, {1, 0}});
    const Vector<Z> e = exp(z);
    for (index_t i = 0; i < 3; ++i) CHECK(std::abs(e[i] - std::exp(z[i])) < 1e-14);
    CHECK(eval(-z) == eval(Z(-1, 0) * z));
}

TEST_CASE("integer functions work element by element") {
    const Matrix<int> A = {{-3, 2}, {0, 7}};
    CHECK(eval(abs(A)) == Matrix<int>{{3, 2}, {0, 7}});
    CHECK(eval(square(A)) == Matrix<int>{{9, 4}, {0, 49}});
    CHECK(eval(relu(A)) == Matrix<int>{{0, 2}, {0, 7}});
    CHECK(eval(maximum(A, 1)) == Matrix<int>{{1, 2}, {1, 7}});
    CHECK(eval(minimum(A, A.T())) == Matrix<int>{{-3, 0}, {0, 7}});
    CHECK(eval(A / 2) == Matrix<int>{{-1, 1}, {0, 3}});
    CHECK(eval(abs(cast<std::uint8_t>(A.row(1)))) == RowVector<std::uint8_t>{0, 7});
}

TEST_CASE("transposed works on every expression") {
    const Matrix<double> A = {{1, 2, 3}, {4, 5, 6}};
    STATIC_REQUIRE(std::is_same_v<decltype(transposed(A)), decltype(A.T())>);
    CHECK(transposed(A) == A.T());
    CHECK(eval(transposed(A + A)) == 2 * A.T());
    CHECK(eval(transposed(A.T() * A)) == eval(A.T() * A));
    CHECK(eval(transposed(2.0 * A) * A) == 2 * eval(A.T() * A));
    Matrix<double, dynamic, dynamic, col_major> C = transposed(exp(A));
    CHECK(allclose(C, exp(A.T()), 1e-15));
}
