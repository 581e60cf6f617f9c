// QR, with and without pivoting, the complete orthogonal decomposition and updates, on every hostile class in all four
// scalar types.
#include <array>
#include <complex>
#include <limits>

#include "gram/linalg/cod.hpp"
#include "gram/linalg/factor_update.hpp"
#include "gram/linalg/forms.hpp"
#include "gram/linalg/qr.hpp"
#include "gram/linalg/qr_pivoted.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::all_matrices;
using support::gaussian_of;
using support::identical;
using support::Worst;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

const std::initializer_list<std::array<index_t, 2>> shapes = {{0, 0},   {0, 3},   {3, 0},   {1, 1},  {1, 4},  {5, 1},
                                                              {2, 2},   {3, 5},   {5, 3},   {8, 8},  {7, 9},  {9, 8},
                                                              {17, 16}, {16, 17}, {33, 33}, {3, 40}, {40, 15}};

template <class T>
bool is_upper(const Matrix<T>& R) {
    for (index_t i = 0; i < R.rows(); ++i) {
        for (index_t j = 0; j < std::min(i, R.cols()); ++j)
            if (R(i, j) != T{}) return false;
        if (i < R.cols() && linalg::detail::conj_of(R(i, i)) != R(i, i)) return false;  // a real diagonal
    }
    return true;
}

template <class T>
void check_qr(const Matrix<T>& A, const QrOptions& options, Worst& factors, Worst& orthogonal) {
    const index_t m = A.rows(), n = A.cols(), k = options.full ? m : std::min(m, n);
    const auto [Q, R] = qr(A, options);
    REQUIRE((Q.rows() == m && Q.cols() == k && R.rows() == k && R.cols() == n));
    CHECK(is_upper(R));
    CHECK(factors(support::factor_ratio(A, Q, R)) < 3);
    CHECK(orthogonal(support::orthogonality_ratio(Q)) < 10);
}

template <class T>
void check_pivoted(const Matrix<T>& A, const QrPivotedOptions& options, Worst& factors, Worst& orthogonal) {
    const index_t m = A.rows(), n = A.cols(), k = options.full ? m : std::min(m, n);
    const auto f = qr_pivoted(A, options);
    REQUIRE((f.Q.rows() == m && f.Q.cols() == k && f.R.rows() == k && f.R.cols() == n));
    REQUIRE(support::is_permutation(f.p));
    CHECK(is_upper(f.R));
    CHECK(factors(support::factor_ratio(support::with_columns(A, f.p), f.Q, f.R)) < 3);
    CHECK(orthogonal(support::orthogonality_ratio(f.Q)) < 10);
    // Column i was the longest of those left: its pivot is no shorter than any of them, up to rounding of the whole.
    const double slack = 10 * support::eps_of<T> * support::frobenius(f.R);
    for (index_t i = 0; i < std::min(m, n); ++i) {
        const double pivot = std::abs(support::wide_t<T>(f.R(i, i)));
        if (i > 0) CHECK(pivot <= std::abs(support::wide_t<T>(f.R(i - 1, i - 1))) + slack);
        for (index_t j = i + 1; j < n; ++j) {
            const auto rest = f.R.block(i, j, std::min(m, n) - i, 1);
            CHECK(support::frobenius(rest) <= pivot * (1 + 1e-3) + slack);
        }
    }
}

// The rank by the singular values, and whether it is beyond doubt: no value near the tolerance.
template <class T>
std::pair<index_t, bool> rank_of(const Matrix<T>& A) {
    const auto s = singular_values(A);
    if (s.size() == 0 || s[0] == 0) return {0, true};
    const double limit = static_cast<double>(std::max(A.rows(), A.cols())) * support::eps_of<T>;
    index_t rank = 0;
    bool clear = true;
    for (index_t i = 0; i < s.size(); ++i) {
        const double relative = static_cast<double>(s[i] / s[0]);
        rank += relative > limit;
        clear &= relative > 1e3 * limit || relative < limit / 100;
    }
    return {rank, clear};
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: Q R = A with orthonormal Q, thin and full, in all blocks", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst factors, orthogonal;
    for (const auto& [m, n] : shapes)
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            CAPTURE(name, m, n);
            check_qr(A, {}, factors, orthogonal);
            check_qr(A, {.full = true, .block = 5}, factors, orthogonal);
        }
    const auto large = gaussian_of<T>(70, 66, 1);  // more than a block
    check_qr(large, {}, factors, orthogonal);
    check_qr(Matrix<T>(large.T()), {.full = true}, factors, orthogonal);
    check_qr(gaussian_of<T>(132, 129, 1), {}, factors, orthogonal);
    INFO("worst ratios: factors " << factors.value << ", orthogonality " << orthogonal.value);
    CHECK(factors.value < 2);
    CHECK(orthogonal.value < 4);  // 3 for 1x1, where a complex reflector is a phase
}

