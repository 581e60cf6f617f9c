// Matrices of a special form, their products and systems, on every hostile class in all four scalar types.
#include <array>
#include <complex>
#include <limits>

#include "gram/linalg/banded.hpp"
#include "gram/linalg/forms.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::all_matrices;
using support::gaussian_of;
using support::gaussian_vector;
using support::identical;
using support::Worst;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

const std::initializer_list<index_t> orders = {0, 1, 2, 3, 8, 17, 33};

template <class T, class Form>
Matrix<T> dense_of(const Form& form) {
    if constexpr (std::is_same_v<Form, PermutationMatrix>) {
        return dense<T>(form);
    } else {
        return dense(form);
    }
}

// |C - A B| in units of k eps |A| |B|, element by element.
template <class A_, class B_, class C_>
double product_ratio(const A_& A, const B_& B, const C_& C) {
    auto a = support::plain(A), b = support::plain(B);
    const auto exact = support::multiply(a, b);
    for (auto& x : a.data) x = std::abs(x);
    for (auto& x : b.data) x = std::abs(x);
    const auto size = support::multiply(a, b);
    double worst = 0;
    using T = support::element_t<A_>;
    const double least = static_cast<double>(std::numeric_limits<real_t<T>>::min());
    for (index_t i = 0; i < exact.rows; ++i)
        for (index_t j = 0; j < exact.cols; ++j) {
            const double error = std::abs(support::wide_t<T>(C(i, j)) - exact(i, j));
            const double bound = support::eps_of<T> * (std::abs(size(i, j)) * static_cast<double>(a.cols + 2) + least);
            if (error > 0 || std::isnan(error)) worst = error / bound > worst ? error / bound : worst;
            if (std::isnan(error)) return error;
        }
    return worst;
}

template <class T, class Form>
void check_products(const Form& form, Worst& worst) {
    const index_t n = form.rows();
    const Matrix<T> full = dense_of<T>(form);
    for (const index_t k : {1, 3, 9}) {
        const auto B = gaussian_of<T>(n, k, 81);
        CHECK(worst(product_ratio(full, B, Matrix<T>(form * B))) < 3);
    }
    const auto x = gaussian_vector<T>(n, 82);
    CHECK(worst(product_ratio(full, x, form * x)) < 3);
    const auto left = gaussian_of<T>(4, n, 83);
    if constexpr (requires { left* form; }) CHECK(worst(product_ratio(left, full, Matrix<T>(left * form))) < 3);
}

// Backward stable, or the typed error exactly where a pivot is zero.
template <class T, class Form>
void check_solve(const Form& form, bool singular, Worst& worst) {
    const index_t n = form.rows();
    const auto B = gaussian_of<T>(n, 2, 84);
    if (singular) {
        CHECK_THROWS_AS(solve(form, B), singular_matrix);
        return;
    }
    const Matrix<T> X = solve(form, B);
    if (support::all_finite(X)) CHECK(worst(support::solve_ratio(dense_of<T>(form), X, B)) < 5);
}

template <class T>
bool has_zero(const Vector<T>& d) {
    for (const T& x : d)
        if (x == T{}) return true;
    return false;
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: triangles, Hermitian halves and diagonals of every class", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst products, solved;
    for (const index_t n : orders)
        for (const auto& [name, A] : all_matrices<T>(n, n)) {
            CAPTURE(name, n);
            const Vector<T> d(A.diagonal());
            const bool zero = has_zero(d);
            check_products<T>(DiagonalMatrix<T>(d), products);
            check_products<T>(lower_triangle(A), products);
            check_products<T>(upper_triangle(A), products);
            check_products<T>(symmetric(A), products);
            check_solve<T>(DiagonalMatrix<T>(d), zero, solved);
            check_solve<T>(lower_triangle(A), zero, solved);
            check_solve<T>(upper_triangle(A), zero, solved);
            check_solve<T>(upper_triangle(A, Diagonal::unit), false, solved);
        }
    INFO("worst ratios: products " << products.value << ", solutions " << solved.value);
    CHECK(products.value < 1);
    CHECK(solved.value < 2);
}

