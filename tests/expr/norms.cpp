// Lengths and angles, without overflow on the way; outer and Kronecker products; allclose.
#include "gram/expr/norms.hpp"

#include <complex>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::grid;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEMPLATE_TEST_CASE("dot and norm agree with plain loops in every layout", "", float, double) {
    using T = TestType;
    const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
    for (const index_t n : {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 129, 1000}) {
        CAPTURE(n);
        const auto x = naive::random<Vector<T>>(n, 1, 1), y = naive::random<Vector<T>>(n, 1, 2);
        long double product = 0, magnitude = 0, squares = 0;
        for (index_t i = 0; i < n; ++i) {
            product += static_cast<long double>(x[i]) * static_cast<long double>(y[i]);
            magnitude += std::abs(static_cast<long double>(x[i]) * static_cast<long double>(y[i]));
            squares += static_cast<long double>(x[i]) * static_cast<long double>(x[i]);
        }
        const double bound = (static_cast<double>(n) + 1) * eps * static_cast<double>(magnitude);
        const auto near = [&](T d) { return std::abs(static_cast<double>(d) - static_cast<double>(product)) <= bound; };
        CHECK(near(dot(x, y)));
        CHECK(near(dot(x.T(), y)));
        CHECK(near(dot(x, y.T())));
        CHECK(near(dot(x + T{0}, y * T{1})));
        Matrix<T> wide(n, 3);
        wide.col(1) = x;
        CHECK(near(dot(wide.col(1), y)));
        const double length = static_cast<double>(std::sqrt(squares));
        CHECK(std::abs(static_cast<double>(norm(x)) - length) <= 8 * eps * length);
        CHECK(std::abs(static_cast<double>(norm(wide.col(1))) - length) <= 8 * eps * length);
        CHECK(std::abs(static_cast<double>(norm(wide)) - length) <= 8 * eps * length);
        CHECK(std::abs(static_cast<double>(norm(wide.T())) - length) <= 8 * eps * length);
        CHECK(std::abs(static_cast<double>(norm(wide.block(0, 0, n, 2))) - length) <= 8 * eps * length);
        CHECK(std::abs(static_cast<double>(norm(x + T{0})) - length) <= 8 * eps * length);
        CHECK(norm(x, fro) == norm(x));
    }
}

TEST_CASE("norms of huge and tiny numbers neither overflow nor vanish") {
    for (const double scale : {1e300, 1e-300, 1e-310, 1e307}) {
        const Vector<double> x = {3 * scale, -4 * scale};
        CAPTURE(scale);
        CHECK(std::abs(norm(x) / (5 * scale) - 1) < 1e-14);
        CHECK(std::abs(norm(Matrix<double>(x * RowVector<double>{1.0})) / (5 * scale) - 1) < 1e-14);
        CHECK(std::abs(norm(x, 3) / (std::cbrt(91.0) * scale) - 1) < 1e-13);
        CHECK(std::abs(norm(x, 0.5) / scale / std::pow(std::sqrt(3.0) + 2, 2) - 1) < 1e-12);
        CHECK(norm(x, inf) == 4 * scale);
        CHECK(std::abs(norm(x, 1) / scale - 7) < 1e-13);
    }
    const Vector<float> f = {3e30F, 4e30F}, g = {3e-40F, 4e-40F};
    CHECK(std::abs(norm(f) / 5e30F - 1) < 1e-6F);
    CHECK(std::abs(norm(g) / 5e-40F - 1) < 1e-4F);  // denormal
    CHECK(norm(Vector<double>{1e300, 1e-300}) == 1e300);
    CHECK(std::abs(norm(full<double>(100, 100, 1e200)) / 1e202 - 1) < 1e-13);
}

TEST_CASE("norms of infinity, NaN and nothing") {
    CHECK(norm(Vector<double>{1, -infinity}) == infinity);
    CHECK(std::isnan(norm(Vector<double>{1, not_a_number, 2})));
    CHECK(std::isnan(norm(Vector<double>{infinity, not_a_number})));
    CHECK(norm(Vector<double>()) == 0);
    CHECK(norm(Vector<double>(), inf) == 0);
    CHECK(norm(Vector<double>(), 1) == 0);
    CHECK(norm(Matrix<double>(0, 4)) == 0);
    CHECK(norm(zeros<double>(3, 3)) == 0);
    CHECK(norm(Vector<double>{infinity, 1}, inf) == infinity);
    CHECK(std::isnan(norm(Vector<double>{5, not_a_number}, inf)));
    CHECK(norm(Vector<double>{infinity, 1}, 3) == infinity);
    CHECK(norm(Vector<double>(3), 3) == 0);
    CHECK(std::isnan(norm(Vector<double>{5, not_a_number}, 3)));
}

TEST_CASE("the p-norm takes p > 0, also infinite") {
    const Vector<double> x = {3, -4, 0, 5};
    CHECK(norm(x, 1) == 12);
    CHECK(norm(x, one) == 12);
    CHECK(norm(x, 2) == norm(x));
    CHECK(std::abs(norm(x, 3) - std::cbrt(27.0 + 64 + 125)) < 1e-14);
    CHECK(norm(x, infinity) == 5);
    CHECK(std::abs(norm(x.T(), 4.5) - norm(x, 4.5)) < 1e-14);
    CHECK_THROWS_AS(norm(x, 0), std::invalid_argument);
    CHECK_THROWS_AS(norm(x, -1), std::invalid_argument);
    CHECK_THROWS_AS(norm(x, not_a_number), std::invalid_argument);
    CHECK(norm(Vector<int>{3, -4}, one) == 7);
    CHECK(norm(Vector<int>{3, -4}, inf) == 4);
}

