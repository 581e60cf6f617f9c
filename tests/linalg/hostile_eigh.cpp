// eigh and eigvalsh in all four scalar types on the classes of LAPACK's tester, at the edges of every block.
#include <vector>

#include "gram/linalg/eigh.hpp"
#include "support/catch.hpp"
#include "support/spectral.hpp"

using gram::index_t;
using gram::Matrix;
using gram::real_t;
using gram::Vector;
namespace linalg = gram::linalg;

namespace {

// In units of n eps ||A||, so 20 n u ||A||. LAPACK's own tests allow 30.
constexpr double limit = 10;
// Two ways to the same values, in units of sqrt(n) u ||A||: the errors of n rotations add up by chance
// (LAPACK 3.11 on the same matrices: 2 to 4).
constexpr double values_limit = 6;

struct Ratios {
    // Rounding that is not to nearest errs by eps instead of eps / 2, and always to the same side.
    explicit Ratios(bool nearest = true) : limit_(nearest ? limit : 2 * limit), nearest_(nearest) {}

    support::Worst residual, orthogonality, pairs, values;

    void check_values(double units_of_u, index_t n) {
        const double size = static_cast<double>(std::max<index_t>(n, 1));
        CHECK(values(units_of_u / (nearest_ ? std::sqrt(size) : size)) < values_limit);
    }
    [[nodiscard]] double bound() const { return limit_; }
    // Nearer to what there is than the bounds: a change that makes it worse should be looked at.
    void alarm(double of_residual, double of_orthogonality, double of_pairs, double of_values) const {
        CAPTURE(residual.value, orthogonality.value, pairs.value, values.value);
        CHECK(residual.value < of_residual);
        CHECK(orthogonality.value < of_orthogonality);
        CHECK(pairs.value < of_pairs);
        CHECK(values.value < of_values);
    }

private:
    double limit_;
    bool nearest_;
};

template <class S>
void check_pairs(const Matrix<S>& A, const Vector<real_t<S>>& w, const Matrix<S>& Z, Ratios& worst) {
    REQUIRE((w.size() == A.rows() && Z.rows() == A.rows() && Z.cols() == A.rows()));
    const auto product = support::multiply(support::times_diagonal(Z, w), support::transposed(support::plain(Z)));
    CHECK(worst.residual(support::distance_ratio(A, product)) < worst.bound());
    CHECK(worst.orthogonality(support::orthogonality_ratio(Z)) < worst.bound());
    CHECK(worst.pairs(support::pairs_ratio(A, Z, w)) < worst.bound());
    CHECK(support::ascending(w));
}

template <class S>
gram::Eigh<S> check_eigh(const Matrix<S>& A, Ratios& worst) {
    auto found = gram::eigh(A);
    check_pairs(A, found.values, found.vectors, worst);
    worst.check_values(support::agreement(found.values, gram::eigvalsh(A), support::frobenius(A)), A.rows());
    return found;
}

// Through the core, with parameters that make small matrices walk the paths of large ones.
template <class S>
void check_tuned(const Matrix<S>& A, const linalg::EighTuning& tuning, Ratios& worst) {
    using R = real_t<S>;
    const index_t n = A.rows();
    Matrix<S, gram::dynamic, gram::dynamic, gram::col_major> work = A, Z(n, n);
    Vector<R> w(n), values(n);
    linalg::eigh_in_place(work.ref(), w.data(), Z.ref(), tuning);
    check_pairs(A, w, Matrix<S>(Z), worst);
    work = A;
    linalg::eigh_in_place(work.ref(), values.data(), gram::kernel::MatRef<S>{}, tuning);
    worst.check_values(support::agreement(w, values, support::frobenius(A)), n);
}

// The same for extents that are in the type; the values against those of the general method.
template <class S, index_t N>
void check_fixed(Ratios& worst) {
    for (const auto& [name, A] : support::hermitian_types<S>(N)) {
        CAPTURE(name, N);
        const Matrix<S, N, N> F = A;
        const auto [w, Z] = gram::eigh(F);
        check_pairs(A, Vector<real_t<S>>(w), Matrix<S>(Z), worst);
        CHECK(support::identical(gram::eigvalsh(F), w));
        CHECK(worst.values(support::values_ratio(w, gram::eigvalsh(A), support::frobenius(A))) < limit);
        for (const int k : {1, std::is_same_v<real_t<S>, float> ? -60 : -400}) {
            Matrix<S, N, N> scaled = F;
            for (S& x : scaled) x *= std::ldexp(real_t<S>(1), k);
            if (name.find("small") != std::string::npos) continue;  // which would round
            const auto again = gram::eigh(scaled);
            CHECK(support::identical(again.vectors, Z));
            for (index_t i = 0; i < N; ++i) CHECK(again.values[i] == std::ldexp(w[i], k));
        }
    }
}

bool far_from_one(const std::string& name) {
    return name.find("large") != std::string::npos || name.find("small") != std::string::npos;
}

// i or 1 on the antidiagonal, exactly Hermitian: eigenvalues 1 and -1, nothing to iterate on but a permutation.
template <class S>
Matrix<S> antidiagonal(index_t n) {
    Matrix<S> A(n, n);
    for (index_t i = 0; i < n; ++i) {
        A(i, n - 1 - i) = S(1);
        if constexpr (gram::is_complex_v<S>) {
            if (2 * i != n - 1) A(i, n - 1 - i) = S(0, 2 * i < n - 1 ? -1 : 1);
        }
    }
    return A;
}

}  // namespace

