// Triangular and symmetric operands of level 3.
#include "peers/eigen.hpp"

namespace peers::eigen {
namespace {

template <class T>
void trsm(const void*, const Call<T>& c, long reps) {
    const auto A = matrix(c.a, c.n, c.n);
    repeat(reps, [&] {
        auto B = matrix(c.c, c.n, c.n);
        A.template triangularView<Eigen::Lower>().solveInPlace(B);
    });
}
template <class T>
void trmm(const void*, const Call<T>& c, long reps) {
    const auto A = matrix(c.a, c.n, c.n);
    repeat(reps, [&] {
        auto B = matrix(c.c, c.n, c.n);
        B = A.template triangularView<Eigen::Lower>() * B;
    });
}
template <class T>
void syrk(const void*, const Call<T>& c, long reps) {
    const auto A = matrix(c.a, c.n, c.n);
    repeat(reps, [&] { matrix(c.c, c.n, c.n).template selfadjointView<Eigen::Lower>().rankUpdate(A); });
}
template <class T>
void syr2k(const void*, const Call<T>& c, long reps) {
    // Eigen's own update of rank 2 is of vectors; its way to this is two products of which one triangle is kept.
    const auto A = matrix(c.a, c.n, c.n), B = matrix(c.b, c.n, c.n);
    repeat(reps, [&] {
        auto C = matrix(c.c, c.n, c.n);
        C.template triangularView<Eigen::Lower>() += A * B.transpose();
        C.template triangularView<Eigen::Lower>() += B * A.transpose();
    });
}

template <class T>
void add(Table<T>& table) {
    table[Op::trsm] = trsm<T>;
    table[Op::trmm] = trmm<T>;
    table[Op::syrk] = syrk<T>;
    table[Op::syr2k] = syr2k<T>;
}

}  // namespace

void add_triangular(Tables& tables) { add(tables.f32), add(tables.f64); }

}  // namespace peers::eigen
