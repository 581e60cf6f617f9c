// Reductions, running sums and order of hostile numbers in every layout: against plain loops, wherever the odd element
// lies.
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"
#include "support/hostile_numbers.hpp"
#include "support/layouts.hpp"

using namespace gram;
using support::same_number;

namespace {

constexpr std::pair<index_t, index_t> shapes[] = {{1, 1}, {1, 33}, {31, 1}, {3, 8}, {17, 5}, {2, 65}};

// f(X) for A in every layout, whose name is captured.
template <class T, class F>
void in_every_layout(const Matrix<T>& A, F f) {
    for (const auto& layout : support::layouts) {
        CAPTURE(layout.name, A.rows(), A.cols());
        support::LaidOut<T> in(layout, A);
        const auto X = in.view();
        f(X);
    }
}
template <class A, class B>
bool same_elements(const A& a, const B& b) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
    for (index_t i = 0; i < a.rows(); ++i)
        for (index_t j = 0; j < a.cols(); ++j)
            if (!same_number<value_t<A>>(a(i, j), b(i, j))) return false;
    return true;
}
// Numbers of very different sizes.
template <class T>
Matrix<T> graded(index_t m, index_t n) {
    auto A = naive::random<Matrix<T>>(m, n, 5);
    for (index_t k = 0; k < A.size(); ++k)
        A.data()[k] *= static_cast<real_t<T>>(std::exp2(static_cast<double>(k % 41) - 20));
    return A;
}
// |got - want| in units of n eps size.
template <class T, class W>
double excess(const T& got, const W& want, index_t n, long double size) {
    const long double eps = std::numeric_limits<real_t<T>>::epsilon();
    if (size == 0) return naive::widen(got) == want ? 0 : std::numeric_limits<double>::infinity();
    return static_cast<double>(std::abs(naive::widen(got) - want) / (static_cast<long double>(n) * eps * size));
}

}  // namespace

TEMPLATE_TEST_CASE("sums, means and variances of numbers of all sizes are within n eps in every layout", "", float,
                   double, std::complex<float>, std::complex<double>) {
    using T = TestType;
    using W = naive::wide_t<T>;
    for (const auto& [m, n] : shapes) {
        const Matrix<T> A = graded<T>(m, n);
        W total{};
        long double size = 0, squares = 0;
        std::vector<W> columns(static_cast<std::size_t>(n)), rows(static_cast<std::size_t>(m));
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j < n; ++j) {
                const W x = naive::widen(A(i, j));
                total += x, size += std::abs(x);
                columns[static_cast<std::size_t>(j)] += x, rows[static_cast<std::size_t>(i)] += x;
            }
        const index_t count = m * n;
        const W middle = total / static_cast<long double>(count);
        for (const T& x : A) squares += std::norm(naive::widen(x) - middle);
        in_every_layout(A, [&](const auto& X) {
            CHECK(excess(sum(X), total, count, size) < 1);
            CHECK(excess(nansum(X), total, count, size) < 1);
            CHECK(excess(mean(X), middle, count, size / static_cast<long double>(count)) < 1);
            CHECK(excess(nanmean(X), middle, count, size / static_cast<long double>(count)) < 1);
            CHECK(excess(var(X), squares / static_cast<long double>(count), count + 4,
                         squares / static_cast<long double>(count)) < 1);
            CHECK(excess(stddev(X), std::sqrt(squares / static_cast<long double>(count)), count + 4,
                         std::sqrt(squares / static_cast<long double>(count))) < 1);
            const auto down = sum<0>(X);
            const auto along = sum<1>(X);
            for (index_t j = 0; j < n; ++j) CHECK(excess(down[j], columns[static_cast<std::size_t>(j)], m, size) < 1);
            for (index_t i = 0; i < m; ++i) CHECK(excess(along[i], rows[static_cast<std::size_t>(i)], n, size) < 1);
            if constexpr (!is_complex_v<T>) {
                CHECK(excess(sum_compensated(X), total, 2, std::abs(total) + size / (1 << 20)) < 1);
            }
        });
    }
}

