#include "gram/kernel/gemvt.hpp"

#include <algorithm>
#include <complex>
#include <vector>

#include "gram/kernel/buffer.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

constexpr index_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 63, 64, 65, 129};

/// The worst ratio of x + alpha A^T v, and of A times the x that came out, to their bounds.
template <class T>
double ratio_of(const MatRef<T>& A, operands::Vector<T>& v, operands::Vector<T>& x, operands::Vector<T>& w, T alpha) {
    const operands::Vector<T> before(x);
    gemvt(alpha, A, v.ref(), x.ref(), w.ref());
    double worst = x.guarded() && w.guarded() ? 0 : std::numeric_limits<double>::infinity();
    for (index_t j = 0; j < A.cols; ++j) {
        operands::Reference sum;
        sum.add(before[j]);
        for (index_t i = 0; i < A.rows; ++i) sum.add(static_cast<long double>(alpha) * A(i, j) * v[i]);
        worst = operands::worst(worst, operands::ratio(x[j], sum, A.rows));
    }
    for (index_t i = 0; i < A.rows; ++i) {
        operands::Reference sum;
        for (index_t j = 0; j < A.cols; ++j) sum.add(static_cast<long double>(A(i, j)) * x[j]);
        worst = operands::worst(worst, operands::ratio(w[i], sum, A.cols));
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("gemvt is within the bounds of its two products for every size, layout and stride", "[gemvt]", float,
                   double) {
    using T = TestType;
    Numbers numbers(3);
    double worst = 0;
    for (const Layout layout : operands::all_layouts) {
        for (const index_t stride : {index_t{1}, index_t{3}, index_t{-2}}) {
            for (const index_t m : sizes) {
                for (const index_t n : sizes) {
                    operands::Matrix<T> A(m, n, layout, numbers);
                    operands::Vector<T> v(m, stride, numbers), x(n, stride, numbers), w(m, stride);
                    worst = operands::worst(worst, ratio_of(A.ref(), v, x, w, T(-0.5)));
                }
            }
        }
    }
    CHECK(worst <= 1);
}

TEMPLATE_TEST_CASE("gemvt starts at any row of aligned columns, short and long", "[gemvt]", float, double) {
    using T = TestType;
    Numbers numbers(5);
    double worst = 0;
    const index_t lengths[] = {20, 70, 5000 / static_cast<index_t>(sizeof(T))};
    for (const index_t rows : lengths) {
        const index_t line = 64 / static_cast<index_t>(sizeof(T)), stride = (rows + line) / line * line;
        const Buffer<T> memory(stride * 21);
        for (index_t i = 0; i < memory.size(); ++i) memory.data()[i] = static_cast<T>(numbers.next());
        for (index_t first = 0; first <= line; ++first) {
            for (const index_t n : {1, 3, 4, 7, 8, 16, 21}) {
                const MatRef<T> A{memory.data() + first, rows - first, n, 1, stride};
                operands::Vector<T> v(A.rows, 1, numbers), x(n, 1, numbers), w(A.rows, 1);
                worst = operands::worst(worst, ratio_of(A, v, x, w, T(2)));
            }
        }
    }
    CHECK(worst <= 1);
}

TEST_CASE("gemvt of complex and of empty matrices is that of two products", "[gemvt]") {
    using C = std::complex<double>;
    const std::vector<C> a = {{1, 2}, {3, -1}, {0, 1}, {2, 0}};
    const std::vector<C> v = {{1, 0}, {0, 1}};
    std::vector<C> x = {{1, 1}, {0, 0}}, w(2);
    gemvt<gram::simd::native_arch, C>(C(1), MatRef<const C>{a.data(), 2, 2, 1, 2}, VecRef<const C>{v.data(), 2, 1},
                                      VecRef<C>{x.data(), 2, 1}, VecRef<C>{w.data(), 2, 1});
    CHECK(x[0] == C(3, 6));  // 1 + i + (1 + 2 i) + i (3 - i)
    CHECK(x[1] == C(0, 3));  // i + 2 i
    CHECK(w[0] == C(1, 2) * x[0] + C(0, 1) * x[1]);
    CHECK(w[1] == C(3, -1) * x[0] + C(2, 0) * x[1]);

    std::vector<double> y = {5, 6, 7}, none;
    gemvt(1.0, MatRef<const double>{nullptr, 0, 3, 1, 1}, VecRef<const double>{nullptr, 0, 1},
          VecRef<double>{y.data(), 3, 1}, VecRef<double>{nullptr, 0, 1});
    CHECK(y == std::vector<double>{5, 6, 7});
    std::vector<double> z = {1, 2};
    const std::vector<double> u = {1, 1};
    gemvt(1.0, MatRef<const double>{nullptr, 2, 0, 1, 2}, VecRef<const double>{u.data(), 2, 1},
          VecRef<double>{nullptr, 0, 1}, VecRef<double>{z.data(), 2, 1});
    CHECK(z == std::vector<double>{0, 0});
}
