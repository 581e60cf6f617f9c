// Least squares, pseudo-inverses, ranks and the four subspaces, on every hostile class in all four scalar types.
#include <array>
#include <complex>
#include <limits>

#include "gram/linalg/cod.hpp"
#include "gram/linalg/lstsq.hpp"
#include "gram/linalg/norms.hpp"
#include "gram/linalg/subspaces.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::adjoint_matrix;
using support::all_matrices;
using support::gaussian_of;
using support::identical;
using support::Worst;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

const std::initializer_list<std::array<index_t, 2>> shapes = {{1, 1}, {1, 4},  {5, 1},   {2, 2},   {3, 5},  {5, 3},
                                                              {8, 8}, {17, 9}, {16, 17}, {33, 12}, {12, 33}};

template <class M>
auto times_power(const M& A, double factor) {
    auto P = support::plain(A);
    for (auto& x : P.data) x *= factor;
    return P;
}

// The power of two that brings A's largest element near 1: residuals are formed in double.
template <class T>
double unit_of(const Matrix<T>& A) {
    double top = 0;
    for (const T& x : A) top = std::max(top, std::abs(support::wide_t<T>(x)));
    return top == 0 ? 1 : std::exp2(-std::floor(std::log2(top)));
}

// Singular values: how many count, and whether that is beyond doubt; s_1 / s_r.
struct Spectrum {
    index_t rank = 0;
    bool clear = true;
    double condition = 1;
};
template <class T>
Spectrum spectrum_of(const Matrix<T>& A) {
    const auto s = singular_values(A);
    Spectrum found;
    const double limit = static_cast<double>(std::max(A.rows(), A.cols())) * support::eps_of<T>;
    for (index_t i = 0; i < s.size() && s[0] > 0; ++i) {
        const double relative = static_cast<double>(s[i] / s[0]);
        if (relative > limit) ++found.rank, found.condition = 1 / relative;
        found.clear &= relative > 100 * limit || relative < limit / 10;
    }
    return found;
}

// How far x is from a least-squares solution of smallest norm, backward: A^H (b - A x) against ||A|| (||A|| ||x|| +
// ||b||), and what of x lies in the null space against ||x|| cond.
template <class T, class X>
void check_solution(const Matrix<T>& A, const Matrix<T>& B, const X& x, const Spectrum& spectrum, Worst& normal,
                    Worst& minimal) {
    const index_t size = std::max(A.rows(), A.cols());
    const double s = unit_of(A);
    const auto a = times_power(A, s), y = times_power(x, 1 / s), b = support::plain(B);
    auto r = support::multiply(a, y);
    for (std::size_t i = 0; i < r.data.size(); ++i) r.data[i] -= b.data[i];
    const auto gradient = support::multiply(support::transposed(a), r);
    const double scale =
        support::frobenius(a) * (support::frobenius(a) * support::frobenius(y) + support::frobenius(b));
    CHECK(normal(support::ratio_of<T>(support::frobenius(gradient), size, scale)) < 10);
    if (spectrum.rank == A.cols()) return;
    const auto N = null_space(A);
    const auto outside = support::multiply(support::transposed(support::plain(N)), y);
    const double reach = spectrum.condition * (support::frobenius(y) + support::frobenius(b) / support::frobenius(a));
    if (spectrum.rank == 0) {
        CHECK(support::frobenius(x) == 0);
    } else {
        CHECK(minimal(support::ratio_of<T>(support::frobenius(outside), size, reach)) < 10);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: lstsq and lstsq_report minimize, and their solution is the smallest", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    Worst normal, minimal, residuals;
    for (const auto& [m, n] : shapes)
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            const auto spectrum = spectrum_of(A);
            if (!spectrum.clear) continue;
            CAPTURE(name, m, n, spectrum.rank);
            const auto B = gaussian_of<T>(m, 2, 61);
            check_solution(A, B, lstsq(A, B), spectrum, normal, minimal);
            const auto report = lstsq_report(A, B);
            CHECK(report.rank == spectrum.rank);
            CHECK(report.rank == matrix_rank(A));
            CHECK(support::values_ratio(report.singular_values, singular_values(A), support::frobenius(A)) < 4);
            check_solution(A, B, report.x, spectrum, normal, minimal);
            for (index_t j = 0; j < 2; ++j) {
                const double s = unit_of(A);
                auto r = support::multiply(times_power(A, s), times_power(report.x.col(j), 1 / s));
                for (index_t i = 0; i < m; ++i) r(i, 0) -= support::wide_t<T>(B(i, j));
                const double scale =
                    support::frobenius(times_power(A, s)) * support::frobenius(times_power(report.x, 1 / s)) +
                    support::frobenius(B);
                const double difference =
                    std::abs(support::frobenius(r) - static_cast<double>(report.residual_norms[j]));
                CHECK(residuals(support::ratio_of<T>(difference, std::max(m, n), scale)) < 3);
            }
        }
    INFO("worst ratios: gradient " << normal.value << ", null space " << minimal.value << ", residual norms "
                                   << residuals.value);
    CHECK(normal.value < 5);
    CHECK(minimal.value < 5);
    CHECK(residuals.value < 2);
}

