#include "gram/linalg/eig.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "gram/expr/operators.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

namespace {

using gram::index_t;
using gram::Matrix;
using gram::kernel::MatRef;

// Every threshold so low that matrices of order 12 walk the blocked paths: panels, deflation windows, several bulges.
const gram::linalg::EigParams blocked{
    .hessenberg = {.block = 3, .unblocked_below = 6},
    .schur = {.small_below = 5, .shifts = 4, .window = 6},
    .vector_block = 3,
};

// The largest of ||A v - w v|| / (n eps ||A||) and | ||v|| - 1 | / (n eps) over all eigenpairs.
template <class T>
double eigenpairs_ratio(const Matrix<T>& A, const gram::Eig<T>& e) {
    const index_t n = A.rows();
    support::Worst worst;
    const double norm = support::frobenius(A);
    const auto complex_A = support::generate<std::complex<T>>(n, n, [&](index_t i, index_t j) { return A(i, j); });
    const auto AV = support::multiply(support::plain(complex_A), support::plain(e.vectors));
    const auto VW = support::times_diagonal(e.vectors, e.values);
    for (index_t j = 0; j < n; ++j) {
        support::Plain<std::complex<double>> v(n, 1), residual(n, 1);
        for (index_t i = 0; i < n; ++i) {
            v(i, 0) = std::complex<double>(e.vectors(i, j));
            residual(i, 0) = AV(i, j) - VW(i, j);
        }
        worst(support::ratio_of<T>(support::frobenius(residual), n, norm));
        worst(support::ratio_of<T>(std::abs(support::frobenius(v) - 1), n, 1));
    }
    return worst.value;
}

// Conjugate pairs stand side by side, positive imaginary part first, and are exact; other values and vectors are real.
template <class T>
bool pairs_are_exact(const gram::Eig<T>& e) {
    const index_t n = e.values.size();
    for (index_t j = 0; j < n; ++j) {
        const bool real = e.values[j].imag() == T(0);
        if (!real && (e.values[j].imag() < 0 || j + 1 == n || e.values[j + 1] != std::conj(e.values[j]))) return false;
        for (index_t i = 0; i < n; ++i) {
            if (real && e.vectors(i, j).imag() != T(0)) return false;
            if (!real && e.vectors(i, j + 1) != std::conj(e.vectors(i, j))) return false;
        }
        if (!real) ++j;
    }
    return true;
}

// |sum of w - trace| / (n eps ||A||)
template <class T>
double trace_ratio(const Matrix<T>& A, const gram::Vector<std::complex<T>>& values) {
    std::complex<double> sum = 0;
    for (index_t i = 0; i < A.rows(); ++i) {
        sum += std::complex<double>(values[i]) - static_cast<double>(A(i, i));
    }
    return support::ratio_of<T>(std::abs(sum), A.rows(), support::frobenius(A));
}

template <class T>
gram::Eig<T> check_eig(const Matrix<T>& A, const gram::linalg::EigParams& params, support::Worst& worst) {
    const auto e = gram::eig(A, params);
    REQUIRE((e.values.size() == A.rows() && e.vectors.rows() == A.rows() && e.vectors.cols() == A.rows()));
    CHECK(worst(eigenpairs_ratio(A, e)) < 30);
    CHECK(worst(trace_ratio(A, e.values)) < 30);
    CHECK(worst(trace_ratio(A, gram::eigvals(A, params))) < 30);
    CHECK(pairs_are_exact(e));
    return e;
}

// The largest distance from a value to the one that is nearest in the other list, both ways, in units of n eps scale.
template <class T>
double spectrum_ratio(const gram::Vector<std::complex<T>>& a, const std::vector<std::complex<double>>& b,
                      double scale) {
    double distance = 0;
    std::vector<bool> used(b.size());
    for (index_t i = 0; i < a.size(); ++i) {
        std::size_t best = b.size();
        for (std::size_t j = 0; j < b.size(); ++j) {
            if (used[j]) continue;
            const auto d = [&](std::size_t l) { return std::abs(std::complex<double>(a[i]) - b[l]); };
            if (best == b.size() || d(j) < d(best)) best = j;
        }
        if (best == b.size()) return std::numeric_limits<double>::infinity();
        used[best] = true;
        distance = std::max(distance, std::abs(std::complex<double>(a[i]) - b[best]));
    }
    return support::ratio_of<T>(distance, a.size(), scale);
}

// Matrices that are hard because they are not symmetric.
template <class T>
std::vector<support::Named<T>> non_normal_matrices(index_t n) {
    using support::generate;
    const auto number = [](index_t i) { return static_cast<double>(i); };
    const auto G = support::gaussian<T>(n, n, 77);
    const double decades = std::is_same_v<T, float> ? 60 : 580;  // from one corner to the other
    return {
        {"grcar", generate<T>(n, n, [](index_t i, index_t j) { return i == j + 1 ? -1 : (j >= i && j <= i + 3); })},
        {"frank", generate<T>(n, n, [&](index_t i, index_t j) { return i > j + 1 ? 0 : number(n - std::max(i, j)); })},
        {"companion",
         generate<T>(n, n,
                     [&](index_t i, index_t j) { return i == j + 1 ? 1.0 : (j == n - 1 ? -number(i % 5) - 1 : 0.0); })},
        {"jordan", generate<T>(n, n, [](index_t i, index_t j) { return i == j ? 2 : (j == i + 1); })},
        {"small jordan blocks",
         generate<T>(n, n, [](index_t i, index_t j) { return i == j ? 3 : (j == i + 1 && j % 3); })},
        {"nilpotent", generate<T>(n, n, [](index_t i, index_t j) { return j > i; })},
        {"cyclic shift", generate<T>(n, n, [&](index_t i, index_t j) { return (i + 1) % n == j; })},
        {"rotations",
         generate<T>(
             n, n, [](index_t i, index_t j) { return i / 2 != j / 2 ? 0.0 : (i == j ? 0.6 : (i < j ? -0.8 : 0.8)); })},
        {"unbalanced", generate<T>(n, n,
                                   [&](index_t i, index_t j) {
                                       return static_cast<double>(G(i, j)) *
                                              std::pow(10.0, decades * (number(i) - number(j)) / 2 / number(n));
                                   })},
        {"lower triangle", generate<T>(n, n, [&](index_t i, index_t j) { return j <= i ? G(i, j) : T(0); })},
        {"upper triangle", generate<T>(n, n, [&](index_t i, index_t j) { return j >= i ? G(i, j) : T(0); })},
        {"skew", generate<T>(n, n, [&](index_t i, index_t j) { return G(i, j) - G(j, i); })},
        {"positive", generate<T>(n, n, [&](index_t i, index_t j) { return std::abs(G(i, j)); })},
    };
}

}  // namespace

