#include "gram/embed/metric.hpp"

#include <vector>

#include "support/catch.hpp"
#include "support/matrices.hpp"

using namespace gram;
namespace parts = gram::embed::detail;

TEST_CASE("lengths and distances neither overflow nor vanish") {
    for (const double scale : {0x1p-1060, 0x1p-600, 1.0, 0x1p600, 0x1p1020}) {
        const std::vector<double> x{3 * scale, 4 * scale}, y{0, 8 * scale};
        CHECK(parts::length_in_double(x.data(), 2) == 5 * scale);
        CHECK(parts::distance_in_double(x.data(), y.data(), 2) == 5 * scale);
    }
    const std::vector<double> zero(20);
    CHECK(parts::length_in_double(zero.data(), 20) == 0);
    CHECK(parts::length_in_double(zero.data(), 0) == 0);
    const std::vector<double> infinite{1, HUGE_VAL}, nan{std::nan(""), HUGE_VAL};
    CHECK(std::isinf(parts::length_in_double(infinite.data(), 2)));
    CHECK(std::isnan(parts::length_in_double(nan.data(), 2)));
}

TEMPLATE_TEST_CASE("a normalised vector has length 1, a zero one 0, one with infinity or NaN is NaN", "", float,
                   double) {
    using T = TestType;
    for (const index_t n : {1, 7, 8, 9, 100}) {
        for (const T scale : {std::numeric_limits<T>::denorm_min() * 1000, T{1}, std::numeric_limits<T>::max() / 8}) {
            std::vector<T> x(static_cast<std::size_t>(n), scale);
            parts::normalize(x.data(), n);
            CHECK(std::abs(parts::length_in_double(x.data(), n) - 1) <
                  4 * static_cast<double>(std::numeric_limits<T>::epsilon()));
        }
        std::vector<T> x(static_cast<std::size_t>(n));
        parts::normalize(x.data(), n);
        CHECK(x[0] == 0);
        x[0] = std::numeric_limits<T>::infinity();
        parts::normalize(x.data(), n);
        CHECK(std::isnan(x[0]));
    }
}

TEST_CASE("dot products of floats are exact where double is") {
    const std::vector<float> x{16777216, 1, -16777216}, y{1, 1, 1};
    CHECK(parts::dot_in_double(x.data(), y.data(), 3) == 1);
}

TEST_CASE("NaN is known by its bits") {
    CHECK(parts::is_nan(std::nan("")));
    CHECK(parts::is_nan(-std::nanf("7")));
    CHECK_FALSE(parts::is_nan(HUGE_VAL));
    CHECK_FALSE(parts::is_nan(0.0F));
}