TEMPLATE_TEST_CASE("hostile: forms look at nothing but what is theirs", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const T bad : support::non_finite_numbers<T>()) {
        Matrix<T> A = gaussian_of<T>(9, 9, 85);
        const Matrix<T> clean = A;
        for (index_t i = 0; i < 9; ++i)
            for (index_t j = i + 1; j < 9; ++j) A(i, j) = bad;
        const auto B = gaussian_of<T>(9, 2, 86);
        CHECK(identical(Matrix<T>(lower_triangle(A) * B), Matrix<T>(lower_triangle(clean) * B)));
        CHECK(identical(Matrix<T>(solve(lower_triangle(A), B)), Matrix<T>(solve(lower_triangle(clean), B))));
        CHECK(identical(Matrix<T>(symmetric(A) * B), Matrix<T>(symmetric(clean) * B)));
        for (index_t i = 0; i < 9; ++i) A(i, i) = bad;
        CHECK(identical(Matrix<T>(solve(lower_triangle(A, Diagonal::unit), B)),
                        Matrix<T>(solve(lower_triangle(clean, Diagonal::unit), B))));
        const BandedMatrix<T> band(clean, 1, 0), same(
                                                     [&] {
                                                         Matrix<T> C = clean;
                                                         for (index_t i = 0; i < 9; ++i)
                                                             for (index_t j = 0; j < 9; ++j)
                                                                 if (j > i || j + 1 < i) C(i, j) = bad;
                                                         return C;
                                                     }(),
                                                     1, 0);
        CHECK(identical(Matrix<T>(solve(band, B)), Matrix<T>(solve(same, B))));
    }
}

TEMPLATE_TEST_CASE("hostile: permutations move and compute nothing", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const index_t n : orders) {
        const auto p = support::random_order(n, 87), q = support::random_order(n, 88);
        const PermutationMatrix P(p), Q(q);
        CHECK((P * P.T() == PermutationMatrix([n] {
                   std::vector<index_t> same;
                   for (index_t i = 0; i < n; ++i) same.push_back(i);
                   return same;
               }())));
        CHECK(det(P * Q) == det(P) * det(Q));
        for (const auto& [name, A] : all_matrices<T>(n, n)) {
            CAPTURE(name, n);
            CHECK(identical(Matrix<T>(P * A), support::with_rows(A, p)));
            CHECK(identical(Matrix<T>(A * P.T()), support::with_columns(A, p)));
            CHECK(identical(Matrix<T>(solve(P, P * A)), A));
            CHECK(identical(Matrix<T>((P * Q) * A), Matrix<T>(P * Matrix<T>(Q * A))));
        }
    }
}

TEMPLATE_TEST_CASE("hostile: bands of every class, products and systems", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Worst products, solved;
    for (const index_t n : {0, 1, 2, 3, 8, 17})
        for (const auto& [name, A] : all_matrices<T>(n, n))
            for (const auto& [kl, ku] : {std::array<index_t, 2>{0, 0}, {1, 1}, {0, 2}, {2, 0}, {3, 1}, {n, n}}) {
                CAPTURE(name, n, kl, ku);
                const BandedMatrix<T> band(A, kl, ku);
                check_products<T>(band, products);
                const auto B = gaussian_of<T>(n, 2, 89);
                try {
                    const Matrix<T> X = solve(band, B);
                    if (!support::all_finite(X)) continue;
                    const double growth = name == "largest growth" ? std::exp2(static_cast<double>(n)) : 1;
                    CHECK(solved(support::solve_ratio(dense(band), X, B) / growth) < 5);
                } catch (const singular_matrix&) {
                    // Then elimination of the whole matrix meets a zero too, or what is left of one.
                    const auto f = lu(dense(band));
                    double least = std::numeric_limits<double>::infinity();
                    for (index_t i = 0; i < n; ++i) least = std::min(least, std::abs(std::complex<double>(f.U(i, i))));
                    CHECK(least <= 10 * static_cast<double>(n) * support::eps_of<T> * support::frobenius(f.U));
                }
            }
    INFO("worst ratios: products " << products.value << ", solutions " << solved.value);
    CHECK(products.value < 1);
    CHECK(solved.value < 2);
}

