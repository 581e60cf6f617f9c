// The symmetric eigenproblem.
#include <Eigen/Eigenvalues>

#include "peers/eigen_linalg/linalg.hpp"

namespace peers::eigen {
namespace {

template <class T, int Wanted>
void eigh(const void*, const Call<T>& c, long reps) {
    each(c, reps, [](const auto& A) {
        const Eigen::SelfAdjointEigenSolver<Columns<T>> solver(A, Wanted);
        keep(solver);
        return solver.eigenvalues().eval();
    });
}

template <class T>
void add(Table<T>& table) {
    table[Op::eigh] = eigh<T, Eigen::ComputeEigenvectors>;
    table[Op::eigvalsh] = eigh<T, Eigen::EigenvaluesOnly>;
}

}  // namespace

void add_symmetric(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
