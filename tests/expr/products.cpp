// Products, chains and fused epilogues against plain loops.
#include <chrono>
#include <complex>
#include <string>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::close;
using naive::Grid;
using naive::grid;
using naive::product_tolerance;

namespace {

template <class T>
using ColMatrix = Matrix<T, dynamic, dynamic, col_major>;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class M>
auto random(index_t m, index_t n, std::uint64_t seed) {
    return naive::random<M>(m, n, seed);
}

}  // namespace

TEMPLATE_TEST_CASE("products of every size are right", "", float, double, int, unsigned, std::complex<double>) {
    using T = TestType;
    for (const index_t n : {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 129}) {
        for (const auto& [m, k, p] : {std::array<index_t, 3>{n, n, n}, {n, 3, 5}, {4, n, 3}, {2, 7, n}, {1, n, 1}}) {
            CAPTURE(m, k, p);
            const auto A = random<Matrix<T>>(m, k, 1), B = random<Matrix<T>>(k, p, 2);
            const auto C0 = random<Matrix<T>>(m, p, 3);
            const auto ab = multiply(grid(A), grid(B));
            const double tolerance = std::is_integral_v<T> ? 0 : product_tolerance<T>(k);
            Matrix<T> C = A * B;
            CHECK(close(C, ab, tolerance));
            C = C0;
            C += T{2} * A * B;
            CHECK(close(C, zip(grid(C0), ab, [](auto x, auto y) { return x + y + y; }), 2 * tolerance));
            const ColMatrix<T> D = A * B;
            CHECK(close(D, ab, tolerance));
            CHECK(close(eval(A * B), ab, tolerance));
        }
    }
}

TEMPLATE_TEST_CASE("operands in every layout are right", "", float, double) {
    using T = TestType;
    for (const auto& [m, k, n] : {std::array<index_t, 3>{1, 5, 7}, {5, 9, 4}, {17, 33, 20}, {70, 40, 65}}) {
        const auto A = random<Matrix<T>>(m, k, 1), B = random<Matrix<T>>(k, n, 2);
        const auto ab = multiply(grid(A), grid(B));
        const double tolerance = product_tolerance<T>(k);
        support::for_each_layout(A, [&](const char* left, const auto& a) {
            CAPTURE(m, k, n, left);
            CHECK(close(eval(a * B), ab, tolerance));
            support::for_each_layout(B, [&](const char* right, const auto& b) {
                CAPTURE(right);
                CHECK(close(eval(a * b), ab, tolerance));
            });
        });
        Matrix<T> wide(2 * m, 3 * n), turned(n, m);
        wide.block(1, 2, m, n) = A * B;
        CHECK(close(wide.block(1, 2, m, n), ab, tolerance));
        turned.T() = A * B;
        CHECK(close(turned.T(), ab, tolerance));
        const auto strided = view(wide.data(), m, n, 6 * n, 2);
        strided = A * B;
        CHECK(close(strided, ab, tolerance));
    }
}

TEMPLATE_TEST_CASE("a matrix times a vector, from either side", "", float, double) {
    using T = TestType;
    for (const auto& [m, n] :
         {std::pair<index_t, index_t>{0, 3}, {3, 0}, {1, 1}, {1, 17}, {17, 1}, {33, 16}, {129, 65}}) {
        CAPTURE(m, n);
        const auto A = random<Matrix<T>>(m, n, 1);
        const auto x = random<Vector<T>>(n, 1, 2), y = random<Vector<T>>(m, 1, 3);
        const double tolerance = product_tolerance<T>(m + n);
        const Vector<T> Ax = A * x;
        CHECK(close(Ax, multiply(grid(A), grid(x)), tolerance));
        const Vector<T> Aty = A.T() * y;
        CHECK(close(Aty, multiply(transposed(grid(A)), grid(y)), tolerance));
        const RowVector<T> ytA = y.T() * A;
        CHECK(close(ytA, multiply(transposed(grid(y)), grid(A)), tolerance));
        Vector<T> z = y;
        z -= T(0.5) * A * x;
        CHECK(close(z, zip(grid(y), multiply(grid(A), grid(x)), [](auto p, auto q) { return p - q / 2; }), tolerance));
        z = relu(A * x + y);
        CHECK(close(z, zip(grid(y), multiply(grid(A), grid(x)), [](auto p, auto q) { return p + q > 0 ? p + q : 0; }),
                    tolerance));
        const Matrix<T> yxt = y * x.T();
        CHECK(yxt == outer(y, x));
        STATIC_REQUIRE(cols_v<decltype(A * x)> == 1);
        STATIC_REQUIRE(rows_v<decltype(y.T() * A)> == 1);
    }
    const Vector<T> x = {1, 2, 3};
    const Matrix<T, 1, 1> inner = x.T() * x;
    CHECK(inner(0, 0) == 14);
}

