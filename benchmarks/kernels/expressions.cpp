// Products as users write them: what `C = A * B` costs beside the kernel it ends in, and a dense layer, whose bias and
// activation ride on the product, beside the bare product.
#include <gram/expr/expr.hpp>

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

template <class T>
void by_expression(Problem<T>& x, long reps) {
    repeat(reps, [&] { x.c = x.a * x.b; });
}
template <class T>
void by_kernel(Problem<T>& x, long reps) {
    const auto A = std::as_const(x.a).ref(), B = std::as_const(x.b).ref();
    repeat(reps, [&] { gram::kernel::gemm(x.call.alpha, A, B, x.call.beta, x.c.ref()); });
}

template <class T>
compare::Case square(long n) {
    const double work = 2 * product(n, n, n);
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{n, n}, Size{n, n}, Size{n, n});
        x->call.m = x->call.n = x->call.k = n;
        auto result = contest<T>(x, Op::gemm, by_expression<T>);
        measure_by<T>(result, x, by_kernel<T>, work);
        return result;
    };
    return {type_name<T>, "nn " + std::to_string(n), work, prepare, n == 4 || n == 16 || n == 64};
}

template <class T>
void layer(Problem<T>& x, long reps) {
    repeat(reps, [&] { x.c = gram::relu(x.a * x.b.T() + x.bias); });
}
template <class T>
void bare(Problem<T>& x, long reps) {
    repeat(reps, [&] { x.c = x.a * x.b.T(); });
}

template <class T>
compare::Case fused_layer(long rows, long in, long out) {
    const double work = 2 * product(rows, in, out);
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{rows, in}, Size{out, in}, Size{rows, out}, out);
        auto& c = x->call;
        c.m = rows, c.n = out, c.k = in, c.trans_b = true;
        auto result = contest<T>(x, Op::fused, layer<T>);
        measure_by<T>(result, x, bare<T>, work);
        return result;
    };
    const std::string name = std::to_string(rows) + " rows, " + std::to_string(in) + " to " + std::to_string(out);
    return {type_name<T>, name, work, prepare, rows == 64 && in < 4096};
}

}  // namespace

compare::Group expressions(const compare::Options&) {
    compare::Group group{"expression", "GFLOPS", "kernel::gemm"};
    for (const long n : {4, 8, 12, 16, 24, 32, 64, 256}) {
        group.cases.push_back(square<double>(n)), group.cases.push_back(square<float>(n));
    }
    return sorted(group);
}

compare::Group fused(const compare::Options&) {
    compare::Group group{"fused", "GFLOPS", "the bare product"};
    constexpr long layers[][2] = {{784, 256}, {256, 128}, {128, 10}, {4096, 4096}};
    for (const auto& [in, out] : layers) {
        for (const long rows : {1L, 16L, 64L, 512L}) {
            group.cases.push_back(fused_layer<double>(rows, in, out));
            group.cases.push_back(fused_layer<float>(rows, in, out));
        }
    }
    return sorted(group);
}

}  // namespace bench
