#include "gram/kernel/gemm.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

template <class T>
struct Case {
    index_t m, n, k;
    T alpha, beta;
    Layout a = Layout::rows, b = Layout::rows, c = Layout::rows;
};

/// The largest error of one product in units of its bound; infinite when something outside C was written.
template <class T, class Arch = gram::simd::native_arch>
double product_ratio(const Case<T>& x, Numbers& numbers) {
    operands::Matrix<T> A(x.m, x.k, x.a, numbers), B(x.k, x.n, x.b, numbers);
    // With beta = 0, C starts as NaN.
    operands::Matrix<T> C =
        x.beta == T{} ? operands::Matrix<T>(x.m, x.n, x.c) : operands::Matrix<T>(x.m, x.n, x.c, numbers);
    const operands::Matrix<T> before(C);
    gemm<Arch>(x.alpha, A.ref(), B.ref(), x.beta, C.ref());
    if (!C.guarded()) return std::numeric_limits<double>::infinity();
    double worst = 0;
    for (index_t i = 0; i < x.m; ++i) {
        for (index_t j = 0; j < x.n; ++j) {
            operands::Reference sum;
            for (index_t p = 0; p < x.k; ++p) sum.add(static_cast<long double>(x.alpha) * A(i, p) * B(p, j));
            if (x.beta != T{}) sum.add(static_cast<long double>(x.beta) * before(i, j));
            worst = operands::worst(worst, operands::ratio(C(i, j), sum, x.k));
        }
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("gemm is within its error bound at every size around the tile edges", "[gemm]", float, double) {
    Numbers numbers(7);
    double worst = 0;
    for (const index_t m : {1, 2, 3, 4, 5, 7, 8, 9, 15, 17, 31, 33}) {
        for (const index_t n : {1, 2, 4, 7, 8, 9, 15, 16, 17, 23, 25, 31, 33, 47, 48, 49, 65}) {
            for (const index_t k : {1, 2, 3, 8, 17, 33}) {
                worst = operands::worst(worst, product_ratio<TestType>({m, n, k, TestType(1), TestType(0)}, numbers));
            }
        }
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("gemm takes every combination of layouts, alpha and beta", "[gemm]", float, double) {
    using T = TestType;
    Numbers numbers(11);
    double worst = 0;
    const T alphas[] = {T(1), T(-0.5), T(0)}, betas[] = {T(0), T(1), T(-2)};
    for (const Layout a : operands::all_layouts) {
        for (const Layout b : operands::all_layouts) {
            for (const Layout c : operands::all_layouts) {
                const T alpha = alphas[numbers.index(3)], beta = betas[numbers.index(3)];
                const index_t m = 1 + numbers.index(70), n = 1 + numbers.index(110), k = 1 + numbers.index(60);
                worst = operands::worst(worst, product_ratio<T>({m, n, k, alpha, beta, a, b, c}, numbers));
                worst = operands::worst(worst, product_ratio<T>({n, m, 9, alpha, beta, a, b, c}, numbers));
            }
        }
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("gemm crosses the edges of its cache blocks", "[gemm]", float, double) {
    using T = TestType;
    Numbers numbers(13);
    for (const Layout layout : {Layout::rows, Layout::columns}) {
        CHECK(product_ratio<T>({19, 21, 1037, T(1), T(0), layout, layout, layout}, numbers) < 1);
        CHECK(product_ratio<T>({70, 301, 523, T(2), T(1), layout, Layout::rows, layout}, numbers) < 1);
        CHECK(product_ratio<T>({1041, 53, 30, T(1), T(-1), Layout::columns, layout, Layout::rows}, numbers) < 1);
        CHECK(product_ratio<T>({130, 530, 300, T(1), T(0), Layout::rows, layout, Layout::general}, numbers) < 1);
    }
}

TEMPLATE_TEST_CASE("gemm takes a column or two beyond the packs of a row as products with vectors", "[gemm]", float,
                   double) {
    using T = TestType;
    using Arch = gram::simd::native_arch;
    Numbers numbers(15);
    index_t alone = 0;
    double worst = 0;
    for (const index_t n : {33, 34, 49, 65, 97}) {
        for (const index_t m : {3, 8, 9, 33, 65}) {
            for (const index_t k : {15, 33, 65, 300}) {
                const Layout a = operands::all_layouts[numbers.index(3)], b = operands::all_layouts[numbers.index(3)],
                             c = operands::all_layouts[numbers.index(3)];
                worst = operands::worst(worst, product_ratio<T>({m, n, k, T(1), T(0), a, b, c}, numbers));
                worst = operands::worst(worst, product_ratio<T>({n, m, k, T(-2), T(3), a, b, c}, numbers));
                operands::Matrix<T> A(m, k, Layout::rows, numbers), B(k, n, Layout::rows, numbers);
                if constexpr (gram::simd::has_pack<T>)
                    alone += detail::lone_columns<Arch, T>(A.ref(), B.ref()) > 0 ? 1 : 0;
            }
        }
    }
    CHECK(worst < 1);
    CHECK((alone > 0) == (gram::simd::width<T> >= 4));
}

TEMPLATE_TEST_CASE("gemm reads leading dimensions that are powers of two", "[gemm]", float, double) {
    using T = TestType;
    Numbers numbers(17);
    // The operands helper pads by 3 and 5: these extents give strides of 512 and 1024.
    CHECK(product_ratio<T>({70, 509, 40, T(1), T(0)}, numbers) < 1);
    CHECK(product_ratio<T>({40, 60, 1021, T(1), T(0)}, numbers) < 1);
    CHECK(product_ratio<T>({1019, 60, 33, T(1), T(0), Layout::columns, Layout::columns, Layout::columns}, numbers) < 1);
}

TEMPLATE_TEST_CASE("gemm without a depth scales C, and beta = 0 clears it of NaN", "[gemm]", float, double) {
    using T = TestType;
    Numbers numbers(19);
    for (const Layout c : operands::all_layouts) {
        CHECK(product_ratio<T>({5, 9, 0, T(1), T(0), Layout::rows, Layout::rows, c}, numbers) < 1);
        CHECK(product_ratio<T>({5, 9, 0, T(1), T(3), Layout::rows, Layout::rows, c}, numbers) < 1);
    }
    CHECK(product_ratio<T>({0, 9, 4, T(1), T(0)}, numbers) < 1);
    CHECK(product_ratio<T>({9, 0, 4, T(1), T(0)}, numbers) < 1);
}

TEMPLATE_TEST_CASE("gemm keeps NaN and infinity in the rows and columns they belong to", "[gemm]", float, double) {
    using T = TestType;
    Numbers numbers(23);
    for (const index_t n : {3, 30, 130}) {
        operands::Matrix<T> A(n, n, Layout::rows, numbers), B(n, n, Layout::rows, numbers), C(n, n, Layout::rows);
        A(1, 2) = std::numeric_limits<T>::quiet_NaN();
        B(0, n - 1) = std::numeric_limits<T>::infinity();
        gemm(T(1), A.ref(), B.ref(), T(0), C.ref());
        bool right = true;
        for (index_t i = 0; i < n; ++i) {
            for (index_t j = 0; j < n; ++j) {
                right = right && std::isnan(C(i, j)) == (i == 1) && std::isinf(C(i, j)) == (j == n - 1 && i != 1);
            }
        }
        CHECK(right);
        // alpha = 0 reads neither operand.
        gemm(T(0), A.ref(), B.ref(), T(0), C.ref());
        CHECK(C(1, 1) == T(0));
    }
}

// Where the last columns of a block are products with a vector, they have another order of sums: not here.
TEMPLATE_TEST_CASE("an element of a product has the same bits in whichever block of tiles it is computed", "[gemm]",
                   float, double) {
    using T = TestType;
    Numbers numbers(29);
    const index_t m = 70, n = 92, k = 600;
    operands::Matrix<T> A(m, k, Layout::rows, numbers), B(k, n, Layout::rows, numbers);
    operands::Matrix<T> whole(m, n, Layout::rows), parts(m, n, Layout::rows);
    gemm(T(1), A.ref(), B.ref(), T(0), whole.ref());
    for (const index_t i : {0, 13}) {
        for (const index_t j : {0, 38}) {
            const index_t rows = i == 0 ? 13 : m - 13, cols = j == 0 ? 38 : n - 38;
            gemm(T(1), A.ref().block(i, 0, rows, k), B.ref().block(0, j, k, cols), T(0),
                 parts.ref().block(i, j, rows, cols));
        }
    }
    bool same = true;
    for (index_t i = 0; i < m; ++i) {
        for (index_t j = 0; j < n; ++j) same = same && operands::same_bits(whole(i, j), parts(i, j));
    }
    CHECK(same);
}

TEMPLATE_TEST_CASE("gemm without vectors gives the same products", "[gemm]", float, double) {
    Numbers numbers(31);
    const auto ratio =
        product_ratio<TestType, gram::simd::scalar_arch>({17, 19, 23, TestType(2), TestType(1)}, numbers);
    CHECK(ratio < 1);
}

TEST_CASE("gemm multiplies integers and complex numbers exactly", "[gemm]") {
    operands::Matrix<int> A(3, 4, Layout::rows), B(4, 5, Layout::columns), C(3, 5, Layout::general);
    operands::Matrix<std::complex<double>> X(3, 4, Layout::rows), Y(4, 5, Layout::columns), Z(3, 5, Layout::general);
    for (index_t i = 0; i < 4; ++i) {
        for (index_t j = 0; j < 3; ++j) A(j, i) = static_cast<int>(i - j), X(j, i) = {double(i), double(j)};
        for (index_t j = 0; j < 5; ++j) B(i, j) = static_cast<int>(2 * i + j), Y(i, j) = {double(j), double(-i)};
    }
    gemm(1, A.ref(), B.ref(), 0, C.ref());
    gemm(1, X.ref(), Y.ref(), 0, Z.ref());
    for (index_t i = 0; i < 3; ++i) {
        for (index_t j = 0; j < 5; ++j) {
            int sum = 0;
            std::complex<double> z = 0;
            for (index_t p = 0; p < 4; ++p) sum += A(i, p) * B(p, j), z += X(i, p) * Y(p, j);
            CHECK(C(i, j) == sum);
            CHECK(Z(i, j) == z);
        }
    }
}
