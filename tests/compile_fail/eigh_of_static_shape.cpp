// Only square matrices have eigenvalues.
// expect: this needs a square matrix
#include <gram/linalg/eigh.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Matrix<double, 5, 6>;
#else
using Other = Matrix<double, 6, 6>;
#endif

auto f(const Other& A) { return eigh(A); }
