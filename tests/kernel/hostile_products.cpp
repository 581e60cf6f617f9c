// Products, triangular solves, norms and inner products of hostile numbers in all four scalar types: every element
// within its own bound, nothing written but the result, nothing read that does not belong to it.
#include <algorithm>
#include <array>
#include <complex>

#include "gram/kernel/complex.hpp"
#include "gram/kernel/kernel.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

#define SCALAR_TYPES float, double, std::complex<float>, std::complex<double>

namespace {

template <class T>
using real_of = gram::kernel::detail::real_t<T>;
template <class T>
inline constexpr bool complex_number = gram::kernel::detail::is_complex<T>;
template <class T>
using wide_of = std::conditional_t<complex_number<T>, std::complex<long double>, long double>;

template <class T>
wide_of<T> wide(const T& x) {
    if constexpr (complex_number<T>) {
        return {static_cast<long double>(x.real()), static_cast<long double>(x.imag())};
    } else {
        return static_cast<long double>(x);
    }
}
template <class W>
W conjugated_wide(const W& x) {
    if constexpr (std::is_same_v<W, long double>) {
        return x;
    } else {
        return std::conj(x);
    }
}

// Whole numbers: exact. Signs that cancel. Subnormal numbers. Magnitudes from end to end, with products in range.
enum class Kind { uniform, integers, cancelling, subnormal, far_apart };
constexpr Kind kinds[] = {Kind::uniform, Kind::integers, Kind::cancelling, Kind::subnormal, Kind::far_apart};

template <class R>
R number(Kind kind, Numbers& numbers) {
    using limits = std::numeric_limits<R>;
    const double x = numbers.next();
    if (kind == Kind::integers) return static_cast<R>(std::floor(x * 100));
    if (kind == Kind::subnormal) return static_cast<R>(std::floor(x * 1000)) * limits::denorm_min();
    if (kind == Kind::far_apart) {
        return std::ldexp(static_cast<R>(x), static_cast<int>(numbers.next() * (limits::max_exponent / 2 - 12)));
    }
    return static_cast<R>(x);
}
template <class T>
T element(Kind kind, Numbers& numbers) {
    const auto re = number<real_of<T>>(kind, numbers);
    if constexpr (complex_number<T>) {
        return {re, number<real_of<T>>(kind, numbers)};
    } else {
        return re;
    }
}

template <class T>
operands::Matrix<T> matrix_of(index_t m, index_t n, Layout layout, Kind kind, Numbers& numbers) {
    operands::Matrix<T> A(m, n, layout);
    for (index_t i = 0; i < m; ++i)
        for (index_t j = 0; j < n; ++j) A(i, j) = element<T>(kind, numbers);
    return A;
}
// Column 2 p + 1 of A is minus column 2 p, and the rows of B are equal in pairs: A B cancels.
template <class T>
void make_cancelling(operands::Matrix<T>& A, operands::Matrix<T>& B, index_t m, index_t n, index_t k) {
    for (index_t p = 1; p < k; p += 2) {
        for (index_t i = 0; i < m; ++i) A(i, p) = -A(i, p - 1);
        for (index_t j = 0; j < n; ++j) B(p, j) = B(p - 1, j);
    }
}

// A sum in long double, and the sum of magnitudes that its rounding is measured by.
template <class T>
struct Sum {
    wide_of<T> value{};
    long double size = 0;
    void add(const wide_of<T>& x) { value += x, size += std::abs(x); }
    // In units of (terms + 8) u size, u = eps / 2, so that 1 is the limit; what underflows may lose a subnormal for
    // each term.
    [[nodiscard]] double error(const T& x, index_t terms) const {
        using limits = std::numeric_limits<real_of<T>>;
        const auto count = static_cast<long double>(terms + 8);
        const long double bound = count * (limits::epsilon() / 2 * size + limits::denorm_min());
        return static_cast<double>(std::abs(wide(x) - value) / bound);
    }
};

struct Worst {
    double value = 0;
    void operator()(double ratio) { value = operands::worst(value, ratio); }
};

constexpr index_t sizes[] = {0, 1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 65};
index_t any_size(Numbers& numbers) { return sizes[numbers.index(12)]; }

template <class T>
bool finite(const T& x) {
    if constexpr (complex_number<T>) {
        return std::isfinite(x.real()) && std::isfinite(x.imag());
    } else {
        return std::isfinite(x);
    }
}
template <class T>
std::vector<T> bad_numbers() {
    using R = real_of<T>;
    std::vector<T> all;
    for (const R bad : {std::numeric_limits<R>::quiet_NaN(), std::numeric_limits<R>::infinity()}) {
        all.push_back(T(bad));
        if constexpr (complex_number<T>) all.push_back(T(R(1), bad));
    }
    return all;
}

}  // namespace

