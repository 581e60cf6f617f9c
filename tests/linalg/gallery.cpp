#include "gram/linalg/gallery.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "gram/expr/operators.hpp"
#include "gram/linalg/eig.hpp"
#include "gram/linalg/eigh.hpp"
#include "gram/linalg/solve.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

namespace {

namespace gallery = gram::gallery;
using gram::index_t;
using gram::Matrix;
using gram::Vector;

constexpr double pi = 3.141592653589793;

double number(index_t i) { return static_cast<double>(i); }

// The largest |A B - I|.
double inverse_error(const Matrix<double>& A, const Matrix<double>& B) {
    const auto C = support::multiply(support::plain(A), support::plain(B));
    double worst = 0;
    for (index_t i = 0; i < C.rows; ++i)
        for (index_t j = 0; j < C.cols; ++j) worst = std::max(worst, std::abs(C(i, j) - (i == j ? 1.0 : 0.0)));
    return worst;
}

// Distance of the eigenvalues of a symmetric matrix to those known, in units of n eps ||A||.
double spectrum_error(const Matrix<double>& A, std::vector<double> known) {
    std::sort(known.begin(), known.end());
    Vector<double> values(A.rows());
    std::copy(known.begin(), known.end(), values.begin());
    return support::values_ratio(gram::eigvalsh(A), values, support::frobenius(A));
}

// The largest distance of a known eigenvalue to the nearest one that eig finds.
double eig_error(const Matrix<double>& A, const std::vector<std::complex<double>>& known) {
    const auto found = gram::eigvals(A);
    double worst = 0;
    for (const auto& w : known) {
        double nearest = std::abs(found[0] - w);
        for (const auto& v : found) nearest = std::min(nearest, std::abs(v - w));
        worst = std::max(worst, nearest);
    }
    return worst;
}

bool is_tridiagonal(const Matrix<double>& A, double tolerance) {
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j)
            if (std::abs(i - j) > 1 && std::abs(A(i, j)) > tolerance) return false;
    return true;
}

}  // namespace

TEST_CASE("gallery: Hilbert's matrix and its inverse of whole numbers", "[linalg]") {
    CHECK(support::identical(gallery::inverse_hilbert(3),
                             Matrix<double>{{9, -36, 30}, {-36, 192, -180}, {30, -180, 180}}));
    for (const index_t n : {0, 1, 2, 5, 7}) {
        CHECK(inverse_error(gallery::hilbert(n), gallery::inverse_hilbert(n)) < 1e-16 * std::exp(3.5 * number(n)));
    }
    // det H_5 = 1 / 266716800000.
    CHECK(std::abs(gram::det(gallery::hilbert(5)) * 266716800000 - 1) < 1e-9);
    CHECK(gallery::hilbert(2, 3)(1, 2) == 0.25);
    CHECK(gallery::lotkin(4)(0, 3) == 1);
    CHECK(gallery::lotkin(4)(3, 0) == 0.25);
    CHECK(gallery::hilbert<float>(3)(2, 2) == 0.2f);
}

