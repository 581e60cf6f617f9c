// Assignments whose destination is among the operands give the mathematical answer.
#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::close;
using naive::grid;
using naive::product_tolerance;
using naive::transposed;

namespace {

using ColMatrix = Matrix<double, dynamic, dynamic, col_major>;
constexpr std::initializer_list<index_t> sizes = {1, 2, 3, 8, 17, 33, 64, 129};

template <class M>
M square(index_t n, std::uint64_t seed) {
    M A = naive::random<M>(n, n, seed);
    for (auto& x : A) x /= static_cast<value_t<M>>(std::sqrt(static_cast<double>(n)));
    return A;
}

}  // namespace

TEMPLATE_TEST_CASE("a product of the destination is right", "", Matrix<double>, Matrix<float>, ColMatrix) {
    using T = value_t<TestType>;
    for (const index_t n : sizes) {
        CAPTURE(n);
        const TestType A0 = square<TestType>(n, 1), B = square<TestType>(n, 2);
        const auto a = grid(A0), b = grid(B);
        const double tolerance = product_tolerance<T>(n);

        TestType A = A0;
        A = A * A;
        CHECK(close(A, multiply(a, a), tolerance));
        A = A0;
        A = B * A;
        CHECK(close(A, multiply(b, a), tolerance));
        A = A0;
        A = A.T() * A;
        CHECK(close(A, multiply(transposed(a), a), tolerance));
        A = A0;
        A += B * A;
        CHECK(close(A, sum(a, multiply(b, a)), tolerance));
        A = A0;
        A -= A * A;
        CHECK(close(A, zip(a, multiply(a, a), std::minus<>{}), tolerance));
        A = A0;
        A = A + A * B;
        CHECK(close(A, sum(a, multiply(a, b)), tolerance));
        A = A0;
        A *= 2;
        A /= 4;
        CHECK(A == A0 / 2);
    }
}

TEST_CASE("a chain of products with the destination among its factors is right") {
    for (const index_t n : sizes) {
        CAPTURE(n);
        const Matrix<double> A0 = square<Matrix<double>>(n, 1), B0 = square<Matrix<double>>(n, 2),
                             C0 = square<Matrix<double>>(n, 3);
        const auto expected = multiply(multiply(grid(A0), grid(B0)), grid(C0));
        const double tolerance = 2 * product_tolerance<double>(n);
        Matrix<double> A = A0, B = B0, C = C0;
        A = A * B * C;
        CHECK(close(A, expected, tolerance));
        A = A0;
        B = A * B * C;
        CHECK(close(B, expected, tolerance));
        B = B0;
        C = A * (B * C);
        CHECK(close(C, expected, tolerance));
        A = A * A * A;
        CHECK(close(A, multiply(multiply(grid(A0), grid(A0)), grid(A0)), tolerance));

        Vector<double> x = naive::random<Vector<double>>(n, 1, 4);
        const auto reference = multiply(grid(A0), multiply(grid(A0), grid(x)));
        x = A0 * A0 * x;
        CHECK(close(x, reference, tolerance));
    }
}

TEST_CASE("a vector times a matrix may be assigned to itself") {
    for (const index_t n : sizes) {
        CAPTURE(n);
        const Matrix<double> A = square<Matrix<double>>(n, 1);
        const Vector<double> x0 = naive::random<Vector<double>>(n, 1, 2);
        const auto a = grid(A), v = grid(x0);
        const double tolerance = product_tolerance<double>(n);
        Vector<double> x = x0;
        x = A * x;
        CHECK(close(x, multiply(a, v), tolerance));
        x = x0;
        x = A.T() * x;
        CHECK(close(x, multiply(transposed(a), v), tolerance));
        x = x0;
        x += A * x;
        CHECK(close(x, sum(v, multiply(a, v)), tolerance));
        x = x0;
        x = x - 2.0 * A * x;
        CHECK(close(x, zip(v, multiply(a, v), [](auto p, auto q) { return p - 2 * q; }), tolerance));
        RowVector<double> r = x0.T();
        r = r * A;
        CHECK(close(r, multiply(transposed(v), a), tolerance));
    }
}

