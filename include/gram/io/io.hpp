/// Files in and out: npy, csv, ratings, pictures.
#pragma once

#include "gram/io/csv.hpp"
#include "gram/io/idx.hpp"
#include "gram/io/matrix_market.hpp"
#include "gram/io/npy.hpp"
#include "gram/io/pgm.hpp"
#include "gram/io/ratings.hpp"