TEMPLATE_TEST_CASE("hostile: gemm and gemv within the bound of every element", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Numbers numbers(1);
    Worst products, exact, vectors;
    const T alphas[] = {T(1), T(-1), T(2)}, betas[] = {T(0), T(1), T(-2)};
    for (const Kind kind : kinds)
        for (const Layout la : operands::all_layouts)
            for (const Layout lb : operands::all_layouts)
                for (const Layout lc : {Layout::rows, Layout::columns, Layout::general}) {
                    const index_t m = any_size(numbers), n = any_size(numbers);
                    const index_t k = any_size(numbers) * (numbers.index(8) == 0 ? 5 : 1);
                    CAPTURE(static_cast<int>(kind), static_cast<int>(la), static_cast<int>(lb), static_cast<int>(lc));
                    CAPTURE(m, n, k);
                    auto A = matrix_of<T>(m, k, la, kind, numbers);
                    auto B = matrix_of<T>(k, n, lb, kind == Kind::subnormal ? Kind::uniform : kind, numbers);
                    if (kind == Kind::cancelling) make_cancelling(A, B, m, n, k);
                    const auto before = matrix_of<T>(m, n, lc, kind, numbers);
                    auto C = before;
                    const T alpha = alphas[numbers.index(3)], beta = betas[numbers.index(3)];
                    if (beta == T(0)) {  // what C held is of no account
                        for (index_t i = 0; i < m; ++i)
                            for (index_t j = 0; j < n; ++j) C(i, j) = operands::canary<T>();
                    }
                    gemm(alpha, A.ref(), B.ref(), beta, C.ref());
                    REQUIRE((C.guarded() && A.guarded() && B.guarded()));
                    auto y = before;
                    if (n > 0) gemv(alpha, A.ref(), B.ref().col(0), beta, y.ref().col(0));
                    REQUIRE(y.guarded());
                    for (index_t i = 0; i < m; ++i)
                        for (index_t j = 0; j < n; ++j) {
                            Sum<T> s;
                            if (beta != T(0)) s.add(wide(beta) * wide(before(i, j)));
                            for (index_t p = 0; p < k; ++p) s.add(wide(alpha) * wide(A(i, p)) * wide(B(p, j)));
                            products(s.error(C(i, j), k));
                            if (kind == Kind::integers) exact(static_cast<double>(std::abs(wide(C(i, j)) - s.value)));
                            if (j == 0) vectors(s.error(y(i, j), k));
                        }
                }
    INFO("worst: gemm " << products.value << ", gemv " << vectors.value);
    CHECK(products.value < 0.8);
    CHECK(vectors.value < 0.6);
    CHECK(exact.value == 0);
}

TEMPLATE_TEST_CASE("hostile: NaN and infinity stay in the rows and columns that hold them", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Numbers numbers(2);
    for (const Layout layout : operands::all_layouts)
        for (const auto& [m, n, k] : {std::array<index_t, 3>{1, 1, 1}, {5, 7, 3}, {17, 33, 9}, {33, 16, 65}})
            for (const T bad : bad_numbers<T>()) {
                auto A = matrix_of<T>(m, k, layout, Kind::uniform, numbers);
                const auto B = matrix_of<T>(k, n, layout, Kind::uniform, numbers);
                operands::Matrix<T> clean(m, n, layout), C(m, n, layout);
                gemm(T(1), A.ref(), operands::Matrix<T>(B).ref(), T(0), clean.ref());
                const index_t row = m / 2;
                A(row, k / 2) = bad;
                gemm(T(1), A.ref(), operands::Matrix<T>(B).ref(), T(0), C.ref());
                CAPTURE(static_cast<int>(layout), m, n, k);
                bool confined = true;
                for (index_t i = 0; i < m; ++i)
                    for (index_t j = 0; j < n; ++j)
                        confined &= i == row ? !finite(C(i, j)) : operands::same_bits(C(i, j), clean(i, j));
                CHECK(confined);
                operands::Vector<T> x(k, 1), y(m, 1);
                for (index_t p = 0; p < k; ++p) x[p] = B(p, 0);
                gemv(T(1), A.ref(), x.ref(), T(0), y.ref());
                for (index_t i = 0; i < m; ++i) CHECK(finite(y[i]) == (i != row));
            }
}

