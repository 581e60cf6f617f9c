// The eigenproblem of a general matrix.
#include <gram/linalg/eig.hpp>

#include "linalg/groups.hpp"
#include "linalg/problem.hpp"

namespace bench {
namespace {

constexpr long eigen_limit = 512;

template <class Values, class T>
void leave_squares(const Values& values, std::vector<T>& numbers) {
    std::transform(values.begin(), values.end(), numbers.begin(), [](const auto& z) {  //
        return z.real() * z.real() + z.imag() * z.imag();
    });
}

}  // namespace

compare::Group eig(const compare::Options& options) {
    const auto flops = [](double, double n) { return 25 * n * n * n; };
    return group_of({"eig", Op::eig, Input::general, flops, false, eigen_limit}, options, [](auto& x) {
        const auto found = gram::eig(x.A);
        compare::keep(found);
        leave_squares(found.values, x.numbers);
    });
}

compare::Group eigvals(const compare::Options& options) {
    const auto flops = [](double, double n) { return 10 * n * n * n; };
    return group_of({"eigvals", Op::eigvals, Input::general, flops, false, eigen_limit}, options,
                    [](auto& x) { leave_squares(gram::eigvals(x.A), x.numbers); });
}

}  // namespace bench
