#include "peers/program.hpp"

#include <cstdio>
#include <exception>

#include "peers/peers.hpp"
#include "support/machine.hpp"

int peers::compare_with_all(int argc, char** argv, Op needed, const Groups& groups) try {
    const auto options = compare::parse(argc, argv);
#ifndef _OPENMP
    if (options.threads > 1) {
        std::fprintf(stderr, "--threads %d needs a build with GRAM_OPENMP=ON\n", options.threads);
        return 2;
    }
#endif
    open_all(options.blas, needed, options.threads);
    auto header = machine::header(options);
    std::vector<std::string> columns;
    for (const auto& peer : all()) {
        header.emplace_back(peer.name, peer.version);
        columns.push_back(peer.name);
    }
    return compare::run(options, header, columns, groups(options));
} catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
}