TEMPLATE_TEST_CASE("hostile: lstsq of empty matrices and right-hand sides", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{0, 0}, {0, 3}, {3, 0}})
        for (const index_t k : {0, 2}) {
            CAPTURE(m, n, k);
            const Matrix<T> x = lstsq(Matrix<T>(m, n), gaussian_of<T>(m, k, 62));
            CHECK((x.rows() == n && x.cols() == k && support::frobenius(x) == 0));
            const auto report = lstsq_report(Matrix<T>(m, n), gaussian_of<T>(m, k, 62));
            CHECK((report.x.rows() == n && report.x.cols() == k && report.rank == 0));
            CHECK((pinv(Matrix<T>(m, n)).rows() == n && pinv(Matrix<T>(m, n)).cols() == m));
            CHECK((matrix_rank(Matrix<T>(m, n)) == 0 && cond(Matrix<T>(m, n)) == 0));
            CHECK((null_space(Matrix<T>(m, n)).cols() == n && left_null_space(Matrix<T>(m, n)).cols() == m));
            CHECK((column_space(Matrix<T>(m, n)).cols() == 0 && row_space(Matrix<T>(m, n)).cols() == 0));
            CHECK((effective_rank(Matrix<T>(m, n)) == 0 && stable_rank(Matrix<T>(m, n)) == 0));
        }
    const auto A = gaussian_of<T>(4, 3, 63);
    CHECK(lstsq(A, Matrix<T>(4, 0)).cols() == 0);
    CHECK(support::frobenius(lstsq(A, Vector<T>(4))) == 0);
}

TEMPLATE_TEST_CASE("hostile: ranks from 0 to full, reported, and solved for", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst normal, minimal;
    for (const auto& [m, n] : {std::array<index_t, 2>{5, 5}, {9, 4}, {4, 9}, {20, 20}})
        for (index_t rank = 0; rank <= std::min(m, n); ++rank) {
            CAPTURE(m, n, rank);
            const Matrix<T> left = gaussian_of<T>(m, rank, 64), right = gaussian_of<T>(rank, n, 65);
            const Matrix<T> A = left * right, B = gaussian_of<T>(m, 2, 66);
            const auto spectrum = spectrum_of(A);
            REQUIRE(spectrum.rank == rank);
            CHECK(lstsq_report(A, B).rank == rank);
            check_solution(A, B, lstsq(A, B), spectrum, normal, minimal);
            // What is consistent is solved.
            const auto X = gaussian_of<T>(n, 2, 67);
            const Matrix<T> C = A * X;
            CHECK(support::solve_ratio(A, lstsq(A, C), C) <
                  (rank == 0 ? 1 : 10 * support::frobenius(X) / support::frobenius(lstsq(A, C))));
            CHECK(column_space(A).cols() == rank);
            CHECK(row_space(A).cols() == rank);
            CHECK(null_space(A).cols() == n - rank);
            CHECK(left_null_space(A).cols() == m - rank);
        }
    CHECK(normal.value < 5);
    CHECK(minimal.value < 5);
}

