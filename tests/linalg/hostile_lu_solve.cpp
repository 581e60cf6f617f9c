// LU and what is solved with it, on every hostile class in all four scalar types.
#include <array>
#include <complex>
#include <limits>

#include "gram/linalg/condition.hpp"
#include "gram/linalg/lu.hpp"
#include "gram/linalg/solve.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::all_finite;
using support::all_matrices;
using support::gaussian_of;
using support::identical;
using support::Worst;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

// Leaves of 8 columns, halves in whole leaves, vectors of 16 rows, and shapes far from square.
const std::initializer_list<std::array<index_t, 2>> shapes = {
    {0, 0}, {0, 3}, {3, 0}, {1, 1},   {1, 4},   {5, 1},   {2, 2},  {3, 3},   {5, 3},   {3, 5},
    {7, 9}, {8, 8}, {9, 8}, {17, 16}, {16, 17}, {33, 33}, {3, 40}, {40, 15}, {65, 64}, {64, 65}};
const std::initializer_list<index_t> orders = {0, 1, 2, 3, 5, 8, 9, 17, 33, 64};

// Ones on the diagonal of L and zeros above, |L| <= 1 (by the modulus, up to rounding); zeros below that of U.
template <class T>
bool has_lu_form(const Lu<T>& f) {
    const double one = is_complex_v<T> ? 1 + 4 * support::eps_of<T> : 1;
    for (index_t i = 0; i < f.L.rows(); ++i)
        for (index_t j = 0; j < f.L.cols(); ++j) {
            if (i <= j && f.L(i, j) != T(i == j ? 1 : 0)) return false;
            if (!(static_cast<double>(std::abs(f.L(i, j))) <= one)) return false;
        }
    for (index_t i = 0; i < f.U.rows(); ++i)
        for (index_t j = 0; j < std::min(i, f.U.cols()); ++j)
            if (f.U(i, j) != T{}) return false;
    return true;
}

// The first zero pivot, or -1.
template <class T>
index_t first_zero(const Matrix<T>& U) {
    for (index_t i = 0; i < std::min(U.rows(), U.cols()); ++i)
        if (U(i, i) == T{}) return i;
    return -1;
}

template <class T>
index_t zero_pivot_of(Matrix<T> A) {
    const kernel::Buffer<index_t> pivots(std::min(A.rows(), A.cols()));
    return linalg::lu_in_place(A.ref(), pivots.data());
}

// Rounding grows with the elements: by 2^(k - 1) in the matrix made for it.
double growth_of(const std::string& name, index_t m, index_t n) {
    return name == "largest growth" ? std::exp2(static_cast<double>(std::min(m, n))) : 1;
}

// An inverse of 1.4^n leaves the range of float.
bool may_overflow(const std::string& name, index_t n, double eps) { return name == "kahan" && n > 60 && eps > 1e-10; }

}  // namespace

TEMPLATE_TEST_CASE("hostile: P A = L U with bounded L, of every type and shape", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst worst;
    for (const auto& [m, n] : shapes) {
        for (const auto& [name, A] : all_matrices<T>(m, n)) {
            CAPTURE(name, m, n);
            const auto f = lu(A);
            REQUIRE((f.L.rows() == m && f.L.cols() == std::min(m, n)));
            REQUIRE((f.U.rows() == std::min(m, n) && f.U.cols() == n));
            REQUIRE(support::is_permutation(f.p));
            CHECK(has_lu_form(f));
            CHECK(worst(support::factor_ratio(support::with_rows(A, f.p), f.L, f.U) / growth_of(name, m, n)) < 3);
        }
    }
    for (const auto& [m, n] : {std::array<index_t, 2>{132, 129}, {127, 132}}) {  // halves of halves
        CAPTURE(m, n);
        const auto A = gaussian_of<T>(m, n, 20);
        const auto f = lu(A);
        CHECK(has_lu_form(f));
        CHECK(worst(support::factor_ratio(support::with_rows(A, f.p), f.L, f.U)) < 3);
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 1.5);
}

