#include "gram/linalg/lu.hpp"

#include <limits>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;

namespace {

template <class T>
Matrix<T> rows_in_order(const Matrix<T>& A, const Vector<index_t>& p) {
    return support::generate<T>(A.rows(), A.cols(), [&](index_t i, index_t j) { return A(p[i], j); });
}

template <class T>
bool is_permutation(const Vector<index_t>& p) {
    std::vector<index_t> sorted(p.begin(), p.end());
    std::sort(sorted.begin(), sorted.end());
    for (index_t i = 0; i < p.size(); ++i)
        if (sorted[static_cast<std::size_t>(i)] != i) return false;
    return true;
}

// L: ones on the diagonal, zeros above, magnitudes up to 1. U: zeros below.
template <class T>
bool has_lu_structure(const Lu<T>& f) {
    for (index_t i = 0; i < f.L.rows(); ++i)
        for (index_t j = 0; j < f.L.cols(); ++j) {
            if (i < j && f.L(i, j) != 0) return false;
            if (i == j && f.L(i, j) != 1) return false;
            if (!(std::abs(f.L(i, j)) <= 1)) return false;
        }
    for (index_t i = 0; i < f.U.rows(); ++i)
        for (index_t j = 0; j < std::min(i, f.U.cols()); ++j)
            if (f.U(i, j) != 0) return false;
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("lu makes the rows of A in pivot order, for every shape", "", float, double) {
    support::Worst worst;
    support::for_each_shape(support::sizes, [&](index_t m, index_t n) {
        for (const auto& [name, A] : support::hostile_matrices<TestType>(m, n)) {
            CAPTURE(name, m, n);
            const auto f = lu(A);
            REQUIRE((f.L.rows() == m && f.L.cols() == std::min(m, n)));
            REQUIRE((f.U.rows() == std::min(m, n) && f.U.cols() == n));
            REQUIRE(is_permutation<TestType>(f.p));
            CHECK(has_lu_structure(f));
            CHECK(worst(support::factor_ratio(rows_in_order(A, f.p), f.L, f.U)) < 3);
        }
    });
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("lu does not depend on the layout of its input", "", float, double) {
    for (const index_t n : {3, 19, 70}) {
        const auto A = support::gaussian<TestType>(n, n + 2, 5);
        const auto f = lu(A);
        support::for_each_layout(A, [&](const char* layout, const auto& B) {
            CAPTURE(layout, n);
            const auto g = lu(B);
            CHECK(support::identical(g.L, f.L));
            CHECK(support::identical(g.U, f.U));
            CHECK(support::identical(g.p, f.p));
        });
        const auto twice = lu(A + A);
        CHECK(support::identical(twice.U, f.U * TestType(2)));
    }
}

TEMPLATE_TEST_CASE("lu_in_place works in memory of any strides", "", float, double) {
    for (const index_t n : {1, 2, 9, 40, 100}) {
        const auto A = support::gaussian<TestType>(n, n, 6);
        support::for_each_layout(A, [&](const char* layout, const auto& B) {
            CAPTURE(layout, n);
            auto copy = B;  // a view writes through to memory of its layout
            kernel::Buffer<index_t> pivots(n);
            const auto W = [&] {
                if constexpr (Container<decltype(copy)>) {
                    return copy.ref();
                } else {
                    return copy.ref();
                }
            }();
            CHECK(linalg::lu_in_place(W, pivots.data()) == -1);
            auto x = support::gaussian<TestType>(n, 2, 7);
            const auto b = x;
            linalg::lu_solve(W, pivots.data(), x.ref());
            CHECK(support::solve_ratio(A, x, b) < 3);
        });
    }
}

TEMPLATE_TEST_CASE("lu_in_place names the first zero pivot", "", float, double) {
    for (const index_t n : {1, 2, 8, 9, 30, 65})
        for (index_t zero = 0; zero < n; zero += n / 3 + 1) {
            auto A = support::gaussian<TestType>(n, n, 8);
            for (index_t i = 0; i < n; ++i) A(i, zero) = 0;
            CAPTURE(n, zero);
            kernel::Buffer<index_t> pivots(n);
            CHECK(linalg::lu_in_place(A.ref(), pivots.data()) == zero);
        }
}

TEMPLATE_TEST_CASE("lu of A times a power of two has U times that power and the same L and p", "", float, double) {
    const auto A = support::gaussian<TestType>(20, 20, 9);
    const TestType factor = std::is_same_v<TestType, float> ? TestType(0x1p100) : TestType(0x1p900);
    const auto f = lu(A);
    for (const TestType s : {factor, 1 / factor}) {
        const auto g = lu(A * s);
        CHECK(support::identical(g.L, f.L));
        CHECK(support::identical(g.p, f.p));
        CHECK(support::identical(g.U, f.U * s));
    }
}

TEMPLATE_TEST_CASE("lu divides by pivots whose reciprocal overflows", "", float, double) {
    const TestType tiny = std::numeric_limits<TestType>::denorm_min();
    // The scale of the matrix is 1, so the subnormal pivot stays as it is.
    const Matrix<TestType> A = {{1, 0, 0}, {0, 2 * tiny, tiny}, {0, tiny, tiny}};
    const auto f = lu(A);
    CHECK(f.L(2, 1) == TestType(0.5));
    CHECK(f.U(1, 1) == 2 * tiny);
}

TEMPLATE_TEST_CASE("lu refuses NaN and infinity and says where", "", float, double) {
    for (const TestType bad : {std::numeric_limits<TestType>::quiet_NaN(), std::numeric_limits<TestType>::infinity(),
                               -std::numeric_limits<TestType>::infinity()}) {
        auto A = support::gaussian<TestType>(40, 50, 10);
        A(17, 31) = bad;
        CHECK_THROWS_AS(lu(A), non_finite);
        CHECK_THROWS_WITH(lu(A), "lu: the matrix holds NaN or infinity at (17, 31)");
        CHECK_THROWS_AS(lu(Matrix<TestType>{{bad}}), non_finite);
    }
}

TEST_CASE("lu of a textbook matrix") {
    const auto [L, U, p] = lu(Matrix<double>{{2, 1}, {4, 3}});
    CHECK((p[0] == 1 && p[1] == 0));
    CHECK(support::identical(L, Matrix<double>{{1, 0}, {0.5, 1}}));
    CHECK(support::identical(U, Matrix<double>{{4, 3}, {0, -0.5}}));
}
