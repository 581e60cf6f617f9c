// eigh(A, B), eig(A, B) and qz in all four scalar types: pairs of LAPACK's classes, B near singular, singular,
// indefinite.
#include <vector>

#include "gram/linalg/eig_generalized.hpp"
#include "gram/linalg/eigh_generalized.hpp"
#include "support/catch.hpp"
#include "support/spectral.hpp"
#include "support/square_matrices.hpp"

using gram::index_t;
using gram::Matrix;
using gram::real_t;
using gram::Vector;
using support::Wide;
using support::wide;

namespace {

// In units of n eps and the norms, so 20 n u. LAPACK's own tests allow 30 to 60.
constexpr double limit = 10;

// Hermitian with these positive eigenvalues.
template <class S>
Matrix<S> definite(index_t n, double condition, std::uint64_t seed) {
    const auto d = support::spectrum(3, n, condition);
    Matrix<S> D(n, n);
    for (index_t i = 0; i < n; ++i) D(i, i) = S(static_cast<real_t<S>>(d[static_cast<std::size_t>(i)]));
    return support::lower_mirrored(support::turned(D, seed, true));
}

struct Ratios {
    support::Worst residual, backward, orthogonality, values;
};

// residual: of A Z - B Z D, to ||A|| ||Z|| cond B; backward: the same, to (||A|| + max |w| ||B||) ||Z||;
// orthogonality: of Z^H B Z - I, to cond B. (No method by way of Cholesky keeps the first without cond B: on the same
// matrices LAPACK's dsygv does not.)
template <class S>
void check_pencil(const Matrix<S>& A, const Matrix<S>& B, double condition, const gram::Eigh<S>& found,
                  const Vector<real_t<S>>& values, Ratios& worst) {
    const index_t n = A.rows();
    const auto& [w, Z] = found;
    REQUIRE((w.size() == n && values.size() == n && Z.rows() == n && Z.cols() == n));
    const auto a = support::plain(A), b = support::plain(B), z = support::plain(Z);
    const auto bz = support::multiply(b, z);
    auto residual = support::multiply(a, z);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) residual(i, j) -= bz(i, j) * static_cast<double>(w[j]);
    double largest = 0;
    for (index_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(static_cast<double>(w[i])));
    const double error = support::frobenius(residual), of_a = support::frobenius(a), of_z = support::frobenius(z);
    const double factor = condition > 10 ? condition : 1;
    CHECK(worst.residual(support::ratio_of<S>(error, n, of_a * of_z * factor)) < limit);
    CHECK(worst.backward(support::ratio_of<S>(error, n, (of_a + largest * support::frobenius(b)) * of_z)) < limit);
    auto gram = support::multiply(support::transposed(z), bz);
    for (index_t i = 0; i < n; ++i) gram(i, i) -= 1;
    CHECK(worst.orthogonality(support::ratio_of<S>(support::frobenius(gram), n, condition)) < limit);
    CHECK(support::ascending(w));
    CHECK(support::ascending(values));
    CHECK(worst.values(support::values_ratio(values, w, largest)) < limit);
}

// The largest ||b A v - a B v|| / (n eps) for A, B of norm 1 and (a, b) of size 1 in these units.
template <class S>
double pairs_ratio(const Matrix<S>& A, const Matrix<S>& B, const gram::GeneralizedEig<real_t<S>>& e) {
    const index_t n = A.rows();
    const double sa = support::normalizer(wide(A)), sb = support::normalizer(wide(B));
    const Wide a = sa * wide(A), b = sb * wide(B), V = wide(e.vectors), AV = a * V, BV = b * V;
    support::Worst worst;
    for (index_t j = 0; j < n; ++j) {
        const std::complex<double> alpha = std::complex<double>(e.alpha[j]) * sa;
        const double beta = static_cast<double>(e.beta[j]) * sb;
        const double size = std::max(std::abs(alpha) * support::frobenius(b), beta * support::frobenius(a));
        if (size == 0) continue;
        Wide residual(n, 1);
        for (index_t i = 0; i < n; ++i) residual(i, 0) = beta / size * AV(i, j) - alpha / size * BV(i, j);
        worst(support::frobenius(residual) / (static_cast<double>(n) * support::eps_of<S>));
    }
    worst(support::unit_ratio(e.vectors));
    return worst.value;
}

struct QzRatios {
    support::Worst form, unitary, pairs;
};

