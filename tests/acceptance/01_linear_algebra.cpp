// Linear algebra by its standard names, on textbook cases with known answers.
//
// The acceptance program of this name with one expected figure put right: the cosine of (1, 2, 3) and (4, -5, 6) is
// 12 / sqrt(14 * 77) = 0.36548..., not 0.36514... = 12 / sqrt(1080).
#include <gram/gram.hpp>

#include <complex>
#include <limits>
#include <string>

#include "check.hpp"

using namespace gram;

int main() {
    // --- construction, shapes, element access -----------------------------------------------
    Matrix<double> A = {{1, 2}, {3, 4}};
    Vector<double> x = {3, -4, 0, 5};
    CHECK_THAT_(A.rows() == 2 && A.cols() == 2 && A.size() == 4);
    CHECK_THAT_(A(1, 0) == 3 && x[3] == 5 && x.size() == 4);
    CHECK_THAT_(allclose(A.T(), Matrix<double>{{1, 3}, {2, 4}}));
    CHECK_THAT_(allclose(A.row(1), RowVector<double>{3, 4}));
    CHECK_THAT_(allclose(A.col(1), Vector<double>{2, 4}));
    CHECK_THAT_(allclose(zeros<double>(2, 3) + ones<double>(2, 3), full<double>(2, 3, 1.0)));
    CHECK_THAT_(allclose(eye<double>(2) * A, A));
    CHECK_THAT_(allclose(diag(Vector<double>{3, 2}), Matrix<double>{{3, 0}, {0, 2}}));

    // --- products ---------------------------------------------------------------------------
    Matrix<double> B = {{5, 6}, {7, 8}};
    CHECK_THAT_(allclose(A * B, Matrix<double>{{19, 22}, {43, 50}}));
    CHECK_THAT_(allclose(hadamard(A, B), Matrix<double>{{5, 12}, {21, 32}}));
    Matrix<double> C = Matrix<double>{{1, 0, 2}, {-1, 3, 1}} * Matrix<double>{{3, 1}, {2, 1}, {1, 0}};
    CHECK_THAT_(allclose(C, Matrix<double>{{5, 1}, {4, 2}}));
    CHECK_NEAR_(dot(Vector<double>{1, 2, 3}, Vector<double>{4, -5, 6}), 12, 0);
    CHECK_THAT_(allclose(outer(Vector<double>{1, 2}, Vector<double>{3, 4}), Matrix<double>{{3, 4}, {6, 8}}));
    CHECK_THAT_(allclose(kron(Matrix<double>{{1, 2}, {3, 4}}, Matrix<double>{{0, 5}, {6, 7}}),
                         Matrix<double>{{0, 5, 0, 10}, {6, 7, 12, 14}, {0, 15, 0, 20}, {18, 21, 24, 28}}));

    // --- broadcasting: only an extent that is 1 in the type is stretched -----------------------
    Matrix<double> X = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}};
    RowVector<double> bias = {100, 200, 300};
    Matrix<double> shifted = X + bias;
    CHECK_THAT_(shifted(0, 0) == 101 && shifted(3, 2) == 312);
    Matrix<double> centred = X - mean<0>(X);
    CHECK_THAT_(allclose(sum<0>(centred), RowVector<double>{0, 0, 0}));
    CHECK_THAT_(allclose(sum<1>(X), Vector<double>{6, 15, 24, 33}));

    // --- norms, angle -------------------------------------------------------------------------
    CHECK_NEAR_(norm(x, 1), 12, 1e-14);
    CHECK_NEAR_(norm(x), std::sqrt(50.0), 1e-14);
    CHECK_NEAR_(norm(x, inf), 5, 0);
    CHECK_NEAR_(cosine_similarity(Vector<double>{1, 2, 3}, Vector<double>{4, -5, 6}), 0.3654869423239036, 1e-12);
    CHECK_NEAR_(norm(A), std::sqrt(30.0), 1e-14);                    // Frobenius is the default of a matrix
    CHECK_NEAR_(norm(A, spectral), 5.464985704219043, 1e-12);
    CHECK_NEAR_(norm(A, nuclear), 5.464985704219043 + 0.365966190626258, 1e-12);
    CHECK_NEAR_(norm(Vector<double>{3e200, 4e200}), 5e200, 1e186);    // no overflow on the way
    CHECK_NEAR_(norm(Vector<double>{3e-200, 4e-200}) / 5e-200, 1, 1e-14);

    // --- scalars of a matrix ------------------------------------------------------------------
    CHECK_NEAR_(trace(A), 5, 0);
    CHECK_NEAR_(det(Matrix<double>{{4, 7}, {2, 6}}), 10, 1e-13);
    CHECK_THAT_(matrix_rank(Matrix<double>{{1, 2, 3}, {2, 4, 6}, {0, 1, 1}}) == 2);
    CHECK_NEAR_(cond(Matrix<double>{{1, 1}, {1, 1.001}}), 4002.000750, 1e-2);

    // --- solving ------------------------------------------------------------------------------
    CHECK_THAT_(allclose(inv(Matrix<double>{{4, 7}, {2, 6}}), Matrix<double>{{.6, -.7}, {-.2, .4}}));
    CHECK_THROWS_(singular_matrix, inv(Matrix<double>{{1, 2}, {2, 4}}));
    CHECK_THAT_(allclose(solve(Matrix<double>{{2, 1}, {4, 3}}, Vector<double>{3, 7}), Vector<double>{1, 1}));
    Matrix<double> D = {{1, 0}, {1, 1}, {1, 2}, {1, 3}};               // y = 1 + 2t
    CHECK_THAT_(allclose(lstsq(D, Vector<double>{1, 3, 5, 7}), Vector<double>{1, 2}));
    CHECK_THAT_(allclose(D * pinv(D) * D, D));
    CHECK_NEAR_(norm(Matrix<double>{{1, 2, 3}, {2, 4, 6}, {0, 1, 1}} * null_space(Matrix<double>{{1, 2, 3}, {2, 4, 6}, {0, 1, 1}})), 0, 1e-13);

    // --- factorizations -----------------------------------------------------------------------
    {
        auto [L, U, p] = lu(Matrix<double>{{2, 1}, {4, 3}});          // p: row order, so that A(p, :) = L U
        CHECK_THAT_(p[0] == 1 && p[1] == 0);
        CHECK_THAT_(allclose(L * U, Matrix<double>{{4, 3}, {2, 1}}));
    }
    {
        Matrix<double> S = {{2, 1}, {1, 2}};
        Matrix<double> L = cholesky(S);
        CHECK_THAT_(allclose(L * L.T(), S) && L(0, 1) == 0);
        CHECK_THROWS_(not_positive_definite, cholesky(Matrix<double>{{1, 2}, {2, 1}}));
    }
    {
        auto [Q, R] = qr(X);                                           // thin: 4x3, 3x3
        CHECK_THAT_(Q.rows() == 4 && Q.cols() == 3 && allclose(Q * R, X));
        CHECK_THAT_(allclose(Q.T() * Q, eye<double>(3)));
    }
    {
        auto [values, vectors] = eigh(Matrix<double>{{4, 2}, {2, 3}}); // ascending, orthonormal columns
        CHECK_NEAR_(values[0], (7 - std::sqrt(17.0)) / 2, 1e-14);
        CHECK_NEAR_(values[1], (7 + std::sqrt(17.0)) / 2, 1e-14);
        CHECK_THAT_(allclose(vectors * diag(values) * vectors.T(), Matrix<double>{{4, 2}, {2, 3}}));
    }
    {
        auto [values, vectors] = eig(Matrix<double>{{0, -1}, {1, 0}}); // a quarter turn: +-i
        CHECK_NEAR_(std::abs(values[0].imag()), 1, 1e-14);
        CHECK_NEAR_(values[0].real(), 0, 1e-14);
        CHECK_NEAR_(std::abs(values[0] - std::conj(values[1])), 0, 1e-14);
    }
    {
        Matrix<double> R = {{5, 4, 0, 0}, {4, 5, 0, 0}, {0, 0, 4, 5}, {0, 0, 5, 4}};
        auto [U, s, Vt] = svd(R);                                      // descending
        CHECK_THAT_(allclose(s, Vector<double>{9, 9, 1, 1}));
        CHECK_THAT_(allclose(U * diag(s) * Vt, R));
        auto R2 = low_rank(R, 2);
        CHECK_NEAR_(norm(R - R2), std::sqrt(2.0), 1e-12);              // Eckart-Young
        CHECK_THAT_(allclose(singular_values(Matrix<double>{{0, -2}, {2, 0}}), Vector<double>{2, 2}));
        auto all = svd(X, {.vectors = Vectors::full});                  // U is 4 x 4, Vt is 3 x 3
        CHECK_THAT_(all.U.rows() == 4 && all.U.cols() == 4 && all.Vt.rows() == 3 && all.s.size() == 3);
        CHECK_THAT_(allclose(all.U.T() * all.U, eye<double>(4)));
    }
    {
        Rng rng(42);
        Matrix<double> Q = random_orthogonal<double>(rng, 5);          // Haar
        CHECK_THAT_(allclose(Q.T() * Q, eye<double>(5)));
        CHECK_NEAR_(std::abs(det(Q)), 1, 1e-12);
        Matrix<double> big = randn<double>(rng, 100, 5) * randn<double>(rng, 5, 50);
        CHECK_THAT_(matrix_rank(big) == 5);
        auto k5 = randomized_svd(big, 5, rng);                         // {U, s, Vt}
        CHECK_THAT_(allclose(k5.U * diag(k5.s) * k5.Vt, big, 1e-10, 1e-10));
        auto top = power_iteration(Matrix<double>{{2, 1}, {1, 2}}, rng); // {value, vector}
        CHECK_NEAR_(top.value, 3, 1e-9);
    }

    // --- nothing to be careful about: aliasing and lifetime -------------------------------------
    Matrix<double> M = {{1, 2}, {3, 4}};
    M = M * M;
    CHECK_THAT_(allclose(M, Matrix<double>{{7, 10}, {15, 22}}));
    M = M.T();
    CHECK_THAT_(allclose(M, Matrix<double>{{7, 15}, {10, 22}}));
    M = M + M.T();
    CHECK_THAT_(allclose(M, Matrix<double>{{14, 25}, {25, 44}}));
    auto lazy = Matrix<double>{{1, 1}, {1, 1}} * 2.0 + Matrix<double>{{1, 0}, {0, 1}};   // owns its temporaries
    CHECK_THAT_(allclose(lazy, Matrix<double>{{3, 2}, {2, 3}}));

    // --- errors say what met what ----------------------------------------------------------------
    CHECK_THROWS_(shape_error, Matrix<double> bad = zeros<double>(3, 5) * zeros<double>(4, 2));
    CHECK_THROWS_(shape_error, Matrix<double> bad = zeros<double>(3, 5) + zeros<double>(3, 4));
    try {
        Matrix<double> bad = zeros<double>(3, 5) * zeros<double>(4, 2);
    } catch (const shape_error& e) {
        std::string what = e.what();
        CHECK_THAT_(what.find("3x5") != std::string::npos && what.find("4x2") != std::string::npos);
    }
    CHECK_THROWS_(non_finite, svd(Matrix<double>{{1, std::nan("")}, {0, 1}}));
    CHECK_THROWS_(non_finite, eigh(Matrix<double>{{1, std::numeric_limits<double>::infinity()}, {0, 1}}));
    CHECK_THAT_(svd(zeros<double>(0, 3)).s.size() == 0);               // an empty matrix is a matrix

    return accept::report();
}
