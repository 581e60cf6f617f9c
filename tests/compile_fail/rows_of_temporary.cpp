// Rows are views: those of a temporary matrix would outlive it.
// expect: Container<E>
#include <gram/expr/expr.hpp>

using namespace gram;

Matrix<double> make();

void f() {
#ifdef GRAM_MUST_NOT_COMPILE
    for (auto r : each_row(make())) r = 0.0;
#else
    Matrix<double> named = make();
    for (auto r : each_row(named)) r = 0.0;
#endif
}
