// svd and singular_values in all four scalar types on the classes of LAPACK's tester, tall and wide, at the edges of
// every block, and on 2×2 matrices of numbers from the ends of the range.
#include <vector>

#include "gram/linalg/svd.hpp"
#include "support/catch.hpp"
#include "support/spectral.hpp"

using gram::index_t;
using gram::Matrix;
using gram::real_t;
using gram::Vector;
using gram::Vectors;
namespace linalg = gram::linalg;

namespace {

// In units of max(m, n) eps ||A||, so 20 max(m, n) u ||A||. LAPACK's own tests allow 30 to 60.
constexpr double limit = 10;
// Two ways to the same values, in units of sqrt(max(m, n)) u ||A||: the errors of n rotations add up by chance
// (LAPACK 3.11 on the same matrices: 2 to 4).
constexpr double values_limit = 6;

struct Ratios {
    // Rounding that is not to nearest errs by eps instead of eps / 2, and always to the same side.
    explicit Ratios(bool nearest = true) : limit_(nearest ? limit : 2 * limit), nearest_(nearest) {}

    support::Worst residual, left, right, values;

    void check_values(double units_of_u, index_t m, index_t n) {
        const double size = static_cast<double>(std::max<index_t>({m, n, 1}));
        CHECK(values(units_of_u / (nearest_ ? std::sqrt(size) : size)) < values_limit);
    }
    [[nodiscard]] double bound() const { return limit_; }
    // Nearer to what there is than the bounds: a change that makes it worse should be looked at.
    void alarm(double of_residual, double of_left, double of_right, double of_values) const {
        CAPTURE(residual.value, left.value, right.value, values.value);
        CHECK(residual.value < of_residual);
        CHECK(left.value < of_left);
        CHECK(right.value < of_right);
        CHECK(values.value < of_values);
    }

private:
    double limit_;
    bool nearest_;
};

template <class S>
void check_triples(const Matrix<S>& A, const Matrix<S>& U, const Vector<real_t<S>>& s, const Matrix<S>& Vt,
                   Ratios& worst) {
    const index_t p = std::min(A.rows(), A.cols());
    REQUIRE((s.size() == p && U.rows() == A.rows() && Vt.cols() == A.cols() && U.cols() >= p && Vt.rows() >= p));
    const auto product = support::multiply(support::times_diagonal(Matrix<S>(U.block(0, 0, A.rows(), p)), s),
                                           support::plain(Matrix<S>(Vt.block(0, 0, p, A.cols()))));
    CHECK(worst.residual(support::distance_ratio(A, product)) < worst.bound());
    CHECK(worst.left(support::orthogonality_ratio(U)) < worst.bound());
    CHECK(worst.right(support::orthogonality_ratio(support::adjoint_by_definition(Vt))) < worst.bound());
    CHECK(support::descending_from_above_zero(s));
}

template <class S>
void check_svd(const Matrix<S>& A, Vectors vectors, Ratios& worst) {
    const index_t m = A.rows(), n = A.cols(), p = std::min(m, n);
    const auto found = gram::svd(A, {.vectors = vectors});
    CHECK(found.U.cols() == (vectors == Vectors::full ? m : p));
    CHECK(found.Vt.rows() == (vectors == Vectors::full ? n : p));
    check_triples(A, found.U, found.s, found.Vt, worst);
    worst.check_values(support::agreement(found.s, gram::singular_values(A), support::frobenius(A)), m, n);
}

// Through the core, with parameters that make small matrices walk the paths of large ones.
template <class S>
void check_tuned(const Matrix<S>& A, const linalg::SvdTuning& tuning, Ratios& worst) {
    using Columns = Matrix<S, gram::dynamic, gram::dynamic, gram::col_major>;
    const index_t m = A.rows(), n = A.cols();
    Columns work = A, V(n, n), U(m, n);
    Vector<real_t<S>> s(n), values(n);
    linalg::svd_in_place(work.ref(), s.data(), U.ref(), V.ref(), tuning);
    check_triples(A, Matrix<S>(U), s, Matrix<S>(V.T()), worst);
    work = A;
    linalg::svd_in_place(work.ref(), values.data(), gram::kernel::MatRef<S>{}, gram::kernel::MatRef<S>{}, tuning);
    worst.check_values(support::agreement(s, values, support::frobenius(A)), m, n);
}

bool far_from_one(const std::string& name) {
    for (const char* part : {"large", "small", "near"})
        if (name.find(part) != std::string::npos && name != "one large" && name != "one small") return true;
    return false;
}

// Extents that are in the type; the values against those of the general method.
template <class S, index_t N>
void check_fixed(Ratios& worst) {
    for (const auto& [name, A] : support::singular_types<S>(N, N)) {
        CAPTURE(name, N);
        const Matrix<S, N, N> F = A;
        const auto [U, s, Vt] = gram::svd(F);
        check_triples(A, Matrix<S>(U), Vector<real_t<S>>(s), Matrix<S>(Vt), worst);
        CHECK(support::identical(gram::singular_values(F), s));
        CHECK(worst.values(support::values_ratio(s, gram::singular_values(A), support::frobenius(A))) < limit);
    }
}

// From zero by the smallest numbers and roundoffs to the largest.
template <class R>
std::vector<R> extreme_numbers() {
    using limits = std::numeric_limits<R>;
    const R root = std::sqrt(limits::min());
    return {0, limits::denorm_min(), limits::min(), root, limits::epsilon(), 1, -1, 1 / root, limits::max() / 4};
}

// max |A - U diag(s) Vt| and max |U^H U - I|, |Vt Vt^H - I| of 2×2 matrices, in long double: whose range ends later.
template <class S>
struct Errors2x2 {
    long double residual = 0, unitary = 0, norm = 0;

