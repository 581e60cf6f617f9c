// softmax and log_softmax: rows sum to one, large scores do not overflow.
#include "gram/expr/softmax.hpp"

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;
using naive::close;
using naive::Grid;
using naive::grid;

namespace {

// By the definition, in long double.
Grid<long double> reference(const Grid<long double>& x, bool logarithm) {
    Grid<long double> p(x.rows, x.cols);
    for (index_t i = 0; i < x.rows; ++i) {
        long double largest = x(i, 0), sum = 0;
        for (index_t j = 0; j < x.cols; ++j) largest = std::max(largest, x(i, j));
        for (index_t j = 0; j < x.cols; ++j) sum += std::exp(x(i, j) - largest);
        for (index_t j = 0; j < x.cols; ++j) {
            p(i, j) = logarithm ? x(i, j) - largest - std::log(sum) : std::exp(x(i, j) - largest) / sum;
        }
    }
    return p;
}

}  // namespace

TEMPLATE_TEST_CASE("each row is a distribution", "", float, double) {
    using T = TestType;
    const double tolerance = 40 * static_cast<double>(std::numeric_limits<T>::epsilon());
    for (const auto& [m, n] :
         {std::pair<index_t, index_t>{1, 1}, {1, 17}, {17, 1}, {3, 7}, {5, 16}, {4, 33}, {2, 1000}}) {
        CAPTURE(m, n);
        const auto A = naive::random<Matrix<T>>(m, n, 1);
        support::for_each_layout(A, [&](const char* name, const auto& X) {
            CAPTURE(name);
            const auto x = grid(X);
            const auto p = softmax(T{5} * X);
            const Grid<long double> scaled(m, n, [&](index_t i, index_t j) { return naive::widen(T{5} * X(i, j)); });
            CHECK(close(p, reference(scaled, false), tolerance));
            CHECK(close(log_softmax(X), reference(x, true), tolerance));
            for (const T s : sum<1>(p)) CHECK(std::abs(static_cast<double>(s) - 1) < tolerance);
        });
    }
}

TEST_CASE("a vector is one sample, whichever way it lies") {
    const Vector<double> x = {1, 2, 3};
    const Vector<double> column = softmax(x);
    const RowVector<double> row = softmax(x.T());
    CHECK(close(row, reference(transposed(grid(x)), false), 1e-15));
    CHECK(column == row.T());
    CHECK(log_softmax(x) == eval(transposed(log_softmax(x.T()))));
    CHECK(softmax(Matrix<double>(x)) == ones<double>(3, 1));  // three samples of one score
    CHECK(softmax(Vector<double, 3>{1, 2, 3}) == column);
}

TEMPLATE_TEST_CASE("large scores do not overflow and hopeless ones keep a finite logarithm", "", float, double) {
    using T = TestType;
    const T big = sizeof(T) == 4 ? T(1e30) : T(1e300);
    const Matrix<T> p = softmax(Matrix<T>{{big, big}, {-big, big}, {1e4, -1e4}});
    CHECK(p == Matrix<T>{{0.5, 0.5}, {0, 1}, {1, 0}});
    CHECK(log_softmax(RowVector<T>{1e4, -1e4}) == RowVector<T>{0, -2e4});
    CHECK(log_softmax(RowVector<T>{0, 0}) == full<T>(1, 2, -std::log(T{2})));
}

TEMPLATE_TEST_CASE("rows of every length, far from zero and in every layout", "", float, double) {
    using T = TestType;
    const double tolerance = 40 * static_cast<double>(std::numeric_limits<T>::epsilon());
    for (index_t n = 1; n <= 40; ++n) {
        CAPTURE(n);
        // All far below the zeros that fill up a packet, and all far above.
        for (const T shift : {T(-3000), T(3000)}) {
            const Matrix<T> X = naive::random<Matrix<T>>(3, n, 2) + shift;
            const Matrix<T> p = softmax(X), l = log_softmax(X);
            CHECK(close(p, reference(grid(X), false), tolerance));
            CHECK(close(l, reference(grid(X), true), tolerance));
            bool same = true;
            support::for_each_layout(
                X, [&](const char*, const auto& Y) { same = same && softmax(Y) == p && log_softmax(Y) == l; });
            CHECK(same);
        }
    }
}

TEMPLATE_TEST_CASE("a score of minus infinity has probability zero", "", float, double) {
    using T = TestType;
    const T none = -std::numeric_limits<T>::infinity();
    for (const index_t n : {2, 7, 16, 35}) {
        Matrix<T> X = full<T>(2, n, none);
        X(0, n - 1) = T(-5);
        const Matrix<T> p = softmax(X), l = log_softmax(X);
        for (index_t j = 0; j < n; ++j) {
            CHECK((p(0, j) == (j == n - 1 ? T(1) : T(0)) && l(0, j) == (j == n - 1 ? T(0) : none)));
            CHECK((std::isnan(p(1, j)) && std::isnan(l(1, j))));  // nothing to choose from
        }
    }
}

TEST_CASE("a NaN spoils its own sample only") {
    const double nan_ = std::numeric_limits<double>::quiet_NaN();
    for (const index_t n : {2, 9, 33}) {
        Matrix<double> X(3, n);
        X(1, n - 1) = nan_;
        const Matrix<double> p = softmax(X), l = log_softmax(X);
        for (index_t j = 0; j < n; ++j) {
            CHECK((std::isnan(p(1, j)) && std::isnan(l(1, j))));
            CHECK((p(0, j) == 1 / static_cast<double>(n) && p(2, j) == p(0, j)));
        }
    }
}

TEST_CASE("empty scores give empty distributions") {
    CHECK(softmax(Matrix<double>(0, 3)).cols() == 3);
    CHECK(softmax(Matrix<double>(3, 0)).rows() == 3);
    CHECK(log_softmax(Vector<double>()).empty());
}
