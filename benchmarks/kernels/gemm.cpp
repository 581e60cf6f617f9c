// C = op(A) op(B) and C += A B through kernel::gemm, for sizes known when the program runs.
#include <gram/kernel/gemm.hpp>

#include "kernels/groups.hpp"
#include "kernels/problem.hpp"

namespace bench {
namespace {

struct Shape {
    long m, n, k;
    bool row_major = true, trans_a = false, trans_b = false;
    bool add = false;  // C += A B
};

template <class T>
gram::kernel::MatRef<T> stored(T* data, long rows, long cols, long line, bool row_major, bool transposed) {
    if (row_major != transposed) return {data, rows, cols, line, 1};
    return {data, rows, cols, 1, line};
}

template <class T>
void gemm(Problem<T>& x, long reps) {
    const Call<T>& c = x.call;
    const auto A = stored(c.a, c.m, c.k, c.lda(), c.row_major, c.trans_a);
    const auto B = stored(c.b, c.k, c.n, c.ldb(), c.row_major, c.trans_b);
    const auto C = stored(c.c, c.m, c.n, c.ldc(), c.row_major, false);
    repeat(reps, [&] { gram::kernel::gemm(c.alpha, A, B, c.beta, C); });
}

template <class T>
compare::Case make(const Shape& s, const std::string& name, int threads) {
    const auto prepare = [=] {
        const auto x = std::make_shared<Problem<T>>(Size{s.m, s.k}, Size{s.k, s.n}, Size{s.m, s.n});
        auto& c = x->call;
        c.m = s.m, c.n = s.n, c.k = s.k, c.beta = T(s.add ? 1 : 0);
        c.row_major = s.row_major, c.trans_a = s.trans_a, c.trans_b = s.trans_b;
        return contest_of_flops<T>(x, Op::gemm, gemm<T>, threads);
    };
    return {type_name<T>, name, 2 * product(s.m, s.n, s.k), prepare};
}

/// Adds a case for both types; the group is ordered by type.
void add(compare::Group& group, const Shape& s, const std::string& name, int threads, bool quick, bool rare = false) {
    for (auto one : {make<double>(s, name, threads), make<float>(s, name, threads)}) {
        one.quick = quick, one.rare = rare;
        group.cases.push_back(std::move(one));
    }
}

constexpr long square_sizes[] = {4,   5,   7,   8,   9,   12,  13,  15,  16,   17,   24,   31,   32,   33,   47,
                                 48,  49,  63,  64,  65,  96,  97,  100, 127,  128,  129,  192,  200,  251,  255,
                                 256, 257, 384, 500, 509, 512, 513, 768, 1000, 1021, 1024, 1025, 1536, 2000, 2048};

std::string text(const Shape& s) { return std::to_string(s.m) + "x" + std::to_string(s.n) + "x" + std::to_string(s.k); }

}  // namespace

compare::Group squares(const compare::Options& options) {
    compare::Group group{"square", "GFLOPS", "FMA peak"};
    constexpr long quick[] = {4, 8, 16, 31, 32, 64, 100, 128, 256, 500, 1000, 1024};
    for (const long n : square_sizes) {
        add(group, {n, n, n}, "nn " + std::to_string(n), options.threads, contains(quick, n));
    }
    return sorted(group);
}

compare::Group layouts(const compare::Options& options) {
    compare::Group group{"layout", "GFLOPS", "FMA peak"};
    constexpr long usual[] = {16, 64, 256, 1000};
    for (const long n : square_sizes) {
        for (const bool row_major : {true, false}) {
            for (const bool trans_a : {false, true}) {
                for (const bool trans_b : {false, true}) {
                    if (row_major && !trans_a && !trans_b) continue;  // the squares
                    const std::string name = std::string(row_major ? "row " : "col ") + (trans_a ? "t" : "n") +
                                             (trans_b ? "t " : "n ") + std::to_string(n);
                    add(group, {n, n, n, row_major, trans_a, trans_b}, name, options.threads, false,
                        !contains(usual, n));
                }
            }
        }
    }
    return sorted(group);
}

compare::Group dense_layers(const compare::Options& options) {
    compare::Group group{"dense", "GFLOPS", "FMA peak"};
    constexpr long layers[][2] = {{784, 256}, {256, 128}, {128, 10}, {4096, 4096}};
    for (const auto& [in, out] : layers) {
        for (const long rows : {1L, 16L, 64L, 512L}) {
            const std::string name =
                std::to_string(rows) + " rows, " + std::to_string(in) + " to " + std::to_string(out);
            add(group, {rows, out, in, true, false, true}, name, options.threads, rows == 64 && in < 4096);
        }
    }
    return sorted(group);
}

compare::Group skinny(const compare::Options& options) {
    compare::Group group{"skinny", "GFLOPS", "FMA peak"};
    constexpr Shape shapes[] = {{5000, 8, 8}, {2000, 64, 64}, {64, 2000, 64}, {8, 8, 4096}, {31, 1000, 257}};
    for (const Shape& s : shapes) add(group, s, text(s), options.threads, s.m < 100);
    for (const long k : {8L, 16L, 32L, 64L}) {
        const Shape s{2000, 2000, k, true, false, false, true};
        add(group, s, text(s) + " add", options.threads, k == 32);
    }
    return sorted(group);
}

}  // namespace bench