TEMPLATE_TEST_CASE("hostile: tridiagonal systems, zero columns, and scales", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    using R = real_t<T>;
    Worst worst;
    for (const index_t n : {1, 2, 3, 8, 33}) {
        const auto l = gaussian_vector<T>(n - 1, 90), d = gaussian_vector<T>(n, 91), u = gaussian_vector<T>(n - 1, 92);
        const auto b = gaussian_vector<T>(n, 93);
        Matrix<T> A(n, n);
        for (index_t i = 0; i < n; ++i) {
            A(i, i) = d[i];
            if (i + 1 < n) A(i + 1, i) = l[i], A(i, i + 1) = u[i];
        }
        const Vector<T> x = solve_tridiagonal(l, d, u, b);
        CHECK(worst(support::solve_ratio(A, x, b)) < 3);
        for (const int k : support::far_exponents<T>()) {
            CAPTURE(n, k);
            const auto s = [k](const Vector<T>& v) { return support::scaled(v, k); };
            CHECK(identical(solve_tridiagonal(s(l), s(d), s(u), s(b)), x));
            CHECK(identical(solve_tridiagonal(l, d, u, s(b)), s(x)));
            CHECK(identical(solve_tridiagonal(s(l), s(d), s(u), b), support::scaled(x, -k)));
        }
        for (index_t zero = 0; zero < n; ++zero) {  // a column of zeros
            Vector<T> l0 = l, d0 = d, u0 = u;
            d0[zero] = T{};
            if (zero + 1 < n) l0[zero] = T{};
            if (zero > 0) u0[zero - 1] = T{};
            CAPTURE(n, zero);
            CHECK_THROWS_WITH(solve_tridiagonal(l0, d0, u0, b),
                              support::contains_text("pivot " + std::to_string(zero) + " "));
        }
        for (const T bad : support::non_finite_numbers<T>()) {
            Vector<T> d0 = d, b0 = b;
            d0[n / 2] = b0[n / 2] = bad;
            CHECK_THROWS_AS(solve_tridiagonal(l, d0, u, b), non_finite);
            CHECK_THROWS_AS(solve_tridiagonal(l, d, u, b0), non_finite);
            if (n == 1) continue;
            Vector<T> l0 = l;
            l0[n - 2] = bad;
            CHECK_THROWS_AS(solve_tridiagonal(l0, d, u, b), non_finite);
            CHECK_THROWS_AS(solve_tridiagonal(l, d, l0, b), non_finite);
        }
    }
    CHECK(worst.value < 1);
    // The second difference of n + 1: an exact inverse.
    const index_t n = 100;
    Vector<T> two(n), minus(n - 1), b(n);
    for (T& value : two) value = T(2);
    for (T& value : minus) value = T(-1);
    b[0] = b[n - 1] = T(1);
    const auto x = solve_tridiagonal(minus, two, minus, b);
    for (const T& value : x) CHECK(std::abs(value - T(1)) < 1000 * std::numeric_limits<R>::epsilon());
}

