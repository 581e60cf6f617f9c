// Factorizations, the systems they solve, and how they are kept up to date.
#include "cookbook.hpp"

namespace {

const Matrix<double> A = {{4, 1, 0}, {1, 3, 1}, {0, 1, 2}};
const Vector<double> b = {5, 5, 3};

void classic() {
    // [lu]
    const auto [L, U, p] = lu(A);
    expect(allclose(L * U, A(p, every)));
    // [lu]
    // [cholesky]
    const Matrix<double> C = cholesky(A);
    expect(allclose(C * C.T(), A) && C(0, 1) == 0);
    // [cholesky]
    // [qr]
    const auto [Q, R] = qr(A);
    expect(allclose(Q * R, A) && allclose(Q.T() * Q, eye<double>(3)));
    const auto f = qr_pivoted(A);
    expect(f.rank == 3);
    // [qr]
}

void systems() {
    // [solve]
    expect(allclose(solve(A, b), Vector<double>{1, 1, 1}));
    expect(allclose(A * inv(A), eye<double>(3)) && std::abs(det(A) - 18) < 1e-12);
    // [solve]
    // [solve_factored]
    const auto f = lu(A);  // once, for right-hand sides that come one after the other
    expect(allclose(solve(f, b), Vector<double>{1, 1, 1}) && allclose(solve(f, 2 * b), Vector<double>{2, 2, 2}));
    // [solve_factored]
    // [triangular]
    const Matrix<double> L = cholesky(A);
    const Vector<double> y = solve_triangular(L, b);
    expect(allclose(solve_triangular(L.T(), y, {.triangle = Triangle::upper}), Vector<double>{1, 1, 1}));
    // [triangular]
    // [slogdet]
    const auto [sign, log] = slogdet(A);
    expect(sign == 1 && std::abs(log - std::log(18.0)) < 1e-12);
    // [slogdet]
    // [lstsq]
    const Matrix<double> X = {{1, 0}, {1, 1}, {1, 2}};  // the line through (0, 1), (1, 3), (2, 5)
    expect(allclose(lstsq(X, Vector<double>{1, 3, 5}), Vector<double>{1, 2}));
    // [lstsq]
    // [lstsq_report]
    const auto report = lstsq_report(X, Vector<double>{1, 3, 6});
    expect(report.rank == 2 && std::abs(report.residual_norms[0] - std::sqrt(1.0 / 6)) < 1e-12);
    // [lstsq_report]
    // [refined]
    expect(allclose(solve_refined(A, b).x, Vector<double>{1, 1, 1}, 1e-15));
    // [refined]
    // [condition]
    expect(cond_estimate(A) > 3 && rcond(A) < 1 && cond(A) > 1);
    // [condition]
}

void indefinite() {
    // [ldlt]
    const Matrix<double> S = {{0, 1}, {1, 0}};  // Cholesky refuses it
    const auto f = ldlt(S);
    expect(allclose(f.L * f.D * f.L.T(), S(f.p, f.p)));
    expect(inertia(f).positive == 1 && inertia(f).negative == 1);
    expect(allclose(solve(f, Vector<double>{2, 3}), Vector<double>{3, 2}));
    // [ldlt]
    // [cod]
    const Matrix<double> D = {{1, 2}, {2, 4}};  // of rank 1
    const auto c = cod(D);
    expect(c.rank == 1 && allclose(c.Q * c.T_ * c.Z.T(), D(every, c.p)));
    // [cod]
}

void updates() {
    const Vector<double> x = {1, 0, 2};
    // [update]
    const Matrix<double> L = cholesky(A), up = cholesky_update(L, x);
    expect(allclose(up * up.T(), A + outer(x, x)));
    expect(allclose(cholesky_downdate(up, x), L));
    // [update]
    // [qr_update]
    const auto f = qr_update(qr(A), x, b);
    expect(allclose(f.Q * f.R, A + outer(x, b)));
    // [qr_update]
}

void small() {
    // [small]
    constexpr Matrix<double, 2, 2> two = {{4, 7}, {2, 6}};
    static_assert(det(two) == 10 && solve(two, Vector<double, 2>{11, 8})[0] == 1);  // while compiling
    const Matrix<double, 2, 2> X = inv(two);                                        // nothing on the heap
    expect(allclose(two * X, eye<double>(2)));
    // [small]
}

}  // namespace

int main() {
    classic();
    systems();
    indefinite();
    updates();
    small();
}
