#include "gram/kernel/gemm_dots.hpp"

#include "gram/kernel/gemm.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

/// The error of C = alpha A B + beta C, both operands along k, in units of its bound; infinite when something outside C
/// was written.
template <class T>
double dots_ratio(index_t m, index_t n, index_t k, T alpha, T beta, Layout c, Numbers& numbers) {
    operands::Matrix<T> A(m, k, Layout::rows, numbers), B(k, n, Layout::columns, numbers);
    operands::Matrix<T> C = beta == T{} ? operands::Matrix<T>(m, n, c) : operands::Matrix<T>(m, n, c, numbers);
    const operands::Matrix<T> before(C);
    detail::gemm_dots<gram::simd::native_arch, T>(
        A.ref(), B.ref(), detail::StridedSink<gram::simd::native_arch, T>{C.ref(), alpha, beta});
    if (!C.guarded()) return std::numeric_limits<double>::infinity();
    double worst = 0;
    for (index_t i = 0; i < m; ++i) {
        for (index_t j = 0; j < n; ++j) {
            operands::Reference sum;
            for (index_t p = 0; p < k; ++p) sum.add(static_cast<long double>(alpha) * A(i, p) * B(p, j));
            if (beta != T{}) sum.add(static_cast<long double>(beta) * before(i, j));
            worst = operands::worst(worst, operands::ratio(C(i, j), sum, k));
        }
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("products of operands along k are within their bound around the edges of tiles and packs", "[gemm]",
                   float, double) {
    using T = TestType;
    if (!gram::simd::has_pack<T>) return;
    Numbers numbers(3);
    double worst = 0;
    for (const index_t m : {1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 41}) {
        for (const index_t n : {1, 2, 3, 4, 5, 6, 7, 16, 17, 63, 64, 65, 131}) {
            for (const index_t k : {1, 7, 8, 9, 15, 16, 17, 33, 100}) {
                const Layout c = operands::all_layouts[numbers.index(3)];
                worst = operands::worst(worst, dots_ratio<T>(m, n, k, T(1), T(0), c, numbers));
                worst = operands::worst(worst, dots_ratio<T>(m, n, k, T(-0.5), T(2), c, numbers));
            }
        }
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("a dot product of a product has the same bits in every tile, and NaN stays in its row and column",
                   "[gemm]", float, double) {
    using T = TestType;
    Numbers numbers(5);
    const index_t m = 11, n = 75, k = 300;
    operands::Matrix<T> A(m, k, Layout::rows, numbers), B(k, n, Layout::columns, numbers);
    operands::Matrix<T> whole(m, n, Layout::rows), part(1, 1, Layout::rows);
    A(2, k - 1) = std::numeric_limits<T>::quiet_NaN();
    B(0, n - 1) = std::numeric_limits<T>::infinity();
    REQUIRE(detail::DotShape<gram::simd::native_arch, T>::suits(A.ref(), B.ref()));
    gemm(T(1), A.ref(), B.ref(), T(0), whole.ref());
    bool same = true, placed = true;
    for (index_t i = 0; i < m; ++i) {
        for (index_t j = 0; j < n; ++j) {
            detail::gemm_dots<gram::simd::native_arch, T>(
                A.ref().block(i, 0, 1, k), B.ref().block(0, j, k, 1),
                detail::StridedSink<gram::simd::native_arch, T>{part.ref(), T(1), T(0)});
            same = same && (i == 2 || operands::same_bits(whole(i, j), part(0, 0)));
            placed = placed && std::isnan(whole(i, j)) == (i == 2) && std::isinf(whole(i, j)) == (j == n - 1 && i != 2);
        }
    }
    CHECK(same);
    CHECK(placed);
}
