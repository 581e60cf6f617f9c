// The eigenproblem of a general matrix.
#include <Eigen/Eigenvalues>

#include "peers/eigen_linalg/linalg.hpp"

namespace peers::eigen {
namespace {

template <class T, bool Vectors>
void eig(const void*, const Call<T>& c, long reps) {
    each(c, reps, [](const auto& A) {
        const Eigen::EigenSolver<Columns<T>> solver(A, Vectors);
        if constexpr (Vectors) keep(solver.eigenvectors());
        return solver.eigenvalues().cwiseAbs2().eval();
    });
}

template <class T>
void add(Table<T>& table) {
    table[Op::eig] = eig<T, true>;
    table[Op::eigvals] = eig<T, false>;
}

}  // namespace

void add_general(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