TEMPLATE_TEST_CASE("an odd element counts in every lane of every layout", "", float, double) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    const T odd[] = {limits::quiet_NaN(),  limits::infinity(), -limits::infinity(), T(-0.0),
                     limits::denorm_min(), limits::max(),      limits::lowest(),    T(5)};
    for (const auto& [m, n] : shapes) {
        const index_t count = m * n, step = std::max<index_t>(count / 7, 1);
        for (index_t at = 0; at < count; at += step) {
            for (const T special : odd) {
                CAPTURE(at, special);
                Matrix<T> A = ones<T>(m, n);
                A.data()[at] = special;
                const bool none = std::isnan(special);
                const T top = none ? special : count == 1 ? special : std::max(special, T(1));
                const T bottom = none ? special : count == 1 ? special : std::min(special, T(1));
                const index_t place_of_top = none || special > 1 || count == 1 ? at : (at == 0 ? 1 : 0);
                const index_t place_of_bottom = none || special < 1 || count == 1 ? at : (at == 0 ? 1 : 0);
                const T rest = static_cast<T>(count - 1);
                in_every_layout(A, [&](const auto& X) {
                    CHECK(same_number(max(X), top));
                    CHECK(same_number(min(X), bottom));
                    CHECK(argmax(X) == place_of_top);
                    CHECK(argmin(X) == place_of_bottom);
                    CHECK(same_number(max<0>(X)[at % n], m == 1 ? special : none ? special : std::max(special, T(1))));
                    CHECK(same_number(min<1>(X)[at / n], n == 1 ? special : none ? special : std::min(special, T(1))));
                    CHECK(same_number(prod(X), special * T(1)));
                    CHECK(count_nonzero(X) == count - (special == T(0)));
                    CHECK(all(X) == (special != T(0)));
                    CHECK(any(X) == (special != T(0) || count > 1));
                    CHECK(count_nonzero<0>(X)[at % n] == m - (special == T(0)));
                    CHECK(all<1>(X)[at / n] == (special != T(0)));
                    if (none || std::isinf(special)) {
                        CHECK(same_number(sum(X), special));
                        CHECK(same_number(mean(X), special));
                        CHECK(same_number(sum<0>(X)[at % n], special));
                        CHECK(same_number(sum<1>(X)[at / n], special));
                        CHECK(std::isnan(var(X)));
                        CHECK(same_number(cumsum(X)[count - 1], special));
                    }
                    CHECK(same_number(nansum(X), none ? rest : std::isfinite(special) ? sum(X) : special));
                    if (none && count > 1) {
                        CHECK((nanmax(X) == 1 && nanmin(X) == 1 && nanmean(X) == 1));
                    } else if (none) {
                        CHECK((std::isnan(nanmax(X)) && std::isnan(nanmin(X)) && std::isnan(nanmean(X))));
                    } else {
                        CHECK((same_number(nanmax(X), top) && same_number(nanmin(X), bottom)));
                    }
                    CHECK(std::isnan(median(X)) == none);
                    CHECK(std::isnan(logsumexp(X)) == none);
                    if (std::abs(special) == limits::infinity() && special > 0) CHECK(logsumexp(X) == special);
                });
            }
        }
    }
}

