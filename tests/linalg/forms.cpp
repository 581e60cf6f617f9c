// Special forms against the matrices that they stand for; what products and solves with them cost.
#include "gram/linalg/forms.hpp"

#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> random(index_t m, index_t n, std::uint64_t seed) {
    if constexpr (is_complex_v<T>) {
        return support::complex_gaussian<T>(m, n, seed);
    } else {
        return support::gaussian<T>(m, n, seed);
    }
}

template <class T>
Vector<T> column(index_t n, std::uint64_t seed) {
    const Matrix<T> A = random<T>(n, 1, seed);
    return A.col(0);
}

template <class T, class Form>
Matrix<T> dense_of(const Form& form) {
    if constexpr (std::is_same_v<Form, PermutationMatrix>) {
        return dense<T>(form);
    } else {
        return dense(form);
    }
}

// Products from both sides and a solve agree with the dense matrix.
template <class T, class Form>
void check_form(const Form& form, support::Worst& worst) {
    const index_t n = form.rows();
    const Matrix<T> full = dense_of<T>(form), B = random<T>(n, 3, 1), wide = random<T>(n, 9, 2);
    CHECK(worst(support::distance_ratio(Matrix<T>(full * B), Matrix<T>(form * B))) < 30);
    CHECK(worst(support::distance_ratio(Matrix<T>(full * wide), Matrix<T>(form * wide))) < 30);
    const Vector<T> x = column<T>(n, 3);
    CHECK(support::distance_ratio(Vector<T>(full * x), form * x) < 30);
    if constexpr (requires { solve(form, B); }) {
        const Matrix<T> X = solve(form, B);
        CHECK(worst(support::solve_ratio(full, X, B)) < 30);
    }
    if constexpr (requires { B.T() * form; }) {
        const Matrix<T> left = B.T();
        CHECK(worst(support::distance_ratio(Matrix<T>(left * full), Matrix<T>(left * form))) < 30);
    }
    CHECK_THROWS_AS(form * Matrix<T>(n + 1, 2), shape_error);
}

}  // namespace

TEMPLATE_TEST_CASE("forms: products and solves are those of the dense matrix", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 5, 17, 40}) {
        CAPTURE(n);
        Matrix<T> A = random<T>(n, n, 4);
        for (index_t i = 0; i < n; ++i) A(i, i) += T(static_cast<real_t<T>>(n));
        check_form<T>(DiagonalMatrix<T>(Vector<T>(A.diagonal())), worst);
        check_form<T>(lower_triangle(A), worst);
        check_form<T>(upper_triangle(A, Diagonal::unit), worst);
        check_form<T>(lower_triangle(A).transposed(), worst);
        check_form<T>(symmetric(A), worst);
        check_form<T>(ReflectorProduct<T>(A), worst);
        Rng rng(5);
        check_form<T>(PermutationMatrix(rng.permutation(n)), worst);
        for (const auto& [kl, ku] : {std::pair<index_t, index_t>{0, 0}, {1, 1}, {2, 0}, {0, 3}, {3, 2}, {n, n}}) {
            check_form<T>(BandedMatrix<T>(A, kl, ku), worst);
        }
    }
    CHECK(worst.value < 20);
}

TEST_CASE("forms: the triangle that is not meant is not read, nor a unit diagonal") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Matrix<double> A = {{nan, nan}, {3, nan}};
    const Matrix<double> X = lower_triangle(A, Diagonal::unit) * Matrix<double>{{1}, {2}};
    CHECK((X(0, 0) == 1 && X(1, 0) == 5));
    const Matrix<double> S = {{1, nan}, {2, 4}};
    CHECK((symmetric(S) * Vector<double>{1, 1})[0] == 3);
}

