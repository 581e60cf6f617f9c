#include "gram/linalg/eigh.hpp"

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
namespace linalg = gram::linalg;

namespace {

// Every ratio is in units of n * eps * norm. LAPACK's own tests allow 30; the worst seen is below 4, at n = 3.
constexpr double limit = 10;

const std::vector<index_t> all_sizes = {0, 1, 2, 3, 5, 8, 31, 32, 33, 64, 65};

template <class T>
bool ascending(const Vector<T>& w) {
    for (index_t i = 0; i + 1 < w.size(); ++i)
        if (!(w[i] <= w[i + 1])) return false;
    return true;
}

// The three properties that make {w, Z} the decomposition of A; the worst ratio of all calls is kept.
template <class T>
void check_decomposition(const Matrix<T>& A, const Vector<T>& w, const Matrix<T>& Z, support::Worst& worst) {
    REQUIRE(w.size() == A.rows());
    REQUIRE(Z.rows() == A.rows());
    REQUIRE(Z.cols() == A.rows());
    const auto Zt = support::transposed(support::plain(Z));
    CHECK(worst(support::factor_ratio(A, support::times_diagonal(Z, w), Zt)) < limit);
    CHECK(worst(support::orthogonality_ratio(Z)) < limit);
    CHECK(ascending(w));
}

template <class T>
void check_eigh(const support::Named<T>& named, support::Worst& worst) {
    INFO(named.name << " " << named.A.rows() << ", worst ratio " << worst.value);
    const auto [w, Z] = gram::eigh(named.A);
    check_decomposition(named.A, w, Z, worst);
    CHECK(support::values_ratio(w, gram::eigvalsh(named.A), support::frobenius(named.A)) < limit);
}

// The same through the core, with parameters that make small matrices walk the paths of large ones.
template <class T>
void check_tuned(const Matrix<T>& A, const linalg::EighTuning& tuning, support::Worst& worst) {
    const index_t n = A.rows();
    Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> work = A, Z(n, n);
    Vector<T> w(n), values(n);
    linalg::eigh_in_place(work.ref(), w.data(), Z.ref(), tuning);
    check_decomposition(A, w, Matrix<T>(Z), worst);
    work = A;
    linalg::eigh_in_place(work.ref(), values.data(), gram::kernel::MatRef<T>{}, tuning);
    CHECK(support::values_ratio(w, values, support::frobenius(A)) < limit);
}

template <class T>
Matrix<T> tridiagonal(const std::vector<double>& d, const std::vector<double>& e) {
    return support::generate<T>(static_cast<index_t>(d.size()), static_cast<index_t>(d.size()),
                                [&](index_t i, index_t j) {
                                    if (i == j) return d[static_cast<std::size_t>(i)];
                                    return i - j == 1 || j - i == 1 ? e[static_cast<std::size_t>(std::min(i, j))] : 0.0;
                                });
}

}  // namespace