TEMPLATE_TEST_CASE("a matrix times its own transpose is symmetric and right", "", float, double) {
    using T = TestType;
    for (const auto& [m, n] :
         {std::pair<index_t, index_t>{1, 1}, {3, 40}, {40, 3}, {16, 16}, {17, 33}, {65, 130}, {0, 20}}) {
        CAPTURE(m, n);
        const auto A = random<Matrix<T>>(m, n, 1);
        const auto check = [&](const auto& G, const auto& expected, index_t terms) {
            CHECK(close(G, expected, product_tolerance<T>(terms)));
            CHECK(G == G.T());
        };
        const auto a = grid(A);
        check(Matrix<T>(A.T() * A), multiply(transposed(a), a), m);
        check(Matrix<T>(A * A.T()), multiply(a, transposed(a)), n);
        check(ColMatrix<T>(A.T() * A), multiply(transposed(a), a), m);
        const ColMatrix<T> B = A;
        check(Matrix<T>(B.T() * B), multiply(transposed(a), a), m);
        Matrix<T> G = Matrix<T>(T{2} * A.T() * A);
        CHECK(close(G, zip(multiply(transposed(a), a), multiply(transposed(a), a), std::plus<>{}),
                    2 * product_tolerance<T>(m)));
        G = ones<T>(n, n);
        G += A.T() * A;
        check(G, sum(multiply(transposed(a), a), Grid<long double>(n, n, [](index_t, index_t) { return 1; })), m);
    }
}

// Scalars, signs and transposes around factors.
TEST_CASE("numbers and signs may stand anywhere in a product") {
    const auto A = random<Matrix<double>>(6, 4, 1), B = random<Matrix<double>>(4, 5, 2);
    const auto ab = multiply(grid(A), grid(B));
    const auto times = [&](double s) {
        return Grid<long double>(6, 5, [&](index_t i, index_t j) { return static_cast<long double>(s) * ab(i, j); });
    };
    CHECK(close(eval(2 * A * B), times(2), 1e-14));
    CHECK(close(eval(A * 2 * B), times(2), 1e-14));
    CHECK(close(eval(A * B * 2), times(2), 1e-14));
    CHECK(close(eval(2 * (A * B)), times(2), 1e-14));
    CHECK(close(eval(-A * B), times(-1), 1e-14));
    CHECK(close(eval(-(A * -B)), times(1), 1e-14));
    CHECK(close(eval(A * B / 4), times(0.25), 1e-14));
    CHECK(close(eval(3 * (-A) * (2 * B) * 0.5), times(-3), 1e-14));
    CHECK(close(eval(transposed(2 * A.T()) * transposed(B.T())), times(2), 1e-14));
    CHECK(close(eval(transposed(B.T() * A.T())), times(1), 1e-14));
    CHECK(close(eval(2 * transposed(B.T() * A.T()) * eye<double>(5)), times(2), 1e-14));
    Matrix<double> C = A * B;
    C = -C + 2 * A * B;
    CHECK(close(C, times(1), 1e-13));
}

TEST_CASE("a number that is 0, NaN or infinite meets every element") {
    const Matrix<double> B = eye<double>(3);
    Matrix<double> A = ones<double>(3, 3);
    A(1, 2) = not_a_number;
    Matrix<double> C = 0.0 * A * B;
    CHECK(std::isnan(C(1, 0)));
    CHECK(C(0, 0) == 0);
    C = 0.0 * (A * B);
    CHECK((std::isnan(C(1, 2)) && C(0, 0) == 0));
    C = (0.0 * A) * B * 2.0;
    CHECK(std::isnan(C(1, 2)));
    A(1, 2) = infinity;
    C = A * B * 0.0;
    CHECK((std::isnan(C(1, 2)) && C(2, 2) == 0));
    C = zeros<double>(3, 3);
    C += 0.0 * A * B;
    CHECK((std::isnan(C(1, 2)) && C(2, 2) == 0));
    A(1, 2) = 1;
    C = not_a_number * A * B;
    CHECK(std::isnan(C(0, 0)));
    C = infinity * A * (2 * B);  // infinity * 0 is NaN, as the sum has it
    CHECK(std::isnan(C(0, 0)));
    C = full<double>(3, 3, not_a_number);
    C = A * B;  // what was there before does not matter
    CHECK(C == A);
    C = full<double>(3, 3, not_a_number);
    C = 0.0 * C + A * B;  // but here it is an operand
    CHECK(std::isnan(C(0, 0)));
}

