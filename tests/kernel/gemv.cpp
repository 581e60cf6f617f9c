#include "gram/kernel/gemv.hpp"

#include <algorithm>

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

constexpr index_t strides[] = {1, 3, -1, -2};
constexpr index_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 129};

template <class T>
double gemv_ratio(index_t m, index_t n, Layout layout, index_t xs, index_t ys, T alpha, T beta, Numbers& numbers) {
    operands::Matrix<T> A(m, n, layout, numbers);
    operands::Vector<T> x(n, xs, numbers);
    operands::Vector<T> y = beta == T{} ? operands::Vector<T>(m, ys) : operands::Vector<T>(m, ys, numbers);
    const operands::Vector<T> before(y);
    gemv(alpha, A.ref(), x.ref(), beta, y.ref());
    double worst = y.guarded() ? 0 : std::numeric_limits<double>::infinity();
    for (index_t i = 0; i < m; ++i) {
        operands::Reference sum;
        for (index_t j = 0; j < n; ++j) sum.add(static_cast<long double>(alpha) * A(i, j) * x[j]);
        if (beta != T{}) sum.add(static_cast<long double>(beta) * before[i]);
        worst = operands::worst(worst, operands::ratio(y[i], sum, n));
    }
    return worst;
}

template <class T>
double ger_ratio(index_t m, index_t n, Layout layout, index_t xs, index_t ys, T alpha, Numbers& numbers) {
    operands::Matrix<T> A(m, n, layout, numbers);
    const operands::Matrix<T> before(A);
    operands::Vector<T> x(m, xs, numbers), y(n, ys, numbers);
    ger(alpha, x.ref(), y.ref(), A.ref());
    double worst = A.guarded() ? 0 : std::numeric_limits<double>::infinity();
    for (index_t i = 0; i < m; ++i) {
        for (index_t j = 0; j < n; ++j) {
            operands::Reference sum;
            sum.add(before(i, j));
            sum.add(static_cast<long double>(alpha) * x[i] * y[j]);
            worst = operands::worst(worst, operands::ratio(A(i, j), sum, 2));
        }
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("gemv is within its error bound for every size, layout and stride", "[gemv]", float, double) {
    using T = TestType;
    Numbers numbers(3);
    const T alphas[] = {T(1), T(-0.5), T(0)}, betas[] = {T(0), T(1), T(-2)};
    double worst = 0;
    for (const Layout layout : operands::all_layouts) {
        for (const index_t m : sizes) {
            for (const index_t n : sizes) {
                worst = operands::worst(
                    worst, gemv_ratio<T>(m, n, layout, strides[numbers.index(4)], strides[numbers.index(4)],
                                         alphas[numbers.index(3)], betas[numbers.index(3)], numbers));
            }
        }
        worst = operands::worst(worst, gemv_ratio<T>(1100, 19, layout, 2, 2, T(1), T(0), numbers));
        worst = operands::worst(worst, gemv_ratio<T>(19, 1100, layout, 2, 2, T(1), T(1), numbers));
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("gemv of a matrix beyond the second cache is within its error bound", "[gemv]", float, double) {
    using T = TestType;
    Numbers numbers(13);
    double worst = 0;
    for (const Layout layout : {Layout::rows, Layout::columns}) {
        // Square, a few long rows or columns, many short ones, and very many: each has a way of its own.
        worst = operands::worst(worst, gemv_ratio<T>(531, 525, layout, 1, 1, T(1), T(0), numbers));
        worst = operands::worst(worst, gemv_ratio<T>(19, 15001, layout, 1, 1, T(-1), T(2), numbers));
        worst = operands::worst(worst, gemv_ratio<T>(15003, 19, layout, 1, 1, T(1), T(1), numbers));
        worst = operands::worst(worst, gemv_ratio<T>(33, 9001, layout, 1, 1, T(1), T(0), numbers));
        worst = operands::worst(worst, gemv_ratio<T>(9001, 33, layout, 1, 1, T(1), T(0), numbers));
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("gemv has the same bits at every address", "[gemv]", float, double) {
    using T = TestType;
    Numbers numbers(17);
    bool same = true;
    for (const index_t n : {13, 37, 71, 150}) {
        std::vector<T> a(static_cast<std::size_t>(n * n + 64)), x(static_cast<std::size_t>(n + 64)), y(x), first[2];
        std::vector<T> values(static_cast<std::size_t>(n * (n + 1)));
        for (T& v : values) v = static_cast<T>(numbers.next());
        for (std::ptrdiff_t shift = 0; shift < 17; ++shift) {
            std::copy(values.begin(), values.begin() + n * n, a.begin() + shift);
            std::copy(values.begin() + n * n, values.end(), x.begin() + shift / 2);
            const MatRef<const T> A{a.data() + shift, n, n, n, 1};
            T* const out = y.data() + shift / 3;
            for (int t = 0; t < 2; ++t) {
                gemv(T(1), t == 0 ? A : A.transposed(), VecRef<const T>{x.data() + shift / 2, n, 1}, T(0),
                     VecRef<T>{out, n, 1});
                if (shift == 0) first[t].assign(out, out + n);
                same = same && std::memcmp(first[t].data(), out, static_cast<std::size_t>(n) * sizeof(T)) == 0;
            }
        }
    }
    CHECK(same);
}

TEMPLATE_TEST_CASE("gemv of an empty matrix scales y", "[gemv]", float, double) {
    Numbers numbers(5);
    CHECK(gemv_ratio<TestType>(5, 0, Layout::rows, 1, 1, TestType(1), TestType(0), numbers) < 1);
    CHECK(gemv_ratio<TestType>(5, 0, Layout::rows, 1, 1, TestType(1), TestType(2), numbers) < 1);
    CHECK(gemv_ratio<TestType>(0, 5, Layout::rows, 1, 1, TestType(1), TestType(2), numbers) < 1);
}

TEMPLATE_TEST_CASE("gemv keeps NaN in the row it belongs to", "[gemv]", float, double) {
    using T = TestType;
    Numbers numbers(7);
    for (const Layout layout : operands::all_layouts) {
        operands::Matrix<T> A(13, 21, layout, numbers);
        operands::Vector<T> x(21, 1, numbers), y(13, 1);
        A(4, 20) = std::numeric_limits<T>::quiet_NaN();
        gemv(T(1), A.ref(), x.ref(), T(0), y.ref());
        bool right = true;
        for (index_t i = 0; i < 13; ++i) right = right && std::isnan(y[i]) == (i == 4);
        CHECK(right);
    }
}

TEMPLATE_TEST_CASE("ger adds the outer product for every size, layout and stride", "[ger]", float, double) {
    using T = TestType;
    Numbers numbers(9);
    double worst = 0;
    for (const Layout layout : operands::all_layouts) {
        for (const index_t m : sizes) {
            for (const index_t n : sizes) {
                worst = operands::worst(worst, ger_ratio<T>(m, n, layout, strides[numbers.index(4)],
                                                            strides[numbers.index(4)], T(-0.5), numbers));
            }
        }
        worst = operands::worst(worst, ger_ratio<T>(9, 1100, layout, 2, 2, T(1), numbers));
        worst = operands::worst(worst, ger_ratio<T>(11, 5300, layout, 1, 1, T(1), numbers));
    }
    CHECK(worst < 1);
}

TEST_CASE("gemv and ger multiply integers and complex numbers", "[gemv]") {
    int a[] = {1, 2, 3, 4}, x[] = {1, -1}, y[] = {5, 6};
    gemv(2, MatRef<int>{a, 2, 2, 2, 1}, VecRef<int>{x, 2, 1}, 1, VecRef<int>{y, 2, 1});
    CHECK(y[0] == 3);
    CHECK(y[1] == 4);
    std::complex<float> c[] = {{0, 1}, {1, 0}}, z[] = {{0, 0}};
    gemv(1, MatRef<std::complex<float>>{c, 1, 2, 2, 1}, VecRef<std::complex<float>>{c, 2, 1}, 0,
         VecRef<std::complex<float>>{z, 1, 1});
    CHECK(z[0] == std::complex<float>(0, 0));
    ger(1, VecRef<int>{x, 2, 1}, VecRef<int>{x, 2, 1}, MatRef<int>{a, 2, 2, 2, 1});
    CHECK(a[1] == 1);
}
