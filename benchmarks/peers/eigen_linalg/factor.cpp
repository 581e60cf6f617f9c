// LU, Cholesky and QR, and a system of equations.
#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <Eigen/QR>

#include "peers/eigen_linalg/linalg.hpp"

namespace peers::eigen {
namespace {

/// R and Q of a factorization by reflectors; returns the diagonal of R.
template <class T, class Factorization>
Eigen::Matrix<T, Eigen::Dynamic, 1> parts(const Factorization& f, long m, long n) {
    const Columns<T> R = f.matrixQR().topRows(n).template triangularView<Eigen::Upper>();
    Columns<T> Q;
    if (m == n) {
        Q = f.householderQ();
    } else {
        Q = f.householderQ() * Columns<T>::Identity(m, n);
    }
    keep(Q);
    return R.diagonal();
}

template <class T>
void add(Table<T>& table) {
    using M = Columns<T>;
    table[Op::lu] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& A) { return Eigen::PartialPivLU<M>(A).matrixLU().diagonal().eval(); });
    };
    table[Op::solve] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [b = vector(c.b, c.n)](const auto& A) { return Eigen::PartialPivLU<M>(A).solve(b).eval(); });
    };
    table[Op::cholesky] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& A) { return Eigen::LLT<M>(A).matrixLLT().diagonal().eval(); });
    };
    table[Op::qr] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& A) { return parts<T>(Eigen::HouseholderQR<M>(A), A.rows(), A.cols()); });
    };
    table[Op::qr_pivoted] = [](const void*, const Call<T>& c, long reps) {
        each(c, reps, [](const auto& A) { return parts<T>(Eigen::ColPivHouseholderQR<M>(A), A.rows(), A.cols()); });
    };
}

}  // namespace

void add_factor(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
