// eig and eigvals in all four scalar types on the classes of LAPACK's tester and on matrices that are known to be hard.
#include <algorithm>
#include <vector>

#include "gram/linalg/eig.hpp"
#include "support/catch.hpp"
#include "support/spectral.hpp"

using gram::index_t;
using gram::Matrix;
using gram::real_t;
using gram::Vector;

namespace {

using Complex = std::complex<double>;

// In units of n eps ||A||, so 30 n u ||A||. LAPACK's own tests allow 30 to 60.
constexpr double limit = 15;

struct Ratios {
    // Rounding that is not to nearest errs by eps instead of eps / 2, and always to the same side.
    // The trace then gathers the errors of n values.
    explicit Ratios(bool nearest = true) : bound(nearest ? limit : 2 * limit), nearest_(nearest) {}

    double bound;
    support::Worst pairs, unit, trace, determinant;

    void check_trace(double ratio, index_t n) {
        CHECK(trace(nearest_ ? ratio : ratio / std::sqrt(static_cast<double>(std::max<index_t>(n, 1)))) < bound);
    }
    // Nearer to what there is than the bounds: a change that makes it worse should be looked at.
    void alarm(double of_pairs, double of_unit, double of_trace, double of_determinant) const {
        CAPTURE(pairs.value, unit.value, trace.value, determinant.value);
        CHECK(pairs.value < of_pairs);
        CHECK(unit.value < of_unit);
        CHECK(trace.value < of_trace);
        CHECK(determinant.value < of_determinant);
    }

private:
    bool nearest_;
};

// |sum of w - trace A| / (n eps ||A||)
template <class S, class W>
double trace_ratio(const Matrix<S>& A, const W& values) {
    Complex sum = 0;
    for (index_t i = 0; i < A.rows(); ++i) sum += Complex(values[i]) - Complex(A(i, i));
    return support::ratio_of<S>(std::abs(sum), A.rows(), support::frobenius(A));
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

// det A and ||inv A|| by Gauss and Jordan; the inverse is infinite when a pivot is zero.
struct Elimination {
    Complex determinant = 1;
    double inverse_norm = 0;

    explicit Elimination(support::Plain<Complex> A) {
        const index_t n = A.rows;
        support::Plain<Complex> X(n, n);
        for (index_t i = 0; i < n; ++i) X(i, i) = 1;
        for (index_t k = 0; k < n; ++k) {
            index_t pivot = k;
            for (index_t i = k; i < n; ++i)
                if (std::abs(A(i, k)) > std::abs(A(pivot, k))) pivot = i;
            if (A(pivot, k) == 0.0) {
                determinant = 0, inverse_norm = std::numeric_limits<double>::infinity();
                return;
            }
            if (pivot != k) determinant = -determinant;
            for (index_t j = 0; j < n; ++j) std::swap(A(k, j), A(pivot, j)), std::swap(X(k, j), X(pivot, j));
            const Complex p = A(k, k);
            determinant *= p;
            for (index_t j = 0; j < n; ++j) A(k, j) /= p, X(k, j) /= p;
            for (index_t i = 0; i < n; ++i) {
                const Complex f = A(i, k);
                if (i == k || f == 0.0) continue;
                for (index_t j = 0; j < n; ++j) A(i, j) -= f * A(k, j), X(i, j) -= f * X(k, j);
            }
        }
        inverse_norm = support::frobenius(X);
    }
};

// |product of w / det A - 1| / (n eps ||A|| ||inv A||), everything scaled near 1; 0 where A is next to singular.
template <class S, class W>
double determinant_ratio(const Matrix<S>& A, const W& values) {
    const index_t n = A.rows();
    double largest = 0;
    for (const S& x : A) largest = std::max(largest, std::abs(Complex(x)));
    if (n == 0 || largest == 0) return 0;
    support::Plain<Complex> B(n, n);
    for (index_t i = 0; i < n; ++i)
        for (index_t j = 0; j < n; ++j) B(i, j) = Complex(A(i, j)) / largest;
    const Elimination exact(B);
    const double condition = support::frobenius(B) * exact.inverse_norm;
    if (!(condition < 1e-3 / support::eps_of<S>)) return 0;
    Complex product = 1;
    for (index_t i = 0; i < n; ++i) product *= Complex(values[i]) / largest;
    return support::ratio_of<S>(std::abs(product / exact.determinant - 1.0), n, condition);
}

template <class S, class E, class W>
void check_found(const Matrix<S>& A, const E& e, const W& values, Ratios& worst) {
    const index_t n = A.rows();
    REQUIRE((e.values.size() == n && e.vectors.rows() == n && e.vectors.cols() == n && values.size() == n));
    CHECK(worst.pairs(support::pairs_ratio(A, e.vectors, e.values)) < worst.bound);
    CHECK(worst.unit(support::unit_ratio(e.vectors)) < worst.bound);
    worst.check_trace(trace_ratio(A, e.values), n);
    worst.check_trace(trace_ratio(A, values), n);
    if (n <= 8) {
        CHECK(worst.determinant(determinant_ratio(A, e.values)) < worst.bound);
        CHECK(worst.determinant(determinant_ratio(A, values)) < worst.bound);
    }
    if constexpr (!gram::is_complex_v<S>) CHECK(pairs_are_exact(e));
}

template <class S>
auto check_eig(const Matrix<S>& A, Ratios& worst) {
    auto e = gram::eig(A);
    check_found(A, e, gram::eigvals(A), worst);
    return e;
}

// The largest distance between two lists of values, each matched with the nearest that is left of the other.
template <class W>
double spectrum_distance(const W& a, W b) {
    double worst = 0;
    for (index_t i = 0; i < a.size(); ++i) {
        index_t best = i;
        for (index_t j = i; j < b.size(); ++j)
            if (std::abs(a[i] - b[j]) < std::abs(a[i] - b[best])) best = j;
        worst = std::max(worst, std::abs(Complex(a[i]) - Complex(b[best])));
        std::swap(b[i], b[best]);
    }
    return worst;
}

template <class S>
const Matrix<S>& named(const std::vector<support::Named<S>>& list, const std::string& name) {
    for (const auto& entry : list)
        if (entry.name == name) return entry.A;
    throw std::logic_error(name);
}

}  // namespace

TEMPLATE_TEST_CASE("hostile eig: every class", "[linalg]", float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst;
    for (const index_t n : {0, 1, 2, 3, 5, 8, 17, 32, 33}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            CAPTURE(name, n);
            check_eig<S>(A, worst);
        }
    }
    worst.alarm(3, 1, 5, 3);
}

