// A few lines from every room of the library; exits with the number of answers that are wrong.
#include <gram/gram.hpp>

#include <cmath>
#include <cstdio>

namespace {

int wrong = 0;

void expect(bool ok, const char* what) {
    if (ok) return;
    ++wrong;
    std::printf("wrong: %s\n", what);
}

}  // namespace

int main() {
    gram::Rng rng(7);
    const gram::Matrix<double> A = gram::randn<double>(rng, 40, 40);
    const gram::Vector<double> x = gram::randn<double>(rng, 40, 1);
    const gram::Vector<double> b = A * x;
    expect(gram::allclose(gram::solve(A, b), x, 1e-8, 1e-8), "solve(A, A * x) is x");

    const gram::Matrix<double> S = A.T() * A;
    const auto [values, vectors] = gram::eigh(S);
    expect(gram::allclose(S * vectors, vectors * gram::diag(values), 1e-8, 1e-8), "eigh: S * V = V * diag(values)");

    const auto [U, s, Vt] = gram::svd(A);
    expect(gram::allclose(U * gram::diag(s) * Vt, A, 1e-8, 1e-8), "svd: U * diag(s) * Vt = A");

    const gram::Matrix<float> X = gram::randn<float>(rng, 5, 3);
    const gram::Matrix<float> W = gram::randn<float>(rng, 4, 3);
    const gram::RowVector<float> bias = {1, 2, 3, 4};
    const gram::Matrix<float> H = gram::relu(X * W.T() + bias);
    for (gram::index_t i = 0; i < 5; ++i) {
        for (gram::index_t j = 0; j < 4; ++j) {
            const float z = X(i, 0) * W(j, 0) + X(i, 1) * W(j, 1) + X(i, 2) * W(j, 2) + bias[j];
            expect(std::abs(H(i, j) - (z > 0 ? z : 0)) < 1e-5F, "relu(X * W.T() + bias)");
        }
    }
    return wrong;
}