TEMPLATE_TEST_CASE("hostile: Penrose's equations, subspaces and projections of every class", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    Worst orthogonal, spanned, projected, penrose;
    for (const auto& [m, n] : shapes)
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            const auto spectrum = spectrum_of(A);
            if (!spectrum.clear) continue;
            CAPTURE(name, m, n, spectrum.rank);
            const index_t size = std::max(m, n), r = spectrum.rank;
            const Matrix<T> C = column_space(A), R = row_space(A), N = null_space(A), L = left_null_space(A);
            REQUIRE((C.cols() == r && R.cols() == r && N.cols() == n - r && L.cols() == m - r));
            Matrix<T> rows(n, n), columns(m, m);
            rows.block(0, 0, n, r) = R, rows.block(0, r, n, n - r) = N;
            columns.block(0, 0, m, r) = C, columns.block(0, r, m, m - r) = L;
            CHECK(orthogonal(support::orthogonality_ratio(rows)) < 10);
            CHECK(orthogonal(support::orthogonality_ratio(columns)) < 10);
            const double s = unit_of(A);
            const auto a = times_power(A, s);
            const double norm_a = support::frobenius(a);
            const auto null = support::multiply(a, support::plain(N));
            const auto left_null = support::multiply(support::transposed(a), support::plain(L));
            CHECK(spanned(support::ratio_of<T>(support::frobenius(null), size, norm_a)) < 10);
            CHECK(spanned(support::ratio_of<T>(support::frobenius(left_null), size, norm_a)) < 10);
            const Matrix<T> P = projector(A), B = gaussian_of<T>(m, 2, 68);
            const auto p = support::plain(P);
            CHECK(projected(support::distance_ratio(P, support::multiply(p, p))) < 10);
            CHECK(support::distance_ratio(P, adjoint_matrix(P)) < 1);
            const auto pb = support::multiply(p, support::plain(B));
            auto error = support::plain(project_onto(A, B));
            for (std::size_t i = 0; i < error.data.size(); ++i) error.data[i] -= pb.data[i];
            CHECK(projected(support::ratio_of<T>(support::frobenius(error), m, support::frobenius(B))) < 10);
            const auto inverse = times_power(pinv(A), 1 / s);
            if (r == 0) {
                CHECK(support::frobenius(inverse) == 0);
                continue;
            }
            if (!std::isfinite(support::frobenius(inverse))) continue;
            // A A^+ A = A: the error of the pseudo-inverse grows with the condition number.
            const auto back = support::multiply(support::multiply(a, inverse), a);
            CHECK(penrose(support::distance_ratio(A,
                                                  [&] {
                                                      auto d = back;
                                                      for (auto& x : d.data) x /= s;
                                                      return d;
                                                  }()) /
                          spectrum.condition) < 10);
        }
    INFO("worst ratios: orthogonality " << orthogonal.value << ", span " << spanned.value << ", projection "
                                        << projected.value << ", Penrose " << penrose.value);
    CHECK(orthogonal.value < 6);
    CHECK(spanned.value < 2);
    CHECK(projected.value < 4);
    CHECK(penrose.value < 3);
}

