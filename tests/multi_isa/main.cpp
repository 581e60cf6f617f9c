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

void compare(const Layouts& a, const Layouts& b, const char* name) {
    if (a.size() != b.size() || a.size() < 150) {
        ++wrong;
        std::printf("the part %s has another list of types\n", name);
        return;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].size == b[i].size && a[i].alignment == b[i].alignment) continue;
        ++wrong;
        std::printf("%s: %zu bytes aligned to %zu in the baseline, %zu aligned to %zu in the part %s\n", a[i].name,
                    a[i].size, a[i].alignment, b[i].size, b[i].alignment, name);
    }
}

}  // namespace

int main() {
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (has_avx2) compare(baseline::layouts(), avx2::layouts(), "avx2");
    compare(baseline::layouts(), native::layouts(), "native");
    const Work first = baseline::run({});
    if (has_avx2) compare(first, avx2::run(first), "avx2");
    Work made_natively = native::run({});
    compare(first, made_natively, "native");
    // Memory taken by one part, resized and given back by another.
    compare(first, baseline::run(native::run(std::move(made_natively))), "native, then baseline");
    return wrong;
}
