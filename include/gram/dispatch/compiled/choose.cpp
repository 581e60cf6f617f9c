// Which of the compiled tables a program uses, and the one for any x86-64, for which this file is compiled.
//
// Both in one file: what the files of several instruction sets have in common (memory for packing) the linker takes
// from the first that it meets, and this is the one that programs refer to.
#include "kernels.ipp"

static_assert(gram::simd::width<double> == 2, "this file needs its own flags");

namespace gram::dispatch {

namespace isa_avx2_fma {
extern const Table table;
}
namespace isa_avx512 {
extern const Table table;
}

namespace {

constinit const Table baseline{Isa::sse2, all<float>(), all<double>()};

const Table& table_of(Isa isa) {
    if (isa == Isa::avx512) return isa_avx512::table;
    return isa == Isa::avx2_fma ? isa_avx2_fma::table : baseline;
}

}  // namespace

Isa best() {
    // These also ask the operating system whether it keeps the wide registers.
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::sse2;
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
    return wide ? Isa::avx512 : Isa::avx2_fma;
}

Isa choose(Isa isa) {
    const Isa most = best(), chosen = isa < most ? isa : most;
    detail::current.store(&table_of(chosen), std::memory_order_release);
    return chosen;
}

namespace detail {

// Set at the first call, which may come before this file's own constructors would run.
constinit std::atomic<const Table*> current = nullptr;

const Table& first_choice() {
    const Table* none = nullptr;
    current.compare_exchange_strong(none, &table_of(best()), std::memory_order_acq_rel);
    return *current.load(std::memory_order_acquire);
}

}  // namespace detail
}  // namespace gram::dispatch
