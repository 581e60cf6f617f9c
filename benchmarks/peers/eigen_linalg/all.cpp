// What the module of the factorizations has.
#include "peers/eigen_linalg/linalg.hpp"

void peers::eigen::add_all(Tables& tables) {
    add_factor(tables);
    add_symmetric(tables);
    add_svd(tables);
    add_general(tables);
    add_small(tables);
}
