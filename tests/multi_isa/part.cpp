// Compiled once for each instruction set, with GRAM_PART its name.
#include "part.hpp"

#include "layouts.hpp"

namespace GRAM_PART {

namespace {

void run_complex(Work& work) {
    const gram::Matrix<std::complex<double>> Z = gram::complex(work.A, work.B), H = Z * Z.H();
    work.modulus = gram::abs(gram::solve(H + gram::eye<std::complex<double>>(37), Z)) + gram::abs(gram::qr(Z).R);
    work.spectrum += gram::eigvalsh(H) + gram::singular_values(Z);
    work.total += gram::norm(Z.col(0)) + std::abs(gram::det(Z));
}
void run_more(Work& work) {
    const gram::Matrix<double> S = work.A + work.A.T();
    work.spectrum += gram::eigvalsh(S) + gram::sort(gram::Vector<double>(S.col(0))) + gram::cumsum(S.col(1));
    work.modulus += gram::expm(S / 100.0) + gram::inv(S) + gram::cov(S) + gram::log1p(gram::abs(S));
    work.total += gram::var(S) + gram::sum_compensated(S) + gram::quantile(S, 0.3) + gram::logsumexp(S);
    work.total += gram::det(gram::Matrix<double, 3, 3>(S.block(0, 0, 3, 3)));
    work.total += gram::svd(gram::Matrix<double, 3, 3>(S.block(0, 0, 3, 3))).s[0];
}
void run_short(Work& work) {
    const gram::Matrix<float> S = gram::cast<float>(gram::sign(work.A));
    const auto B = gram::cast<gram::bfloat16>(S);
    work.sum += gram::cast<double>(gram::matmul<float>(B, gram::Matrix<gram::bfloat16>(B)));
    const gram::Matrix<std::int8_t> Q = gram::cast<std::int8_t>(S);
    work.sum += gram::cast<double>(gram::matmul<std::int32_t>(Q, Q.T()));
}
void run_selections(Work& work) {
    using gram::every, gram::indices, gram::range;
    gram::Matrix<double> S = work.A;
    S(S < 0) = 0.0;
    S(gram::Matrix<bool>(S > 2)) *= 0.5;
    S(indices({3, 1}), every) = S(range(0, 2), every);
    S(every, S.row(0) > 1) += 1.0;
    gram::Vector<double> x = S.diagonal(1);
    x(range(0, 9)) = x(indices({8, 7, 6, 5, 4, 3, 2, 1, 0}));
    x(x > 1) = 1.0;
    for (auto row : gram::each_row(S)) row /= 1 + gram::sum(row);
    S(0, every) = 0.25;
    work.sum += gram::where(S > 0.5, S, 0) + gram::maximum(0.1, S);
    S.fill(gram::sum(x));
    work.sum += gram::hstack(S.block(0, 0, 37, 7), work.A.block(0, 7, 37, 30)) + gram::flip<0>(S);
    work.total += gram::sum(gram::flip(x)) + gram::sum(gram::solve(gram::lu(work.A), work.B));
}

}  // namespace

Layouts layouts() {
    Layouts all;
    const auto append = [&all](const auto& some) { all.insert(all.end(), some.begin(), some.end()); };
    append(layouts_of_floats);
    append(layouts_of_doubles);
    append(layouts_of_complex);
    append(layouts_of_models);
    append(layouts_of_others);
    return all;
}

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
    run_complex(work);
    run_more(work);
    run_short(work);
    run_selections(work);
    return work;
}

}  // namespace GRAM_PART
