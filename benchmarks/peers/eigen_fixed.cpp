// Products of matrices whose extents the compiler knows.
#include <utility>

#include "peers/eigen.hpp"

namespace peers::eigen {
namespace {

template <class T, int N>
void product(const Call<T>& c, long reps) {
    using M = Eigen::Matrix<T, N, N, Eigen::RowMajor>;
    const M A = matrix<T>(c.a, N, N), B = matrix<T>(c.b, N, N);
    M C;
    asm volatile("" : : "r"(&A), "r"(&B), "r"(&C) : "memory");
    repeat(reps, [&] { C.noalias() = A * B; });
    matrix<T>(c.c, N, N) = C;
}

template <class T>
void fixed(const void*, const Call<T>& c, long reps) {
    [&]<int... I>(std::integer_sequence<int, I...>) { ((c.n == I + 2 ? product<T, I + 2>(c, reps) : void()), ...); }
    (std::make_integer_sequence<int, 15>{});
}

}  // namespace

void add_fixed(Tables& tables) {
    tables.f32[Op::fixed] = fixed<float>;
    tables.f64[Op::fixed] = fixed<double>;
}

}  // namespace peers::eigen
