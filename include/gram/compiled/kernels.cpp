// The kernels that every file of a program leaves to this one when GRAM_USE_COMPILED is defined. It must be compiled
// for the same instruction set as they are, or the linker will miss them; the CMake target gram::compiled sees to both.
#include "gram/kernel/kernel.hpp"

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

template void gemm_any<simd::native_arch>(float, const MatRef<const float>&, const MatRef<const float>&, float,
                                          const MatRef<float>&);
template void gemm_any<simd::native_arch>(double, const MatRef<const double>&, const MatRef<const double>&, double,
                                          const MatRef<double>&);
template void gemm_any<simd::native_arch>(std::complex<float>, const MatRef<const std::complex<float>>&,
                                          const MatRef<const std::complex<float>>&, std::complex<float>,
                                          const MatRef<std::complex<float>>&);
template void gemm_any<simd::native_arch>(std::complex<double>, const MatRef<const std::complex<double>>&,
                                          const MatRef<const std::complex<double>>&, std::complex<double>,
                                          const MatRef<std::complex<double>>&);
template void gemm_fused_across<simd::native_arch>(const MatRef<const float>&, const MatRef<const float>&,
                                                   const MatRef<float>&, const TileFunction<float>&);
template void gemm_fused_across<simd::native_arch>(const MatRef<const double>&, const MatRef<const double>&,
                                                   const MatRef<double>&, const TileFunction<double>&);

}  // namespace gram::kernel::detail
namespace gram::kernel {

template void gemv<simd::native_arch>(float, const MatRef<const float>&, const VecRef<const float>&, float,
                                      const VecRef<float>&);
template void gemv<simd::native_arch>(double, const MatRef<const double>&, const VecRef<const double>&, double,
                                      const VecRef<double>&);
template void gemv<simd::native_arch>(std::complex<float>, const MatRef<const std::complex<float>>&,
                                      const VecRef<const std::complex<float>>&, std::complex<float>,
                                      const VecRef<std::complex<float>>&);
template void gemv<simd::native_arch>(std::complex<double>, const MatRef<const std::complex<double>>&,
                                      const VecRef<const std::complex<double>>&, std::complex<double>,
                                      const VecRef<std::complex<double>>&);
template void ger<simd::native_arch>(float, const VecRef<const float>&, const VecRef<const float>&,
                                     const MatRef<float>&);
template void ger<simd::native_arch>(double, const VecRef<const double>&, const VecRef<const double>&,
                                     const MatRef<double>&);
template void ger<simd::native_arch>(std::complex<float>, const VecRef<const std::complex<float>>&,
                                     const VecRef<const std::complex<float>>&, const MatRef<std::complex<float>>&);
template void ger<simd::native_arch>(std::complex<double>, const VecRef<const std::complex<double>>&,
                                     const VecRef<const std::complex<double>>&, const MatRef<std::complex<double>>&);

template void symv<simd::native_arch>(float, const MatRef<const float>&, const VecRef<const float>&, float,
                                      const VecRef<float>&);
template void symv<simd::native_arch>(double, const MatRef<const double>&, const VecRef<const double>&, double,
                                      const VecRef<double>&);

template void syrk<simd::native_arch>(float, const MatRef<const float>&, float, const MatRef<float>&);
template void syrk<simd::native_arch>(double, const MatRef<const double>&, double, const MatRef<double>&);

template void trsm<simd::native_arch>(Triangle, Diagonal, float, const MatRef<const float>&, const MatRef<float>&);
template void trsm<simd::native_arch>(Triangle, Diagonal, double, const MatRef<const double>&, const MatRef<double>&);
template void trsm<simd::native_arch>(Triangle, Diagonal, std::complex<float>, const MatRef<const std::complex<float>>&,
                                      const MatRef<std::complex<float>>&);
template void trsm<simd::native_arch>(Triangle, Diagonal, std::complex<double>,
                                      const MatRef<const std::complex<double>>&, const MatRef<std::complex<double>>&);
template void trmm<simd::native_arch>(Triangle, Diagonal, float, const MatRef<const float>&, const MatRef<float>&);
template void trmm<simd::native_arch>(Triangle, Diagonal, double, const MatRef<const double>&, const MatRef<double>&);
template void trmm<simd::native_arch>(Triangle, Diagonal, std::complex<float>, const MatRef<const std::complex<float>>&,
                                      const MatRef<std::complex<float>>&);
template void trmm<simd::native_arch>(Triangle, Diagonal, std::complex<double>,
                                      const MatRef<const std::complex<double>>&, const MatRef<std::complex<double>>&);

template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const float>&, const VecRef<float>&);
template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const double>&, const VecRef<double>&);
template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const std::complex<float>>&,
                                      const VecRef<std::complex<float>>&);
template void trsv<simd::native_arch>(Triangle, Diagonal, const MatRef<const std::complex<double>>&,
                                      const VecRef<std::complex<double>>&);

template void copy<simd::native_arch>(const MatRef<const float>&, const MatRef<float>&);
template void copy<simd::native_arch>(const MatRef<const double>&, const MatRef<double>&);
template void copy<simd::native_arch>(const MatRef<const std::complex<float>>&, const MatRef<std::complex<float>>&);
template void copy<simd::native_arch>(const MatRef<const std::complex<double>>&, const MatRef<std::complex<double>>&);

}  // namespace gram::kernel
