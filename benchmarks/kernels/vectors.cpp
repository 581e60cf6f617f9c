// Level 1 and 2, bound by memory: as a share of a loop that only reads, or only copies, as many bytes as fit.
#include <gram/kernel/gemv.hpp>
#include <gram/kernel/symv.hpp>
#include <gram/kernel/vector.hpp>
#include <gram/simd/pack.hpp>

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

using gram::kernel::MatRef;
using gram::kernel::VecRef;

template <class T>
VecRef<T> vector(T* data, long n) {
    return {data, n, 1};
}

template <class T>
void dot(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    repeat(reps, [&] { c.c[0] = gram::kernel::dot(vector(c.a, c.n), vector(c.b, c.n)); });
}
template <class T>
void axpy(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    repeat(reps, [&] { gram::kernel::axpy(c.alpha, vector(c.a, c.n), vector(c.c, c.n)); });
}
template <class T>
void nrm2(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    repeat(reps, [&] { c.c[0] = gram::kernel::nrm2(vector(c.a, c.n)); });
}
template <class T>
void gemv(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    const MatRef<const T> A{c.a, c.m, c.n, c.n, 1};
    const auto op = c.trans_a ? A.transposed() : A;
    repeat(reps, [&] { gram::kernel::gemv(c.alpha, op, vector(c.b, op.cols), c.beta, vector(c.c, op.rows)); });
}
template <class T>
void ger(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    repeat(reps, [&] {
        gram::kernel::ger(c.alpha, vector(c.a, c.m), vector(c.b, c.n), MatRef<T>{c.c, c.m, c.n, c.n, 1});
    });
}
template <class T>
void symv(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    repeat(reps, [&] {
        gram::kernel::symv(c.alpha, MatRef<const T>{c.a, c.n, c.n, c.n, 1}, vector(c.b, c.n), c.beta, vector(c.c, c.n));
    });
}

/// Reads n elements and does as little with them as a compiler allows.
template <class T>
void read(const T* p, long n) {
    constexpr long w = gram::simd::width<T>, step = 8 * w;
    gram::simd::pack<T> sum[8];
    for (auto& s : sum) s = gram::simd::broadcast<T>(T{});
    for (long i = 0; i + step <= n; i += step) {
#pragma GCC unroll 8
        for (long j = 0; j < 8; ++j) sum[j] = sum[j] + gram::simd::load<T>(p + i + j * w);
    }
    for (auto& s : sum) compare::keep(s);
}

template <class T>
void copy(const T* from, T* to, long n) {
    constexpr long w = gram::simd::width<T>, step = 4 * w;
    for (long i = 0; i + step <= n; i += step) {
#pragma GCC unroll 4
        for (long j = 0; j < 4; ++j) gram::simd::store(to + i + j * w, gram::simd::load<T>(from + i + j * w));
    }
}

/// What an operation touches, and so the plain loop to hold beside it.
enum class Touches { reads_a, reads_a_and_b, reads_half_of_a, updates_c_by_a, updates_c };

/// Answers how many elements it moved.
template <class T>
long plain_loop(Problem<T>& x, Touches what) {
    const long a = x.a.size(), b = x.b.size(), c = x.c.size();
    switch (what) {
        case Touches::reads_a:
            return read(x.call.a, a), a;
        case Touches::reads_a_and_b:
            return read(x.call.a, a), read(x.call.b, b), a + b;
        case Touches::reads_half_of_a:
            return read(x.call.a, a / 2), a / 2;
        case Touches::updates_c_by_a:
            return copy<T>(x.call.a, x.call.c, c), 2 * c;
        case Touches::updates_c:
            return copy<T>(x.call.c, x.call.c + c / 2, c / 2), c;
    }
    return 0;
}

template <class T>
struct Routine {
    const char* name;
    Op op;
    Own<T> own;
    Touches what;
    bool trans = false;
};

constexpr long sizes[] = {16L << 10, 256L << 10, 8L << 20, 256L << 20};  // bytes, from the first cache to memory

std::string text(long bytes) {
    return bytes < 1L << 20 ? std::to_string(bytes >> 10) + " KiB" : std::to_string(bytes >> 20) + " MiB";
}

/// The extent of vectors, or of a square matrix, with which the operands are together about so many elements.
long extent(Op op, long elements) {
    if (op == Op::nrm2) return elements;
    if (op == Op::dot || op == Op::axpy) return elements / 2;
    // Not a power of two: that is a case of its own, and a bad one for everybody.
    return static_cast<long>(0.98 * std::sqrt(static_cast<double>(elements)));
}

/// Elements read and written.
double moved(Op op, long n) {
    switch (op) {
        case Op::nrm2:
            return product(1, n);
        case Op::dot:
            return product(2, n);
        case Op::axpy:
            return product(3, n);
        case Op::ger:
            return product(2, n, n);
        case Op::symv:
            return product(n, n) / 2;
        default:
            return product(n, n);
    }
}

template <class T>
std::shared_ptr<Problem<T>> make_problem(const Routine<T>& routine, long n) {
    const Size matrix{n, n}, column{n, 1}, one{1, 1}, none{0, 0};
    const auto sized = [&](Size a, Size b, Size c) { return std::make_shared<Problem<T>>(a, b, c); };
    std::shared_ptr<Problem<T>> x;
    switch (routine.op) {
        case Op::nrm2:
            x = sized(column, none, one);
            break;
        case Op::dot:
            x = sized(column, column, one);
            break;
        case Op::axpy:
            x = sized(column, none, column);
            break;
        case Op::ger:
            x = sized(column, column, matrix);
            break;
        default:
            x = sized(matrix, column, column);
    }
    auto& c = x->call;
    c.m = c.n = c.k = n, c.trans_a = routine.trans;
    // What is added again and again must stay small.
    if (routine.op == Op::axpy || routine.op == Op::ger) c.alpha = static_cast<T>(1e-6);
    return x;
}

template <class T>
compare::Case make(const Routine<T>& routine, long bytes) {
    const long n = extent(routine.op, bytes / static_cast<long>(sizeof(T)));
    const auto prepare = [=] {
        const auto x = make_problem(routine, n);
        auto result = contest<T>(x, routine.op, routine.own);
        result.yardstick = [x, what = routine.what](long reps) { repeat(reps, [&] { plain_loop(*x, what); }); };
        result.yardstick_work = static_cast<double>(plain_loop(*x, routine.what)) * sizeof(T);
        return result;
    };
    return {type_name<T>, std::string(routine.name) + " " + text(bytes), moved(routine.op, n) * sizeof(T), prepare,
            bytes == sizes[0] || bytes == sizes[2]};
}

template <class T>
void add(compare::Group& group) {
    const Routine<T> routines[] = {
        {"dot", Op::dot, dot<T>, Touches::reads_a_and_b},      {"nrm2", Op::nrm2, nrm2<T>, Touches::reads_a},
        {"axpy", Op::axpy, axpy<T>, Touches::updates_c_by_a},  {"gemv n", Op::gemv, gemv<T>, Touches::reads_a},
        {"gemv t", Op::gemv, gemv<T>, Touches::reads_a, true}, {"ger", Op::ger, ger<T>, Touches::updates_c},
        {"symv", Op::symv, symv<T>, Touches::reads_half_of_a}};
    for (const auto& routine : routines) {
        for (const long bytes : sizes) group.cases.push_back(make(routine, bytes));
    }
}

}  // namespace

compare::Group vectors(const compare::Options&) {
    compare::Group group{"vector", "GB/s", "a plain loop"};
    add<double>(group), add<float>(group);
    return group;
}

}  // namespace bench
