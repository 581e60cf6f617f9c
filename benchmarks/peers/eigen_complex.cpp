// Products of complex matrices, row-major.
#include "peers/eigen.hpp"

namespace peers::eigen {
namespace {

template <class T>
void gemm(const void*, const Call<T>& c, long reps) {
    const auto A = matrix<T>(c.a, c.m, c.k), B = matrix<T>(c.b, c.k, c.n);
    repeat(reps, [&] { matrix<T>(c.c, c.m, c.n).noalias() = A * B; });
}

}  // namespace

void add_complex(Tables& tables) {
    tables.c64[Op::gemm] = gemm<std::complex<float>>;
    tables.c128[Op::gemm] = gemm<std::complex<double>>;
}

}  // namespace peers::eigen
