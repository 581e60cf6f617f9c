/// The seam to xsimd: packs of float and double with loads, arithmetic, reductions and elementary functions.
///
/// Kernels that need no elementary functions include basic.hpp and reduce.hpp alone.
#pragma once

#include "gram/simd/arch.hpp"
#include "gram/simd/basic.hpp"
#include "gram/simd/math.hpp"
#include "gram/simd/reduce.hpp"
