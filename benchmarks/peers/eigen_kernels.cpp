// What the module of the kernels has.
#include "peers/eigen.hpp"

void peers::eigen::add_all(Tables& tables) {
    add_gemm(tables);
    add_complex(tables);
    add_fixed(tables);
    add_vectors(tables);
    add_triangular(tables);
    add_elementwise(tables);
}
