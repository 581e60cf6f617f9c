// Elements lie in rows or in columns.
// expect: row_major
#include <gram/core/matrix.hpp>

using namespace gram;

auto f() {
#ifdef GRAM_MUST_NOT_COMPILE
    return sizeof(Matrix<double, dynamic, dynamic, int>(2, 2));
#else
    return sizeof(Matrix<double, dynamic, dynamic, col_major>(2, 2));
#endif
}
