#include "gram/kernel/gemm_sink.hpp"

#include <atomic>

#include "gram/kernel/gemm.hpp"
#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

/// f(i, j, x) = 2 x + bias(i, j), counting how often each element is asked for.
template <class T>
struct CountingEpilogue {
    MatRef<const T> bias;
    MatRef<int> calls;

    T scalar(T sum, index_t i, index_t j) const {
        ++calls(i, j);
        return T(2) * sum + bias(i, j);
    }
    template <class Arch, int Axis>
    void tile(const T* sums, index_t stride, MatRef<T> D, index_t i, index_t j) const {
        for (index_t r = 0; r < D.rows; ++r) {
            for (index_t s = 0; s < D.cols; ++s) {
                const T sum = sums[r * stride + s];
                D(r, s) = Axis == 1 ? scalar(sum, i + r, j + s) : scalar(sum, j + s, i + r);
            }
        }
    }
};

template <class T>
double fused_ratio(index_t m, index_t n, index_t k, Layout a, Layout b, Layout c, Numbers& numbers) {
    operands::Matrix<T> A(m, k, a, numbers), B(k, n, b, numbers), bias(m, n, Layout::rows, numbers), C(m, n, c);
    operands::Matrix<int> calls(m, n, Layout::rows);
    for (index_t i = 0; i < m; ++i) {
        for (index_t j = 0; j < n; ++j) calls(i, j) = 0;
    }
    gemm_fused(A.ref(), B.ref(), C.ref(), CountingEpilogue<T>{bias.ref(), calls.ref()});
    double worst = C.guarded() ? 0 : std::numeric_limits<double>::infinity();
    for (index_t i = 0; i < m; ++i) {
        for (index_t j = 0; j < n; ++j) {
            if (calls(i, j) != 1) worst = std::numeric_limits<double>::infinity();
            operands::Reference sum;
            for (index_t p = 0; p < k; ++p) sum.add(2.0L * A(i, p) * B(p, j));
            sum.add(bias(i, j));
            worst = operands::worst(worst, operands::ratio(C(i, j), sum, k));
        }
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("a fused function sees every finished sum exactly once, at its place", "[gemm]", float, double) {
    Numbers numbers(3);
    double worst = 0;
    for (const Layout a : operands::all_layouts) {
        for (const Layout b : operands::all_layouts) {
            for (const Layout c : operands::all_layouts) {
                const index_t m = 1 + numbers.index(40), n = 1 + numbers.index(70), k = numbers.index(40);
                worst = operands::worst(worst, fused_ratio<TestType>(m, n, k, a, b, c, numbers));
            }
        }
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("a fused function runs once also when the sum is cut along k", "[gemm]", float, double) {
    Numbers numbers(5);
    for (const Layout c : operands::all_layouts) {
        CHECK(fused_ratio<TestType>(33, 29, 1100, Layout::rows, Layout::rows, c, numbers) < 1);
        CHECK(fused_ratio<TestType>(120, 250, 530, Layout::rows, Layout::columns, c, numbers) < 1);
        CHECK(fused_ratio<TestType>(1, 40, 30, Layout::rows, Layout::columns, c, numbers) < 1);
        CHECK(fused_ratio<TestType>(40, 1, 30, Layout::columns, Layout::rows, c, numbers) < 1);
        CHECK(fused_ratio<TestType>(7, 5, 0, Layout::rows, Layout::rows, c, numbers) < 1);
        // Dot products: few columns and many rows, strips of columns with a part of a pack, whole packs.
        CHECK(fused_ratio<TestType>(75, 10, 150, Layout::rows, Layout::columns, c, numbers) < 1);
        CHECK(fused_ratio<TestType>(21, 75, 150, Layout::rows, Layout::columns, c, numbers) < 1);
        CHECK(fused_ratio<TestType>(43, 128, 150, Layout::rows, Layout::columns, c, numbers) < 1);
    }
}

TEST_CASE("a fused function works on integers", "[gemm]") {
    Numbers numbers(5);
    operands::Matrix<int> A(2, 3, Layout::rows), B(3, 2, Layout::rows), C(2, 2, Layout::rows),
        calls(2, 2, Layout::rows);
    for (index_t i = 0; i < 2; ++i) {
        for (index_t j = 0; j < 3; ++j) A(i, j) = 1, B(j, i) = 2;
    }
    const CountingEpilogue<int> f{calls.ref(), calls.ref()};
    gemm_fused(A.ref(), B.ref(), C.ref(), f);
    CHECK(C(1, 1) == 12 + 78);
}