TEST_CASE("gallery: known determinants and inverses", "[linalg]") {
    for (const index_t n : {1, 2, 6, 10}) {
        CAPTURE(n);
        CHECK(std::abs(gram::det(gallery::pascal(n)) - 1) < 1e-7);
        CHECK(inverse_error(gallery::pascal_involution(n), gallery::pascal_involution(n)) == 0);
        CHECK(std::abs(gram::det(gallery::minij(n)) - 1) < 1e-12);
        CHECK(std::abs(gram::det(gallery::moler(n)) - 1) < 1e-9);
        CHECK(std::abs(gram::det(gallery::frank(n)) - 1) < 1e-9);
        CHECK(is_tridiagonal(gram::inv(gallery::lehmer(n)), 1e-12));
        CHECK(is_tridiagonal(gram::inv(gallery::minij(n)), 1e-12));
        CHECK(is_tridiagonal(gram::inv(gallery::kms(n, 0.7)), 1e-13));
        CHECK(std::abs(gram::det(gallery::kms(n, 0.5)) - std::pow(0.75, number(n - 1))) < 1e-14);
        const double fiedler = (n % 2 == 0 ? -1 : 1) * std::exp2(number(n - 2)) * number(n - 1);
        CHECK(std::abs(gram::det(gallery::fiedler(n)) - fiedler) <= 1e-12 * std::abs(fiedler));
        // The inverse of triangle_of_ones: 1, then powers of two.
        Matrix<double> X(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = i; j < n; ++j) X(i, j) = i == j ? 1 : std::exp2(number(j - i - 1));
        CHECK(inverse_error(gallery::triangle_of_ones(n), X) == 0);
        const auto U = gallery::triangle_of_ones(n, 0.5);
        const auto UTU = support::multiply(support::transposed(support::plain(U)), support::plain(U));
        CHECK(support::distance_ratio(gallery::moler(n, 0.5), UTU) == 0);
    }
    for (const index_t n : {1, 2, 6, 10}) {
        CAPTURE(n);
        const double det_kahan = std::pow(std::sin(1.2), number(n * (n - 1) / 2));
        CHECK(std::abs(gram::det(gallery::kahan(n)) / det_kahan - 1) < 1e-13);
        CHECK(std::abs(gram::det(gallery::jordan_block(n, 0.5)) - std::exp2(-number(n))) < 1e-15);
        // Läuchli: A^T A is mu^2 I and ones.
        std::vector<double> squares(static_cast<std::size_t>(n), 0.25);
        squares[0] += number(n);
        const auto L = gallery::lauchli(n, 0.5);
        CHECK(spectrum_error(L.T() * L, squares) < 3);
    }
    // The Mertens function.
    const std::vector<double> mertens = {1, 0, -1, -1, -2, -1, -2, -2, -2, -1, -2, -2};
    for (std::size_t n = 1; n <= mertens.size(); ++n) {
        CHECK(std::abs(gram::det(gallery::redheffer(static_cast<index_t>(n))) - mertens[n - 1]) < 1e-12);
    }
}

TEST_CASE("gallery: known spectra of symmetric matrices", "[linalg]") {
    const double root = 10 * std::sqrt(10405.0), r = 100 * std::sqrt(26.0);
    CHECK(spectrum_error(gallery::rosser(), {root, 1020, 510 + r, 1000, 1000, 510 - r, 0, -root}) < 3);
    // Wilkinson, The Algebraic Eigenvalue Problem (1965), p. 309: the largest two of W21+.
    const auto w = gram::eigvalsh(gallery::wilkinson(21));
    CHECK(std::abs(w[20] - 10.746194182903393) < 2e-14);
    CHECK(std::abs(w[19] - 10.746194182903322) < 2e-14);
    for (const index_t n : {1, 2, 7, 20}) {
        std::vector<double> differences, minima, pei(static_cast<std::size_t>(n), 3.0), clement;
        for (index_t k = 0; k < n; ++k) {
            differences.push_back(2 - 2 * std::cos(number(k + 1) * pi / number(n + 1)));
            minima.push_back(0.25 / std::pow(std::sin(number(2 * k + 1) * pi / number(4 * n + 2)), 2));
            clement.push_back(number(n - 1 - 2 * k));
        }
        pei[0] += number(n);
        CAPTURE(n);
        CHECK(spectrum_error(gallery::tridiagonal(n), differences) < 3);
        CHECK(spectrum_error(gallery::minij(n), minima) < 3);
        CHECK(spectrum_error(gallery::pei(n, 3), pei) < 3);
        CHECK(spectrum_error(gallery::clement(n, true), clement) < 3);
        const auto S = gallery::sines(n);
        CHECK(support::orthogonality_ratio(S) < 3);
        const auto D = support::multiply(support::multiply(support::plain(S), support::plain(gallery::tridiagonal(n))),
                                         support::plain(S));
        for (index_t k = 0; k < n; ++k) CHECK(std::abs(D(k, k) - differences[static_cast<std::size_t>(k)]) < 1e-13);
    }
    // Parter: almost all singular values are pi.
    const auto P = gallery::parter(12);
    const auto G = gram::eigvalsh(P.T() * P);
    CHECK(std::abs(G[11] - pi * pi) < 1e-13);
    CHECK(std::abs(G[6] - pi * pi) < 1e-5);
    const auto H = support::plain(gallery::hadamard_matrix(16));
    CHECK(support::frobenius(support::multiply(H, support::transposed(H))) == 64);
}

