#include "gram/linalg/qr.hpp"

#include <limits>
#include <vector>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

namespace {

using gram::index_t;
using gram::Matrix;

// Every property of A = Q R; the worst ratio so far.
template <class T>
void check_qr(const Matrix<T>& A, gram::QrOptions options, support::Worst& worst) {
    const auto [Q, R] = gram::qr(A, options);
    const index_t m = A.rows(), n = A.cols(), k = options.full ? m : std::min(m, n);
    REQUIRE((Q.rows() == m && Q.cols() == k && R.rows() == k && R.cols() == n));
    CHECK(worst(support::factor_ratio(A, Q, R)) < 30);
    CHECK(worst(support::orthogonality_ratio(Q)) < 30);
    for (index_t i = 0; i < k; ++i) {
        for (index_t j = 0; j < std::min(i, n); ++j) REQUIRE(R(i, j) == T(0));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("qr: Q R is A, Q is orthonormal, R upper trapezoidal, for all hostile matrices", "[linalg]", float,
                   double) {
    using T = TestType;
    support::Worst worst;
    for (const index_t m : {0, 1, 2, 3, 5, 8, 33}) {
        for (const index_t n : {0, 1, 2, 3, 5, 8, 33}) {
            for (const auto& [name, A] : support::hostile_matrices<T>(m, n)) {
                CAPTURE(name, m, n);
                check_qr<T>(A, {}, worst);
                check_qr<T>(A, {.full = true, .block = 3}, worst);
            }
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("qr: tall, wide and square matrices around the block sizes", "[linalg]", float, double) {
    using T = TestType;
    support::Worst worst;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{31, 31},
                               {32, 32},
                               {63, 65},
                               {64, 64},
                               {65, 63},
                               {129, 129},
                               {257, 20},
                               {20, 257},
                               {130, 97},
                               {257, 129}}) {
        CAPTURE(m, n);
        check_qr(support::gaussian<T>(m, n, 11), {}, worst);
        check_qr(support::of_rank<T>(m, n, 5, 12), {}, worst);
        check_qr(support::graded<T>(m, n, 13), {.full = m < 200, .block = 16}, worst);
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("qr: the layout of the input does not change a bit of the result", "[linalg]", float, double) {
    using T = TestType;
    const auto A = support::gaussian<T>(37, 21, 21);
    const auto expected = gram::qr(A);
    const auto same = [&](const gram::Qr<T>& other) {
        for (index_t i = 0; i < expected.Q.size(); ++i) REQUIRE(other.Q.data()[i] == expected.Q.data()[i]);
        for (index_t i = 0; i < expected.R.size(); ++i) REQUIRE(other.R.data()[i] == expected.R.data()[i]);
    };
    const Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> columns(A);
    same(gram::qr(columns));
    const Matrix<T> flipped(A.T());
    same(gram::qr(flipped.T()));
    Matrix<T> wide(2 * 37, 2 * 21);
    for (index_t i = 0; i < 37; ++i) {
        for (index_t j = 0; j < 21; ++j) wide(2 * i, 2 * j) = A(i, j);
    }
    same(gram::qr(gram::view(wide.data(), 37, 21, 4 * 21, 2)));
    same(gram::qr(A + Matrix<T>(37, 21)));
    const Matrix<T, 3, 2> fixed = {{1, 2}, {3, 4}, {5, 6}};
    CHECK(support::factor_ratio(fixed, gram::qr(fixed).Q, gram::qr(fixed).R) < 3);
}

TEMPLATE_TEST_CASE("qr: powers of two scale R and leave Q alone", "[linalg]", float, double) {
    using T = TestType;
    const auto A = support::gaussian<T>(19, 12, 31);
    const double factor = std::is_same_v<T, float> ? 0x1p-90 : 0x1p-900;
    const auto [Q, R] = gram::qr(A);
    const auto [Q2, R2] = gram::qr(support::times(A, factor));
    CHECK(support::distance_ratio(Q, Q2) < 3);
    CHECK(support::distance_ratio(support::times(R, factor), R2) < 3);
}

TEMPLATE_TEST_CASE("qr: NaN and infinity are refused by position", "[linalg]", float, double) {
    using T = TestType;
    for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
        auto A = support::gaussian<T>(40, 30, 41);
        A(7, 29) = bad;
        CHECK_THROWS_AS(gram::qr(A), gram::non_finite);
        CHECK_THROWS_WITH(gram::qr(A), support::contains_text("(7, 29)"));
    }
}

TEMPLATE_TEST_CASE("qr_in_place: any strides, nothing outside the matrix is touched", "[linalg]", float, double) {
    using T = TestType;
    const auto A = support::gaussian<T>(29, 17, 51);
    Matrix<T> padded(31, 20);
    for (T& x : padded) x = std::numeric_limits<T>::quiet_NaN();
    for (index_t i = 0; i < 29; ++i) {
        for (index_t j = 0; j < 17; ++j) padded(i, j) = A(i, j);
    }
    std::vector<T> tau(17);
    const auto W = padded.ref().block(0, 0, 29, 17);
    gram::linalg::qr_in_place(W, tau.data(), 5);
    auto QtA = A;
    gram::linalg::apply_q(true, W, tau.data(), QtA.ref());
    for (index_t i = 0; i < 31; ++i) {
        for (index_t j = 0; j < 20; ++j) {
            if (i >= 29 || j >= 17) {
                REQUIRE(padded(i, j) != padded(i, j));
            } else {
                REQUIRE(std::abs(QtA(i, j) - (i <= j ? padded(i, j) : T(0))) < 300 * support::eps_of<T>);
            }
        }
    }
}
