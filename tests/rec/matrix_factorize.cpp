#include "gram/rec/matrix_factorize.hpp"

#include <cmath>
#include <limits>

#include "gram/rec/metrics.hpp"
#include "rec/tables.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

constexpr rec::FactorizeOptions textbook_options{
    .rank = 2, .learning_rate = 0.01, .regularization = 0.1, .steps = 6000};

}  // namespace

TEMPLATE_TEST_CASE("known ratings are neither 0 nor NaN", "", float, double) {
    using T = TestType;
    const T nan = std::numeric_limits<T>::quiet_NaN();
    CHECK(rec::observed(Matrix<T>{{5, 0, nan}, {-1, T(0.5), 0}}) == Matrix<T>{{1, 0, 0}, {1, 1, 0}});
    CHECK(sum(rec::observed(support::textbook<T>())) == 18);
}

TEST_CASE("the textbook's figures come out from every start") {
    const auto R = support::textbook<double>(), mask = rec::observed(R);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Rng rng(seed);
        const auto model = rec::matrix_factorize(R, mask, textbook_options, rng);
        const Matrix<double> P = model.predict();
        CHECK(std::abs(model.mean - 56.0 / 18) < 1e-14);
        CHECK(std::abs(rec::rmse_on_known(R, mask, P) - 0.2104) < 5e-5);
        CHECK(std::abs(P(0, 3) - 1.496) < 5e-4);
        CHECK(std::abs(P(3, 1) - 2.977) < 5e-4);
        CHECK(std::abs(cosine_similarity(model.items.row(0), model.items.row(1)) - 0.346) < 5e-4);
        CHECK(std::abs(cosine_similarity(model.items.row(0), model.items.row(3)) + 0.677) < 5e-4);
        CHECK(std::abs(cosine_similarity(model.items.row(2), model.items.row(3)) - 0.662) < 5e-4);
        CHECK(std::abs(model.predict(3, 1) - P(3, 1)) < 1e-14);
    }
}

TEST_CASE("float reaches the textbook's fit too") {
    const auto R = support::textbook<float>(), mask = rec::observed(R);
    Rng rng(3);
    const auto model = rec::matrix_factorize(R, mask, textbook_options, rng);
    CHECK(std::abs(rec::rmse_on_known(R, mask, model.predict()) - 0.2104) < 1e-3);
}

TEST_CASE("one step is the textbook's two lines") {
    const auto R = support::textbook<double>(), mask = rec::observed(R);
    Rng a(5), b(5);
    const auto first = rec::matrix_factorize(R, mask, {.rank = 3, .steps = 0}, a);
    const auto second =
        rec::matrix_factorize(R, mask, {.rank = 3, .learning_rate = 0.02, .regularization = 0.3, .steps = 1}, b);
    const Matrix<double>&U = first.users, &V = first.items;
    const Matrix<double> E = hadamard(mask, R - first.predict());
    CHECK(allclose(second.users, U + 0.02 * (E * V - 0.3 * U), 0, 1e-15));
    CHECK(allclose(second.items, V + 0.02 * (E.T() * U - 0.3 * V), 0, 1e-15));
}

TEST_CASE("what stands where nothing is known does not matter, a NaN least of all") {
    auto R = support::textbook<double>();
    const auto mask = rec::observed(R);
    Rng a(1), b(1);
    const auto expected = rec::matrix_factorize(R, mask, {.steps = 50}, a);
    R(0, 3) = std::nan(""), R(3, 1) = std::numeric_limits<double>::infinity();
    CHECK(rec::matrix_factorize(R, mask, {.steps = 50}, b) == expected);
}

TEST_CASE("the same seed gives the same bits, another seed others") {
    const auto R = support::textbook<double>(), mask = rec::observed(R);
    Rng a(1), b(1), c(2);
    const auto first = rec::matrix_factorize(R, mask, {.steps = 100}, a);
    CHECK(first == rec::matrix_factorize(R, mask, {.steps = 100}, b));
    CHECK(first != rec::matrix_factorize(R, mask, {.steps = 100}, c));
}

TEST_CASE("the callback sees the error fall and ends the descent") {
    const auto R = support::textbook<double>(), mask = rec::observed(R);
    Rng rng(1);
    double first = 0, last = 0;
    index_t steps = 0;
    (void)rec::matrix_factorize(R, mask, textbook_options, rng, [&](const rec::Epoch& e) {
        (e.number == 0 ? first : last) = e.loss;
        return ++steps < 2000;
    });
    CHECK(steps == 2000);
    CHECK(last < first / 4);
}

TEST_CASE("nothing is fitted to bad input") {
    const auto R = support::textbook<double>(), mask = rec::observed(R);
    Rng rng(1);
    const auto fit = [&](const Matrix<double>& table, const Matrix<double>& known, rec::FactorizeOptions o) {
        return rec::matrix_factorize(table, known, o, rng);
    };
    CHECK_THROWS_AS(fit(R, zeros<double>(5, 3), {}), shape_error);
    CHECK_THROWS_AS(fit(R, zeros<double>(5, 4), {}), std::invalid_argument);
    CHECK_THROWS_AS(fit(R, full<double>(5, 4, 0.5), {}), std::invalid_argument);
    CHECK_THROWS_AS(fit(R, mask, {.rank = 0}), std::invalid_argument);
    CHECK_THROWS_AS(fit(R, mask, {.learning_rate = 0}), std::invalid_argument);
    CHECK_THROWS_AS(fit(R, mask, {.regularization = -1}), std::invalid_argument);
    CHECK_THROWS_AS(fit(R, mask, {.steps = -1}), std::invalid_argument);
    CHECK_THROWS_AS(fit(R, mask, {.learning_rate = 10}), non_finite);
    auto broken = R;
    broken(1, 2) = std::nan("");
    CHECK_THROWS_WITH(fit(broken, mask, {}), support::contains_text("(1, 2)"));
    CHECK_THROWS_AS(fit(broken, mask, {}), non_finite);
}

TEST_CASE("one entry is predicted or out of range") {
    const auto R = support::textbook<double>();
    Rng rng(1);
    const auto model = rec::matrix_factorize(R, rec::observed(R), {.steps = 1}, rng);
    CHECK_THROWS_AS(model.predict(5, 0), std::out_of_range);
    CHECK_THROWS_AS(model.predict(0, -1), std::out_of_range);
}
