#include "gram/rec/svd_route.hpp"

#include <cmath>

#include "gram/rec/metrics.hpp"
#include "rec/tables.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"

using namespace gram;

TEMPLATE_TEST_CASE("gaps are filled with the mean of their column", "", float, double) {
    using T = TestType;
    const Matrix<T> R = {{1, 0, 7}, {3, 0, 0}, {0, 0, 9}}, filled = rec::fill_with_column_means(R, rec::observed(R));
    CHECK(filled == Matrix<T>{{1, 5, 7}, {3, 5, 8}, {2, 5, 9}});  // nothing is known of column 1: the mean of all
}

TEMPLATE_TEST_CASE("at full rank the SVD route gives the filled table back", "", float, double) {
    using T = TestType;
    const auto R = support::textbook<T>(), mask = rec::observed(R);
    for (const index_t rank : {4, 100}) {
        const auto model = rec::svd_route(R, mask, rank);
        CHECK(model.users.cols() == 4);
        CHECK(support::ratio_of<T>(support::frobenius(Matrix<T>(model.predict() - model.filled)), 5,
                                   support::frobenius(model.filled)) < 10);
    }
}

TEMPLATE_TEST_CASE("the error at rank k is the tail of the spectrum", "", float, double) {
    using T = TestType;
    const auto R = support::textbook<T>(), mask = rec::observed(R);
    const Vector<T> s = singular_values(rec::fill_with_column_means(R, mask));
    for (index_t k = 1; k < 4; ++k) {
        const auto model = rec::svd_route(R, mask, k);
        REQUIRE((model.users.rows() == 5 && model.items.rows() == 4 && model.items.cols() == k));
        const double tail = static_cast<double>(norm(s.segment(k, 4 - k)));
        const double error = support::frobenius(Matrix<T>(model.predict() - model.filled));
        CHECK(std::abs(error - tail) < 30 * support::eps_of<T> * static_cast<double>(s[0]));
        CHECK(std::abs(static_cast<double>(model.predict(3, 1) - model.predict()(3, 1))) < 30 * support::eps_of<T>);
    }
}

TEST_CASE("the SVD route refuses what it cannot fill") {
    const auto R = support::textbook<double>(), mask = rec::observed(R);
    CHECK_THROWS_AS(rec::svd_route(R, zeros<double>(5, 3), 2), shape_error);
    CHECK_THROWS_AS(rec::svd_route(R, zeros<double>(5, 4), 2), std::invalid_argument);
    CHECK_THROWS_AS(rec::svd_route(R, mask, 0), std::invalid_argument);
    auto broken = R;
    broken(0, 0) = std::nan("");
    CHECK_THROWS_AS(rec::svd_route(broken, mask, 2), non_finite);
    const auto model = rec::svd_route(R, mask, 2);
    CHECK_THROWS_AS(model.predict(0, 4), std::out_of_range);
    CHECK(model == rec::svd_route(R, mask, 2));
}
