/// Expressions: operators, functions, reductions, products.
#pragma once

#include "gram/expr/binary.hpp"
#include "gram/expr/comparisons.hpp"
#include "gram/expr/complex.hpp"
#include "gram/expr/elementary.hpp"
#include "gram/expr/functions.hpp"
#include "gram/expr/indexed.hpp"
#include "gram/expr/make.hpp"
#include "gram/expr/norms.hpp"
#include "gram/expr/operators.hpp"
#include "gram/expr/random.hpp"
#include "gram/expr/rearrange.hpp"
#include "gram/expr/reductions.hpp"
#include "gram/expr/softmax.hpp"
#include "gram/expr/sorting.hpp"
#include "gram/expr/statistics.hpp"
#include "gram/expr/updates.hpp"