TEMPLATE_TEST_CASE("hostile: syrk and herk within the bound of every element of the lower triangle", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    using R = real_of<T>;
    Numbers numbers(3);
    Worst worst, exact;
    for (const Kind kind : kinds)
        for (const Layout la : operands::all_layouts)
            for (const Layout lc : {Layout::rows, Layout::columns, Layout::general}) {
                const index_t n = any_size(numbers), k = any_size(numbers);
                CAPTURE(static_cast<int>(kind), static_cast<int>(la), static_cast<int>(lc), n, k);
                auto A = matrix_of<T>(n, k, la, kind, numbers);
                auto before = matrix_of<T>(n, n, lc, kind, numbers);
                for (index_t i = 0; i < n; ++i) before(i, i) = T(wide(before(i, i)) == wide(T(0)) ? R(0) : R(1));
                auto C = before;
                const R alpha = numbers.index(2) == 0 ? R(1) : R(-2), beta = numbers.index(2) == 0 ? R(0) : R(-1);
                if (beta == R(0)) {
                    for (index_t i = 0; i < n; ++i)
                        for (index_t j = 0; j <= i; ++j) C(i, j) = operands::canary<T>();
                }
                herk(alpha, A.ref(), beta, C.ref());
                REQUIRE((C.guarded() && A.guarded()));
                for (index_t i = 0; i < n; ++i)
                    for (index_t j = 0; j < n; ++j) {
                        if (j > i) {
                            REQUIRE(operands::same_bits(C(i, j), before(i, j)));
                            continue;
                        }
                        Sum<T> s;
                        if (beta != R(0)) s.add(static_cast<long double>(beta) * wide(before(i, j)));
                        for (index_t p = 0; p < k; ++p) {
                            s.add(static_cast<long double>(alpha) * wide(A(i, p)) * conjugated_wide(wide(A(j, p))));
                        }
                        worst(s.error(C(i, j), k));
                        if (kind == Kind::integers) exact(static_cast<double>(std::abs(wide(C(i, j)) - s.value)));
                    }
            }
    INFO("worst " << worst.value);
    CHECK(worst.value < 0.5);
    CHECK(exact.value == 0);
}

TEMPLATE_TEST_CASE("hostile: trsm is backward stable in every element and reads one triangle", "[hostile]",
                   SCALAR_TYPES) {
    using T = TestType;
    using R = real_of<T>;
    Numbers numbers(4);
    Worst worst;
    for (const Kind kind : {Kind::uniform, Kind::integers, Kind::far_apart})
        for (const Layout la : operands::all_layouts)
            for (const Layout lb : operands::all_layouts)
                for (const Triangle tri : {Triangle::lower, Triangle::upper})
                    for (const Diagonal diag : {Diagonal::general, Diagonal::unit}) {
                        const index_t n = std::min<index_t>(any_size(numbers), 33), k = any_size(numbers) % 18;
                        CAPTURE(static_cast<int>(kind), static_cast<int>(la), static_cast<int>(lb), n, k);
                        CAPTURE(tri == Triangle::lower, diag == Diagonal::unit);
                        operands::Matrix<T> A(n, n, la);
                        const auto inside = [&](index_t i, index_t j) {
                            return i == j ? diag == Diagonal::general : (i > j) == (tri == Triangle::lower);
                        };
                        // Small beside the diagonal: solutions stay in range.
                        for (index_t i = 0; i < n; ++i)
                            for (index_t j = 0; j < n; ++j) {
                                A(i, j) = operands::canary<T>();
                                if (!inside(i, j)) continue;
                                A(i, j) = element<T>(Kind::uniform, numbers) * R(i == j ? 1 : 0.125);
                                if (i == j) A(i, j) += T(R(2));
                            }
                        const auto before = matrix_of<T>(n, k, lb, kind, numbers);
                        auto X = before;
                        const T alpha = T(R(-2));
                        trsm(tri, diag, alpha, A.ref(), X.ref());
                        REQUIRE((X.guarded() && A.guarded()));
                        for (index_t i = 0; i < n; ++i)
                            for (index_t j = 0; j < k; ++j) {
                                Sum<T> s;  // A X, against alpha B
                                if (diag == Diagonal::unit) s.add(wide(X(i, j)));
                                for (index_t p = 0; p < n; ++p)
                                    if (inside(i, p)) s.add(wide(A(i, p)) * wide(X(p, j)));
                                worst(s.error(alpha * before(i, j), n));
                            }
                    }
    INFO("worst " << worst.value);
    CHECK(worst.value < 0.5);
}