    template <class M, class V>
    Errors2x2(const M& A, const M& U, const V& s, const M& Vt) {
        using W = std::conditional_t<gram::is_complex_v<S>, std::complex<long double>, long double>;
        const auto at = [](const M& X, index_t i, index_t j) { return W(X(i, j)); };
        for (index_t i = 0; i < 2; ++i)
            for (index_t j = 0; j < 2; ++j) {
                W a = at(A, i, j), u(i == j ? -1.0L : 0.0L), v = u;
                norm = std::max<long double>(norm, std::abs(a));
                for (index_t k = 0; k < 2; ++k) {
                    a -= at(U, i, k) * W(static_cast<long double>(s[k])) * at(Vt, k, j);
                    u += conjugate(at(U, k, i)) * at(U, k, j);
                    v += at(Vt, i, k) * conjugate(at(Vt, j, k));
                }
                residual = std::max<long double>(residual, std::abs(a));
                unitary = std::max<long double>({unitary, std::abs(u), std::abs(v)});
            }
    }
    static long double conjugate(long double x) { return x; }
    static std::complex<long double> conjugate(std::complex<long double> x) { return std::conj(x); }
};

template <class M, class F>
void check_2x2(const M& A, const F& found) {
    using S = gram::value_t<M>;
    using R = real_t<S>;
    const Errors2x2<S> errors(A, M(found.U), found.s, M(found.Vt));
    constexpr long double eps = std::numeric_limits<R>::epsilon(), least = std::numeric_limits<R>::denorm_min();
    // Below the smallest number there are no digits to be right.
    const bool right = errors.residual <= 8 * eps * errors.norm + 2 * least && errors.unitary <= 12 * eps &&
                       found.s[1] >= 0 && found.s[0] >= found.s[1];
    if (right) return;
    CAPTURE(errors.residual, errors.unitary, errors.norm, found.s[0], found.s[1]);
    CHECK(right);
}

}  // namespace

TEMPLATE_TEST_CASE("hostile svd: every class, tall, square and wide, at every edge of a block", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst;
    using Shape = std::pair<index_t, index_t>;
    // QR iteration below 24, leaves of 20 from there on; a QR factorization first from 11/6 on.
    const std::vector<Shape> all = {{0, 0}, {0, 3}, {3, 0},   {1, 1},   {1, 5},   {5, 1},   {2, 2},  {3, 3},
                                    {2, 3}, {5, 8}, {23, 23}, {24, 24}, {25, 25}, {24, 44}, {40, 41}};
    for (const auto& [m, n] : all) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            CAPTURE(name, m, n);
            check_svd<S>(A, m == n ? Vectors::thin : Vectors::full, worst);
            if (m != n && m < 24) check_svd<S>(A, Vectors::thin, worst);
        }
    }
    for (const auto& [m, n] : {Shape{43, 24}, {44, 24}, {45, 24}, {23, 44}, {65, 34}, {29, 54}}) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            if (far_from_one(name) || name.find("diagonal, ") == 0) continue;
            CAPTURE(name, m, n);
            check_svd<S>(A, Vectors::full, worst);
        }
    }
    worst.alarm(2.5, 4, 4, values_limit);
}

