// Functions of square matrices: Schur forms, eigenvalues of pencils, exp, log, sqrt, powers, Sylvester equations.
#include "cookbook.hpp"

namespace {

using complex = std::complex<double>;

void forms() {
    const Matrix<double> A = {{4, 1, -2}, {1, 2, 0}, {2, 0, 3}};
    // [hessenberg]
    const auto [Q, H] = hessenberg(A);  // A = Q H Q^T, zeros below the subdiagonal
    expect(H(2, 0) == 0 && norm(Q * H * Q.T() - A) < 1e-13);
    // [hessenberg]
    // [schur]
    const auto s = schur(A);  // quasi-triangular: a conjugate pair stands as a 2x2 block
    expect(norm(s.Q * s.T * s.Q.T() - A) < 1e-13 && s.T(2, 0) == 0);
    // [schur]
    // [schur_select]
    const auto stable = schur(Matrix<double>{{1, 5}, {0, -2}}, [](complex w) { return w.real() < 0; });
    expect(stable.selected == 1 && stable.T(0, 0) < 0);  // column 0 of Q spans that subspace
    // [schur_select]
    // [schur_complex]
    const auto c = schur_complex(A);  // triangular, the eigenvalues on its diagonal
    expect(abs(c.T(1, 0)) == 0 && norm(c.Q * c.T * adjoint(c.Q) - cast<complex>(A)) < 1e-13);
    // [schur_complex]
}

void eigenvalues() {
    // [eig]
    const Matrix<double> turn = {{0, -1}, {1, 0}};
    const auto [values, vectors] = eig(turn);
    expect(values[0] == complex(0, 1) && values[1] == complex(0, -1) && vectors.rows() == 2);
    // [eig]
    // [eigvals]
    const Matrix<double> triangle = {{1, 7}, {0, 2}};
    expect(eigvals(triangle)[1] == 2.0);
    // [eigvals]
    // [eig_complex]
    const Matrix<complex> Z = {{complex(0, 1), 1}, {0, 2}};
    const auto e = eig(Z);
    expect(norm(Z * e.vectors.col(1) - e.values[1] * e.vectors.col(1)) < 1e-15);
    // [eig_complex]
    const Matrix<double> A = {{1, 2}, {3, 4}}, B = {{1, 0}, {0, 0}};
    // [eig_generalized]
    const auto g = eig(A, B);  // beta A v = alpha B v; an infinite eigenvalue has beta = 0
    expect(min(g.beta) == 0 && std::isinf(max(abs(g.values))));
    // [eig_generalized]
    // [eigvals_generalized]
    const auto w = eigvals(A, Matrix<double>{{2, 0}, {0, 2}});  // those of inv(B) A
    expect(std::abs(w[0] + w[1] - 2.5) < 1e-14);
    // [eigvals_generalized]
    // [qz]
    const auto f = qz(A, B);  // A = Q S Z^H, B = Q T Z^H
    expect(norm(f.Q * f.S * adjoint(f.Z) - cast<complex>(A)) < 1e-14 && abs(f.T(1, 0)) == 0);
    // [qz]
}

void functions() {
    // [expm]
    const Matrix<double> K = {{0, -1}, {1, 0}};
    const auto R = expm(K);  // a rotation by one radian
    expect(std::abs(R(0, 0) - std::cos(1.0)) < 1e-15 && std::abs(R(1, 0) - std::sin(1.0)) < 1e-15);
    // [expm]
    // [logm]
    expect(norm(logm(R) - K) < 1e-15);  // real: R has no negative real eigenvalue
    // [logm]
    // [sqrtm]
    const auto half = sqrtm(R);
    expect(norm(half * half - R) < 1e-15);
    const Matrix<double> minus = {{-1, 0}, {0, -1}};  // sqrtm(minus) throws no_real_result
    expect(sqrtm(cast<complex>(minus))(0, 0) == complex(0, 1));
    // [sqrtm]
    // [fractional_power]
    const Matrix<double> D = {{8, 0}, {0, 27}};
    expect(std::abs(fractional_power(D, 1.0 / 3)(1, 1) - 3) < 1e-14);
    // [fractional_power]
    // [matrix_power]
    const Matrix<double> fibonacci = {{1, 1}, {1, 0}};
    expect(matrix_power(fibonacci, 10)(0, 1) == 55 && matrix_power(fibonacci, -1)(1, 1) == -1);
    // [matrix_power]
    const Matrix<double> A = {{1, 2}, {0, 3}};
    // [cosm]
    const auto C = cosm(A);  // the real part of expm(i A)
    expect(std::abs(C(0, 0) - std::cos(1.0)) < 1e-15 && C(1, 0) == 0);
    // [cosm]
    // [sinm]
    const auto S = sinm(A);
    expect(norm(C * C + S * S - eye<double>(2)) < 1e-14);
    // [sinm]
}

void equations() {
    const Matrix<double> A = {{-1, 2}, {0, -3}}, B = {{-2, 0}, {1, -1}}, C = {{1, 2}, {3, 4}};
    // [sylvester]
    const auto X = sylvester(A, B, C);
    expect(norm(A * X + X * B - C) < 1e-14);
    // [sylvester]
    // [lyapunov]
    const Matrix<double> Q = {{-1, 0}, {0, -1}};
    const auto P = lyapunov(A, Q);  // A is stable, so P is positive definite
    expect(norm(A * P + P * A.T() - Q) < 1e-14 && P(0, 0) > 0);
    // [lyapunov]
    // [discrete_lyapunov]
    const Matrix<double> F = {{0.5, 0.1}, {0, 0.8}}, W = {{1, 0}, {0, 1}};
    const auto V = discrete_lyapunov(F, W);  // the variance of x <- F x + noise of variance W
    expect(norm(F * V * F.T() - V + W) < 1e-14);
    // [discrete_lyapunov]
}

void test_matrices() {
    // [gallery]
    const auto H = gallery::hilbert(5), inverse = gallery::inverse_hilbert(5);
    expect(norm(H * inverse - eye<double>(5)) < 1e-9);
    expect(gallery::rosser()(0, 0) == 611 && gallery::wilkinson(21)(0, 0) == 10);
    // [gallery]
    // [gallery_ill_conditioned]
    expect(gallery::kahan(90, 1.2)(89, 89) > 1e-3);  // no small diagonal entry, yet nearly singular
    expect(det(gallery::triangle_of_ones(40)) == 1 && gallery::lotkin(4)(0, 3) == 1);
    expect(gallery::lauchli(3, 1e-9).rows() == 4);
    // [gallery_ill_conditioned]
    // [gallery_inverses]
    expect(std::abs(det(gallery::pascal(6)) - 1) < 1e-10 && std::abs(det(gallery::moler(6)) - 1) < 1e-10);
    expect(norm(matrix_power(gallery::pascal_involution(6), 2) - eye<double>(6)) == 0);
    expect(std::abs(inv(gallery::lehmer(5))(0, 2)) < 1e-14 && std::abs(inv(gallery::kms(5, 0.5))(0, 2)) < 1e-14);
    expect(std::abs(det(gallery::fiedler(4)) + 12) < 1e-12 && std::abs(det(gallery::redheffer(10)) + 1) < 1e-14);
    // [gallery_inverses]
    // [gallery_symmetric]
    expect(std::abs(max(eigvalsh(gallery::pei(5, 2))) - 7) < 1e-14);
    expect(std::abs(min(eigvalsh(gallery::tridiagonal(3))) - (2 - std::sqrt(2.0))) < 1e-14);
    expect(std::abs(det(gallery::minij(6)) - 1) < 1e-14);
    const auto S = gallery::sines(8), R = gallery::hadamard_matrix(8);
    expect(norm(S * S - eye<double>(8)) < 1e-14 && norm(R * R.T() - 8.0 * eye<double>(8)) == 0);
    // [gallery_symmetric]
    // [gallery_spectra]
    expect(std::abs(det(gallery::frank(7)) - 1) < 1e-9);  // eigenvalues w and 1 / w
    expect(std::abs(max(abs(eigvals(gallery::clement(6)))) - 5) < 1e-12);
    expect(std::abs(min(abs(eigvals(gallery::forsythe(4, 1e-8)))) - 0.01) < 1e-9);
    expect(gallery::grcar(5)(1, 0) == -1 && gallery::jordan_block(3, 2.0)(0, 1) == 1);
    expect(gallery::parter(4)(0, 0) == 2);                                     // singular values near pi
    const auto roots = eigvals(gallery::companion(Vector<double>{1, -3, 2}));  // of x^2 - 3 x + 2
    expect(std::abs(max(abs(roots)) - 2) < 1e-14);
    // [gallery_spectra]
    // [toeplitz]
    const Vector<double> c = {1, 2, 3}, r = {1, 4, 5};
    expect(gallery::toeplitz(c, r)(0, 2) == 5 && gallery::hankel(c, r)(2, 1) == 4);
    expect(gallery::vandermonde(c)(2, 2) == 9 && gallery::circulant(c)(0, 1) == 3);
    expect(gallery::cauchy(c, r)(0, 1) == 0.2);
    // [toeplitz]
}

}  // namespace

int main() {
    forms();
    eigenvalues();
    functions();
    equations();
    test_matrices();
}
