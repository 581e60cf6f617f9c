// What every part of the program offers: the same work on matrices that were made elsewhere.
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

#include <gram/gram.hpp>

/// What a part takes the size and alignment of a public type to be.
struct TypeLayout {
    const char* name;
    std::size_t size, alignment;
};
using Layouts = std::vector<TypeLayout>;

struct Work {
    gram::Matrix<double> A, B;  // 37 x 37, made by one part
    gram::Matrix<double> sum, product, transposed, activated, modulus;
    gram::Vector<double> solution, spectrum;
    double total = 0;
};

namespace baseline {
Work run(Work work);
Layouts layouts();
}
namespace avx2 {
Work run(Work work);
Layouts layouts();
}
namespace native {
Work run(Work work);
Layouts layouts();
}
