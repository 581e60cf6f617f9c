// Elementary functions, functions of two matrices, integers, bits and logic: against the standard library, element by
// element, on the values where functions go wrong.
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

template <class T>
std::vector<T> corners() {
    using limits = std::numeric_limits<T>;
    std::vector<T> x = {T(0),
                        T(0.25),
                        T(0.5),
                        T(1),
                        T(1.5),
                        T(2),
                        T(2.5),
                        T(10),
                        T(100),
                        limits::min(),
                        limits::denorm_min(),
                        limits::max(),
                        limits::epsilon(),
                        T(1) + limits::epsilon(),
                        T(1) - limits::epsilon() / 2,
                        limits::infinity()};
    const std::size_t n = x.size();
    for (std::size_t i = 0; i < n; ++i) x.push_back(-x[i]);
    x.push_back(limits::quiet_NaN());
    return x;
}
template <class T>
Matrix<T> as_matrix(const std::vector<T>& x) {
    Matrix<T> A(3, static_cast<index_t>(x.size() + 2) / 3);
    for (index_t i = 0; i < A.size(); ++i) A.data()[i] = x[static_cast<std::size_t>(i) % x.size()];
    return A;
}
// Both NaN, or the same number with the same sign.
template <class T>
bool same(T a, T b) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return a == b && std::signbit(a) == std::signbit(b);
}
// The same, or within the 5 ulp that docs/design/accuracy.md stays well below.
template <class T>
bool nearly(T a, T b) {
    const T bound = 5 * std::max(std::numeric_limits<T>::denorm_min(), std::numeric_limits<T>::epsilon() * std::abs(b));
    return same(a, b) || (std::isfinite(b) && b != 0 && std::abs(a - b) <= bound);
}
template <class T, class R, class F>
bool maps(const Matrix<T>& x, const R& result, F f) {
    if (result.rows() != x.rows() || result.cols() != x.cols()) return false;
    for (index_t i = 0; i < x.rows(); ++i)
        for (index_t j = 0; j < x.cols(); ++j)
            if (!nearly(result(i, j), static_cast<T>(f(x(i, j))))) return false;
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("functions that the standard library has are as there, with their zeros, infinities and NaN", "",
                   float, double) {
    using T = TestType;
    const Matrix<T> x = as_matrix(corners<T>());
#define GRAM_CHECK_SAME(name) CHECK(maps(x, eval(gram::name(x)), [](T v) { return std::name(v); }))
    GRAM_CHECK_SAME(exp2);
    GRAM_CHECK_SAME(log2);
    GRAM_CHECK_SAME(log10);
    GRAM_CHECK_SAME(cbrt);
    GRAM_CHECK_SAME(tan);
    GRAM_CHECK_SAME(asin);
    GRAM_CHECK_SAME(acos);
    GRAM_CHECK_SAME(atan);
    GRAM_CHECK_SAME(sinh);
    GRAM_CHECK_SAME(cosh);
    GRAM_CHECK_SAME(asinh);
    GRAM_CHECK_SAME(acosh);
    GRAM_CHECK_SAME(atanh);
    GRAM_CHECK_SAME(erfc);
    GRAM_CHECK_SAME(tgamma);
    GRAM_CHECK_SAME(lgamma);
    GRAM_CHECK_SAME(trunc);
#undef GRAM_CHECK_SAME
    CHECK(maps(x, eval(rint(x)), [](T v) { return std::nearbyint(v); }));
    CHECK(maps(x, eval(reciprocal(x)), [](T v) { return T(1) / v; }));
    CHECK(maps(x, eval(rsqrt(x)), [](T v) { return T(1) / std::sqrt(v); }));
    CHECK(maps(x, eval(sign(x)), [](T v) { return v > 0 ? T(1) : (v < 0 ? T(-1) : (v == 0 ? T(0) : v)); }));
    CHECK(maps(x, eval(nan_to_num(x, T(7))), [](T v) {
        const T most = std::numeric_limits<T>::max();
        return std::isnan(v) ? T(7) : (std::isinf(v) ? (v > 0 ? most : -most) : v);
    }));
    CHECK(maps(x, eval(clamp(x, T(-1), T(2))), [](T v) { return v < -1 ? T(-1) : (v > 2 ? T(2) : v); }));
    CHECK_THROWS_WITH(clamp(x, T(2), T(1)), support::contains_text("no interval"));
    // Inverses of each other.
    const Matrix<T> angles = {{0, 30, 45}, {90, 180, -270}};
    CHECK(allclose(degrees(radians(angles)), angles));
    CHECK(std::abs(radians(angles)(1, 1) - T(3.14159265358979323846)) < 4 * std::numeric_limits<T>::epsilon());
}

TEMPLATE_TEST_CASE("functions of two matrices are the standard library's, with every pair of corners", "", float,
                   double) {
    using T = TestType;
    const auto x = corners<T>();
    const auto n = static_cast<index_t>(x.size());
    Vector<T> a(n);
    std::copy(x.begin(), x.end(), a.begin());
    const RowVector<T> b = a.T();
    Matrix<T> A(n, n), B(n, n);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) A(i, j) = a[i], B(i, j) = b[j];
    const auto agrees = [&](const Matrix<T>& result, auto f) {
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j)
                if (!same(result(i, j), static_cast<T>(f(a[i], b[j])))) return false;
        return true;
    };
    CHECK(agrees(atan2(A, B), [](T u, T v) { return std::atan2(u, v); }));
    CHECK(agrees(hypot(A, B), [](T u, T v) { return std::hypot(u, v); }));
    CHECK(agrees(fmod(A, B), [](T u, T v) { return std::fmod(u, v); }));
    CHECK(agrees(copysign(A, B), [](T u, T v) { return std::copysign(u, v); }));
    CHECK(agrees(gram::pow(A, B), [](T u, T v) { return std::pow(u, v); }));
    const Matrix<T> larger = fmax(A, B), smaller = fmin(A, B);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) {
            CHECK((larger(i, j) == std::fmax(a[i], b[j]) || std::isnan(std::fmax(a[i], b[j]))));
            CHECK((smaller(i, j) == std::fmin(a[i], b[j]) || std::isnan(std::fmin(a[i], b[j]))));
        }
    // Python's %: the sign of the divisor, and a + r a multiple of b.
    const Vector<T> u = {T(7), T(-7), T(7), T(-7), T(6), T(-6)}, v = {T(3), T(3), T(-3), T(-3), T(3), T(3)};
    const Vector<T> r = remainder(u, v);
    const T expected[] = {T(1), T(2), T(-2), T(-1), T(0), T(0)};
    for (index_t i = 0; i < 6; ++i) CHECK(r[i] == expected[i]);
    CHECK(eval(remainder(u, T(4)))[1] == 1);
    CHECK(same(eval(heaviside(u, T(0.5)))[1], T(0)));
    CHECK(std::isnan(eval(heaviside(a, T(0.5)))[n - 1]));
    CHECK_THROWS_AS(eval(hypot(A, Matrix<T>(2, 3))), shape_error);
}