TEST_CASE("complex norms take the modulus") {
    const Vector<std::complex<double>> z = {{3, 4}, {0, 12}};
    CHECK(std::abs(norm(z) - 13) < 1e-14);
    CHECK(norm(z, one) == 17);
    CHECK(norm(z, inf) == 12);
    STATIC_REQUIRE(std::is_same_v<decltype(norm(z)), double>);
    CHECK(dot(z, z) == std::complex<double>(169));  // the first one is conjugated
}

TEST_CASE("vectors of different lengths are a shape_error") {
    const Vector<double> x(3), y(4);
    CHECK_THROWS_AS(dot(x, y), shape_error);
    CHECK_THROWS_AS(dot(x, y.T()), shape_error);
    CHECK_THROWS_AS(cosine_similarity(x, y), shape_error);
    CHECK_THROWS_WITH(dot(x, y), support::contains_text("3x1") && support::contains_text("4x1"));
    CHECK(dot(Vector<double>(), RowVector<double>()) == 0);
    CHECK(dot(Vector<int>{1, 2, 3}, Vector<int>{4, -5, 6}) == 12);
}

TEMPLATE_TEST_CASE("the cosine is in [-1, 1] and right at every scale", "", float, double) {
    using T = TestType;
    const T eps = std::numeric_limits<T>::epsilon(), top = std::numeric_limits<T>::max();
    const T low = std::numeric_limits<T>::denorm_min();
    CHECK(std::abs(cosine_similarity(Vector<T>{1, 2, 3}, Vector<T>{4, -5, 6}) - T(0.36548694232390360)) < 4 * eps);
    CHECK(cosine_similarity(Vector<T>{1, 2}, Vector<T>{0, 0}) == 0);
    CHECK(cosine_similarity(Vector<T>{}, Vector<T>{}) == 0);
    CHECK(std::abs(cosine_similarity(Vector<T>{top, top}, Vector<T>{top, 0}) - std::sqrt(T(0.5))) < 4 * eps);
    CHECK(std::abs(cosine_similarity(Vector<T>{low, low}, Vector<T>{top, 0}) - std::sqrt(T(0.5))) < 4 * eps);
    CHECK(std::abs(cosine_similarity(Vector<T>{low, low}, Vector<T>{-low, 0}) + std::sqrt(T(0.5))) < 4 * eps);
    for (int seed = 0; seed < 50; ++seed) {
        const auto x = naive::random<Vector<T>>(19, 1, static_cast<std::uint64_t>(seed));
        CHECK(cosine_similarity(x, x) <= 1);
        CHECK(cosine_similarity(x, x) > 1 - 8 * eps);
        CHECK(cosine_similarity(x, transposed(T{-3} * x)) >= -1);
    }
    CHECK(std::isnan(cosine_similarity(Vector<T>{1, static_cast<T>(not_a_number)}, Vector<T>{1, 2})));
}

TEST_CASE("outer and Kronecker products hold every pair") {
    const Vector<double> x = {1, 2}, y = {3, 4, 5};
    const Matrix<double> expected = {{3, 4, 5}, {6, 8, 10}};
    CHECK(outer(x, y) == expected);
    CHECK(outer(x.T(), y) == expected);
    CHECK(outer(x, y + 0.0) == expected);
    CHECK(outer(Vector<double>(), y).cols() == 3);
    CHECK(outer(Vector<int>{1, 2}, Vector<int>{3}) == Matrix<int>{{3}, {6}});
    const Matrix<double> A = {{1, 2}, {3, 4}}, B = {{0, 5}, {6, 7}};
    CHECK(kron(A, B) == Matrix<double>{{0, 5, 0, 10}, {6, 7, 12, 14}, {0, 15, 0, 20}, {18, 21, 24, 28}});
    CHECK(kron(A.T(), B + B) == eval(2 * kron(A.T(), B)));
    CHECK(kron(A, zeros<double>(0, 3)).cols() == 6);
    CHECK(kron(x, y) == eval(kron(Matrix<double>(x), Matrix<double>(y))));
}

TEST_CASE("allclose follows NumPy's rule") {
    const Matrix<double> A = {{1, 2}, {3, 4}};
    CHECK(allclose(A, A));
    CHECK(allclose(A + 1e-6, A));
    CHECK(!allclose(A + 1e-4, A));
    CHECK(allclose(A + 1e-4, A, 1e-3));
    CHECK(allclose(A + 0.5, A, 0, 0.5));
    CHECK(!allclose(A, Matrix<double>{{1, 2, 3}, {3, 4, 5}}));
    CHECK(!allclose(A, A.block(0, 0, 1, 2)));
    CHECK(!allclose(Vector<double>{not_a_number}, Vector<double>{not_a_number}));
    CHECK(allclose(Vector<double>{infinity}, Vector<double>{infinity}));
    CHECK(!allclose(Vector<double>{infinity}, Vector<double>{-infinity}));
    CHECK(!allclose(Vector<double>{1}, Vector<double>{infinity}));
    CHECK(!allclose(Vector<double>{infinity}, Vector<double>{1}));
    CHECK(allclose(Matrix<double>(0, 3), Matrix<double>(0, 3)));
    CHECK(allclose(Vector<unsigned>{3, 5}, Vector<unsigned>{5, 3}, 0, 2));
    CHECK(!allclose(Vector<unsigned>{3, 5}, Vector<unsigned>{5, 3}, 0, 1));
    CHECK(allclose(Vector<std::complex<double>>{{1, 1}}, Vector<std::complex<double>>{{1, 1 + 1e-9}}));
    CHECK(!allclose(Vector<std::complex<double>>{{1, 1}}, Vector<std::complex<double>>{{1, -1}}));
    CHECK(allclose(Vector<float>{1e38F}, Vector<float>{1.000001e38F}));
}
