#include "gram/kernel/syrk.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

/// The largest error of syrk (B null) or syr2k in units of its bound; infinite if the upper triangle changed.
template <class T>
double rank_k_ratio(index_t n, index_t k, bool two, Layout a, Layout c, T beta, Numbers& numbers) {
    operands::Matrix<T> A(n, k, a, numbers), B(n, k, Layout::columns, numbers), C(n, n, c, numbers);
    if (beta == T{}) {
        for (index_t i = 0; i < n; ++i) C(i, i) = std::numeric_limits<T>::quiet_NaN();
    }
    const operands::Matrix<T> before(C);
    if (two) {
        syr2k(T(0.5), A.ref(), B.ref(), beta, C.ref());
    } else {
        syrk(T(0.5), A.ref(), beta, C.ref());
    }
    double worst = C.guarded() ? 0 : std::numeric_limits<double>::infinity();
    for (index_t i = 0; i < n; ++i) {
        for (index_t j = 0; j < n; ++j) {
            if (j > i) {
                if (!operands::same_bits(C(i, j), before(i, j))) worst = std::numeric_limits<double>::infinity();
                continue;
            }
            operands::Reference sum;
            for (index_t p = 0; p < k; ++p) {
                if (two) {
                    sum.add(0.5L * A(i, p) * B(j, p));
                    sum.add(0.5L * B(i, p) * A(j, p));
                } else {
                    sum.add(0.5L * A(i, p) * A(j, p));
                }
            }
            if (beta != T{}) sum.add(static_cast<long double>(beta) * before(i, j));
            worst = operands::worst(worst, operands::ratio(C(i, j), sum, 2 * k));
        }
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("syrk and syr2k write the lower triangle only and are within their error bounds", "[syrk]", float,
                   double) {
    using T = TestType;
    Numbers numbers(3);
    double worst = 0;
    for (const Layout a : operands::all_layouts) {
        for (const Layout c : operands::all_layouts) {
            for (const index_t n : {1, 2, 7, 8, 9, 17, 24, 25, 33, 49, 70, 113}) {
                const T beta = n % 3 == 0 ? T(0) : T(n % 3);
                worst = operands::worst(worst, rank_k_ratio<T>(n, numbers.index(20), n % 2 == 0, a, c, beta, numbers));
            }
        }
    }
    CHECK(worst < 1);
    CHECK(rank_k_ratio<T>(140, 530, false, Layout::rows, Layout::rows, T(0), numbers) < 1);
    CHECK(rank_k_ratio<T>(290, 30, true, Layout::columns, Layout::columns, T(1), numbers) < 1);
    for (const Layout c : operands::all_layouts)
        CHECK(rank_k_ratio<T>(61, 7, true, Layout::general, c, T(2), numbers) < 1);
    CHECK(rank_k_ratio<T>(0, 3, true, Layout::columns, Layout::columns, T(1), numbers) < 1);
}

TEST_CASE("syrk and syr2k work on integers", "[syrk]") {
    int a[] = {1, 2}, b[] = {3, 4}, c[] = {0, 99, 0, 0};
    const MatRef<int> C{c, 2, 2, 2, 1};
    syrk(1, MatRef<int>{a, 2, 1, 1, 1}, 0, C);
    CHECK(c[2] == 2);
    syr2k(1, MatRef<int>{a, 2, 1, 1, 1}, MatRef<int>{b, 2, 1, 1, 1}, 1, C);
    CHECK(c[0] == 7);
    CHECK(c[1] == 99);
    CHECK(c[2] == 2 + 4 + 6);
}