TEMPLATE_TEST_CASE("sorting hostile numbers: NaN last, equals in their order, in every layout", "", float, double,
                   std::int32_t, std::int64_t, std::uint8_t) {
    using T = TestType;
    for (const auto& [m, n] : shapes) {
        const Matrix<T> A = support::hostile_elements<T>(m, n);
        std::vector<index_t> order(static_cast<std::size_t>(m * n));
        std::iota(order.begin(), order.end(), index_t{0});
        const auto before = [&](index_t a, index_t b) {
            const T x = A.data()[a], y = A.data()[b];
            return x == x && (y != y || x < y);
        };
        std::stable_sort(order.begin(), order.end(), before);
        Vector<T> sorted(m * n);
        for (index_t k = 0; k < m * n; ++k) sorted[k] = A.data()[order[static_cast<std::size_t>(k)]];
        in_every_layout(A, [&](const auto& X) {
            const Vector<T> x = flatten(X);
            CHECK(same_elements(sort(x), sorted));
            const auto p = argsort(x);
            for (index_t k = 0; k < m * n; ++k) CHECK(p[k] == order[static_cast<std::size_t>(k)]);
            const auto down = sort<0>(X), along = sort<1>(X);
            for (index_t j = 0; j < n; ++j) CHECK(same_elements(down.col(j), sort(Vector<T>(A.col(j)))));
            for (index_t i = 0; i < m; ++i) CHECK(same_elements(along.row(i).T(), sort(Vector<T>(A.row(i).T()))));
            const auto least = topk(x, 3, SortOrder::ascending);
            for (index_t k = 0; k < least.positions.size(); ++k) CHECK(least.positions[k] == p[k]);
            const auto u = unique(X);
            CHECK(sum(u.counts) == m * n);
            for (index_t k = 0; k < m * n; ++k) {
                const T a = A.data()[k], b = u.values[u.inverse[k]];
                CHECK((a == b || (a != a && b != b)));
            }
            for (index_t k = 1; k < u.values.size(); ++k)
                CHECK((u.values[k - 1] < u.values[k] || u.values[k] != u.values[k]));
        });
    }
}

TEMPLATE_TEST_CASE("running sums, products and differences follow their definitions in every layout", "", float, double,
                   std::complex<float>, std::complex<double>, std::int32_t, std::uint8_t) {
    using T = TestType;
    using S = value_t<decltype(cumsum(Matrix<T>()))>;
    for (const auto& [m, n] : shapes) {
        // Products of powers of two are exact; sums are done in the same order here.
        auto A = naive::random<Matrix<T>>(m, n, 9);
        Matrix<T> P(m, n);
        for (index_t k = 0; k < m * n; ++k) P.data()[k] = static_cast<T>(k % 3 == 0 ? 2 : 1);
        if constexpr (sizeof(real_t<T>) == 4 || std::is_integral_v<T>) P = ones<T>(m, n);
        in_every_layout(A, [&](const auto& X) {
            const auto s = cumsum(X);
            const auto s0 = cumsum<0>(X), s1 = cumsum<1>(X);
            S total{};
            for (index_t k = 0; k < m * n; ++k) {
                total = k == 0 ? static_cast<S>(A.data()[0]) : static_cast<S>(total + static_cast<S>(A.data()[k]));
                CHECK(s[k] == total);
            }
            for (index_t i = 0; i < m; ++i)
                for (index_t j = 0; j < n; ++j) {
                    const S x = static_cast<S>(A(i, j));
                    CHECK(s0(i, j) == (i == 0 ? x : static_cast<S>(s0(i - 1, j) + x)));
                    CHECK(s1(i, j) == (j == 0 ? x : static_cast<S>(s1(i, j - 1) + x)));
                }
            const auto d = diff<1>(X);
            for (index_t i = 0; i < m; ++i)
                for (index_t j = 0; j + 1 < n; ++j) CHECK(d(i, j) == static_cast<T>(A(i, j + 1) - A(i, j)));
        });
        in_every_layout(P, [&](const auto& X) {
            const auto p = cumprod(X);
            S product{1};
            for (index_t k = 0; k < m * n; ++k) {
                product = static_cast<S>(product * static_cast<S>(P.data()[k]));
                CHECK(p[k] == product);
            }
            CHECK(prod(X) == product);
            CHECK(prod<1>(X).size() == m);
        });
    }
}

TEMPLATE_TEST_CASE("reductions of integers reach the ends of their type in every layout", "", std::int32_t,
                   std::int64_t, std::uint8_t) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    for (const auto& [m, n] : shapes) {
        Matrix<T> A = ones<T>(m, n);
        A.data()[m * n / 2] = limits::max();
        A.data()[m * n - 1] = limits::min();
        in_every_layout(A, [&](const auto& X) {
            CHECK(min(X) == limits::min());
            CHECK(argmin(X) == m * n - 1);
            if (m * n > 1) CHECK((max(X) == limits::max() && argmax(X) == m * n / 2));
            CHECK(count_nonzero(X) == m * n - (limits::min() == 0));
            CHECK(min<0>(X)[n - 1] == limits::min());
            CHECK(cummin(X)[m * n - 1] == limits::min());
            const long double middle = [&] {
                long double s = 0;
                for (const T x : A) s += static_cast<long double>(x);
                return s / static_cast<long double>(m * n);
            }();
            if constexpr (sizeof(T) < 8)
                CHECK(std::abs(static_cast<long double>(mean(X)) - middle) <= 1e-12L * std::abs(middle));
        });
    }
}

