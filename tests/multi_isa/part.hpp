// What every part of the program offers: the same work on matrices that were made elsewhere.
#pragma once

#include <complex>

#include <gram/gram.hpp>

struct Work {
    gram::Matrix<double> A, B;  // 37 x 37, made by one part
    gram::Matrix<double> sum, product, transposed, activated, modulus;
    gram::Vector<double> solution, spectrum;
    double total = 0;
};

namespace baseline {
Work run(Work work);
}
namespace avx2 {
Work run(Work work);
}
namespace native {
Work run(Work work);
}
