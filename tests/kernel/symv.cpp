#include "gram/kernel/symv.hpp"

#include "kernel/operands.hpp"
#include "support/catch.hpp"

using namespace gram::kernel;
using gram::index_t;
using operands::Layout;
using operands::Numbers;

namespace {

constexpr index_t strides[] = {1, 2, -1};

/// NaN above the diagonal: a kernel that reads there shows it.
template <class T>
void poison_upper(operands::Matrix<T>& A, index_t n) {
    for (index_t i = 0; i < n; ++i) {
        for (index_t j = i + 1; j < n; ++j) A(i, j) = std::numeric_limits<T>::quiet_NaN();
    }
}

template <class T>
double symv_ratio(index_t n, Layout layout, index_t xs, index_t ys, T beta, Numbers& numbers) {
    operands::Matrix<T> A(n, n, layout, numbers);
    poison_upper(A, n);
    operands::Vector<T> x(n, xs, numbers);
    operands::Vector<T> y = beta == T{} ? operands::Vector<T>(n, ys) : operands::Vector<T>(n, ys, numbers);
    const operands::Vector<T> before(y);
    symv(T(-1.5), A.ref(), x.ref(), beta, y.ref());
    double worst = y.guarded() ? 0 : std::numeric_limits<double>::infinity();
    for (index_t i = 0; i < n; ++i) {
        operands::Reference sum;
        for (index_t j = 0; j < n; ++j) sum.add(-1.5L * (j <= i ? A(i, j) : A(j, i)) * x[j]);
        if (beta != T{}) sum.add(static_cast<long double>(beta) * before[i]);
        worst = operands::worst(worst, operands::ratio(y[i], sum, n));
    }
    return worst;
}

template <class T>
double syr2_ratio(index_t n, Layout layout, index_t xs, index_t ys, Numbers& numbers) {
    operands::Matrix<T> A(n, n, layout, numbers);
    const operands::Matrix<T> before(A);
    operands::Vector<T> x(n, xs, numbers), y(n, ys, numbers);
    syr2(T(0.5), x.ref(), y.ref(), A.ref());
    double worst = A.guarded() ? 0 : std::numeric_limits<double>::infinity();
    for (index_t i = 0; i < n; ++i) {
        for (index_t j = 0; j < n; ++j) {
            if (j > i) {
                if (!operands::same_bits(A(i, j), before(i, j))) worst = std::numeric_limits<double>::infinity();
                continue;
            }
            operands::Reference sum;
            sum.add(before(i, j));
            sum.add(0.5L * x[i] * y[j]);
            sum.add(0.5L * y[i] * x[j]);
            worst = operands::worst(worst, operands::ratio(A(i, j), sum, 3));
        }
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("symv reads the lower triangle only and is within its error bound", "[symv]", float, double) {
    using T = TestType;
    Numbers numbers(3);
    double worst = 0;
    for (const Layout layout : operands::all_layouts) {
        for (index_t n = 0; n < 70; ++n) {
            const T beta = n % 3 == 0 ? T(0) : T(n % 3);
            worst = operands::worst(
                worst, symv_ratio<T>(n, layout, strides[numbers.index(3)], strides[numbers.index(3)], beta, numbers));
        }
        worst = operands::worst(worst, symv_ratio<T>(203, layout, 2, 3, T(0), numbers));
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("syr2 writes the lower triangle only and is within its error bound", "[symv]", float, double) {
    Numbers numbers(5);
    double worst = 0;
    for (const Layout layout : operands::all_layouts) {
        for (index_t n = 0; n < 50; ++n) {
            worst = operands::worst(
                worst, syr2_ratio<TestType>(n, layout, strides[numbers.index(3)], strides[numbers.index(3)], numbers));
        }
        worst = operands::worst(worst, syr2_ratio<TestType>(150, layout, 2, -1, numbers));
    }
    CHECK(worst < 1);
}

TEST_CASE("symv and syr2 work on integers", "[symv]") {
    int a[] = {1, 99, 2, 3}, x[] = {1, 2}, y[] = {0, 0};
    symv(1, MatRef<int>{a, 2, 2, 2, 1}, VecRef<int>{x, 2, 1}, 0, VecRef<int>{y, 2, 1});
    CHECK(y[0] == 5);
    CHECK(y[1] == 8);
    syr2(1, VecRef<int>{x, 2, 1}, VecRef<int>{y, 2, 1}, MatRef<int>{a, 2, 2, 2, 1});
    CHECK(a[0] == 11);
    CHECK(a[1] == 99);
    CHECK(a[2] == 2 + 2 * 5 + 8);
}