TEMPLATE_TEST_CASE("hostile: norms, condition numbers and softer ranks of every class", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {5, 3}, {8, 8}, {3, 17}})
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            CAPTURE(name, m, n);
            const double eps = support::eps_of<T> * static_cast<double>(m + n), size = support::frobenius(A);
            const auto near = [&](double x, double y) { return std::abs(x - y) <= 2 * eps * std::abs(y); };
            const auto s = singular_values(A);
            CHECK(near(static_cast<double>(norm(A, spectral)), static_cast<double>(s[0])));
            double columns = 0, rows = 0, nuclear_norm = 0;
            for (index_t j = 0; j < n; ++j) {
                double total = 0;
                for (index_t i = 0; i < m; ++i) total += std::abs(support::wide_t<T>(A(i, j)));
                columns = std::max(columns, total);
            }
            for (index_t i = 0; i < m; ++i) {
                double total = 0;
                for (index_t j = 0; j < n; ++j) total += std::abs(support::wide_t<T>(A(i, j)));
                rows = std::max(rows, total);
            }
            for (index_t i = 0; i < s.size(); ++i) nuclear_norm += static_cast<double>(s[i]);
            CHECK(near(static_cast<double>(norm(A, one)), columns));
            CHECK(near(static_cast<double>(norm(A, inf)), rows));
            CHECK(near(static_cast<double>(norm(A, nuclear)), nuclear_norm));
            CHECK(near(static_cast<double>(norm(A)), size));
            CHECK((norm(A, spectral) <= norm(A) * static_cast<real_t<T>>(1 + eps)));
            const auto soft = static_cast<double>(effective_rank(A)), stable = static_cast<double>(stable_rank(A));
            if (size == 0) {
                CHECK((soft == 0 && stable == 0));
                continue;
            }
            const double k = static_cast<double>(std::min(m, n));
            CHECK((soft >= 1 - eps && soft <= k * (1 + 10 * eps)));
            CHECK((stable >= 1 - eps && stable <= k * (1 + 10 * eps)));
            const auto condition = cond(A);
            CHECK(condition >= 1);
            for (const int power : {-1, 2})
                if (name != "near overflow" && name != "huge") {
                    CHECK(near(static_cast<double>(effective_rank(support::scaled(A, power))), soft));
                    CHECK(near(static_cast<double>(stable_rank(support::scaled(A, power))), stable));
                }
        }
}

TEMPLATE_TEST_CASE("hostile: powers of two and layouts pass through least squares", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {9, 4}, {4, 9}, {17, 17}}) {
        const Matrix<T> A = gaussian_of<T>(m, n, 69), B = gaussian_of<T>(m, 2, 70);
        const Matrix<T> X = lstsq(A, B), Y = lstsq_report(A, B).x, P = pinv(A), C = column_space(A), N = null_space(A);
        for (const int k : support::far_exponents<T>()) {
            CAPTURE(m, n, k);
            const auto Ak = support::scaled(A, k), Bk = support::scaled(B, k);
            CHECK(identical(lstsq(Ak, Bk), X));
            CHECK(identical(lstsq(Ak, B), support::scaled(X, -k)));
            CHECK(identical(lstsq(A, Bk), support::scaled(X, k)));
            CHECK(identical(lstsq_report(Ak, Bk).x, Y));
            CHECK(identical(lstsq_report(A, Bk).x, support::scaled(Y, k)));
            CHECK(identical(pinv(Ak), support::scaled(P, -k)));
            CHECK(identical(column_space(Ak), C));
            CHECK(identical(null_space(Ak), N));
            CHECK((matrix_rank(Ak) == matrix_rank(A) && cond(Ak) == cond(A)));
            CHECK(identical(project_onto(A, Bk), support::scaled(project_onto(A, B), k)));
        }
        // Numbers that have no reciprocal.
        const int least = std::numeric_limits<real_t<T>>::min_exponent - 8;
        const auto tiny = support::scaled(A, least);
        const auto report = lstsq_report(tiny, Matrix<T>(tiny * gaussian_of<T>(n, 2, 71)));
        CHECK(support::all_finite(report.x));
        const auto inverse = pinv(Matrix<T>(support::scaled(support::unit_matrix<T>(n), least)));
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j)
                CHECK((i == j ? std::isinf(std::abs(inverse(i, j))) : inverse(i, j) == T{}));
        support::for_each_layout(A, [&](const char* layout, const auto& a) {
            CAPTURE(m, n, layout);
            CHECK(identical(lstsq(a, B), X));
            CHECK(identical(lstsq_report(a, B).x, Y));
            CHECK(identical(pinv(a), P));
            CHECK(identical(column_space(a), C));
            CHECK(identical(null_space(a), N));
            CHECK(cond(a) == cond(A));
            CHECK(identical(project_onto(a, B), project_onto(A, B)));
        });
        support::for_each_layout(B, [&](const char* layout, const auto& b) {
            CAPTURE(m, n, layout);
            CHECK(identical(lstsq(A, b), X));
            CHECK(identical(lstsq_report(A, b).x, Y));
        });
    }
}

