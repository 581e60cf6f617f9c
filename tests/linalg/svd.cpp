#include "gram/linalg/svd.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/bidiagonal.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using gram::index_t;
using gram::Matrix;
using gram::Vector;
using gram::Vectors;
namespace linalg = gram::linalg;

namespace {

// Every ratio is in units of max(m, n) * eps * norm. LAPACK's own tests allow 30; the worst seen is below 4, at n = 3.
constexpr double limit = 10;

template <class T>
bool descending_and_non_negative(const Vector<T>& s) {
    for (index_t i = 0; i < s.size(); ++i)
        if (!(s[i] >= 0) || (i > 0 && !(s[i] <= s[i - 1]))) return false;
    return true;
}

template <class M>
auto first_columns(const M& A, index_t k) {
    support::Plain<double> B(A.rows(), k);
    for (index_t i = 0; i < B.rows; ++i)
        for (index_t j = 0; j < k; ++j) B(i, j) = static_cast<double>(A(i, j));
    return B;
}

// The four properties that make {U, s, Vt} the decomposition of A; the worst ratio of all calls is kept.
template <class T>
void check_decomposition(const Matrix<T>& A, const gram::Svd<T>& svd, support::Worst& worst) {
    const index_t p = svd.s.size();
    REQUIRE(p == std::min(A.rows(), A.cols()));
    REQUIRE(svd.U.rows() == A.rows());
    REQUIRE(svd.Vt.cols() == A.cols());
    const auto V = support::transposed(support::plain(svd.Vt));
    auto product = support::multiply(support::times_diagonal(Matrix<T>(svd.U.block(0, 0, A.rows(), p)), svd.s),
                                     support::plain(Matrix<T>(svd.Vt.block(0, 0, p, A.cols()))));
    CHECK(worst(support::distance_ratio(A, product)) < limit);
    CHECK(worst(support::orthogonality_ratio(svd.U)) < limit);
    CHECK(worst(support::orthogonality_ratio(Matrix<T>(svd.Vt.T()))) < limit);
    CHECK(descending_and_non_negative(svd.s));
}

template <class T>
void check_svd(const support::Named<T>& named, Vectors vectors, support::Worst& worst) {
    const Matrix<T>& A = named.A;
    INFO(named.name << " " << A.rows() << "x" << A.cols() << ", worst ratio " << worst.value);
    const auto result = gram::svd(A, {.vectors = vectors});
    const index_t p = std::min(A.rows(), A.cols());
    CHECK(result.U.cols() == (vectors == Vectors::full ? A.rows() : p));
    CHECK(result.Vt.rows() == (vectors == Vectors::full ? A.cols() : p));
    check_decomposition(A, result, worst);
    const double scale = support::frobenius(A);
    CHECK(support::values_ratio(result.s, gram::singular_values(A), scale) < limit);
}

// The same through the core, with parameters that make small matrices walk the paths of large ones.
template <class T>
void check_tuned(const Matrix<T>& A, const linalg::SvdTuning& tuning, support::Worst& worst) {
    using Columns = Matrix<T, gram::dynamic, gram::dynamic, gram::col_major>;
    const index_t m = A.rows(), n = A.cols();
    Columns work = A, V(n, n), U(m, n);
    gram::Svd<T> result;
    result.s = Vector<T>(n);
    linalg::svd_in_place(work.ref(), result.s.data(), U.ref(), V.ref(), tuning);
    result.U = U;
    result.Vt = V.T();
    check_decomposition(A, result, worst);
    Vector<T> values(n);
    work = A;
    linalg::svd_in_place(work.ref(), values.data(), gram::kernel::MatRef<T>{}, gram::kernel::MatRef<T>{}, tuning);
    CHECK(support::values_ratio(result.s, values, support::frobenius(A)) < limit);
}

}  // namespace

