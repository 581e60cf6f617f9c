// The kernels for AVX-512 F, BW, CD, DQ and VL: compiled with these flags.
#include "kernels.ipp"

static_assert(gram::simd::width<double> == 8, "this file needs its own flags");

namespace gram::dispatch::isa_avx512 {

extern const Table table;
constinit const Table table{Isa::avx512, all<float>(), all<double>()};

}  // namespace gram::dispatch::isa_avx512
