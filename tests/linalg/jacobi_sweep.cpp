#include "gram/linalg/jacobi_sweep.hpp"

#include <algorithm>
#include <cmath>

#include "gram/core/matrix.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/spectral.hpp"
#include "support/square_matrices.hpp"

using gram::index_t;
using gram::Matrix;
using gram::real_t;
using gram::Vector;

namespace {

template <class S>
using Columns = Matrix<S, gram::dynamic, gram::dynamic, gram::col_major>;

// In units of n eps ||A||.
constexpr double limit = 10;

}  // namespace

TEMPLATE_TEST_CASE("jacobi sweep: a rotation of columns of any length, with and without packs", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const S a = support::gaussian_of<S>(1, 1, 32)(0, 0), b = support::gaussian_of<S>(1, 1, 33)(0, 0);
    for (index_t n = 0; n <= 70; ++n) {
        const Columns<S> old = support::gaussian_of<S>(n, 2, 34);
        Columns<S> X = old, Y = old;
        const auto turn = [&]<class Arch>(Arch, Columns<S>& Z) {
            return gram::linalg::detail::rotate_and_measure<Arch>(R(0.25), a, b, Z.ref().col(0), Z.ref().col(1));
        };
        const auto x = turn(gram::simd::native_arch{}, X), y = turn(gram::simd::scalar_arch{}, Y);
        double worst = 0, p = 0, q = 0;
        for (index_t i = 0; i < n; ++i) {
            const S first = R(0.75) * old(i, 0) + a * old(i, 1), second = R(0.75) * old(i, 1) + b * old(i, 0);
            worst = std::max(
                {worst, static_cast<double>(std::abs(X(i, 0) - first)), static_cast<double>(std::abs(X(i, 1) - second)),
                 static_cast<double>(std::abs(Y(i, 0) - first)), static_cast<double>(std::abs(Y(i, 1) - second))});
            p += static_cast<double>(std::norm(first));
            q += static_cast<double>(std::norm(second));
        }
        CAPTURE(n);
        CHECK(worst < 50 * support::eps_of<S>);
        for (const auto& squares : {x, y}) {
            CHECK(std::abs(static_cast<double>(squares.p) - p) <= 50 * support::eps_of<S> * p);
            CHECK(std::abs(static_cast<double>(squares.q) - q) <= 50 * support::eps_of<S> * q);
        }
    }
}

TEMPLATE_TEST_CASE("jacobi sweep: rotations of columns some of which are zero, or equal", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    constexpr index_t n = 19;
    Matrix<S> A = support::gaussian_of<S>(n, n, 31);
    for (index_t i = 0; i < n; ++i) {
        A(i, 0) = A(i, 7) = A(i, n - 1) = S(0);
        A(i, 3) = A(i, 11) = A(i, 5);
    }
    Columns<S> X = A, J(n, n), U(n, n), V(n, n);
    Vector<real_t<S>> s(n);
    for (index_t i = 0; i < n; ++i) J(i, i) = S(1);
    gram::linalg::detail::OneSidedJacobi<S> jacobi(X.ref(), J.ref());
    jacobi.iterate("test");
    jacobi.values(s.data(), 0);
    jacobi.vectors(U.ref(), V.ref());
    const auto product = support::multiply(support::times_diagonal(Matrix<S>(U), s),
                                           support::plain(support::adjoint_by_definition(Matrix<S>(V))));
    CHECK(support::distance_ratio(A, product) < limit);
    CHECK(support::orthogonality_ratio(U) < limit);
    CHECK(support::orthogonality_ratio(V) < limit);
    CHECK(support::descending_from_above_zero(s));
    for (index_t i = 0; i < 3; ++i) CHECK(s[n - 1 - i] == 0);
    CHECK(s[n - 6] > 0.01);
    CHECK(s[n - 5] < 100 * support::eps_of<S>);
}

TEMPLATE_TEST_CASE("jacobi sweep: rotations of columns that differ by far less than a roundoff", "[linalg]", float,
                   double) {
    using R = TestType;
    // [1 1; 0 d]: the columns shrink by cancellation, again and again, until squares of them leave the range.
    const R d = sizeof(R) == 4 ? R(1e-30) : static_cast<R>(1e-200);
    Columns<R> X(2, 2), none(0, 0);
    X(0, 0) = X(0, 1) = 1;
    X(1, 1) = d;
    Vector<R> s(2);
    gram::linalg::detail::OneSidedJacobi<R> jacobi(X.ref(), none.ref());
    jacobi.iterate("test");
    jacobi.values(s.data(), 0);
    const double root = std::sqrt(2.0), eps = support::eps_of<R>;
    CHECK(std::abs(static_cast<double>(s[0]) / root - 1) < 4 * eps);
    CHECK(std::abs(static_cast<double>(s[1]) / static_cast<double>(d) * root - 1) < 4 * eps);
}