TEST_CASE("factors beyond the range of floats do not overflow on the way") {
    const Matrix<float> A = full<float>(3, 3, 1e-30F), B = full<float>(3, 3, 1e30F);
    const Matrix<float> C = (1e20F * A) * (1e-20F * B);
    CHECK(allclose(C, full<float>(3, 3, 3.0F)));
    const Matrix<float> D = 1e-30F * (1e30F * (A * B));
    CHECK(allclose(D, full<float>(3, 3, 3.0F)));
    const Matrix<float> E = 1e30F * (1e-30F * A) * B;
    CHECK(allclose(E, zeros<float>(3, 3), 0, 1e-2));
}

TEST_CASE("NaN and infinity in a factor reach their row and column") {
    Matrix<double> A = ones<double>(20, 20), B = eye<double>(20);
    A(3, 4) = not_a_number;
    A(5, 6) = infinity;
    const Matrix<double> C = A * B;
    for (index_t j = 0; j < 20; ++j) {
        CHECK(std::isnan(C(3, j)));
        CHECK((j == 6 ? C(5, j) == infinity : std::isnan(C(5, j))));
        CHECK(C(0, j) == 1);
    }
}

TEST_CASE("products with an empty inner extent are zero") {
    const Matrix<double> A(3, 0), B(0, 4);
    Matrix<double> C = full<double>(3, 4, not_a_number);
    C = A * B;
    CHECK(C == zeros<double>(3, 4));
    C += A * B;
    CHECK(C == zeros<double>(3, 4));
    CHECK(eval(relu(A * B + 1)) == ones<double>(3, 4));
    CHECK(eval(B.T() * zeros<double>(0, 2)) == zeros<double>(4, 2));
    CHECK(eval(zeros<double>(0, 3) * A).empty());
    CHECK(eval(A * Vector<double>()) == zeros<double>(3, 1));
    CHECK(eval(B.T() * A.T()) == zeros<double>(4, 3));
}

TEST_CASE("a chain is associated in the cheapest order and right") {
    const auto A = random<Matrix<double>>(7, 30, 1), B = random<Matrix<double>>(30, 2, 2),
               C = random<Matrix<double>>(2, 40, 3), D = random<Matrix<double>>(40, 9, 4);
    const auto expected = multiply(multiply(grid(A), grid(B)), multiply(grid(C), grid(D)));
    const double tolerance = 2e-12;
    CHECK(close(eval(A * B * C * D), expected, tolerance));
    CHECK(close(eval(A * (B * (C * D))), expected, tolerance));
    CHECK(close(eval((A * B) * (C * D)), expected, tolerance));
    CHECK(close(eval(2 * A * -B * C * D * 0.5), zip(expected, expected, [](auto x, auto) { return -x; }), tolerance));
    CHECK(close(eval(relu(A * B * C * D)), zip(expected, expected, [](auto x, auto) { return x > 0 ? x : 0; }),
                tolerance));
    Matrix<double> E = ones<double>(7, 9);
    E -= A * B * C * D;
    CHECK(close(E, zip(expected, expected, [](auto x, auto) { return 1 - x; }), tolerance));

    // n^3 floating-point operations from the left, n^2 from the right: 20000 rows would take minutes and 3 GB.
    const index_t n = 20000;
    const Vector<double> u = ones<double>(n, 1), v = ones<double>(n, 1);
    const Vector<double> w = u * v.T() * u * v.T() * u;
    CHECK(w == full<double>(n, 1, static_cast<double>(n) * static_cast<double>(n)));
    const RowVector<double> r = v.T() * (u * v.T());
    CHECK(r == full<double>(1, n, static_cast<double>(n)));
}