TEMPLATE_TEST_CASE("hostile: LU counts its first zero pivot, whatever columns are zero", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const auto& [m, n] : {std::array<index_t, 2>{1, 1}, {2, 2}, {3, 3}, {5, 5}, {5, 3}, {3, 5}}) {
        for (unsigned zeros = 0; zeros < 1U << n; ++zeros) {
            Matrix<T> A = gaussian_of<T>(m, n, 21 + zeros);
            index_t first = -1;
            for (index_t j = n; j-- > 0;) {
                if ((zeros >> j & 1U) == 0) continue;
                for (index_t i = 0; i < m; ++i) A(i, j) = T{};
                if (j < m) first = j;
            }
            CAPTURE(m, n, zeros);
            CHECK(zero_pivot_of(A) == first);
            const auto f = lu(A);
            CHECK(first_zero(f.U) == first);
            CHECK(has_lu_form(f));
            CHECK(support::factor_ratio(support::with_rows(A, f.p), f.L, f.U) < 3);
        }
    }
    for (const index_t n : {8, 9, 17, 33, 65})  // one zero column at every place, through all leaves
        for (index_t zero = 0; zero < n; ++zero) {
            Matrix<T> A = gaussian_of<T>(n, n, 22);
            for (index_t i = 0; i < n; ++i) A(i, zero) = T{};
            CAPTURE(n, zero);
            CHECK(zero_pivot_of(A) == zero);
            CHECK_THROWS_WITH(solve(A, A), support::contains_text("pivot " + std::to_string(zero) + " "));
            CHECK(det(A) == T{});
            CHECK(slogdet(A).sign == T{});
        }
}

TEMPLATE_TEST_CASE("hostile: the matrix of largest growth has a U that doubles", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const index_t n : {2, 5, 20, 60}) {
        Matrix<T> A(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) A(i, j) = T(i == j || j == n - 1 ? 1 : (i > j ? -1 : 0));
        const auto f = lu(A);
        CAPTURE(n);
        CHECK(f.U(n - 1, n - 1) == T(std::ldexp(real_t<T>(1), static_cast<int>(n - 1))));
        // Exact as long as 2^n + 1 is a number.
        if (n <= 20) CHECK(support::factor_ratio(support::with_rows(A, f.p), f.L, f.U) == 0);
    }
}

TEMPLATE_TEST_CASE("hostile: powers of two and orders of rows pass through LU unchanged", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const index_t n : {1, 4, 9, 33}) {
        const Matrix<T> A = gaussian_of<T>(n + 3, n, 23), S = gaussian_of<T>(n, n, 24), B = gaussian_of<T>(n, 2, 25);
        const auto f = lu(A);
        const auto X = solve(S, B), inverse = inv(S);
        for (const int k : support::far_exponents<T>()) {
            CAPTURE(n, k);
            const auto g = lu(support::scaled(A, k));
            CHECK(identical(g.L, f.L));
            CHECK(identical(g.p, f.p));
            CHECK(identical(g.U, support::scaled(f.U, k)));
            CHECK(identical(solve(support::scaled(S, k), support::scaled(B, k)), X));
            CHECK(identical(solve(support::scaled(S, k), B), support::scaled(X, -k)));
            CHECK(identical(solve(S, support::scaled(B, k)), support::scaled(X, k)));
            CHECK(identical(inv(support::scaled(S, k)), support::scaled(inverse, -k)));
            CHECK(identical(solve_refined(support::scaled(S, k), B).x, support::scaled(solve_refined(S, B).x, -k)));
            CHECK(identical(solve_refined(S, support::scaled(B, k)).x, support::scaled(solve_refined(S, B).x, k)));
            CHECK(slogdet(support::scaled(S, k)).sign == slogdet(S).sign);
            CHECK(cond_estimate(support::scaled(S, k)) == cond_estimate(S));
        }
        const auto order = support::random_order(n + 3, 26);
        const auto g = lu(support::with_rows(A, order));
        CHECK(identical(g.U, f.U));
        for (index_t i = 0; i < n; ++i) CHECK(order[g.p[i]] == f.p[i]);
        // Rows that gave no pivot may come in another order.
        for (index_t i = 0; i < n + 3; ++i) {
            index_t same = 0;
            while (f.p[same] != order[g.p[i]]) ++same;
            CHECK(identical(Matrix<T>(g.L.row(i)), Matrix<T>(f.L.row(same))));
        }
    }
}

