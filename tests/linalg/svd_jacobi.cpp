// svd and singular_values with Accuracy::high: small singular values to their own size, against one-sided Jacobi in
// long double, and everything that holds of the standard ones.
#include <algorithm>
#include <complex>
#include <string>
#include <utility>
#include <vector>

#include "gram/linalg/svd.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"
#include "support/long_svd.hpp"
#include "support/spectral.hpp"

using gram::Accuracy;
using gram::index_t;
using gram::Matrix;
using gram::real_t;
using gram::Vector;
using gram::Vectors;

namespace {

// |s - s_ref| / s_ref in units of n eps cond(B); the theory has modest powers of n.
constexpr double relative_limit = 50;
// In units of max(m, n) eps ||A||, as for the standard methods.
constexpr double limit = 10;

template <class S>
double condition(const Matrix<S>& B) {
    const auto s = support::long_singular_values(B);
    return static_cast<double>(s.front() / s.back());
}

// max |s_i - ref_i| / ref_i in units of n eps cond.
template <class R>
double relative_ratio(const Vector<R>& s, const std::vector<long double>& ref, double cond) {
    if (static_cast<std::size_t>(s.size()) != ref.size()) return std::numeric_limits<double>::infinity();
    support::Worst worst;
    for (index_t i = 0; i < s.size(); ++i) {
        const long double exact = ref[static_cast<std::size_t>(i)];
        worst(static_cast<double>(std::abs(static_cast<long double>(s[i]) - exact) / exact));
    }
    return worst.value / (static_cast<double>(s.size()) * support::eps_of<R> * cond);
}

// 10^-x for x from 0 to `decades`, in one of three orders.
enum class Order { down, up, shuffled };
template <class R>
std::vector<R> grades(index_t n, double decades, Order order) {
    std::vector<R> d;
    const auto shuffled = support::shuffled(n, 5);
    for (index_t i = 0; i < n; ++i) {
        const index_t at =
            order == Order::down ? i : (order == Order::up ? n - 1 - i : shuffled[static_cast<std::size_t>(i)]);
        const double t = n == 1 ? 0 : static_cast<double>(at) / static_cast<double>(n - 1);
        d.push_back(static_cast<R>(std::pow(10.0, -decades * t)));
    }
    return d;
}
// D1 B D2. An empty list stands for the identity.
template <class S, class R>
Matrix<S> graded(const std::vector<R>& rows, Matrix<S> B, const std::vector<R>& cols) {
    for (index_t i = 0; i < B.rows(); ++i)
        for (index_t j = 0; j < B.cols(); ++j) {
            if (!rows.empty()) B(i, j) *= rows[static_cast<std::size_t>(i)];
            if (!cols.empty()) B(i, j) *= cols[static_cast<std::size_t>(j)];
        }
    return B;
}

template <class S>
void check_relative(const Matrix<S>& A, double cond, support::Worst& worst) {
    const auto ref = support::long_singular_values(A);
    CAPTURE(A.rows(), A.cols(), cond);
    CHECK(worst(relative_ratio(gram::singular_values(A, {.accuracy = Accuracy::high}), ref, cond)) < relative_limit);
    CHECK(worst(relative_ratio(gram::svd(A, {.accuracy = Accuracy::high}).s, ref, cond)) < relative_limit);
}

struct Ratios {
    support::Worst residual, left, right, values;
};

template <class S>
void check_svd(const Matrix<S>& A, Vectors vectors, Ratios& worst) {
    const index_t m = A.rows(), n = A.cols(), p = std::min(m, n);
    const auto [U, s, Vt] = gram::svd(A, {.vectors = vectors, .accuracy = Accuracy::high});
    const bool full = vectors == Vectors::full;
    REQUIRE((s.size() == p && U.rows() == m && U.cols() == (full ? m : p)));
    REQUIRE((Vt.cols() == n && Vt.rows() == (full ? n : p)));
    const auto product = support::multiply(support::times_diagonal(Matrix<S>(U.block(0, 0, m, p)), s),
                                           support::plain(Matrix<S>(Vt.block(0, 0, p, n))));
    CHECK(worst.residual(support::distance_ratio(A, product)) < limit);
    CHECK(worst.left(support::orthogonality_ratio(U)) < limit);
    CHECK(worst.right(support::orthogonality_ratio(support::adjoint_by_definition(Vt))) < limit);
    CHECK(support::descending_from_above_zero(s));
    const double norm = support::frobenius(A);
    CHECK(worst.values(support::values_ratio(s, gram::singular_values(A), norm)) < limit);
    const auto alone = gram::singular_values(A, {.accuracy = Accuracy::high});
    CHECK(worst.values(support::values_ratio(s, alone, norm)) < limit);
}

template <class S>
Vector<real_t<S>> high_values(const Matrix<S>& A) {
    return gram::singular_values(A, {.accuracy = Accuracy::high});
}

// Most of the range: from 1 down.
template <class S>
constexpr double decades = sizeof(real_t<S>) == 4 ? 30 : 200;

}  // namespace