TEMPLATE_TEST_CASE("isnan, isinf, isfinite and signbit tell the kinds apart", "", float, double) {
    using T = TestType;
    const Matrix<T> x = as_matrix(corners<T>());
    const auto nan = eval(isnan(x)), infinite = eval(isinf(x)), finite = eval(isfinite(x)), negative = eval(signbit(x));
    for (index_t i = 0; i < x.rows(); ++i)
        for (index_t j = 0; j < x.cols(); ++j) {
            CHECK(nan(i, j) == std::isnan(x(i, j)));
            CHECK(infinite(i, j) == std::isinf(x(i, j)));
            CHECK(finite(i, j) == std::isfinite(x(i, j)));
            CHECK(negative(i, j) == std::signbit(x(i, j)));
        }
    using C = std::complex<T>;
    const T bad = std::numeric_limits<T>::quiet_NaN(), big = std::numeric_limits<T>::infinity();
    const Matrix<C> z = {{C(1, 2), C(bad, 0), C(0, big), C(bad, big)}};
    CHECK((!isnan(z)(0, 0) && isnan(z)(0, 1) && !isnan(z)(0, 2) && isnan(z)(0, 3)));
    CHECK((isinf(z)(0, 2) && isinf(z)(0, 3) && isfinite(z)(0, 0) && !isfinite(z)(0, 2)));
}

TEMPLATE_TEST_CASE("integers: bits, shifts, remainders and divisors", "", std::int8_t, std::int32_t, std::int64_t,
                   std::uint8_t, std::uint32_t, std::uint64_t) {
    using T = TestType;
    Matrix<T> A(5, 7), B(5, 7);
    for (index_t i = 0; i < A.size(); ++i) {
        A.data()[i] = static_cast<T>(i * 37 - 60);
        B.data()[i] = static_cast<T>(i % 2 == 0 ? i + 1 : -i);
    }
    const Matrix<T> both = A & B, either = A | B, exclusive = A ^ B, rest = A % B, none = ~A;
    const Matrix<T> divisor = gcd(A, B), masked = A & T(15), left = A << 3, right = A >> 2;
    using U = std::make_unsigned_t<T>;
    for (index_t i = 0; i < A.size(); ++i) {
        const T a = A.data()[i], b = B.data()[i];
        CHECK(both.data()[i] == static_cast<T>(a & b));
        CHECK(either.data()[i] == static_cast<T>(a | b));
        CHECK(exclusive.data()[i] == static_cast<T>(a ^ b));
        CHECK(none.data()[i] == static_cast<T>(~a));
        CHECK(rest.data()[i] == (b == T(-1) && std::is_signed_v<T> ? T(0) : static_cast<T>(a % b)));
        CHECK(divisor.data()[i] == static_cast<T>(std::gcd(a, b)));
        CHECK(masked.data()[i] == static_cast<T>(a & T(15)));
        CHECK(left.data()[i] == static_cast<T>(static_cast<U>(a) << 3));
        CHECK(right.data()[i] == static_cast<T>(a >> 2));
    }
    CHECK_THROWS_AS(eval(A % T(0)), std::domain_error);
    CHECK_THROWS_AS(eval(A << static_cast<T>(8 * sizeof(T))), std::domain_error);
    if constexpr (std::is_signed_v<T>) {
        const T least = std::numeric_limits<T>::min();
        CHECK(eval(Matrix<T>{{least}} % T(-1))(0, 0) == 0);  // the machine would trap
        CHECK_THROWS_AS(eval(A >> T(-1)), std::domain_error);
    }
}

TEST_CASE("masks obey logic, and numbers count as true unless zero") {
    const Matrix<bool> p = {{true, true, false, false}}, q = {{true, false, true, false}};
    const Matrix<bool> both = p & q, either = p | q, exclusive = p ^ q, not_p = !p;
    CHECK((both(0, 0) && !both(0, 1) && !both(0, 2) && !both(0, 3)));
    CHECK((either(0, 0) && either(0, 1) && either(0, 2) && !either(0, 3)));
    CHECK((!exclusive(0, 0) && exclusive(0, 1) && exclusive(0, 2) && !exclusive(0, 3)));
    CHECK((!not_p(0, 0) && not_p(0, 3)));
    CHECK(eval(logical_and(p, q))(0, 0));
    CHECK(eval(logical_xor(p, q))(0, 1));
    CHECK(!eval(logical_not(p))(0, 1));
    CHECK(!any(~p ^ !p));
}