TEMPLATE_TEST_CASE("svd reproduces every hostile matrix of every small shape", "", float, double) {
    support::Worst worst;
    const std::vector<index_t> sizes = {0, 1, 2, 3, 5, 8, 31, 33};
    for (index_t m : sizes) {
        for (index_t n : sizes) {
            for (const auto& named : support::hostile_matrices<TestType>(m, n, 7)) {
                check_svd(named, Vectors::thin, worst);
                check_svd(named, Vectors::full, worst);
            }
        }
    }
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("svd reproduces larger matrices", "", float, double) {
    support::Worst worst;
    for (const auto& named : support::hostile_matrices<TestType>(65, 64, 8)) check_svd(named, Vectors::full, worst);
    for (const auto& named : support::hostile_matrices<TestType>(64, 129, 9)) check_svd(named, Vectors::thin, worst);
    for (const auto& named : support::hostile_matrices<TestType>(129, 129, 10)) check_svd(named, Vectors::thin, worst);
    check_svd<TestType>({"gaussian", support::gaussian<TestType>(257, 257, 11)}, Vectors::thin, worst);
    check_svd<TestType>({"gaussian", support::gaussian<TestType>(257, 40, 12)}, Vectors::full, worst);
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("svd is right whatever the sizes of blocks", "", float, double) {
    support::Worst worst;
    for (index_t n : {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33}) {
        for (index_t m : {n, n + 1, 2 * n}) {
            for (const auto& named : support::hostile_matrices<TestType>(m, n, 13)) {
                if (named.name == "huge" || named.name == "tiny") continue;  // the core takes scaled matrices
                INFO(named.name << " " << m << "x" << n);
                check_tuned(named.A, {.reduction = {.block = 4, .unblocked = 4}, .tall = 1.0}, worst);
                check_tuned(named.A, {.reduction = {.block = 3, .unblocked = 10}, .crossover = 1000, .tall = 100},
                            worst);
                check_tuned(named.A, {.divide = {.leaf = 3}, .crossover = 1}, worst);
                check_tuned(named.A, {.divide = {.leaf = 5}, .crossover = 1, .tall = 100}, worst);
            }
        }
    }
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("svd takes any layout and any expression", "", float, double) {
    using T = TestType;
    const Matrix<T> A = support::gaussian<T>(37, 23, 14);
    const Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> columns = A;
    Matrix<T> wide(74, 69);
    for (index_t i = 0; i < 37; ++i)
        for (index_t j = 0; j < 23; ++j) wide(2 * i, 3 * j) = A(i, j);
    const auto strided = gram::view(wide.data(), 37, 23, 2 * 69, 3);
    support::Worst worst;
    check_decomposition(A, gram::svd(columns), worst);
    check_decomposition(A, gram::svd(strided), worst);
    check_decomposition(Matrix<T>(A.T()), gram::svd(A.T()), worst);
}

TEMPLATE_TEST_CASE("A matrix and its transpose have the same singular values", "", float, double) {
    for (const auto& named : support::hostile_matrices<TestType>(30, 20, 15)) {
        const auto a = gram::singular_values(named.A), b = gram::singular_values(named.A.T());
        INFO(named.name);
        CHECK(support::values_ratio(a, b, support::frobenius(named.A)) < limit);
    }
}

TEMPLATE_TEST_CASE("Singular values known in closed form are found", "", float, double) {
    using T = TestType;
    SECTION("a first difference matrix: 2 sin") {
        const index_t n = 60;
        const auto D = support::generate<T>(n + 1, n, [](index_t i, index_t j) { return (i == j) - (i == j + 1); });
        Vector<T> exact(n);
        for (index_t k = n; k >= 1; --k) {
            const double half = std::acos(-1.0) * static_cast<double>(k) / (2 * static_cast<double>(n + 1));
            exact[n - k] = static_cast<T>(2 * std::sin(half));
        }
        CHECK(support::values_ratio(gram::singular_values(D), exact, 2) < limit);
        CHECK(support::values_ratio(gram::svd(D).s, exact, 2) < limit);
    }
    SECTION("a rotated prescribed spectrum") {
        std::vector<double> s;
        Vector<T> exact(40);
        for (int i = 0; i < 40; ++i) {
            s.push_back(std::exp2(-0.5 * i));
            exact[i] = static_cast<T>(s.back());
        }
        const auto A = support::with_singular_values<T>(50, 40, s, 16);
        CHECK(support::values_ratio(gram::svd(A).s, exact, 2) < limit);
    }
}

TEMPLATE_TEST_CASE("A bidiagonal matrix keeps the relative accuracy of its small singular values", "", float, double) {
    using T = TestType;
    // Graded over far more than 1 / eps, in both directions: entries near sqrt(smallest number) at the small end.
    for (bool ascending : {false, true}) {
        const index_t n = 20;
        std::vector<T> d, e;
        for (index_t i = 0; i < n; ++i) {
            const double at = std::exp2(-3.0 * static_cast<double>(ascending ? n - 1 - i : i));
            d.push_back(static_cast<T>(at));
            e.push_back(static_cast<T>(at / 2));
        }
        const double determinant = [&] {
            double product = 1;
            for (T x : d) product *= static_cast<double>(x);
            return product;
        }();
        // The product of all singular values is |det|: an error in the smallest shows undiminished.
        const auto check = [&](const std::vector<T>& s) {
            double product = 1;
            for (T x : s) product *= static_cast<double>(x);
            CHECK(std::abs(product / determinant - 1) < 10 * static_cast<double>(n) * support::eps_of<T>);
        };
        std::vector<T> d_copy = d, e_copy = e;
        linalg::bidiagonal_qr(n, d.data(), e.data(), gram::kernel::MatRef<T>{}, gram::kernel::MatRef<T>{});
        check(d);
        linalg::bidiagonal_values(n, d_copy.data(), e_copy.data());
        check(d_copy);
    }
}

TEMPLATE_TEST_CASE("All bidiagonal solvers agree on spectra that deflate, split or underflow", "", float, double) {
    using T = TestType;
    support::Random random(19);
    for (index_t n : {1, 2, 3, 7, 20, 33, 90}) {
        for (int kind = 0; kind < 8; ++kind) {
            std::vector<T> d, e;
            for (index_t i = 0; i < n; ++i) {
                const auto [a, b] = support::tridiagonal_entries(kind, i, n, random);
                d.push_back(static_cast<T>(a));
                e.push_back(static_cast<T>(b));
            }
            const auto A = support::generate<T>(n, n, [&](index_t i, index_t j) {
                return i == j ? d[static_cast<std::size_t>(i)] : (j - i == 1 ? e[static_cast<std::size_t>(i)] : T(0));
            });
            INFO("kind " << kind << ", n " << n);
            std::vector<T> e1 = e, e2 = e, e3 = e;
            Vector<T> by_values(n), by_qr(n);
            gram::Svd<T> by_division;
            by_division.s = Vector<T>(n);
            for (index_t i = 0; i < n; ++i) by_values[i] = by_qr[i] = by_division.s[i] = d[static_cast<std::size_t>(i)];
            Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> U(n, n), V(n, n);
            linalg::bidiagonal_values(n, by_values.data(), e1.data());
            linalg::bidiagonal_qr(n, by_qr.data(), e2.data(), gram::kernel::MatRef<T>{}, gram::kernel::MatRef<T>{});
            linalg::bidiagonal_dc(n, by_division.s.data(), e3.data(), U.ref(), V.ref(), {.leaf = 3});
            by_division.U = U;
            by_division.Vt = V.T();
            support::Worst worst;
            check_decomposition(A, by_division, worst);
            CHECK(support::values_ratio(by_values, by_division.s, support::frobenius(A)) < limit);
            CHECK(support::values_ratio(by_qr, by_division.s, support::frobenius(A)) < limit);
        }
    }
}

TEMPLATE_TEST_CASE("svd needs no subnormal numbers", "", float, double) {
    const support::FlushToZero flush;
    support::Worst worst;
    for (index_t n : {8, 40})
        for (const auto& named : support::hostile_matrices<TestType>(n, n, 20)) check_svd(named, Vectors::thin, worst);
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("Scaling by a power of two scales the singular values exactly", "", float, double) {
    using T = TestType;
    const Matrix<T> A = support::gaussian<T>(44, 37, 17);
    Matrix<T> B = A;
    for (T& x : B) x *= T(1024);
    const auto a = gram::svd(A), b = gram::svd(B);
    for (index_t i = 0; i < 37; ++i) CHECK(a.s[i] * T(1024) == b.s[i]);
    CHECK(support::distance_ratio(a.U, b.U) == 0);
}

TEMPLATE_TEST_CASE("svd of an empty matrix has no singular values and complete bases", "", float, double) {
    using T = TestType;
    for (auto [m, n] : {std::pair<index_t, index_t>{0, 0}, {0, 3}, {4, 0}}) {
        const Matrix<T> A(m, n);
        const auto thin = gram::svd(A), full = gram::svd(A, {.vectors = Vectors::full});
        CHECK(thin.s.size() == 0);
        CHECK((thin.U.rows() == m && thin.U.cols() == 0 && thin.Vt.rows() == 0 && thin.Vt.cols() == n));
        CHECK((full.U.rows() == m && full.U.cols() == m && full.Vt.rows() == n && full.Vt.cols() == n));
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j < m; ++j) CHECK(full.U(i, j) == T(i == j));
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) CHECK(full.Vt(i, j) == T(i == j));
        CHECK(gram::singular_values(A).size() == 0);
    }
}

TEMPLATE_TEST_CASE("svd without vectors returns values only", "", float, double) {
    const auto result = gram::svd(support::gaussian<TestType>(6, 4, 18), {.vectors = Vectors::none});
    CHECK(result.s.size() == 4);
    CHECK((result.U.size() == 0 && result.Vt.size() == 0));
}

TEMPLATE_TEST_CASE("svd refuses what is not finite", "", float, double) {
    using T = TestType;
    for (T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
        for (auto [m, n] : {std::pair<index_t, index_t>{1, 1}, {3, 3}, {40, 40}, {5, 9}, {90, 7}}) {
            Matrix<T> A = support::generate<T>(m, n, [](index_t, index_t) { return 1; });
            A(m - 1, n / 2) = bad;
            CHECK_THROWS_AS(gram::svd(A), gram::non_finite);
            CHECK_THROWS_AS(gram::singular_values(A), gram::non_finite);
            CHECK_THROWS_WITH(gram::svd(A),
                              support::contains_text("(" + std::to_string(m - 1) + ", " + std::to_string(n / 2)));
        }
    }
}
