// Matrix products against Eigen and OpenBLAS, one thread, row-major. For a fair peer:
//
//   env -u OPENBLAS_L2_SIZE OPENBLAS_CORETYPE=SkylakeX OPENBLAS_NUM_THREADS=1 bench_gemm --benchmark_filter=f64
//
// (where the CPU has AVX-512).
#include <gram/expr/expr.hpp>

#include <memory>

#include "support/compare.hpp"

#ifdef BENCH_HAS_EIGEN
#include <Eigen/Core>
#endif
#ifdef BENCH_HAS_OPENBLAS
#include <cblas.h>
#endif

namespace {

using gram::index_t;

template <class T>
struct Operands {
    gram::Matrix<T> A, B, C;  // B is n×k when it is used transposed
};

/// C = A B, or A B^T: m×k times k×n.
template <class T>
void add_case(index_t m, index_t n, index_t k, bool transposed) {
    gram::Rng rng(1);
    const auto x = std::make_shared<Operands<T>>();
    x->A = gram::randn<T>(rng, m, k);
    x->B = transposed ? gram::randn<T>(rng, n, k) : gram::randn<T>(rng, k, n);
    x->C = gram::Matrix<T>(m, n);

    compare::Case c;
    c.name = std::string(sizeof(T) == 8 ? "f64" : "f32") + (transposed ? "/nt/" : "/nn/") + std::to_string(m) + "x" +
             std::to_string(n) + "x" + std::to_string(k);
    c.flops = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    const auto done = [x] { benchmark::DoNotOptimize(x->C.data()), benchmark::ClobberMemory(); };
    if (transposed) {
        c.gram = [=] { x->C = x->A * x->B.T(), done(); };
    } else {
        c.gram = [=] { x->C = x->A * x->B, done(); };
    }
#ifdef BENCH_HAS_EIGEN
    using M = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    c.eigen = [=] {
        const Eigen::Map<const M> A(x->A.data(), m, k), B(x->B.data(), x->B.rows(), x->B.cols());
        Eigen::Map<M> C(x->C.data(), m, n);
        if (transposed) {
            C.noalias() = A * B.transpose();
        } else {
            C.noalias() = A * B;
        }
        done();
    };
#endif
#ifdef BENCH_HAS_OPENBLAS
    c.openblas = [=] {
        const auto op = transposed ? CblasTrans : CblasNoTrans;
        const auto M_ = static_cast<int>(m), N_ = static_cast<int>(n), K_ = static_cast<int>(k);
        const auto ldb = static_cast<int>(x->B.cols());
        if constexpr (sizeof(T) == 8) {
            cblas_dgemm(CblasRowMajor, CblasNoTrans, op, M_, N_, K_, 1, x->A.data(), K_, x->B.data(), ldb, 0,
                        x->C.data(), N_);
        } else {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, op, M_, N_, K_, 1, x->A.data(), K_, x->B.data(), ldb, 0,
                        x->C.data(), N_);
        }
        done();
    };
#endif
    compare::cases().push_back(std::move(c));
}

template <class T>
void add_cases() {
    for (const index_t n : {4, 8, 16, 32, 64, 100, 128, 256, 500, 512, 1000, 1024}) add_case<T>(n, n, n, false);
    for (const index_t n : {32, 128, 512}) add_case<T>(n, n, n, true);
    add_case<T>(64, 256, 784, true);  // a dense layer
    add_case<T>(1000, 1000, 32, false);
    add_case<T>(32, 1000, 1000, false);
    add_case<T>(2000, 10, 784, true);
}

}  // namespace

int main(int argc, char** argv) {
    add_cases<double>();
    add_cases<float>();
    return compare::run(argc, argv);
}
