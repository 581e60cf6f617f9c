// A span over a temporary matrix would outlive it.
// expect: deleted
#include <gram/core/convert.hpp>

using namespace gram;

Matrix<double> make();

std::size_t f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return as_span(make()).size();
#else
    const Matrix<double> named = make();
    return as_span(named).size();
#endif
}