TEST_CASE("gallery: known spectra of others", "[linalg]") {
    std::vector<std::complex<double>> clement, roots, frank;
    for (index_t k = 0; k < 12; ++k) clement.emplace_back(number(11 - 2 * k));
    CHECK(eig_error(gallery::clement(12), clement) < 1e-10);
    for (index_t k = 0; k < 8; ++k) roots.push_back(2.0 + std::polar(std::pow(1e-8, 0.125), pi * number(k) / 4));
    CHECK(eig_error(gallery::forsythe(8, 1e-8, 2.0), roots) < 1e-7);
    // Frank: reciprocals of eigenvalues are eigenvalues.
    for (const auto& w : gram::eigvals(gallery::frank(8))) frank.push_back(1.0 / w);
    CHECK(eig_error(gallery::frank(8), frank) < 1e-6);
    CHECK(eig_error(gallery::companion(Vector<double>{2, -12, 22, -12}), {1, 2, 3}) < 1e-12);
    CHECK(eig_error(gallery::circulant(Vector<double>{1, 2, 3, 4}), {10.0, {-2, 2}, -2.0, {-2, -2}}) < 1e-13);
    double trace = 0;
    for (const auto& w : gram::eigvals(gallery::grcar(30))) trace += w.real();
    CHECK(std::abs(trace - 30) < 1e-12);
    CHECK(support::identical(gallery::grcar(3, 1), Matrix<double>{{1, 1, 0}, {-1, 1, 1}, {0, -1, 1}}));
}

TEST_CASE("gallery: matrices of given numbers", "[linalg]") {
    const Vector<double> x = {1, 2, 4}, y = {0, 1, 2};
    CHECK(std::abs(gram::det(gallery::vandermonde(x)) - 6) < 1e-14);  // (2 - 1) (4 - 1) (4 - 2)
    CHECK(support::identical(gallery::vandermonde(x, 2), Matrix<double>{{1, 1}, {1, 2}, {1, 4}}));
    CHECK(support::identical(gallery::cauchy(y, Vector<double>{1, 2, 3}), gallery::hilbert(3)));
    CHECK(support::identical(gallery::toeplitz(x, Vector<double>{9, 8}), Matrix<double>{{1, 8}, {2, 1}, {4, 2}}));
    CHECK(support::identical(gallery::toeplitz(x), Matrix<double>{{1, 2, 4}, {2, 1, 2}, {4, 2, 1}}));
    CHECK(support::identical(gallery::hankel(x, Vector<double>{9, 8}), Matrix<double>{{1, 2}, {2, 4}, {4, 8}}));
    const Vector<std::complex<double>> z = {{1, 0}, {2, 3}};
    CHECK(gallery::toeplitz(z)(0, 1) == std::complex<double>(2, -3));
    const auto K = gallery::kahan(20);
    CHECK(K(0, 0) == 1);
    CHECK(std::abs(K(3, 5) / K(3, 3) + std::cos(1.2)) < 1e-15);
    CHECK(std::abs(K(4, 4) / K(3, 3) - std::sin(1.2)) < 1e-15);
    CHECK(gallery::lauchli(3).rows() == 4);
    CHECK(gallery::jordan_block(3, 5.0)(1, 2) == 1);
    CHECK(gallery::jordan_block<std::complex<float>>(2, {0, 1})(1, 1) == std::complex<float>(0, 1));
    CHECK(gallery::frank(0).size() == 0);
    CHECK_THROWS_AS(gallery::frank(-1), gram::shape_error);
    CHECK_THROWS_AS(gallery::hadamard_matrix(12), gram::shape_error);
    CHECK_THROWS_AS(gallery::companion(Vector<double>{0, 1}), gram::shape_error);
}
