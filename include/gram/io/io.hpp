/// Files: npy, csv, ratings, PGM and PPM.
#pragma once

#include "gram/io/csv.hpp"
#include "gram/io/elements.hpp"
#include "gram/io/file.hpp"
#include "gram/io/npy.hpp"
#include "gram/io/npy_header.hpp"
#include "gram/io/pgm.hpp"
#include "gram/io/ratings.hpp"
#include "gram/io/text.hpp"
