/// Every kernel: BLAS-shaped functions on pointers, sizes and strides.
#pragma once

#include "gram/kernel/buffer.hpp"
#include "gram/kernel/check.hpp"
#include "gram/kernel/complex.hpp"
#include "gram/kernel/copy.hpp"
#include "gram/kernel/gemm.hpp"
#include "gram/kernel/gemm_batch.hpp"
#include "gram/kernel/gemm_fixed.hpp"
#include "gram/kernel/gemv.hpp"
#include "gram/kernel/gemvt.hpp"
#include "gram/kernel/ref.hpp"
#include "gram/kernel/symv.hpp"
#include "gram/kernel/syrk.hpp"
#include "gram/kernel/threads.hpp"
#include "gram/kernel/triangular.hpp"
#include "gram/kernel/trsv.hpp"
#include "gram/kernel/vector.hpp"
