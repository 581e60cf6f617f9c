/// Recommenders: ratings, factorizations, baselines, metrics.
#pragma once

#include "gram/rec/als.hpp"
#include "gram/rec/baselines.hpp"
#include "gram/rec/matrix_factorize.hpp"
#include "gram/rec/metrics.hpp"
#include "gram/rec/model.hpp"
#include "gram/rec/ratings.hpp"
#include "gram/rec/sgd.hpp"
#include "gram/rec/split.hpp"
#include "gram/rec/svd_route.hpp"
