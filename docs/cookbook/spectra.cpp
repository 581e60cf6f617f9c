// Eigenvalues, singular values and what is built on them.
#include "cookbook.hpp"

namespace {

const Matrix<double> S = {{2, 1}, {1, 2}};

void eigenvalues() {
    // [eigh]
    const auto [values, vectors] = eigh(S);  // ascending; the lower triangle is used
    expect(std::abs(values[0] - 1) < 1e-14 && std::abs(values[1] - 3) < 1e-14);
    expect(allclose(S * vectors, vectors * diag(values)) && allclose(eigvalsh(S), values));
    // [eigh]
    // [eig]
    const Matrix<double> turn = {{0, -1}, {1, 0}};
    const auto e = eig(turn);  // complex in general: here i and -i
    expect(std::abs(e.values[0].real()) < 1e-15 && std::abs(std::abs(e.values[0].imag()) - 1) < 1e-15);
    // [eig]
    // [eigh_generalized]
    const Matrix<double> B = {{2, 0}, {0, 1}};
    const auto g = eigh(S, B);  // S x = w B x
    expect(allclose(S * g.vectors, B * g.vectors * diag(g.values)));
    expect(allclose(g.vectors.T() * B * g.vectors, eye<double>(2)));
    // [eigh_generalized]
    // [eigvalsh_generalized]
    expect(allclose(eigvalsh(S, B), g.values));
    // [eigvalsh_generalized]
    // [power_iteration]
    Rng rng(1);
    const auto top = power_iteration(S, rng);
    expect(std::abs(top.value - 3) < 1e-12);
    // [power_iteration]
}

void singular_values() {
    // [svd]
    const Matrix<double> A = {{3, 0}, {4, 5}, {0, 0}};
    const auto [U, s, Vt] = svd(A);  // thin: U is 3x2
    expect(allclose(U * diag(s) * Vt, A) && std::abs(s[0] * s[1] - 15) < 1e-12 && allclose(singular_values(A), s));
    // [svd]
    // [svd_accuracy]
    const Matrix<double> graded = {{1, 1e-20}, {1, -1e-20}};  // columns of far different size: sqrt(2), sqrt(2) 1e-20
    const auto exact = svd(graded, {.accuracy = Accuracy::high});  // each to its own size, not to eps * 1.4
    expect(std::abs(exact.s[1] / 1e-20 - std::sqrt(2.0)) < 1e-14);
    expect(singular_values(graded, {.accuracy = Accuracy::high})[1] > 1.41e-20);
    // [svd_accuracy]
    // [randomized_svd]
    Rng rng(2);
    const Matrix<double> tall = randn<double>(rng, 200, 3) * randn<double>(rng, 3, 40);  // of rank 3
    const auto few = randomized_svd(tall, 3, rng);
    expect(allclose(few.U * diag(few.s) * few.Vt, tall));
    // [randomized_svd]
    // [random_orthogonal]
    const auto Q = random_orthogonal<double>(rng, 5);
    expect(allclose(Q.T() * Q, eye<double>(5)));
    // [random_orthogonal]
    // [polar]
    const auto p = polar(S);  // the nearest orthogonal matrix, and what stretches
    expect(allclose(p.U * p.P, S) && allclose(p.U, eye<double>(2)));
    // [polar]
}

void small() {
    // [small]
    const Matrix<double, 3, 3> inertia = {{2, -1, 0}, {-1, 2, -1}, {0, -1, 2}};
    const auto [moments, axes] = eigh(inertia);  // Vector<double, 3> and Matrix<double, 3, 3>, on the stack
    expect(std::abs(moments[1] - 2) < 1e-15 && allclose(axes.T() * axes, eye<double>(3)));
    expect(std::abs(svd(inertia).s[0] - moments[2]) < 1e-14 && eigvalsh(inertia)[0] == moments[0]);
    expect(singular_values(inertia)[2] > 0.58);
    // [small]
}

}  // namespace

int main() {
    eigenvalues();
    singular_values();
    small();
}
