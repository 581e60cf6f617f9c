// Products of matrices whose extents are known when the program runs.
#include "peers/eigen.hpp"

namespace peers::eigen {
namespace {

template <class T, int Order, class A, class B>
void assign(const A& a, const B& b, const Call<T>& c, T* to) {
    auto C = matrix<T, Order>(to, c.m, c.n);
    if (c.beta == T{}) {
        C.noalias() = a * b;
    } else {
        C.noalias() += a * b;
    }
}

template <class T, int Order>
void product(const Call<T>& c, const T* a, const T* b, T* to) {
    const auto A = matrix<T, Order>(a, c.trans_a ? c.k : c.m, c.trans_a ? c.m : c.k);
    const auto B = matrix<T, Order>(b, c.trans_b ? c.n : c.k, c.trans_b ? c.k : c.n);
    if (c.trans_a && c.trans_b) return assign<T, Order>(A.transpose(), B.transpose(), c, to);
    if (c.trans_a) return assign<T, Order>(A.transpose(), B, c, to);
    if (c.trans_b) return assign<T, Order>(A, B.transpose(), c, to);
    assign<T, Order>(A, B, c, to);
}

template <class T>
void gemm(const void*, const Call<T>& c, long reps) {
    repeat(reps, [&] {
        c.row_major ? product<T, Eigen::RowMajor>(c, c.a, c.b, c.c) : product<T, Eigen::ColMajor>(c, c.a, c.b, c.c);
    });
}

template <class T>
void batch(const void*, const Call<T>& c, long reps) {
    repeat(reps, [&] {
        for (long i = 0; i < c.count; ++i) {
            matrix<T>(c.c + i * c.c_step, c.m, c.n).noalias() =
                matrix<T>(c.a + i * c.a_step, c.m, c.k) * matrix<T>(c.b + i * c.b_step, c.k, c.n);
        }
    });
}

template <class T>
void fused(const void*, const Call<T>& c, long reps) {
    const auto X = matrix<T>(c.a, c.m, c.k), W = matrix<T>(c.b, c.n, c.k);
    const auto bias = vector<T>(c.bias, c.n);
    repeat(reps, [&] {
        auto C = matrix<T>(c.c, c.m, c.n);
        C.noalias() = X * W.transpose();
        C = (C.rowwise() + bias.transpose()).cwiseMax(T{});
    });
}

template <class T>
void add(Table<T>& table) {
    table[Op::gemm] = gemm<T>;
    table[Op::batch] = batch<T>;
    table[Op::fused] = fused<T>;
}

}  // namespace

void add_gemm(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
