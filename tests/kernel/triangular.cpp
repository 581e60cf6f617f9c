#include "gram/kernel/triangular.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

struct Case {
    index_t m, n;
    Triangle tri;
    Diagonal diag;
    Layout a, b;
};

/// A triangular matrix with NaN where nobody may look.
template <class T>
operands::Matrix<T> triangle(const Case& x, Numbers& numbers) {
    operands::Matrix<T> A(x.m, x.m, x.a, numbers);
    for (index_t i = 0; i < x.m; ++i) {
        A(i, i) = x.diag == Diagonal::unit ? std::numeric_limits<T>::quiet_NaN() : A(i, i) + T(i % 2 == 0 ? 3 : -3);
        for (index_t j = 0; j < x.m; ++j) {
            const bool inside = x.tri == Triangle::lower ? j < i : j > i;
            if (i != j && !inside) A(i, j) = std::numeric_limits<T>::quiet_NaN();
            if (inside) A(i, j) /= T(x.m);
        }
    }
    return A;
}

template <class T>
long double element(const Case& x, const operands::Matrix<T>& A, index_t i, index_t j) {
    if (i == j) return x.diag == Diagonal::unit ? 1 : A(i, i);
    return (x.tri == Triangle::lower ? j < i : j > i) ? A(i, j) : T(0);
}

/// Residual of A X = alpha B, or of X = alpha A B, in units of its bound.
template <class T>
double triangle_ratio(const Case& x, bool solve, Numbers& numbers) {
    const T alpha = x.m % 2 == 0 ? T(1) : T(-0.5);
    operands::Matrix<T> A = triangle<T>(x, numbers), X(x.m, x.n, x.b, numbers);
    const operands::Matrix<T> B(X);
    if (solve) {
        trsm(x.tri, x.diag, alpha, A.ref(), X.ref());
    } else {
        trmm(x.tri, x.diag, alpha, A.ref(), X.ref());
    }
    double worst = X.guarded() ? 0 : std::numeric_limits<double>::infinity();
    const operands::Matrix<T>& right = solve ? X : B;
    const operands::Matrix<T>& left = solve ? B : X;
    for (index_t i = 0; i < x.m; ++i) {
        for (index_t j = 0; j < x.n; ++j) {
            operands::Reference sum;
            for (index_t p = 0; p < x.m; ++p) sum.add(element(x, A, i, p) * right(p, j) * (solve ? 1 : alpha));
            const T want = solve ? alpha * left(i, j) : left(i, j);
            worst = operands::worst(worst, operands::ratio(want, sum, x.m));
        }
    }
    return worst;
}

constexpr Triangle triangles[] = {Triangle::lower, Triangle::upper};
constexpr Diagonal diagonals[] = {Diagonal::general, Diagonal::unit};

}  // namespace

TEMPLATE_TEST_CASE("trsm solves and trmm multiplies with either triangle, diagonal and layout", "[triangular]", float,
                   double) {
    Numbers numbers(3);
    double solve = 0, multiply = 0;
    for (const Triangle tri : triangles) {
        for (const Diagonal diag : diagonals) {
            for (const Layout a : operands::all_layouts) {
                for (const Layout b : operands::all_layouts) {
                    for (const index_t m : {1, 2, 15, 16, 17, 33, 50}) {
                        const Case x{m, 1 + numbers.index(40), tri, diag, a, b};
                        solve = operands::worst(solve, triangle_ratio<TestType>(x, true, numbers));
                        multiply = operands::worst(multiply, triangle_ratio<TestType>(x, false, numbers));
                    }
                }
                // Beyond a leaf and its whole groups of rows, with packs of columns left over.
                const Case beyond{70, 37, tri, diag, a, Layout::rows};
                solve = operands::worst(solve, triangle_ratio<TestType>(beyond, true, numbers));
                multiply = operands::worst(multiply, triangle_ratio<TestType>(beyond, false, numbers));
                const Case wide{40, 150, tri, diag, a, Layout::columns}, tall{150, 3, tri, diag, a, Layout::rows};
                solve = operands::worst(solve, triangle_ratio<TestType>(wide, true, numbers));
                multiply = operands::worst(multiply, triangle_ratio<TestType>(tall, false, numbers));
                solve = operands::worst(solve, triangle_ratio<TestType>(tall, true, numbers));
            }
        }
    }
    CHECK(solve < 1);
    CHECK(multiply < 1);
}

TEMPLATE_TEST_CASE("trsv solves for one vector of any stride", "[triangular]", float, double) {
    using T = TestType;
    Numbers numbers(5);
    double worst = 0;
    for (const Triangle tri : triangles) {
        for (const index_t m : {1, 3, 16, 17, 40, 100}) {
            for (const index_t stride : {1, 3, -2}) {
                const Case c{m, 1, tri, Diagonal::general, Layout::columns, Layout::rows};
                operands::Matrix<T> A = triangle<T>(c, numbers);
                operands::Vector<T> x(m, stride, numbers);
                const operands::Vector<T> b(x);
                trsv(tri, Diagonal::general, A.ref(), x.ref());
                CHECK(x.guarded());
                for (index_t i = 0; i < m; ++i) {
                    operands::Reference sum;
                    for (index_t p = 0; p < m; ++p) sum.add(element(c, A, i, p) * x[p]);
                    worst = operands::worst(worst, operands::ratio(b[i], sum, m));
                }
            }
        }
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("a triangular solve with alpha = 0 clears B, and a zero pivot gives infinity", "[triangular]", float,
                   double) {
    using T = TestType;
    T a[] = {T(2), T(0), T(1), T(0)}, b[] = {T(2), T(3)};
    const MatRef<T> A{a, 2, 2, 2, 1}, B{b, 2, 1, 1, 1};
    trsm(Triangle::lower, Diagonal::general, T(1), A, B);
    CHECK(b[0] == T(1));
    CHECK(std::isinf(b[1]));
    trsm(Triangle::lower, Diagonal::general, T(0), A, B);
    CHECK(b[1] == T(0));
    b[0] = std::numeric_limits<T>::quiet_NaN();
    trmm(Triangle::lower, Diagonal::general, T(0), A, B);
    CHECK(b[0] == T(0));
}

TEST_CASE("triangular products work on complex numbers", "[triangular]") {
    using Z = std::complex<double>;
    Z a[] = {{0, 1}, {0, 0}, {2, 0}, {0, -1}}, b[] = {{1, 0}, {0, 1}};
    const MatRef<Z> A{a, 2, 2, 2, 1}, B{b, 2, 1, 1, 1};
    trmm(Triangle::lower, Diagonal::general, Z(1), A, B);
    CHECK(b[0] == Z(0, 1));
    CHECK(b[1] == Z(3, 0));
    trsm(Triangle::lower, Diagonal::general, Z(1), A, B);
    CHECK(std::abs(b[1] - Z(0, 1)) < 1e-15);
}
