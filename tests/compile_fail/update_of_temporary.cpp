// A temporary matrix is not updated: nobody would see it.
// expect: Updatable
#include <gram/expr/expr.hpp>

using namespace gram;

Matrix<double> make();

void f(const Matrix<double>& A) {
#ifdef GRAM_MUST_NOT_COMPILE
    make() += A;
#else
    Matrix<double> named = make();
    named += A;
#endif
}
