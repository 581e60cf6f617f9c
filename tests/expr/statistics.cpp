// Variances, covariances, weighted, compensated and NaN-skipping sums: against long double, on numbers far from zero.
#include "gram/expr/statistics.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

template <class T>
constexpr T eps = std::numeric_limits<T>::epsilon();
template <class T>
constexpr T missing = std::numeric_limits<T>::quiet_NaN();

template <class Range>
long double exact_mean(const Range& x) {
    long double s = 0;
    index_t n = 0;
    for (const auto v : x) s += static_cast<long double>(v), ++n;
    return s / static_cast<long double>(n);
}
template <class Range>
long double exact_variance(const Range& x, index_t ddof) {
    const long double m = exact_mean(x);
    long double s = 0;
    index_t n = 0;
    for (const auto v : x) s += (static_cast<long double>(v) - m) * (static_cast<long double>(v) - m), ++n;
    return s / static_cast<long double>(n - ddof);
}
template <class T>
bool close(T x, long double y, double bound) {
    return std::abs(static_cast<long double>(x) - y) <= static_cast<long double>(bound * eps<T>) * std::abs(y);
}

}  // namespace

TEMPLATE_TEST_CASE("variance is right however far from zero the numbers lie", "", float, double) {
    using T = TestType;
    Rng rng(1);
    for (const double offset : {0.0, 1.0, 100.0, -1e4}) {
        for (const index_t n : {1, 2, 3, 100, 1531}) {
            CAPTURE(offset, n);
            Matrix<T> x = randn<T>(rng, n, 3) + T(offset);
            for (const index_t ddof : {0, 1}) {
                if (3 * n > ddof) {
                    CHECK(close(var(x, ddof), exact_variance(x, ddof), 40));
                    CHECK(close(stddev(x, ddof), std::sqrt(exact_variance(x, ddof)), 40));
                }
                const auto down = var<0>(x, ddof);
                const auto along = var<1>(x, ddof);
                for (index_t j = 0; j < 3; ++j) {
                    if (n > ddof) {
                        CHECK(close(down[j], exact_variance(Vector<T>(x.col(j)), ddof), 40));
                    } else {
                        CHECK(std::isnan(down[j]));
                    }
                }
                CHECK(close(along[n / 2], exact_variance(RowVector<T>(x.row(n / 2)), ddof), 40));
            }
        }
    }
}

TEMPLATE_TEST_CASE("variance at the edges of the range, of constants, of nothing and of NaN", "", float, double) {
    using T = TestType;
    const T huge = std::numeric_limits<T>::max() / 4, tiny = std::numeric_limits<T>::min();
    CHECK(stddev(Vector<T>{huge, -huge}) == Approx(huge));
    CHECK(std::isinf(var(Vector<T>{huge, -huge})));
    CHECK(stddev(Vector<T>{tiny, -tiny}) == Approx(tiny));
    CHECK(stddev<0>(Matrix<T>{{huge, tiny}, {-huge, -tiny}})[1] == Approx(tiny));
    CHECK(var(Vector<T>{T(0.1), T(0.1), T(0.1)}) == 0);
    CHECK(std::isnan(var(Vector<T>(0))));
    CHECK(std::isnan(var(Vector<T>{1}, 1)));
    CHECK(std::isnan(var(Vector<T>{1, missing<T>})));
    CHECK(std::isnan(var(Vector<T>{1, std::numeric_limits<T>::infinity()})));
    const auto columns = var<0>(Matrix<T>{{1, missing<T>}, {3, 0}});
    CHECK((columns[0] == 1 && std::isnan(columns[1])));
}

TEST_CASE("variance of integers is a double, of complex numbers real") {
    CHECK(var(Vector<int>{1, 2, 3, 4}) == 1.25);
    CHECK(var(Vector<std::uint8_t>{0, 255}) == 127.5 * 127.5);
    using C = std::complex<double>;
    CHECK(var(Vector<C>{C(1, 1), C(-1, -1)}) == 2);
}

TEMPLATE_TEST_CASE("RunningStats agrees with two passes, in any partition", "", float, double) {
    using T = TestType;
    Rng rng(2);
    const Vector<T> x = randn<T>(rng, 1000, 1) + T(50);
    RunningStats<T> all, parts;
    for (const T v : x) all.add(v);
    for (index_t first = 0; first < 1000; first += 77) {
        RunningStats<T> part;
        for (index_t i = first; i < std::min<index_t>(first + 77, 1000); ++i) part.add(x[i]);
        parts.merge(part);
    }
    parts.merge(RunningStats<T>());
    for (const auto& stats : {all, parts}) {
        CHECK(stats.count() == 1000);
        CHECK(close(stats.mean(), exact_mean(x), 1000));
        CHECK(close(stats.variance(1), exact_variance(x, 1), 1000 * 50));  // n eps times the ratio mean / deviation
        CHECK((stats.min() == min(x) && stats.max() == max(x)));
    }
    CHECK(std::isnan(RunningStats<T>().mean()));
    CHECK(std::isnan(all.variance(1000)));
}

