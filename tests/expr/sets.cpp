// Members of sets, against loops over all pairs.
#include "gram/expr/sets.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "expr/naive.hpp"
#include "gram/gram.hpp"
#include "support/catch.hpp"

using namespace gram;

namespace {

template <class T>
bool among(const T& x, const Matrix<T>& A) {
    return std::any_of(A.begin(), A.end(), [&](const T& y) { return x == y; });
}
// Strictly ascending, with at most a NaN behind.
template <class T>
bool ascending(const Vector<T>& x) {
    for (index_t i = 1; i < x.size(); ++i)
        if (!(x[i - 1] < x[i]) && x[i] == x[i]) return false;
    return true;
}

}  // namespace

TEMPLATE_TEST_CASE("sets hold what their definitions say, NaN nowhere", "", float, double, std::int32_t, std::int64_t,
                   std::uint8_t) {
    using T = TestType;
    for (const auto& [m, n] : {std::pair<index_t, index_t>{0, 0}, {0, 3}, {1, 1}, {7, 5}, {1, 40}}) {
        CAPTURE(m, n);
        Matrix<T> A(m, n), B = naive::random<Matrix<T>>(3, 2, 4);
        const auto source = naive::random<Matrix<std::int32_t>>(m, n, 3);
        for (index_t k = 0; k < m * n; ++k) A.data()[k] = static_cast<T>(source.data()[k]);
        for (T& x : B) x = static_cast<T>(std::floor(static_cast<double>(x)));
        if constexpr (std::is_floating_point_v<T>) {
            if (m * n > 2) A.data()[2] = std::numeric_limits<T>::quiet_NaN();
            B(0, 0) = std::numeric_limits<T>::quiet_NaN();
            B(1, 1) = T(-0.0);
            if (m * n > 1) A.data()[1] = std::numeric_limits<T>::infinity();
        }
        const auto found = isin(A, B), turned = isin(A.T(), B);
        for (index_t i = 0; i < m; ++i)
            for (index_t j = 0; j < n; ++j) {
                CHECK(found(i, j) == among(A(i, j), B));
                CHECK(turned(j, i) == found(i, j));
            }
        const Vector<T> both = intersect(A, B), rest = setdiff(A, B), either = unite(A, B), distinct = unique(A).values;
        CHECK((ascending(both) && ascending(rest) && ascending(either)));
        CHECK(both.size() + rest.size() == distinct.size());
        for (const T& x : both) CHECK((among(x, A) && among(x, B)));
        for (const T& x : rest) CHECK(!among(x, B));
        for (const T& x : A) CHECK((x != x || among(x, Matrix<T>(either))));
        for (const T& x : B) CHECK((x != x || among(x, Matrix<T>(either))));
        for (const T& x : either) CHECK((x != x || among(x, A) || among(x, B)));
    }
}
