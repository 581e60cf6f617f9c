// A view of a const matrix is read-only, also for +=.
// expect: operator+=
#include <gram/expr/expr.hpp>

#ifdef GRAM_MUST_NOT_COMPILE
using Source = const gram::Matrix<double>;
#else
using Source = gram::Matrix<double>;
#endif

void f(Source& A, const gram::RowVector<double>& x) { A.row(0) += x; }
