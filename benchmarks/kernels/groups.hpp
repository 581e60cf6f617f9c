/// The groups of cases, one file each.
#pragma once

#include "support/compare.hpp"

namespace bench {

compare::Group squares(const compare::Options& options);
compare::Group layouts(const compare::Options& options);
compare::Group dense_layers(const compare::Options& options);
compare::Group skinny(const compare::Options& options);

}  // namespace bench
