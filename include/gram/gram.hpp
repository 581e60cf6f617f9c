/// gram: linear algebra and the machine learning built on it, in one include.
///
/// Everything that needs no optional dependency. Each header can also be included by itself.
#pragma once

#include "gram/core/convert.hpp"
#include "gram/core/matrix.hpp"
#include "gram/core/print.hpp"
#include "gram/core/random.hpp"
#include "gram/embed/embed.hpp"
#include "gram/expr/expr.hpp"
#include "gram/io/io.hpp"
#include "gram/linalg/linalg.hpp"
#include "gram/nn/nn.hpp"
#include "gram/rec/rec.hpp"
