// Complex expressions: conjugates, parts, adjoints, products that conjugate, norms; against element by element.
#include "gram/expr/complex.hpp"

#include <cmath>
#include <complex>
#include <limits>

#include "gram/gram.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/complex_matrices.hpp"

using namespace gram;
using support::complex_gaussian;

namespace {

template <class C>
bool is_adjoint(const Matrix<C>& B, const Matrix<C>& A) {
    if (B.rows() != A.cols() || B.cols() != A.rows()) return false;
    for (index_t i = 0; i < B.rows(); ++i)
        for (index_t j = 0; j < B.cols(); ++j)
            if (B(i, j) != std::conj(A(j, i))) return false;
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("parts, conjugates and angles, element by element", "", float, double) {
    using R = TestType;
    using C = std::complex<R>;
    const Matrix<C> A = complex_gaussian<C>(5, 7, 1);
    const Matrix<C> conjugate = conj(A);
    const Matrix<R> re = real(A), im = imag(A), angle = arg(A), modulus = abs(A);
    const Matrix<C> whole = gram::complex(re, im);
    for (index_t i = 0; i < 5; ++i)
        for (index_t j = 0; j < 7; ++j) {
            CHECK(conjugate(i, j) == std::conj(A(i, j)));
            CHECK((re(i, j) == A(i, j).real() && im(i, j) == A(i, j).imag()));
            CHECK(angle(i, j) == std::arg(A(i, j)));
            CHECK(std::abs(modulus(i, j) - std::abs(A(i, j))) <= 2 * std::numeric_limits<R>::epsilon() * modulus(i, j));
            CHECK(whole(i, j) == A(i, j));
        }
    // Of real numbers: the numbers, zeros, and nothing complex.
    STATIC_REQUIRE(std::same_as<value_t<decltype(conj(re))>, R>);
    CHECK(sum(abs(imag(re))) == 0);
    CHECK(support::identical(eval(real(re)), re));
    CHECK_THROWS_AS(gram::complex(re, Matrix<R>(2, 2)), shape_error);
}

TEMPLATE_TEST_CASE("A.H() is the conjugate transpose, of named, temporary and nested operands", "", float, double) {
    using C = std::complex<TestType>;
    const Matrix<C> A = complex_gaussian<C>(4, 6, 2), B = complex_gaussian<C>(4, 6, 3);
    CHECK(is_adjoint<C>(A.H(), A));
    CHECK(is_adjoint<C>(adjoint(A + B), A + B));
    CHECK(is_adjoint<C>(adjoint(Matrix<C>(A)), A));
    CHECK(is_adjoint<C>(adjoint(A.block(1, 2, 3, 3)), A.block(1, 2, 3, 3)));
    CHECK(is_adjoint<C>(adjoint(A.T()), A.T()));
    Matrix<C> S = complex_gaussian<C>(5, 5, 4);
    const Matrix<C> before = S;
    S = S.H();  // reads what it overwrites
    CHECK(is_adjoint(S, before));
    // Of a real matrix it is the view that A.T() is.
    const Matrix<TestType> R = real(A);
    CHECK(support::identical(Matrix<TestType>(R.H()), Matrix<TestType>(R.T())));
}

TEMPLATE_TEST_CASE("products with conjugated operands are right in every combination", "", float, double) {
    using C = std::complex<TestType>;
    for (const index_t n : {1, 2, 5, 17, 64, 100}) {
        CAPTURE(n);
        const Matrix<C> A = complex_gaussian<C>(n, n, 5), B = complex_gaussian<C>(n, n, 6);
        const auto Ah = support::adjoint_of(A), Bh = support::adjoint_of(B);
        CHECK(support::factor_ratio(Matrix<C>(A.H() * B), Ah, B) < 3);
        CHECK(support::factor_ratio(Matrix<C>(A * B.H()), A, Bh) < 3);
        CHECK(support::factor_ratio(Matrix<C>(A.H() * B.H()), Ah, Bh) < 3);
        CHECK(support::factor_ratio(Matrix<C>(A.T() * conj(B)), Matrix<C>(A.T()), Matrix<C>(conj(B))) < 3);
        CHECK(support::factor_ratio(Matrix<C>((2.0 * A) * B), Matrix<C>(A + A), B) < 3);
        const Matrix<C> G = A.H() * A;  // Hermitian up to rounding
        CHECK(support::distance_ratio(G, support::adjoint_of(G)) < 3);
        const Vector<C> x = B.col(0);
        CHECK(support::factor_ratio(Matrix<C>(A.H() * x), Ah, Matrix<C>(x)) < 3);
    }
    const Matrix<C> A(2, 3), B(2, 3);
    CHECK_THROWS_WITH(eval(A.H() * B.H()), support::contains_text("3x2 * 3x2"));
}

TEMPLATE_TEST_CASE("inner products conjugate their first argument; norms are those of the moduli", "", float, double) {
    using R = TestType;
    using C = std::complex<R>;
    const R eps = std::numeric_limits<R>::epsilon();
    const Vector<C> x(complex_gaussian<C>(37, 1, 7)), y(complex_gaussian<C>(37, 1, 8));
    std::complex<long double> expected;
    long double square = 0;
    for (index_t i = 0; i < 37; ++i) {
        expected += std::conj(std::complex<long double>(x[i])) * std::complex<long double>(y[i]);
        square += std::norm(std::complex<long double>(x[i]));
    }
    CHECK(std::abs(std::complex<long double>(dot(x, y)) - expected) < static_cast<long double>(100 * eps));
    CHECK(std::abs(norm(x) - static_cast<R>(std::sqrt(square))) < 10 * eps * norm(x));
    CHECK(std::abs(dot(x, x).imag()) < 10 * eps * norm(x) * norm(x));
    CHECK(norm(Vector<C>{C(3e30F, 4e30F)}) == Approx(5e30));
    const Matrix<C> A = {{C(3, 4), C(0)}, {C(0, 1), C(2)}};
    CHECK(std::abs(norm(A, one) - 6) < 8 * eps);
    CHECK(std::abs(norm(A, inf) - 5) < 8 * eps);
}

TEMPLATE_TEST_CASE("element-wise functions of complex numbers are the standard library's", "", float, double) {
    using C = std::complex<TestType>;
    const Matrix<C> A = complex_gaussian<C>(3, 5, 9);
    const auto agrees = [&](const Matrix<C>& B, auto f) {
        double worst = 0;
        for (index_t i = 0; i < A.size(); ++i) {
            const C expected = f(A.data()[i]);
            worst = std::max(worst, static_cast<double>(std::abs(B.data()[i] - expected) / std::abs(expected)));
        }
        return worst < 8 * static_cast<double>(std::numeric_limits<TestType>::epsilon());
    };
    CHECK(agrees(exp(A), [](C z) { return std::exp(z); }));
    CHECK(agrees(log(A), [](C z) { return std::log(z); }));
    CHECK(agrees(sqrt(A), [](C z) { return std::sqrt(z); }));
    CHECK(agrees(sin(A), [](C z) { return std::sin(z); }));
    CHECK(agrees(tanh(A), [](C z) { return std::tanh(z); }));
    CHECK(agrees(hadamard(A, A) / A, [](C z) { return z; }));
    CHECK(std::abs(sum(A) - sum(A.T())) < TestType(1e-5));
    CHECK(sum<0>(A).cols() == 5);
    CHECK(all(equal(A, A)));
}