TEMPLATE_TEST_CASE("hostile eigh: every class at every edge of a block", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    Ratios worst;
    // QL below 28, leaves of 20 from there on; 33 broke others.
    for (const index_t n : {0, 1, 2, 3, 5, 8, 27, 28, 29, 33}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            CAPTURE(name, n);
            check_eigh<S>(A, worst);
        }
    }
    for (const index_t n : {41, 65}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            if (name.find("diagonal, ") == 0 || name.find("band") == 0) continue;
            CAPTURE(name, n);
            check_eigh<S>(A, worst);
        }
    }
    worst.alarm(2.5, 2.5, 1.5, values_limit);
}

TEMPLATE_TEST_CASE("hostile eigh: small matrices on the paths of large ones", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst;
    for (const index_t n : {1, 2, 3, 4, 5, 7, 8, 9, 16, 17}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            if (far_from_one(name)) continue;  // the core takes scaled matrices
            CAPTURE(name, n);
            check_tuned<S>(A, {.reduction = {.block = 4, .unblocked = 4}, .divide = {.leaf = 3}, .crossover = 1},
                           worst);
            check_tuned<S>(A, {.reduction = {.block = 3, .unblocked = 8}, .crossover = 1000}, worst);
        }
    }
    worst.alarm(2.5, 2.5, 1.5, values_limit);
}

TEMPLATE_TEST_CASE("hostile eigh: blocks of the reduction, at their true size", "[linalg]", float,
                   std::complex<float>) {
    using S = TestType;
    Ratios worst;
    for (const index_t n : {132, 193}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            if (name != "geometric" && name != "glued wilkinson") continue;
            CAPTURE(name, n);
            check_eigh<S>(A, worst);
        }
    }
    worst.alarm(1, 1, 1, values_limit);
}

TEMPLATE_TEST_CASE("hostile eigh: matrices of fixed extents, by Jacobi's rotations", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    Ratios worst;
    check_fixed<TestType, 1>(worst);
    check_fixed<TestType, 2>(worst);
    check_fixed<TestType, 3>(worst);
    check_fixed<TestType, 4>(worst);
    worst.alarm(2.5, 4, 1.5, 2);
}

TEMPLATE_TEST_CASE("hostile eigh: decreasing diagonals, exact antidiagonals", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    Ratios worst;
    for (const index_t n : {1, 2, 3, 4, 19, 20, 21, 27, 28, 29, 32, 33, 34, 64, 65}) {
        CAPTURE(n);
        Matrix<S> D(n, n);
        for (index_t i = 0; i < n; ++i) D(i, i) = S(static_cast<R>(n - i));
        const auto down = check_eigh<S>(D, worst);
        for (index_t i = 0; i < n; ++i) CHECK(down.values[i] == static_cast<R>(i + 1));
        // Vectors in the wrong order, at one size only, was a bug elsewhere: the residual of pairs sees it.
        D(n - 1, 0) = D(0, n - 1) = S(R(0.5));
        check_eigh<S>(D, worst);
        const auto turn = check_eigh<S>(antidiagonal<S>(n), worst);
        for (index_t i = 0; i < n; ++i) {
            CHECK(std::abs(std::abs(turn.values[i]) - 1) <= 4 * std::numeric_limits<R>::epsilon());
            CHECK((turn.values[i] < 0) == (i < n / 2));
        }
    }
    worst.alarm(1, 1, 1, 1);
}

