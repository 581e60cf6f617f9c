// Matrices of a special form: what is known about them is not computed.
#include "cookbook.hpp"

namespace {

const Matrix<double> B = {{1, 2}, {3, 4}, {5, 6}};

void forms() {
    // [diagonal]
    const DiagonalMatrix<double> D(Vector<double>{1, 2, 4});
    expect((D * B)(2, 0) == 20 && allclose(D * solve(D, B), B) && det(D) == 8 && inv(D)(2, 2) == 0.25);
    // [diagonal]
    // [permutation]
    const PermutationMatrix P(std::vector<index_t>{2, 0, 1});
    expect((P * B)(0, 0) == 5 && allclose(P.T() * (P * B), B) && det(P) == 1);
    // [permutation]
    const Matrix<double> A = {{2, 9, 9}, {1, 3, 9}, {4, 5, 6}};
    // [triangular]
    const auto L = lower_triangle(A);  // the nines are not there
    expect((L * B)(0, 0) == 2 && allclose(L * solve(L, B), B) && det(L) == 36);
    expect(dense(upper_triangle(A))(1, 0) == 0);
    // [triangular]
    // [symmetric]
    const auto S = symmetric(A);
    expect(dense(S)(0, 2) == 4 && allclose(S * B, dense(S) * B));
    // [symmetric]
    // [reflectors]
    const ReflectorProduct Q(B);  // of its QR factorization
    const Matrix<double> QtB = solve(Q, B);
    expect(allclose(QtB.block(0, 0, 2, 2), Q.R()) && allclose(Q * QtB, B));
    // [reflectors]
}

void systems() {
    // [banded]
    BandedMatrix<double> T(4, 1, 1);  // second differences
    for (index_t i = 0; i < 4; ++i) T.at(i, i) = 2;
    for (index_t i = 0; i < 3; ++i) T.at(i, i + 1) = T.at(i + 1, i) = -1;
    const Vector<double> x = solve(T, Vector<double>{1, 0, 0, 1});
    expect(allclose(x, Vector<double>{1, 1, 1, 1}) && allclose(T * x, Vector<double>{1, 0, 0, 1}));
    // [banded]
    // [tridiagonal]
    const Vector<double> off = {-1, -1, -1}, two = {2, 2, 2, 2};
    expect(allclose(solve_tridiagonal(off, two, off, Vector<double>{1, 0, 0, 1}), x));
    // [tridiagonal]
    // [toeplitz]
    const Vector<double> c = {2, -1, 0, 0};
    expect(allclose(solve_toeplitz(c, c, Vector<double>{1, 0, 0, 1}), x));
    // [toeplitz]
    // [low_rank_update]
    const Matrix<double> u = {{1}, {1}};
    const Vector<double> y = solve_diagonal_plus_low_rank(Vector<double>{1, 1}, u, u, Vector<double>{3, 3});
    expect(allclose(y, Vector<double>{1, 1}));  // [[2, 1], [1, 2]] y = (3, 3)
    // [low_rank_update]
}

}  // namespace

int main() {
    forms();
    systems();
}