TEST_CASE("a product into a view of one of its factors is right") {
    const index_t n = 21;
    const Matrix<double> A0 = square<Matrix<double>>(n, 1);
    const auto a = grid(A0);
    Matrix<double> A = A0;
    A.col(2) = A * A.col(2);
    for (index_t i = 0; i < n; ++i) {
        long double expected = 0;
        for (index_t p = 0; p < n; ++p) expected += a(i, p) * a(p, 2);
        CHECK(std::abs(static_cast<double>(expected) - A(i, 2)) < 1e-13);
    }
    A = A0;
    A.row(3) = A.row(3) * A;
    const naive::Grid<long double> row(1, n, [&](index_t, index_t j) { return a(3, j); });
    CHECK(close(A.row(3), multiply(row, a), 1e-13));
    A = A0;
    A.block(2, 3, 8, 8) = A.block(0, 0, 8, 8) * A.block(4, 4, 8, 8);
    const naive::Grid<long double> left(8, 8, [&](index_t i, index_t j) { return a(i, j); });
    const naive::Grid<long double> right(8, 8, [&](index_t i, index_t j) { return a(i + 4, j + 4); });
    CHECK(close(A.block(2, 3, 8, 8), multiply(left, right), 1e-13));
    A = A0;
    A.block(0, 0, 8, 8) += A.block(0, 0, 8, 8) * A.block(2, 2, 8, 8);
    const naive::Grid<long double> second(8, 8, [&](index_t i, index_t j) { return a(i + 2, j + 2); });
    CHECK(close(A.block(0, 0, 8, 8), sum(left, multiply(left, second)), 1e-13));
}

TEMPLATE_TEST_CASE("an epilogue that reads the destination is right", "", Matrix<double>, Matrix<float>, ColMatrix) {
    using T = value_t<TestType>;
    const auto relu_of = [](auto x) { return x > 0 ? x : 0; };
    for (const index_t n : {1, 3, 16, 33, 70}) {
        CAPTURE(n);
        const TestType A = square<TestType>(n, 1), B = square<TestType>(n, 2), C0 = square<TestType>(n, 3);
        const auto a = grid(A), b = grid(B), c = grid(C0), ab = multiply(a, b);
        const double tolerance = product_tolerance<T>(n);
        TestType C = C0;
        C = relu(A * B + C);
        CHECK(close(C, zip(ab, c, [&](auto p, auto q) { return relu_of(p + q); }), tolerance));
        C = C0;
        C = C - T{2} * A * B;
        CHECK(close(C, zip(c, ab, [](auto p, auto q) { return p - 2 * q; }), tolerance));
        C = C0;
        C = T(0.5) * C + A * B;
        CHECK(close(C, zip(c, ab, [](auto p, auto q) { return p / 2 + q; }), tolerance));
        C = C0;
        C = A * B - C;
        CHECK(close(C, zip(ab, c, std::minus<>{}), tolerance));
        C = C0;
        C = -C - A * B * T{3};
        CHECK(close(C, zip(c, ab, [](auto p, auto q) { return -p - 3 * q; }), tolerance));
        C = C0;
        C = hadamard(C, A * B) + C;
        CHECK(close(C, zip(c, ab, [](auto p, auto q) { return p * q + p; }), tolerance));
        C = C0;
        C = A * B + C.T();
        CHECK(close(C, sum(ab, transposed(c)), tolerance));
        C = C0;
        C = relu(C * B + A);
        CHECK(close(C, zip(multiply(c, b), a, [&](auto p, auto q) { return relu_of(p + q); }), tolerance));
        C = C0;
        C = A * B + C * B;
        CHECK(close(C, sum(ab, multiply(c, b)), tolerance));
        C = C0;
        C += relu(A * C);
        CHECK(close(C, zip(c, multiply(a, c), [&](auto p, auto q) { return p + relu_of(q); }), tolerance));
        C = C0;
        C = A * B + C.row(0);
        const naive::Grid<long double> rows(n, n, [&](index_t, index_t j) { return c(0, j); });
        CHECK(close(C, sum(ab, rows), tolerance));
    }
}

