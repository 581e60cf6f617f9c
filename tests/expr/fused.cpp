// H = relu(X * W.T() + b) and its relatives: the rest of the expression as the epilogue of GEMM.
#include <array>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::close;
using naive::Grid;
using naive::grid;
using naive::product_tolerance;

namespace {

template <class W>
W relu_of(W x) {
    return x > 0 ? x : 0;
}

// Every kind of addend, for an X * W.T() in the layouts of X and of the destination.
template <class Destination, class Operand>
void check_addends(index_t m, index_t k, index_t n) {
    using T = value_t<Destination>;
    CAPTURE(m, k, n);
    auto X = naive::random<Operand>(m, k, 1), W = naive::random<Operand>(n, k, 2);
    const T shrink = k > 0 ? T{1} / static_cast<T>(std::sqrt(static_cast<double>(k))) : T{1};
    X *= shrink;
    const auto row = naive::random<RowVector<T>>(1, n, 3);
    const auto column = naive::random<Vector<T>>(m, 1, 4);
    const auto M = naive::random<Matrix<T>>(m, n, 5);
    const auto product = multiply(grid(X), transposed(grid(W)));
    const auto expected = [&](auto f) {
        return Grid<long double>(m, n, [&](index_t i, index_t j) { return f(product(i, j), i, j); });
    };
    const double tolerance = 4 * product_tolerance<T>(k);

    Destination H = full<T>(m, n, std::numeric_limits<T>::quiet_NaN());
    H = relu(X * W.T() + row);
    CHECK(close(H, expected([&](auto p, index_t, index_t j) { return relu_of(p + naive::widen(row[j])); }), tolerance));
    H = relu(X * W.T() + column);
    CHECK(close(H, expected([&](auto p, index_t i, index_t) { return relu_of(p + naive::widen(column[i])); }),
                tolerance));
    H = tanh(M - X * W.T());
    CHECK(close(H, expected([&](auto p, index_t i, index_t j) { return std::tanh(naive::widen(M(i, j)) - p); }),
                tolerance));
    H = X * W.T() * 2 + 1;
    CHECK(close(H, expected([&](auto p, index_t, index_t) { return 2 * p + 1; }), 2 * tolerance));
    H = map([](T x) { return x * x; }, X * W.T()) + row;  // no packs
    CHECK(close(H, expected([&](auto p, index_t, index_t j) { return p * p + naive::widen(row[j]); }), 8 * tolerance));
}

}  // namespace

TEMPLATE_TEST_CASE("an epilogue is applied once to every element", "", float, double) {
    using T = TestType;
    using Rows = Matrix<T>;
    using Columns = Matrix<T, dynamic, dynamic, col_major>;
    for (const auto& [m, k, n] : {std::array<index_t, 3>{0, 3, 4},
                                  {3, 0, 4},
                                  {1, 1, 1},
                                  {1, 40, 9},
                                  {9, 40, 1},
                                  {3, 7, 5},
                                  {8, 16, 16},
                                  {17, 15, 33},
                                  {31, 64, 18},
                                  {64, 129, 65},
                                  {40, 300, 50},
                                  {5, 2000, 37},
                                  {70, 1000, 41}}) {
        check_addends<Rows, Rows>(m, k, n);
        check_addends<Columns, Rows>(m, k, n);
    }
    check_addends<Rows, Columns>(33, 500, 29);
    check_addends<Columns, Columns>(33, 500, 29);
}

TEST_CASE("an epilogue of integers and of fixed extents is right") {
    const Matrix<int> A = {{1, -2}, {3, 4}}, B = {{0, 1}, {-1, 2}};
    CHECK(eval(relu(A * B + RowVector<int>{1, 2})) == Matrix<int>{{3, 0}, {0, 13}});
    const Matrix<double, 2, 2> F = {{1, -2}, {3, 4}}, G = {{0, 1}, {-1, 2}};
    CHECK(eval(relu(F * G + RowVector<double, 2>{1, 2})) == Matrix<double, 2, 2>{{3, 0}, {0, 13}});
}

