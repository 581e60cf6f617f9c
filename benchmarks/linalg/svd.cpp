// Singular values and vectors.
#include <gram/linalg/svd.hpp>

#include "linalg/groups.hpp"
#include "linalg/problem.hpp"

namespace bench {
namespace {

constexpr long eigen_limit = 1024;

}  // namespace

compare::Group svd(const compare::Options& options) {
    const auto flops = [](double m, double n) { return 14 * m * n * n + 8 * n * n * n; };
    return group_of({"svd", Op::svd, Input::general, flops, true, eigen_limit}, options, [](auto& x) {
        const auto found = gram::svd(x.A);
        compare::keep(found);
        std::copy(found.s.begin(), found.s.end(), x.numbers.begin());
    });
}

compare::Group singular_values(const compare::Options& options) {
    const auto flops = [](double m, double n) { return 4 * n * n * (m - n / 3); };
    return group_of({"singular_values", Op::singular_values, Input::general, flops, true, eigen_limit}, options,
                    [](auto& x) {
                        const auto s = gram::singular_values(x.A);
                        std::copy(s.begin(), s.end(), x.numbers.begin());
                    });
}

}  // namespace bench
