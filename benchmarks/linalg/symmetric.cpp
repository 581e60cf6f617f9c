// The symmetric eigenproblem.
#include <gram/linalg/eigh.hpp>

#include "linalg/groups.hpp"
#include "linalg/problem.hpp"

namespace bench {
namespace {

constexpr long eigen_limit = 1024;

}  // namespace

compare::Group eigh(const compare::Options& options) {
    const auto flops = [](double, double n) { return 9 * n * n * n; };
    return group_of({"eigh", Op::eigh, Input::symmetric, flops, false, eigen_limit}, options, [](auto& x) {
        const auto found = gram::eigh(x.A);
        compare::keep(found);
        std::copy(found.values.begin(), found.values.end(), x.numbers.begin());
    });
}

compare::Group eigvalsh(const compare::Options& options) {
    const auto flops = [](double, double n) { return 4 * n * n * n / 3; };
    return group_of({"eigvalsh", Op::eigvalsh, Input::symmetric, flops, false, eigen_limit}, options, [](auto& x) {
        const auto values = gram::eigvalsh(x.A);
        std::copy(values.begin(), values.end(), x.numbers.begin());
    });
}

}  // namespace bench