TEMPLATE_TEST_CASE("high accuracy: columns of any size", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    support::Worst worst, standard;
    for (const auto& [m, n] :
         {std::pair<index_t, index_t>{1, 1}, {2, 2}, {3, 2}, {8, 8}, {20, 20}, {60, 17}, {33, 33}, {70, 64}}) {
        for (const double range : {6.0, 20.0, decades<S>}) {
            for (const Order order : {Order::down, Order::up, Order::shuffled}) {
                const auto B = support::gaussian_of<S>(m, n, 21);
                const auto A = graded(std::vector<R>{}, B, grades<R>(n, range, order));
                CAPTURE(range, static_cast<int>(order));
                check_relative(A, condition(B), worst);
                check_relative(support::adjoint_by_definition(A), condition(B), worst);
                if (n > 2)
                    standard(relative_ratio(gram::singular_values(A), support::long_singular_values(A), condition(B)));
            }
        }
    }
    CAPTURE(worst.value, standard.value);
    CHECK(worst.value < 3);
    CHECK(standard.value > 1e4);  // these matrices tell the methods apart
}

TEMPLATE_TEST_CASE("high accuracy: rows of any size, and rows and columns", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    // Of rows and columns at once the error depends on the leading parts of B too, in the order that they are taken.
    support::Worst rows, both;
    for (const index_t n : {2, 8, 20, 33}) {
        const auto B = support::gaussian_of<S>(n, n, 22);
        const double cond = condition(B);
        for (const Order first : {Order::down, Order::up, Order::shuffled}) {
            const auto D = grades<R>(n, decades<S> / 2, first);
            CAPTURE(n, static_cast<int>(first));
            check_relative(graded(D, B, {}), cond, rows);
            for (const Order second : {Order::down, Order::up, Order::shuffled}) {
                CAPTURE(static_cast<int>(second));
                check_relative(graded(D, B, grades<R>(n, decades<S> / 2, second)), cond, both);
            }
        }
    }
    CAPTURE(rows.value);
    CHECK(rows.value < 1);
}

TEMPLATE_TEST_CASE("high accuracy: bidiagonal matrices, Kahan's, and their transposes", "[linalg]", float, double) {
    using R = TestType;
    support::Worst bidiagonal, kahan;
    for (const index_t n : {2, 5, 20, 40}) {
        const auto number = [](index_t i) { return static_cast<double>(i); };
        const auto unit =
            support::generate<R>(n, n, [](index_t i, index_t j) { return i == j ? 1.0 : (j == i + 1) / 2.0; });
        for (const Order order : {Order::down, Order::up, Order::shuffled}) {
            const auto D = grades<R>(n, decades<R>, order);
            CAPTURE(n, static_cast<int>(order));
            check_relative(graded(D, unit, {}), condition(unit), bidiagonal);
            check_relative(graded({}, unit, D), condition(unit), bidiagonal);
            check_relative(support::adjoint_by_definition(graded(D, unit, {})), condition(unit), bidiagonal);
        }
        // diag(s^i) (I - c N), and with rows and columns that shrink further.
        const auto K = support::kahan<R>(n, n);
        const auto factor = support::generate<R>(n, n, [&](index_t i, index_t j) {
            return i > j ? 0.0 : static_cast<double>(K(i, j)) / std::pow(std::sin(1.2), number(i));
        });
        check_relative(K, condition(factor), kahan);
        check_relative(graded(grades<R>(n, 20, Order::down), K, {}), condition(factor), kahan);
        check_relative(graded({}, K, grades<R>(n, 20, Order::up)), condition(K), kahan);
    }
    CAPTURE(bidiagonal.value, kahan.value);
    CHECK(bidiagonal.value < 1);
    CHECK(kahan.value < 1);
}