TEMPLATE_TEST_CASE("hostile: Toeplitz systems and diagonals plus low rank, whatever the scale", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    using R = real_t<T>;
    Worst toeplitz, woodbury;
    for (const index_t n : {1, 2, 3, 8, 33}) {
        auto c = gaussian_vector<T>(n, 94), r = gaussian_vector<T>(n, 95);
        const auto b = gaussian_vector<T>(n, 96);
        c[0] += T(static_cast<R>(2 * n));
        Matrix<T> A(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j) A(i, j) = i >= j ? c[i - j] : r[j - i];
        const auto x = solve_toeplitz(c, r, b);
        CHECK(toeplitz(support::solve_ratio(A, x, b)) < 5);
        const Vector<T> d(gaussian_vector<T>(n, 97) + T(4));
        const auto U = gaussian_of<T>(n, 2, 98), V = gaussian_of<T>(n, 2, 99);
        auto W = support::multiply(support::plain(U), support::transposed(support::plain(V)));
        for (index_t i = 0; i < n; ++i) W(i, i) += support::wide_t<T>(d[i]);
        Matrix<T> D(n, n);
        for (index_t i = 0; i < D.size(); ++i) D.data()[i] = static_cast<T>(W.data[static_cast<std::size_t>(i)]);
        const auto y = solve_diagonal_plus_low_rank(d, U, V, b);
        CHECK(woodbury(support::solve_ratio(D, y, b)) < 30);
        for (const int k : support::far_exponents<T>()) {
            CAPTURE(n, k);
            const auto s = [k](const auto& v) { return support::scaled(v, k); };
            CHECK(identical(solve_toeplitz(s(c), s(r), s(b)), x));
            CHECK(identical(solve_toeplitz(s(c), s(r), b), support::scaled(x, -k)));
            CHECK(identical(solve_toeplitz(c, r, s(b)), s(x)));
            CHECK(identical(solve_diagonal_plus_low_rank(s(d), s(U), V, s(b)), y));
            CHECK(identical(solve_diagonal_plus_low_rank(s(d), U, s(V), b), support::scaled(y, -k)));
            CHECK(identical(solve_diagonal_plus_low_rank(d, U, V, s(b)), s(y)));
        }
        for (const T bad : support::non_finite_numbers<T>()) {
            const auto spoiled = [&](auto v) {
                v.data()[v.size() - 1] = bad;
                return v;
            };
            CAPTURE(n);
            CHECK_THROWS_AS(solve_toeplitz(spoiled(c), r, b), non_finite);
            CHECK_THROWS_AS(solve_toeplitz(c, r, spoiled(b)), non_finite);
            if (n > 1) CHECK_THROWS_AS(solve_toeplitz(c, spoiled(r), b), non_finite);
            CHECK_THROWS_AS(solve_diagonal_plus_low_rank(spoiled(d), U, V, b), non_finite);
            CHECK_THROWS_AS(solve_diagonal_plus_low_rank(d, spoiled(U), V, b), non_finite);
            CHECK_THROWS_AS(solve_diagonal_plus_low_rank(d, U, spoiled(V), b), non_finite);
            CHECK_THROWS_AS(solve_diagonal_plus_low_rank(d, U, V, spoiled(b)), non_finite);
        }
    }
    INFO("worst ratios: Toeplitz " << toeplitz.value << ", diagonal plus low rank " << woodbury.value);
    CHECK(toeplitz.value < 2);
    CHECK(woodbury.value < 15);
    // Numbers without a reciprocal.
    const R least = std::numeric_limits<R>::denorm_min() * 8;
    CHECK(identical(
        solve_toeplitz(Vector<T>{T(2 * least), T(least)}, Vector<T>{T(0), T(0)}, Vector<T>{T(least), T(least)}),
        Vector<T>{T(R(0.5)), T(R(0.25))}));
}

TEMPLATE_TEST_CASE("hostile: determinants of forms leave the range only if they are out of it", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    using R = real_t<T>;
    const R big = static_cast<R>(support::huge<R>);
    const Vector<T> d = {T(big), T(big), T(R(1) / big), T(R(-1) / big)};
    const double eps = 8 * support::eps_of<T>;
    CHECK(std::abs(static_cast<double>(std::abs(det(DiagonalMatrix<T>(d)) + T(1)))) < eps);
    Matrix<T> A(4, 4);
    for (index_t i = 0; i < 4; ++i) A(i, i) = d[3 - i];
    CHECK(std::abs(static_cast<double>(std::abs(det(lower_triangle(A)) + T(1)))) < eps);
    CHECK(det(upper_triangle(A, Diagonal::unit)) == T(1));
    CHECK(det(DiagonalMatrix<T>(Vector<T>(0))) == T(1));
    CHECK(det(DiagonalMatrix<T>(Vector<T>{T(big), T(0)})) == T(0));
    for (index_t n : {1, 2, 8})
        for (const auto& [name, B] : all_matrices<T>(n, n)) {
            Matrix<T> L = B;
            for (index_t i = 0; i < n; ++i)
                for (index_t j = i + 1; j < n; ++j) L(i, j) = T{};
            const T want = det(L), got = det(lower_triangle(B));
            CAPTURE(name, n);
            if (!std::isfinite(std::abs(want)) || want == T{}) continue;
            CHECK(static_cast<double>(std::abs(got / want - T(1))) < static_cast<double>(n) * eps);
        }
}

