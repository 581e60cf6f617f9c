/// bfloat16 as an element of matrices.
#pragma once

#include "gram/core/types.hpp"
#include "gram/kernel/bfloat16.hpp"

namespace gram {

template <>
inline constexpr bool is_storage_v<bfloat16> = true;

}  // namespace gram
