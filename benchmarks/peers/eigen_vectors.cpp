// Level 1 and 2: vectors, and a matrix with vectors.
#include "peers/eigen.hpp"

namespace peers::eigen {
namespace {

template <class T>
void dot(const void*, const Call<T>& c, long reps) {
    repeat(reps, [&] { c.c[0] = vector(c.a, c.n).dot(vector(c.b, c.n)); });
}
template <class T>
void axpy(const void*, const Call<T>& c, long reps) {
    repeat(reps, [&] { vector(c.c, c.n).noalias() += c.alpha * vector(c.a, c.n); });
}
template <class T>
void nrm2(const void*, const Call<T>& c, long reps) {
    repeat(reps, [&] { c.c[0] = vector(c.a, c.n).norm(); });
}
template <class T>
void gemv(const void*, const Call<T>& c, long reps) {
    const auto A = matrix(c.a, c.m, c.n);
    if (c.trans_a) {
        repeat(reps, [&] { vector(c.c, c.n).noalias() = A.transpose() * vector(c.b, c.m); });
    } else {
        repeat(reps, [&] { vector(c.c, c.m).noalias() = A * vector(c.b, c.n); });
    }
}
template <class T>
void ger(const void*, const Call<T>& c, long reps) {
    repeat(reps,
           [&] { matrix(c.c, c.m, c.n).noalias() += (c.alpha * vector(c.a, c.m)) * vector(c.b, c.n).transpose(); });
}
template <class T>
void symv(const void*, const Call<T>& c, long reps) {
    const auto A = matrix(c.a, c.n, c.n);
    repeat(reps, [&] { vector(c.c, c.n).noalias() = A.template selfadjointView<Eigen::Lower>() * vector(c.b, c.n); });
}

template <class T>
void add(Table<T>& table) {
    table[Op::dot] = dot<T>;
    table[Op::axpy] = axpy<T>;
    table[Op::nrm2] = nrm2<T>;
    table[Op::gemv] = gemv<T>;
    table[Op::ger] = ger<T>;
    table[Op::symv] = symv<T>;
}

}  // namespace

void add_vectors(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
