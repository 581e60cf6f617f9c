// gram's kernels against every peer that is found; benchmarks/run builds and starts it, docs/benchmarks.md explains it.
#include "kernels/groups.hpp"
#include "peers/program.hpp"

int main(int argc, char** argv) {
    return peers::compare_with_all(argc, argv, peers::Op::gemm, [](const compare::Options& options) {
        return std::vector{bench::squares(options),     bench::layouts(options), bench::dense_layers(options),
                           bench::skinny(options),      bench::fixed(options),   bench::batches(options),
                           bench::expressions(options), bench::fused(options),   bench::complex_products(options),
                           bench::triangular(options),  bench::vectors(options), bench::elementwise(options),
                           bench::softmax(options)};
    });
}