TEMPLATE_TEST_CASE("hostile: forms refuse what is not finite, and name both shapes", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    const auto B = gaussian_of<T>(5, 2, 100);
    const auto A = gaussian_of<T>(5, 5, 101);
    const DiagonalMatrix<T> D(Vector<T>(A.diagonal()));
    const BandedMatrix<T> band(A, 1, 1);
    const ReflectorProduct<T> Q(A);
    support::for_each_spoiled(B, [&](const Matrix<T>& bad) {
        CHECK_THROWS_AS(solve(D, bad), non_finite);
        CHECK_THROWS_AS(solve(band, bad), non_finite);
        CHECK_THROWS_AS(solve(lower_triangle(A), bad), non_finite);
    });
    for (const T bad : support::non_finite_numbers<T>()) {
        Matrix<T> C = A;
        C(2, 2) = bad;
        CHECK_THROWS_AS(solve(DiagonalMatrix<T>(Vector<T>(C.diagonal())), B), non_finite);
        CHECK_THROWS_AS(inv(DiagonalMatrix<T>(Vector<T>(C.diagonal()))), non_finite);
        CHECK_THROWS_AS(solve(BandedMatrix<T>(C, 1, 1), B), non_finite);
        CHECK_THROWS_AS(solve(upper_triangle(C), B), non_finite);
    }
    using support::refuses_shapes;
    const Matrix<T> six(6, 2);
    const PermutationMatrix P(support::random_order(5, 102));
    CHECK(refuses_shapes([&] { return D * six; }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return P * six; }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return band * six; }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return symmetric(A) * six; }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return upper_triangle(A) * six; }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return Q * six; }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return six * D; }, "6x2", "5x5"));
    CHECK(refuses_shapes([&] { return six * P; }, "6x2", "5x5"));
    CHECK(refuses_shapes([&] { return six * upper_triangle(A); }, "6x2", "5x5"));
    CHECK(refuses_shapes([&] { return solve(D, six); }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return solve(P, six); }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return solve(band, six); }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return solve(Q, six); }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return solve(upper_triangle(A), six); }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return lower_triangle(six); }, "6x2"));
    CHECK(refuses_shapes([&] { return symmetric(six); }, "6x2"));
    CHECK(refuses_shapes([&] { return BandedMatrix<T>(six, 1, 1); }, "6x2"));
    const Vector<T> v(5), w(4);
    CHECK(refuses_shapes([&] { return solve_tridiagonal(w, v, w, Vector<T>(7)); }, "5x5", "7x1"));
    CHECK(refuses_shapes([&] { return solve_tridiagonal(v, v, w, v); }, "5"));
    CHECK(refuses_shapes([&] { return solve_toeplitz(v, v, Vector<T>(7)); }, "5x5", "7x1"));
    CHECK(refuses_shapes([&] { return solve_toeplitz(v, w, v); }, "5x4"));
    CHECK(refuses_shapes([&] { return solve_diagonal_plus_low_rank(v, six, six, v); }, "5x5", "6x2"));
    CHECK(refuses_shapes([&] { return solve_diagonal_plus_low_rank(v, B, Matrix<T>(5, 3), v); }, "5x2", "5x3"));
    CHECK(refuses_shapes([&] { return solve_diagonal_plus_low_rank(v, B, B, Vector<T>(7)); }, "5x5", "7x1"));
}
