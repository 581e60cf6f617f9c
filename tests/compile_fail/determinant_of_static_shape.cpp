// Only square matrices have a determinant.
// expect: this needs a square matrix
#include <gram/linalg/solve.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Matrix<double, 2, 3>;
#else
using Other = Matrix<double, 3, 3>;
#endif

double f(const Other& A) { return det(A); }
