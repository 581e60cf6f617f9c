// A selection of a temporary matrix would outlive it.
// expect: deleted
#include <gram/expr/expr.hpp>

using namespace gram;

Matrix<double> make();

Matrix<double> f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return make()(indices({0}), every);
#else
    const Matrix<double> named = make();
    return named(indices({0}), every);
#endif
}
