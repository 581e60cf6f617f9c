// What kernel/compiled.hpp leaves out of all other files.
#include "gram/kernel/gemm_tile.hpp"

namespace gram::kernel::detail {

template struct TilesOfRows<simd::native_arch, float, 1>;
template struct TilesOfRows<simd::native_arch, float, 2>;
template struct TilesOfRows<simd::native_arch, float, 3>;
template struct TilesOfRows<simd::native_arch, float, 4>;
template struct TilesOfRows<simd::native_arch, float, 5>;
template struct TilesOfRows<simd::native_arch, float, 6>;
template struct TilesOfRows<simd::native_arch, float, 7>;
template struct TilesOfRows<simd::native_arch, float, 8>;
template struct TilesOfRows<simd::native_arch, double, 1>;
template struct TilesOfRows<simd::native_arch, double, 2>;
template struct TilesOfRows<simd::native_arch, double, 3>;
template struct TilesOfRows<simd::native_arch, double, 4>;
template struct TilesOfRows<simd::native_arch, double, 5>;
template struct TilesOfRows<simd::native_arch, double, 6>;
template struct TilesOfRows<simd::native_arch, double, 7>;
template struct TilesOfRows<simd::native_arch, double, 8>;

}  // namespace gram::kernel::detail
