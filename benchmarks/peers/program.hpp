/// The main function that the programs share.
#pragma once

#include <functional>
#include <vector>

#include "peers/table.hpp"
#include "support/compare.hpp"

namespace peers {

using Groups = std::function<std::vector<compare::Group>(const compare::Options&)>;

/// Prints the table of the groups, with a column for every peer that has `needed`. Returns main's exit status.
int compare_with_all(int argc, char** argv, Op needed, const Groups& groups);

}  // namespace peers
