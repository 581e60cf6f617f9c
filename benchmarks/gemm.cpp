// Matrix products against Eigen and OpenBLAS, interleaved in one program on one thread.
//
//   g++ -std=c++20 -O3 -march=native -Iinclude -DGRAM_BENCH_EIGEN -I/usr/include/eigen3 -DGRAM_BENCH_BLAS \
//       benchmarks/gemm.cpp -lopenblas -o gemm
//   env -u OPENBLAS_L2_SIZE OPENBLAS_CORETYPE=SkylakeX OPENBLAS_NUM_THREADS=1 ./gemm
//
// Each cell is the best of many rounds of thread CPU time; ratio = best peer time / our time (above 1: we win).
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "gram/kernel/gemm.hpp"

#if defined(GRAM_BENCH_EIGEN)
#include <Eigen/Core>
#endif
#if defined(GRAM_BENCH_BLAS)
#include <cblas.h>
#endif

namespace {

using gram::index_t;

double thread_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Seconds of one call, averaged over enough calls to be seen by the clock.
template <class F>
double seconds(const F& f, int calls) {
    const double start = thread_seconds();
    for (int i = 0; i < calls; ++i) f();
    return (thread_seconds() - start) / calls;
}

template <class T>
struct Operands {
    std::vector<T> a, b, c;
    index_t m, n, k;
    bool transposed_b;

    Operands(index_t rows, index_t cols, index_t depth, bool tb)
        : a(static_cast<std::size_t>(rows * depth)),
          b(static_cast<std::size_t>(depth * cols)),
          c(static_cast<std::size_t>(rows * cols)),
          m(rows),
          n(cols),
          k(depth),
          transposed_b(tb) {
        for (auto& x : a) x = static_cast<T>(std::rand() % 1000) / T{500} - T{1};
        for (auto& x : b) x = static_cast<T>(std::rand() % 1000) / T{500} - T{1};
    }

    void ours() {
        namespace ker = gram::kernel;
        const ker::MatRef<const T> A{a.data(), m, k, k, 1};
        const ker::MatRef<const T> B{b.data(), k, n, transposed_b ? 1 : n, transposed_b ? k : 1};
        ker::gemm(T{1}, A, B, T{0}, ker::MatRef<T>{c.data(), m, n, n, 1});
    }
#if defined(GRAM_BENCH_EIGEN)
    void eigen() {
        using M = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        const Eigen::Map<const M> A(a.data(), m, k);
        Eigen::Map<M> C(c.data(), m, n);
        if (transposed_b) {
            C.noalias() = A * Eigen::Map<const M>(b.data(), n, k).transpose();
        } else {
            C.noalias() = A * Eigen::Map<const M>(b.data(), k, n);
        }
    }
#endif
#if defined(GRAM_BENCH_BLAS)
    void blas() {
        const auto tb = transposed_b ? CblasTrans : CblasNoTrans;
        const int mi = static_cast<int>(m), ni = static_cast<int>(n), ki = static_cast<int>(k);
        const int ldb = transposed_b ? ki : ni;
        if constexpr (sizeof(T) == 8) {
            cblas_dgemm(CblasRowMajor, CblasNoTrans, tb, mi, ni, ki, 1.0, a.data(), ki, b.data(), ldb, 0.0, c.data(),
                        ni);
        } else {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, tb, mi, ni, ki, 1.0F, a.data(), ki, b.data(), ldb, 0.0F, c.data(),
                        ni);
        }
    }
#endif
};

template <class T>
void row(index_t m, index_t n, index_t k, bool tb) {
    Operands<T> x(m, n, k, tb);
    const double flops = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    const int calls = std::max(1, static_cast<int>(2e7 / flops));
    const int rounds = std::clamp(static_cast<int>(2.5e10 / (flops * calls)), 7, 400);
    double best[3] = {1e9, 1e9, 1e9};
    for (int r = 0; r < rounds; ++r) {
        best[0] = std::min(best[0], seconds([&] { x.ours(); }, calls));
#if defined(GRAM_BENCH_EIGEN)
        best[1] = std::min(best[1], seconds([&] { x.eigen(); }, calls));
#endif
#if defined(GRAM_BENCH_BLAS)
        best[2] = std::min(best[2], seconds([&] { x.blas(); }, calls));
#endif
    }
    const auto speed = [&](double s) { return 1e-9 * flops / s; };
    std::printf("%s %s %5td %5td %5td | %8.2f %8.2f %8.2f | %6.3f\n", sizeof(T) == 8 ? "f64" : "f32", tb ? "NT" : "NN",
                m, n, k, speed(best[0]), speed(best[1]), speed(best[2]), std::min(best[1], best[2]) / best[0]);
    std::fflush(stdout);
}

template <class T>
void table() {
    for (const index_t n : {4, 8, 12, 16, 24, 32, 48, 64, 96, 100, 128, 200, 256, 500, 512, 1000, 1024}) {
        row<T>(n, n, n, false);
    }
    for (const index_t n : {8, 32, 64, 128, 512}) row<T>(n, n, n, true);
    row<T>(1000, 32, 1000, false);
    row<T>(32, 1000, 1000, false);
    row<T>(1000, 1000, 32, false);
    row<T>(1000, 8, 1000, false);
    row<T>(8, 1000, 1000, false);
    row<T>(2000, 10, 784, true);
}

}  // namespace

int main(int argc, char** argv) {
    std::printf("type op    m     n     k |  gram GF  Eigen GF  BLAS GF | ratio\n");
    const bool only_double = argc > 1 && std::strcmp(argv[1], "f64") == 0;
    const bool only_float = argc > 1 && std::strcmp(argv[1], "f32") == 0;
    if (!only_float) table<double>();
    if (!only_double) table<float>();
}
