/// Factorizations and what is one call away from them.
#pragma once

#include "gram/linalg/cholesky.hpp"
#include "gram/linalg/eig.hpp"
#include "gram/linalg/eigh.hpp"
#include "gram/linalg/lstsq.hpp"
#include "gram/linalg/lu.hpp"
#include "gram/linalg/multivariate_normal.hpp"
#include "gram/linalg/norms.hpp"
#include "gram/linalg/power_iteration.hpp"
#include "gram/linalg/qr.hpp"
#include "gram/linalg/qr_pivoted.hpp"
#include "gram/linalg/randomized.hpp"
#include "gram/linalg/rank.hpp"
#include "gram/linalg/solve.hpp"
#include "gram/linalg/svd.hpp"
#include "gram/linalg/triangular.hpp"
