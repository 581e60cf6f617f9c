#include "gram/rec/metrics.hpp"

#include <cmath>

#include "gram/rec/baselines.hpp"
#include "rec/tables.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

struct Always {
    double value;
    [[nodiscard]] double predict(index_t, index_t) const { return value; }
};

}  // namespace

TEMPLATE_TEST_CASE("errors by hand", "", float, double) {
    using T = TestType;
    const rec::Ratings<T> r(2, 2, {{0, 0, 1}, {0, 1, 5}, {1, 0, 4}});
    CHECK(std::abs(rec::rmse(Always{3}, r) - std::sqrt((4 + 4 + 1) / 3.0)) < 1e-15);
    CHECK(std::abs(rec::mae(Always{3}, r) - 5 / 3.0) < 1e-15);
    CHECK(rec::rmse(Always{2}, rec::Ratings<T>(1, 1, {{0, 0, 2}})) == 0);
}

TEST_CASE("without ratings there is no error to speak of: NaN") {
    const rec::Ratings<double> none(2, 2, {});
    CHECK(std::isnan(rec::rmse(Always{3}, none)));
    CHECK(std::isnan(rec::mae(Always{3}, none)));
    CHECK(std::isnan(rec::rmse_on_known(Matrix<double>(2, 2), Matrix<double>(2, 2), Matrix<double>(2, 2))));
}

TEMPLATE_TEST_CASE("only known entries of a table count", "", float, double) {
    using T = TestType;
    const T nan = std::numeric_limits<T>::quiet_NaN();
    const Matrix<T> R = {{1, nan}, {5, 2}}, mask = {{1, 0}, {1, 0}}, P = {{2, 7}, {3, nan}};
    CHECK(std::abs(rec::rmse_on_known(R, mask, P) - std::sqrt(2.5)) < 1e-15);
    CHECK_THROWS_AS(rec::rmse_on_known(R, Matrix<T>(2, 3), P), shape_error);
    CHECK_THROWS_AS(rec::rmse_on_known(R, mask, Matrix<T>(1, 2)), shape_error);
}

TEST_CASE("an error that is NaN is not hidden") {
    const rec::Ratings<double> r(1, 2, {{0, 0, 1}, {0, 1, 2}});
    CHECK(std::isnan(rec::rmse(Always{std::nan("")}, r)));
}
