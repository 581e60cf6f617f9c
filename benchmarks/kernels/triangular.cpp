// Triangular and symmetric operands of level 3, all n×n and row-major, beside gram's own square product.
#include <gram/kernel/syrk.hpp>
#include <gram/kernel/triangular.hpp>

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

using gram::kernel::Diagonal;
using gram::kernel::Triangle;

template <class T>
void trsm(Problem<T>& x, long reps) {
    repeat(reps,
           [&] { gram::kernel::trsm(Triangle::lower, Diagonal::general, T{1}, std::as_const(x.a).ref(), x.c.ref()); });
}
template <class T>
void trmm(Problem<T>& x, long reps) {
    repeat(reps,
           [&] { gram::kernel::trmm(Triangle::lower, Diagonal::general, T{1}, std::as_const(x.a).ref(), x.c.ref()); });
}
template <class T>
void syrk(Problem<T>& x, long reps) {
    repeat(reps, [&] { gram::kernel::syrk(T{1}, std::as_const(x.a).ref(), T{1}, x.c.ref()); });
}
template <class T>
void syr2k(Problem<T>& x, long reps) {
    repeat(reps,
           [&] { gram::kernel::syr2k(T{1}, std::as_const(x.a).ref(), std::as_const(x.b).ref(), T{1}, x.c.ref()); });
}
template <class T>
void gemm(Problem<T>& x, long reps) {
    repeat(reps, [&] { gram::kernel::gemm(T{1}, std::as_const(x.a).ref(), std::as_const(x.b).ref(), T{}, x.c.ref()); });
}

template <class T>
compare::Case make(const char* name, Op op, Own<T> own, double flops, long n) {
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{n, n}, Size{n, n}, Size{n, n});
        auto& c = x->call;
        c.m = c.n = c.k = n, c.beta = T{1};
        if (op == Op::trsm || op == Op::trmm) {
            // Near the identity, so that c neither grows nor vanishes however often it is overwritten.
            for (long i = 0; i < n; ++i) {
                for (long j = 0; j < n; ++j) x->a(i, j) = i == j ? T{1} : static_cast<T>(1e-4) * x->a(i, j);
            }
        }
        auto result = contest<T>(x, op, own);
        // The yardstick overwrites c, as it may: no one's time depends on the values, which stay of the same size.
        measure_by<T>(result, x, gemm<T>, 2 * product(n, n, n));
        return result;
    };
    return {type_name<T>, std::string(name) + " " + std::to_string(n), flops, prepare, n == 256};
}

template <class T>
void add(compare::Group& group) {
    for (const long n : {256L, 512L, 1000L}) {
        const double cube = product(n, n, n);
        group.cases.push_back(make<T>("trsm", Op::trsm, trsm<T>, cube, n));
        group.cases.push_back(make<T>("trmm", Op::trmm, trmm<T>, cube, n));
        group.cases.push_back(make<T>("syrk", Op::syrk, syrk<T>, cube, n));
        group.cases.push_back(make<T>("syr2k", Op::syr2k, syr2k<T>, 2 * cube, n));
    }
}

}  // namespace

compare::Group triangular(const compare::Options&) {
    compare::Group group{"triangular", "GFLOPS", "gram's gemm"};
    add<double>(group), add<float>(group);
    return group;
}

}  // namespace bench
