// Systems and eigenpairs by products alone.
#include "cookbook.hpp"

namespace {

// Second differences, never stored: anything that multiplies a vector will do.
Vector<double> second_differences(const Vector<double>& x) {
    const index_t n = x.size();
    Vector<double> y(n);
    for (index_t i = 0; i < n; ++i) y[i] = 2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i + 1 < n ? x[i + 1] : 0);
    return y;
}

void systems() {
    const Vector<double> b = {1, 0, 0, 0, 1}, ones_ = {1, 1, 1, 1, 1};
    // [cg]
    const auto by_cg = cg(second_differences, b);
    expect(by_cg.converged && allclose(by_cg.x, ones_) && by_cg.iterations <= 5);
    // [cg]
    // [minres]
    const Matrix<double> indefinite = {{0, 1}, {1, 0}};
    expect(allclose(minres(indefinite, Vector<double>{2, 3}).x, Vector<double>{3, 2}));
    // [minres]
    // [gmres]
    const Matrix<double> A = {{2, 1}, {0, 3}};
    expect(allclose(gmres(A, Vector<double>{3, 3}, {.tolerance = 1e-12}).x, Vector<double>{1, 1}));
    // [gmres]
    // [lsqr]
    const Matrix<double> X = {{1, 0}, {1, 1}, {1, 2}};
    expect(allclose(lsqr(X, Vector<double>{1, 3, 5}).x, Vector<double>{1, 2}));
    // [lsqr]
}

void eigenpairs() {
    // [lanczos]
    const auto top = lanczos<double>(second_differences, 200, 3);  // the 3 largest of order 200
    expect(top.converged && top.values[0] > top.values[1] && top.values[0] < 4);
    // [lanczos]
    // [lobpcg]
    const Matrix<double> D = diag(Vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9});
    const auto low = lobpcg(D, 2, {.which = Which::smallest});
    expect(low.converged && std::abs(low.values[1] - 2) < 1e-8);
    // [lobpcg]
}

}  // namespace

int main() {
    systems();
    eigenpairs();
}
