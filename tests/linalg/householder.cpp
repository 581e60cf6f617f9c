#include "gram/linalg/householder.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "gram/core/matrix.hpp"
#include "support/bounds.hpp"
#include "support/catch.hpp"
#include "support/matrices.hpp"

namespace {

using gram::index_t;
using gram::kernel::MatRef;
using gram::kernel::VecRef;
namespace la = gram::linalg;

template <class T>
VecRef<T> whole(std::vector<T>& x) {
    return {x.data(), static_cast<index_t>(x.size()), 1};
}

// I - tau v v^T applied to (alpha, x), in double.
template <class T>
double reflected_distance(T alpha, const std::vector<T>& x, const std::vector<T>& v_tail, la::Reflector<T> h) {
    const double scale = 1 / std::max(std::abs(static_cast<double>(h.beta)), 1e-300);
    double dot = static_cast<double>(alpha) * scale;
    for (std::size_t i = 0; i < x.size(); ++i)
        dot += static_cast<double>(v_tail[i]) * static_cast<double>(x[i]) * scale;
    dot *= static_cast<double>(h.tau);
    double error = std::abs(static_cast<double>(alpha) * scale - dot - static_cast<double>(h.beta) * scale);
    for (std::size_t i = 0; i < x.size(); ++i) {
        error = std::max(error, std::abs(static_cast<double>(x[i]) * scale - dot * static_cast<double>(v_tail[i])));
    }
    return error / support::eps_of<T>;
}

// Unit lower trapezoidal reflectors as a factorization leaves them, with NaN where nothing may be read.
template <class T>
struct Reflectors {
    gram::Matrix<T> V;
    std::vector<T> tau;

    Reflectors(index_t m, index_t k) : V(support::gaussian<T>(m, k, 3)), tau(static_cast<std::size_t>(k)) {
        for (index_t j = 0; j < k; ++j) {
            double sum = 1;
            for (index_t i = 0; i < m; ++i) {
                if (i <= j) V(i, j) = std::numeric_limits<T>::quiet_NaN();
                if (i > j) sum += static_cast<double>(V(i, j)) * static_cast<double>(V(i, j));
            }
            tau[static_cast<std::size_t>(j)] = static_cast<T>(j % 5 == 3 ? 0 : 2 / sum);
        }
    }
    // H_0 H_1 ... H_(k-1), one after the other.
    [[nodiscard]] support::Plain<double> product() const {
        const index_t m = V.rows();
        support::Plain<double> Q(m, m);
        for (index_t i = 0; i < m; ++i) Q(i, i) = 1;
        for (index_t j = V.cols(); j-- > 0;) {
            const auto v = [&](index_t i) { return i < j ? 0.0 : (i == j ? 1.0 : static_cast<double>(V(i, j))); };
            for (index_t c = 0; c < m; ++c) {
                double s = 0;
                for (index_t i = j; i < m; ++i) s += v(i) * Q(i, c);
                for (index_t i = j; i < m; ++i)
                    Q(i, c) -= static_cast<double>(tau[static_cast<std::size_t>(j)]) * s * v(i);
            }
        }
        return Q;
    }
};

}  // namespace

TEST_CASE("a padded stride holds the row, fills cache lines and avoids multiples of 2048 bytes", "[linalg]") {
    for (index_t n = 0; n < 2100; ++n) {
        const index_t d = la::padded_stride<double>(n), f = la::padded_stride<float>(n);
        REQUIRE((d >= n && d < n + 24 && d * 8 % 64 == 0 && d * 8 % 2048 != 0));
        REQUIRE((f >= n && f < n + 48 && f * 4 % 64 == 0 && f * 4 % 2048 != 0));
    }
}

TEMPLATE_TEST_CASE("a reflector maps its vector to a multiple of the first unit vector", "[linalg]", float, double) {
    using T = TestType;
    const double tiny = std::is_same_v<T, float> ? 1e-37 : 1e-307, huge = std::is_same_v<T, float> ? 1e37 : 1e307;
    for (const double size : {1.0, tiny, 4 * static_cast<double>(std::numeric_limits<T>::denorm_min()), huge}) {
        for (const index_t n : {1, 2, 3, 8, 33}) {
            support::Random random(static_cast<std::uint64_t>(n));
            std::vector<T> x(static_cast<std::size_t>(n));
            for (T& e : x) e = static_cast<T>(size * random.normal() / static_cast<double>(n + 2));
            x[0] = static_cast<T>(size / 4);
            const T alpha = static_cast<T>(size * random.normal() / 4);
            std::vector<T> v = x;
            const auto h = la::make_reflector(alpha, whole(v));
            CAPTURE(size, n, alpha, h.beta, h.tau);
            CHECK((h.tau >= T(1) && h.tau <= T(2)));
            // Subnormal numbers carry an absolute error; that nothing blows up is shown by tau.
            if (size >= tiny) CHECK(reflected_distance(alpha, x, v, h) < 8);
        }
    }
}