template <class S, class Form>
void check_form(const Matrix<S>& A, const Matrix<S>& B, const Form& f, const gram::GeneralizedEig<real_t<S>>& e,
                double bound, QzRatios& worst) {
    constexpr double eps = support::eps_of<S>;
    CHECK(worst.form(support::similarity(wide(A), wide(f.Q), wide(f.S), wide(f.Z), eps)) < bound);
    CHECK(worst.form(support::similarity(wide(B), wide(f.Q), wide(f.T), wide(f.Z), eps)) < bound);
    CHECK(worst.unitary(support::unitarity(wide(f.Q), eps)) < bound);
    CHECK(worst.unitary(support::unitarity(wide(f.Z), eps)) < bound);
    CHECK(worst.pairs(pairs_ratio(A, B, e)) < bound);
    bool triangular = true;
    for (index_t i = 0; i < A.rows(); ++i) {
        triangular = triangular && f.T(i, i).imag() == 0 && f.T(i, i).real() >= 0 && e.beta[i] >= 0;
        for (index_t j = 0; j < i; ++j) triangular = triangular && std::abs(f.S(i, j)) + std::abs(f.T(i, j)) == 0;
    }
    CHECK(triangular);
}

template <class S>
const Matrix<S>& named(const std::vector<support::Named<S>>& list, const std::string& name) {
    for (const auto& entry : list)
        if (entry.name == name) return entry.A;
    throw std::logic_error(name);
}

}  // namespace

TEMPLATE_TEST_CASE("hostile pencils: eigh(A, B) of every class of A, B of every condition", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst;
    constexpr double eps = support::eps_of<S>;
    // The reduction is by halves above 24.
    for (const index_t n : {0, 1, 2, 3, 5, 8, 23, 24, 25, 33}) {
        for (const double condition : {2.0, std::sqrt(1 / eps), 0.01 / eps}) {
            const Matrix<S> B = definite<S>(n, condition, 21);
            for (const auto& [name, A] : support::hermitian_types<S>(n)) {
                CAPTURE(name, n, condition);
                try {
                    check_pencil(A, B, condition, gram::eigh(A, B), gram::eigvalsh(A, B), worst);
                } catch (const gram::not_positive_definite&) {
                    // By rounding it may be indefinite: only then.
                    CHECK(condition * eps * static_cast<double>(n) > 0.01);
                }
            }
        }
    }
    CAPTURE(worst.residual.value, worst.backward.value, worst.orthogonality.value, worst.values.value);
    CHECK(worst.residual.value < 2);
    CHECK(worst.backward.value < 2);
    CHECK(worst.orthogonality.value < 3);
    CHECK(worst.values.value < 3);
}

TEMPLATE_TEST_CASE("hostile pencils: powers of two, layouts, and a B that is none", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const int far = std::is_same_v<R, float> ? 60 : 600;
    for (const index_t n : {1, 2, 3, 20, 33}) {
        const auto list = support::hermitian_types<S>(n);
        const auto& A = named(list, "uniform");
        const Matrix<S> B = definite<S>(n, 50, 22);
        const auto [w, Z] = gram::eigh(A, B);
        for (const int k : {1, -3, 20, far, -far}) {
            CAPTURE(n, k);
            Matrix<S> A2 = A, B2 = B;
            const R factor = std::ldexp(R(1), k);
            for (S& x : A2) x *= factor;
            for (S& x : B2) x *= factor * factor;
            const auto a = gram::eigh(A2, B);
            const auto values = gram::eigvalsh(A2, B);
            bool same = support::identical(a.vectors, Z);
            for (index_t i = 0; i < n; ++i) same = same && a.values[i] == w[i] * factor;
            CHECK(same);
            for (index_t i = 0; i < n; ++i)
                CHECK(std::abs(values[i] - a.values[i]) <=
                      R(20) * R(n) * std::numeric_limits<R>::epsilon() *
                          std::max(std::abs(a.values[0]), std::abs(a.values[n - 1])));
            if (2 * std::abs(k) > far) continue;
            const auto b = gram::eigh(A, B2);
            bool scaled = true;
            for (index_t i = 0; i < n; ++i) scaled = scaled && b.values[i] == w[i] / factor / factor;
            for (index_t i = 0; i < n * n; ++i) scaled = scaled && b.vectors.data()[i] == Z.data()[i] / factor;
            CHECK(scaled);
        }
        support::for_each_layout(A, [&, &w = w, &Z = Z, n = n](const char* layout, const auto& C) {
            CAPTURE(layout, n);
            const auto again = gram::eigh(C, B);
            CHECK((support::identical(again.vectors, Z) && support::identical(again.values, w)));
        });
        // Indefinite, negative, singular.
        for (const index_t at : {index_t{0}, n / 2, n - 1}) {
            for (const int sign : {0, -1}) {
                Matrix<S> D(n, n);
                for (index_t i = 0; i < n; ++i) D(i, i) = S(static_cast<R>(i == at ? sign : 1));
                CHECK_THROWS_AS(gram::eigh(A, D), gram::not_positive_definite);
                CHECK_THROWS_AS(gram::eigvalsh(A, D), gram::not_positive_definite);
            }
        }
    }
}

