// Constness is that of the matrix, not of its elements.
// expect: gram::Matrix holds arithmetic or complex elements
#include <gram/core/matrix.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Matrix<const double>;
#else
using Other = const Matrix<double>;
#endif

void f(Other& A);
auto g() { return sizeof(Other); }