TEST_CASE("an epilogue writes into views with gaps and leaves the rest alone") {
    const auto A = naive::random<Matrix<double>>(21, 30, 1), B = naive::random<Matrix<double>>(30, 19, 2);
    const RowVector<double> b = naive::random<RowVector<double>>(1, 19, 3);
    const Matrix<double> expected = relu(Matrix<double>(A * B) + b);
    Matrix<double> wide = full<double>(30, 45, 7);
    wide.block(2, 3, 21, 19) = relu(A * B + b);
    CHECK(allclose(wide.block(2, 3, 21, 19), expected, 1e-13, 1e-13));
    wide.block(2, 3, 21, 19) = 7.0;
    CHECK(wide == full<double>(30, 45, 7));
    const auto strided = view(wide.data(), 21, 19, 45, 2);
    strided = relu(A * B + b);
    CHECK(allclose(strided, expected, 1e-13, 1e-13));
    strided = 7.0;
    CHECK(wide == full<double>(30, 45, 7));
    Matrix<double> turned(19, 21);
    turned.T() = relu(A * B + b);
    CHECK(allclose(turned.T(), expected, 1e-13, 1e-13));
}

TEST_CASE("an epilogue may hold a second product, a mean or a product of vectors") {
    const auto A = naive::random<Matrix<double>>(12, 30, 1), B = naive::random<Matrix<double>>(30, 19, 2);
    const auto x = naive::random<Vector<double>>(30, 1, 3);
    const Matrix<double> AB = A * B;
    const Vector<double> Ax = A * x;
    CHECK(allclose(eval(A * B + A * x), eval(AB + Ax), 1e-13, 1e-12));
    CHECK(allclose(eval(A * B - mean<0>(A * B)), eval(AB - mean<0>(AB)), 1e-13, 1e-12));
    CHECK(allclose(eval(hadamard(A * B, A * B)), eval(square(AB)), 1e-13, 1e-12));
    CHECK(allclose(eval(where(A * B > 0, A * B, 0.1 * (A * B))), eval(leaky_relu(AB, 0.1)), 1e-13, 1e-12));
    CHECK(allclose(eval(relu(broadcast(A * x, 12, 19) + A * B)), eval(relu(AB + Ax)), 1e-13, 1e-12));
    CHECK(sum(A * B > 0) == sum(AB > 0));
}

TEMPLATE_TEST_CASE("an epilogue computes the same bits whatever the layout of its operands", "", float, double) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{33, 70}, {9, 10}, {70, 300}, {3, 17}}) {
        CAPTURE(m, n);
        const auto A = naive::random<Matrix<T>>(m, 20, 1), B = naive::random<Matrix<T>>(20, n, 2);
        const auto D = naive::random<Matrix<T>>(m, n, 3);
        const Matrix<T> expected = tanh(A * B + D);
        support::for_each_layout(D, [&](const char* layout, const auto& d) {
            CAPTURE(layout);
            CHECK(eval(tanh(A * B + d)) == expected);
        });
        Matrix<T, dynamic, dynamic, col_major> H = tanh(A * B + D);
        CHECK(close(H, grid(expected), product_tolerance<T>(20)));
        Matrix<T> wide(2 * m, 2 * n);
        const auto strided = view(wide.data(), m, n, 4 * n, 2);
        strided = tanh(A * B + D);
        CHECK(Matrix<T>(strided) == expected);
    }
}

TEST_CASE("numbers that move out of a fused product meet what they must") {
    Matrix<double> A = ones<double>(20, 20), D = full<double>(20, 20, 3);
    const Matrix<double> B = eye<double>(20);
    CHECK(eval(2 * A * -B + D) == ones<double>(20, 20));
    CHECK(eval(2 * A * B * 3 + D) == full<double>(20, 20, 9));
    CHECK(eval(D - 2 * A * (3 * B) * B) == full<double>(20, 20, -3));
    CHECK(eval(D - 2 * A * (3 * B.col(0))) == D - 6 * A.col(0));
    A(1, 2) = std::numeric_limits<double>::quiet_NaN();
    const Matrix<double> C = 0.0 * A * B + D;
    CHECK((std::isnan(C(1, 0)) && C(0, 0) == 3));
}
