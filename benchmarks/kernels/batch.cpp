// A thousand small products that lie one after the other.
#include <gram/kernel/gemm.hpp>

#if __has_include(<gram/kernel/gemm_batch.hpp>)
#include <gram/kernel/gemm_batch.hpp>
#define BENCH_HAS_GEMM_BATCH 1
#else
#define BENCH_HAS_GEMM_BATCH 0
#endif

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

constexpr long products = 1000;

template <class T>
void batch(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    using gram::kernel::MatRef;
    const MatRef<const T> A{c.a, c.m, c.k, c.k, 1}, B{c.b, c.k, c.n, c.n, 1};
    const MatRef<T> C{c.c, c.m, c.n, c.n, 1};
    repeat(reps, [&] {
#if BENCH_HAS_GEMM_BATCH
        gram::kernel::gemm_batch(c.count, c.alpha, A, c.a_step, B, c.b_step, c.beta, C, c.c_step);
#else
        for (long i = 0; i < c.count; ++i) {
            auto a = A, b = B;
            auto to = C;
            a.data += i * c.a_step, b.data += i * c.b_step, to.data += i * c.c_step;
            gram::kernel::gemm(c.alpha, a, b, c.beta, to);
        }
#endif
    });
}

template <class T>
compare::Case make(long n, int threads) {
    const auto prepare = [=] {
        const auto x =
            std::make_shared<Problem<T>>(Size{products * n, n}, Size{products * n, n}, Size{products * n, n});
        auto& c = x->call;
        c.m = c.n = c.k = n, c.count = products;
        c.a_step = c.b_step = c.c_step = n * n;
        return contest_of_flops<T>(x, Op::batch, batch<T>, threads);
    };
    return {type_name<T>, "1000 of " + std::to_string(n), 2 * product(n, n, n) * products, prepare, n % 16 == 0};
}

}  // namespace

compare::Group batches(const compare::Options& options) {
    compare::Group group{"batch", "GFLOPS", "FMA peak"};
    for (const long n : {8, 12, 16, 24, 32}) group.cases.push_back(make<double>(n, options.threads));
    for (const long n : {8, 12, 16, 24, 32}) group.cases.push_back(make<float>(n, options.threads));
    return group;
}

}  // namespace bench
