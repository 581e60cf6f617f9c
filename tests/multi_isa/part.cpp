// Compiled once for each instruction set, with GRAM_PART its name.
#include "part.hpp"

namespace GRAM_PART {

Work run(Work work) {
    if (work.A.empty()) {
        gram::Rng rng(11);
        work.A = gram::randn<double>(rng, 37, 37);
        work.B = gram::randn<double>(rng, 37, 37);
    }
    const gram::Matrix<double>& A = work.A;
    const gram::Matrix<double>& B = work.B;
    work.sum = A + 2.0 * B - gram::hadamard(A, B);
    work.product = A * B;
    work.transposed = A.T();
    work.activated = gram::relu(A * B.T() + B.row(0));
    work.activated.row(0) = work.activated.row(1);
    work.activated.block(2, 2, 5, 5) = work.sum.block(1, 1, 5, 5);
    work.activated.col(0) += 3.0 * work.sum.col(1);
    work.solution = gram::solve(A, gram::Vector<double>(B.col(0)));
    work.spectrum = gram::singular_values(A);
    work.total = gram::sum(gram::exp(A));
    return work;
}

}  // namespace GRAM_PART
