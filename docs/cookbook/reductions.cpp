// Sums, statistics and order.
#include "cookbook.hpp"

namespace {

const Matrix<double> A = {{1, 2, 3}, {4, 5, 9}};
const double nan = std::numeric_limits<double>::quiet_NaN();

void sums() {
    // [sum]
    expect(sum(A) == 24 && prod(A) == 1080 && mean(A) == 4);
    const RowVector<double> over_rows = sum<0>(A);  // the axis that disappears
    const Vector<double> over_columns = mean<1>(A);
    expect(over_rows[2] == 12 && over_columns[0] == 2 && trace(A) == 6);
    // [sum]
    // [extremes]
    expect(max(A) == 9 && argmax(A) == 5 && min<0>(A)[1] == 2 && argmin<1>(A)[1] == 0 && ptp(A) == 8);
    // [extremes]
    // [count]
    expect(all(A > 0.0) && any(A > 8.0) && count_nonzero(A > 3.0) == 3 && any<1>(A > 8.0)[1]);
    expect(nonzero(A > 3.0)[0] == 3);  // positions in row order
    // [count]
    // [compensated]
    const Vector<double> x = {1, 1e100, 1, -1e100};
    expect(sum_compensated(x) == 2);  // sum(x) may be 0
    expect(dot_compensated(x, Vector<double>{1, 1, 1, 1}) == 2);
    // [compensated]
}

void statistics() {
    // [variance]
    const Vector<double> x = {2, 4, 4, 4, 5, 5, 7, 9};
    expect(var(x) == 4 && stddev(x) == 2 && std::abs(var(x, 1) - 32.0 / 7) < 1e-15);
    expect(var<0>(A)[0] == 2.25);
    // [variance]
    // [running]
    RunningStats<double> stats;
    for (const double v : x) stats.add(v);
    expect(stats.mean() == 5 && std::abs(stats.variance() - 4) < 1e-14);
    // [running]
    // [average]
    expect(average(Vector<double>{1, 4}, Vector<double>{2, 1}) == 2);
    // [average]
    // [cov]
    const Matrix<double> X = {{0, 1}, {1, 3}, {2, 5}};  // an observation in each row
    expect(std::abs(cov(X)(0, 1) - 2) < 1e-15 && std::abs(corrcoef(X)(0, 1) - 1) < 1e-15);
    // [cov]
    // [nan]
    const Vector<double> holes = {1, nan, 3};
    expect(nansum(holes) == 4 && nanmean(holes) == 2 && nanmax(holes) == 3 && nanmin(holes) == 1);
    expect(nanvar(holes) == 1 && nanstd(holes) == 1);
    // [nan]
    // [logsumexp]
    expect(std::abs(logsumexp(Vector<double>{1000, 1000}) - 1000.6931471805599) < 1e-12);
    // [logsumexp]
}

void order() {
    const Vector<double> x = {3, 1, 2, 1};
    // [sort]
    expect(sort(x)[0] == 1 && sort(x, SortOrder::descending)[0] == 3);
    expect(argsort(x)[1] == 3 && sort<1>(A)(1, 0) == 4);  // equal elements keep their order; NaN comes last
    // [sort]
    // [topk]
    const auto [values, positions] = topk(x, 2);
    expect(values[1] == 2 && positions[1] == 2);
    // [topk]
    // [unique]
    const auto u = unique(x);
    expect(u.values.size() == 3 && u.counts[0] == 2 && u.values[u.inverse[2]] == x[2]);
    // [unique]
    // [sets]
    const Vector<double> primes = {2, 3, 5, 7};
    expect(isin(x, primes)[2] && count_nonzero(isin(x, primes)) == 2);
    expect(intersect(x, primes)[1] == 3 && setdiff(x, primes).size() == 1 && unite(x, primes).size() == 5);
    // [sets]
    // [searchsorted]
    const Vector<double> edges = {0, 10, 20};
    expect(searchsorted(edges, Vector<double>{10, 15})[1] == 2);
    // [searchsorted]
    // [quantile]
    expect(median(x) == 1.5 && quantile(x, 0.9) == 2.7 && median<0>(A)[2] == 6);
    expect(quantile(x, Vector<double>{0, 1}) == Vector<double>{1, 3});
    // [quantile]
    // [histogram]
    const auto h = histogram(x, 2);  // [1, 2) and [2, 3]
    expect(h.counts[0] == 2 && h.counts[1] == 2 && h.edges[1] == 2);
    expect(bincount(Vector<int>{1, 1, 3})[1] == 2);
    // [histogram]
}

void cumulative() {
    // [cumulative]
    expect(cumsum(Vector<double>{1, 2, 3})[2] == 6 && cumsum<0>(A)(1, 2) == 12 && cumprod<1>(A)(0, 2) == 6);
    expect(diff(Vector<double>{1, 4, 9})[1] == 5 && diff<1>(A)(1, 1) == 4);
    expect(cummax(Vector<double>{1, 3, 2})[2] == 3 && cummin(Vector<double>{3, 1, 2})[2] == 1);
    // [cumulative]
    // [interp]
    expect(interp(Vector<double>{0.5, 7}, Vector<double>{0, 1}, Vector<double>{10, 20})[0] == 15);
    expect(trapezoid(Vector<double>{0, 1, 2}) == 2);
    // [interp]
    // [cross]
    expect(cross(Vector<double>{1, 0, 0}, Vector<double>{0, 1, 0})[2] == 1);
    // [cross]
}

}  // namespace

int main() {
    sums();
    statistics();
    order();
    cumulative();
}