TEMPLATE_TEST_CASE("hostile eig: small matrices on the paths of large ones", "[linalg]", float, double) {
    using S = TestType;
    const gram::linalg::EigParams blocked{
        .hessenberg = {.block = 3, .unblocked_below = 6},
        .schur = {.small_below = 5, .shifts = 4, .window = 6},
        .vector_block = 3,
    };
    Ratios worst;
    for (const index_t n : {4, 5, 6, 7, 11, 12, 13, 32}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            CAPTURE(name, n);
            check_found(A, gram::eig(A, blocked), gram::eigvals(A, blocked), worst);
        }
    }
    worst.alarm(3, 1, 5, 3);
}

TEMPLATE_TEST_CASE("hostile eig: orders at which blocks begin", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    Ratios worst;
    // Blocks of vectors 32, deflation windows from 76 on, a blocked reduction from 96 on.
    for (const index_t n : {65, 75, 76, 97}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            if (name != "uniform" && name != "ill-conditioned vectors, geometric") continue;
            CAPTURE(name, n);
            check_eig<S>(A, worst);
        }
    }
    worst.alarm(2, 1, 2, 1);
}

TEMPLATE_TEST_CASE("hostile eig: diagonal matrices to the bit; Jordan blocks, antidiagonals, shifts", "[linalg]", float,
                   double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    Ratios worst;
    for (const index_t n : {1, 2, 3, 8, 31, 32, 33}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            if (name.find("diagonal, ") != 0 && name != "identity" && name != "zero") continue;
            CAPTURE(name, n);
            Vector<std::complex<R>> diagonal(n);
            for (index_t i = 0; i < n; ++i) diagonal[i] = A(i, i);
            CHECK(spectrum_distance(gram::eigvals(A), diagonal) == 0);
            CHECK(spectrum_distance(gram::eig(A).values, diagonal) == 0);
        }
        Matrix<S> jordan(n, n), anti(n, n), shift(n, n);
        for (index_t i = 0; i < n; ++i) {
            jordan(i, i) = S(3), anti(i, n - 1 - i) = S(1), shift(i, (i + 1) % n) = S(1);
            if (i + 1 < n) jordan(i, i + 1) = S(1);
            if constexpr (gram::is_complex_v<S>)
                jordan(i, i) = S(3, 4), anti(i, n - 1 - i) = shift(i, (i + 1) % n) = S(0, 1);
        }
        CAPTURE(n);
        // Triangular: its eigenvalue as often as it stands there.
        for (const auto& w : check_eig<S>(jordan, worst).values) CHECK(w == std::complex<R>(jordan(0, 0)));
        // Unitary: all values on the unit circle.
        for (const Matrix<S>& U : {anti, shift})
            for (const auto& w : check_eig<S>(U, worst).values)
                CHECK(std::abs(std::abs(Complex(w)) - 1) < 4 * static_cast<double>(n) * support::eps_of<S>);
    }
    worst.alarm(2, 1, 2, 2);
}