TEMPLATE_TEST_CASE("high accuracy: from one end of the range to the other", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    support::Worst worst;
    const bool single = sizeof(R) == 4;
    // The largest column, and how many decades lie below it.
    for (const auto& [top, range] : {std::pair{0.0, single ? 36.0 : 300.0},
                                     {single ? 37.0 : 300.0, single ? 72.0 : 600.0},
                                     {single ? -20.0 : -200.0, single ? 16.0 : 100.0},
                                     {single ? 30.0 : 300.0, 0.0},
                                     {single ? -35.0 : -300.0, 0.0}}) {
        for (const Order order : {Order::down, Order::up, Order::shuffled}) {
            for (const index_t n : {2, 7, 24}) {
                const auto B = support::gaussian_of<S>(n, n, 23);
                auto D = grades<R>(n, range / 2, order);
                // In two halves, as D alone may leave the range.
                for (R& d : D) d *= static_cast<R>(std::pow(10.0, top / 2));
                const auto A = graded({}, graded({}, B, D), D);
                CAPTURE(top, range, static_cast<int>(order));
                check_relative(A, condition(B), worst);
            }
        }
    }
    CAPTURE(worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("high accuracy: every class, tall, square and wide", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    Ratios worst;
    using Shape = std::pair<index_t, index_t>;
    const std::vector<Shape> shapes = {{0, 0}, {0, 3}, {3, 0}, {1, 1},   {1, 5},   {5, 1},   {2, 2},
                                       {2, 3}, {5, 8}, {9, 8}, {17, 16}, {24, 44}, {40, 15}, {33, 33}};
    for (const auto& [m, n] : shapes) {
        auto all = support::singular_types<S>(m, n);
        for (auto& named : support::all_matrices<S>(m, n)) all.push_back(std::move(named));
        for (const auto& [name, A] : all) {
            CAPTURE(name, m, n);
            check_svd(A, Vectors::thin, worst);
            if (m != n) check_svd(A, Vectors::full, worst);
        }
    }
    CAPTURE(worst.residual.value, worst.left.value, worst.right.value, worst.values.value);
    CHECK(worst.residual.value < 3);
    CHECK(worst.left.value < 4);
    CHECK(worst.right.value < 4);
    CHECK(worst.values.value < 3);
}

TEMPLATE_TEST_CASE("high accuracy: larger matrices", "[linalg]", float, double, std::complex<double>) {
    using S = TestType;
    Ratios worst;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{130, 130}, {97, 113}, {300, 70}}) {
        check_svd(support::gaussian_of<S>(m, n, 24), Vectors::thin, worst);
        check_svd(support::singular_types<S>(m, n).back().A, Vectors::full, worst);
        const auto low = support::with_phases<S>(support::of_rank<real_t<S>>(m, n, 30, 25));
        check_svd(low, Vectors::thin, worst);
    }
    CAPTURE(worst.residual.value, worst.left.value, worst.right.value, worst.values.value);
    CHECK(worst.residual.value < 1);
    CHECK(worst.left.value < 2);
    CHECK(worst.right.value < 2);
}

