// Complex products, row-major. A multiplication and addition of complex numbers counts as eight operations.
#include <gram/kernel/gemm.hpp>

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

template <class T>
void gemm(Problem<T>& x, long reps) {
    repeat(reps, [&] { gram::kernel::gemm<gram::simd::native_arch, T>(T{1}, x.a.ref(), x.b.ref(), T{}, x.c.ref()); });
}

template <class T>
compare::Case make(long n, int threads) {
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{n, n}, Size{n, n}, Size{n, n});
        x->call.m = x->call.n = x->call.k = n;
        return contest_of_flops<T>(x, Op::gemm, gemm<T>, threads);
    };
    return {type_name<T>, "nn " + std::to_string(n), 8 * product(n, n, n), prepare, n == 64};
}

}  // namespace

compare::Group complex_products(const compare::Options& options) {
    compare::Group group{"complex", "GFLOPS", "FMA peak"};
    for (const long n : {64, 256, 512}) group.cases.push_back(make<std::complex<double>>(n, options.threads));
    for (const long n : {64, 256, 512}) group.cases.push_back(make<std::complex<float>>(n, options.threads));
    return group;
}

}  // namespace bench
