// C = A B for matrices whose extents the compiler knows.
#include <utility>

#include <gram/expr/assign.hpp>
#include <gram/expr/operators.hpp>
#include <gram/expr/product.hpp>

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

template <class T, int N>
void multiply(Problem<T>& x, long reps) {
    using M = gram::Matrix<T, N, N>;
    M A(x.a), B(x.b), C;
    asm volatile("" : : "r"(&A), "r"(&B), "r"(&C) : "memory");
    repeat(reps, [&] { C = A * B; });
    std::copy(C.begin(), C.end(), x.c.begin());
}

template <class T, int N>
compare::Case make(int threads) {
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{N, N}, Size{N, N}, Size{N, N});
        x->call.m = x->call.n = x->call.k = N;
        return contest_of_flops<T>(x, Op::fixed, multiply<T, N>, threads);
    };
    return {type_name<T>, "nn " + std::to_string(N), 2 * product(N, N, N), prepare, N % 4 == 0 || N == 3};
}

}  // namespace

compare::Group fixed(const compare::Options&) {
    compare::Group group{"fixed", "GFLOPS", "FMA peak"};
    const auto add = [&]<int... I>(std::integer_sequence<int, I...>) {
        (group.cases.push_back(make<double, I + 2>(1)), ...);
        (group.cases.push_back(make<float, I + 2>(1)), ...);
    };
    add(std::make_integer_sequence<int, 15>{});
    return group;
}

}  // namespace bench
