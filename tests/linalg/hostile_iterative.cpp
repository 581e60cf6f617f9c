// Iterative solvers on every hostile class in all four scalar types: what they claim is true, and they end.
#include <array>
#include <complex>
#include <limits>

#include "gram/linalg/iterative.hpp"
#include "gram/linalg/lstsq.hpp"
#include "gram/linalg/rank.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::all_matrices;
using support::gaussian_of;
using support::gaussian_vector;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

template <class T>
double tolerance() {
    return support::eps_of<T> > 1e-10 ? 1e-4 : 1e-10;
}

// ||b - A x|| / ||b||, without leaving the range.
template <class T>
double residual_of(const Matrix<T>& A, const Vector<T>& x, const Vector<T>& b) {
    auto r = support::multiply(support::plain(A), support::plain(x));
    for (index_t i = 0; i < r.rows; ++i) r(i, 0) -= support::wide_t<T>(b[i]);
    const double size = support::frobenius(b);
    return size == 0 ? support::frobenius(r) : support::frobenius(r) / size;
}

// An honest result: finite, and converged only if the residual says so.
template <class T>
void check_honest(const Matrix<T>& A, const Vector<T>& b, const IterativeResult<T>& result, index_t limit) {
    CHECK(result.iterations <= limit);
    if (!result.converged) return;
    CHECK(support::all_finite(result.x));
    // Up to the rounding of A x, which the solver's own residual has too.
    const double product = support::frobenius(A) * support::frobenius(result.x) / support::frobenius(b);
    const double rounding = support::eps_of<T> * static_cast<double>(A.rows()) * product;
    CHECK(residual_of(A, result.x, b) <= 2.1 * tolerance<T>() + rounding);
}

template <class T>
Matrix<T> hermitian_part(const Matrix<T>& A) {
    Matrix<T> H(A.rows(), A.cols());
    for (index_t i = 0; i < A.rows(); ++i)
        for (index_t j = 0; j < A.cols(); ++j)
            H(i, j) = A(i, j) / real_t<T>(2) + linalg::detail::conj_of(A(j, i)) / real_t<T>(2);
    return H;
}

template <class T>
bool well_conditioned(const Matrix<T>& A) {
    return static_cast<double>(cond(A)) < 100;
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: cg, minres and gmres are honest about every class", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    const IterativeOptions options = {.tolerance = tolerance<T>()};
    for (const index_t n : {1, 2, 3, 8, 17}) {
        for (const auto& [name, A] : all_matrices<T>(n, n)) {
            CAPTURE(name, n);
            const auto b = gaussian_vector<T>(n, 111);
            const auto g = gmres(A, b, options);
            check_honest(A, b, g, 10 * n);
            if (well_conditioned(A)) CHECK(g.converged);
            const auto H = hermitian_part(A);
            const auto m = minres(H, b, options);
            check_honest(H, b, m, 10 * n);
            if (well_conditioned(H)) CHECK(m.converged);
            check_honest(H, b, cg(H, b, options), 10 * n);  // indefinite as it may be
        }
        for (const auto& [name, H] : support::hermitian_types<T>(n)) {
            CAPTURE(name, n);
            const auto b = gaussian_vector<T>(n, 112);
            const auto m = minres(H, b, options);
            check_honest(H, b, m, 10 * n);
            if (well_conditioned(H)) CHECK(m.converged);
            check_honest(H, b, cg(H, b, options), 10 * n);
        }
    }
}

TEMPLATE_TEST_CASE("hostile: lsqr is honest about every class and shape", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {1, 4}, {5, 1}, {8, 8}, {17, 9}, {9, 17}})
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            CAPTURE(name, m, n);
            const auto b = gaussian_vector<T>(m, 113);
            const auto result = lsqr(A, b, {.tolerance = tolerance<T>()});
            CHECK(support::all_finite(result.x));
            if (!well_conditioned(A)) continue;
            CHECK(result.converged);
            const Vector<T> x = lstsq(A, b);
            const Vector<T> difference = result.x - x;
            CHECK(support::frobenius(difference) <= 1e3 * tolerance<T>() * support::frobenius(x));
        }
}

TEMPLATE_TEST_CASE("hostile: iterations do not see the scale of a system", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    const IterativeOptions options = {.tolerance = tolerance<T>()};
    for (const index_t n : {1, 8, 17}) {
        const Matrix<T> S = gaussian_of<T>(n, n, 114), G = gaussian_of<T>(n, 2 * n, 115);
        const auto product = support::multiply(support::plain(G), support::transposed(support::plain(G)));
        Matrix<T> P(n, n);
        for (index_t i = 0; i < P.size(); ++i) P.data()[i] = static_cast<T>(product.data[static_cast<std::size_t>(i)]);
        const Matrix<T> H = hermitian_part(S);
        const auto b = gaussian_vector<T>(n, 116);
        const auto check = [&](const Matrix<T>& A, const auto& solver) {
            const auto plain = solver(A, b);
            for (const int k : support::far_exponents<T>()) {
                CAPTURE(n, k);
                const auto near = [&](const IterativeResult<T>& other, int exponent) {
                    CHECK(other.converged == plain.converged);
                    CHECK(std::abs(other.iterations - plain.iterations) <= 1);
                    CHECK(support::distance_ratio(plain.x, support::scaled(other.x, exponent)) <
                          10 * tolerance<T>() / support::eps_of<T>);
                };
                near(solver(support::scaled(A, k), b), k);
                near(solver(A, support::scaled(b, k)), -k);
                near(solver(support::scaled(A, k), support::scaled(b, k)), 0);
            }
        };
        check(P, [&](const auto& A, const auto& y) { return cg(A, y, options); });
        check(H, [&](const auto& A, const auto& y) { return minres(A, y, options); });
        check(S, [&](const auto& A, const auto& y) { return gmres(A, y, options); });
        check(S, [&](const auto& A, const auto& y) { return lsqr(A, y, options); });
        CHECK(cg(P, b, options).converged);
        CHECK(gmres(S, b, options).converged);
    }
}

TEMPLATE_TEST_CASE("hostile: iterations refuse a right-hand side that is not finite, and shapes", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    const auto A = gaussian_of<T>(5, 5, 117);
    for (const T bad : support::non_finite_numbers<T>())
        for (const index_t at : {0, 2, 4}) {
            auto b = gaussian_vector<T>(5, 118);
            b[at] = bad;
            CHECK_THROWS_AS(cg(A, b), non_finite);
            CHECK_THROWS_AS(minres(A, b), non_finite);
            CHECK_THROWS_AS(gmres(A, b), non_finite);
            CHECK_THROWS_AS(lsqr(A, b), non_finite);
            Matrix<T> B = A;
            B(at, 4 - at) = bad;
            const auto fine = gaussian_vector<T>(5, 119);
            CHECK_THROWS_AS(lsqr(B, fine), non_finite);
            CHECK(!cg(B, fine).converged);  // an operator cannot be looked into
            CHECK(!minres(B, fine).converged);
            CHECK(!gmres(B, fine).converged);
        }
    using support::refuses_shapes;
    const Vector<T> six(6);
    CHECK(refuses_shapes([&] { return lsqr(A, six); }, "5x5", "6x1"));
    Vector<T> full = gaussian_vector<T>(6, 120);
    CHECK(refuses_shapes([&] { return cg(A, full); }, "5x5", "6x1"));
    CHECK(refuses_shapes([&] { return minres(A, full); }, "5x5", "6x1"));
    CHECK(refuses_shapes([&] { return gmres(A, full); }, "5x5", "6x1"));
}
