// A user's file: a product, an SVD, a symmetric eigenproblem and a system, by gram. Compiled, not run, for its time.
#include <gram/gram.hpp>

double use(const gram::Matrix<double>& A, const gram::Matrix<double>& B, const gram::Vector<double>& b) {
    const gram::Matrix<double> C = A * B;
    const auto [U, s, Vt] = gram::svd(C);
    const auto [values, vectors] = gram::eigh(C);
    const gram::Vector<double> x = gram::solve(C, b);
    return U(0, 0) + s[0] + Vt(0, 0) + values[0] + vectors(0, 0) + x[0];
}
