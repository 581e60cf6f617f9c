// Factorizations against Eigen and OpenBLAS's LAPACK, one thread. For a fair peer:
//
//   env -u OPENBLAS_L2_SIZE OPENBLAS_CORETYPE=SkylakeX OPENBLAS_NUM_THREADS=1 bench_linalg --filter svd
//
// (where the CPU has AVX-512). Input is Gaussian; every side copies its input and allocates as its users would.
#include <gram/gram.hpp>

#include <memory>

#include "support/machine.hpp"

#ifdef BENCH_HAS_EIGEN
#include <Eigen/Dense>
#endif
#ifdef BENCH_HAS_LAPACKE
#include <lapacke.h>
#endif

namespace {

using gram::index_t;

/// The same routine by whoever has it.
struct Routine {
    std::string name;
    double flops = 0;
    std::function<void()> gram;
    std::function<void()> eigen = {};
    std::function<void()> openblas = {};

    [[nodiscard]] compare::Case with_peers() const {
        const auto prepare = [*this] {
            compare::Contest contest;
            contest.entrants.push_back({"gram", compare::repeated(gram)});
            if (eigen) contest.entrants.push_back({"eigen", compare::repeated(eigen)});
            if (openblas) contest.entrants.push_back({"openblas", compare::repeated(openblas)});
            return contest;
        };
        return {"f64", name, flops, prepare, true};
    }
};

/// One random matrix in the types of everybody.
template <class T>
struct Input {
    explicit Input(index_t n) {
        gram::Rng rng(static_cast<std::uint64_t>(n));
        A = gram::randn<T>(rng, n, n);
        S = A + A.T();
        P = A * A.T() + static_cast<T>(n) * gram::eye<T>(n);
    }
    gram::Matrix<T> A, S, P;  // general, symmetric, positive definite
};

#ifdef BENCH_HAS_EIGEN
template <class T>
auto eigen_of(const gram::Matrix<T>& A) {
    using M = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
    return std::make_shared<M>(Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        A.data(), A.rows(), A.cols()));
}
#endif

void add_cases(compare::Group& group, index_t n) {
    using T = double;
    const auto x = std::make_shared<Input<T>>(n);
    const double cube = static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n);
    const auto name = [&](const char* routine) { return std::string(routine) + " " + std::to_string(n); };
    std::vector<Routine> c(7);
    c[0] = {name("lu"), 2 * cube / 3, [=] { compare::keep(gram::lu(x->A)); }};
    c[1] = {name("cholesky"), cube / 3, [=] { compare::keep(gram::cholesky(x->P)); }};
    c[2] = {name("qr"), 8 * cube / 3, [=] { compare::keep(gram::qr(x->A)); }};
    c[3] = {name("qr_pivoted"), 8 * cube / 3, [=] { compare::keep(gram::qr_pivoted(x->A)); }};
    c[4] = {name("eigh"), 9 * cube, [=] { compare::keep(gram::eigh(x->S)); }};
    c[5] = {name("svd"), 22 * cube, [=] { compare::keep(gram::svd(x->A)); }};
    c[6] = {name("eig"), 25 * cube, [=] { compare::keep(gram::eig(x->A)); }};

#ifdef BENCH_HAS_EIGEN
    using M = Eigen::MatrixXd;
    const auto A = eigen_of(x->A), S = eigen_of(x->S), P = eigen_of(x->P);
    c[0].eigen = [=] { compare::keep(Eigen::PartialPivLU<M>(*A).matrixLU().data()); };
    c[1].eigen = [=] { compare::keep(Eigen::LLT<M>(*P).matrixLLT().data()); };
    c[2].eigen = [=] {
        const Eigen::HouseholderQR<M> qr(*A);
        const M Q = qr.householderQ();
        compare::keep(Q.data());
    };
    c[3].eigen = [=] {
        const Eigen::ColPivHouseholderQR<M> qr(*A);
        const M Q = qr.householderQ();
        compare::keep(Q.data());
    };
    c[4].eigen = [=] { compare::keep(Eigen::SelfAdjointEigenSolver<M>(*S).eigenvalues().data()); };
    c[5].eigen = [=] {
        compare::keep(Eigen::BDCSVD<M>(*A, Eigen::ComputeThinU | Eigen::ComputeThinV).singularValues().data());
    };
    if (n <= 512) c[6].eigen = [=] { compare::keep(Eigen::EigenSolver<M>(*A).eigenvalues().data()); };
#endif

#ifdef BENCH_HAS_LAPACKE
    const lapack_int N = static_cast<lapack_int>(n);
    const std::size_t nn = static_cast<std::size_t>(n);
    // Column-major copies: the transposes of our rows, which is as good a random matrix.
    const auto copy = [=](const gram::Matrix<T>& from) { return std::vector<T>(from.begin(), from.end()); };
    c[0].openblas = [=] {
        auto a = copy(x->A);
        std::vector<lapack_int> pivots(nn);
        LAPACKE_dgetrf(LAPACK_COL_MAJOR, N, N, a.data(), N, pivots.data());
    };
    c[1].openblas = [=] {
        auto a = copy(x->P);
        LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', N, a.data(), N);
    };
    c[2].openblas = [=] {
        auto a = copy(x->A);
        std::vector<T> tau(nn);
        LAPACKE_dgeqrf(LAPACK_COL_MAJOR, N, N, a.data(), N, tau.data());
        auto q = a;
        LAPACKE_dorgqr(LAPACK_COL_MAJOR, N, N, N, q.data(), N, tau.data());
    };
    c[3].openblas = [=] {
        auto a = copy(x->A);
        std::vector<T> tau(nn);
        std::vector<lapack_int> pivots(nn);
        LAPACKE_dgeqp3(LAPACK_COL_MAJOR, N, N, a.data(), N, pivots.data(), tau.data());
        auto q = a;
        LAPACKE_dorgqr(LAPACK_COL_MAJOR, N, N, N, q.data(), N, tau.data());
    };
    c[4].openblas = [=] {
        auto a = copy(x->S);
        std::vector<T> w(nn);
        LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', N, a.data(), N, w.data());
    };
    c[5].openblas = [=] {
        auto a = copy(x->A);
        std::vector<T> s(nn), u(nn * nn), vt(nn * nn);
        LAPACKE_dgesdd(LAPACK_COL_MAJOR, 'S', N, N, a.data(), N, s.data(), u.data(), N, vt.data(), N);
    };
    c[6].openblas = [=] {
        auto a = copy(x->A);
        std::vector<T> re(nn), im(nn), v(nn * nn);
        LAPACKE_dgeev(LAPACK_COL_MAJOR, 'N', 'V', N, a.data(), N, re.data(), im.data(), nullptr, 1, v.data(), N);
    };
#endif
    for (const auto& one : c) group.cases.push_back(one.with_peers());
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = compare::parse(argc, argv);
    compare::Group group{"linalg", "GFLOPS", ""};
    for (const index_t n : {32, 64, 128, 256, 500, 512, 1000}) add_cases(group, n);
    return compare::run(options, machine::header(options), {"eigen", "openblas"}, {group});
}
