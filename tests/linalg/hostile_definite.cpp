// Cholesky, L D L^H, inertia and updates, on every hostile class in all four scalar types.
#include <complex>
#include <limits>
#include <string>

#include "gram/linalg/cholesky.hpp"
#include "gram/linalg/eigh.hpp"
#include "gram/linalg/factor_update.hpp"
#include "gram/linalg/ldlt.hpp"
#include "support/catch.hpp"
#include "support/hostile.hpp"

using namespace gram;
using support::adjoint_matrix;
using support::gaussian_of;
using support::identical;
using support::Worst;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

const std::initializer_list<index_t> orders = {1, 2, 3, 5, 8, 15, 16, 17, 33};

// Exactly Hermitian with these eigenvalues, up to rounding of its elements.
template <class T>
Matrix<T> hermitian_with(const std::vector<double>& values, std::uint64_t seed, double factor = 1) {
    const auto n = static_cast<index_t>(values.size());
    support::TypeList<T> list(n, n, seed);
    const auto A = list.similar(list.diagonal(values));
    Matrix<T> H(n, n);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j <= i; ++j) {
            H(i, j) = static_cast<T>(A(i, j) * factor);
            if (i == j) H(i, i) = T(linalg::detail::real_of_number(H(i, i)));
            H(j, i) = linalg::detail::conj_of(H(i, j));
        }
    return H;
}

// Positive definite matrices of a condition number in all modes, around 1 and far from it.
template <class T>
std::vector<support::Named<T>> definite(index_t n, double condition) {
    std::vector<support::Named<T>> all;
    const double far = support::huge<real_t<T>>;
    for (int mode = 1; mode <= 5; ++mode)
        for (const double factor : {1.0, far, 1 / far})
            all.push_back({"mode " + std::to_string(mode) + " times " + std::to_string(std::log10(factor)),
                           hermitian_with<T>(support::spectrum(mode, n, condition), 41, factor)});
    return all;
}

// Every Hermitian class: those of the testers, and the Hermitian parts of the hostile ones.
template <class T>
std::vector<support::Named<T>> all_hermitian(index_t n) {
    auto all = support::hermitian_types<T>(n);
    for (auto& [name, A] : support::all_matrices<T>(n, n)) {
        Matrix<T> H(n, n);
        for (index_t i = 0; i < n; ++i)
            for (index_t j = 0; j < n; ++j)
                H(i, j) = A(i, j) / real_t<T>(2) + linalg::detail::conj_of(A(j, i)) / real_t<T>(2);
        all.push_back({"Hermitian part of " + name, H});
    }
    return all;
}

template <class T>
void check_cholesky(const Matrix<T>& A, Worst& worst) {
    const index_t n = A.rows();
    const auto L = cholesky(A);
    for (index_t i = 0; i < n; ++i) {
        REQUIRE((linalg::detail::real_of_number(L(i, i)) > 0 && linalg::detail::conj_of(L(i, i)) == L(i, i)));
        for (index_t j = i + 1; j < n; ++j) REQUIRE(L(i, j) == T{});
    }
    CHECK(worst(support::factor_ratio(A, L, adjoint_matrix(L))) < 3);
}

// The order of the minor that cholesky names, or 0.
template <class T>
index_t refused_order(const Matrix<T>& A) {
    for (index_t k = 1; k <= A.rows(); ++k) {
        try {
            (void)cholesky(A);
            return 0;
        } catch (const not_positive_definite& error) {
            if (std::string(error.what()).find("of order " + std::to_string(k) + " is") != std::string::npos) return k;
        }
    }
    return -1;
}

