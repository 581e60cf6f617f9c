// gram's kernels against every peer that is found; benchmarks/run builds and starts it, docs/benchmarks.md explains it.
#include <cstdio>
#include <exception>

#include "kernels/groups.hpp"
#include "peers/peers.hpp"
#include "support/machine.hpp"

int main(int argc, char** argv) try {
    const auto options = compare::parse(argc, argv);
#ifndef _OPENMP
    if (options.threads > 1) {
        std::fprintf(stderr, "--threads %d needs a build with GRAM_OPENMP=ON\n", options.threads);
        return 2;
    }
#endif
    peers::open_all(options.blas, options.threads);
    auto header = machine::header(options);
    std::vector<std::string> columns;
    for (const auto& peer : peers::all()) {
        header.emplace_back(peer.name, peer.version);
        columns.push_back(peer.name);
    }
    return compare::run(
        options, header, columns,
        {bench::squares(options), bench::layouts(options), bench::dense_layers(options), bench::skinny(options),
         bench::fixed(options), bench::batches(options), bench::expressions(options), bench::fused(options),
         bench::complex_products(options), bench::triangular(options), bench::vectors(options),
         bench::elementwise(options), bench::softmax(options)});
} catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
}