TEMPLATE_TEST_CASE("hostile svd: small matrices on the paths of large ones", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst;
    for (const index_t n : {1, 2, 3, 4, 5, 7, 8, 9, 16, 17}) {
        for (const index_t m : {n, n + 1, 2 * n}) {
            for (const auto& [name, A] : support::singular_types<S>(m, n)) {
                if (far_from_one(name)) continue;  // the core takes scaled matrices
                CAPTURE(name, m, n);
                check_tuned<S>(
                    A, {.reduction = {.block = 4, .unblocked = 4}, .divide = {.leaf = 3}, .crossover = 1, .tall = 100},
                    worst);
                check_tuned<S>(A, {.reduction = {.block = 3, .unblocked = 8}, .crossover = 1000, .tall = 1.0}, worst);
            }
        }
    }
    worst.alarm(2.5, 4, 4, values_limit);
}

TEMPLATE_TEST_CASE("hostile svd: blocks of the reduction, at their true size", "[linalg]", float, std::complex<float>) {
    using S = TestType;
    Ratios worst;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{113, 97}, {97, 132}, {200, 96}}) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            if (name != "geometric" && name != "graded up") continue;
            CAPTURE(name, m, n);
            check_svd<S>(A, Vectors::thin, worst);
        }
    }
    worst.alarm(1, 2, 2, values_limit);
}

TEMPLATE_TEST_CASE("hostile svd: matrices of fixed extents, by Jacobi's rotations", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    Ratios worst;
    check_fixed<TestType, 1>(worst);
    check_fixed<TestType, 2>(worst);
    check_fixed<TestType, 3>(worst);
    check_fixed<TestType, 4>(worst);
    worst.alarm(2.5, 4, 4, 2);
}

TEMPLATE_TEST_CASE("hostile svd: all 9^4 matrices 2x2 of zeros, subnormal numbers, roundoffs and the largest",
                   "[linalg]", float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const auto numbers = extreme_numbers<R>();
    const std::size_t count = numbers.size();
    for (std::size_t code = 0; code < count * count * count * count; ++code) {
        Matrix<S, 2, 2> A;
        std::size_t rest = code;
        for (index_t k = 0; k < 4; ++k, rest /= count) {
            A.data()[k] = S(numbers[rest % count]);
            if constexpr (gram::is_complex_v<S>) {  // exact phases: 1, i, -i, and both parts at once
                const R x = numbers[rest % count];
                if (k == 1) A.data()[k] = S(0, x);
                if (k == 2) A.data()[k] = S(0, -x);
                if (k == 3) A.data()[k] = S(x / 2, numbers[(rest + 3) % count] / 2);
            }
        }
        INFO("number " << code);
        check_2x2(A, gram::svd(A));
        INFO("of any extents");
        const Matrix<S> B = A;
        check_2x2(B, gram::svd(B));
    }
    CHECK(count == 9);
}

TEMPLATE_TEST_CASE("hostile svd: what changes the matrix and not its singular values", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    support::Worst adjoint, permuted, turned, squares;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {2, 3}, {17, 17}, {33, 25}, {9, 30}}) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            CAPTURE(name, m, n);
            const auto s = gram::singular_values(A);
            const double norm = support::frobenius(A);
            const auto ratio = [&, m = m, n = n](const Matrix<S>& B) {
                return support::agreement(gram::singular_values(B), s, norm) / 2 / static_cast<double>(std::max(m, n));
            };
            CHECK(adjoint(ratio(support::adjoint_by_definition(A))) < limit);
            CHECK(permuted(ratio(support::permuted(A, support::shuffled(m, 3), support::shuffled(n, 4)))) < limit);
            CHECK(turned(ratio(support::turned(A, 8, false))) < limit);
            support::Plain<double> values(s.size(), 1);
            for (index_t i = 0; i < s.size(); ++i) values(i, 0) = static_cast<double>(s[i]);
            CHECK(squares(support::ratio_of<S>(std::abs(support::frobenius(values) - norm), std::max(m, n), norm)) <
                  limit);
        }
    }
    CAPTURE(adjoint.value, permuted.value, turned.value, squares.value);
    CHECK(adjoint.value < 2);
    CHECK(permuted.value < 2);
    CHECK(turned.value < 8);
    CHECK(squares.value < 2);
}

