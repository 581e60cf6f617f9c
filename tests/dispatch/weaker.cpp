// Says which kernels it took; run as if on an older processor, it must not take more than that has.
#include <cstdio>

#include "gram/gram.hpp"

int main() {
    gram::Rng rng(1);
    const auto A = gram::randn<double>(rng, 60, 60);
    const gram::Matrix<double> C = A * gram::inv(A), E = gram::exp(gram::log(gram::abs(A)));
    const bool right = gram::norm(C - gram::eye<double>(60)) < 1e-9 && gram::norm(E - gram::abs(A)) < 1e-12;
    const char* const names[] = {"sse2", "avx2_fma", "avx512"};
    std::printf("%s %s\n", names[static_cast<int>(gram::dispatch::chosen())], right ? "right" : "wrong");
    return right ? 0 : 1;
}
