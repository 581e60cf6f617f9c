// A triangle is a view: that of a temporary matrix would outlive it.
// expect: Container<E>
#include <gram/linalg/forms.hpp>

using namespace gram;

Matrix<double> make();

double f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return det(lower_triangle(make()));
#else
    const Matrix<double> named = make();
    return det(lower_triangle(named));
#endif
}