TEMPLATE_TEST_CASE("weighted means", "", float, double) {
    using T = TestType;
    const Matrix<T> A = {{1, 2}, {3, 6}};
    CHECK(average(A, Matrix<T>{{1, 0}, {0, 1}}) == T(3.5));
    CHECK(average<0>(A, Vector<T>{1, 3})[1] == 5);
    CHECK(average<1>(A, Vector<T>{3, 1})[0] == T(1.25));
    CHECK_THROWS_WITH(average<0>(A, Vector<T>{1, 2, 3}), support::contains_text("3x1"));
    CHECK_THROWS_AS(average(A, Matrix<T>(2, 2)), std::invalid_argument);
}

TEMPLATE_TEST_CASE("cov and corrcoef agree with their definitions", "", float, double) {
    using T = TestType;
    Rng rng(3);
    const Matrix<T> X = randn<T>(rng, 60, 4) * randn<T>(rng, 4, 4) + T(30);
    const Matrix<T> C = cov(X), R = corrcoef(X);
    for (index_t i = 0; i < 4; ++i)
        for (index_t j = 0; j < 4; ++j) {
            const long double mi = exact_mean(Vector<T>(X.col(i))), mj = exact_mean(Vector<T>(X.col(j)));
            long double c = 0;
            for (index_t k = 0; k < 60; ++k) {
                c += (static_cast<long double>(X(k, i)) - mi) * (static_cast<long double>(X(k, j)) - mj);
            }
            const auto scale = static_cast<long double>(std::sqrt(C(i, i)) * std::sqrt(C(j, j)));
            const auto bound = static_cast<long double>(60 * 30 * eps<T>);  // eps |X| once for each sample
            CHECK(std::abs(static_cast<long double>(C(i, j)) - c / 59) < bound * scale);
            CHECK(std::abs(static_cast<long double>(R(i, j)) - c / 59 / scale) < bound);
            CHECK(C(i, j) == C(j, i));
            CHECK(std::abs(R(i, j)) <= 1);
        }
    CHECK(R(2, 2) == 1);
    CHECK(std::abs(cov(X.col(0), X.col(1)) - C(0, 1)) < 100 * eps<T> * std::sqrt(C(0, 0) * C(1, 1)));
    const T huge = std::numeric_limits<T>::max() / 8;
    CHECK(corrcoef(Vector<T>{huge, -huge, 0}, Vector<T>{1, -1, 0}) == Approx(1));
    CHECK(std::isnan(corrcoef(Matrix<T>{{1, 2}, {1, 3}})(0, 1)));  // a constant column
    CHECK(std::isnan(cov(Matrix<T>{{1, 2}})(0, 0)));
    CHECK_THROWS_AS(cov(X.col(0), Vector<T>{1, 2}), shape_error);
}

TEMPLATE_TEST_CASE("sum_compensated and dot_compensated do not see cancellation", "", float, double) {
    using T = TestType;
    const T big = T(1) / eps<T>;
    const Matrix<T> A = {{big, 1, -big, 1}, {1, big * big, 2, -big * big}};
    CHECK(sum_compensated(A.row(0)) == 2);
    CHECK(sum_compensated(A) == 5);
    CHECK(sum_compensated<1>(A)[1] == 3);
    CHECK(sum_compensated<0>(A)[2] == 2 - big);
    Rng rng(5);
    Vector<T> x = randn<T>(rng, 999, 1);
    long double exact = 0;
    for (const T v : x) exact += static_cast<long double>(v);
    CHECK(close(sum_compensated(x), exact, sizeof(T) == 4 ? 1 : 64));  // long double rounds too
    CHECK(dot_compensated(Vector<T>{big, 1, big}, Vector<T>{big, 3, -big}) == 3);
    const T infinite = std::numeric_limits<T>::infinity();
    CHECK(sum_compensated(Vector<T>{infinite, 1}) == infinite);
    CHECK(std::isnan(sum_compensated(Vector<T>{infinite, -infinite})));
    CHECK(sum_compensated(Vector<T>(0)) == 0);
    CHECK_THROWS_AS(dot_compensated(x, Vector<T>{1}), shape_error);
}