TEMPLATE_TEST_CASE("high accuracy: exact zeros stay zero, and their vectors are orthonormal", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{6, 6}, {9, 5}, {4, 7}}) {
        for (const index_t rank : {0, 1, 2, 3}) {
            // `rank` columns with elements of their own, each of them in three places where there is room.
            Matrix<S> A(m, n);
            for (index_t j = 0; j < n; ++j)
                if (j % 4 < rank && j < 8) A(j % 4, j) = S(R(2 + j % 4));
            Ratios worst;
            CAPTURE(m, n, rank);
            check_svd(A, Vectors::full, worst);
            const auto s = high_values(A);
            for (index_t i = 0; i < s.size(); ++i) CHECK((s[i] == R(0)) == (i >= rank));
        }
    }
}

TEMPLATE_TEST_CASE("high accuracy: a power of two scales the values and leaves the vectors, to the bit", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {5, 3}, {24, 24}, {20, 40}}) {
        const auto A = support::gaussian_of<S>(m, n, 26);
        const auto f = gram::svd(A, {.accuracy = Accuracy::high});
        for (const int k : support::far_exponents<S>()) {
            CAPTURE(m, n, k);
            const auto g = gram::svd(support::scaled(A, k), {.accuracy = Accuracy::high});
            CHECK((support::identical(f.U, g.U) && support::identical(f.Vt, g.Vt)));
            for (index_t i = 0; i < std::min(m, n); ++i) CHECK(g.s[i] == std::ldexp(R(f.s[i]), k));
        }
    }
}

TEMPLATE_TEST_CASE("high accuracy: every layout gives the same bits, and every call", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {3, 2}, {25, 24}, {20, 50}}) {
        const Matrix<S> A = support::singular_types<S>(m, n).back().A;
        const auto f = gram::svd(A, {.vectors = Vectors::full, .accuracy = Accuracy::high});
        support::for_each_layout(A, [&](const char* layout, const auto& B) {
            CAPTURE(layout, A.rows(), A.cols());
            const auto g = gram::svd(B, {.vectors = Vectors::full, .accuracy = Accuracy::high});
            CHECK((support::identical(f.U, g.U) && support::identical(f.s, g.s) && support::identical(f.Vt, g.Vt)));
        });
    }
}

TEMPLATE_TEST_CASE("high accuracy: other arithmetic", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    const auto B = support::gaussian_of<S>(20, 20, 27);
    const double cond = condition(B);
    const auto A = graded({}, B, grades<real_t<S>>(20, decades<S>, Order::shuffled));
    const auto ref = support::long_singular_values(A);
    support::for_each_arithmetic(
        [&] { return gram::svd(A, {.accuracy = Accuracy::high}); },
        [&](const char* name, const auto& found) {
            CAPTURE(name);
            CHECK(relative_ratio(found.s, ref, cond) < relative_limit);
            CHECK(support::orthogonality_ratio(found.U) < limit);
            CHECK(support::orthogonality_ratio(support::adjoint_by_definition(found.Vt)) < limit);
        });
}

TEMPLATE_TEST_CASE("high accuracy: what is not finite is refused, and no vectors are none", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    support::for_each_non_finite(support::gaussian_of<S>(7, 5, 28), [](const std::string& what, const Matrix<S>& A) {
        CAPTURE(what);
        CHECK_THROWS_AS(gram::svd(A, {.accuracy = Accuracy::high}), gram::non_finite);
        CHECK_THROWS_AS(high_values(A), gram::non_finite);
    });
    const auto A = support::gaussian_of<S>(6, 4, 29);
    const auto none = gram::svd(A, {.vectors = Vectors::none, .accuracy = Accuracy::high});
    CHECK((none.U.size() == 0 && none.Vt.size() == 0));
    CHECK(support::identical(none.s, high_values(A)));
}

TEMPLATE_TEST_CASE("high accuracy: matrices of fixed extents have it always", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    const Matrix<S, 3, 3> A = graded({}, support::gaussian_of<S>(3, 3, 30), grades<real_t<S>>(3, 15, Order::up));
    CHECK(support::identical(gram::svd(A, {.accuracy = Accuracy::high}).s, gram::svd(A).s));
    CHECK(support::identical(gram::singular_values(A, {.accuracy = Accuracy::high}), gram::singular_values(A)));
    CHECK(support::values_ratio(gram::singular_values(A), high_values(Matrix<S>(A)), support::frobenius(A)) < limit);
}