TEMPLATE_TEST_CASE("hostile: pivoted QR takes the longest column left, with and without panels", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    Worst factors, orthogonal;
    for (const auto& [m, n] : shapes)
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            CAPTURE(name, m, n);
            check_pivoted(A, {}, factors, orthogonal);
            check_pivoted(A, {.full = true, .params = {.block = 4, .unblocked_below = 5}}, factors, orthogonal);
        }
    for (const auto& [m, n] : {std::array<index_t, 2>{70, 66}, {66, 97}}) {
        CAPTURE(m, n);
        check_pivoted(gaussian_of<T>(m, n, 2), {}, factors, orthogonal);
        check_pivoted(support::with_phases<T>(support::kahan<real_t<T>>(m, n)), {}, factors, orthogonal);
    }
    INFO("worst ratios: factors " << factors.value << ", orthogonality " << orthogonal.value);
    CHECK(factors.value < 2);
    CHECK(orthogonal.value < 4);  // 3 for 1x1, where a complex reflector is a phase
}

TEMPLATE_TEST_CASE("hostile: the rank by pivots is that by singular values, from 0 to full", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    Worst factors, orthogonal;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {5, 5}, {9, 4}, {4, 9}, {17, 17}, {70, 66}}) {
        for (index_t rank = 0; rank <= std::min(m, n); rank += 1 + std::min(m, n) / 6) {
            CAPTURE(m, n, rank);
            const Matrix<T> left = gaussian_of<T>(m, rank, 3), right = gaussian_of<T>(rank, n, 4), A = left * right;
            CHECK(qr_pivoted(A).rank == rank);
            CHECK(matrix_rank(A) == rank);
            CHECK(cod(A).rank == rank);
            check_pivoted(A, {}, factors, orthogonal);
        }
    }
    for (const auto& [m, n] : shapes)  // repeated columns: half of the rank, but for one
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            const auto [rank, clear] = rank_of(A);
            if (!clear || name == "kahan") continue;
            CAPTURE(name, m, n);
            CHECK(qr_pivoted(A).rank == rank);
        }
    // Kahan's matrix hides its smallest singular value from pivots: at least nothing is found that is not there.
    const auto K = support::with_phases<T>(support::kahan<real_t<T>>(60, 60));
    CHECK(qr_pivoted(K).rank >= matrix_rank(K));
}

TEMPLATE_TEST_CASE("hostile: Q T Z^H of the rank makes A", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst factors, orthogonal;
    for (const auto& [m, n] : shapes)
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            CAPTURE(name, m, n);
            const auto f = cod(A);
            REQUIRE((f.Q.rows() == m && f.Q.cols() == f.rank && f.Z.rows() == n && f.Z.cols() == f.rank));
            REQUIRE((f.T_.rows() == f.rank && f.T_.cols() == f.rank));
            CHECK(is_upper(support::adjoint_matrix(f.T_)));
            for (index_t i = 0; i < f.rank; ++i) CHECK(f.T_(i, i) != T{});
            CHECK(factors(support::factor_ratio(support::with_columns(A, f.p), f.Q, f.T_,
                                                support::adjoint_matrix(f.Z))) < 5);
            CHECK(orthogonal(support::orthogonality_ratio(f.Q)) < 10);
            CHECK(orthogonal(support::orthogonality_ratio(f.Z)) < 10);
        }
    INFO("worst ratios: factors " << factors.value << ", orthogonality " << orthogonal.value);
    CHECK(factors.value < 4);
    CHECK(orthogonal.value < 4);  // 3 for 1x1, where a complex reflector is a phase
}