TEMPLATE_TEST_CASE("logsumexp neither overflows nor underflows", "", float, double) {
    using T = TestType;
    const T infinite = std::numeric_limits<T>::infinity();
    CHECK(logsumexp(Vector<T>{1000, 1000}) == Approx(1000 + std::log(2.0)));
    CHECK(logsumexp(Vector<T>{-1000, -1001}) == Approx(-1000 + std::log1p(std::exp(-1.0))));
    CHECK(logsumexp(Vector<T>(0)) == -infinite);
    CHECK(logsumexp(Vector<T>{-infinite, -infinite}) == -infinite);
    CHECK(logsumexp(Vector<T>{infinite, 1}) == infinite);
    CHECK(std::isnan(logsumexp(Vector<T>{missing<T>, 1})));
    const Matrix<T> A = {{1, 2}, {3, -infinite}};
    CHECK(logsumexp<0>(A)[1] == 2);
    CHECK(logsumexp<1>(A)[1] == 3);
}

TEMPLATE_TEST_CASE("NaN is skipped where asked for, and counted where not", "", float, double) {
    using T = TestType;
    const Matrix<T> A = {{1, missing<T>, 3}, {missing<T>, missing<T>, 5}};
    CHECK(nansum(A) == 9);
    CHECK(nanmean(A) == 3);
    CHECK((nanmax(A) == 5 && nanmin(A) == 1));
    CHECK((nansum<0>(A)[0] == 1 && nansum<0>(A)[1] == 0 && nansum<1>(A)[1] == 5));
    CHECK((nanmean<0>(A)[2] == 4 && std::isnan(nanmean<0>(A)[1])));
    CHECK((nanmax<1>(A)[0] == 3 && std::isnan(nanmin<0>(A)[1])));
    CHECK((nansum(Matrix<T>(0, 3)) == 0 && std::isnan(nanmax(Matrix<T>(0, 3)))));
}

TEST_CASE("counts, all, any, products and ranges over one axis") {
    const Matrix<int> A = {{1, 0, 3}, {4, 0, -6}};
    CHECK((count_nonzero(A) == 4 && count_nonzero<0>(A)[1] == 0 && count_nonzero<1>(A)[0] == 2));
    CHECK((all<0>(A)[0] && !all<0>(A)[1] && !all<1>(A)[0]));
    CHECK((any<1>(A)[1] && !any<0>(A)[1]));
    CHECK((prod<0>(A)[2] == -18 && prod<1>(A)[0] == 0));
    CHECK((ptp(A) == 10 && ptp<0>(A)[2] == 9 && ptp<1>(A)[0] == 3));
    const Matrix<int> none(0, 2);
    CHECK((all<0>(none)[0] && !any<0>(none)[0] && prod<0>(none)[1] == 1));
    CHECK_THROWS_AS(ptp(none), std::invalid_argument);
    CHECK(count_nonzero(Vector<double>{0.0, -0.0, missing<double>}) == 1);
}

TEMPLATE_TEST_CASE("nanvar and nanstd are var and stddev of what is left", "", float, double, std::complex<float>) {
    using T = TestType;
    const T none = std::numeric_limits<real_t<T>>::quiet_NaN();
    const Matrix<T> A = {{T(1), none, T(4)}, {none, none, T(7)}};
    const Vector<T> left = {T(1), T(4), T(7)};
    CHECK(nanvar(A) == var(left));
    CHECK(nanvar(A, 1) == var(left, 1));
    CHECK(nanstd(A) == stddev(left));
    CHECK(nanvar<0>(A)[2] == var(Vector<T>{T(4), T(7)}));
    CHECK(nanstd<1>(A)[0] == stddev(Vector<T>{T(1), T(4)}));
    CHECK(std::isnan(nanvar<0>(A)[1]));
    CHECK(nanvar<1>(A.T())[0] == 0);
    CHECK(std::isnan(nanstd(A, 3)));
    CHECK(std::isnan(nanvar(Matrix<T>(0, 2))));
    CHECK((std::isnan(nanvar<0>(Matrix<T>(0, 2))[0]) && nanvar<1>(Matrix<T>(0, 2)).size() == 0));
}

TEST_CASE("nonzero says where the elements are that are not zero") {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const Matrix<double> A = {{0, none, -0.0}, {2, 0, -1}};
    CHECK(nonzero(A) == Vector<index_t>{1, 3, 5});
    CHECK(nonzero(A.T()) == Vector<index_t>{1, 2, 5});
    CHECK(nonzero(A < 0.0) == Vector<index_t>{5});
    CHECK((nonzero(Matrix<double>(0, 3)).size() == 0 && nonzero(zeros<double>(3, 2)).size() == 0));
    const Vector<double> x = {0, 5, 0, 6};
    CHECK(Vector<double>(x(nonzero(x))) == Vector<double>{5, 6});
    CHECK(nonzero(Vector<std::complex<double>>{{0, 0}, {0, 1}}) == Vector<index_t>{1});
}