TEMPLATE_TEST_CASE("transposes and broadcast parts of the destination are right", "", Matrix<double>, Matrix<float>,
                   ColMatrix, Matrix<int>) {
    for (const index_t n : sizes) {
        CAPTURE(n);
        const TestType A0 = naive::random<TestType>(n, n, 5);
        const auto a = grid(A0);
        const auto matches = [&](const TestType& A, auto f) {
            return close(A, naive::Grid<long double>(n, n, f), product_tolerance<double>(0) + 1e-6);
        };
        TestType A = A0;
        A = A.T();
        CHECK(matches(A, [&](index_t i, index_t j) { return a(j, i); }));
        A = A0;
        A = A + A.T();
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) + a(j, i); }));
        A = A0;
        A += A.T();
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) + a(j, i); }));
        A = A0;
        A -= transposed(A + A);
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) - 2 * a(j, i); }));
        A = A0;
        A = A + A.row(0);
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) + a(0, j); }));
        A = A0;
        A -= A.row(n - 1);
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) - a(n - 1, j); }));
        A = A0;
        A = A.col(0) - A;
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, 0) - a(i, j); }));
        A = A0;
        A += A.col(n / 2);
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) + a(i, n / 2); }));
        A = A0;
        A = A + broadcast(A.row(n / 2), n, n);
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) + a(n / 2, j); }));
        A = A0;
        A = where(A < A.T(), A, A.T());
        CHECK(matches(A, [&](index_t i, index_t j) { return a(i, j) < a(j, i) ? a(i, j) : a(j, i); }));
        A = A0;
        A.row(0) = A.col(n - 1).T();
        CHECK(matches(A, [&](index_t i, index_t j) { return i == 0 ? a(j, n - 1) : a(i, j); }));
        A = A0;
        A.diagonal() = A.row(0).T();
        CHECK(matches(A, [&](index_t i, index_t j) { return i == j ? a(0, j) : a(i, j); }));
        A = A0;
        A.row(0) = A.diagonal().T() + A.row(0);
        CHECK(matches(A, [&](index_t i, index_t j) { return i == 0 ? a(j, j) + a(0, j) : a(i, j); }));
    }
}

TEST_CASE("a rectangular matrix may become its transpose or a product of another shape") {
    Matrix<double> A = naive::random<Matrix<double>>(5, 9, 1);
    const auto a = grid(A);
    A = A.T();
    CHECK(close(A, transposed(a), 0));
    A = A * A.T() * A;
    CHECK(close(A, multiply(multiply(transposed(a), a), transposed(a)), 1e-13));
    Matrix<double> B = naive::random<Matrix<double>>(5, 9, 1);
    B = B * ones<double>(9, 2);
    CHECK(B.rows() == 5);
    CHECK(B.cols() == 2);
    Matrix<double> C = naive::random<Matrix<double>>(6, 6, 1);
    const auto c = grid(C);
    C = C.block(1, 2, 3, 4);
    CHECK(close(C, naive::Grid<long double>(3, 4, [&](index_t i, index_t j) { return c(i + 1, j + 2); }), 0));
    Vector<double> x = {1, 2, 3, 4};
    x = x.segment(1, 2);
    CHECK(x == Vector<double>{2, 3});
}

TEST_CASE("a row does not take a column") {
    Matrix<double> A = ones<double>(3, 3);
    CHECK_THROWS_AS(A.row(0) = A.col(0), shape_error);
    CHECK(A == ones<double>(3, 3));
}

TEMPLATE_TEST_CASE("blocks that overlap in any direction are assigned as if copied first", "", double, float) {
    const index_t n = 24, m = 9, k = 11;
    const auto original = naive::random<Matrix<TestType>>(n, n, 3);
    for (index_t down = -2; down <= 2; ++down) {
        for (index_t across = -2; across <= 2; ++across) {
            CAPTURE(down, across);
            const auto source = [&](index_t i, index_t j) { return original(5 + down + i, 6 + across + j); };
            Matrix<TestType> A = original;
            A.block(5, 6, m, k) = A.block(5 + down, 6 + across, m, k);
            bool same = true;
            for (index_t i = 0; i < m; ++i)
                for (index_t j = 0; j < k; ++j) same = same && A(5 + i, 6 + j) == source(i, j);
            CHECK(same);

            A = original;
            A.block(5, 6, m, k) = TestType{2} * A.block(5 + down, 6 + across, m, k) + A.block(5, 6, m, k);
            same = true;
            for (index_t i = 0; i < m; ++i)
                for (index_t j = 0; j < k; ++j)
                    same = same && A(5 + i, 6 + j) == 2 * source(i, j) + original(5 + i, 6 + j);
            CHECK(same);

            A = original;
            A.block(5, 6, m, m) += A.block(5 + down, 6 + across, m, m).T();
            same = true;
            for (index_t i = 0; i < m; ++i)
                for (index_t j = 0; j < m; ++j) same = same && A(5 + i, 6 + j) == original(5 + i, 6 + j) + source(j, i);
            CHECK(same);
            CHECK(A.block(0, 0, 5, n) == original.block(0, 0, 5, n));
            CHECK(A.block(14, 0, n - 14, n) == original.block(14, 0, n - 14, n));
        }
    }
}