TEMPLATE_TEST_CASE("hostile: dot and dotc within n u of the magnitudes", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    Numbers numbers(5);
    Worst worst, exact;
    for (const Kind kind : kinds)
        for (const index_t n : {0, 1, 2, 3, 7, 8, 15, 16, 17, 33, 100, 1000})
            for (const index_t sx : {1, 2, -1})
                for (const index_t sy : {1, 3, -2}) {
                    CAPTURE(static_cast<int>(kind), n, sx, sy);
                    operands::Vector<T> x(n, sx), y(n, sy);
                    Sum<T> plain, conjugate;
                    for (index_t i = 0; i < n; ++i) {
                        x[i] = element<T>(kind, numbers);
                        y[i] = element<T>(kind == Kind::subnormal ? Kind::uniform : kind, numbers);
                        if (kind == Kind::cancelling && i % 2 == 1) x[i] = -x[i - 1], y[i] = y[i - 1];
                        plain.add(wide(x[i]) * wide(y[i]));
                        conjugate.add(conjugated_wide(wide(x[i])) * wide(y[i]));
                    }
                    const T a = dot(x.ref(), y.ref()), b = dotc(x.ref(), y.ref());
                    worst(plain.error(a, n));
                    worst(conjugate.error(b, n));
                    if (kind == Kind::integers) exact(static_cast<double>(std::abs(wide(a) - plain.value)));
                    if (kind == Kind::integers) exact(static_cast<double>(std::abs(wide(b) - conjugate.value)));
                }
    INFO("worst " << worst.value);
    CHECK(worst.value < 0.5);
    CHECK(exact.value == 0);
}

TEMPLATE_TEST_CASE("hostile: nrm2 within 2 u, over all pairs and triples of magnitudes", "[hostile]", SCALAR_TYPES) {
    using T = TestType;
    using R = real_of<T>;
    using limits = std::numeric_limits<R>;
    // Both sides of the thresholds between small, middle and large numbers, and the ends of the range.
    std::vector<R> grid = {R(0), limits::denorm_min(), limits::min() / 2, limits::min(), R(1), limits::max() / 4};
    for (const int e : {limits::min_exponent / 2, limits::max_exponent / 2, limits::max_exponent / 4})
        for (const int by : {-limits::digits, -limits::digits / 2, -1, 0, 1, limits::digits / 2})
            grid.push_back(std::ldexp(R(1.25), std::min(e + by, limits::max_exponent - 4)));
    double worst = 0;
    const auto check = [&](std::vector<T> x) {
        long double sum = 0;
        for (const T& v : x) sum += std::norm(std::complex<long double>(wide(v)));
        const long double want = std::sqrt(sum);
        if (want > static_cast<long double>(limits::max())) return;
        for (const index_t copies : {1, 40}) {  // alone, and after many zeros in the packs
            std::vector<T> y(static_cast<std::size_t>(copies - 1));
            y.insert(y.end(), x.begin(), x.end());
            const R got = nrm2(VecRef<T>{y.data(), static_cast<index_t>(y.size()), 1});
            const long double bound = limits::epsilon() / 2 * want + static_cast<long double>(limits::denorm_min()) / 2;
            worst =
                operands::worst(worst, static_cast<double>(std::fabs(static_cast<long double>(got) - want) / bound));
        }
    };
    for (const R a : grid)
        for (const R b : grid) {
            check({T(a), T(-b)});
            if constexpr (complex_number<T>) check({T(a, b), T(b, -a)});
            for (std::size_t c = 0; c < grid.size(); c += 3) check({T(a), T(b), T(-grid[c])});
        }
    INFO("worst " << worst);
    CHECK(worst < 2);
    for (const T bad : bad_numbers<T>()) {
        for (const std::size_t at : {0U, 5U, 39U}) {
            std::vector<T> x(40, T(1));
            x[at] = bad;
            CHECK(!std::isfinite(nrm2(VecRef<T>{x.data(), 40, 1})));
            CHECK(!finite(dot(VecRef<T>{x.data(), 40, 1}, VecRef<T>{x.data(), 40, 1})));
        }
    }
}
