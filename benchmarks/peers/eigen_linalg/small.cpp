// Eigenvalues and singular values of matrices whose extents the compiler knows.
#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

#include "peers/eigen_linalg/linalg.hpp"

namespace peers::eigen {
namespace {

struct Eigh {
    template <class M>
    static auto numbers(const M& A) {
        const Eigen::SelfAdjointEigenSolver<M> solver(A);
        keep(solver);
        return solver.eigenvalues().eval();
    }
};

struct Svd {
    template <class M>
    static auto numbers(const M& A) {
        const Eigen::JacobiSVD<M> svd(A, Eigen::ComputeFullU | Eigen::ComputeFullV);
        keep(svd);
        return svd.singularValues().eval();
    }
};

template <class What, class T, int N>
void all(const Call<T>& c, long reps) {
    repeat(reps, [&] {
        for (long i = 0; i < c.count; ++i) {
            const Eigen::Matrix<T, N, N> A = matrix<T, Eigen::ColMajor>(c.a + i * c.a_step, N, N);
            vector(c.c + i * N, N) = What::numbers(A);
        }
    });
}

template <class What, class T>
void of_size(const void*, const Call<T>& c, long reps) {
    if (c.n == 2) all<What, T, 2>(c, reps);
    if (c.n == 3) all<What, T, 3>(c, reps);
    if (c.n == 4) all<What, T, 4>(c, reps);
}

template <class T>
void add(Table<T>& table) {
    table[Op::fixed_eigh] = of_size<Eigh, T>;
    table[Op::fixed_svd] = of_size<Svd, T>;
}

}  // namespace

void add_small(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