TEMPLATE_TEST_CASE("eigh reproduces every hostile matrix of every small size", "", float, double) {
    support::Worst worst;
    for (index_t n : all_sizes)
        for (const auto& named : support::hostile_symmetric<TestType>(n, 7)) check_eigh(named, worst);
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("eigh reproduces larger matrices", "", float, double) {
    support::Worst worst;
    for (const auto& named : support::hostile_symmetric<TestType>(129, 8)) check_eigh(named, worst);
    const auto G = support::symmetrized(support::gaussian<TestType>(257, 257, 9));
    check_eigh<TestType>({"gaussian", G}, worst);
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("eigh is right whatever the sizes of blocks", "", float, double) {
    support::Worst worst;
    for (index_t n : {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 40}) {
        for (const auto& named : support::hostile_symmetric<TestType>(n, 10)) {
            if (named.name == "huge" || named.name == "tiny") continue;  // the core takes scaled matrices
            INFO(named.name << " " << n);
            check_tuned(named.A, {.reduction = {.block = 4, .unblocked = 4}}, worst);
            check_tuned(named.A, {.reduction = {.block = 3, .unblocked = 10}, .crossover = 1000}, worst);
            check_tuned(named.A, {.divide = {.leaf = 2}, .crossover = 1}, worst);
            check_tuned(named.A, {.divide = {.leaf = 5}, .crossover = 1}, worst);
        }
    }
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("eigh takes any layout and any expression", "", float, double) {
    using T = TestType;
    const Matrix<T> A = support::symmetrized(support::gaussian<T>(37, 37, 11));
    const Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> columns = A;
    Matrix<T> wide(74, 111);
    for (index_t i = 0; i < 37; ++i)
        for (index_t j = 0; j < 37; ++j) wide(2 * i, 3 * j) = A(i, j);
    const auto strided = gram::view(wide.data(), 37, 37, 2 * 111, 3);
    const auto reference = gram::eigh(A);
    for (const auto& other : {gram::eigh(columns), gram::eigh(strided), gram::eigh(A.T())}) {
        support::Worst worst;
        check_decomposition(A, other.values, other.vectors, worst);
        CHECK(support::values_ratio(reference.values, other.values, support::frobenius(A)) < limit);
    }
}

TEMPLATE_TEST_CASE("eigh uses the lower triangle only", "", float, double) {
    using T = TestType;
    const Matrix<T> A = support::symmetrized(support::gaussian<T>(20, 20, 12));
    Matrix<T> half = A;
    for (index_t i = 0; i < 20; ++i)
        for (index_t j = i + 1; j < 20; ++j) half(i, j) = std::numeric_limits<T>::max();
    const auto a = gram::eigh(A), b = gram::eigh(half);
    for (index_t i = 0; i < 20; ++i) CHECK(a.values[i] == b.values[i]);
}

TEMPLATE_TEST_CASE("Eigenvalues of the second difference matrix are 4 sin^2", "", float, double) {
    using T = TestType;
    for (index_t n : {1, 2, 10, 50, 130}) {
        const auto size = static_cast<std::size_t>(n);
        const auto A = tridiagonal<T>(std::vector<double>(size, 2), std::vector<double>(size, -1));
        Vector<T> exact(n);
        for (index_t k = 1; k <= n; ++k) {
            const double half = std::acos(-1.0) * static_cast<double>(k) / (2 * static_cast<double>(n + 1));
            exact[k - 1] = static_cast<T>(4 * std::sin(half) * std::sin(half));
        }
        CHECK(support::values_ratio(gram::eigvalsh(A), exact, 4) < limit);
        CHECK(support::values_ratio(gram::eigh(A).values, exact, 4) < limit);
    }
}

TEMPLATE_TEST_CASE("Eigenvalues of the Clement matrix are evenly spaced integers", "", float, double) {
    using T = TestType;
    for (index_t n : {2, 3, 16, 41}) {
        std::vector<double> e;
        Vector<T> exact(n);
        for (index_t i = 1; i < n; ++i) e.push_back(std::sqrt(static_cast<double>(i * (n - i))));
        for (index_t i = 0; i < n; ++i) exact[i] = static_cast<T>(2 * i - n + 1);
        const auto A = tridiagonal<T>(std::vector<double>(static_cast<std::size_t>(n), 0), e);
        CHECK(support::values_ratio(gram::eigh(A).values, exact, static_cast<double>(n)) < limit);
    }
}

TEMPLATE_TEST_CASE("Glued Wilkinson matrices keep orthogonal vectors", "", float, double) {
    using T = TestType;
    for (double glue : {1e-1, 1e-4, 1e-8, 1e-14, 0.0}) {
        std::vector<double> d, e;
        for (int copy = 0; copy < 5; ++copy) {
            for (int i = -10; i <= 10; ++i) {
                d.push_back(std::abs(i));
                e.push_back(i == 10 ? glue : 1);
            }
        }
        support::Worst worst;
        const auto A = tridiagonal<T>(d, e);
        INFO("glue " << glue);
        check_eigh<T>({"glued", A}, worst);
        // W21+ has its two largest eigenvalues at 10.746194182903393 (they agree to 14 digits).
        if (glue <= 1e-14) {
            const auto w = gram::eigvalsh(A);
            CHECK(std::abs(static_cast<double>(w[104]) - 10.746194182903393) < 105 * support::eps_of<T> * 11);
        }
    }
}

TEMPLATE_TEST_CASE("All tridiagonal solvers agree on spectra that deflate, split or underflow", "", float, double) {
    using T = TestType;
    support::Random random(14);
    for (index_t n : {1, 2, 3, 7, 20, 33, 90}) {
        for (int kind = 0; kind < 8; ++kind) {
            std::vector<T> d, e;
            for (index_t i = 0; i < n; ++i) {
                const auto [a, b] = support::tridiagonal_entries(kind, i, n, random);
                d.push_back(static_cast<T>(a));
                e.push_back(static_cast<T>(b));
            }
            const auto A = support::generate<T>(n, n, [&](index_t i, index_t j) {
                if (i == j) return d[static_cast<std::size_t>(i)];
                return i - j == 1 || j - i == 1 ? e[static_cast<std::size_t>(std::min(i, j))] : T(0);
            });
            INFO("kind " << kind << ", n " << n);
            std::vector<T> e1 = e, e2 = e, e3 = e;
            Vector<T> by_values(n), by_ql(n), by_division(n);
            for (index_t i = 0; i < n; ++i) by_values[i] = by_ql[i] = by_division[i] = d[static_cast<std::size_t>(i)];
            Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> Z(n, n);
            linalg::tridiagonal_values(n, by_values.data(), e1.data());
            linalg::tridiagonal_ql(n, by_ql.data(), e2.data(), gram::kernel::MatRef<T>{});
            linalg::tridiagonal_dc(n, by_division.data(), e3.data(), Z.ref(), {.leaf = 3});
            support::Worst worst;
            check_decomposition(A, by_division, Matrix<T>(Z), worst);
            CHECK(support::values_ratio(by_values, by_division, support::frobenius(A)) < limit);
            CHECK(support::values_ratio(by_ql, by_division, support::frobenius(A)) < limit);
        }
    }
}

TEMPLATE_TEST_CASE("eigh needs no subnormal numbers", "", float, double) {
    const support::FlushToZero flush;
    support::Worst worst;
    for (index_t n : {8, 40})
        for (const auto& named : support::hostile_symmetric<TestType>(n, 15)) check_eigh(named, worst);
    CHECK(worst.value < limit);
}

TEMPLATE_TEST_CASE("Scaling by a power of two scales the eigenvalues exactly", "", float, double) {
    using T = TestType;
    const Matrix<T> A = support::symmetrized(support::gaussian<T>(40, 40, 13));
    Matrix<T> B = A;
    for (T& x : B) x *= T(1024);
    const auto a = gram::eigh(A), b = gram::eigh(B);
    for (index_t i = 0; i < 40; ++i) CHECK(a.values[i] * T(1024) == b.values[i]);
    CHECK(support::distance_ratio(a.vectors, b.vectors) == 0);
}

TEMPLATE_TEST_CASE("eigh of an empty matrix is empty", "", float, double) {
    const auto [w, Z] = gram::eigh(Matrix<TestType>(0, 0));
    CHECK(w.size() == 0);
    CHECK((Z.rows() == 0 && Z.cols() == 0));
    CHECK(gram::eigvalsh(Matrix<TestType>(0, 0)).size() == 0);
}

TEMPLATE_TEST_CASE("eigh refuses what is not square and what is not finite", "", float, double) {
    using T = TestType;
    CHECK_THROWS_AS(gram::eigh(Matrix<T>(2, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::eigvalsh(Matrix<T>(3, 2)), gram::shape_error);
    for (T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
        for (index_t n : {1, 3, 40}) {
            Matrix<T> A = support::generate<T>(n, n, [](index_t, index_t) { return 1; });
            A(0, n - 1) = bad;
            CHECK_THROWS_AS(gram::eigh(A), gram::non_finite);
            CHECK_THROWS_AS(gram::eigvalsh(A), gram::non_finite);
            CHECK_THROWS_WITH(gram::eigh(A), support::contains_text("(0, " + std::to_string(n - 1) + ")"));
        }
    }
}