TEMPLATE_TEST_CASE("hostile: solve and inv are backward stable or say that the matrix is singular", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    Worst solved, inverted, refined;
    for (const index_t n : orders) {
        for (const auto& [name, A] : all_matrices<T>(n, n)) {
            CAPTURE(name, n);
            const Matrix<T> B = gaussian_of<T>(n, 3, 27);
            if (first_zero(lu(A).U) >= 0) {  // exactly then, all of them
                CHECK_THROWS_AS(solve(A, B), singular_matrix);
                CHECK_THROWS_AS(inv(A), singular_matrix);
                CHECK_THROWS_AS(solve_refined(A, B), singular_matrix);
                CHECK(std::isinf(cond_estimate(A)));
                continue;
            }
            const auto X = solve(A, B), Y = inv(A), Z = solve_refined(A, B).x;
            if (!all_finite(X) || !all_finite(Y)) {
                CHECK(may_overflow(name, n, support::eps_of<T>));
                continue;
            }
            const double growth = growth_of(name, n, n);
            CHECK(solved(support::solve_ratio(A, X, B) / growth) < 3);
            CHECK(inverted(support::solve_ratio(A, Y, support::unit_matrix<T>(n)) / growth) < 3);
            CHECK(refined(support::solve_ratio(A, Z, B) / growth) < 3);
        }
    }
    INFO("worst ratios: solve " << solved.value << ", inv " << inverted.value << ", refined " << refined.value);
    CHECK(solved.value < 1.5);
    CHECK(inverted.value < 1.5);
    CHECK(refined.value < 1.5);
}

TEMPLATE_TEST_CASE("hostile: LU, solve, inv and det do not see the layout", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const index_t n : {1, 3, 9, 33}) {
        const Matrix<T> A = gaussian_of<T>(n, n, 29), B = gaussian_of<T>(n, 3, 30);
        const auto f = lu(A);
        const auto X = solve(A, B), Y = inv(A), Z = solve_refined(A, B).x;
        const auto L = solve_triangular(A, B);
        support::for_each_layout(A, [&](const char* layout, const auto& a) {
            CAPTURE(n, layout);
            const auto g = lu(a);
            CHECK((identical(g.L, f.L) && identical(g.U, f.U) && identical(g.p, f.p)));
            CHECK(identical(solve(a, B), X));
            CHECK(identical(inv(a), Y));
            CHECK(identical(solve_refined(a, B).x, Z));
            CHECK(identical(solve_triangular(a, B), L));
            CHECK(det(a) == det(A));
        });
        support::for_each_layout(B, [&](const char* layout, const auto& b) {
            CAPTURE(n, layout);
            CHECK(identical(solve(A, b), X));
            CHECK(identical(solve_refined(A, b).x, Z));
            CHECK(identical(solve_triangular(A, b), L));
        });
    }
}

