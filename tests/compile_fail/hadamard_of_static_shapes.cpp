// Extents in the types that contradict each other are refused by the compiler.
// expect: Elementwise
#include <gram/expr/expr.hpp>

using namespace gram;

#ifdef GRAM_MUST_NOT_COMPILE
using Other = Matrix<double, 3, 2>;
#else
using Other = Matrix<double, 2, 3>;
#endif

auto f(const Matrix<double, 2, 3>& A, const Other& B) { return eval(hadamard(A, B)); }