TEST_CASE("products check their shapes where they are written") {
    const Matrix<double> A(3, 5), B(4, 2);
    CHECK_THROWS_AS(A * B, shape_error);
    CHECK_THROWS_WITH(A * B, support::contains_text("3x5") && support::contains_text("4x2"));
    CHECK_THROWS_AS(A * Vector<double>(4), shape_error);
    CHECK_THROWS_AS(RowVector<double>(4) * A, shape_error);
    CHECK_THROWS_AS(A * B.T() * B, shape_error);
    Matrix<double> C(3, 3);
    CHECK_THROWS_AS(C += A * Matrix<double>(5, 2), shape_error);
    CHECK_THROWS_AS((Matrix<double, 2, 2>(A * A.T())), shape_error);
    const Matrix<double, 2, 3> F;
    STATIC_REQUIRE(std::is_same_v<decltype(eval(F * F.T())), Matrix<double, 2, 2>>);
}

TEST_CASE("an element of a product is one sum of products") {
    const Matrix<double> A = {{1, 2}, {3, 4}};
    const auto product = A * A;
    CHECK((product(0, 0) == 7 && product(1, 1) == 22));
    CHECK((2.0 * product + A)(1, 0) == 33);
}

// Zeros beside the diagonal are not numbers: they meet no NaN.
TEMPLATE_TEST_CASE("diag(d) in a product scales rows and columns", "", float, double, int, std::complex<double>) {
    using T = TestType;
    const auto A = random<Matrix<T>>(7, 5, 1), B = random<Matrix<T>>(5, 6, 2);
    const auto d = random<Vector<T>>(5, 1, 3), e = random<Vector<T>>(7, 1, 4);
    const Matrix<T> D = diag(d), E = diag(e);
    const double tolerance = std::is_integral_v<T> ? 0 : 8 * product_tolerance<T>(7);
    const auto ad = multiply(grid(A), grid(D)), ea = multiply(grid(E), grid(A));
    CHECK(close(eval(A * diag(d)), ad, tolerance));
    CHECK(close(eval(A * diag(d.T())), ad, tolerance));
    CHECK(close(eval(diag(e) * A), ea, tolerance));
    CHECK(close(eval(diag(e) * A * diag(d) * B), multiply(multiply(ea, grid(D)), grid(B)), tolerance));
    CHECK(close(eval(A * (diag(d) * B)), multiply(ad, grid(B)), tolerance));
    CHECK(close(eval(A * diag(d) * d), multiply(ad, grid(d)), tolerance));
    CHECK(close(eval(e.T() * diag(e) * A), multiply(transposed(grid(e)), ea), tolerance));
    CHECK(close(eval(diag(d) * diag(d)), multiply(grid(D), grid(D)), tolerance));
    CHECK(close(eval(diag(d) * d), multiply(grid(D), grid(d)), tolerance));
    CHECK(close(eval(diag(Vector<T>(d + d)) * B), multiply(sum(grid(D), grid(D)), grid(B)), tolerance));
    CHECK(eval(A * (T{2} * diag(d))) == eval(A * diag(T{2} * d)));
    CHECK(eval(diag(d) + D) == eval(T{2} * D));
    CHECK(eval(transposed(diag(d))) == D);
    CHECK(eval(diag(Vector<T>{2}) * d.T()) == eval(T{2} * d.T()));
    CHECK(eval(d * diag(RowVector<T>{2})) == eval(T{2} * d));
    Matrix<T> C = A;
    C = diag(e) * C;
    CHECK(close(C, ea, tolerance));
    C = A;
    C -= diag(e) * A * diag(d) * D;
    CHECK(close(C, zip(grid(A), multiply(multiply(ea, grid(D)), grid(D)), std::minus<>{}), tolerance));
    CHECK_THROWS_AS(A * diag(e), shape_error);
    CHECK_THROWS_WITH(diag(d) * A, support::contains_text("5x5") && support::contains_text("7x5"));
}