TEMPLATE_TEST_CASE("hostile: solve_triangular of every type, and blind to the other triangle", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    using R = real_t<T>;
    Worst worst;
    for (const index_t n : orders)
        for (const auto& [name, A] : all_matrices<T>(n, n))
            for (const auto triangle : {Triangle::lower, Triangle::upper}) {
                Matrix<T> half = A;
                bool zero = false;
                for (index_t i = 0; i < n; ++i) {
                    zero |= A(i, i) == T{};
                    for (index_t j = 0; j < n; ++j)
                        if (triangle == Triangle::lower ? j > i : j < i) half(i, j) = T{};
                }
                CAPTURE(name, n, triangle == Triangle::lower);
                const Matrix<T> B = gaussian_of<T>(n, 2, 31);
                if (zero) {
                    CHECK_THROWS_AS(solve_triangular(A, B, {.triangle = triangle}), singular_matrix);
                    continue;
                }
                const auto X = solve_triangular(A, B, {.triangle = triangle});
                if (!all_finite(X)) continue;  // an inverse can grow as 2^n and faster
                CHECK(worst(support::solve_ratio(half, X, B)) < 3);
            }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 2);
    const R nan = std::numeric_limits<R>::quiet_NaN();
    const Matrix<T> L = {{T(2), T(nan)}, {T(1), T(4)}}, U = {{T(nan), T(3)}, {T(nan), T(nan)}};
    const Vector<T> b = {T(2), T(5)};
    CHECK(identical(solve_triangular(L, b), Vector<T>{T(1), T(1)}));
    CHECK(identical(solve_triangular(U, b, {.triangle = Triangle::upper, .diagonal = Diagonal::unit}),
                    Vector<T>{T(-13), T(5)}));
}

TEMPLATE_TEST_CASE("hostile: LU and solvers refuse what is not finite, in either part", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const index_t n : {1, 2, 9}) {
        const Matrix<T> A = gaussian_of<T>(n, n, 32), b = gaussian_of<T>(n, 2, 33);
        support::for_each_spoiled(A, [&](const Matrix<T>& bad) {
            CAPTURE(n);
            CHECK_THROWS_AS(lu(bad), non_finite);
            CHECK_THROWS_AS(det(bad), non_finite);
            CHECK_THROWS_AS(slogdet(bad), non_finite);
            CHECK_THROWS_AS(inv(bad), non_finite);
            CHECK_THROWS_AS(solve(bad, b), non_finite);
            CHECK_THROWS_AS(solve_refined(bad, b), non_finite);
            CHECK_THROWS_AS(cond_estimate(bad), non_finite);
            CHECK_THROWS_AS(rcond(bad), non_finite);
            CHECK_THROWS_AS(solve(Matrix<T>(n, n), bad), non_finite);  // before the matrix turns out singular
        });
        support::for_each_spoiled(b, [&](const Matrix<T>& bad) {
            CHECK_THROWS_AS(solve(A, bad), non_finite);
            CHECK_THROWS_AS(solve_refined(A, bad), non_finite);
            CHECK_THROWS_AS(solve_triangular(A, bad), non_finite);
        });
        for (const T bad : support::non_finite_numbers<T>()) {
            Matrix<T> L = A;
            L(n - 1, 0) = bad;
            CHECK_THROWS_AS(solve_triangular(L, b), non_finite);
        }
    }
}

TEMPLATE_TEST_CASE("hostile: LU and solvers name both shapes that do not fit", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    const Matrix<T> A = support::unit_matrix<T>(3), wide(2, 5), b(4, 2);
    using support::refuses_shapes;
    CHECK(refuses_shapes([&] { return solve(A, b); }, "3x3", "4x2"));
    CHECK(refuses_shapes([&] { return solve_refined(A, b); }, "3x3", "4x2"));
    CHECK(refuses_shapes([&] { return solve_triangular(A, b); }, "3x3", "4x2"));
    CHECK(refuses_shapes([&] { return solve(wide, b); }, "2x5"));
    CHECK(refuses_shapes([&] { return inv(wide); }, "2x5"));
    CHECK(refuses_shapes([&] { return det(wide); }, "2x5"));
    CHECK(refuses_shapes([&] { return slogdet(wide); }, "2x5"));
    CHECK(refuses_shapes([&] { return solve_triangular(wide, b); }, "2x5"));
    CHECK(refuses_shapes([&] { return cond_estimate(wide); }, "2x5"));
    CHECK(refuses_shapes([&] { return solve_refined(wide, Matrix<T>(2, 1)); }, "2x5"));
}