TEST_CASE("views with negative strides are assigned as if copied first") {
    const index_t n = 19;
    std::vector<double> memory(n * n);
    const auto fill = [&] {
        for (index_t i = 0; i < n * n; ++i) memory[static_cast<std::size_t>(i)] = static_cast<double>(i);
    };
    double* const data = memory.data();
    fill();
    const auto forward = view(data, n);
    const auto backward = view(data + n - 1, n, 1, -1, 1);
    forward = backward;
    for (index_t i = 0; i < n; ++i) CHECK(forward[i] == static_cast<double>(n - 1 - i));
    fill();
    backward = 2.0 * forward + backward;
    for (index_t i = 0; i < n; ++i) CHECK(backward(i, 0) == static_cast<double>(2 * i + (n - 1 - i)));
    fill();
    const auto plain = view(data, n, n), turned = view(data + n * n - 1, n, n, -n, -1);
    plain = plain + turned;
    for (index_t i = 0; i < n * n; ++i) CHECK(data[i] == static_cast<double>(n * n - 1));
    fill();
    const auto flipped = view(data + n - 1, n, n, n, -1);
    const auto expected = multiply(grid(plain), grid(flipped));
    flipped = plain * flipped;
    CHECK(close(flipped, expected, 1e-13));
    fill();
    turned = turned + 1;  // the same elements: in place
    for (index_t i = 0; i < n * n; ++i) CHECK(data[i] == static_cast<double>(i + 1));
}

TEST_CASE("interleaved views are assigned as if copied first") {
    const index_t n = 23;
    std::vector<float> memory(2 * n);
    for (index_t i = 0; i < 2 * n; ++i) memory[static_cast<std::size_t>(i)] = static_cast<float>(i);
    const auto even = view(memory.data(), n, 1, 2, 1), odd = view(memory.data() + 1, n, 1, 2, 1);
    even = even + 2 * odd;
    odd = even - odd;
    for (index_t i = 0; i < n; ++i) {
        CHECK(even(i, 0) == static_cast<float>(2 * i + 2 * (2 * i + 1)));
        CHECK(odd(i, 0) == even(i, 0) - static_cast<float>(2 * i + 1));
    }
    Matrix<double> A = naive::random<Matrix<double>>(8, 8, 1);
    const auto a = grid(A);
    const auto left = view(A.data(), 8, 4, 8, 2), right = view(A.data() + 1, 8, 4, 8, 2);
    left = right;
    for (index_t i = 0; i < 8; ++i)
        for (index_t j = 0; j < 8; ++j) CHECK(A(i, j) == static_cast<double>(a(i, j | 1)));
}

TEST_CASE("self-assignment, self-move and swap with itself change nothing") {
    const Matrix<double> original = {{1, 2, 3}, {4, 5, 6}};
    Matrix<double> A = original;
    Matrix<double>& same = A;
    A = same;
    CHECK(A == original);
    A = std::move(same);
    CHECK(A == original);
    swap(A, same);
    CHECK(A == original);
    std::swap(A, same);
    CHECK(A == original);
    A = A.block(0, 0, 2, 3);
    CHECK(A == original);
    A = A.T().T();
    CHECK(A == original);
    A.row(0) = A.row(0);
    A.block(0, 0, 2, 2) = A.block(0, 0, 2, 2);
    CHECK(A == original);
    A -= same;
    CHECK(A == zeros<double>(2, 3));

    Matrix<double, 2, 2> F = {{1, 2}, {3, 4}};
    Matrix<double, 2, 2>& same_fixed = F;
    F = same_fixed;
    F = std::move(same_fixed);
    swap(F, same_fixed);
    CHECK(F == Matrix<double, 2, 2>{{1, 2}, {3, 4}});
    F = F * F;
    CHECK(F == Matrix<double, 2, 2>{{7, 10}, {15, 22}});
    F = F.T();
    CHECK(F == Matrix<double, 2, 2>{{7, 15}, {10, 22}});
}

TEMPLATE_TEST_CASE("products of fixed sizes may overwrite their factors", "", float, double) {
    const auto check = []<int n>(std::integral_constant<int, n>) {
        using M = Matrix<TestType, n, n>;
        const M A = naive::random<M>(n, n, 1), B = naive::random<M>(n, n, 2), ab = A * B, aa = A * A;
        M C = B, D = A, E = A;
        C = A * C;
        D = D * B;
        E = E * E;
        CHECK((C == ab && D == ab && E == aa));
    };
    [&]<int... N>(std::integer_sequence<int, N...>) { (check(std::integral_constant<int, N + 2>{}), ...); }
    (std::make_integer_sequence<int, 8>{});
}