TEST_CASE("hostile: QR of 100000 rows and three columns", "[hostile]") {
    const index_t m = 100000;
    const auto A = support::gaussian<double>(m, 3, 5);
    const auto check = [&](const Matrix<double>& Q, const Matrix<double>& QR) {
        double error = 0, size = 0, gram[3][3] = {};
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j < 3; ++j) {
                error += (A(i, j) - QR(i, j)) * (A(i, j) - QR(i, j)), size += A(i, j) * A(i, j);
                for (index_t l = 0; l < 3; ++l) gram[j][l] += Q(i, j) * Q(i, l);
            }
        CHECK(std::sqrt(error / size) < 10 * support::eps_of<double>);
        for (int j = 0; j < 3; ++j)
            for (int l = 0; l < 3; ++l) CHECK(std::abs(gram[j][l] - (j == l)) < 1e3 * support::eps_of<double>);
    };
    const auto f = qr(A);
    check(f.Q, f.Q * f.R);
    const auto g = qr_pivoted(A);
    const Matrix<double> product = g.Q * g.R;
    Matrix<double> back(m, 3);
    for (index_t j = 0; j < 3; ++j) back.col(g.p[j]) = product.col(j);
    check(g.Q, back);
    CHECK(g.rank == 3);
    const ReflectorProduct<double> Q(A);
    Matrix<double> padded(m, 3);
    padded.block(0, 0, 3, 3) = Q.R();
    CHECK(support::distance_ratio(A, Matrix<double>(Q * padded)) < 1);
}

TEMPLATE_TEST_CASE("hostile: reflectors multiply as the Q that they stand for", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst worst;
    for (const auto& [m, n] : {std::array<index_t, 2>{0, 0}, {1, 1}, {5, 1}, {3, 5}, {8, 8}, {17, 16}, {40, 15}})
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            CAPTURE(name, m, n);
            const ReflectorProduct<T> Q(A);
            Matrix<T> padded(m, n);
            padded.block(0, 0, std::min(m, n), n) = Q.R();
            CHECK(is_upper(padded));
            CHECK(worst(support::distance_ratio(A, Matrix<T>(Q * padded))) < 3);
            CHECK(worst(support::orthogonality_ratio(Matrix<T>(Q * support::unit_matrix<T>(m)))) < 3);
            const auto B = gaussian_of<T>(m, 2, 6);
            CHECK(worst(support::distance_ratio(B, Matrix<T>(Q * solve(Q, B)))) < 3);
        }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 4);
}

TEMPLATE_TEST_CASE("hostile: QR after a change of rank one, also within the space of Q", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst factors, orthogonal;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {5, 1}, {3, 5}, {8, 8}, {17, 9}})
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            const double size = support::frobenius(A);
            for (const bool full : {false, true})
                for (int kind = 0; kind < 4; ++kind) {
                    const auto f = qr(A, {.full = full});
                    const auto unit = static_cast<real_t<T>>(size > 0 ? size : 1);
                    // Anything, a column of A, a sum of columns of Q, next to nothing.
                    Vector<T> u = support::gaussian_vector<T>(m, 7), v = support::gaussian_vector<T>(n, 8);
                    if (kind == 1) u = Vector<T>(A.col(n / 2) / unit);
                    if (kind == 2) u = Vector<T>(f.Q * support::gaussian_vector<T>(f.Q.cols(), 9));
                    if (kind == 3) u = Vector<T>(u * static_cast<real_t<T>>(support::eps_of<T> / 8));
                    v = Vector<T>(v * unit);
                    CAPTURE(name, m, n, full, kind);
                    const auto g = qr_update(f, u, v);
                    auto want = support::plain(A);
                    for (index_t i = 0; i < m; ++i)
                        for (index_t j = 0; j < n; ++j)
                            want(i, j) +=
                                support::wide_t<T>(u[i]) * support::detail::conjugate(support::wide_t<T>(v[j]));
                    auto error = support::multiply(support::plain(g.Q), support::plain(g.R));
                    for (std::size_t i = 0; i < error.data.size(); ++i) error.data[i] -= want.data[i];
                    const double scale = size + support::frobenius(u) * support::frobenius(v);
                    CHECK(factors(support::ratio_of<T>(support::frobenius(error), std::max(m, n), scale)) < 5);
                    CHECK(orthogonal(support::orthogonality_ratio(g.Q)) < 5);
                    for (index_t i = 0; i < g.R.rows(); ++i)
                        for (index_t j = 0; j < std::min(i, n); ++j) REQUIRE(g.R(i, j) == T{});
                }
        }
    INFO("worst ratios: factors " << factors.value << ", orthogonality " << orthogonal.value);
    CHECK(factors.value < 4);
    CHECK(orthogonal.value < 4);
}

