/// Which kernels a program compiles once: with GRAM_USE_COMPILED every file leaves them to compiled/tiles.cpp.
///
/// A file with a product compiles in about half of the time then. The one file must be compiled for the same
/// instruction set as the others, or the linker will miss them; the CMake target gram::compiled sees to both.
#pragma once

#include "gram/kernel/gemm_tile.hpp"

#if defined(GRAM_USE_COMPILED)
namespace gram::kernel::detail {

extern template struct TilesOfRows<simd::native_arch, float, 1>;
extern template struct TilesOfRows<simd::native_arch, float, 2>;
extern template struct TilesOfRows<simd::native_arch, float, 3>;
extern template struct TilesOfRows<simd::native_arch, float, 4>;
extern template struct TilesOfRows<simd::native_arch, float, 5>;
extern template struct TilesOfRows<simd::native_arch, float, 6>;
extern template struct TilesOfRows<simd::native_arch, float, 7>;
extern template struct TilesOfRows<simd::native_arch, float, 8>;
extern template struct TilesOfRows<simd::native_arch, double, 1>;
extern template struct TilesOfRows<simd::native_arch, double, 2>;
extern template struct TilesOfRows<simd::native_arch, double, 3>;
extern template struct TilesOfRows<simd::native_arch, double, 4>;
extern template struct TilesOfRows<simd::native_arch, double, 5>;
extern template struct TilesOfRows<simd::native_arch, double, 6>;
extern template struct TilesOfRows<simd::native_arch, double, 7>;
extern template struct TilesOfRows<simd::native_arch, double, 8>;

}  // namespace gram::kernel::detail
#endif
