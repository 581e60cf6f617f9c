// The kernels for AVX2 and FMA: compiled with these flags.
#include "kernels.ipp"

static_assert(gram::simd::width<double> == 4, "this file needs its own flags");

namespace gram::dispatch::isa_avx2_fma {

extern const Table table;
constinit const Table table{Isa::avx2_fma, all<float>(), all<double>()};

}  // namespace gram::dispatch::isa_avx2_fma
