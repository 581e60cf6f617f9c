// What products, solves and factorizations cost, in the floating-point operations that their kernels count.
#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

constexpr index_t n = 256, k = 64;

template <class F>
double flops_of(const F& f) {
    kernel::detail::flops = 0;
    (void)f();
    return kernel::detail::flops;
}

// `f` costs what the documentation says, and at most the part `more` above it: the blocks of diagonals.
template <class F>
void check_cost(double documented, double more, const F& f) {
    const double counted = flops_of(f);
    CAPTURE(counted, documented);
    CHECK(counted <= documented * (1 + more));
    CHECK(counted >= documented * 0.9);
}

double product(double factor, index_t a, index_t b, index_t c = 1) {
    return factor * static_cast<double>(a) * static_cast<double>(b) * static_cast<double>(c);
}

}  // namespace

TEST_CASE("flops: dense products count what their definition has") {
    const Matrix<double> A = support::gaussian<double>(n, n, 1), B = support::gaussian<double>(n, k, 2);
    const Vector<double> x = support::gaussian<double>(n, 1, 10);
    check_cost(product(2, n, n, k), 0, [&] { return Matrix<double>(A * B); });
    check_cost(product(2, n, n), 0.01, [&] { return Vector<double>(A * x); });
}

TEST_CASE("flops: products and solves with special forms cost what they should") {
    Matrix<double> A = support::gaussian<double>(n, n, 3);
    A += double(n) * eye<double>(n);
    const Matrix<double> B = support::gaussian<double>(n, k, 4), left = B.T();
    const Vector<double> x = support::gaussian<double>(n, 1, 10);

    const auto D = DiagonalMatrix<double>(Vector<double>(A.diagonal()));
    check_cost(product(1, n, k), 0, [&] { return D * B; });
    Rng rng(5);
    const PermutationMatrix P(rng.permutation(n));
    CHECK(flops_of([&] { return P * B; }) == 0);
    CHECK(flops_of([&] { return solve(P, B); }) == 0);

    for (const auto& L : {lower_triangle(A), upper_triangle(A), lower_triangle(A, Diagonal::unit)}) {
        check_cost(product(1, n, n, k), 0.01, [&] { return L * B; });
        check_cost(product(1, n, n, k), 0.01, [&] { return left * L; });
        check_cost(product(1, n, n, k), 0.01, [&] { return solve(L, B); });
        check_cost(product(1, n, n), 0.01, [&] { return solve(L, x); });
    }
    check_cost(product(2, n, n, k), 0.01, [&] { return symmetric(A) * B; });
    check_cost(product(2, n, n), 0.01, [&] { return symmetric(A) * x; });

    // 4 m k r flops for r reflectors of m elements, less the triangle of zeros in them; a block of reflectors adds its
    // own triangle.
    const Matrix<double> tall = support::gaussian<double>(2 * n, k, 6), C = support::gaussian<double>(2 * n, k, 7);
    const ReflectorProduct<double> Q(tall);
    check_cost(product(4, 2 * n, k, k), 0.2, [&] { return Q * C; });
    check_cost(product(4, 2 * n, k, k), 0.2, [&] { return solve(Q, C); });
}

TEST_CASE("flops: a band costs its width") {
    const index_t kl = 3, ku = 2;
    BandedMatrix<double> A(n, kl, ku);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = A.first(i); j < A.last(i); ++j) A.at(i, j) = i == j ? 10 : 1;
    const Matrix<double> B = support::gaussian<double>(n, k, 8);
    check_cost(product(2, n, kl + ku + 1, k), 0, [&] { return A * B; });
    check_cost(product(2, n, 2 * kl + ku, k), 0, [&] { return solve(A, B); });
}

TEST_CASE("flops: A^T A costs half of a product; factorizations their textbook counts") {
    const Matrix<double> A = support::gaussian<double>(n, n, 9);
    const Matrix<double> S = A * A.T() + double(n) * eye<double>(n);
    Matrix<double> C(n, n);
    check_cost(product(1, n, n, n), 0.2, [&] { return kernel::syrk(1.0, A.ref(), 0.0, C.ref()), 0; });
    check_cost(product(2, n, n, n) / 3, 0.2, [&] { return lu(A); });
    check_cost(product(1, n, n, n) / 3, 0.3, [&] { return cholesky(S); });
}