TEMPLATE_TEST_CASE("a reflector of a vector that is reduced already is the identity", "[linalg]", float, double) {
    using T = TestType;
    std::vector<T> none, zeros(4, T(0));
    for (const T alpha : {T(0), T(-3), T(5)}) {
        const auto a = la::make_reflector(alpha, whole(none)), b = la::make_reflector(alpha, whole(zeros));
        CHECK((a.tau == T(0) && a.beta == alpha));
        CHECK((b.tau == T(0) && b.beta == alpha));
    }
    CHECK(zeros == std::vector<T>(4, T(0)));
}

TEMPLATE_TEST_CASE("Q from blocks of reflectors is their product, whatever the block", "[linalg]", float, double) {
    using T = TestType;
    support::Worst worst;
    for (const auto& [m, k] : {std::pair<index_t, index_t>{1, 1}, {5, 3}, {8, 8}, {33, 32}, {40, 17}, {65, 65}}) {
        const Reflectors<T> h(m, k);
        const auto product = h.product();
        for (const index_t block : {1, 3, 8, 32}) {
            CAPTURE(m, k, block);
            gram::Matrix<T> Q(m, m);
            la::make_q(h.V.ref(), h.tau.data(), Q.ref(), block);
            CHECK(worst(support::distance_ratio(Q, product)) < 3);

            // The leading columns alone, and Q applied to matrices from either side.
            gram::Matrix<T> thin(m, k);
            la::make_q(h.V.ref(), h.tau.data(), thin.ref(), block);
            for (index_t i = 0; i < m; ++i) {
                for (index_t j = 0; j < k; ++j) REQUIRE(std::abs(thin(i, j) - Q(i, j)) < 100 * support::eps_of<T>);
            }
            const auto C = support::gaussian<T>(m, 7, 5), D = support::gaussian<T>(6, m, 6);
            auto QC = C, QtC = C, DQ = D, DQt = D;
            la::apply_q(false, h.V.ref(), h.tau.data(), QC.ref(), block);
            la::apply_q(true, h.V.ref(), h.tau.data(), QtC.ref(), block);
            la::apply_q(true, h.V.ref(), h.tau.data(), DQ.ref().transposed(), block);
            la::apply_q(false, h.V.ref(), h.tau.data(), DQt.ref().transposed(), block);
            const auto transposed = support::transposed(product);
            CHECK(worst(support::distance_ratio(QC, support::multiply(product, support::plain(C)))) < 3);
            CHECK(worst(support::distance_ratio(QtC, support::multiply(transposed, support::plain(C)))) < 3);
            CHECK(worst(support::distance_ratio(DQ, support::multiply(support::plain(D), product))) < 3);
            CHECK(worst(support::distance_ratio(DQt, support::multiply(support::plain(D), transposed))) < 3);
        }
    }
    INFO("worst ratio " << worst.value);
    CHECK(worst.value < 3);
}

TEMPLATE_TEST_CASE("one reflector applied from either side is I - tau v v^T", "[linalg]", float, double) {
    using T = TestType;
    const Reflectors<T> h(9, 1);
    const auto product = h.product();
    const auto tail = h.V.ref().col(0).segment(1, 8);
    auto C = support::gaussian<T>(9, 4, 7);
    auto D = support::gaussian<T>(5, 9, 8);
    const auto C0 = support::plain(C), D0 = support::plain(D);
    std::vector<T> work(9);
    la::apply_reflector(h.tau[0], tail, C.ref(), whole(work));
    la::apply_reflector(h.tau[0], tail, D.ref().transposed(), whole(work));
    CHECK(support::distance_ratio(C, support::multiply(product, C0)) < 3);
    CHECK(support::distance_ratio(D, support::multiply(D0, product)) < 3);
}
