// Hands the same matrices from part to part; all must agree to rounding.
#include <cstdio>

#include "part.hpp"

namespace {

int wrong = 0;

void compare(const Work& a, const Work& b, const char* name) {
    const auto near = [](const auto& x, const auto& y) { return gram::allclose(x, y, 1e-9, 1e-9); };
    const bool agrees = near(a.sum, b.sum) && near(a.product, b.product) && near(a.transposed, b.transposed) &&
                        near(a.activated, b.activated) && near(a.modulus, b.modulus) && near(a.solution, b.solution) &&
                        near(a.spectrum, b.spectrum) &&
                        near(gram::Vector<double>{a.total}, gram::Vector<double>{b.total});
    if (agrees) return;
    ++wrong;
    std::printf("the part %s disagrees with the baseline\n", name);
}

}  // namespace

int main() {
    const Work first = baseline::run({});
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) compare(first, avx2::run(first), "avx2");
    Work made_natively = native::run({});
    compare(first, made_natively, "native");
    // Memory taken by one part, resized and given back by another.
    compare(first, baseline::run(native::run(std::move(made_natively))), "native, then baseline");
    return wrong;
}