TEMPLATE_TEST_CASE("hostile: the matrix in another basis has the same map", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst worst;
    for (const index_t n : {0, 1, 2, 5, 17})
        for (const auto& [name, A] : all_matrices<T>(n, n)) {
            if (name == "near overflow" || name == "huge") continue;  // products of these with others may overflow
            CAPTURE(name, n);
            const auto P = gaussian_of<T>(n, n, 72);
            const auto B = change_of_basis(A, P);  // P B = A P
            const auto left = support::multiply(support::plain(P), support::plain(B));
            auto error = support::multiply(support::plain(A), support::plain(P));
            for (std::size_t i = 0; i < error.data.size(); ++i) error.data[i] -= left.data[i];
            const double scale = support::frobenius(P) * (support::frobenius(A) + support::frobenius(B));
            CHECK(worst(support::ratio_of<T>(support::frobenius(error), n, scale)) < 3);
        }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 1);
}

TEMPLATE_TEST_CASE("hostile: least squares and subspaces refuse what is not finite, and shapes", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {5, 3}, {3, 5}}) {
        const Matrix<T> A = gaussian_of<T>(m, n, 73), B = gaussian_of<T>(m, 2, 74);
        support::for_each_spoiled(A, [&](const Matrix<T>& bad) {
            CAPTURE(m, n);
            CHECK_THROWS_AS(lstsq(bad, B), non_finite);
            CHECK_THROWS_AS(lstsq_report(bad, B), non_finite);
            CHECK_THROWS_AS(pinv(bad), non_finite);
            CHECK_THROWS_AS(matrix_rank(bad), non_finite);
            CHECK_THROWS_AS(cond(bad), non_finite);
            CHECK_THROWS_AS(null_space(bad), non_finite);
            CHECK_THROWS_AS(left_null_space(bad), non_finite);
            CHECK_THROWS_AS(column_space(bad), non_finite);
            CHECK_THROWS_AS(row_space(bad), non_finite);
            CHECK_THROWS_AS(projector(bad), non_finite);
            CHECK_THROWS_AS(project_onto(bad, B), non_finite);
            CHECK_THROWS_AS(effective_rank(bad), non_finite);
            CHECK_THROWS_AS(stable_rank(bad), non_finite);
            CHECK_THROWS_AS(norm(bad, spectral), non_finite);
            CHECK_THROWS_AS(norm(bad, nuclear), non_finite);
            CHECK(!std::isfinite(norm(bad, one)));
            CHECK(!std::isfinite(norm(bad, inf)));
        });
        support::for_each_spoiled(B, [&](const Matrix<T>& bad) {
            CHECK_THROWS_AS(lstsq(A, bad), non_finite);
            CHECK_THROWS_AS(lstsq_report(A, bad), non_finite);
            CHECK_THROWS_AS(project_onto(A, bad), non_finite);
        });
    }
    support::for_each_spoiled(gaussian_of<T>(3, 3, 75), [&](const Matrix<T>& bad) {
        const auto I = support::unit_matrix<T>(3);
        CHECK_THROWS_AS(change_of_basis(bad, I), non_finite);
        CHECK_THROWS_AS(change_of_basis(I, bad), non_finite);
    });
    using support::refuses_shapes;
    const Matrix<T> A(3, 2), b(4, 5);
    CHECK(refuses_shapes([&] { return lstsq(A, b); }, "3x2", "4x5"));
    CHECK(refuses_shapes([&] { return lstsq_report(A, b); }, "3x2", "4x5"));
    CHECK(refuses_shapes([&] { return project_onto(A, b); }, "3x2", "4x5"));
    CHECK(refuses_shapes([&] { return change_of_basis(Matrix<T>(3, 3), b); }, "3x3", "4x5"));
    CHECK(refuses_shapes([&] { return change_of_basis(A, b); }, "3x2"));
}