template <class T>
void check_ldlt_form(const Ldlt<T>& f) {
    const index_t n = f.L.rows();
    REQUIRE(support::is_permutation(f.p));
    for (index_t i = 0; i < n; ++i) {
        REQUIRE((f.L(i, i) == T(1) && linalg::detail::conj_of(f.D(i, i)) == f.D(i, i)));
        for (index_t j = 0; j < n; ++j) {
            if (j > i) REQUIRE(f.L(i, j) == T{});
            if (j > i) REQUIRE(f.D(i, j) == linalg::detail::conj_of(f.D(j, i)));
            if (j + 1 < i) REQUIRE(f.D(i, j) == T{});
        }
        // Blocks of two do not overlap, and L is one there.
        if (i + 1 < n && f.D(i + 1, i) != T{}) {
            REQUIRE(f.L(i + 1, i) == T{});
            if (i + 2 < n) REQUIRE(f.D(i + 2, i + 1) == T{});
        }
    }
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: L L^H = A for condition numbers up to 1 / eps", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    const double eps = support::eps_of<T>;
    Worst worst;
    for (const index_t n : orders) {
        for (const double condition : {1.0, 2.0, std::sqrt(0.1 / eps), 0.01 / (eps * static_cast<double>(n))})
            for (const auto& [name, A] : definite<T>(n, condition)) {
                CAPTURE(name, n, condition);
                check_cholesky(A, worst);
            }
        for (const auto& [name, A] : definite<T>(n, 1 / eps)) {  // rounding may have made it indefinite
            CAPTURE(name, n);
            try {
                check_cholesky(A, worst);
            } catch (const not_positive_definite&) {
                CHECK(static_cast<double>(eigvalsh(A)[0]) < 10 * static_cast<double>(n) * eps * support::frobenius(A));
            }
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 1);
    CHECK(cholesky(Matrix<T>(0, 0)).size() == 0);
}

TEMPLATE_TEST_CASE("hostile: cholesky names the first minor that is not positive", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    using R = real_t<T>;
    for (const index_t n : orders) {
        CHECK(refused_order(Matrix<T>(n, n)) == 1);
        CHECK(refused_order(Matrix<T>(-support::unit_matrix<T>(n))) == 1);
        Matrix<T> ones(n, n);
        for (T& x : ones) x = T(1);
        CHECK(refused_order(ones) == (n == 1 ? 0 : 2));  // semi-definite, exactly
        for (index_t k = 0; k < n; ++k) {
            // B B^H of integers with a unit triangle B; minus 2 in one place its minor is -1.
            Matrix<T> B = support::unit_matrix<T>(n);
            support::Random random(42);
            for (index_t i = 0; i < n; ++i)
                for (index_t j = 0; j < i; ++j) B(i, j) = T(static_cast<R>(random.below(3)) - 1);
            const auto product = support::multiply(support::plain(B), support::transposed(support::plain(B)));
            Matrix<T> A(n, n), S(n, n);
            for (index_t i = 0; i < n; ++i)
                for (index_t j = 0; j < n; ++j) A(i, j) = S(i, j) = static_cast<T>(product(i, j));
            A(k, k) -= T(2);
            S(k, k) -= T(1);
            CAPTURE(n, k);
            CHECK(refused_order(A) == k + 1);
            CHECK(refused_order(S) == k + 1);  // a pivot of exactly zero
            const auto huge = support::far_exponents<T>().back();
            CHECK(refused_order(support::scaled(A, huge)) == k + 1);
            CHECK(refused_order(support::scaled(A, -huge)) == k + 1);
            CHECK(inertia(ldlt(A)).negative == 1);
        }
    }
}

TEMPLATE_TEST_CASE("hostile: L D L^H of every Hermitian class, its solutions and its inertia", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    const double eps = support::eps_of<T>;
    Worst factors, solved;
    for (const index_t n : {1, 2, 3, 5, 8, 17, 33})
        for (const auto& [name, A] : all_hermitian<T>(n)) {
            CAPTURE(name, n);
            const auto f = ldlt(A);
            check_ldlt_form(f);
            const auto ordered = support::with_columns(support::with_rows(A, f.p), f.p);
            CHECK(factors(support::factor_ratio(ordered, f.L, f.D, adjoint_matrix(f.L))) < 5);
            const auto values = eigvalsh(A);
            Inertia want;
            bool clear = true;
            const double size =
                std::max(std::abs(static_cast<double>(values[0])), std::abs(static_cast<double>(values[n - 1])));
            for (index_t i = 0; i < n; ++i) {
                const double value = static_cast<double>(values[i]);
                clear &= std::abs(value) > 1e3 * static_cast<double>(n) * eps * size;
                ++(value > 0 ? want.positive : want.negative);
            }
            const auto count = inertia(f);
            CHECK(count.positive + count.negative + count.zero == n);
            if (clear) CHECK((count.positive == want.positive && count.negative == want.negative));
            const auto B = gaussian_of<T>(n, 2, 43);
            try {
                const Matrix<T> X = solve(f, B);
                if (!support::all_finite(X)) {
                    CHECK(!clear);  // only what is singular up to rounding
                    continue;
                }
                CHECK(solved(support::solve_ratio(A, X, B)) < 5);
            } catch (const singular_matrix&) {
                CHECK(!clear);
            }
        }
    INFO("worst ratios: factors " << factors.value << ", solutions " << solved.value);
    CHECK(factors.value < 2);
    CHECK(solved.value < 3);
    CHECK(inertia(ldlt(Matrix<T>(0, 0))).zero == 0);
    CHECK(inertia(ldlt(Matrix<T>(3, 3))).zero == 3);
    CHECK_THROWS_AS(solve(ldlt(Matrix<T>(3, 3)), Vector<T>(3)), singular_matrix);
}

TEMPLATE_TEST_CASE("hostile: Cholesky factors up and down, whatever the scale", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    const double eps = support::eps_of<T>;
    Worst up, down;
    for (const index_t n : {1, 2, 3, 8, 17})
        for (const double condition : {2.0, std::sqrt(0.1 / eps)})
            for (const auto& [name, A] : definite<T>(n, condition)) {
                CAPTURE(name, n, condition);
                const auto L = cholesky(A);
                const auto root = static_cast<real_t<T>>(std::sqrt(support::frobenius(A)));
                const Vector<T> x(support::gaussian_vector<T>(n, 44) * root);
                const auto U = cholesky_update(L, x);
                auto want = support::multiply(support::plain(L), support::transposed(support::plain(L)));
                const auto outer = support::multiply(support::plain(x), support::transposed(support::plain(x)));
                for (std::size_t i = 0; i < want.data.size(); ++i) want.data[i] += outer.data[i];
                const auto ratio = [&](const Matrix<T>& F, const auto& target, double scale) {
                    auto error = support::multiply(support::plain(F), support::transposed(support::plain(F)));
                    for (std::size_t i = 0; i < error.data.size(); ++i) error.data[i] -= target.data[i];
                    return support::ratio_of<T>(support::frobenius(error), n, scale);
                };
                CHECK(up(ratio(U, want, support::frobenius(want))) < 3);
                const auto back = cholesky_downdate(U, x);
                const auto first = support::multiply(support::plain(L), support::transposed(support::plain(L)));
                CHECK(down(ratio(back, first, support::frobenius(want))) < 5);
                for (index_t i = 0; i < n; ++i) CHECK(linalg::detail::real_of_number(back(i, i)) > 0);
                CHECK_THROWS_AS(cholesky_downdate(L, Vector<T>(x * real_t<T>(1e3))), not_positive_definite);
                // What takes the first column away leaves a singular matrix.
                CHECK_THROWS_AS(cholesky_downdate(L, Vector<T>(L.col(0) * real_t<T>(1.0001))), not_positive_definite);
            }
    INFO("worst ratios: up " << up.value << ", down " << down.value);
    CHECK(up.value < 2);
    CHECK(down.value < 3);
}

TEMPLATE_TEST_CASE("hostile: powers of two and layouts pass through Cholesky and L D L^H", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    for (const index_t n : {1, 4, 17, 33}) {
        const auto A = hermitian_with<T>(support::spectrum(3, n, 10), 45);
        std::vector<double> signs = support::spectrum(4, n, 10);
        for (std::size_t i = 0; i < signs.size(); i += 2) signs[i] = -signs[i];
        const auto S = hermitian_with<T>(signs, 46);
        const auto L = cholesky(A);
        const auto f = ldlt(S);
        const auto B = gaussian_of<T>(n, 2, 47);
        const Matrix<T> X = solve(f, B);
        for (const int k : support::far_exponents<T>()) {
            CAPTURE(n, k);
            if (k % 2 == 0) CHECK(identical(cholesky(support::scaled(A, k)), support::scaled(L, k / 2)));
            const auto g = ldlt(support::scaled(S, k));
            CHECK((identical(g.L, f.L) && identical(g.D, support::scaled(f.D, k)) && identical(g.p, f.p)));
            CHECK(identical(solve(g, B), support::scaled(X, -k)));
            CHECK(identical(solve(f, support::scaled(B, k)), support::scaled(X, k)));
            const Vector<T> x = support::gaussian_vector<T>(n, 48);
            const auto U = cholesky_update(L, x);
            CHECK(identical(cholesky_update(support::scaled(L, k), support::scaled(x, k)), support::scaled(U, k)));
            CHECK(identical(cholesky_downdate(support::scaled(U, k), support::scaled(x, k)),
                            support::scaled(cholesky_downdate(U, x), k)));
        }
        support::for_each_layout(A, [&](const char* layout, const auto& a) {
            CAPTURE(n, layout);
            CHECK(identical(cholesky(a), L));
        });
        support::for_each_layout(S, [&](const char* layout, const auto& s) {
            CAPTURE(n, layout);
            const auto g = ldlt(s);
            CHECK((identical(g.L, f.L) && identical(g.D, f.D) && identical(g.p, f.p)));
        });
        support::for_each_layout(B, [&](const char* layout, const auto& b) {
            CAPTURE(n, layout);
            CHECK(identical(Matrix<T>(solve(f, b)), X));
        });
    }
}

TEMPLATE_TEST_CASE("hostile: Cholesky and L D L^H read one triangle, and refuse what is not finite there", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    for (const index_t n : {1, 2, 17}) {
        const auto A = hermitian_with<T>(support::spectrum(3, n, 10), 49);
        const auto L = cholesky(A);
        const auto f = ldlt(A);
        const Vector<T> x = support::gaussian_vector<T>(n, 50);
        for (const T bad : support::non_finite_numbers<T>()) {
            for (const auto& [i, j] : {std::array<index_t, 2>{0, 0}, {n - 1, 0}, {n - 1, n - 1}, {n - 1, n / 2}}) {
                Matrix<T> B = A, F = L;
                B(i, j) = F(i, j) = bad;
                CAPTURE(n, i, j);
                CHECK_THROWS_AS(cholesky(B), non_finite);
                CHECK_THROWS_AS(ldlt(B), non_finite);
                CHECK_THROWS_AS(cholesky_update(F, x), non_finite);
                CHECK_THROWS_AS(cholesky_downdate(F, x), non_finite);
            }
            Matrix<T> B = A;
            for (index_t i = 0; i < n; ++i)
                for (index_t j = i + 1; j < n; ++j) B(i, j) = bad;
            CHECK(identical(cholesky(B), L));
            CHECK(identical(ldlt(B).D, f.D));
            Vector<T> y = x;
            y[n / 2] = bad;
            CHECK_THROWS_AS(cholesky_update(L, y), non_finite);
            CHECK_THROWS_AS(cholesky_downdate(L, y), non_finite);
            CHECK_THROWS_AS(solve(f, y), non_finite);
        }
    }
    using support::refuses_shapes;
    CHECK(refuses_shapes([] { return cholesky(Matrix<T>(3, 2)); }, "3x2"));
    CHECK(refuses_shapes([] { return ldlt(Matrix<T>(3, 2)); }, "3x2"));
    CHECK(refuses_shapes([] { return solve(ldlt(support::unit_matrix<T>(3)), Matrix<T>(2, 4)); }, "3x3", "2x4"));
    CHECK(refuses_shapes([] { return cholesky_update(support::unit_matrix<T>(3), Vector<T>(2)); }, "3x3", "2x1"));
    CHECK(refuses_shapes([] { return cholesky_downdate(support::unit_matrix<T>(3), Vector<T>(2)); }, "3x3", "2x1"));
    CHECK(refuses_shapes([] { return cholesky_update(Matrix<T>(3, 2), Vector<T>(2)); }, "3x2"));
}
