#include "gram/kernel/symv.hpp"

#include <algorithm>

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
        for (const index_t n : {127, 128, 129, 135, 142, 203}) {
            worst = operands::worst(worst, symv_ratio<T>(n, layout, 1, 1, T(n % 2), numbers));
        }
        worst = operands::worst(worst, symv_ratio<T>(203, layout, 2, 3, T(0), numbers));
    }
    CHECK(worst < 1);
}

TEMPLATE_TEST_CASE("symv keeps infinity and NaN as the formula does", "[symv]", float, double) {
    using T = TestType;
    constexpr T infinity = std::numeric_limits<T>::infinity();
    Numbers numbers(7);
    bool right = true;
    for (const Layout layout : operands::all_layouts) {
        for (const index_t n : {3, 15, 16, 29, 45, 150}) {
            operands::Matrix<T> A(n, n, layout);
            operands::Vector<T> x(n, 1), y(n, 1);
            for (index_t i = 0; i < n; ++i) {
                x[i] = T(1);
                for (index_t j = 0; j <= i; ++j) A(i, j) = static_cast<T>(1 + numbers.index(9));
            }
            poison_upper(A, n);
            const index_t at = numbers.index(n);
            x[at] = infinity;
            symv(T(1), A.ref(), x.ref(), T(0), y.ref());
            for (index_t i = 0; i < n; ++i) right = right && y[i] == infinity;
            x[at] = T(1);
            A(at, at / 2) = -infinity;
            symv(T(1), A.ref(), x.ref(), T(0), y.ref());
            for (index_t i = 0; i < n; ++i) {
                right = right && (i == at || i == at / 2 ? y[i] == -infinity : std::isfinite(y[i]));
            }
        }
    }
    CHECK(right);
}

TEMPLATE_TEST_CASE("symv has the same bits at every address", "[symv]", float, double) {
    using T = TestType;
    Numbers numbers(11);
    bool same = true;
    for (const index_t n : {13, 37, 71, 150}) {
        std::vector<T> a(static_cast<std::size_t>(n * n + 64)), x(static_cast<std::size_t>(n + 64)), y(x), first;
        std::vector<T> values(static_cast<std::size_t>(n * (n + 1)));
        for (T& v : values) v = static_cast<T>(numbers.next());
        for (std::ptrdiff_t shift = 0; shift < 17; ++shift) {
            std::copy(values.begin(), values.begin() + n * n, a.begin() + shift);
            std::copy(values.begin() + n * n, values.end(), x.begin() + shift / 2);
            T* const out = y.data() + shift / 3;
            symv(T(1), MatRef<const T>{a.data() + shift, n, n, n, 1}, VecRef<const T>{x.data() + shift / 2, n, 1}, T(0),
                 VecRef<T>{out, n, 1});
            if (shift == 0) first.assign(out, out + n);
            same = same && std::memcmp(first.data(), out, static_cast<std::size_t>(n) * sizeof(T)) == 0;
        }
    }
    CHECK(same);
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
