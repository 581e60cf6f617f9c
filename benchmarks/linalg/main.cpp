// gram's factorizations against every peer that is found; benchmarks/run --linalg builds and starts it,
// docs/benchmarks.md explains it.
#include "linalg/groups.hpp"
#include "peers/program.hpp"

int main(int argc, char** argv) {
    return peers::compare_with_all(argc, argv, peers::Op::lu, [](const compare::Options& options) {
        std::vector<compare::Group> groups;
        for (const auto group :
             {bench::lu, bench::lu_in_place, bench::solve, bench::cholesky, bench::cholesky_in_place, bench::qr,
              bench::qr_pivoted, bench::eigh, bench::eigvalsh, bench::svd, bench::singular_values, bench::eig,
              bench::eigvals, bench::fixed_eigh, bench::fixed_svd}) {
            groups.push_back(group(options));
        }
        return groups;
    });
}
