// Singular values and vectors.
#include <Eigen/SVD>

#include "peers/eigen_linalg/linalg.hpp"

namespace peers::eigen {
namespace {

template <class T, unsigned Wanted>
void svd(const void*, const Call<T>& c, long reps) {
    each(c, reps, [](const auto& A) {
        const Eigen::BDCSVD<Columns<T>> svd(A, Wanted);
        keep(svd);
        return svd.singularValues().eval();
    });
}

template <class T>
void add(Table<T>& table) {
    table[Op::svd] = svd<T, Eigen::ComputeThinU | Eigen::ComputeThinV>;
    table[Op::singular_values] = svd<T, 0>;
}

}  // namespace

void add_svd(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