// The matrices these stand for have 4e8 elements: work or memory of that order would not go unnoticed.
TEST_CASE("forms: a diagonal, a permutation and a band cost what they should") {
    const index_t n = 20000;
    Vector<double> d(n), x(n);
    for (index_t i = 0; i < n; ++i) d[i] = static_cast<double>(i + 1), x[i] = 1;
    const DiagonalMatrix<double> D(d);
    CHECK(solve(D, D * x)[n - 1] == 1);
    Rng rng(6);
    const PermutationMatrix P(rng.permutation(n));
    CHECK((P.T() * (P * d))[n / 2] == d[n / 2]);
    BandedMatrix<double> T(n, 1, 1);
    for (index_t i = 0; i < n; ++i) T.at(i, i) = 4;
    for (index_t i = 0; i + 1 < n; ++i) T.at(i, i + 1) = T.at(i + 1, i) = -1;
    CHECK(std::abs(solve(T, T * x)[n / 3] - 1) < 1e-12);
    const Matrix<double> tall = generate<double>(n, 2, [&] { return rng.normal(); });
    const ReflectorProduct Q(tall);  // its Q has 4e8 elements
    const Matrix<double> back = Q * solve(Q, tall);
    CHECK(std::abs(back(n - 1, 1) - tall(n - 1, 1)) < 1e-10);
}

TEMPLATE_TEST_CASE("forms: Toeplitz and diagonal-plus-low-rank systems", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 7, 40}) {
        CAPTURE(n);
        Vector<T> c = column<T>(n, 7), r = column<T>(n, 8);
        const Vector<T> b = column<T>(n, 9);
        if (n > 0) c[0] = T(static_cast<real_t<T>>(3 * n));  // well conditioned leading minors
        Matrix<T> A(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) A(i, j) = i >= j ? c[i - j] : r[j - i];
        CHECK(worst(support::solve_ratio(A, solve_toeplitz(c, r, b), b)) < 30);
        const Matrix<T> U = random<T>(n, 2, 10), V = random<T>(n, 2, 11);
        const Matrix<T> W = dense(DiagonalMatrix<T>(Vector<T>(A.diagonal()))) + U * adjoint(V);
        CHECK(worst(support::solve_ratio(W, solve_diagonal_plus_low_rank(Vector<T>(A.diagonal()), U, V, b), b)) < 30);
    }
    CHECK(worst.value < 20);
}

TEST_CASE("forms: what they refuse") {
    using D = DiagonalMatrix<double>;
    CHECK_THROWS_AS(solve(D(Vector<double>{1, 0}), Vector<double>{1, 1}), singular_matrix);
    CHECK_THROWS_AS(solve(D(Vector<double>{1, 1}), Vector<double>{1, std::numeric_limits<double>::infinity()}),
                    non_finite);
    CHECK_THROWS_AS(PermutationMatrix(std::vector<index_t>{0, 0}), std::invalid_argument);
    CHECK_THROWS_AS(PermutationMatrix(std::vector<index_t>{2, 0}), std::invalid_argument);
    const Matrix<double> wide(2, 3);
    CHECK_THROWS_AS(lower_triangle(wide), shape_error);
    CHECK_THROWS_AS(symmetric(wide), shape_error);
    CHECK_THROWS_AS(BandedMatrix<double>(3, -1, 0), std::invalid_argument);
    BandedMatrix<double> T(4, 1, 0);
    CHECK_THROWS_AS(T.at(0, 1), std::out_of_range);
    CHECK_THROWS_AS(T(0, 4), std::out_of_range);
    CHECK(T(0, 3) == 0);
    CHECK_THROWS_AS(solve(T, Vector<double>(4)), singular_matrix);
    CHECK_THROWS_AS(solve_tridiagonal(Vector<double>(1), Vector<double>(3), Vector<double>(2), Vector<double>(3)),
                    shape_error);
    CHECK_THROWS_AS(solve_toeplitz(Vector<double>{0, 1}, Vector<double>{0, 1}, Vector<double>{1, 1}), singular_matrix);
    CHECK_THROWS_AS(solve_toeplitz(Vector<double>{1, 1}, Vector<double>{1}, Vector<double>{1, 1}), shape_error);
    CHECK(det(PermutationMatrix(std::vector<index_t>{1, 0, 2})) == -1);
    CHECK(det(PermutationMatrix(std::vector<index_t>{1, 2, 0})) == 1);
}