TEST_CASE("diag(d) shares memory with nothing it is assigned to") {
    Matrix<double> A = random<Matrix<double>>(9, 9, 1);
    const Matrix<double> original = A;
    const Vector<double> first = A.col(0), main = A.diagonal();
    A = diag(A.col(0)) * A;
    CHECK(A == Matrix<double>(diag(first) * original));
    A = original;
    A = diag(A.diagonal());
    CHECK(A == Matrix<double>(diag(main)));
    A = original;
    A = A * diag(A.diagonal()) * A;
    CHECK(A == Matrix<double>(original * diag(main) * original));
    A(2, 3) = not_a_number;
    const Matrix<double> B = diag(first) * A;
    CHECK((std::isnan(B(2, 3)) && !std::isnan(B(1, 3))));
}

TEMPLATE_TEST_CASE("C += A^T A is right also where C is not symmetric, or holds NaN", "", double,
                   std::complex<double>) {
    using T = TestType;
    const auto A = random<Matrix<T>>(100, 21, 1), R = random<Matrix<T>>(21, 21, 2);
    const auto gram = multiply(grid(Matrix<T>(A.H())), grid(A));
    for (const bool symmetric : {true, false}) {
        Matrix<T> C = symmetric ? Matrix<T>(R + R.H()) : R;
        const auto expected = zip(grid(C), gram, [](auto x, auto y) { return x - y - y; });
        C -= T(2) * A.H() * A;
        CHECK(close(C, expected, 4 * product_tolerance<T>(100)));
        CHECK((C == C.H()) == symmetric);
    }
    Matrix<T> C = R + R.H();
    C(20, 3) = C(3, 20) = T(not_a_number);
    C += A.H() * A;
    CHECK((C(20, 3) != C(20, 3) && C(3, 20) != C(3, 20) && C(20, 4) == C(20, 4)));
    C = A.H() * A;
    CHECK(close(C, gram, product_tolerance<T>(100)));
}

TEMPLATE_TEST_CASE("numbers, signs and conjugations reach a product from wherever they stand in its factors", "",
                   double, std::complex<double>) {
    using T = TestType;
    const auto number = [](index_t i, index_t j, double shift) {
        const double x = std::sin(static_cast<double>(3 * i + 7 * j) + shift);
        if constexpr (is_complex_v<T>) {
            return T(x, std::cos(4 * x + shift));
        } else {
            return T(x);
        }
    };
    Matrix<T> A(5, 5), B(5, 5), C(5, 5);
    Vector<T> d(5);
    for (index_t i = 0; i < 5; ++i) {
        d[i] = number(i, 2, 3);
        for (index_t j = 0; j < 5; ++j) A(i, j) = number(i, j, 0), B(i, j) = number(i, j, 1), C(i, j) = number(i, j, 2);
    }
    T c(2);
    if constexpr (is_complex_v<T>) c = T(1, -3);
    const Matrix<T> D = diag(d), Dc = conj(D), A2 = c * A, A2c = conj(A2), A2h = transposed(A2c), AB = A * B;
    const Matrix<T> A2B = c * AB, A2Bt = transposed(A2B), A3B = c * c * AB, DA2 = c * (D * A);
    // Of matrices with elements of size one.
    const auto close = [](const Matrix<T>& x, const Matrix<T>& y) {
        double worst = 0;
        for (index_t i = 0; i < 5; ++i) {
            for (index_t j = 0; j < 5; ++j) worst = std::max(worst, static_cast<double>(std::abs(x(i, j) - y(i, j))));
        }
        return worst < 5000 * std::numeric_limits<double>::epsilon();
    };
    CHECK(close(conj(c * A) * B, A2c * B));
    CHECK(close(transposed(conj(c * A)) * B, A2h * B));
    CHECK(close(conj(transposed(c * A)) * B, A2h * B));
    CHECK(close(B * conj(c * A), B * A2c));
    CHECK(close(B + conj(c * A) * B, Matrix<T>(B + Matrix<T>(A2c * B))));
    CHECK(close(transposed((c * A) * B) * C, A2Bt * C));
    CHECK(close((c * (A * (c * B))) * C, A3B * C));
    CHECK(close((-(A * (c * B))) * C, Matrix<T>(T(-1) * (A2B * C))));
    CHECK(close((c * (diag(d) * A)) * C, DA2 * C));
    CHECK(close(A * diag(conj(d)) * C, Matrix<T>(A * Dc) * C));
    CHECK(close(A * diag(conj(c * d)) * C, Matrix<T>(A * Matrix<T>(conj(Matrix<T>(c * D)))) * C));
}