TEMPLATE_TEST_CASE("reductions of nothing have a defined result or a typed error", "", float, double) {
    using T = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 0}, {0, 3}, {3, 0}}) {
        CAPTURE(m, n);
        const Matrix<T> A(m, n);
        CHECK((sum(A) == 0 && prod(A) == 1 && nansum(A) == 0 && sum_compensated(A) == 0 && trace(A) == 0));
        CHECK((all(A) && !any(A) && count_nonzero(A) == 0));
        CHECK((std::isnan(mean(A)) && std::isnan(nanmean(A)) && std::isnan(var(A)) && std::isnan(stddev(A))));
        CHECK((std::isnan(nanmax(A)) && std::isnan(nanmin(A))));
        CHECK(logsumexp(A) == -std::numeric_limits<T>::infinity());
        CHECK_THROWS_AS(min(A), std::invalid_argument);
        CHECK_THROWS_AS(max(A), std::invalid_argument);
        CHECK_THROWS_AS(argmin(A), std::invalid_argument);
        CHECK_THROWS_AS(argmax(A), std::invalid_argument);
        CHECK_THROWS_AS(ptp(A), std::invalid_argument);
        CHECK_THROWS_AS(median(A), std::invalid_argument);
        CHECK_THROWS_AS(histogram(A, 3), std::invalid_argument);
        CHECK((sum<0>(A).size() == n && sum<1>(A).size() == m));
        CHECK((prod<0>(A).size() == n && all<0>(A).size() == n && any<1>(A).size() == m));
        CHECK((cumsum(A).size() == 0 && cumprod(A).size() == 0 && cummax(A).size() == 0));
        CHECK((cumsum<0>(A).rows() == m && cumsum<1>(A).cols() == n));
        CHECK((unique(A).values.size() == 0 && sort<0>(A).cols() == n && argsort<1>(A).rows() == m));
        CHECK((norm(A, fro) == 0 && flatten(A).size() == 0));
        CHECK(A(A > T(0)).rows() == 0);
        if (m == 0 && n > 0) {
            CHECK_THROWS_AS(max<0>(A), std::invalid_argument);
            CHECK_THROWS_AS(median<0>(A), std::invalid_argument);
            CHECK(std::isnan(mean<0>(A)[0]));
            CHECK(std::isnan(var<0>(A)[0]));
            CHECK(max<1>(A).size() == 0);
        }
    }
}

TEMPLATE_TEST_CASE("masks read and write hostile numbers in every layout", "", float, double, std::complex<double>,
                   std::uint8_t) {
    using T = TestType;
    for (const auto& [m, n] : shapes) {
        const Matrix<T> A = support::hostile_elements<T>(m, n);
        for (const auto& layout : support::layouts) {
            CAPTURE(layout.name, m, n);
            support::LaidOut<T> in(layout, A);
            auto X = in.view();
            std::vector<T> chosen;
            for (const T& x : A)
                if (x != x || x == T(0)) chosen.push_back(x);
            const Matrix<bool> mask = equal(X, T(0) * ones<T>(m, n)) | !equal(X, X);
            const Vector<T> read = X(mask);
            REQUIRE(read.size() == static_cast<index_t>(chosen.size()));
            for (index_t k = 0; k < read.size(); ++k) CHECK(same_number(read[k], chosen[static_cast<std::size_t>(k)]));
            X(mask) = T(9);
            for (index_t i = 0; i < m; ++i)
                for (index_t j = 0; j < n; ++j) CHECK(same_number<T>(X(i, j), mask(i, j) ? T(9) : A(i, j)));
        }
    }
}