TEMPLATE_TEST_CASE("hostile svd: a power of two scales the values and leaves the vectors, to the bit", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const int far = std::is_same_v<R, float> ? 60 : 900;
    const int near = std::is_same_v<R, float> ? 24 : 430;  // in the range that is not scaled, and nothing underflows
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {2, 2}, {5, 3}, {24, 24}, {20, 40}}) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            if (name != "uniform" && name != "arithmetic" && name != "bidiagonal") continue;
            const auto f = gram::svd(A);
            const auto values = gram::singular_values(A);
            for (const int k : {1, -3, 20, near, -near, far, -far}) {
                CAPTURE(name, m, n, k);
                Matrix<S> B = A;
                for (S& x : B) x *= std::ldexp(R(1), k);
                const auto g = gram::svd(B);
                const auto again = gram::singular_values(B);
                CHECK((support::identical(f.U, g.U) && support::identical(f.Vt, g.Vt)));
                for (index_t i = 0; i < std::min(m, n); ++i)
                    CHECK((g.s[i] == std::ldexp(f.s[i], k) && again[i] == std::ldexp(values[i], k)));
            }
        }
    }
}

TEMPLATE_TEST_CASE("hostile svd: every layout gives the same bits", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {3, 2}, {25, 24}, {20, 50}}) {
        const Matrix<S> A = support::singular_types<S>(m, n).back().A;
        const auto f = gram::svd(A, {.vectors = Vectors::full});
        const auto values = gram::singular_values(A);
        support::for_each_layout(A, [&](const char* layout, const auto& B) {
            CAPTURE(layout, A.rows(), A.cols());
            const auto g = gram::svd(B, {.vectors = Vectors::full});
            CHECK((support::identical(f.U, g.U) && support::identical(f.s, g.s) && support::identical(f.Vt, g.Vt)));
            CHECK(support::identical(gram::singular_values(B), values));
        });
    }
}

TEMPLATE_TEST_CASE("hostile svd: NaN and infinity in any part and place are refused", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{1, 1}, {3, 3}, {40, 40}, {4, 9}, {60, 7}}) {
        Matrix<S> ones(m, n);
        for (S& x : ones) x = S(1);
        support::for_each_non_finite(ones, [&](const std::string& what, const Matrix<S>& A) {
            CAPTURE(what, A.rows(), A.cols());
            CHECK_THROWS_AS(gram::svd(A), gram::non_finite);
            CHECK_THROWS_AS(gram::svd(A, {.vectors = Vectors::full}), gram::non_finite);
            CHECK_THROWS_AS(gram::singular_values(A), gram::non_finite);
        });
    }
}

TEMPLATE_TEST_CASE("hostile svd: without subnormal numbers, and rounding in every direction", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst(false);
    for (const auto& [m, n] : {std::pair<index_t, index_t>{3, 3}, {25, 25}, {9, 20}}) {
        for (const auto& [name, A] : support::singular_types<S>(m, n)) {
            if (name.find("near underflow") != std::string::npos) continue;  // its subnormal elements are zeros then
            CAPTURE(name, m, n);
            support::for_each_arithmetic(
                [&, &A = A] {
                    return std::pair{gram::svd(A), gram::singular_values(A)};
                },
                [&, &A = A, m = m, n = n](const char* arithmetic, const auto& found) {
                    CAPTURE(arithmetic);
                    const auto& [U, s, Vt] = found.first;
                    check_triples(A, U, s, Vt, worst);
                    worst.check_values(support::agreement(s, found.second, support::frobenius(A)), m, n);
                });
        }
    }
    worst.alarm(8, 17, 14, values_limit);
}
