// A matrix holds numbers.
// expect: gram::Matrix holds arithmetic or complex elements
#include <string>

#include <gram/core/matrix.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = std::string;
#else
using Other = double;
#endif

Matrix<Other> A(2, 2);