TEMPLATE_TEST_CASE("hostile eig: what changes the matrix and not its eigenvalues", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    support::Worst transposed, permuted, turned, together;
    for (const index_t n : {1, 2, 3, 8, 17, 33}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            if (name.find("uniform") != 0) continue;  // whose eigenvalues have condition numbers of about sqrt(n)
            CAPTURE(name, n);
            const auto w = gram::eigvals(A);
            const double scale = support::frobenius(A) * std::sqrt(static_cast<double>(n));
            const auto ratio = [&, n = n](const auto& values) {
                return support::ratio_of<S>(spectrum_distance(values, w), n, scale);
            };
            CHECK(together(ratio(gram::eig(A).values)) < limit);
            CHECK(transposed(ratio(gram::eigvals(A.T()))) < limit);
            const auto p = support::shuffled(n, 5);
            CHECK(permuted(ratio(gram::eigvals(support::permuted(A, p, p)))) < limit);
            CHECK(turned(ratio(gram::eigvals(support::turned(A, 6, true)))) < limit);
        }
    }
    CAPTURE(transposed.value, permuted.value, turned.value, together.value);
    CHECK(transposed.value < 5);
    CHECK(permuted.value < 5);
    CHECK(turned.value < 8);
    CHECK(together.value < 5);
}

TEMPLATE_TEST_CASE("hostile eig: a power of two scales the values and leaves the vectors, to the bit", "[linalg]",
                   float, double, std::complex<float>, std::complex<double>) {
    using S = TestType;
    using R = real_t<S>;
    const int far = std::is_same_v<R, float> ? 90 : 900;
    const int near = std::is_same_v<R, float> ? 24 : 430;  // in the range that is not scaled, and nothing underflows
    for (const index_t n : {1, 2, 5, 20}) {
        const auto list = support::eigen_types<S>(n);
        for (const char* name : {"uniform", "grcar", "companion"}) {
            const auto& A = named(list, name);
            const auto e = gram::eig(A);
            const auto values = gram::eigvals(A);
            for (const int k : {1, 2, -3, 20, near, -near, far, -far}) {
                CAPTURE(name, n, k);
                Matrix<S> B = A;
                const R factor = std::ldexp(R(1), k);
                for (S& x : B) x *= factor;
                const auto f = gram::eig(B);
                const auto again = gram::eigvals(B);
                CHECK(support::identical(e.vectors, f.vectors));
                bool same = true;
                for (index_t i = 0; i < n; ++i)
                    same = same && f.values[i] == e.values[i] * factor && again[i] == values[i] * factor;
                CHECK(same);
            }
        }
    }
}

TEMPLATE_TEST_CASE("hostile eig: every layout gives the same bits", "[linalg]", float, double, std::complex<float>,
                   std::complex<double>) {
    using S = TestType;
    for (const index_t n : {1, 2, 3, 20, 47}) {
        const auto list = support::eigen_types<S>(n);
        const auto& A = named(list, "uniform");
        const auto e = gram::eig(A);
        const auto values = gram::eigvals(A);
        support::for_each_layout(A, [&, n = n](const char* layout, const auto& B) {
            CAPTURE(layout, n);
            const auto f = gram::eig(B);
            CHECK((support::identical(e.vectors, f.vectors) && support::identical(e.values, f.values)));
            CHECK(support::identical(gram::eigvals(B), values));
        });
    }
}

TEMPLATE_TEST_CASE("hostile eig: NaN and infinity in any part and place are refused", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    for (const index_t n : {1, 3, 40}) {
        Matrix<S> ones(n, n);
        for (S& x : ones) x = S(1);
        support::for_each_non_finite(ones, [&, n = n](const std::string& what, const Matrix<S>& A) {
            CAPTURE(what, n);
            CHECK_THROWS_AS(gram::eig(A), gram::non_finite);
            CHECK_THROWS_AS(gram::eigvals(A), gram::non_finite);
        });
    }
    CHECK_THROWS_AS(gram::eig(Matrix<S>(2, 3)), gram::shape_error);
    CHECK_THROWS_AS(gram::eigvals(Matrix<S>(3, 2)), gram::shape_error);
}

TEMPLATE_TEST_CASE("hostile eig: without subnormal numbers, and rounding in every direction", "[linalg]", float, double,
                   std::complex<float>, std::complex<double>) {
    using S = TestType;
    Ratios worst(false);
    for (const index_t n : {2, 3, 20}) {
        for (const auto& [name, A] : support::eigen_types<S>(n)) {
            CAPTURE(name, n);
            support::for_each_arithmetic(
                [&, &A = A] {
                    return std::pair{gram::eig(A), gram::eigvals(A)};
                },
                [&, &A = A](const char* arithmetic, const auto& found) {
                    CAPTURE(arithmetic);
                    check_found(A, found.first, found.second, worst);
                });
        }
    }
    worst.alarm(12, 2, 20, 14);
}