TEMPLATE_TEST_CASE("hostile: powers of two, orders of columns and layouts pass through QR", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {9, 4}, {4, 9}, {17, 17}}) {
        const Matrix<T> A = gaussian_of<T>(m, n, 10);
        const auto f = qr(A);
        const auto p = qr_pivoted(A);
        const auto c = cod(A);
        for (const int k : support::far_exponents<T>()) {
            CAPTURE(m, n, k);
            const auto g = qr(support::scaled(A, k));
            CHECK((identical(g.Q, f.Q) && identical(g.R, support::scaled(f.R, k))));
            const auto q = qr_pivoted(support::scaled(A, k));
            CHECK((identical(q.Q, p.Q) && identical(q.R, support::scaled(p.R, k)) && identical(q.p, p.p)));
            const auto d = cod(support::scaled(A, k));
            CHECK((identical(d.Q, c.Q) && identical(d.T_, support::scaled(c.T_, k)) && identical(d.Z, c.Z)));
        }
        const auto order = support::random_order(n, 11);
        const auto q = qr_pivoted(support::with_columns(A, order));
        for (index_t j = 0; j < std::min(m, n); ++j) CHECK(order[q.p[j]] == p.p[j]);
        support::for_each_layout(A, [&](const char* layout, const auto& a) {
            CAPTURE(m, n, layout);
            const auto g = qr(a);
            CHECK((identical(g.Q, f.Q) && identical(g.R, f.R)));
            const auto h = qr_pivoted(a);
            CHECK((identical(h.Q, p.Q) && identical(h.R, p.R) && identical(h.p, p.p)));
            const auto d = cod(a);
            CHECK((identical(d.Q, c.Q) && identical(d.T_, c.T_) && identical(d.Z, c.Z)));
            CHECK(identical(ReflectorProduct<T>(Matrix<T>(a)).R(), ReflectorProduct<T>(a).R()));
        });
    }
}

TEMPLATE_TEST_CASE("hostile: QR refuses what is not finite, in either part, and shapes", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {9, 4}, {4, 9}}) {
        const Matrix<T> A = gaussian_of<T>(m, n, 12);
        const auto f = qr(A);
        support::for_each_spoiled(A, [&](const Matrix<T>& bad) {
            CAPTURE(m, n);
            CHECK_THROWS_AS(qr(bad), non_finite);
            CHECK_THROWS_AS(qr(bad, {.full = true}), non_finite);
            CHECK_THROWS_AS(qr_pivoted(bad), non_finite);
            CHECK_THROWS_AS(cod(bad), non_finite);
            CHECK_THROWS_AS(ReflectorProduct<T>(bad), non_finite);
        });
        for (const T bad : support::non_finite_numbers<T>()) {
            Vector<T> u(m), v(n), worse_u(m), worse_v(n);
            worse_u[m - 1] = bad, worse_v[0] = bad;
            CHECK_THROWS_AS(qr_update(f, worse_u, v), non_finite);
            CHECK_THROWS_AS(qr_update(f, u, worse_v), non_finite);
        }
    }
    const auto f = qr(gaussian_of<T>(4, 3, 13));
    CHECK(support::refuses_shapes([&] { return qr_update(f, Vector<T>(5), Vector<T>(3)); }, "4x3", "5x3"));
    CHECK(
        support::refuses_shapes([&] { return ReflectorProduct<T>(Matrix<T>(4, 2)) * Matrix<T>(3, 1); }, "4x4", "3x1"));
}
