// A matrix holds numbers.
// expect: // a number
#include <string>

#include <gram/expr/expr.hpp>

using namespace gram;

auto f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    return eval(cast<std::string>(A));
#else
    return eval(cast<float>(A));
#endif
}