TEMPLATE_TEST_CASE("hostile eigh: what changes the matrix and what that does to its values", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    support::Worst permuted, negated, conjugated, turned, trace;
    for (const index_t n : {1, 2, 3, 17, 33}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            CAPTURE(name, n);
            const auto w = gram::eigvalsh(A);
            const double norm = support::frobenius(A);
            const auto p = support::shuffled(n, 5);
            CHECK(permuted(support::values_ratio(gram::eigvalsh(support::permuted(A, p, p)), w, norm)) < limit);
            Matrix<S> minus = A, conj = A;
            for (S& x : minus) x = -x;
            for (index_t i = 0; i < n; ++i)
                for (index_t j = 0; j < n; ++j) conj(i, j) = A(j, i);
            Vector<R> mirrored(n);
            for (index_t i = 0; i < n; ++i) mirrored[i] = -w[n - 1 - i];
            CHECK(negated(support::values_ratio(gram::eigvalsh(minus), mirrored, norm)) < limit);
            CHECK(conjugated(support::values_ratio(gram::eigvalsh(conj), w, norm)) < limit);
            const auto U = support::lower_mirrored(support::turned(A, 6, true));
            CHECK(turned(support::values_ratio(gram::eigvalsh(U), w, norm)) < limit);
            double sum = 0;
            for (index_t i = 0; i < n; ++i) sum += static_cast<double>(w[i]) - static_cast<double>(std::real(A(i, i)));
            CHECK(trace(support::ratio_of<S>(std::abs(sum), n, norm)) < limit);
        }
    }
    CAPTURE(permuted.value, negated.value, conjugated.value, turned.value, trace.value);
    CHECK(permuted.value < 2);
    CHECK(negated.value < 2);
    CHECK(conjugated.value < 2);
    CHECK(turned.value < 8);
    CHECK(trace.value < 2);
}

TEMPLATE_TEST_CASE("hostile eigh: a power of two scales the values and leaves the vectors, to the bit", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const int far = std::is_same_v<R, float> ? 100 : 1000;
    const int near = std::is_same_v<R, float> ? 24 : 430;  // in the range that is not scaled, and nothing underflows
    for (const index_t n : {1, 2, 5, 27, 28, 40}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            if (name != "uniform" && name != "arithmetic" && name != "wilkinson") continue;
            const auto [w, Z] = gram::eigh(A);
            const auto values = gram::eigvalsh(A);
            for (const int k : {1, -3, 20, near, -near, far, -far}) {
                CAPTURE(name, n, k);
                const R factor = std::ldexp(R(1), k);
                Matrix<S> B = A;
                for (S& x : B) x *= factor;
                const auto [x, X] = gram::eigh(B);
                CHECK(support::identical(X, Z));
                const auto y = gram::eigvalsh(B);
                for (index_t i = 0; i < n; ++i) CHECK((x[i] == w[i] * factor && y[i] == values[i] * factor));
            }
        }
    }
}

TEMPLATE_TEST_CASE("hostile eigh: every layout gives the same bits, and the upper triangle does not count", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    for (const index_t n : {1, 2, 3, 20, 29, 47}) {
        const Matrix<S> A = support::hermitian_types<S>(n)[22].A;
        const auto [w, Z] = gram::eigh(A);
        const auto values = gram::eigvalsh(A);
        Matrix<S> half = A;
        for (index_t i = 0; i < n; ++i)
            for (index_t j = i + 1; j < n; ++j) half(i, j) = std::numeric_limits<real_t<S>>::max();
        support::for_each_layout(A, [&, &w = w, &Z = Z](const char* layout, const auto& B) {
            CAPTURE(layout, n);
            const auto again = gram::eigh(B);
            CHECK((support::identical(again.vectors, Z) && support::identical(again.values, w)));
            CHECK(support::identical(gram::eigvalsh(B), values));
        });
        const auto lower = gram::eigh(half);
        CHECK((support::identical(lower.vectors, Z) && support::identical(lower.values, w)));
    }
}

TEMPLATE_TEST_CASE("hostile eigh: NaN and infinity in any part and place are refused", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    for (const index_t n : {1, 3, 40}) {
        Matrix<S> ones(n, n);
        for (S& x : ones) x = S(1);
        support::for_each_non_finite(ones, [&](const std::string& what, const Matrix<S>& A) {
            CAPTURE(what, n);
            CHECK_THROWS_AS(gram::eigh(A), gram::non_finite);
            CHECK_THROWS_AS(gram::eigvalsh(A), gram::non_finite);
        });
    }
    CHECK_THROWS_AS(gram::eigh(Matrix<S>(2, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::eigvalsh(Matrix<S>(3, 2)), gram::shape_error);
}

TEMPLATE_TEST_CASE("hostile eigh: without subnormal numbers, and rounding in every direction", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst(false);
    for (const index_t n : {3, 29}) {
        for (const auto& [name, A] : support::hermitian_types<S>(n)) {
            CAPTURE(name, n);
            support::for_each_arithmetic(
                [&, &A = A] {
                    return std::pair{gram::eigh(A), gram::eigvalsh(A)};
                },
                [&, &A = A, n = n](const char* arithmetic, const auto& found) {
                    CAPTURE(arithmetic);
                    const auto& [w, Z] = found.first;
                    check_pairs(A, w, Z, worst);
                    worst.check_values(support::agreement(w, found.second, support::frobenius(A)), n);
                });
        }
    }
    worst.alarm(8, 16, 4, values_limit);
}
