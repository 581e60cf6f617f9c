// Diagonals and off-diagonals that make divide and conquer deflate, split, or meet very different magnitudes.
#pragma once

#include <cmath>
#include <utility>

#include "support/matrices.hpp"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace support {

// Row i of n: the diagonal entry and the one beside it. Eight kinds.
inline std::pair<double, double> tridiagonal_entries(int kind, index_t i, index_t n, Random& random) {
    const double at = static_cast<double>(i), size = static_cast<double>(n);
    switch (kind) {
        case 0:  // nothing special
            return {random.normal(), random.normal()};
        case 1:  // a zero diagonal: eigenvalues in pairs +-x
            return {0, random.normal()};
        case 2:  // graded downwards over fifteen magnitudes
            return {std::pow(10, -15 * at / size), 0.5 * std::pow(10, -15 * at / size)};
        case 3:  // graded upwards
            return {std::pow(10, -15 * (size - 1 - at) / size), 0.5 * std::pow(10, -15 * (size - 1 - at) / size)};
        case 4:  // a cluster around 1, in double at least
            return {1, 1e-12 * random.normal()};
        case 5:  // repeated zeros and ones, and exact splits
            return {random.uniform() < 0.5, random.uniform() < 0.3 ? 0 : random.normal()};
        case 6:  // two blocks of far smaller norm, with one large entry between them
            return {1e-20 * random.normal(), i == n / 2 ? 1 : 1e-20 * random.normal()};
        default:  // magnitudes without any order
            return {random.normal() * std::pow(10, -20 * random.uniform()),
                    random.normal() * std::pow(10, -20 * random.uniform())};
    }
}

// While it lives, subnormal results and operands count as zero where the processor can do that (x86).
class FlushToZero {
public:
#if defined(__SSE2__)
    FlushToZero() : old_(_mm_getcsr()) { _mm_setcsr(old_ | 0x8040U); }
    ~FlushToZero() { _mm_setcsr(old_); }
    FlushToZero(const FlushToZero&) = delete;
    FlushToZero& operator=(const FlushToZero&) = delete;

private:
    unsigned old_;
#else
    FlushToZero() {}
#endif
};

}  // namespace support
