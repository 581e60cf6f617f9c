/// The groups of cases, one a routine, in the order of the table.
#pragma once

#include "support/compare.hpp"

namespace bench {

compare::Group lu(const compare::Options& options);  // factor.cpp, as are the next six
compare::Group lu_in_place(const compare::Options& options);
compare::Group solve(const compare::Options& options);
compare::Group cholesky(const compare::Options& options);
compare::Group cholesky_in_place(const compare::Options& options);
compare::Group qr(const compare::Options& options);
compare::Group qr_pivoted(const compare::Options& options);
compare::Group eigh(const compare::Options& options);             // symmetric.cpp
compare::Group eigvalsh(const compare::Options& options);         // symmetric.cpp
compare::Group svd(const compare::Options& options);              // svd.cpp
compare::Group singular_values(const compare::Options& options);  // svd.cpp
compare::Group eig(const compare::Options& options);              // general.cpp
compare::Group eigvals(const compare::Options& options);          // general.cpp
compare::Group fixed_eigh(const compare::Options& options);       // fixed.cpp
compare::Group fixed_svd(const compare::Options& options);        // fixed.cpp

}  // namespace bench