TEMPLATE_TEST_CASE("hostile pencils: qz and eig(A, B) of pairs of classes", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    QzRatios worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17}) {
        const auto list = support::eigen_types<S>(n), others = support::singular_types<S>(n, n);
        for (std::size_t k = 0; k < list.size(); ++k) {
            const auto& [name, A] = list[k];
            const auto& [other, B] = others[(7 * k + static_cast<std::size_t>(n)) % others.size()];
            CAPTURE(name, other, n);
            check_form(A, B, gram::qz(A, B), gram::eig(A, B), limit, worst);
            check_form(B, A, gram::qz(B, A), gram::eig(B, A), limit, worst);
            CHECK(gram::eigvals(A, B).size() == n);
        }
    }
    CAPTURE(worst.form.value, worst.unitary.value, worst.pairs.value);
    CHECK(worst.form.value < 5);
    CHECK(worst.unitary.value < 5);
    CHECK(worst.pairs.value < 5);
}

TEMPLATE_TEST_CASE("hostile pencils: qz and eig(A, B) of larger orders, layouts", "[linalg]", double,
                   std::complex<float>) {
    using S = TestType;
    QzRatios worst;
    for (const index_t n : {33, 65}) {
        const auto list = support::eigen_types<S>(n), others = support::singular_types<S>(n, n);
        const auto& A = named(list, "uniform");
        for (const char* other : {"one small", "geometric", "graded up"}) {
            CAPTURE(other, n);
            const auto& B = named(others, other);
            check_form(A, B, gram::qz(A, B), gram::eig(A, B), limit, worst);
        }
    }
    CAPTURE(worst.form.value, worst.unitary.value, worst.pairs.value);
    CHECK(worst.form.value < 3);
    CHECK(worst.unitary.value < 3);
    CHECK(worst.pairs.value < 3);
    const auto A = named(support::eigen_types<S>(12), "uniform"), B = named(support::eigen_types<S>(12, 99), "uniform");
    const auto e = gram::eig(A, B);
    const auto f = gram::qz(A, B);
    support::for_each_layout(A, [&](const char* layout, const auto& C) {
        CAPTURE(layout);
        CHECK(support::identical(gram::eig(C, B).vectors, e.vectors));
        CHECK(support::identical(gram::qz(C, B).S, f.S));
    });
}

TEMPLATE_TEST_CASE("hostile pencils: NaN and infinity in any part and place of either matrix are refused", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    for (const index_t n : {1, 3, 30}) {
        Matrix<S> eye(n, n);
        for (index_t i = 0; i < n; ++i) eye(i, i) = S(1);
        support::for_each_non_finite(eye, [&, n = n](const std::string& what, const Matrix<S>& A) {
            CAPTURE(what, n);
            CHECK_THROWS_AS(gram::eigh(A, eye), gram::non_finite);
            CHECK_THROWS_AS(gram::eigh(eye, A), gram::non_finite);
            CHECK_THROWS_AS(gram::eigvalsh(eye, A), gram::non_finite);
            CHECK_THROWS_AS(gram::eig(A, eye), gram::non_finite);
            CHECK_THROWS_AS(gram::eig(eye, A), gram::non_finite);
            CHECK_THROWS_AS(gram::eigvals(eye, A), gram::non_finite);
            CHECK_THROWS_AS(gram::qz(A, eye), gram::non_finite);
            CHECK_THROWS_AS(gram::qz(eye, A), gram::non_finite);
        });
    }
    CHECK_THROWS_AS(gram::eigvalsh(Matrix<S>(2, 2), Matrix<S>(3, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::eig(Matrix<S>(2, 2), Matrix<S>(3, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::qz(Matrix<S>(2, 3), Matrix<S>(2, 3)), gram::shape_error);
}

TEMPLATE_TEST_CASE("hostile pencils: without subnormal numbers, and rounding in every direction", "[linalg]", double,
                   std::complex<float>) {
    using S = TestType;
    Ratios symmetric;
    QzRatios general;
    for (const index_t n : {3, 12}) {
        const Matrix<S> B = definite<S>(n, 100, 23);
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            CAPTURE(name, n);
            support::for_each_arithmetic(
                [&, &A = A] {
                    return std::pair{gram::eigh(A, B), gram::eigvalsh(A, B)};
                },
                [&, &A = A](const char* arithmetic, const auto& found) {
                    CAPTURE(arithmetic);
                    check_pencil(A, B, 100, found.first, found.second, symmetric);
                });
            support::for_each_arithmetic(
                [&, &A = A] {
                    return std::pair{gram::qz(A, B), gram::eig(A, B)};
                },
                [&, &A = A](const char* arithmetic, const auto& found) {
                    CAPTURE(arithmetic);
                    check_form(A, B, found.first, found.second, 2 * limit, general);
                });
        }
    }
    CAPTURE(symmetric.residual.value, general.form.value, general.unitary.value, general.pairs.value);
    CHECK(symmetric.residual.value < 2);
    CHECK(general.form.value < 2 * limit);
}
