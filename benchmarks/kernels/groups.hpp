/// The groups of cases, in the order of the table. A new group is a function here and a file beside this one.
#pragma once

#include "support/compare.hpp"

namespace bench {

compare::Group squares(const compare::Options& options);  // gemm.cpp, as are the next three
compare::Group layouts(const compare::Options& options);
compare::Group dense_layers(const compare::Options& options);
compare::Group skinny(const compare::Options& options);
compare::Group fixed(const compare::Options& options);             // fixed.cpp
compare::Group batches(const compare::Options& options);           // batch.cpp
compare::Group expressions(const compare::Options& options);       // expressions.cpp
compare::Group fused(const compare::Options& options);             // expressions.cpp
compare::Group complex_products(const compare::Options& options);  // complex.cpp
compare::Group triangular(const compare::Options& options);        // triangular.cpp
compare::Group vectors(const compare::Options& options);           // vectors.cpp
compare::Group elementwise(const compare::Options& options);       // elementwise.cpp
compare::Group softmax(const compare::Options& options);           // elementwise.cpp

}  // namespace bench
