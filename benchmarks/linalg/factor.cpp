// LU, Cholesky and QR, and a system of equations.
#include <gram/linalg/cholesky.hpp>
#include <gram/linalg/lu.hpp>
#include <gram/linalg/qr.hpp>
#include <gram/linalg/qr_pivoted.hpp>
#include <gram/linalg/solve.hpp>

#include "linalg/groups.hpp"
#include "linalg/problem.hpp"

namespace bench {
namespace {

template <class M, class T>
void leave_diagonal(const M& A, std::vector<T>& numbers) {
    for (std::size_t j = 0; j < numbers.size(); ++j) {
        const auto at = static_cast<gram::index_t>(j);
        numbers[j] = A(at, at);
    }
}

double flops_of_lu(double, double n) { return 2 * n * n * n / 3; }
double flops_of_cholesky(double, double n) { return n * n * n / 3; }
double flops_of_qr(double m, double n) { return 4 * n * n * (m - n / 3); }

}  // namespace

compare::Group lu(const compare::Options& options) {
    return group_of({"lu", Op::lu, Input::general, flops_of_lu}, options, [](auto& x) {
        const auto f = gram::lu(x.A);
        compare::keep(f);
        leave_diagonal(f.U, x.numbers);
    });
}

compare::Group lu_in_place(const compare::Options& options) {
    return group_of({"lu_in_place", Op::lu, Input::general, flops_of_lu}, options, [](auto& x) {
        using T = std::decay_t<decltype(x.b[0])>;
        const gram::linalg::Workspace<T> W(x.A.rows(), x.A.cols());
        gram::MatrixView<T>{W.ref()} = x.A;
        std::vector<gram::index_t> pivots(static_cast<std::size_t>(x.A.rows()));
        compare::keep(gram::linalg::lu_in_place(W.ref(), pivots.data()));
        leave_diagonal(W.ref(), x.numbers);
    });
}

compare::Group solve(const compare::Options& options) {
    return group_of({"solve", Op::solve, Input::general, flops_of_lu}, options, [](auto& x) {
        const auto solution = gram::solve(x.A, x.b);
        std::copy(solution.begin(), solution.end(), x.numbers.begin());
    });
}

compare::Group cholesky(const compare::Options& options) {
    return group_of({"cholesky", Op::cholesky, Input::definite, flops_of_cholesky}, options, [](auto& x) {
        const auto L = gram::cholesky(x.A);
        compare::keep(L);
        leave_diagonal(L, x.numbers);
    });
}

compare::Group cholesky_in_place(const compare::Options& options) {
    return group_of({"cholesky_in_place", Op::cholesky, Input::definite, flops_of_cholesky}, options, [](auto& x) {
        using T = std::decay_t<decltype(x.b[0])>;
        const gram::linalg::Workspace<T> W(x.A.rows(), x.A.cols());
        gram::MatrixView<T>{W.ref()} = x.A;
        compare::keep(gram::linalg::cholesky_in_place(W.ref()));
        leave_diagonal(W.ref(), x.numbers);
    });
}

compare::Group qr(const compare::Options& options) {
    return group_of({"qr", Op::qr, Input::general, flops_of_qr, true}, options, [](auto& x) {
        const auto f = gram::qr(x.A);
        compare::keep(f);
        leave_diagonal(f.R, x.numbers);
    });
}

compare::Group qr_pivoted(const compare::Options& options) {
    return group_of({"qr_pivoted", Op::qr_pivoted, Input::general, flops_of_qr, false, 1024}, options, [](auto& x) {
        const auto f = gram::qr_pivoted(x.A);
        compare::keep(f);
        leave_diagonal(f.R, x.numbers);
    });
}

}  // namespace bench
