/// Files in and out: npy, csv, MatrixMarket, IDX, fvecs, ratings, pictures. npz, gzip, PNG and safetensors need
/// libraries and have headers of their own.
#pragma once

#include "gram/io/csv.hpp"
#include "gram/io/idx.hpp"
#include "gram/io/mapped.hpp"
#include "gram/io/matrix_market.hpp"
#include "gram/io/npy.hpp"
#include "gram/io/pgm.hpp"
#include "gram/io/ratings.hpp"
