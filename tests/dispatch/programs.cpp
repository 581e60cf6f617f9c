// What a program compiled for any processor sees of it: expressions and factorizations, with each instruction set.
#include <array>
#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

template <class F>
void each_isa(const F& f) {
    for (const auto isa : {dispatch::Isa::sse2, dispatch::Isa::avx2_fma, dispatch::Isa::avx512}) {
        if (dispatch::choose(isa) != isa) continue;
        INFO("instruction set " << static_cast<int>(isa));
        f();
    }
    dispatch::choose(dispatch::best());
}

/// Every element of `got` is f(i, j) to rounding.
template <class M, class F>
void check_elements(const M& got, const F& f) {
    using T = value_t<M>;
    T worst = 0;
    for (index_t i = 0; i < got.rows(); ++i) {
        for (index_t j = 0; j < got.cols(); ++j) {
            const T want = f(i, j), error = std::abs(got(i, j) - want) / (1 + std::abs(want));
            if (!(error <= worst)) worst = error;
        }
    }
    CHECK(worst <= 200 * std::numeric_limits<T>::epsilon());
}

}  // namespace

TEMPLATE_TEST_CASE("element-wise expressions pass through the table piece by piece", "[dispatch]", float, double) {
    using T = TestType;
    Rng rng(1);
    each_isa([&] {
        // One shape is longer than a piece, one has short lines.
        for (const auto& [m, n] : {std::pair<index_t, index_t>{2, 1300}, {37, 5}, {1, 1}, {0, 4}}) {
            const Matrix<T> X = rand<T>(rng, m, n), Y = rand<T>(rng, m, n);
            const Matrix<T> N = rand<T>(rng, 1, n), M = rand<T>(rng, m, 1);
            const RowVector<T> r = N.row(0);
            const Vector<T> c = M.col(0);
            check_elements(Matrix<T>(exp(X)), [&](index_t i, index_t j) { return std::exp(X(i, j)); });
            check_elements(
                Matrix<T>(hadamard(exp(X) + r, log(Y + T(1))) / (c + tanh(X) + T(1))), [&](index_t i, index_t j) {
                    return (std::exp(X(i, j)) + r[j]) * std::log(Y(i, j) + T(1)) / (c[i] + std::tanh(X(i, j)) + T(1));
                });
            // leaky_relu is not in the table, sin and what it is added to are.
            check_elements(Matrix<T>(leaky_relu(sin(X) - T(0.5), T(0.1)) + T(2) * Y), [&](index_t i, index_t j) {
                const T s = std::sin(X(i, j)) - T(0.5);
                return (s < 0 ? T(0.1) * s : s) + T(2) * Y(i, j);
            });
            Matrix<T> Z = X;
            Z = exp(Z) + Z;  // reads what it writes
            check_elements(Z, [&](index_t i, index_t j) { return std::exp(X(i, j)) + X(i, j); });
        }
    });
}

TEMPLATE_TEST_CASE("no layout changes a bit, and nothing around the destination is written", "[dispatch]", float,
                   double) {
    using T = TestType;
    Rng rng(2);
    each_isa([&] {
        const Matrix<T> X = randn<T>(rng, 41, 23);
        const Matrix<T, dynamic, dynamic, col_major> down = X;
        const Matrix<T> want = sigmoid(X) + X;
        Matrix<T> wide = full<T>(45, 30, T(-7));
        wide.block(2, 3, 41, 23) = sigmoid(down) + down;
        CHECK(Matrix<T>(wide.block(2, 3, 41, 23)) == want);
        wide.block(2, 3, 41, 23) = T(-7);
        CHECK(wide == Matrix<T>(full<T>(45, 30, T(-7))));
        const Matrix<T, dynamic, dynamic, col_major> other = sigmoid(X) + X;
        CHECK(Matrix<T>(other) == want);
    });
}

TEMPLATE_TEST_CASE("a product inside an expression is finished block by block", "[dispatch]", float, double) {
    using T = TestType;
    Rng rng(3);
    each_isa([&] {
        for (const auto& [m, n, k] : {std::array<index_t, 3>{300, 20, 7}, {3, 4, 5}, {40, 41, 0}}) {
            const Matrix<T> A = randn<T>(rng, m, k), B = randn<T>(rng, k, n), P = A * B;
            const Matrix<T> N = randn<T>(rng, 1, n);
            const RowVector<T> b = N.row(0);
            const auto want = [&](index_t i, index_t j) { return std::tanh(P(i, j) + b[j]); };
            check_elements(Matrix<T>(tanh(A * B + b)), want);
            check_elements(Matrix<T, dynamic, dynamic, col_major>(tanh(A * B + b)), want);
            Matrix<T> wide(2 * m, 2 * n);
            auto strided = view(wide.data(), m, n, 4 * n, 2);
            strided = tanh(A * B + b);
            check_elements(Matrix<T>(strided), want);
        }
    });
}

TEMPLATE_TEST_CASE("factorizations and complex products stand on the same kernels", "[dispatch]", float, double) {
    using T = TestType;
    Rng rng(4);
    constexpr T eps = std::numeric_limits<T>::epsilon();
    each_isa([&] {
        const Matrix<T> A = randn<T>(rng, 70, 70), S = A * A.T() + T(70) * eye<T>(70);
        const auto [Q, R] = qr(A);
        CHECK(norm(Q * R - A) <= 70 * eps * norm(A));
        CHECK(norm(A * solve(A, A.T()) - A.T()) <= 1000 * 70 * eps * norm(A));
        const auto d = svd(A);
        CHECK(norm(d.U * diag(d.s) * d.Vt - A) <= 70 * eps * norm(A));
        const auto L = cholesky(S);
        CHECK(norm(L * L.T() - S) <= 70 * eps * norm(S));
        const Matrix<std::complex<T>> Z = complex(A, S / T(70)), W = Z * Z;
        CHECK(norm(real(W) - (A * A - S * S / T(4900))) <= 4 * 70 * eps * norm(W));
    });
}