TEMPLATE_TEST_CASE("eig: A V is V diag(w) with unit vectors, for all hostile matrices", "[linalg]", float, double) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 11, 12, 13, 33}) {
        for (const auto& [name, A] : support::hostile_matrices<T>(n, n)) {
            CAPTURE(name, n);
            check_eig<T>(A, {}, worst);
            check_eig<T>(A, blocked, worst);
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("eig: the same for matrices far from normal", "[linalg]", float, double) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {1, 2, 3, 5, 8, 16, 31, 32}) {
        for (const auto& [name, A] : non_normal_matrices<T>(n)) {
            CAPTURE(name, n);
            check_eig<T>(A, {}, worst);
            check_eig<T>(A, blocked, worst);
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("eig: orders around the block sizes, and those that need deflation windows", "[linalg]", float,
                   double) {
    using T = TestType;
    support::Worst worst;
    for (const index_t n : {63, 64, 65, 75, 76, 98, 129}) {
        CAPTURE(n);
        check_eig<T>(support::gaussian<T>(n, n, 5), {}, worst);
        check_eig<T>(support::graded<T>(n, n, 6), {}, worst);
        check_eig<T>(support::of_rank<T>(n, n, 9, 7), {}, worst);
    }
    check_eig<T>(support::gaussian<T>(257, 257, 8), {}, worst);
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("eig: small matrices of zeros, ones, roundoffs and numbers at the ends of the range", "[linalg]",
                   float, double) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    const T root = std::sqrt(limits::min()), eps = limits::epsilon();
    const std::vector<T> entries = {
        0, 1, -1, 2, T(0.5), 0, eps, -eps, 1 + eps, root, 1 / root, limits::min(), limits::max() / 64};
    support::Random random(31);
    support::Worst worst;
    for (int round = 0; round < 1500; ++round) {
        const bool wide = random.below(2) == 0, large = round % 8 == 0;
        const index_t n = large ? 11 + random.below(8) : 1 + random.below(8), zeros = random.below(4);
        const auto count = wide ? static_cast<index_t>(entries.size()) : 9;
        const auto A = support::generate<T>(n, n, [&](index_t, index_t) {
            return random.below(4) < zeros ? T(0) : entries[static_cast<std::size_t>(random.below(count))];
        });
        CAPTURE(round, n);
        REQUIRE(worst(eigenpairs_ratio(A, gram::eig(A, large ? blocked : gram::linalg::EigParams{}))) < 30);
        REQUIRE(gram::eigvals(A).size() == n);
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 10);
}

TEMPLATE_TEST_CASE("schur_vectors: vectors that grow beyond the range are scaled down", "[linalg]", float, double) {
    using T = TestType;
    const T tiny = std::numeric_limits<T>::min() * 16, large = 1 / std::numeric_limits<T>::epsilon();
    // The last eigenvalue meets a block, or entries, that are next to singular for it; column-major.
    const std::vector<std::vector<T>> forms = {
        {0, -tiny, 0, 0, tiny, 0, 0, 0, 5, 7, 0, 0, 1, 2, 3, 4},
        {0, 0, 0, 0, large, tiny, 0, 0, large, large, 2 * tiny, 0, 1, large, large, 0},
        {tiny, -1, 0, 0, tiny, tiny, 0, 0, large, large, 0, -tiny, large, 1, tiny, 0},
    };
    for (auto S : forms) {
        std::vector<T> X(16);
        gram::linalg::schur_vectors(MatRef<T>{S.data(), 4, 4, 1, 4}, MatRef<T>{X.data(), 4, 4, 1, 4}, 2);
        for (std::size_t j = 0; j < 4; ++j) {
            T largest = 0;
            for (std::size_t i = 0; i < 4; ++i) {
                REQUIRE(std::isfinite(X[4 * j + i]));
                largest = std::max(largest, std::abs(X[4 * j + i]));
            }
            CHECK(largest <= T(1));
        }
    }
}

TEMPLATE_TEST_CASE("eig: balancing that would ruin the vectors is noticed", "[linalg]", float, double) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    const T tiny = limits::min(), eps = limits::epsilon();
    const std::vector<Matrix<T>> matrices = {
        {{-1, tiny}, {-1, 0}},
        {{1, tiny, 0}, {-1, tiny, 1}, {0, 1, 1}},
        {{3, -2, T(-0.9), 2 * eps}, {-2, 4, 1, -eps}, {-eps / 4, eps / 2, -1, 0}, {T(-0.5), T(-0.5), T(0.1), 1}},
    };
    for (const auto& A : matrices) CHECK(eigenpairs_ratio(A, gram::eig(A)) < 3);

    // A Hessenberg matrix with noise where the reduction left zeros.
    auto H = support::gaussian<T>(40, 40, 37);
    for (index_t j = 0; j < 40; ++j) {
        for (index_t i = j + 2; i < 40; ++i) H(i, j) *= eps * eps;
    }
    CHECK(eigenpairs_ratio(H, gram::eig(H)) < 3);
}

TEMPLATE_TEST_CASE("eig: spectra that are known", "[linalg]", float, double) {
    using T = TestType;
    const auto turn = gram::eig(Matrix<T>{{0, -1}, {1, 0}});
    CHECK(turn.values[0] == std::complex<T>(0, 1));
    CHECK(turn.values[1] == std::complex<T>(0, -1));

    const auto stretch = gram::eigvals(Matrix<T>{{2, 0}, {0, 3}});
    CHECK(spectrum_ratio(stretch, {2, 3}, 3) < 3);
    // The roots of (x - 1)(x - 2)(x - 3)(x - 4), from its companion matrix.
    const Matrix<T> companion = {{10, -35, 50, -24}, {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}};
    CHECK(spectrum_ratio(gram::eigvals(companion), {1, 2, 3, 4}, 1000) < 3);
    for (const index_t n : {2, 3, 8, 17, 100}) {
        // A cyclic shift: the n-th roots of 1, perfectly conditioned.
        std::vector<std::complex<double>> roots, values;
        for (index_t k = 0; k < n; ++k) {
            roots.push_back(std::polar(1.0, 6.283185307179586 * static_cast<double>(k) / static_cast<double>(n)));
            values.emplace_back(static_cast<double>(k * k));
        }
        const auto shift = support::generate<T>(n, n, [&](index_t i, index_t j) { return (i + 1) % n == j; });
        CAPTURE(n);
        CHECK(spectrum_ratio(gram::eigvals(shift), roots, std::sqrt(static_cast<double>(n))) < 3);
        std::vector<double> diagonal;
        for (const auto& v : values) diagonal.push_back(v.real());
        const auto S = support::with_eigenvalues<T>(diagonal, 9);
        CHECK(spectrum_ratio(gram::eig(S).values, values, support::frobenius(S)) < 3);
        CHECK(spectrum_ratio(gram::eigvals(S, blocked), values, support::frobenius(S)) < 3);
    }
}

TEMPLATE_TEST_CASE("eig: eigenvalues of a triangular matrix are its diagonal, to the bit", "[linalg]", float, double) {
    using T = TestType;
    for (const index_t n : {1, 2, 5, 33}) {
        const auto G = support::gaussian<T>(n, n, 13);
        for (const bool upper : {false, true}) {
            const auto A = support::generate<T>(
                n, n, [&](index_t i, index_t j) { return (upper ? j >= i : j <= i) ? G(i, j) : T(0); });
            const auto e = gram::eig(A);
            std::vector<T> found, expected;
            for (index_t i = 0; i < n; ++i) {
                CHECK(e.values[i].imag() == T(0));
                found.push_back(e.values[i].real());
                expected.push_back(A(i, i));
            }
            std::sort(found.begin(), found.end());
            std::sort(expected.begin(), expected.end());
            CHECK(found == expected);
        }
    }
}

TEMPLATE_TEST_CASE("eigvals agrees with eig, and with the eigenvalues of the transpose", "[linalg]", float, double) {
    using T = TestType;
    for (const index_t n : {1, 2, 7, 24, 90}) {
        const auto A = support::gaussian<T>(n, n, 17);
        std::vector<std::complex<double>> values;
        for (const auto& w : gram::eig(A).values) values.emplace_back(w);
        const double scale = support::frobenius(A);
        CAPTURE(n);
        // Gaussian matrices have eigenvalues of condition number about sqrt(n).
        const double sensitivity = 10 * std::sqrt(static_cast<double>(n));
        CHECK(spectrum_ratio(gram::eigvals(A), values, scale) < sensitivity);
        CHECK(spectrum_ratio(gram::eigvals(A, blocked), values, scale) < sensitivity);
        CHECK(spectrum_ratio(gram::eigvals(A.T()), values, scale) < sensitivity);
    }
}

TEMPLATE_TEST_CASE("eig: scaling by a power of two scales the values exactly", "[linalg]", float, double) {
    using T = TestType;
    const auto A = support::gaussian<T>(20, 20, 19);
    const auto e = gram::eig(A);
    for (const double factor : {0x1p-40, 0x1p40, std::is_same_v<T, float> ? 0x1p110 : 0x1p1000}) {
        const auto f = gram::eig(support::times(A, factor));
        std::vector<std::complex<double>> expected;
        for (const auto& w : e.values) expected.push_back(std::complex<double>(w) * factor);
        CHECK(spectrum_ratio(f.values, expected, support::frobenius(A) * factor) < 30);
        CHECK(eigenpairs_ratio(support::times(A, factor), f) < 3);
    }
}

TEMPLATE_TEST_CASE("eig: refuses what is not square or not finite", "[linalg]", float, double) {
    using T = TestType;
    CHECK_THROWS_AS(gram::eig(Matrix<T>(3, 2)), gram::shape_error);
    CHECK_THROWS_WITH(gram::eigvals(Matrix<T>(3, 2)), support::contains_text("3x2"));
    for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
        auto A = support::gaussian<T>(30, 30, 23);
        A(29, 3) = bad;
        CHECK_THROWS_AS(gram::eig(A), gram::non_finite);
        CHECK_THROWS_WITH(gram::eigvals(A), support::contains_text("(29, 3)"));
    }
}

TEMPLATE_TEST_CASE("eig: the layout of the input does not change a bit of the result", "[linalg]", float, double) {
    using T = TestType;
    const auto A = support::gaussian<T>(15, 15, 29);
    const Matrix<T> flipped(A.T());
    const Matrix<T, gram::dynamic, gram::dynamic, gram::col_major> columns(A);
    const auto expected = gram::eig(A);
    for (const auto& other : {gram::eig(columns), gram::eig(flipped.T()), gram::eig(A + Matrix<T>(15, 15))}) {
        for (index_t i = 0; i < 15; ++i) {
            REQUIRE(other.values[i] == expected.values[i]);
            for (index_t j = 0; j < 15; ++j) REQUIRE(other.vectors(i, j) == expected.vectors(i, j));
        }
    }
}
